// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_layout.h"
#include "widgets/charts/label_fit.h"
#include "widgets/print/print_piece.h"
#include "widgets/text/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr qreal cellPadding = 6;
constexpr qreal rowPadding = 4;
constexpr int smallestFont = 8;
constexpr int comfortableFont = 11;
constexpr qreal fewWords = 120;
constexpr qreal longestWordWidth = 160;
/// What the columns of long texts share out among each other.
constexpr qreal widestTextColumn = 900;
/// A table lower than this part of a page is not cut.
constexpr qreal smallTables = 4;

/// A cell as lines that fit its column.
using CellLines = QVector<QStringList>;

struct TableStyle {
    QFont font;
    QFont strong;
    QVector<qreal> widths;
    QVector<bool> right;
    Theme theme = Theme::paper();
    qreal total = 0;
    [[nodiscard]] qreal lineHeight() const { return QFontMetricsF(strong).lineSpacing(); }
};

bool isRight(const ReportTable &table, qsizetype column)
{
    const auto index = static_cast<std::size_t>(column);
    return index < table.rightAligned.size() && table.rightAligned[index];
}

qreal longestWord(const QString &text, const QFont &font)
{
    qreal width = 0;
    const QStringList words = text.split(QLatin1Char(' '));
    for (const QString &word : words)
        width = std::max(width, textSize(word, font).width());
    return width;
}

struct ColumnNeed {
    qreal least = 0;  ///< no word is broken
    qreal wanted = 0; ///< nothing is wrapped
};

/// `comfortable`: texts get room for a few words before numbers are spread out.
QVector<ColumnNeed> needsOf(const ReportTable &table, const QFont &font, bool comfortable)
{
    QVector<ColumnNeed> needs(static_cast<qsizetype>(table.header.size()));
    for (qsizetype column = 0; column < needs.size(); ++column) {
        ColumnNeed &need = needs[column];
        const QString head = toQt(table.header[static_cast<std::size_t>(column)]);
        need.least = longestWord(head, font);
        need.wanted = std::min(textSize(head, font).width(), need.least * 2);
        for (const std::vector<std::string> &row : table.rows) {
            if (static_cast<std::size_t>(column) >= row.size())
                continue;
            const QString text = toQt(row[static_cast<std::size_t>(column)]);
            const qreal whole = textSize(text, font).width();
            // Numbers are never wrapped; long texts may be.
            const bool number = isRight(table, column) && text.size() <= 22;
            const qreal word = std::min(longestWord(text, font), longestWordWidth);
            need.least = std::max(need.least, number        ? whole
                                              : comfortable ? std::max(word, std::min(whole, fewWords))
                                                            : word);
            need.wanted = std::max(need.wanted, std::min(whole, widestTextColumn));
        }
        need.least += 2 * cellPadding;
        need.wanted = std::max(need.wanted + 2 * cellPadding, need.least);
    }
    return needs;
}

/// Widths that fill the column of the page; empty when even broken into words the table is too wide.
QVector<qreal> fittedWidths(const ReportTable &table, const QFont &font, qreal width, bool comfortable)
{
    const QVector<ColumnNeed> needs = needsOf(table, font, comfortable);
    qreal least = 0;
    qreal wanted = 0;
    for (const ColumnNeed &need : needs) {
        least += need.least;
        wanted += need.wanted;
    }
    if (least > width)
        return {};
    QVector<qreal> widths;
    const qreal share = wanted > least ? std::min(1.0, (width - least) / (wanted - least)) : 1.0;
    qreal used = 0;
    for (const ColumnNeed &need : needs) {
        widths.append(need.least + share * (need.wanted - need.least));
        used += widths.last();
    }
    // What is left over goes to the columns in equal parts, so that numbers do not crowd at the right.
    for (qreal &one : widths)
        one += std::max(0.0, width - used) / static_cast<qreal>(widths.size());
    return widths;
}

TableStyle styleOf(const ReportTable &table, qreal width)
{
    TableStyle style;
    style.total = width;
    style.font = drawingFont(Theme::TextRole::Caption, true);
    for (;;) {
        style.strong = style.font;
        style.strong.setWeight(QFont::Bold);
        style.widths = fittedWidths(table, style.strong, width, true);
        if (style.widths.isEmpty() && style.font.pixelSize() < comfortableFont)
            style.widths = fittedWidths(table, style.strong, width, false);
        if (!style.widths.isEmpty() || style.font.pixelSize() <= smallestFont)
            break;
        style.font.setPixelSize(style.font.pixelSize() - 1);
    }
    if (style.widths.isEmpty())
        style.widths.fill(width / std::max<qreal>(1, static_cast<qreal>(table.header.size())),
                          static_cast<qsizetype>(table.header.size()));
    for (qsizetype column = 0; column < style.widths.size(); ++column)
        style.right.append(isRight(table, column));
    return style;
}

CellLines linesOf(const std::vector<std::string> &cells, const TableStyle &style, const QFont &font)
{
    CellLines lines;
    for (qsizetype column = 0; column < style.widths.size(); ++column) {
        const auto index = static_cast<std::size_t>(column);
        const QString text = index < cells.size() ? toQt(cells[index]) : QString();
        QStringList cell;
        const QStringList paragraphs = text.split(QLatin1Char('\n'));
        for (const QString &paragraph : paragraphs)
            cell += wrappedAnywhere(paragraph, font, style.widths[column] - 2 * cellPadding);
        lines.append(cell);
    }
    return lines;
}

