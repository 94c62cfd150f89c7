// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_overlay.h"

#include "widgets/charts/hatching.h"

#include <QPainter>

namespace perunit {

namespace {

constexpr qreal dotRadius = 3.5;

void drawLine(QPainter &painter, const FigureLayout::Line &line)
{
    QPen pen(line.colour, line.width, line.style);
    if (line.style == Qt::DashLine)
        pen.setDashPattern({4, 3});
    painter.setPen(pen);
    // Straight lines look sharp only when they lie on pixels.
    const bool straight = line.line.x1() == line.line.x2() || line.line.y1() == line.line.y2();
    painter.setRenderHint(QPainter::Antialiasing, !straight);
    painter.drawLine(line.line);
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void drawBar(QPainter &painter, const FigureLayout::Bar &bar)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(bar.hatched ? QPen(bar.colour, 1) : QPen(Qt::NoPen));
    painter.setBrush(bar.hatched ? QBrush(Qt::NoBrush) : QBrush(bar.colour));
    painter.drawRect(bar.box);
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (bar.hatched)
        drawHatching(painter, QPolygonF(bar.box), bar.colour);
}

void drawArea(QPainter &painter, const FigureLayout::Area &area)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(area.fill);
    painter.drawPolygon(area.outline);
    if (area.hatched)
        drawHatching(painter, area.outline, area.line);
}

void drawHandle(QPainter &painter, const FigureLayout::Handle &handle, const Theme &theme)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.accent, 2));
    painter.drawLine(handle.line);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    painter.drawRoundedRect(handle.grip, 3, 3);
    // Two lines across the grip: something to take hold of.
    painter.setPen(QPen(theme.surface, 1));
    const QPointF middle = handle.grip.center();
    for (const qreal offset : {-2.0, 2.0}) {
        const QPointF across = handle.vertical ? QPointF(offset, 0) : QPointF(0, offset);
        const QPointF along = handle.vertical ? QPointF(0, 2) : QPointF(2, 0);
        painter.drawLine(middle + across - along, middle + across + along);
    }
}

void drawLabel(QPainter &painter, const FigureLayout::Label &label)
{
    painter.save();
    painter.setFont(label.font);
    painter.setPen(label.colour);
    painter.translate(label.centre);
    painter.rotate(label.angle);
    const QRectF box(-label.size.width() / 2, -label.size.height() / 2, label.size.width(), label.size.height());
    painter.drawText(box, static_cast<int>(label.alignment | Qt::AlignVCenter) | Qt::TextDontClip, label.text);
    painter.restore();
}

void drawSwatch(QPainter &painter, const FigureLayout::Swatch &swatch)
{
    if (swatch.asLine) {
        QPen pen(swatch.colour, swatch.box.height());
        if (swatch.forecast)
            pen.setDashPattern({2, 1.5});
        painter.setPen(pen);
        const qreal y = swatch.box.center().y();
        painter.drawLine(QPointF(swatch.box.left(), y), QPointF(swatch.box.right(), y));
        return;
    }
    if (swatch.line.isValid()) {
        drawArea(painter, {QPolygonF(swatch.box), swatch.colour, swatch.line, swatch.forecast});
        painter.setPen(QPen(swatch.line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(swatch.box);
        return;
    }
    painter.setPen(swatch.forecast ? QPen(swatch.colour, 1) : QPen(Qt::NoPen));
    painter.setBrush(swatch.forecast ? QBrush(Qt::NoBrush) : QBrush(swatch.colour));
    painter.drawRect(swatch.box);
    if (swatch.forecast)
        drawHatching(painter, QPolygonF(swatch.box), swatch.colour);
}

} // namespace

FigureOverlay::FigureOverlay(Part part, QGraphicsItem *parent)
    : QGraphicsObject(parent)
    , m_part(part)
{
    setAcceptedMouseButtons(Qt::NoButton);
}

void FigureOverlay::setContent(const FigureLayout &layout, const Figure &figure, const Theme &theme, const QSizeF &size)
{
    if (size != m_size)
        prepareGeometryChange();
    m_layout = layout;
    m_theme = theme;
    m_size = size;
    m_colours.clear();
    for (const FigureSeries &series : figure.series)
        m_colours.append(colourOf(series, theme));
    update();
}

void FigureOverlay::setHighlight(const std::optional<FigureLayout::Spot> &spot)
{
    m_highlight = spot;
    update();
}

QRectF FigureOverlay::boundingRect() const
{
    return {QPointF(), m_size};
}

void FigureOverlay::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (m_part == Part::Behind) {
        for (const FigureLayout::Area &area : m_layout.areas)
            drawArea(*painter, area);
        for (const FigureLayout::Line &line : m_layout.behind)
            drawLine(*painter, line);
        for (const FigureLayout::Bar &bar : m_layout.bars)
            drawBar(*painter, bar);
        painter->restore();
        return;
    }
    for (const FigureLayout::Line &line : m_layout.inFront)
        drawLine(*painter, line);
    for (const FigureLayout::Swatch &swatch : m_layout.swatches)
        drawSwatch(*painter, swatch);
    painter->setPen(Qt::NoPen);
    for (const FigureLayout::Spot &dot : m_layout.dots) {
        painter->setBrush(m_colours.value(dot.series));
        painter->drawEllipse(dot.at, dotRadius, dotRadius);
    }
    for (const FigureLayout::Label &label : m_layout.labels)
        drawLabel(*painter, label);
    if (m_layout.handle)
        drawHandle(*painter, *m_layout.handle, m_theme);
    paintHighlight(*painter);
    painter->restore();
}

void FigureOverlay::paintHighlight(QPainter &painter) const
{
    if (!m_highlight)
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.text, 2));
    if (!m_highlight->bar.isNull()) {
        painter.drawRect(m_highlight->bar);
        return;
    }
    painter.setPen(QPen(m_theme.strongBorder, 1));
    painter.drawLine(QPointF(m_highlight->at.x(), m_layout.plot.top()),
                     QPointF(m_highlight->at.x(), m_layout.plot.bottom()));
    painter.setBrush(m_theme.surface);
    painter.setPen(QPen(m_colours.value(m_highlight->series, m_theme.text), 2));
    painter.drawEllipse(m_highlight->at, dotRadius + 1, dotRadius + 1);
}

} // namespace perunit
