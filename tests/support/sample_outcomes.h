// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure_builder.h"
#include "model/report/analysis_figures.h"
#include "model/report/comparison_report.h"
#include "pricing/base/decimal.h"

#include <string>
#include <vector>

/// Outcomes, bridges and actuals made by hand, for tests of what is shown.
namespace samples {

/// An amount from decimal text: exact.
inline perunit::Femto usd(const char *text)
{
    return perunit::Femto::ofUnits(perunit::parseDecimal(text, perunit::Femto::scale)->units);
}

inline constexpr perunit::Millionths one = 1'000'000;

/// Three months from Jun 2026 with `input` and `output` of cost each, 1,000 requests and 100 conversations a month.
inline perunit::Outcome outcome(const std::string &id, const std::string &name, const char *input, const char *output)
{
    using namespace perunit;
    Outcome result;
    result.scenarioId = id;
    result.name = name;
    result.currency = "USD";
    UnitOutcome unit;
    unit.name = "conversation";
    for (int i = 0; i < 3; ++i) {
        MonthOutcome month;
        month.month = Month::of(2026, 6).plus(i);
        month.components[Component::Input] = usd(input);
        month.components[Component::Output] = usd(output);
        month.usage[static_cast<std::size_t>(UsageClass::Input)] = 2'000'000 * one;
        month.usage[static_cast<std::size_t>(UsageClass::Output)] = 300'000 * one;
        month.usage[static_cast<std::size_t>(UsageClass::Request)] = 1'000 * one;
        result.components += month.components;
        for (std::size_t c = 0; c < usageClassCount; ++c)
            result.usage[c] += month.usage[c];
        unit.months.push_back({month.month, month.components.total(), 100 * one});
        unit.cost += month.components.total();
        unit.count += 100 * one;
        result.months.push_back(month);
    }
    unit.components = result.components;
    result.units.push_back(unit);
    result.checks = {{"lines add up to the total", true, "6 lines"}};
    return result;
}

/// A scenario with a routing and a batch lever.
inline std::vector<perunit::EffectiveLever> levers()
{
    using namespace perunit;
    Lever routing;
    routing.id = "routing-1";
    routing.kind = LeverKind::Routing;
    routing.numbers = {{"share", 600'000}, {"output_ratio", 1'200'000}};
    routing.texts = {{"to", "openai/gpt-4.1-mini"}};
    Lever batch;
    batch.id = "batch-1";
    batch.kind = LeverKind::Batch;
    batch.numbers = {{"share", 300'000}};
    return {{routing, "s1", 0}, {batch, "s1", 0}};
}

/// The total at some value of a number of a lever.
inline perunit::FigureAt figureAt(std::int64_t value, const char *total)
{
    perunit::FigureAt at;
    at.value = value;
    at.figure = perunit::FigureValue{{usd(total).units(), 1}, true};
    return at;
}

inline perunit::TornadoRow tornadoRow(const char *lever, perunit::LeverKind kind, const char *parameter,
                                      std::int64_t present, const perunit::FigureAt &low, const perunit::FigureAt &high,
                                      const char *swing)
{
    using namespace perunit;
    TornadoRow row;
    row.parameter = {0, lever, leverSpec(kind).parameter(parameter)};
    row.leverLabel = leverSpec(kind).label;
    row.present = present;
    row.low = low;
    row.high = high;
    if (swing)
        row.swing = usd(swing).units();
    return row;
}

/// A total of 8,500 that falls with routing, falls with batch, rises at both ends of the output ratio; one number that
/// moves nothing and one whose high end is impossible.
inline perunit::Tornado tornado()
{
    using namespace perunit;
    Tornado result;
    result.present = {{usd("8500").units(), 1}, true};
    FigureAt impossible;
    impossible.value = 1;
    impossible.problem = "no price";
    result.rows = {
        tornadoRow("routing-1", LeverKind::Routing, "share", 600'000, figureAt(500'000, "9300"),
                   figureAt(700'000, "7700"), "1600"),
        tornadoRow("routing-1", LeverKind::Routing, "output_ratio", 1'200'000, figureAt(1'080'000, "8510.25"),
                   figureAt(1'320'000, "8900"), "400"),
        tornadoRow("batch-1", LeverKind::Batch, "share", 300'000, figureAt(200'000, "8600"), figureAt(400'000, "8400"),
                   "200"),
        tornadoRow("routing-1", LeverKind::Routing, "prompt_from", 0, figureAt(0, "8500"), figureAt(0, "8500"), "0"),
        tornadoRow("batch-1", LeverKind::Batch, "rerun_share", 0, figureAt(0, "8500"), impossible, nullptr)};
    result.evaluations = 9;
    return result;
}

inline perunit::Bridge bridge()
{
    using namespace perunit;
    Bridge result;
    result.from = "Baseline";
    result.to = "Route + cache";
    result.method = "shapley";
    result.start = usd("25500");
    result.parts = {{"context-1", "Context growth", usd("5188"), usd("3000"), usd("15300"), {}, {}},
                    {"routing-1", "Model routing", usd("-10940"), usd("-14000"), usd("-5000"), {}, {}},
                    {"cache-1", "Prompt cache", usd("-6618"), usd("-9000"), usd("-2000"), {}, {}}};
    result.end = result.start;
    for (const BridgePart &part : result.parts)
        result.end += part.amount;
    return result;
}

inline perunit::Lever lever(perunit::LeverKind kind, const std::string &id)
{
    perunit::Lever result;
    result.kind = kind;
    result.id = id;
    return result;
}

inline perunit::ComparisonInput comparison()
{
    using namespace perunit;
    ComparisonInput input;
    input.workspaceName = "Support, autumn";
    ComparedScenario baseline{outcome("", "Baseline", "6000", "2500"), {}};
    ComparedScenario cheaper{outcome("s1", "Route + cache", "2000", "790"), {}};
    Lever routing = lever(LeverKind::Routing, "routing-1");
    routing.numbers["share"] = 600'000;
    routing.texts["to"] = "anthropic/claude-haiku-4-5";
    routing.scope.conditions["workload"] = {"support-chatbot"};
    routing.note = "Pilot of September";
    routing.grade = "B";
    cheaper.levers = {{routing, "s1", 0}};
    cheaper.outcome.checks.push_back({"tokens are conserved", false, "5 tokens too many"});
    input.scenarios = {baseline, cheaper};
    input.bridges = {bridge()};
    input.unitName = "conversation";
    input.settings.horizonMonths = 3;
    input.period = {instantOf(2026, 3, 1), instantOf(2026, 6, 1)};
    input.baselineDigest = "0123456789abcdef0123456789abcdef";
    input.catalogueAsOf = "2026-05-30";
    input.requests = 3'214'567;
    return input;
}

/// A unit on four days, the third without any, and a histogram of three bins.
inline perunit::UnitActuals unitActuals()
{
    using namespace perunit;
    UnitActuals unit;
    unit.name = "document";
    const char *costs[] = {"10", "12", "0", "30"};
    const std::int64_t counts[] = {100, 100, 0, 100};
    for (int day = 0; day < 4; ++day) {
        unit.days.push_back({instantOf(2026, 6, 1 + day), usd(costs[day]), counts[day]});
        unit.cost += usd(costs[day]);
        unit.count += counts[day];
    }
    unit.components[Component::Input] = usd("39");
    unit.components[Component::Output] = usd("13");
    unit.histogram = {{usd("0.1"), 150}, {usd("0.2"), 100}, {usd("0.4"), 50}};
    unit.p50 = usd("0.1");
    unit.p90 = usd("0.15");
    unit.p99 = usd("0.39");
    return unit;
}

} // namespace samples
