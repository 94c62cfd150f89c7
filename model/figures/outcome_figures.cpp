// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>

namespace perunit {

namespace {

std::string currencyOf(const std::vector<Outcome> &outcomes)
{
    return outcomes.empty() ? std::string() : outcomes.front().currency;
}

std::string namesOf(const std::vector<Outcome> &outcomes)
{
    std::vector<std::string> names;
    for (const Outcome &outcome : outcomes)
        names.push_back(nameOf(outcome));
    return joinedList(names);
}

std::string spanOf(const std::vector<Outcome> &outcomes)
{
    for (const Outcome &outcome : outcomes) {
        if (!outcome.months.empty())
            return spanText(outcome);
    }
    return {};
}

/// Appended to a comparison whose sides leave out different amounts of usage.
std::string unequalUnpriced(const Outcome &a, const Outcome &b)
{
    return a.unpriced.tokens == b.unpriced.tokens ? std::string() : ", not counting tokens without a price";
}

/// "$49.2k (16.1 %) less".
std::string difference(Femto from, Femto to, const std::string &currency)
{
    const Femto change = to - from;
    std::string share;
    if (!from.isZero())
        share = " (" + shareOfText(magnitude(change).units(), magnitude(from).units()) + ")";
    return shortMoneyText(magnitude(change), currency) + share + (change < Femto() ? " less" : " more");
}

std::string comparisonTitle(const std::vector<Outcome> &outcomes)
{
    const Outcome &reference = outcomes.front();
    std::string span = spanText(reference);
    if (!span.empty())
        span = " " + span;
    if (outcomes.size() == 1)
        return nameOf(reference) + " costs " + shortMoneyText(reference.total(), reference.currency) + span;
    const auto cheapest = std::min_element(outcomes.begin(), outcomes.end(),
                                           [](const Outcome &a, const Outcome &b) { return a.total() < b.total(); });
    if (outcomes.size() > 2 && cheapest->total() == reference.total())
        return "No scenario costs less than " + nameOf(reference) + " ("
               + shortMoneyText(reference.total(), reference.currency) + span + ")"
               + unequalUnpriced(reference, outcomes[1]);
    const Outcome &subject = outcomes.size() == 2 ? outcomes[1] : *cheapest;
    if (subject.total() == reference.total())
        return nameOf(subject) + " costs as much as " + nameOf(reference) + ": "
               + shortMoneyText(reference.total(), reference.currency) + span + unequalUnpriced(reference, subject);
    const std::string lead = outcomes.size() == 2 ? nameOf(subject) + " costs " : nameOf(subject) + " is cheapest: ";
    return lead + difference(reference.total(), subject.total(), reference.currency) + " than " + nameOf(reference)
           + span + unequalUnpriced(reference, subject);
}

std::string lastMonthTitle(const std::vector<Outcome> &outcomes)
{
    const Outcome &reference = outcomes.front();
    const std::string &currency = reference.currency;
    const Month last = reference.months.back().month;
    const Femto base = reference.months.back().components.total();
    if (outcomes.size() == 1) {
        const Femto first = reference.months.front().components.total();
        if (reference.months.size() == 1)
            return nameOf(reference) + " costs " + shortMoneyText(base, currency) + " in " + monthText(last);
        if (first == base)
            return nameOf(reference) + " costs " + shortMoneyText(base, currency)
                   + " in the first month and in the last";
        return nameOf(reference) + (base > first ? " rises from " : " falls from ") + shortMoneyText(first, currency)
               + " in " + monthText(reference.months.front().month) + " to " + shortMoneyText(base, currency) + " in "
               + monthText(last) + " (" + changeText(first, base) + ")";
    }
    const Outcome *best = nullptr;
    Femto bestCost;
    for (std::size_t i = 1; i < outcomes.size(); ++i) {
        if (outcomes[i].months.empty() || outcomes[i].months.back().month != last)
            continue;
        const Femto cost = outcomes[i].months.back().components.total();
        if (!best || cost < bestCost) {
            best = &outcomes[i];
            bestCost = cost;
        }
    }
    if (!best)
        return comparisonTitle(outcomes);
    if (bestCost == base)
        return "In " + monthText(last) + " " + nameOf(*best) + " costs as much as " + nameOf(reference) + ": "
               + shortMoneyText(base, currency);
    return "In " + monthText(last) + " " + nameOf(*best) + " costs " + shortMoneyText(bestCost, currency) + ", "
           + difference(base, bestCost, currency) + " than " + nameOf(reference) + unequalUnpriced(reference, *best);
}

std::string unitTitle(const std::vector<Outcome> &outcomes, const std::string &unitName)
{
    const Outcome &reference = outcomes.front();
    const UnitOutcome *base = unitNamed(reference, unitName);
    const std::optional<Femto> from = base ? costOfOne(base->cost, base->count) : std::nullopt;
    const Outcome *best = nullptr;
    std::optional<Femto> to;
    for (std::size_t i = 1; i < outcomes.size(); ++i) {
        const UnitOutcome *unit = unitNamed(outcomes[i], unitName);
        const std::optional<Femto> cost = unit ? costOfOne(unit->cost, unit->count) : std::nullopt;
        if (cost && (!to || *cost < *to)) {
            best = &outcomes[i];
            to = cost;
        }
    }
    const std::string &currency = reference.currency;
    if (!from && !to)
        return "The cost of one " + unitName + " is not known: no units were counted";
    if (!from)
        return "One " + unitName + " costs " + perUnitText(*to, currency) + " with " + nameOf(*best);
    if (!to)
        return "One " + unitName + " costs " + perUnitText(*from, currency) + " with " + nameOf(reference);
    if (*from == *to)
        return "One " + unitName + " costs " + perUnitText(*from, currency) + " with " + nameOf(*best) + ", as with "
               + nameOf(reference);
    return "One " + unitName + " costs " + perUnitText(*to, currency) + " with " + nameOf(*best) + ", "
           + perUnitText(*from, currency) + " with " + nameOf(reference) + " (" + changeText(*from, *to) + ")"
           + unequalUnpriced(reference, *best);
}

std::string totalsSummary(const std::vector<Outcome> &outcomes)
{
    std::vector<std::string> parts;
    for (const Outcome &outcome : outcomes) {
        std::string part = nameOf(outcome) + " " + moneyText(outcome.total(), outcome.currency);
        if (&outcome != &outcomes.front())
            part += " (" + changeText(outcomes.front().total(), outcome.total()) + ")";
        parts.push_back(part);
    }
    return "Total cost: " + joinedList(parts) + ".";
}

} // namespace

Figure componentBars(const std::vector<Outcome> &outcomes)
{
    Figure figure;
    figure.kind = FigureKind::GroupedBars;
    figure.emptyText = "There is no scenario to compare yet.";
    if (outcomes.empty())
        return figure;
    figure.currency = currencyOf(outcomes);
    figure.title = comparisonTitle(outcomes);
    figure.subtitle = dotted({"Cost by component", figure.currency, spanOf(outcomes), namesOf(outcomes)});
    figure.yTitle = figure.currency;
    figure.emptyText = "Nothing in this period has a cost.";
    for (std::size_t c = 0; c < componentCount; ++c) {
        const bool used = std::any_of(outcomes.begin(), outcomes.end(),
                                      [c](const Outcome &outcome) { return !outcome.components.amounts[c].isZero(); });
        if (!used)
            continue;
        const auto x = static_cast<double>(figure.categories.size());
        figure.categories.emplace_back(componentLabels[c]);
        figure.series.resize(outcomes.size());
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            figure.series[i].points.push_back(moneyPoint(x, outcomes[i].components.amounts[c], figure.currency));
    }
    for (std::size_t i = 0; i < figure.series.size(); ++i) {
        figure.series[i].name = nameOf(outcomes[i]);
        assignRole(figure.series[i], outcomes, i);
    }
    figure.notes = unpricedNotes(outcomes);
    figure.summary = totalsSummary(outcomes);
    return figure;
}

Figure unitOverMonths(const std::vector<Outcome> &outcomes, const std::string &unitName)
{
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.timeAxis = true;
    figure.format = ValueFormat::MoneyPerUnit;
    figure.emptyText = "No " + unitName + " was counted in this period, so there is no cost of one.";
    if (outcomes.empty())
        return figure;
    figure.currency = currencyOf(outcomes);
    figure.title = unitTitle(outcomes, unitName);
    figure.subtitle = dotted({"Cost per " + unitName + " by month", figure.currency, spanOf(outcomes)});
    figure.yTitle = figure.currency + " per " + unitName;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        FigureSeries series;
        series.name = nameOf(outcomes[i]);
        assignRole(series, outcomes, i);
        if (const UnitOutcome *unit = unitNamed(outcomes[i], unitName)) {
            for (const UnitMonth &month : unit->months) {
                const std::optional<Femto> cost = costOfOne(month.cost, month.count);
                series.points.push_back(cost ? averagePoint(timeOf(month.month), *cost, figure.currency)
                                             : missingPoint(timeOf(month.month), "no " + unitName + " in this month"));
            }
        }
        figure.series.push_back(std::move(series));
    }
    figure.notes = unpricedNotes(outcomes);
    figure.summary = figure.title + ".";
    return figure;
}

