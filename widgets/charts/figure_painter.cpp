// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_painter.h"

#include "widgets/charts/figure_chart.h"
#include "widgets/charts/label_fit.h"
#include "widgets/text/text.h"

#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsScene>
#include <QPainter>

#include <algorithm>

namespace perunit {

namespace {

struct TextBlock {
    QString text; ///< with line breaks
    QFont font;
    QColor colour;
    qreal height = 0;
    qreal gap = 0; ///< below it
};

TextBlock blockOf(const std::string &text, Theme::TextRole role, const QColor &colour, qreal width, qreal gap,
                  bool forPrint)
{
    TextBlock block;
    if (text.empty())
        return block;
    block.font = drawingFont(role, forPrint);
    block.text = wrappedAnywhere(toQt(text), block.font, width).join(QLatin1Char('\n'));
    block.colour = colour;
    block.height = textSize(block.text, block.font).height();
    block.gap = gap;
    return block;
}

/// Texts around a chart.
struct Frame {
    QVector<TextBlock> above;
    QVector<TextBlock> below;
    [[nodiscard]] static qreal heightOf(const QVector<TextBlock> &blocks)
    {
        qreal height = 0;
        for (const TextBlock &block : blocks)
            height += block.height + block.gap;
        return height;
    }
};

Frame frameOf(const Figure &figure, const Theme &theme, qreal width, bool forPrint)
{
    Frame frame;
    frame.above.append(blockOf(figure.title, Theme::TextRole::Section, theme.text, width, 2, forPrint));
    frame.above.append(blockOf(figure.subtitle, Theme::TextRole::Caption, theme.secondaryText, width, 10, forPrint));
    for (const std::string &note : withFewSeries(figure).notes)
        frame.below.append(blockOf(note, Theme::TextRole::Caption, theme.secondaryText, width, 2, forPrint));
    return frame;
}

qreal paintBlocks(QPainter &painter, const QVector<TextBlock> &blocks, qreal left, qreal top, qreal width)
{
    for (const TextBlock &block : blocks) {
        if (block.text.isEmpty())
            continue;
        painter.setFont(block.font);
        painter.setPen(block.colour);
        painter.drawText(QRectF(left, top, width, block.height), Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip,
                         block.text);
        top += block.height + block.gap;
    }
    return top;
}

} // namespace

void paintFigure(QPainter &painter, const QRectF &target, const Figure &figure, const Theme &theme, bool forPrint,
                 const std::optional<FigurePlane> &plane)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Frame frame = frameOf(figure, theme, target.width(), forPrint);
    const qreal top = paintBlocks(painter, frame.above, target.left(), target.top(), target.width());
    const qreal bottom = target.bottom() - Frame::heightOf(frame.below);
    paintBlocks(painter, frame.below, target.left(), bottom, target.width());
    const QRectF area(target.left(), top, target.width(), std::max<qreal>(bottom - 6 - top, 40));
    if (figure.isEmpty()) {
        const TextBlock text = blockOf(figure.emptyText.empty() ? "There is nothing to show." : figure.emptyText,
                                       Theme::TextRole::Body, theme.secondaryText, area.width(), 0, forPrint);
        paintBlocks(painter, {text}, area.left(), area.top(), area.width());
        painter.restore();
        return;
    }
    QGraphicsScene scene;
    FigureChart chart;
    scene.addItem(chart.chart());
    chart.setTheme(theme);
    chart.setForPrint(forPrint);
    chart.setFigure(figure, plane);
    chart.setSize(area.size());
    const QRectF source(QPointF(), area.size());
    scene.setSceneRect(source);
    scene.render(&painter, area, source, Qt::IgnoreAspectRatio);
    painter.restore();
}

qreal figureHeight(const Figure &figure, qreal width, bool forPrint)
{
    const Frame frame = frameOf(figure, Theme::paper(), width, forPrint);
    const qreal around = Frame::heightOf(frame.above) + Frame::heightOf(frame.below);
    if (figure.isEmpty())
        return around + 24;
    // Long names under the bars take from the picture; they get the room on top of it.
    if (figure.kind == FigureKind::Tornado) {
        constexpr qreal rowHeight = 34;
        constexpr qreal besideRows = 80;
        return around + besideRows + rowHeight * static_cast<qreal>(figure.categories.size());
    }
    const bool waterfall = figure.kind == FigureKind::Waterfall;
    return around + std::clamp<qreal>(width * (waterfall ? 0.44 : 0.38), 180, 340);
}

} // namespace perunit
