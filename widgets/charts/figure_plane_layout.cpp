// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_placement.h"

#include "pricing/base/decimal.h"
#include "widgets/text/text.h"
#include "widgets/theme/colour_math.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perunit {

namespace {

constexpr double areaStrength = 0.35;
constexpr qreal gripLength = 18;
constexpr qreal gripWidth = 8;
constexpr qreal labelGap = 8;
constexpr qreal tickDistance = 12;
constexpr int mostTicks = 12;

} // namespace

QString planeText(const FigurePlane &plane, double x)
{
    if (plane.format == ValueFormat::Percent)
        return toQt(formatDecimalFixed(static_cast<Int128>(std::llround(x * 10)), 1, 1)) + QStringLiteral(" %");
    QString digits = QString::number(std::llround(x));
    for (qsizetype i = digits.size() - 3; i > (digits.startsWith(QLatin1Char('-')) ? 1 : 0); i -= 3)
        digits.insert(i, QLatin1Char(','));
    return digits;
}

AreaColours areaColours(const FigureArea &area, const Theme &theme)
{
    const QColor colour = theme.seriesColour(area.role, area.roleIndex);
    return {mixed(colour, theme.surface, area.hatched ? areaStrength / 3 : areaStrength), colour};
}

const FigureHandle *FigurePlacement::handle() const
{
    return isPlane() && !m_options.plane->handles.empty() ? &m_options.plane->handles.front() : nullptr;
}

QSizeF FigurePlacement::handleRoom() const
{
    if (!handle())
        return {0, 0};
    const QSizeF label = textSize(toQt(handle()->label), m_font);
    return handle()->vertical ? QSizeF(0, gripWidth + 2) : QSizeF(label.width() + gripWidth + 8, 0);
}

QVector<AxisTick> FigurePlacement::fittingNumberTicks() const
{
    for (int wanted = mostTicks; wanted > 1; --wanted) {
        const QVector<AxisTick> ticks = valueScaleWithin(m_out.x, wanted, m_options.plane->format).ticks;
        qreal end = -std::numeric_limits<qreal>::infinity();
        bool fits = true;
        for (const AxisTick &tick : ticks) {
            const qreal centre = m_out.position(tick.at, 0).x();
            const qreal half = textSize(tick.label, m_font).width() / 2;
            fits = fits && centre - half >= end + tickDistance;
            end = centre + half;
        }
        if (fits)
            return ticks;
    }
    return valueScaleWithin(m_out.x, 1, m_options.plane->format).ticks.mid(0, 1);
}

void FigurePlacement::placePlane()
{
    for (const FigureArea &area : m_options.plane->areas) {
        const AreaColours colours = areaColours(area, m_options.theme);
        FigureLayout::Area placed{{}, colours.fill, colours.line, area.hatched};
        for (const FigureArea::Edge &edge : area.edges)
            placed.outline.append(m_out.position(edge.x, edge.high));
        for (auto edge = area.edges.rbegin(); edge != area.edges.rend(); ++edge)
            placed.outline.append(m_out.position(edge->x, edge->low));
        if (!placed.outline.isEmpty())
            m_out.areas.append(placed);
    }
    if (handle())
        placeHandle(*handle());
}

void FigurePlacement::placeHandle(const FigureHandle &handle)
{
    const QRectF plot = m_out.plot;
    const QString text = toQt(handle.label);
    const QSizeF size = textSize(text, m_font);
    FigureLayout::Handle placed;
    placed.vertical = handle.vertical;
    if (handle.vertical) {
        const qreal x = m_out.position(handle.at, m_out.y.low).x();
        placed.line = QLineF(x, plot.top(), x, plot.bottom());
        placed.grip = QRectF(x - gripLength / 2, plot.top() - gripWidth, gripLength, gripWidth);
        // Beside the line, where there is room.
        const bool left = x + labelGap + size.width() > plot.right();
        const QRectF box(QPointF(left ? x - labelGap - size.width() : x + labelGap, plot.top() + 2), size);
        m_out.areas.append({QPolygonF(box.adjusted(-2, 0, 2, 0)), m_options.theme.surface, {}, false});
        addLabel(box.center(), text, m_options.theme.accent, m_font);
    } else {
        const qreal y = m_out.position(m_out.x.low, handle.at).y();
        placed.line = QLineF(plot.left(), y, plot.right(), y);
        placed.grip = QRectF(plot.right(), y - gripLength / 2, gripWidth, gripLength);
        addLabel({placed.grip.right() + 4 + size.width() / 2, y}, text, m_options.theme.accent, m_font, 0,
                 Qt::AlignLeft);
    }
    m_out.handle = placed;
}

} // namespace perunit
