// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/heat_map.h"

#include "widgets/theme/colour_math.h"
#include "widgets/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace perunit {

namespace {

constexpr int headHeight = 20;
constexpr int rowHeight = 26;
constexpr int scaleHeight = 32;
constexpr int scaleWidth = 160;
constexpr int scaleSteps = 8;
constexpr int leastCell = 12;
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

HeatMap::HeatMap(const QString &name, QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setFont(Theme::font(Theme::TextRole::Caption));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void HeatMap::setCells(const QStringList &rows, const QStringList &columns, std::vector<HeatCell> cells,
                       const QString &lowest, const QString &highest)
{
    m_rows = rows;
    m_columns = columns;
    m_cells = std::move(cells);
    m_lowest = lowest;
    m_highest = highest;
    if (!cellAt(m_row, m_column))
        m_row = m_column = -1;
    updateGeometry();
    update();
}

QSize HeatMap::sizeHint() const
{
    return {720, headHeight + rowHeight * static_cast<int>(m_rows.size()) + scaleHeight};
}

QSize HeatMap::minimumSizeHint() const
{
    return {labelWidth() + leastCell * static_cast<int>(m_columns.size()), sizeHint().height()};
}

int HeatMap::labelWidth() const
{
    int width = 0;
    for (const QString &row : m_rows)
        width = std::max(width, fontMetrics().horizontalAdvance(row));
    return width + Theme::space3;
}

QRectF HeatMap::cellBox(int row, int column) const
{
    const qreal cell = (width() - labelWidth()) / std::max<qreal>(static_cast<qreal>(m_columns.size()), 1);
    return {labelWidth() + column * cell, static_cast<qreal>(headHeight + row * rowHeight), cell, rowHeight};
}

const HeatCell *HeatMap::cellAt(int row, int column) const
{
    if (row < 0 || column < 0 || row >= m_rows.size() || column >= m_columns.size())
        return nullptr;
    const auto place = static_cast<std::size_t>(row * m_columns.size() + column);
    return place < m_cells.size() ? &m_cells[place] : nullptr;
}

std::pair<int, int> HeatMap::placeAt(const QPointF &position) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        for (int column = 0; column < m_columns.size(); ++column) {
            if (cellBox(row, column).contains(position))
                return {row, column};
        }
    }
    return {-1, -1};
}

bool HeatMap::textsFit() const
{
    const qreal room = cellBox(0, 0).width() - 4;
    return std::all_of(m_cells.begin(), m_cells.end(),
                       [&](const HeatCell &cell) { return fontMetrics().horizontalAdvance(cell.text) <= room; });
}

void HeatMap::paintLabels(QPainter &painter) const
{
    const Theme &theme = currentTheme();
    painter.setPen(theme.secondaryText);
    for (int row = 0; row < m_rows.size(); ++row) {
        const QRectF box = cellBox(row, 0);
        painter.drawText(QRectF(0, box.top(), labelWidth() - Theme::space2, box.height()),
                         Qt::AlignRight | Qt::AlignVCenter, m_rows[row]);
    }
    qreal end = 0;
    for (int column = 0; column < m_columns.size(); ++column) {
        const QRectF box = cellBox(0, column);
        const qreal half = fontMetrics().horizontalAdvance(m_columns[column]) / 2.0;
        if (box.center().x() - half < end)
            continue;
        end = box.center().x() + half + Theme::space1;
        painter.drawText(QRectF(box.center().x() - half - 1, 0, 2 * half + 2, headHeight), Qt::AlignCenter,
                         m_columns[column]);
    }
}

void HeatMap::paintScale(QPainter &painter) const
{
    const Theme &theme = currentTheme();
    const qreal top = height() - scaleHeight + 10;
    qreal left = labelWidth();
    painter.setPen(theme.secondaryText);
    const auto write = [&](const QString &text) {
        const int width = fontMetrics().horizontalAdvance(text);
        painter.drawText(QRectF(left, top, width + 2, 14), Qt::AlignLeft | Qt::AlignVCenter, text);
        left += width + Theme::space2;
    };
    write(m_lowest);
    for (int step = 0; step < scaleSteps; ++step) {
        const qreal width = static_cast<qreal>(scaleWidth) / scaleSteps;
        painter.fillRect(QRectF(left, top, width, 14), colourAt(static_cast<double>(step) / (scaleSteps - 1), theme));
        left += width;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(theme.border);
    painter.drawRect(QRectF(left - scaleWidth, top, scaleWidth, 14));
    left += Theme::space2;
    painter.setPen(theme.secondaryText);
    write(m_highest);
}

void HeatMap::paintEvent(QPaintEvent *)
{
    const Theme &theme = currentTheme();
    QPainter painter(this);
    painter.setFont(font());
    paintLabels(painter);
    const bool texts = textsFit();
    for (int row = 0; row < m_rows.size(); ++row) {
        for (int column = 0; column < m_columns.size(); ++column) {
            const HeatCell *cell = cellAt(row, column);
            if (!cell)
                continue;
            const QRectF box = cellBox(row, column).adjusted(0, 0, -1, -1);
            if (cell->missing) {
                painter.fillRect(box, QBrush(theme.border, Qt::BDiagPattern));
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
    paintScale(painter);
    if (hasFocus() && cellAt(m_row, m_column)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.text, 2));
        painter.drawRect(cellBox(m_row, m_column).adjusted(0, 0, -1, -1));
    }
}

void HeatMap::setCurrent(int row, int column)
{
    const HeatCell *cell = cellAt(row, column);
    if (!cell)
        return;
    m_row = row;
    m_column = column;
    setAccessibleDescription(cell->toolTip);
    QToolTip::showText(mapToGlobal(cellBox(row, column).bottomRight().toPoint()), cell->toolTip, this);
    update();
}

void HeatMap::keyPressEvent(QKeyEvent *event)
{
    const int rows = static_cast<int>(m_rows.size());
    const int columns = static_cast<int>(m_columns.size());
    if (rows == 0 || columns == 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    const int row = std::max(m_row, 0);
    const int column = std::max(m_column, 0);
    switch (event->key()) {
    case Qt::Key_Left:
        return setCurrent(row, std::max(column - 1, 0));
    case Qt::Key_Right:
        return setCurrent(row, std::min(column + 1, columns - 1));
    case Qt::Key_Up:
        return setCurrent(std::max(row - 1, 0), column);
    case Qt::Key_Down:
        return setCurrent(std::min(row + 1, rows - 1), column);
    case Qt::Key_Home:
        return setCurrent(row, 0);
    case Qt::Key_End:
        return setCurrent(row, columns - 1);
    default:
        QWidget::keyPressEvent(event);
    }
}

void HeatMap::mousePressEvent(QMouseEvent *event)
{
    const auto [row, column] = placeAt(event->position());
    if (event->button() == Qt::LeftButton && row >= 0)
        setCurrent(row, column);
    else
        QWidget::mousePressEvent(event);
}

void HeatMap::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (event->reason() != Qt::MouseFocusReason && m_row < 0 && !m_cells.empty())
        setCurrent(0, 0);
}

bool HeatMap::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto [row, column] = placeAt(help->pos());
        const HeatCell *cell = cellAt(row, column);
        QToolTip::showText(help->globalPos(), cell ? cell->toolTip : QString(), this);
        return true;
    }
    if (event->type() == QEvent::PaletteChange)
        update();
    return QWidget::event(event);
}

} // namespace perunit
