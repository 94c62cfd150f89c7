// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/heat_map.h"

#include "widgets/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace perunit {

namespace {

constexpr int leastCell = 12;

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
    m_content = {rows, columns, std::move(cells), lowest, highest};
    if (!m_content.at(m_row, m_column))
        m_row = m_column = -1;
    updateGeometry();
    update();
}

HeatMapPainter HeatMap::drawing() const
{
    return {m_content, static_cast<qreal>(width()), font()};
}

QSize HeatMap::sizeHint() const
{
    return {720, static_cast<int>(HeatMapPainter::heightFor(m_content.rows.size()))};
}

QSize HeatMap::minimumSizeHint() const
{
    return {static_cast<int>(drawing().labelWidth()) + leastCell * static_cast<int>(m_content.columns.size()),
            sizeHint().height()};
}

std::pair<int, int> HeatMap::placeAt(const QPointF &position) const
{
    const HeatMapPainter map = drawing();
    for (int row = 0; row < m_content.rows.size(); ++row) {
        for (int column = 0; column < m_content.columns.size(); ++column) {
            if (map.cellBox(row, column).contains(position))
                return {row, column};
        }
    }
    return {-1, -1};
}

void HeatMap::paintEvent(QPaintEvent *)
{
    const Theme &theme = currentTheme();
    QPainter painter(this);
    const HeatMapPainter map = drawing();
    map.paint(painter, theme);
    if (hasFocus() && m_content.at(m_row, m_column)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.text, 2));
        painter.drawRect(map.cellBox(m_row, m_column).adjusted(0, 0, -1, -1));
    }
}

void HeatMap::setCurrent(int row, int column)
{
    const HeatCell *cell = m_content.at(row, column);
    if (!cell)
        return;
    m_row = row;
    m_column = column;
    setAccessibleDescription(cell->toolTip);
    QToolTip::showText(mapToGlobal(drawing().cellBox(row, column).bottomRight().toPoint()), cell->toolTip, this);
    update();
}

void HeatMap::keyPressEvent(QKeyEvent *event)
{
    const int rows = static_cast<int>(m_content.rows.size());
    const int columns = static_cast<int>(m_content.columns.size());
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
    if (event->reason() != Qt::MouseFocusReason && m_row < 0 && !m_content.cells.empty())
        setCurrent(0, 0);
}

bool HeatMap::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto [row, column] = placeAt(help->pos());
        const HeatCell *cell = m_content.at(row, column);
        QToolTip::showText(help->globalPos(), cell ? cell->toolTip : QString(), this);
        return true;
    }
    if (event->type() == QEvent::PaletteChange)
        update();
    return QWidget::event(event);
}

} // namespace perunit
