// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline_impl.h"
#include "model/engine/wide_integer.h"
#include "model/scenario/scenario.h"

#include <array>
#include <vector>

namespace perunit {

/// Where a request goes: it stays with its model, or the routing lever sends it to another one.
enum class Route : std::uint8_t { Stays, Routed };
inline constexpr std::size_t routeCount = 2;

/// How a route is served: whole (no batch price or no batch lever), or split into a standard and a batch part.
enum class Serving : std::uint8_t { Whole, Standard, Batch };
inline constexpr std::size_t servingCount = 3;

using ComponentWeights = std::array<Wide, usageComponentCount>;

/// What the levers of a kind combination do in one month: every weight is a numerator over `denominator`,
/// the exact share and factor with which a token (times its price) counts.
struct MonthPlan {
    bool plain = true;  ///< nothing in force: every weight is one
    bool cache = false; ///< the prompt is split anew: weights of the prompt components apply to all prompt tokens
    UsageClass writeClass = UsageClass::CacheWrite5m;
    PartsPerMillion routed = 0;
    PartsPerMillion batch = 0;
    /// Prompt tokens × promptFactor / 10^12, by route.
    std::array<UInt128, routeCount> promptFactor{};
    std::array<std::array<ComponentWeights, servingCount>, routeCount> weights;
    ComponentWeights tokens; ///< weights of token counts: all routes together
    Wide one;                ///< the weight of a token that nothing changes: 10^exponent
    Wide denominator;        ///< 10^exponent × divisor
    unsigned exponent = 0;

    [[nodiscard]] bool uses(Route route) const { return route == Route::Routed ? routed > 0 : routed < onePpm; }
    [[nodiscard]] const ComponentWeights &of(Route route, Serving serving) const
    {
        return weights[static_cast<std::size_t>(route)][static_cast<std::size_t>(serving)];
    }
};

/// A provisioned lever, ready to run.
struct PoolPlan {
    const EffectiveLever *lever = nullptr;
    ModelIndex model;
    const ProvisionedOffer *offer = nullptr;
    const ProvisionedThroughput *throughput = nullptr;
    std::string term;
    std::int64_t units = 0;
    int firstMonth = 0; ///< of the outcome's months
};

/// The enabled levers of a scenario against the segments of a profile.
class LeverPlan
{
public:
    /// Fails with the first impossible lever.
    static Result<LeverPlan> make(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers,
                                  std::stop_token stop);

    /// The profile to evaluate over: it ends blocks where prices of routing targets change.
    [[nodiscard]] const Profile &profile() const { return *m_profile; }
    [[nodiscard]] const MonthPlan &plan(std::size_t segment, int month) const
    {
        return m_plans[m_comboOf[segment] * m_months + static_cast<std::size_t>(month)];
    }
    /// Model that the routing lever of a segment sends requests to; not found when there is none.
    [[nodiscard]] ModelIndex target(std::size_t segment) const { return m_targets[m_comboOf[segment]]; }
    [[nodiscard]] const std::vector<PoolPlan> &pools() const { return m_pools; }
    /// Pool that takes the standard requests of a segment on a route; -1 when none does.
    [[nodiscard]] int poolOf(std::size_t segment, Route route) const
    {
        return m_poolOf[segment][static_cast<std::size_t>(route)];
    }
    /// The lever of a kind that is in charge of a segment; null when none is. Not for provisioned levers.
    [[nodiscard]] const Lever *leverOf(std::size_t segment, LeverKind kind) const;
    /// Enabled levers whose scope no request matches.
    [[nodiscard]] const std::vector<std::string> &withoutRequests() const { return m_withoutRequests; }

private:
    struct Entry {
        const EffectiveLever *lever = nullptr;
        std::vector<char> matches;
        ModelIndex model;
    };
    static constexpr std::size_t tokenLeverKinds = 4;
    using Combo = std::array<int, tokenLeverKinds>;

    Status resolve(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers, std::stop_token stop);
    Status assign();
    Status assignPools(const Baseline::Impl &baseline);
    Status choose(std::size_t segment, LeverKind kind, ModelIndex poolModel, int &chosen) const;
    Status planMonths(const Baseline::Impl &baseline);
    [[nodiscard]] const Lever *leverOf(const Combo &combo, LeverKind kind) const;
    Result<MonthPlan> planMonth(const Baseline::Impl &baseline, const Combo &combo, Month month) const;

    std::shared_ptr<const Profile> m_profile;
    std::vector<Entry> m_entries;
    std::vector<std::string> m_withoutRequests;
    std::vector<Combo> m_combos;
    std::vector<std::uint32_t> m_comboOf;
    std::vector<ModelIndex> m_targets;
    std::size_t m_months = 0;
    std::vector<MonthPlan> m_plans;
    std::vector<PoolPlan> m_pools;
    std::vector<std::array<int, routeCount>> m_poolOf;
};

/// Months since a lever's start; negative before it. Levers without a start begin with the first month.
int monthsInForce(const Lever &lever, Month month, Month firstMonth);

/// Value of a share or factor in a month: it grows in equal steps over the ramp, rounded half to even to a
/// millionth; neutral before the start.
std::int64_t rampedValue(const Lever &lever, std::string_view parameter, Month month, Month firstMonth);

/// factor × (1 + growth)^months in parts per million, rounded once half to even. Errors: Overflow.
Result<PartsPerMillion> compoundedFactor(PartsPerMillion factor, PartsPerMillion growth, int months);

} // namespace perunit
