// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/hatching.h"

#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <map>

namespace perunit {

namespace {

/// Between two lines, measured along an axis.
constexpr qreal distance = 6;

} // namespace

QVector<QLineF> hatchingOf(const QPolygonF &outline)
{
    // Line k holds the points with x + y = k × distance; where edges cross it, by x.
    std::map<long, QVector<qreal>> crossings;
    for (qsizetype i = 0; i < outline.size(); ++i) {
        const QPointF &from = outline[i];
        const QPointF &to = outline[(i + 1) % outline.size()];
        const qreal begin = (from.x() + from.y()) / distance;
        const qreal end = (to.x() + to.y()) / distance;
        if (begin == end || !std::isfinite(begin) || !std::isfinite(end))
            continue;
        // An end that lies on a line counts for one of its two edges only.
        const long first = std::lround(std::ceil(std::min(begin, end)));
        const long last = std::lround(std::ceil(std::max(begin, end)));
        for (long k = first; k < last; ++k)
            crossings[k].append(from.x() + (static_cast<qreal>(k) - begin) / (end - begin) * (to.x() - from.x()));
    }
    QVector<QLineF> lines;
    for (auto &[k, places] : crossings) {
        std::sort(places.begin(), places.end());
        const qreal sum = static_cast<qreal>(k) * distance;
        for (qsizetype i = 0; i + 1 < places.size(); i += 2) {
            if (places[i] < places[i + 1])
                lines.append(QLineF(places[i], sum - places[i], places[i + 1], sum - places[i + 1]));
        }
    }
    return lines;
}

void drawHatching(QPainter &painter, const QPolygonF &outline, const QColor &colour)
{
    painter.setPen(QPen(colour, 1));
    painter.drawLines(hatchingOf(outline));
}

} // namespace perunit
