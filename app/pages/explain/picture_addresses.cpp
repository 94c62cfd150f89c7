// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/explain/picture_addresses.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

const FigurePoint *pointAt(const Figure &figure, FigurePlace place)
{
    const auto series = static_cast<std::size_t>(place.series);
    const auto point = static_cast<std::size_t>(place.point);
    if (place.series < 0 || place.point < 0 || series >= figure.series.size()
        || point >= figure.series[series].points.size() || figure.series[series].points[point].missing)
        return nullptr;
    return &figure.series[series].points[point];
}

FigureAddress totalOf(const std::string &scenarioId)
{
    FigureAddress address;
    address.scenarioId = scenarioId;
    return address;
}

} // namespace

QString explainHint()
{
    return QCoreApplication::translate("ExplainPanel", "Click or press Return to explain it");
}

std::optional<FigureAddress> componentBarAddress(const Figure &figure, const std::vector<Outcome> &outcomes,
                                                 FigurePlace place)
{
    const FigurePoint *point = pointAt(figure, place);
    const auto series = static_cast<std::size_t>(place.series);
    if (!point || series >= outcomes.size())
        return std::nullopt;
    const auto category = static_cast<std::size_t>(point->x);
    if (category >= figure.categories.size())
        return std::nullopt;
    const auto label = std::find(componentLabels.begin(), componentLabels.end(), figure.categories[category]);
    if (label == componentLabels.end())
        return std::nullopt;
    FigureAddress address = totalOf(outcomes[series].scenarioId);
    address.cell.component = static_cast<Component>(label - componentLabels.begin());
    return address;
}

std::optional<FigureAddress> monthAddress(const Figure &figure, const std::vector<Outcome> &outcomes,
                                          const std::string &unit, FigurePlace place)
{
    const FigurePoint *point = pointAt(figure, place);
    const auto series = static_cast<std::size_t>(place.series);
    if (!point || series >= outcomes.size())
        return std::nullopt;
    FigureAddress address = totalOf(outcomes[series].scenarioId);
    address.cell.month = monthOf(Instant{static_cast<std::int64_t>(std::llround(point->x)) * microsPerSecond});
    if (!unit.empty()) {
        address.cell.unit = unit;
        address.cell.figure = CellFigure::CostPerUnit;
    }
    return address;
}

std::optional<FigureAddress> componentMonthAddress(const Figure &figure, const Outcome &outcome, FigurePlace place)
{
    const FigurePoint *point = pointAt(figure, place);
    if (!point || static_cast<std::size_t>(point->x) >= outcome.months.size())
        return std::nullopt;
    const FigureSeries &series = figure.series[static_cast<std::size_t>(place.series)];
    if (series.role != SeriesRole::Component)
        return std::nullopt;
    FigureAddress address = totalOf(outcome.scenarioId);
    address.cell.component = static_cast<Component>(series.roleIndex);
    address.cell.month = outcome.months[static_cast<std::size_t>(point->x)].month;
    return address;
}

std::optional<FigureAddress> bridgeAddress(const Bridge &bridge, const std::string &fromId, const std::string &toId,
                                           FigurePlace place)
{
    const auto at = static_cast<std::size_t>(place.point);
    if (place.series != 0 || place.point < 0 || at > bridge.parts.size() + 1)
        return std::nullopt;
    if (at == 0)
        return totalOf(fromId);
    FigureAddress address = totalOf(toId);
    if (at <= bridge.parts.size())
        address.step = FigureAddress::BridgeStep{fromId, bridge.parts[at - 1].leverId};
    return address;
}

} // namespace perunit
