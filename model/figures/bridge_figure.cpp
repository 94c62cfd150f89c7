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

namespace {

constexpr std::size_t mostInteractions = 3;

/// What pairs of levers do together beyond what both do alone, the largest first.
std::vector<std::string> interactionNotes(const Bridge &bridge, const std::string &currency)
{
    std::vector<BridgeInteraction> pairs = bridge.interactions;
    std::erase_if(pairs, [](const BridgeInteraction &pair) { return pair.amount.isZero(); });
    std::stable_sort(pairs.begin(), pairs.end(), [](const BridgeInteraction &a, const BridgeInteraction &b) {
        return magnitude(a.amount) > magnitude(b.amount);
    });
    const auto labelOf = [&bridge](const std::string &id) {
        for (const BridgePart &part : bridge.parts) {
            if (part.leverId == id)
                return part.label;
        }
        return id;
    };
    std::vector<std::string> notes;
    for (const BridgeInteraction &pair : pairs) {
        if (notes.size() == mostInteractions) {
            const std::size_t left = pairs.size() - mostInteractions;
            notes.push_back(left == 1 ? "One more pair acts on each other."
                                      : std::to_string(left) + " more pairs act on each other.");
            break;
        }
        notes.push_back(labelOf(pair.a) + " and " + labelOf(pair.b)
                        + " together: " + signedMoneyText(pair.amount, currency)
                        + " beside what each does alone; the bars share it between them.");
    }
    return notes;
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
            series.points.back().between = {part.minimum.approximate(), part.maximum.approximate()};
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
    figure.notes = interactionNotes(bridge, currency);
    figure.emptyText = "There is nothing to explain: no lever is set.";
    return figure;
}

} // namespace perunit
