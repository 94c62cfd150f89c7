// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/chart_pane.h"

#include "model/figures/amount_text.h"
#include "widgets/text/text.h"

#include <QAccessible>
#include <QChart>
#include <QKeyEvent>
#include <QLineF>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace perunit {

namespace {

/// How far the mouse may be from a point of a line.
constexpr qreal reach = 40;
/// How far it may be from the line that is moved.
constexpr qreal handleReach = 7;
constexpr int stepsOfPage = 10;

} // namespace

ChartPane::ChartPane(QWidget *parent)
    : QChartView(parent)
    , m_chart(new FigureChart(this))
{
    setChart(m_chart->chart());
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    // A graphics view takes every drop and throws it away; files dropped on a chart are for the window.
    setAcceptDrops(false);
    viewport()->setAcceptDrops(false);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumSize(160, 120);
}

ChartPane::~ChartPane()
{
    // The scene dies with the base class and takes the chart with it; until then nobody may ask for a layout.
    delete m_chart;
    m_chart = nullptr;
}

QString ChartPane::textOf(const FigureLayout::Spot &spot) const
{
    const Figure &figure = m_chart->figure();
    const FigureSeries &series = figure.series[static_cast<std::size_t>(spot.series)];
    const FigurePoint &point = series.points[static_cast<std::size_t>(spot.point)];
    QString where;
    if (const auto &plane = m_chart->plane()) {
        where = planeText(*plane, point.x);
        if (!plane->columnName.empty())
            where.prepend(toQt(plane->columnName) + QStringLiteral(": "));
    } else if (figure.timeAxis) {
        const Instant at{static_cast<std::int64_t>(std::llround(point.x)) * microsPerSecond};
        where =
            toQt(monthOf(at).start() == at && series.role != SeriesRole::Actual ? monthText(monthOf(at)) : dayText(at));
    } else if (point.x >= 0 && static_cast<std::size_t>(point.x) < figure.categories.size()) {
        where = toQt(figure.categories[static_cast<std::size_t>(point.x)]);
    }
    QString head = where;
    if (figure.series.size() > 1)
        head = toQt(series.name) + QStringLiteral(", ") + where;
    return head + QLatin1Char('\n') + toQt(point.exact);
}

QString ChartPane::currentText() const
{
    const QVector<FigureLayout::Spot> &spots = m_chart->layout().spots;
    if (!m_cursor || *m_cursor >= spots.size())
        return {};
    const QString hint = hintAt(*m_cursor);
    return hint.isEmpty() ? textOf(spots[*m_cursor]) : textOf(spots[*m_cursor]) + QLatin1Char('\n') + hint;
}

QString ChartPane::hintAt(qsizetype spot) const
{
    const FigureLayout::Spot &at = m_chart->layout().spots[spot];
    return m_hint ? m_hint({at.series, at.point}) : QString();
}

bool ChartPane::activate(qsizetype spot)
{
    if (hintAt(spot).isEmpty())
        return false;
    const FigureLayout::Spot &at = m_chart->layout().spots[spot];
    const FigurePlace place{at.series, at.point};
    QToolTip::hideText();
    emit activated(place);
    return true;
}

void ChartPane::clearCursor()
{
    m_cursor.reset();
    if (m_chart)
        m_chart->setHighlight(std::nullopt);
    viewport()->unsetCursor();
    QToolTip::hideText();
}

std::optional<qsizetype> ChartPane::spotNear(QPointF position) const
{
    const QVector<FigureLayout::Spot> &spots = m_chart->layout().spots;
    std::optional<qsizetype> best;
    qreal bestDistance = reach;
    for (qsizetype i = 0; i < spots.size(); ++i) {
        // A thin bar can be reached a little beside it.
        if (!spots[i].bar.isNull()) {
            if (spots[i].bar.adjusted(-1, -3, 1, 3).contains(position))
                return i;
            continue;
        }
        const qreal distance = QLineF(spots[i].at, position).length();
        if (distance < bestDistance) {
            bestDistance = distance;
            best = i;
        }
    }
    return best;
}

