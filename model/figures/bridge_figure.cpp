// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>

namespace perunit {

namespace {

std::string titleOf(const Bridge &bridge, const std::string &currency)
{
    const std::string outcome = bridge.to + " " + (bridge.end < bridge.start ? "saves " : "adds ")
                                + shortMoneyText(magnitude(bridge.total()), currency) + " against " + bridge.from
                                + (bridge.start.isZero() ? "" : " (" + changeText(bridge.start, bridge.end) + ")");
    if (bridge.parts.empty())
        return bridge.end == bridge.start ? bridge.to + " costs as much as " + bridge.from : outcome;
    const auto largest =
        std::max_element(bridge.parts.begin(), bridge.parts.end(), [](const BridgePart &a, const BridgePart &b) {
            return magnitude(a.amount) < magnitude(b.amount);
        });
    const std::string lever = largest->label + (largest->amount < Femto() ? " saves " : " adds ")
                              + shortMoneyText(magnitude(largest->amount), currency);
    if (bridge.end == bridge.start)
        return bridge.to + " costs as much as " + bridge.from + (largest->amount.isZero() ? "" : ", though " + lever);
    return outcome + (largest->amount.isZero() ? "" : ": " + lever);
}

} // namespace

Figure bridgeWaterfall(const Bridge &bridge, const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::Waterfall;
    figure.currency = currency;
    figure.yTitle = currency;
    figure.title = titleOf(bridge, currency);
    const std::string method = bridge.method == "shapley"
                                   ? "each lever with its average effect over all orders (Shapley)"
                                   : "levers added one after the other";
    figure.subtitle = dotted({"Total cost from " + bridge.from + " to " + bridge.to, currency, method});
    FigureSeries series;
    series.name = "Cost";
    series.role = SeriesRole::Total;
    const auto add = [&](const std::string &label, Femto amount, bool change) {
        FigurePoint point = moneyPoint(static_cast<double>(figure.categories.size()), amount, currency);
        if (change && amount > Femto()) {
            point.exact = "+" + point.exact;
            point.label = "+" + point.label;
        }
        series.points.push_back(point);
        figure.categories.push_back(label);
    };
    add(bridge.from, bridge.start, false);
    for (const BridgePart &part : bridge.parts) {
        add(part.label, part.amount, true);
        if (part.minimum != part.maximum)
            series.points.back().exact += "\nBetween " + signedMoneyText(part.minimum, currency) + " and "
                                          + signedMoneyText(part.maximum, currency) + ", by the order of the levers";
    }
    add(bridge.to, bridge.end, false);
    figure.series.push_back(std::move(series));
    std::vector<std::string> parts;
    for (const BridgePart &part : bridge.parts)
        parts.push_back(part.label + " " + signedMoneyText(part.amount, currency));
    figure.summary = "From " + bridge.from + " at " + moneyText(bridge.start, currency) + " to " + bridge.to + " at "
                     + moneyText(bridge.end, currency) + (parts.empty() ? "." : ": " + joinedList(parts) + ".");
    figure.emptyText = "There is nothing to explain: no lever is set.";
    return figure;
}

} // namespace perunit
