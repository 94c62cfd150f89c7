// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_table.h"

#include "model/figures/amount_text.h"
#include "widgets/text/text.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace perunit {

namespace {

constexpr double secondsPerDay = 86'400;

using PlacesOfRow = QVector<std::optional<FigurePlace>>;

QString timeText(double seconds, bool months)
{
    const Instant at{static_cast<std::int64_t>(std::llround(seconds)) * microsPerSecond};
    return toQt(months ? monthText(monthOf(at)) : dayText(at));
}

/// True when every time is the start of a month.
bool onlyMonths(const std::map<double, PlacesOfRow> &rows)
{
    for (const auto &row : rows) {
        const Instant at{static_cast<std::int64_t>(std::llround(row.first)) * microsPerSecond};
        if (monthOf(at).start() != at)
            return false;
    }
    return !rows.empty();
}

QString rowName(const Figure &figure, double x, bool months)
{
    if (figure.timeAxis)
        return timeText(std::floor(x / secondsPerDay) * secondsPerDay, months);
    const auto index = static_cast<std::size_t>(std::max(x, 0.0));
    return index < figure.categories.size() ? toQt(figure.categories[index]) : QString();
}

} // namespace

FigureTable tableOf(const Figure &figure, const std::optional<FigurePlane> &plane)
{
    std::map<double, PlacesOfRow> rows;
    for (std::size_t s = 0; s < figure.series.size(); ++s) {
        const std::vector<FigurePoint> &points = figure.series[s].points;
        for (std::size_t p = 0; p < points.size(); ++p) {
            PlacesOfRow &places = rows[points[p].x];
            places.resize(static_cast<qsizetype>(figure.series.size()));
            places[static_cast<qsizetype>(s)] = FigurePlace{static_cast<int>(s), static_cast<int>(p)};
        }
    }
    const bool months = figure.timeAxis && onlyMonths(rows);
    FigureTable table;
    if (plane)
        table.header.append(toQt(plane->columnName));
    else
        table.header.append(!figure.timeAxis ? QString() : months ? QStringLiteral("Month") : QStringLiteral("Day"));
    for (const FigureSeries &series : figure.series)
        table.header.append(toQt(series.name));
    if (!figure.totals.empty())
        table.header.append(QStringLiteral("Total"));
    for (const auto &[x, places] : rows) {
        QStringList row{plane ? planeText(*plane, x) : rowName(figure, x, months)};
        for (const std::optional<FigurePlace> &place : places)
            row.append(place ? toQt(figure.series[static_cast<std::size_t>(place->series)]
                                        .points[static_cast<std::size_t>(place->point)]
                                        .exact)
                             : toQt(unknownText));
        const auto index = static_cast<std::size_t>(std::max(x, 0.0));
        if (!figure.totals.empty())
            row.append(index < figure.totals.size() ? toQt(figure.totals[index]) : QString());
        table.rows.append(row);
        table.places.append(places);
    }
    return table;
}

QString tabSeparated(const FigureTable &table)
{
    const auto line = [](QStringList cells) {
        for (QString &cell : cells) {
            cell.replace(QLatin1Char('\n'), QStringLiteral("; "));
            cell.replace(QLatin1Char('\t'), QLatin1Char(' '));
        }
        return cells.join(QLatin1Char('\t'));
    };
    QStringList lines{line(table.header)};
    for (const QStringList &row : table.rows)
        lines.append(line(row));
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace perunit
