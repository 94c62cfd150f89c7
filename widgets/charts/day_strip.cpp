// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/day_strip.h"

#include "widgets/theme/colour_math.h"
#include "widgets/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace perunit {

namespace {

constexpr int headHeight = 24;
constexpr int legendHeight = 28;
constexpr int rowHeight = 40;
constexpr int boxHeight = 24;
constexpr int leastCell = 3;
constexpr int mostCell = 18;
constexpr int widestLabel = 210;
constexpr int mostRows = 12;

/// Draws the box of a day.
void paintBox(QPainter &painter, const QRect &box, const DayStripCell &cell)
{
    const Theme &theme = currentTheme();
    const double strength = 0.25 + 0.75 * static_cast<double>(std::clamp(cell.level, 0.0F, 1.0F));
    const QColor filled = mixed(theme.accent, theme.surface, strength);
    switch (cell.mark) {
    case DayMark::None:
        painter.fillRect(box, filled);
        return;
    case DayMark::Quiet:
        painter.fillRect(QRect(box.left(), box.center().y(), box.width(), 2), theme.strongBorder);
        return;
    case DayMark::Missing:
        painter.fillRect(box, mixed(theme.unfavourable, theme.surface, theme.dark ? 0.35 : 0.25));
        painter.fillRect(QRect(box.left(), box.bottom() - 2, box.width(), 3), theme.unfavourable);
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 3), theme.unfavourable);
        return;
    case DayMark::Low:
        painter.fillRect(box, mixed(theme.warning, theme.surface, theme.dark ? 0.3 : 0.2));
        painter.fillRect(QRect(box.left(), box.bottom() - 8, box.width(), 9), theme.warning);
        return;
    case DayMark::Partial:
        painter.fillRect(box, mixed(theme.accent, theme.surface, 0.2));
        painter.fillRect(QRect(box.left(), box.center().y(), box.width(), box.bottom() - box.center().y() + 1),
                         theme.accent);
        return;
    case DayMark::Provisional:
        painter.fillRect(box, theme.surface);
        painter.fillRect(box, QBrush(filled, Qt::BDiagPattern));
        painter.setPen(theme.strongBorder);
        painter.drawRect(box.adjusted(0, 0, -1, -1));
        return;
    }
}

} // namespace

DayStrip::DayStrip(const QString &name, QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setAccessibleName(name);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(false);
    viewport()->setMouseTracking(true);
    setFont(Theme::font(Theme::TextRole::Caption));
}

std::vector<std::pair<DayMark, QString>> DayStrip::legend()
{
    return {{DayMark::None, tr("complete")},   {DayMark::Quiet, tr("quiet")},
            {DayMark::Missing, tr("missing")}, {DayMark::Low, tr("low")},
            {DayMark::Partial, tr("cut off")}, {DayMark::Provisional, tr("may change")}};
}

void DayStrip::setRows(QDate first, int days, std::vector<DayStripRow> rows)
{
    const QString kept = currentKey();
    m_first = first;
    m_days = days;
    m_rows = std::move(rows);
    m_currentRow = m_rows.empty() ? -1 : 0;
    m_currentDay = -1;
    setCurrentKey(kept);
    updateGeometry();
    updateScrollBars();
    horizontalScrollBar()->setValue(horizontalScrollBar()->maximum());
    viewport()->update();
}

QString DayStrip::currentKey() const
{
    return m_currentRow < 0 ? QString() : m_rows[static_cast<std::size_t>(m_currentRow)].key;
}

void DayStrip::setCurrentKey(const QString &key)
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&key](const DayStripRow &row) { return row.key == key; });
    if (found != m_rows.end())
        m_currentRow = static_cast<int>(found - m_rows.begin());
    viewport()->update();
}

QSize DayStrip::sizeHint() const
{
    return {600, headHeight + legendHeight + rowHeight * std::clamp(static_cast<int>(m_rows.size()), 1, mostRows)
                     + (horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height() : 0)};
}

int DayStrip::labelWidth() const
{
    return std::min(widestLabel, viewport()->width() / 3);
}

int DayStrip::cellWidth() const
{
    const int room = viewport()->width() - labelWidth();
    return m_days == 0 ? mostCell : std::clamp(room / m_days, leastCell, mostCell);
}

