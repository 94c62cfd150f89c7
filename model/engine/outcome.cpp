// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/outcome.h"

#include "model/engine/wide_integer.h"

#include <algorithm>

namespace perunit {

std::optional<Femto> UnitOutcome::costPerUnit() const
{
    if (count <= 0)
        return std::nullopt;
    const Int128 amount = cost.units();
    Wide scaled = Wide::of(amount < 0 ? UInt128{0} - static_cast<UInt128>(amount) : static_cast<UInt128>(amount));
    scaled *= static_cast<std::uint64_t>(onePpm);
    const auto result = Wide::dividedHalfEven(scaled, Wide::of(static_cast<UInt128>(count))).toInt128();
    if (!result)
        return std::nullopt;
    return Femto::ofUnits(amount < 0 ? -*result : *result);
}

std::optional<Femto> Outcome::listTotal() const
{
    if (!list)
        return isUnknown() ? std::nullopt : std::optional(total());
    const Femto sum = list->components.total();
    return sum.isZero() && list->unpricedTokens > 0 ? std::nullopt : std::optional(sum);
}

const UnitOutcome *Outcome::unit(std::string_view unitName) const
{
    const auto found =
        std::find_if(units.begin(), units.end(), [unitName](const auto &unit) { return unit.name == unitName; });
    return found == units.end() ? nullptr : &*found;
}

} // namespace perunit
