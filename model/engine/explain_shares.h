// SPDX-License-Identifier: GPL-3.0-or-later
// The product that a weight of a plan is made of, factor by factor, for people.
#pragma once

#include "model/engine/explain.h"
#include "model/engine/lever_plan.h"

#include <map>
#include <string>
#include <vector>

namespace perunit {

/// An exact fraction with the product that it is.
struct ExplainedShare {
    std::vector<ShareFactor> factors;
    Wide numerator = Wide::of(1);
    Wide denominator = Wide::of(1);
};

/// Adds a factor of parts per million; one changes nothing and is left out.
void multiply(ExplainedShare &share, PartsPerMillion factor, const std::string &label, const Lever *lever);
/// Adds a factor numerator / denominator, whatever it is.
void multiply(ExplainedShare &share, const Wide &numerator, const Wide &denominator, const std::string &label,
              const std::string &leverId = {});
/// Adds the division by the months of a baseline; one month changes nothing.
void divideByMonths(ExplainedShare &share, int months);

/// a × b.
Wide product(const Wide &a, Wide b);

/// Value of a fraction with at most 18 decimals, rounded half to even; exact where it ends before.
std::string decimalText(const Wide &numerator, const Wide &denominator);

/// What one token of a component counts as on a way through the pipeline; with `priced` the factor of its price, too.
ExplainedShare shareOf(const LeverPlan &levers, std::size_t segment, const MonthPlan &plan, const SlicePlan &slice,
                       Route route, Serving serving, Component component, bool priced = true);

} // namespace perunit