QRect DayStrip::cellRect(int row, int day) const
{
    const int width = cellWidth();
    const int left = labelWidth() + day * width - horizontalScrollBar()->value();
    const int top = headHeight + row * rowHeight - verticalScrollBar()->value();
    return {left, top + (rowHeight - boxHeight) / 2, width - 1, boxHeight};
}

const DayStripCell *DayStrip::cellAt(int row, int day) const
{
    if (row < 0 || row >= static_cast<int>(m_rows.size()))
        return nullptr;
    const DayStripRow &shown = m_rows[static_cast<std::size_t>(row)];
    const int place = day - shown.firstDay;
    return place < 0 || place >= static_cast<int>(shown.cells.size()) ? nullptr
                                                                      : &shown.cells[static_cast<std::size_t>(place)];
}

std::pair<int, int> DayStrip::placeAt(const QPoint &position) const
{
    const bool inRows = position.y() >= headHeight && position.y() < viewport()->height() - legendHeight;
    const int row = inRows ? (position.y() - headHeight + verticalScrollBar()->value()) / rowHeight : -1;
    const int day =
        position.x() < labelWidth() ? -1 : (position.x() - labelWidth() + horizontalScrollBar()->value()) / cellWidth();
    return {row < static_cast<int>(m_rows.size()) ? row : -1, day < m_days ? day : -1};
}

void DayStrip::paintHead(QPainter &painter) const
{
    const Theme &theme = currentTheme();
    painter.setPen(theme.secondaryText);
    int free = labelWidth();
    for (int day = 0; day < m_days; ++day) {
        const QDate date = m_first.addDays(day);
        if (date.day() != 1 && day != 0)
            continue;
        const int left = cellRect(0, day).left();
        const QString text = QLocale().toString(date, date.month() == 1 || day == 0 ? QStringLiteral("MMM yyyy")
                                                                                    : QStringLiteral("MMM"));
        if (left < free)
            continue;
        painter.drawText(QRect(left, 0, 120, headHeight - 4), Qt::AlignLeft | Qt::AlignVCenter, text);
        painter.fillRect(QRect(left, headHeight - 4, 1, 4), theme.strongBorder);
        free = left + fontMetrics().horizontalAdvance(text) + Theme::space2;
    }
}

void DayStrip::paintRow(QPainter &painter, int row) const
{
    const Theme &theme = currentTheme();
    const DayStripRow &shown = m_rows[static_cast<std::size_t>(row)];
    const int top = headHeight + row * rowHeight - verticalScrollBar()->value();
    if (row == m_currentRow)
        painter.fillRect(QRect(0, top, viewport()->width(), rowHeight), theme.selection);
    painter.save();
    painter.setClipRect(QRect(labelWidth(), headHeight, viewport()->width() - labelWidth(), viewport()->height()),
                        Qt::IntersectClip);
    for (std::size_t i = 0; i < shown.cells.size(); ++i) {
        const QRect box = cellRect(row, shown.firstDay + static_cast<int>(i));
        if (box.right() < 0 || box.left() > viewport()->width())
            continue;
        paintBox(painter, box, shown.cells[i]);
    }
    if (row == m_currentRow && m_currentDay >= 0 && hasFocus()) {
        painter.setPen(QPen(theme.text, 2));
        painter.drawRect(cellRect(row, m_currentDay).adjusted(-1, -1, 1, 1));
    }
    painter.restore();
    const QRect label(Theme::space2, top, labelWidth() - 2 * Theme::space2, rowHeight);
    painter.setPen(theme.text);
    const bool two = !shown.detail.isEmpty();
    painter.drawText(two ? QRect(label.left(), top, label.width(), rowHeight / 2) : label,
                     Qt::AlignLeft | (two ? Qt::AlignBottom : Qt::AlignVCenter),
                     fontMetrics().elidedText(shown.label, Qt::ElideMiddle, label.width()));
    painter.setPen(theme.secondaryText);
    painter.drawText(QRect(label.left(), top + rowHeight / 2, label.width(), rowHeight / 2),
                     Qt::AlignLeft | Qt::AlignTop,
                     fontMetrics().elidedText(shown.detail, Qt::ElideRight, label.width()));
}