Figure totalOverMonths(const std::vector<Outcome> &outcomes)
{
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.timeAxis = true;
    figure.emptyText = "There are no months to show yet.";
    if (outcomes.empty() || outcomes.front().months.empty())
        return figure;
    figure.currency = currencyOf(outcomes);
    figure.title = lastMonthTitle(outcomes);
    figure.subtitle = dotted({"Total cost by month", figure.currency, spanOf(outcomes)});
    figure.yTitle = figure.currency + " a month";
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        FigureSeries series;
        series.name = nameOf(outcomes[i]);
        assignRole(series, outcomes, i);
        for (const MonthOutcome &month : outcomes[i].months)
            series.points.push_back(moneyPoint(timeOf(month.month), month.components.total(), figure.currency));
        figure.series.push_back(std::move(series));
    }
    figure.notes = unpricedNotes(outcomes);
    figure.summary = figure.title + ". " + totalsSummary(outcomes);
    return figure;
}

Figure componentsOverMonths(const Outcome &outcome)
{
    Figure figure;
    figure.kind = FigureKind::StackedBars;
    figure.currency = outcome.currency;
    figure.emptyText = "Nothing in this period has a cost.";
    figure.subtitle = dotted({"Cost by component and month", outcome.currency, spanText(outcome), nameOf(outcome)});
    figure.yTitle = outcome.currency + " a month";
    std::size_t largest = 0;
    for (std::size_t c = 0; c < componentCount; ++c) {
        if (outcome.components.amounts[c] > outcome.components.amounts[largest])
            largest = c;
        const bool used = std::any_of(outcome.months.begin(), outcome.months.end(),
                                      [c](const MonthOutcome &month) { return !month.components.amounts[c].isZero(); });
        if (!used)
            continue;
        FigureSeries series;
        series.name = componentLabels[c];
        series.role = SeriesRole::Component;
        series.roleIndex = static_cast<int>(c);
        for (std::size_t m = 0; m < outcome.months.size(); ++m)
            series.points.push_back(
                moneyPoint(static_cast<double>(m), outcome.months[m].components.amounts[c], outcome.currency));
        figure.series.push_back(std::move(series));
    }
    for (const MonthOutcome &month : outcome.months) {
        figure.categories.push_back(monthText(month.month));
        figure.totals.push_back(shortMoneyText(month.components.total(), outcome.currency));
    }
    const Femto total = outcome.total();
    if (total.isZero())
        figure.title = nameOf(outcome) + " costs nothing in this period";
    else
        figure.title = std::string(componentLabels[largest]) + " is "
                       + shareText(outcome.components.amounts[largest], total) + " of the "
                       + shortMoneyText(total, outcome.currency) + " that " + nameOf(outcome) + " costs";
    figure.notes = unpricedNotes({outcome});
    figure.summary = figure.title + ".";
    return figure;
}

