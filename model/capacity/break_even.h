// SPDX-License-Identifier: GPL-3.0-or-later
// Three questions that are often mixed up, each with its own number (levers.md §2.7), and what a price cut does to the
// first.
#pragma once

#include "model/capacity/load_curve.h"
#include "pricing/catalogue/catalogue.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace perunit {

/// A number with six decimals: 841'000 is 0.841.
struct BreakEvens {
    /// Share of its capacity that a unit must serve to cost no more than pay-as-you-go; above one: never. No value
    /// where nothing of the load has a price.
    std::optional<PartsPerMillion> utilisation;
    /// The same in a month of 28 and of 31 days; only for prices by the month.
    std::optional<PartsPerMillion> utilisationShortMonth;
    std::optional<PartsPerMillion> utilisationLongMonth;
    /// Hours of a month of 730 in which units must run for the term to cost no more than hourly units; no value for the
    /// hourly term itself or an offer without hourly units.
    std::optional<PartsPerMillion> hours;
    std::optional<PartsPerMillion> hoursShare; ///< of all hours
    /// Months that the term must be kept to cost no more than the term of one month; no value where that has no
    /// meaning.
    std::optional<PartsPerMillion> months;
};

/// Price of one unit for a month of `hoursPerMonth` hours in femto-units, rounded half to even. Weeks count by the
/// hour.
Int128 monthlyFemto(const ProvisionedTerm &term, std::int64_t hoursPerMonth);

/// Money that a unit would save if it were always full, at the average pay-as-you-go price of the load: numerator and
/// denominator of the break-even utilisation.
std::optional<PartsPerMillion> breakEvenUtilisation(Int128 unitFemto, Int128 costUnits, Int128 loadParts,
                                                    Int128 capacityParts);

/// Hours and months at which `term` meets the other terms of the offer.
BreakEvens termBreakEvens(const ProvisionedOffer &offer, const ProvisionedTerm &term, Instant at);

/// A commitment when the price of tokens falls and the units keep their price and throughput.
struct PriceCut {
    PartsPerMillion cut = 0;                    ///< 200'000: tokens become 20 % cheaper
    std::optional<PartsPerMillion> utilisation; ///< the break-even then: divided by 1 - cut
    Femto payAsYouGo;                           ///< of the horizon then
    Femto cost;                                 ///< of the committed size then
    [[nodiscard]] bool stillPays() const { return cost <= payAsYouGo; }
    std::int64_t bestUnits = 0; ///< the size that would be cheapest then
};

} // namespace perunit
