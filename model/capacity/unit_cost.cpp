// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/unit_cost.h"

#include <algorithm>

namespace perunit {

Femto UnitCost::of(std::int64_t units) const
{
    if (units <= 0)
        return {};
    Femto sum = once;
    for (const Part &part : parts)
        sum += Femto::ofUnits(divideHalfEven(part.femto * units, part.divisor));
    return sum;
}

Int128 UnitCost::exact(std::int64_t units) const
{
    constexpr Int128 unitsPerFemto = 1'000'000'000;
    if (units <= 0)
        return 0;
    Int128 sum = once.units() * unitsPerFemto;
    for (const Part &part : parts) {
        const Int128 numerator = part.femto * units;
        sum += numerator / part.divisor * unitsPerFemto + numerator % part.divisor * unitsPerFemto / part.divisor;
    }
    return sum;
}

bool SizeGrid::contains(std::int64_t units) const
{
    return units == 0 || (units >= std::max<std::int64_t>(minimum, 1) && (units - minimum) % step == 0);
}

std::int64_t SizeGrid::atLeast(Int128 numerator, Int128 denominator) const
{
    const Int128 least = (numerator + denominator - 1) / denominator;
    const std::int64_t first = std::max<std::int64_t>(minimum, 1);
    if (least <= first)
        return minimum > 0 ? minimum : step;
    const Int128 steps = (least - minimum + step - 1) / step;
    return static_cast<std::int64_t>(minimum + steps * step);
}

std::int64_t SizeGrid::below(std::int64_t units) const
{
    const std::int64_t first = atLeast(0, 1);
    if (units <= first)
        return 0;
    return minimum + (units - 1 - minimum) / step * step;
}

std::int64_t SizeGrid::above(std::int64_t units) const
{
    return atLeast(Int128{units} + 1, 1);
}

} // namespace perunit
