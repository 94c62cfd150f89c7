// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"
#include "model/report/comparison_report.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace perunit {

namespace {

/// Amounts in a table carry no currency: it stands once, in the header.
const std::string noCurrency;

using Value = std::optional<Int128>;

/// One metric of the comparison: how to read it from an outcome and how to write it.
struct Metric {
    std::string label;
    std::function<Value(const Outcome &)> value;
    std::function<std::string(Int128)> text;
    std::function<std::string(Int128)> difference;
    bool emphasised = false;
};

std::string amountText(Int128 femto)
{
    return moneyText(Femto::ofUnits(femto), noCurrency);
}

std::string amountDifference(Int128 femto)
{
    return signedMoneyText(Femto::ofUnits(femto), noCurrency);
}

Metric moneyMetric(std::string label, std::function<Value(const Outcome &)> value, bool emphasised = false)
{
    return {std::move(label), std::move(value), amountText, amountDifference, emphasised};
}

Metric countMetric(std::string label, std::function<Value(const Outcome &)> value)
{
    return {std::move(label), std::move(value), expectedCountText, signedExpectedCountText, false};
}

Millionths usageOf(const Outcome &outcome, UsageClass usageClass)
{
    return outcome.usage[static_cast<std::size_t>(usageClass)];
}

Millionths promptTokensOf(const Outcome &outcome)
{
    return usageOf(outcome, UsageClass::Input) + usageOf(outcome, UsageClass::CacheRead)
           + usageOf(outcome, UsageClass::CacheWrite5m) + usageOf(outcome, UsageClass::CacheWrite1h);
}

Millionths otherTokensOf(const Outcome &outcome)
{
    return tokensOf(outcome) - promptTokensOf(outcome) - usageOf(outcome, UsageClass::Output);
}

bool any(const std::vector<Outcome> &outcomes, const std::function<bool(const Outcome &)> &test)
{
    return std::any_of(outcomes.begin(), outcomes.end(), test);
}

std::vector<Metric> costMetrics(const std::vector<Outcome> &outcomes)
{
    const bool unpriced = any(outcomes, [](const Outcome &outcome) { return outcome.unpriced.tokens != 0; });
    std::vector<Metric> metrics;
    metrics.push_back(moneyMetric(
        unpriced ? "Total cost of what has a price" : "Total cost",
        [](const Outcome &outcome) { return Value(outcome.total().units()); }, true));
    for (std::size_t c = 0; c < componentCount; ++c) {
        if (any(outcomes, [c](const Outcome &outcome) { return !outcome.components.amounts[c].isZero(); }))
            metrics.push_back(moneyMetric(std::string(componentLabels[c]), [c](const Outcome &outcome) {
                return Value(outcome.components.amounts[c].units());
            }));
    }
    return metrics;
}

std::vector<std::string> unitNames(const std::vector<Outcome> &outcomes)
{
    std::vector<std::string> names;
    for (const Outcome &outcome : outcomes) {
        for (const UnitOutcome &unit : outcome.units) {
            if (std::find(names.begin(), names.end(), unit.name) == names.end())
                names.push_back(unit.name);
        }
    }
    return names;
}

void addUnitMetrics(std::vector<Metric> &metrics, const std::vector<Outcome> &outcomes)
{
    for (const std::string &name : unitNames(outcomes)) {
        metrics.push_back(moneyMetric(
            "Cost per " + name,
            [name](const Outcome &outcome) -> Value {
                const UnitOutcome *unit = unitNamed(outcome, name);
                const std::optional<Femto> cost = unit ? costOfOne(unit->cost, unit->count) : std::nullopt;
                return cost ? Value(cost->units()) : std::nullopt;
            },
            true));
        metrics.push_back(countMetric("Number of: " + name, [name](const Outcome &outcome) -> Value {
            const UnitOutcome *unit = unitNamed(outcome, name);
            return unit ? Value(unit->count) : std::nullopt;
        }));
    }
}

void addVolumeMetrics(std::vector<Metric> &metrics, const std::vector<Outcome> &outcomes)
{
    metrics.push_back(
        countMetric("Requests", [](const Outcome &outcome) { return Value(usageOf(outcome, UsageClass::Request)); }));
    metrics.push_back(
        countMetric("Prompt tokens", [](const Outcome &outcome) { return Value(promptTokensOf(outcome)); }));
    if (any(outcomes, [](const Outcome &outcome) { return usageOf(outcome, UsageClass::CacheRead) != 0; }))
        metrics.push_back(countMetric("\u2026 read from the cache", [](const Outcome &outcome) {
            return Value(usageOf(outcome, UsageClass::CacheRead));
        }));
    metrics.push_back(countMetric("Output tokens",
                                  [](const Outcome &outcome) { return Value(usageOf(outcome, UsageClass::Output)); }));
    if (any(outcomes, [](const Outcome &outcome) { return otherTokensOf(outcome) != 0; }))
        metrics.push_back(
            countMetric("Other tokens", [](const Outcome &outcome) { return Value(otherTokensOf(outcome)); }));
    metrics.push_back(countMetric("Tokens without a price", [](const Outcome &outcome) {
        return Value(static_cast<Int128>(outcome.unpriced.tokens) * 1'000'000);
    }));
}

std::vector<std::string> rowOf(const Metric &metric, const std::vector<Outcome> &outcomes)
{
    const std::string unknown(unknownText);
    std::vector<std::string> row{metric.label};
    const Value reference = metric.value(outcomes.front());
    row.push_back(reference ? metric.text(*reference) : unknown);
    for (std::size_t i = 1; i < outcomes.size(); ++i) {
        const Value value = metric.value(outcomes[i]);
        row.push_back(value ? metric.text(*value) : unknown);
        const bool both = reference && value;
        row.push_back(both ? metric.difference(*value - *reference) : unknown);
        row.push_back(both ? changeOfText(*reference, *value) : unknown);
    }
    return row;
}

struct AssumptionRow {
    std::string lever;
    std::string parameter;
    std::vector<std::string> cells;
};

bool sameLever(const Lever &a, const Lever &b)
{
    return a.id == b.id && a.kind == b.kind;
}

const Lever *leverIn(const ComparedScenario &scenario, const Lever &wanted)
{
    for (const EffectiveLever &effective : scenario.levers) {
        if (sameLever(effective.lever, wanted))
            return &effective.lever;
    }
    return nullptr;
}

/// Levers of all scenarios, each once, in pipeline order.
std::vector<const Lever *> leversOf(const std::vector<ComparedScenario> &scenarios)
{
    std::vector<const Lever *> levers;
    for (const ComparedScenario &scenario : scenarios) {
        for (const EffectiveLever &effective : scenario.levers) {
            const bool known = std::any_of(levers.begin(), levers.end(),
                                           [&](const Lever *lever) { return sameLever(*lever, effective.lever); });
            if (!known)
                levers.push_back(&effective.lever);
        }
    }
    std::stable_sort(levers.begin(), levers.end(), [](const Lever *a, const Lever *b) { return a->kind < b->kind; });
    return levers;
}

void addIfDifferent(std::vector<AssumptionRow> &rows, const Lever &lever, std::string parameter,
                    const std::vector<ComparedScenario> &scenarios,
                    const std::function<std::string(const Lever &)> &text)
{
    AssumptionRow row{std::string(leverSpec(lever.kind).label), std::move(parameter), {}};
    for (const ComparedScenario &scenario : scenarios) {
        const Lever *own = leverIn(scenario, lever);
        row.cells.push_back(own ? text(*own) : std::string(unknownText));
    }
    const bool differs = std::any_of(row.cells.begin(), row.cells.end(),
                                     [&](const std::string &cell) { return cell != row.cells.front(); });
    if (differs)
        rows.push_back(std::move(row));
}

} // namespace