void ChartPane::moveCursor(qsizetype spot, QPoint globalPosition)
{
    m_cursor = spot;
    const FigureLayout::Spot &target = m_chart->layout().spots[spot];
    m_chart->setHighlight(target);
    QToolTip::showText(globalPosition, currentText(), viewport());
    if (hintAt(spot).isEmpty())
        viewport()->unsetCursor();
    else
        viewport()->setCursor(Qt::PointingHandCursor);
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

const FigureHandle *ChartPane::handle() const
{
    const auto &plane = m_chart->plane();
    return plane && !plane->handles.empty() ? &plane->handles.front() : nullptr;
}

bool ChartPane::isOnHandle(QPointF position) const
{
    const auto &placed = m_chart->layout().handle;
    if (!handle() || !placed)
        return false;
    if (placed->grip.adjusted(-4, -4, 4, 4).contains(position))
        return true;
    const QRectF line = QRectF(placed->line.p1(), placed->line.p2()).normalized();
    return line.adjusted(-handleReach, -handleReach, handleReach, handleReach).contains(position);
}

void ChartPane::dragTo(QPointF position)
{
    if (!handle())
        return;
    const QPointF value = m_chart->layout().valueAt(position);
    emit handleMoved(std::clamp(handle()->vertical ? value.x() : value.y(), handle()->low, handle()->high));
}

void ChartPane::setHeld(bool held)
{
    if (m_held == held)
        return;
    m_held = held;
    emit handleHeld(held);
}

void ChartPane::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF position = mapToScene(event->position().toPoint());
    if (m_held) {
        dragTo(position);
        return;
    }
    if (isOnHandle(position)) {
        clearCursor();
        viewport()->setCursor(handle()->vertical ? Qt::SplitHCursor : Qt::SplitVCursor);
        return;
    }
    const std::optional<qsizetype> spot = spotNear(position);
    if (!spot)
        clearCursor();
    else if (m_cursor != spot)
        moveCursor(*spot, event->globalPosition().toPoint());
}

void ChartPane::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && isOnHandle(mapToScene(event->position().toPoint()))) {
        setFocus(Qt::MouseFocusReason);
        setHeld(true);
        event->accept();
        return;
    }
    // Rubber bands and item selection of the base class mean nothing here.
    m_pressed = spotNear(mapToScene(event->position().toPoint()));
    if (event->button() != Qt::LeftButton || !m_pressed || hintAt(*m_pressed).isEmpty()) {
        m_pressed.reset();
        event->ignore();
    }
}

void ChartPane::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        setHeld(false);
    const std::optional<qsizetype> pressed = std::exchange(m_pressed, std::nullopt);
    if (event->button() != Qt::LeftButton || !pressed || spotNear(mapToScene(event->position().toPoint())) != pressed
        || !activate(*pressed))
        event->ignore();
}

void ChartPane::leaveEvent(QEvent *event)
{
    clearCursor();
    QChartView::leaveEvent(event);
}

void ChartPane::focusInEvent(QFocusEvent *event)
{
    QChartView::focusInEvent(event);
    // Back from what a value led to: the keyboard goes on where it was.
    const QVector<FigureLayout::Spot> &spots = m_chart->layout().spots;
    if (event->reason() != Qt::MouseFocusReason && m_keyboard >= 0 && m_keyboard < spots.size()) {
        m_cursor = m_keyboard;
        m_chart->setHighlight(spots[m_keyboard]);
    }
}

void ChartPane::focusOutEvent(QFocusEvent *event)
{
    setHeld(false);
    clearCursor();
    QChartView::focusOutEvent(event);
}

/// The arrows along the line's way move it; the others, and all with Ctrl, walk from value to value.
bool ChartPane::handleKeyPressed(const QKeyEvent *event)
{
    if (!handle() || (event->modifiers() & Qt::ControlModifier) != 0)
        return false;
    const bool vertical = handle()->vertical;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_Left: {
        const bool sideways = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
        if (sideways != vertical)
            return false;
        emit handleStepped(event->key() == Qt::Key_Up || event->key() == Qt::Key_Right ? 1 : -1);
        return true;
    }
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        emit handleStepped(event->key() == Qt::Key_PageUp ? stepsOfPage : -stepsOfPage);
        return true;
    case Qt::Key_Home:
    case Qt::Key_End:
        emit handleSentTo(event->key() == Qt::Key_Home ? handle()->low : handle()->high);
        return true;
    default:
        return false;
    }
}

void ChartPane::keyPressEvent(QKeyEvent *event)
{
    if (handleKeyPressed(event)) {
        event->accept();
        return;
    }
    const QVector<FigureLayout::Spot> &spots = m_chart->layout().spots;
    const bool chosen =
        event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (chosen && m_cursor && *m_cursor < spots.size() && activate(*m_cursor))
        return;
    const bool horizontal = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    if (event->key() == Qt::Key_Escape && m_cursor) {
        clearCursor();
        return;
    }
    if (spots.isEmpty() || !(horizontal || event->key() == Qt::Key_Home || event->key() == Qt::Key_End)) {
        event->ignore();
        return;
    }
    // Spots are in order of series, then of points; left and right walk along all of them.
    qsizetype next = 0;
    if (event->key() == Qt::Key_End)
        next = spots.size() - 1;
    else if (horizontal && m_cursor)
        next = std::clamp<qsizetype>(*m_cursor + (event->key() == Qt::Key_Right ? 1 : -1), 0, spots.size() - 1);
    else if (event->key() == Qt::Key_Left)
        next = spots.size() - 1;
    m_keyboard = next;
    const QPoint position = mapFromScene(spots[next].at);
    moveCursor(next, viewport()->mapToGlobal(position));
}

void ChartPane::paintEvent(QPaintEvent *event)
{
    QChartView::paintEvent(event);
    if (!hasFocus())
        return;
    QPainter painter(viewport());
    painter.setPen(QPen(currentTheme().accent, 1));
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

} // namespace perunit