qsizetype lineCount(const CellLines &lines)
{
    qsizetype count = 1;
    for (const QStringList &cell : lines)
        count = std::max(count, cell.size());
    return count;
}

void paintCells(QPainter &painter, QPointF at, const CellLines &lines, const TableStyle &style, const QFont &font,
                const QColor &colour, qreal height, Qt::Alignment vertical)
{
    painter.setFont(font);
    painter.setPen(colour);
    qreal x = at.x();
    for (qsizetype column = 0; column < style.widths.size(); ++column) {
        const QRectF box(x + cellPadding, at.y() + rowPadding, style.widths[column] - 2 * cellPadding,
                         height - 2 * rowPadding);
        const Qt::Alignment side = style.right[column] ? Qt::AlignRight : Qt::AlignLeft;
        painter.drawText(box, static_cast<int>(side | vertical) | Qt::TextDontClip,
                         lines[column].join(QLatin1Char('\n')));
        x += style.widths[column];
    }
}

PrintPiece headerPiece(const ReportTable &table, const TableStyle &style)
{
    const CellLines lines = linesOf(table.header, style, style.strong);
    PrintPiece piece;
    piece.height = static_cast<qreal>(lineCount(lines)) * style.lineHeight() + 2 * rowPadding + 1;
    piece.keepWithNext = true;
    piece.paint = [lines, style, height = piece.height](QPainter &painter, QPointF at) {
        paintCells(painter, at, lines, style, style.strong, style.theme.secondaryText, height - 1, Qt::AlignBottom);
        painter.setPen(QPen(style.theme.strongBorder, 1));
        painter.drawLine(QPointF(at.x(), at.y() + height - 0.5), QPointF(at.x() + style.total, at.y() + height - 0.5));
    };
    return piece;
}

PrintPiece rowPiece(const CellLines &lines, const TableStyle &style, bool emphasised, bool zebra)
{
    PrintPiece piece;
    piece.height = static_cast<qreal>(lineCount(lines)) * style.lineHeight() + 2 * rowPadding;
    piece.paint = [lines, style, emphasised, zebra, height = piece.height](QPainter &painter, QPointF at) {
        if (zebra)
            painter.fillRect(QRectF(at, QSizeF(style.total, height)), Theme::light().window);
        paintCells(painter, at, lines, style, emphasised ? style.strong : style.font, style.theme.text, height,
                   Qt::AlignTop);
    };
    return piece;
}

PrintPiece titlePiece(const ReportTable &table, qreal width)
{
    const QFont font = drawingFont(Theme::TextRole::Section, true);
    const QString text = wrappedAnywhere(toQt(table.title), font, width).join(QLatin1Char('\n'));
    PrintPiece piece;
    piece.height = textSize(text, font).height() + 4;
    piece.gapBefore = Theme::space4;
    piece.keepWithNext = true;
    piece.paint = [text, font, width](QPainter &painter, QPointF at) {
        painter.setFont(font);
        painter.setPen(Theme::paper().text);
        painter.drawText(QRectF(at, QSizeF(width, 1)), Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip, text);
    };
    return piece;
}

} // namespace

namespace {

/// Small tables stay whole, and no table leaves one of its rows alone on a page.
void keepRowsTogether(QVector<PrintPiece> &pieces, qsizetype firstRow, qreal pageHeight)
{
    qreal height = 0;
    for (qsizetype i = firstRow; i < pieces.size(); ++i)
        height += pieces[i].height;
    const bool small = height < pageHeight / smallTables;
    for (qsizetype i = firstRow; i + 1 < pieces.size(); ++i)
        pieces[i].keepWithNext = small || i == firstRow || i + 2 == pieces.size();
}

} // namespace

void appendTable(QVector<PrintPiece> &pieces, const ReportTable &table, qreal width, qreal pageHeight)
{
    if (table.header.empty())
        return;
    const TableStyle style = styleOf(table, width);
    if (!table.title.empty())
        pieces.append(titlePiece(table, width));
    const auto header = static_cast<int>(pieces.size());
    pieces.append(headerPiece(table, style));
    if (table.title.empty())
        pieces.last().gapBefore = Theme::space4;
    // A row that is higher than half a page is cut between lines.
    const auto mostLines = std::max<qsizetype>(3, static_cast<qsizetype>(pageHeight / 2 / style.lineHeight()));
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const bool emphasised = row < table.emphasised.size() && table.emphasised[row];
        const CellLines lines = linesOf(table.rows[row], style, emphasised ? style.strong : style.font);
        for (qsizetype first = 0; first < lineCount(lines); first += mostLines) {
            CellLines part;
            for (const QStringList &cell : lines)
                part.append(cell.mid(first, mostLines));
            PrintPiece piece = rowPiece(part, style, emphasised, row % 2 == 1);
            piece.repeatedHeader = header;
            pieces.append(piece);
        }
    }
    keepRowsTogether(pieces, header + 1, pageHeight);
}

} // namespace perunit
