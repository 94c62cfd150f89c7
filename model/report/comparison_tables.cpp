// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"
#include "model/report/comparison_report.h"
#include "model/report/footed_amounts.h"
#include "model/report/lever_text.h"
#include "model/scenario/lever_names.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <array>
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
    return reportedCount(outcome.usage, usageClass);
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

/// The total (first) and the components of an outcome in steps.
std::vector<Int128> footedOutcome(const Outcome &outcome, Int128 step)
{
    std::vector<Int128> parts;
    for (const Femto &amount : outcome.components.amounts)
        parts.push_back(amount.units());
    return footedAmounts(outcome.total().units(), parts, step);
}

/// Rows of the total and the components that any outcome has. They add up downwards, and the differences are those
/// of the amounts shown.
void addCostRows(ReportTable &table, const std::vector<Outcome> &outcomes)
{
    Int128 largest = 0;
    for (const Outcome &outcome : outcomes)
        largest = std::max(largest, magnitude(outcome.total()).units());
    const int digits = footedDigits(largest);
    std::vector<std::vector<Int128>> shown;
    for (const Outcome &outcome : outcomes)
        shown.push_back(footedOutcome(outcome, footedStep(digits)));
    const auto exactOf = [](const Outcome &outcome, std::size_t row) {
        return row == 0 ? outcome.total().units() : outcome.components.amounts[row - 1].units();
    };
    const bool unpriced = any(outcomes, [](const Outcome &outcome) { return outcome.unpriced.tokens != 0; });
    for (std::size_t row = 0; row <= componentCount; ++row) {
        if (row > 0 && !any(outcomes, [&](const Outcome &outcome) { return exactOf(outcome, row) != 0; }))
            continue;
        std::vector<std::string> cells{row > 0    ? std::string(componentLabels[row - 1])
                                       : unpriced ? "Total cost of what has a price"
                                                  : "Total cost"};
        const Int128 reference = exactOf(outcomes.front(), row);
        cells.push_back(footedText(shown.front()[row], reference, digits, false));
        for (std::size_t i = 1; i < outcomes.size(); ++i) {
            const Int128 exact = exactOf(outcomes[i], row);
            cells.push_back(footedText(shown[i][row], exact, digits, false));
            cells.push_back(footedText(shown[i][row] - shown.front()[row], exact - reference, digits, true));
            cells.push_back(changeOfText(reference, exact));
        }
        table.rows.push_back(std::move(cells));
        table.emphasised.push_back(row == 0);
    }
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

/// "Routing", or "Routing: small-talk" where others of its kind speak of other requests, as in the bridges.
std::string nameAmong(const std::vector<const Lever *> &levers, const Lever &lever)
{
    std::vector<const Scope *> ofKind;
    for (const Lever *other : levers) {
        if (other->kind == lever.kind)
            ofKind.push_back(&other->scope);
    }
    const std::string values = distinction(lever.scope, ofKind);
    return std::string(leverSpec(lever.kind).label) + (values.empty() ? "" : ": " + values);
}

/// One thing that a lever says: its text, and whether it is what a lever says by itself.
struct Statement {
    std::string parameter;
    std::function<std::string(const Lever &)> text;
    std::function<bool(const Lever &)> unremarkable;
};

std::string monthsText(int months)
{
    return std::to_string(months) + (months == 1 ? " month" : " months");
}

std::vector<Statement> statementsOf(const Lever &lever)
{
    std::vector<Statement> statements;
    const LeverSpec &spec = leverSpec(lever.kind);
    for (const ParameterSpec &parameter : spec.parameters) {
        if (isSaidByUnits(parameter))
            continue;
        const bool main = &parameter == &spec.parameters.front();
        statements.push_back({std::string(parameter.label),
                              [&parameter](const Lever &own) { return parameterText(parameter, own); },
                              [&parameter, main](const Lever &own) {
                                  return !main && isNeutral(parameter, own);
                              }});
    }
    statements.push_back({"Applies to", [](const Lever &own) { return own.scope.text(); },
                          [](const Lever &own) {
                              return own.scope.isEverything();
                          }});
    statements.push_back({"From", [](const Lever &own) { return own.start ? monthText(*own.start) : "the beginning"; },
                          [](const Lever &own) {
                              return !own.start.has_value();
                          }});
    statements.push_back({"Grows over",
                          [](const Lever &own) { return own.rampMonths > 0 ? monthsText(own.rampMonths) : "at once"; },
                          [](const Lever &own) {
                              return own.rampMonths == 0;
                          }});
    statements.push_back({"In force", [](const Lever &own) { return std::string(own.enabled ? "yes" : "no"); },
                          [](const Lever &own) {
                              return own.enabled;
                          }});
    return statements;
}

/// A statement is listed when the scenarios that have the lever say different things, or when some scenario does
/// not have the lever and what the others say is worth a line.
void addIfDifferent(std::vector<AssumptionRow> &rows, const std::string &name, const Lever &lever,
                    const Statement &statement, const std::vector<ComparedScenario> &scenarios)
{
    AssumptionRow row{name, statement.parameter, {}};
    std::optional<std::string> first;
    bool differs = false;
    bool absent = false;
    bool remarkable = false;
    for (const ComparedScenario &scenario : scenarios) {
        const Lever *own = leverIn(scenario, lever);
        row.cells.push_back(own ? statement.text(*own) : std::string(unknownText));
        if (!own) {
            absent = true;
            continue;
        }
        remarkable = remarkable || !statement.unremarkable(*own);
        differs = differs || (first && *first != row.cells.back());
        first = row.cells.back();
    }
    if (differs || (absent && remarkable))
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
    addCostRows(table, outcomes);
    std::vector<Metric> metrics;
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
        // Most of them are words; those that are wrapped could not be read at the right.
        table.rightAligned.push_back(false);
    }
    std::vector<AssumptionRow> rows;
    const std::vector<const Lever *> levers = leversOf(scenarios);
    for (const Lever *lever : levers) {
        const std::string name = nameAmong(levers, *lever);
        for (const Statement &statement : statementsOf(*lever))
            addIfDifferent(rows, name, *lever, statement, scenarios);
    }
    for (AssumptionRow &row : rows) {
        std::vector<std::string> cells{row.lever, row.parameter};
        cells.insert(cells.end(), row.cells.begin(), row.cells.end());
        table.rows.push_back(std::move(cells));
    }
    return table;
}

} // namespace perunit
