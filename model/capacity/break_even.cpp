// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/break_even.h"

#include "model/engine/wide_integer.h"

#include <array>
#include <string_view>

namespace perunit {

namespace {

constexpr std::int64_t conventionalHours = 730;
constexpr Int128 unitsPerFemto = 1'000'000'000;

/// The term of that name that holds at an instant and has a price; null when there is none.
const ProvisionedTerm *termOf(const ProvisionedOffer &offer, std::string_view name, Instant at)
{
    const ProvisionedTerm *found = nullptr;
    for (const ProvisionedTerm &term : offer.terms) {
        if (term.term == name && term.priceKnown && term.valid.contains(at))
            found = &term;
    }
    return found;
}

/// Months of a commitment; 0 for those shorter than a month.
std::int64_t monthsOf(std::string_view term)
{
    struct Length {
        std::string_view name;
        std::int64_t months;
    };
    static constexpr std::array<Length, 4> lengths{{{"1-month", 1}, {"3-month", 3}, {"6-month", 6}, {"1-year", 12}}};
    for (const Length &length : lengths) {
        if (length.name == term)
            return length.months;
    }
    return 0;
}

std::optional<PartsPerMillion> ratio(const Wide &numerator, const Wide &denominator)
{
    if (denominator.isZero())
        return std::nullopt;
    Wide scaled = numerator;
    scaled *= static_cast<std::uint64_t>(onePpm);
    const auto value = Wide::dividedHalfEven(scaled, denominator).toInt128();
    if (!value || *value > INT64_MAX)
        return std::nullopt;
    return static_cast<PartsPerMillion>(*value);
}

Wide wide(Int128 value)
{
    return Wide::of(static_cast<UInt128>(value));
}

} // namespace

Int128 monthlyFemto(const ProvisionedTerm &term, std::int64_t hoursPerMonth)
{
    return term.perHour ? static_cast<Int128>(term.femto) * hoursPerMonth : Int128{term.femto};
}

std::optional<PartsPerMillion> breakEvenUtilisation(Int128 unitFemto, Int128 costUnits, Int128 loadParts,
                                                    Int128 capacityParts)
{
    // Price of the unit ÷ (cost ÷ load × capacity).
    Wide numerator = wide(unitFemto * unitsPerFemto);
    Wide value;
    value.addProduct(numerator, static_cast<UInt128>(loadParts));
    Wide denominator;
    denominator.addProduct(wide(costUnits), static_cast<UInt128>(capacityParts));
    return ratio(value, denominator);
}

BreakEvens termBreakEvens(const ProvisionedOffer &offer, const ProvisionedTerm &term, Instant at)
{
    BreakEvens result;
    const ProvisionedTerm *hourly = termOf(offer, "hourly", at);
    if (hourly && hourly->perHour && term.term != "hourly" && hourly->femto > 0) {
        const Wide month = wide(monthlyFemto(term, conventionalHours));
        result.hours = ratio(month, wide(hourly->femto));
        result.hoursShare = ratio(month, wide(static_cast<Int128>(hourly->femto) * conventionalHours));
    }
    const ProvisionedTerm *monthly = termOf(offer, "1-month", at);
    const std::int64_t months = monthsOf(term.term);
    if (monthly && months > 1 && monthly->femto > 0)
        result.months = ratio(wide(monthlyFemto(term, conventionalHours) * months),
                              wide(monthlyFemto(*monthly, conventionalHours)));
    return result;
}

} // namespace perunit
