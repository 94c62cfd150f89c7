// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"
#include "pricing/catalogue/usage_class.h"
#include "pricing/money/money.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Cost components, in the order in which they are stacked and listed.
enum class Component : std::uint8_t {
    Input,
    CacheRead,
    CacheWrite,
    Output,
    Other,        ///< audio, image, embedding tokens and events
    Lookup,       ///< lookups in an answer cache and verdicts of a cascade
    CacheStorage, ///< prompt caches that are rented by the hour
    WrongAnswers, ///< expected loss from wrong answers of an answer cache
    Provisioned,  ///< fixed cost of reserved units
    Spill,        ///< pay-as-you-go cost of what reserved units could not serve
    Training,     ///< training runs, as far as they are charged to a month
    HumanReview,
    Harness
};

inline constexpr std::size_t componentCount = 13;
inline constexpr std::array<std::string_view, componentCount> componentNames{
    "input",         "cache_read",  "cache_write", "output",   "other",        "lookup", "cache_storage",
    "wrong_answers", "provisioned", "spill",       "training", "human_review", "harness"};
inline constexpr std::array<std::string_view, componentCount> componentLabels{
    "Uncached input", "Cache read",  "Cache write", "Output",   "Other usage",  "Lookups", "Cache storage",
    "Wrong answers",  "Provisioned", "Spill",       "Training", "Human review", "Harness"};

/// Amount per component. Each is an outcome line: exact, rounded once to a femto-unit.
struct Components {
    std::array<Femto, componentCount> amounts;
    Femto &operator[](Component component) { return amounts[static_cast<std::size_t>(component)]; }
    Femto operator[](Component component) const { return amounts[static_cast<std::size_t>(component)]; }
    [[nodiscard]] Femto total() const
    {
        Femto sum;
        for (const Femto amount : amounts)
            sum += amount;
        return sum;
    }
    Components &operator+=(const Components &other)
    {
        for (std::size_t i = 0; i < componentCount; ++i)
            amounts[i] += other.amounts[i];
        return *this;
    }
    bool operator==(const Components &) const = default;
};

/// Counts that levers scale are expectations; they are kept in millionths and shown rounded.
using Millionths = Int128;

struct MonthOutcome {
    Month month;
    Components components;
    std::array<Millionths, usageClassCount> usage{}; ///< tokens and events after all levers
};

/// Total of one value of one dimension; of the months together.
struct GroupOutcome {
    std::string by;
    std::string key; ///< empty: rows without a value
    Components components;
    Millionths requests = 0;
    std::int64_t unpricedTokens = 0; ///< that are in no amount
    /// Nothing in it has a price: its amounts are unknown, not zero.
    [[nodiscard]] bool isUnknown() const { return components.total().isZero() && unpricedTokens > 0; }
};

struct UnitMonth {
    Month month;
    Femto cost;
    Millionths count = 0;
};

struct UnitOutcome {
    std::string name;
    Femto cost;
    Millionths count = 0; ///< 0: cost per unit is undefined, not zero
    std::vector<UnitMonth> months;
    Components components;
    /// Cost of one unit rounded half to even to a femto-unit.
    [[nodiscard]] std::optional<Femto> costPerUnit() const;
};

struct OutcomeCheck {
    std::string name;
    bool ok = true;
    std::string detail;
};

struct UnpricedUsage {
    std::int64_t tokens = 0;
    std::vector<std::string> models; ///< as recorded, largest first
};

/// Everything that is known about one scenario. Pages, reports and the command line read nothing else.
struct Outcome {
    std::string scenarioId; ///< empty: the baseline
    std::string name;
    std::string currency;
    Components components;
    std::vector<MonthOutcome> months;
    std::vector<GroupOutcome> groups; ///< of the dimensions asked for
    std::array<Millionths, usageClassCount> usage{};
    std::vector<UnitOutcome> units;
    UnpricedUsage unpriced;
    std::int64_t assumedTokens = 0; ///< priced with an inherited rate
    std::vector<OutcomeCheck> checks;
    /// Provisioned pools of the scenario with what they did.
    struct Pool {
        std::string leverId;
        std::string model;
        std::string offer;
        std::string term;
        std::int64_t units = 0;
        Femto fixedCost;
        Femto spillCost;
        PartsPerMillion utilisation = 0; ///< served load ÷ capacity
        PartsPerMillion spillShare = 0;  ///< spilled load ÷ load
    };
    std::vector<Pool> pools;
    /// Right answers, where routing levers say how many there are; weighted by requests.
    struct Quality {
        PartsPerMillion before = 0;
        PartsPerMillion after = 0;
        Millionths requests = 0; ///< that the shares speak of
    };
    std::optional<Quality> quality;
    /// What a prompt cache lever assumes beside what the gaps between the requests allow.
    struct CacheShare {
        std::string leverId;
        PartsPerMillion applied = 0;      ///< of the last month
        PartsPerMillion achievable5m = 0; ///< with a lifetime of five minutes
        PartsPerMillion achievable1h = 0; ///< with a lifetime of an hour
        bool upperBound = false;          ///< not every request names its conversation
    };
    std::vector<CacheShare> cacheShares;
    /// What a run of an agent costs when it goes well or badly, as a multiple of the average run.
    struct AgentSpread {
        std::string leverId;
        PartsPerMillion usual = onePpm;     ///< half of the runs cost less
        PartsPerMillion expensive = onePpm; ///< one in twenty costs more
    };
    std::vector<AgentSpread> agentSpreads;
    /// The same levers at list prices, beside the contracted ones; no value when no overlay is in force.
    struct AtList {
        Components components;
        std::int64_t unpricedTokens = 0; ///< without a list price and therefore in no amount here
    };
    std::optional<AtList> list;
    /// Total at list prices: the total where no overlay is in force, no value where nothing has a list price.
    [[nodiscard]] std::optional<Femto> listTotal() const;
    [[nodiscard]] Femto total() const { return components.total(); }
    /// Nothing in it has a price: its amounts are unknown, not zero.
    [[nodiscard]] bool isUnknown() const { return total().isZero() && unpriced.tokens > 0; }
    [[nodiscard]] const UnitOutcome *unit(std::string_view unitName) const;
};

} // namespace perunit
