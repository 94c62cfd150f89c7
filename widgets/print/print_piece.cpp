// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/print/print_piece.h"

#include "widgets/charts/figure_layout.h"
#include "widgets/charts/figure_painter.h"
#include "widgets/charts/heat_map_painter.h"
#include "widgets/charts/label_fit.h"
#include "widgets/text/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace perunit {

namespace {

constexpr qsizetype linesPerPiece = 12;
constexpr int keyFiguresPerRow = 3;
constexpr int keyFigurePixels = 22;

void paintText(QPainter &painter, QPointF at, qreal width, const QString &text, const QFont &font, const QColor &colour)
{
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(QRectF(at, QSizeF(width, 1)), Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip, text);
}

/// Appends the blocks of a report one after the other.
class PieceWriter
{
public:
    PieceWriter(qreal width, qreal pageHeight)
        : m_width(width)
        , m_pageHeight(pageHeight)
    {}

    void title(const ReportDocument &document);
    void operator()(const ReportHeading &heading);
    void operator()(const ReportParagraph &paragraph);
    void operator()(const ReportKeyFigures &figures);
    void operator()(const ReportFigure &block);
    void operator()(const ReportHeatMap &block);
    void operator()(const ReportTable &table) { appendTable(m_pieces, table, m_width, m_pageHeight); }

    QVector<PrintPiece> take() { return std::move(m_pieces); }

private:
    void text(const std::string &content, const QFont &font, const QColor &colour, qreal gap, bool keepWithNext);
    void keyFigureRow(const std::vector<ReportKeyFigure> &row, bool first);