namespace {

/// One value of a dimension, or the rest of them.
struct BreakdownBar {
    std::string name;
    Femto cost;
    std::int64_t unpricedTokens = 0;
    [[nodiscard]] bool isUnknown() const { return cost.isZero() && unpricedTokens > 0; }
};

/// The largest values of a dimension, then those of which nothing has a price, the rest as "other".
std::vector<BreakdownBar> barsOf(const Outcome &outcome, const std::string &dimension, std::size_t most)
{
    std::vector<BreakdownBar> bars;
    for (const GroupOutcome &group : outcome.groups) {
        if (group.by == dimension)
            bars.push_back({group.key.empty() ? "(no " + dimension + ")" : group.key, group.components.total(),
                            group.unpricedTokens});
    }
    std::stable_sort(bars.begin(), bars.end(), [](const BreakdownBar &a, const BreakdownBar &b) {
        return a.cost != b.cost ? a.cost > b.cost : a.unpricedTokens > b.unpricedTokens;
    });
    if (bars.size() <= most)
        return bars;
    BreakdownBar rest{"other (" + std::to_string(bars.size() - most) + ")", {}};
    for (std::size_t i = most; i < bars.size(); ++i) {
        rest.cost += bars[i].cost;
        rest.unpricedTokens += bars[i].unpricedTokens;
    }
    bars.resize(most);
    bars.push_back(rest);
    return bars;
}

/// The bar of a value; what is not known is a gap with the reason, what is known in part says so.
FigurePoint breakdownPoint(const BreakdownBar &bar, double x, Femto total, const std::string &currency)
{
    const std::string left = countText(bar.unpricedTokens) + " tokens have no price";
    if (bar.isUnknown())
        return missingPoint(x, left + ": the cost is not known");
    FigurePoint point = moneyPoint(x, bar.cost, currency);
    point.exact += " \u00b7 " + shareText(bar.cost, total);
    if (bar.unpricedTokens > 0)
        point.exact += "\n" + left + " and are not in it";
    return point;
}

} // namespace

