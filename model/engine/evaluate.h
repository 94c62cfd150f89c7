// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/engine/outcome.h"
#include "model/scenario/scenario.h"

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// Version of the rules below; part of every scenario file and report.
inline constexpr std::string_view engineVersion = "1";

struct EvaluationRequest {
    std::string scenarioId;
    std::string name;
    std::vector<EffectiveLever> levers; ///< none: the baseline
    std::vector<EconomicUnit> units;
    std::vector<std::string> groupBy; ///< dimensions for Outcome::groups
};

/// Runs the fixed pipeline over the baseline. Exact: the result depends on no order of rows, levers or threads.
/// Impossible levers are an error that names lever and parameter.
Result<Outcome> evaluate(const Baseline &baseline, const EvaluationRequest &request, std::stop_token stop);

/// One bar of a bridge.
struct BridgePart {
    std::string leverId;
    std::string label;
    Femto amount;
    Femto minimum; ///< over all orders
    Femto maximum;
    Femto alone; ///< change when only this lever is applied
    Femto last;  ///< change when it is applied after all others
};

struct BridgeInteraction {
    std::string a;
    std::string b;
    Femto amount;
};

/// Why the total moves from one set of levers to another. The parts sum to the total exactly.
struct Bridge {
    std::string from;
    std::string to;
    std::string method; ///< "shapley" or "sequential"
    Femto start;
    Femto end;
    std::vector<BridgePart> parts;
    std::vector<BridgeInteraction> interactions;
    [[nodiscard]] Femto total() const { return end - start; }
};

enum class BridgeMethod : std::uint8_t { Shapley, Sequential };

/// Bridge of the total cost from the levers of `from` to those of `to`. Levers that are equal in both stay
/// applied throughout. Shapley up to 10 levers, an error above that.
Result<Bridge> bridge(const Baseline &baseline, const EvaluationRequest &from, const EvaluationRequest &to,
                      BridgeMethod method, std::stop_token stop);

/// Actual cost of a unit in the baseline period, with its distribution.
struct UnitActuals {
    std::string name;
    std::int64_t count = 0;
    Femto cost;
    Components components;
    /// Only for units counted by distinct values: quantiles of the cost of one unit, nearest rank.
    std::optional<Femto> p50;
    std::optional<Femto> p90;
    std::optional<Femto> p99;
    struct Step {
        Instant from; ///< start of day
        Femto cost;
        std::int64_t count = 0;
    };
    std::vector<Step> days;
    std::vector<Step> months;
    /// Histogram of the cost of one unit: upper edges and counts; the last bin is open.
    struct Bin {
        Femto upTo;
        std::int64_t count = 0;
    };
    std::vector<Bin> histogram;
    /// Share of each value of the dimension in the cost, largest first (composition by model).
    std::vector<GroupOutcome> byModel;
    std::string problem; ///< why there is no figure, for people; empty when there is
    std::int64_t unpricedTokens = 0;
    /// Nothing in it has a price: its cost is unknown, not zero.
    [[nodiscard]] bool isUnknown() const { return cost.isZero() && unpricedTokens > 0; }
};

Result<UnitActuals> unitActuals(const Baseline &baseline, const EconomicUnit &unit, std::stop_token stop);

/// Spend per day of the baseline period, with the days that stand out.
struct DailySpend {
    struct Day {
        Instant day;
        Femto cost;
        std::int64_t requests = 0;
        bool unusual = false; ///< more than twice the median of the 28 days before, and above a floor
        Femto usual;          ///< that median
        std::string driver;   ///< workload and model that explain most of the excess
    };
    std::vector<Day> days;
};
DailySpend dailySpend(const Baseline &baseline);

} // namespace perunit