    qreal m_width;
    qreal m_pageHeight;
    Theme m_theme = Theme::paper();
    QVector<PrintPiece> m_pieces;
};

void PieceWriter::text(const std::string &content, const QFont &font, const QColor &colour, qreal gap,
                       bool keepWithNext)
{
    QStringList lines;
    const QStringList paragraphs = toQt(content).split(QLatin1Char('\n'));
    for (const QString &paragraph : paragraphs)
        lines += wrappedAnywhere(paragraph, font, m_width);
    for (qsizetype first = 0; first < lines.size(); first += linesPerPiece) {
        const QString part = lines.mid(first, linesPerPiece).join(QLatin1Char('\n'));
        PrintPiece piece;
        const QFontMetricsF metrics(font);
        piece.height = metrics.lineSpacing() * static_cast<qreal>(std::min(linesPerPiece, lines.size() - first));
        piece.gapBefore = first == 0 ? gap : 0;
        piece.keepWithNext = keepWithNext;
        piece.paint = [=, width = m_width](QPainter &painter, QPointF at) {
            paintText(painter, at, width, part, font, colour);
        };
        m_pieces.append(piece);
    }
}

void PieceWriter::title(const ReportDocument &document)
{
    if (!document.title.empty())
        text(document.title, drawingFont(Theme::TextRole::PageTitle, true), m_theme.text, 0, true);
    if (!document.subtitle.empty())
        text(document.subtitle, drawingFont(Theme::TextRole::Body, true), m_theme.secondaryText, 2, true);
}

void PieceWriter::operator()(const ReportHeading &heading)
{
    QFont font = drawingFont(heading.minor ? Theme::TextRole::Section : Theme::TextRole::PageTitle, true);
    if (!heading.minor)
        font.setPixelSize(16);
    text(heading.text, font, m_theme.text, heading.minor ? Theme::space4 : Theme::space6, true);
}

void PieceWriter::operator()(const ReportParagraph &paragraph)
{
    text(paragraph.text, drawingFont(paragraph.secondary ? Theme::TextRole::Caption : Theme::TextRole::Body, true),
         paragraph.secondary ? m_theme.secondaryText : m_theme.text, Theme::space2, false);
}

void PieceWriter::operator()(const ReportKeyFigures &figures)
{
    std::vector<ReportKeyFigure> row;
    bool first = true;
    for (const ReportKeyFigure &figure : figures.figures) {
        row.push_back(figure);
        if (row.size() < keyFiguresPerRow)
            continue;
        keyFigureRow(row, first);
        first = false;
        row.clear();
    }
    if (!row.empty())
        keyFigureRow(row, first);
}

void PieceWriter::keyFigureRow(const std::vector<ReportKeyFigure> &row, bool first)
{
    const QFont small = drawingFont(Theme::TextRole::Caption, true);
    QFont large = drawingFont(Theme::TextRole::KeyFigure, true);
    large.setPixelSize(keyFigurePixels);
    const qreal gap = Theme::space3;
    const qreal card = (m_width - gap * (keyFiguresPerRow - 1)) / keyFiguresPerRow;
    const qreal inner = card - 2 * Theme::space3;
    struct Card {
        QString label;
        QString value;
        QString detail;
        QColor colour;
        QFont large;
    };
    QVector<Card> cards;
    qreal labelHeight = 0;
    qreal detailHeight = 0;
    for (const ReportKeyFigure &figure : row) {
        Card one{wrappedAnywhere(toQt(figure.label), small, inner).join(QLatin1Char('\n')), toQt(figure.value),
                 toQt(figure.detail), m_theme.secondaryText, large};
        if (figure.direction != 0) {
            one.detail.prepend(figure.direction < 0 ? QStringLiteral("\u25bc ") : QStringLiteral("\u25b2 "));
            one.colour = figure.direction < 0 ? m_theme.favourable : m_theme.unfavourable;
        }
        one.detail = wrappedAnywhere(one.detail, small, inner).join(QLatin1Char('\n'));
        while (one.large.pixelSize() > 10 && textSize(one.value, one.large).width() > inner)
            one.large.setPixelSize(one.large.pixelSize() - 1);
        labelHeight = std::max(labelHeight, textSize(one.label, small).height());
        detailHeight = std::max(detailHeight, textSize(one.detail, small).height());
        cards.append(one);
    }
    const qreal valueHeight = QFontMetricsF(large).height();
    PrintPiece piece;
    piece.gapBefore = first ? Theme::space4 : gap;
    piece.height = labelHeight + valueHeight + detailHeight + 2 * Theme::space2 + 2;
    piece.paint = [=, theme = m_theme, height = piece.height](QPainter &painter, QPointF at) {
        for (qsizetype i = 0; i < cards.size(); ++i) {
            const QPointF corner(at.x() + static_cast<qreal>(i) * (card + gap), at.y());
            painter.setPen(QPen(theme.border, 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(corner, QSizeF(card, height)).adjusted(0.5, 0.5, -0.5, -0.5),
                                    Theme::cornerRadius, Theme::cornerRadius);
            QPointF text = corner + QPointF(Theme::space3, Theme::space2);
            paintText(painter, text, inner, cards[i].label, small, theme.secondaryText);
            text.ry() += labelHeight;
            paintText(painter, text, inner, cards[i].value, cards[i].large, theme.text);
            text.ry() += valueHeight + 2;
            paintText(painter, text, inner, cards[i].detail, small, cards[i].colour);
        }
    };
    m_pieces.append(piece);
}

void PieceWriter::operator()(const ReportFigure &block)
{
    PrintPiece piece;
    piece.height = std::min(figureHeight(block.figure, m_width, true), m_pageHeight);
    piece.gapBefore = Theme::space4;
    piece.paint = [block, width = m_width, height = piece.height, theme = m_theme](QPainter &painter, QPointF at) {
        paintFigure(painter, QRectF(at, QSizeF(width, height)), block.figure, theme, true, block.plane);
    };
    m_pieces.append(piece);
}

void PieceWriter::operator()(const ReportHeatMap &block)
{
    text(block.title, drawingFont(Theme::TextRole::Section, true), m_theme.text, Theme::space4, true);
    const QFont font = drawingFont(Theme::TextRole::Caption, true);
    text(block.subtitle, font, m_theme.secondaryText, 2, true);
    HeatMapContent content;
    for (const std::string &row : block.rows)
        content.rows << toQt(row);
    for (const std::string &column : block.columns)
        content.columns << toQt(column);
    for (const ReportHeatMap::Cell &cell : block.cells)
        content.cells.push_back({cell.level, toQt(cell.text), {}, cell.missing});
    content.lowest = toQt(block.lowest);
    content.highest = toQt(block.highest);
    PrintPiece piece;
    piece.height = HeatMapPainter::heightFor(content.rows.size());
    piece.gapBefore = Theme::space2;
    piece.paint = [content, font, width = m_width, theme = m_theme](QPainter &painter, QPointF at) {
        painter.save();
        painter.translate(at);
        HeatMapPainter(content, width, font).paint(painter, theme);
        painter.restore();
    };
    m_pieces.append(piece);
}

} // namespace

QVector<PrintPiece> printPieces(const ReportDocument &document, qreal width, qreal pageHeight)
{
    PieceWriter writer(width, pageHeight);
    writer.title(document);
    for (const ReportBlock &block : document.blocks)
        std::visit(writer, block);
    return writer.take();
}

} // namespace perunit