Figure breakdownBars(const Outcome &outcome, const std::string &dimension, std::size_t most)
{
    Figure figure;
    figure.kind = FigureKind::GroupedBars;
    figure.currency = outcome.currency;
    figure.subtitle = dotted({"Cost by " + dimension, outcome.currency, spanText(outcome), nameOf(outcome)});
    figure.yTitle = outcome.currency;
    figure.emptyText = "No request carries a " + dimension + " in this period.";
    const std::vector<BreakdownBar> bars = barsOf(outcome, dimension, std::max<std::size_t>(most, 1));
    if (bars.empty())
        return figure;
    Femto total;
    for (const BreakdownBar &bar : bars)
        total += bar.cost;
    FigureSeries series;
    series.name = "Cost";
    series.role = SeriesRole::Actual;
    bool marked = false;
    for (const BreakdownBar &bar : bars) {
        series.points.push_back(
            breakdownPoint(bar, static_cast<double>(figure.categories.size()), total, outcome.currency));
        const bool inPart = bar.unpricedTokens > 0 && !bar.isUnknown();
        figure.categories.push_back(bar.name + (bar.isUnknown() ? " (no price)" : inPart ? " *" : ""));
        marked = marked || inPart;
    }
    figure.series.push_back(std::move(series));
    const BreakdownBar &leader = bars.front();
    if (leader.isUnknown()) {
        figure.title = "Nothing here has a price";
        figure.emptyText = "No cost is known: nothing here has a price.";
    } else {
        figure.title = leader.name + " costs " + shortMoneyText(leader.cost, outcome.currency) + ", "
                       + shareText(leader.cost, total) + " of " + shortMoneyText(total, outcome.currency);
    }
    figure.notes = unpricedNotes({outcome});
    if (marked)
        figure.notes.emplace_back("* Some of its tokens have no price and are not in its cost.");
    figure.summary = figure.title + ".";
    return figure;
}

} // namespace perunit