ReportTable comparisonTable(const std::vector<Outcome> &outcomes)
{
    ReportTable table;
    if (outcomes.empty())
        return table;
    table.title = "Scenarios compared with " + nameOf(outcomes.front());
    table.header = {"Amounts in " + outcomes.front().currency, nameOf(outcomes.front())};
    for (std::size_t i = 1; i < outcomes.size(); ++i) {
        table.header.push_back(nameOf(outcomes[i]));
        table.header.emplace_back("\u0394");
        table.header.emplace_back("\u0394 %");
    }
    table.rightAligned.assign(table.header.size(), true);
    table.rightAligned.front() = false;
    std::vector<Metric> metrics = costMetrics(outcomes);
    addUnitMetrics(metrics, outcomes);
    addVolumeMetrics(metrics, outcomes);
    for (const Metric &metric : metrics) {
        table.rows.push_back(rowOf(metric, outcomes));
        table.emphasised.push_back(metric.emphasised);
    }
    return table;
}

ReportTable assumptionsTable(const std::vector<ComparedScenario> &scenarios)
{
    ReportTable table;
    table.title = "What the scenarios assume differently";
    table.header = {"Lever", "Assumption"};
    table.rightAligned = {false, false};
    for (const ComparedScenario &scenario : scenarios) {
        table.header.push_back(nameOf(scenario.outcome));
        table.rightAligned.push_back(true);
    }
    std::vector<AssumptionRow> rows;
    for (const Lever *lever : leversOf(scenarios)) {
        for (const ParameterSpec &spec : leverSpec(lever->kind).parameters)
            addIfDifferent(rows, *lever, std::string(spec.label), scenarios,
                           [&spec](const Lever &own) { return parameterText(spec, own); });
        addIfDifferent(rows, *lever, "Applies to", scenarios, [](const Lever &own) { return own.scope.text(); });
        addIfDifferent(rows, *lever, "From", scenarios, [](const Lever &own) {
            return own.start ? monthText(*own.start) : std::string("the beginning");
        });
        addIfDifferent(rows, *lever, "Grows over", scenarios, [](const Lever &own) {
            return own.rampMonths > 0 ? std::to_string(own.rampMonths) + (own.rampMonths == 1 ? " month" : " months")
                                      : std::string("at once");
        });
        addIfDifferent(rows, *lever, "In force", scenarios,
                       [](const Lever &own) { return std::string(own.enabled ? "yes" : "no"); });
    }
    for (AssumptionRow &row : rows) {
        std::vector<std::string> cells{row.lever, row.parameter};
        cells.insert(cells.end(), row.cells.begin(), row.cells.end());
        table.rows.push_back(std::move(cells));
    }
    return table;
}

} // namespace perunit
