// SPDX-License-Identifier: GPL-3.0-or-later
// What all token levers together do to a request in one month, as exact weights.
#pragma once

#include "model/engine/baseline_impl.h"
#include "model/engine/lever_values.h"
#include "model/engine/wide_integer.h"
#include "model/scenario/scenario.h"

#include <array>
#include <functional>
#include <limits>
#include <vector>

namespace perunit {

/// Where a request goes: it stays with its model, or the routing lever sends it to another one.
enum class Route : std::uint8_t { Stays, Routed };
inline constexpr std::size_t routeCount = 2;
inline constexpr std::array<Route, routeCount> allRoutes{Route::Stays, Route::Routed};

/// How a route is served: whole (no batch price or no batch lever), or split into a standard and a batch part.
enum class Serving : std::uint8_t { Whole, Standard, Batch };
inline constexpr std::size_t servingCount = 3;

using ComponentWeights = std::array<Wide, usageComponentCount>;

/// No prompt is this long.
inline constexpr std::int64_t endlessPrompt = std::numeric_limits<std::int64_t>::max();

/// Prompt factors are numerators over 10^24.
inline constexpr unsigned promptFactorDecimals = 24;

/// The prompt length from which a threshold is reached when prompts are multiplied by factor / 10^24; endlessPrompt
/// when no prompt is long enough.
std::int64_t firstPromptIn(const ContextThreshold &threshold, UInt128 factor);

/// One way of a request through the pipeline. A weight is a numerator over MonthPlan::one: the exact share and factor
/// with which a token counts; its price counts with priceFactor on top.
struct RoutePlan {
    bool used = false;
    // What the weights are made of, beside the factors of the month.
    PartsPerMillion tokenRatio = onePpm;
    PartsPerMillion outputRatio = onePpm;
    PartsPerMillion trimmed = onePpm;
    PartsPerMillion hit = 0;     ///< of the prompt, where it is split anew
    PartsPerMillion written = 0; ///< of the rest
    ModelIndex target;           ///< where routed requests go; not found where they stay
    bool split = false; ///< the prompt is split anew: weights of the prompt components apply to all prompt tokens
    UInt128 promptFactor = 0;
    std::array<ComponentWeights, servingCount> weights;
    std::uint64_t priceFactor = static_cast<std::uint64_t>(onePpm);
    const Lever *price = nullptr;      ///< a lever that sets new prices; null when none does
    const Lever *priceLever = nullptr; ///< in charge of the prices, with a factor or new ones; null when none is

    [[nodiscard]] const ComponentWeights &of(Serving serving) const
    {
        return weights[static_cast<std::size_t>(serving)];
    }
};

/// The requests whose recorded prompt length is in [from, below): levers may treat short and long ones differently.
struct SlicePlan {
    std::int64_t from = 0;
    std::int64_t below = endlessPrompt;
    std::array<RoutePlan, routeCount> routes;
    const Lever *routing = nullptr; ///< in charge of the slice, with a share above 0
    PartsPerMillion routed = 0;
    Int128 verdictFemto = 0; ///< cost of judging one routed call

    [[nodiscard]] const RoutePlan &of(Route route) const { return routes[static_cast<std::size_t>(route)]; }
    [[nodiscard]] bool isWhole() const { return from == 0 && below == endlessPrompt; }
};

/// An amount for every recorded request: femto = perRequest / denominator.
struct RequestFee {
    Component component = Component::Lookup;
    Wide perRequest;
    Wide denominator;
};

/// Factors of a month that hold for every slice and route.
struct MonthFactors {
    PartsPerMillion volume = onePpm;
    PartsPerMillion kept = onePpm; ///< not answered from the answer cache
    TurnFactors turns;
    PartsPerMillion steps = onePpm;
    PartsPerMillion attempts = onePpm;
    PartsPerMillion context = onePpm;
    PartsPerMillion output = onePpm;
    PartsPerMillion rerun = onePpm;
};

/// All slices of a combination of levers in one month.
struct MonthPlan {
    MonthFactors factors; ///< what the weights are made of
    bool plain = true;    ///< nothing in force: one slice, every weight is one
    UsageClass writeClass = UsageClass::CacheWrite5m;
    PartsPerMillion batch = 0;
    std::vector<SlicePlan> slices;
    std::vector<RequestFee> fees;
    PartsPerMillion volume = onePpm;   ///< units and their requests × this
    PartsPerMillion turns = onePpm;    ///< requests of a unit × this
    PartsPerMillion answered = 0;      ///< share of requests that the answer cache answers
    PartsPerMillion answeredWrong = 0; ///< share of those that is wrong
    PartsPerMillion cacheHit = 0;      ///< share of the prompt that is read where requests stay
    PartsPerMillion kept = onePpm;     ///< share of the requests that stay, of the first slice
    bool priceMoves = false;           ///< some priceFactor is not one
    Wide one;                          ///< the weight of a token that nothing changes: 10^exponent
    Wide denominator;                  ///< of usage: 10^exponent × divisor
    Wide costDenominator;              ///< of money: the same, × 10^6 where prices move
    unsigned exponent = 0;
};

/// The levers in charge of a group of requests. Null: none of the kind.
struct LeverChoice {
    std::array<const Lever *, leverKindCount> levers{};
    struct Targeted {
        const Lever *lever = nullptr;
        int layer = 0;
        ModelIndex model; ///< routing target, or whose prices change; not found: every model
    };
    std::vector<Targeted> routings;
    std::vector<Targeted> prices;
    ModelIndex recordedModel; ///< of the group, where levers ask for it

    [[nodiscard]] const Lever *of(LeverKind kind) const { return levers[static_cast<std::size_t>(kind)]; }
};

/// Share of the prompt that gaps allow to be read from a cache, for requests kept with a probability.
using MeasuredHits = std::function<PartsPerMillion(int lifetimeSeconds, PartsPerMillion kept, PartsPerMillion volume)>;

/// Seconds that a prompt cache lever keeps a prefix.
int lifetimeOf(const Lever &promptCache);

/// Errors: Overflow of growth, with lever and parameter.
Result<MonthPlan> planMonth(const LeverChoice &choice, Month month, Month firstMonth, int divisor,
                            const MeasuredHits &measured);

} // namespace perunit
