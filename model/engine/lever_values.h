// SPDX-License-Identifier: GPL-3.0-or-later
// What a lever amounts to in a month: starts, ramps, growth and shapes.
#pragma once

#include "model/scenario/scenario.h"
#include "pricing/base/result.h"

#include <string_view>

namespace perunit {

/// Months since a lever's start; negative before it. Levers without a start begin with the first month.
int monthsInForce(const Lever &lever, Month month, Month firstMonth);

/// Value of a share or factor in a month: it grows in equal steps over the ramp, rounded half to even to a
/// millionth; neutral before the start.
std::int64_t rampedValue(const Lever &lever, std::string_view parameter, Month month, Month firstMonth);

/// factor × (1 + growth)^months in parts per million, rounded once half to even. Errors: Overflow.
Result<PartsPerMillion> compoundedFactor(PartsPerMillion factor, PartsPerMillion growth, int months);

/// The `factor` of a lever with its `monthly_growth` in a month; one before the start. Errors: Overflow.
Result<PartsPerMillion> grownFactor(const Lever &lever, Month month, Month firstMonth);

/// Requests of a month as a multiple of the recorded ones, by the shape of a volume lever. Errors: Overflow.
Result<PartsPerMillion> volumeFactor(const Lever &lever, Month month, Month firstMonth);

/// What longer conversations do to one turn of them. A turn t of n sends the system prompt S, the question u and the
/// history of t - 1 questions and answers; on average S + u + (u + a)(n - 1)/2 tokens. Rounded once each.
struct TurnFactors {
    PartsPerMillion turns = onePpm;  ///< turns then ÷ turns today
    PartsPerMillion prompt = onePpm; ///< average prompt then ÷ today
};
TurnFactors turnFactors(const Lever &lever);

/// Multiples of the average run of an agent whose runs are distributed log-normally: `spread` is P95 ÷ P50.
struct RunSpread {
    PartsPerMillion usual = onePpm;
    PartsPerMillion expensive = onePpm;
};
RunSpread runSpread(PartsPerMillion spread);

} // namespace perunit