void DayStrip::paintLegend(QPainter &painter) const
{
    const Theme &theme = currentTheme();
    const int top = viewport()->height() - legendHeight;
    painter.fillRect(QRect(0, top, viewport()->width(), legendHeight), theme.surface);
    int left = Theme::space2;
    for (const auto &[mark, text] : legend()) {
        DayStripCell sample;
        sample.mark = mark;
        sample.level = 0.7F;
        paintBox(painter, QRect(left, top + (legendHeight - 16) / 2, 12, 16), sample);
        painter.setPen(theme.secondaryText);
        const int width = fontMetrics().horizontalAdvance(text);
        painter.drawText(QRect(left + 18, top, width + 4, legendHeight), Qt::AlignLeft | Qt::AlignVCenter, text);
        left += 18 + width + Theme::space4;
    }
}

void DayStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(font());
    painter.fillRect(viewport()->rect(), currentTheme().surface);
    painter.save();
    painter.setClipRect(QRect(0, headHeight, viewport()->width(), viewport()->height() - headHeight - legendHeight));
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
        paintRow(painter, row);
    painter.restore();
    paintHead(painter);
    paintLegend(painter);
}

void DayStrip::updateScrollBars()
{
    const int width = labelWidth() + m_days * cellWidth();
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    const int height = headHeight + legendHeight + static_cast<int>(m_rows.size()) * rowHeight;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
}

void DayStrip::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void DayStrip::setCurrent(int row, int day, bool emits)
{
    if (row < 0)
        return;
    const bool otherRow = row != m_currentRow;
    m_currentRow = row;
    m_currentDay = day;
    if (const DayStripCell *cell = cellAt(row, day))
        setAccessibleDescription(m_rows[static_cast<std::size_t>(row)].label + QStringLiteral(", ") + cell->toolTip);
    const QRect box = cellRect(row, std::max(0, day));
    if (day >= 0 && box.left() < labelWidth())
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (labelWidth() - box.left()));
    else if (day >= 0 && box.right() > viewport()->width())
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + box.right() - viewport()->width() + 1);
    const int bottom = viewport()->height() - legendHeight;
    if (box.bottom() > bottom)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + box.bottom() - bottom + Theme::space2);
    else if (box.top() < headHeight)
        verticalScrollBar()->setValue(verticalScrollBar()->value() - (headHeight - box.top()) - Theme::space2);
    viewport()->update();
    if (otherRow && emits)
        emit currentKeyChanged(currentKey());
}

void DayStrip::mousePressEvent(QMouseEvent *event)
{
    const auto [row, day] = placeAt(event->position().toPoint());
    if (row < 0 || event->button() != Qt::LeftButton)
        return;
    setCurrent(row, day, true);
    if (cellAt(row, day))
        emit dayActivated(currentKey(), m_first.addDays(day));
}

void DayStrip::keyPressEvent(QKeyEvent *event)
{
    if (m_rows.empty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const int lastRow = static_cast<int>(m_rows.size()) - 1;
    const int day = m_currentDay < 0 ? m_days - 1 : m_currentDay;
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrent(m_currentRow, std::max(0, day - 1), true);
        return;
    case Qt::Key_Right:
        setCurrent(m_currentRow, std::min(m_days - 1, day + 1), true);
        return;
    case Qt::Key_Up:
        setCurrent(std::max(0, m_currentRow - 1), day, true);
        return;
    case Qt::Key_Down:
        setCurrent(std::min(lastRow, m_currentRow + 1), day, true);
        return;
    case Qt::Key_Home:
        setCurrent(m_currentRow, 0, true);
        return;
    case Qt::Key_End:
        setCurrent(m_currentRow, m_days - 1, true);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (cellAt(m_currentRow, m_currentDay))
            emit dayActivated(currentKey(), m_first.addDays(m_currentDay));
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool DayStrip::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const auto [row, day] = placeAt(help->pos());
        const DayStripCell *cell = cellAt(row, day);
        const QString label = row >= 0 ? m_rows[static_cast<std::size_t>(row)].label : QString();
        QToolTip::showText(help->globalPos(), cell ? cell->toolTip : label, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void DayStrip::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

void DayStrip::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

} // namespace perunit
