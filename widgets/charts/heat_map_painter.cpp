// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/heat_map_painter.h"

#include "widgets/charts/hatching.h"
#include "widgets/theme/colour_math.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr qreal headHeight = 20;
constexpr qreal rowHeight = 26;
constexpr qreal scaleHeight = 32;
constexpr qreal scaleBar = 14;
constexpr qreal scaleWidth = 160;
constexpr int scaleSteps = 8;
constexpr double faintest = 0.06;

QColor colourAt(double level, const Theme &theme)
{
    return mixed(theme.accent, theme.surface, faintest + (1 - faintest) * std::clamp(level, 0.0, 1.0));
}

/// Whichever of the two text colours stands out better.
QColor textOn(const QColor &ground, const Theme &theme)
{
    return contrastRatio(theme.text, ground) >= contrastRatio(theme.surface, ground) ? theme.text : theme.surface;
}

} // namespace

const HeatCell *HeatMapContent::at(int row, int column) const
{
    if (row < 0 || column < 0 || row >= rows.size() || column >= columns.size())
        return nullptr;
    const auto place = static_cast<std::size_t>(row * columns.size() + column);
    return place < cells.size() ? &cells[place] : nullptr;
}

HeatMapPainter::HeatMapPainter(const HeatMapContent &content, qreal width, const QFont &font)
    : m_content(content)
    , m_width(width)
    , m_font(font)
{}

qreal HeatMapPainter::heightFor(qsizetype rows)
{
    return headHeight + rowHeight * static_cast<qreal>(rows) + scaleHeight;
}

qreal HeatMapPainter::widthOf(const QString &text) const
{
    return std::ceil(QFontMetricsF(m_font).horizontalAdvance(text));
}

qreal HeatMapPainter::labelWidth() const
{
    qreal width = 0;
    for (const QString &row : m_content.rows)
        width = std::max(width, widthOf(row));
    return width + Theme::space3;
}

QRectF HeatMapPainter::cellBox(int row, int column) const
{
    const qreal cell = (m_width - labelWidth()) / std::max<qreal>(static_cast<qreal>(m_content.columns.size()), 1);
    return {labelWidth() + column * cell, headHeight + row * rowHeight, cell, rowHeight};
}

bool HeatMapPainter::textsFit() const
{
    const qreal room = cellBox(0, 0).width() - 4;
    return std::all_of(m_content.cells.begin(), m_content.cells.end(),
                       [&](const HeatCell &cell) { return widthOf(cell.text) <= room; });
}

void HeatMapPainter::paint(QPainter &painter, const Theme &theme) const
{
    painter.setFont(m_font);
    paintLabels(painter, theme);
    paintCells(painter, theme);
    paintScale(painter, theme);
}

void HeatMapPainter::paintLabels(QPainter &painter, const Theme &theme) const
{
    painter.setPen(theme.secondaryText);
    for (int row = 0; row < m_content.rows.size(); ++row) {
        const QRectF box = cellBox(row, 0);
        painter.drawText(QRectF(0, box.top(), labelWidth() - Theme::space2, box.height()),
                         Qt::AlignRight | Qt::AlignVCenter, m_content.rows[row]);
    }
    qreal end = 0;
    for (int column = 0; column < m_content.columns.size(); ++column) {
        const QRectF box = cellBox(0, column);
        const qreal half = widthOf(m_content.columns[column]) / 2;
        if (box.center().x() - half < end)
            continue;
        end = box.center().x() + half + Theme::space1;
        painter.drawText(QRectF(box.center().x() - half - 1, 0, 2 * half + 2, headHeight), Qt::AlignCenter,
                         m_content.columns[column]);
    }
}

void HeatMapPainter::paintCells(QPainter &painter, const Theme &theme) const
{
    const bool texts = textsFit();
    for (int row = 0; row < m_content.rows.size(); ++row) {
        for (int column = 0; column < m_content.columns.size(); ++column) {
            const HeatCell *cell = m_content.at(row, column);
            if (!cell)
                continue;
            const QRectF box = cellBox(row, column).adjusted(0, 0, -1, -1);
            if (cell->missing) {
                drawHatching(painter, QPolygonF(box), theme.border);
                continue;
            }
            const QColor ground = colourAt(cell->level, theme);
            painter.fillRect(box, ground);
            if (texts) {
                painter.setPen(textOn(ground, theme));
                painter.drawText(box, Qt::AlignCenter, cell->text);
            }
        }
    }
}

void HeatMapPainter::paintScale(QPainter &painter, const Theme &theme) const
{
    const qreal top = heightFor(m_content.rows.size()) - scaleHeight + 10;
    qreal left = labelWidth();
    painter.setPen(theme.secondaryText);
    const auto write = [&](const QString &text) {
        const qreal width = widthOf(text);
        painter.drawText(QRectF(left, top, width + 2, scaleBar), Qt::AlignLeft | Qt::AlignVCenter, text);
        left += width + Theme::space2;
    };
    write(m_content.lowest);
    for (int step = 0; step < scaleSteps; ++step) {
        constexpr qreal width = scaleWidth / scaleSteps;
        painter.fillRect(QRectF(left, top, width, scaleBar),
                         colourAt(static_cast<double>(step) / (scaleSteps - 1), theme));
        left += width;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(theme.border);
    painter.drawRect(QRectF(left - scaleWidth, top, scaleWidth, scaleBar));
    left += Theme::space2;
    painter.setPen(theme.secondaryText);
    write(m_content.highest);
}

} // namespace perunit
