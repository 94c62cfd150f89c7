// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/optimum.h"

#include <algorithm>

namespace perunit {

namespace {

/// In 10^-24: what rounding inside the curve may amount to, and far less than a femto-unit.
constexpr Int128 equalWithin = 10'000'000;

Int128 exactCost(const LoadCurve &curve, const UnitCost &price, std::int64_t units)
{
    return curve.exactSpillCost(units) + price.exact(units);
}

std::int64_t sizeOfPeak(const LoadCurve &curve, const SizeGrid &grid)
{
    return grid.atLeast(curve.peak(), curve.capacityPerUnit());
}

} // namespace

SizeCost costOf(const LoadCurve &curve, const UnitCost &price, std::int64_t units)
{
    return {units, price.of(units), curve.spillCost(units)};
}

SizeCost optimumAboveZero(const LoadCurve &curve, const UnitCost &price, const SizeGrid &grid)
{
    const std::int64_t first = grid.atLeast(0, 1);
    // The first size whose successor saves nothing: savings per step fall with every step.
    std::int64_t low = 0;
    std::int64_t high = (sizeOfPeak(curve, grid) - first) / grid.step;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const std::int64_t units = first + middle * grid.step;
        const Int128 saving = exactCost(curve, price, units) - exactCost(curve, price, units + grid.step);
        if (saving > equalWithin)
            low = middle + 1;
        else
            high = middle;
    }
    return costOf(curve, price, first + low * grid.step);
}

SizeCost optimum(const LoadCurve &curve, const UnitCost &price, const SizeGrid &grid)
{
    const SizeCost best = optimumAboveZero(curve, price, grid);
    const Int128 saving = exactCost(curve, price, 0) - exactCost(curve, price, best.units);
    return saving > equalWithin ? best : costOf(curve, price, 0);
}

std::vector<SizeCost> costCurve(const LoadCurve &curve, const UnitCost &price, const SizeGrid &grid,
                                std::size_t mostPoints)
{
    const std::int64_t first = grid.atLeast(0, 1);
    const std::int64_t sizes = (sizeOfPeak(curve, grid) - first) / grid.step + 1;
    const std::int64_t points =
        std::min<std::int64_t>(sizes, std::max<std::int64_t>(static_cast<std::int64_t>(mostPoints) - 1, 2));
    std::vector<SizeCost> result{costOf(curve, price, 0)};
    for (std::int64_t i = 0; i < points; ++i) {
        const std::int64_t place = points == 1 ? 0 : i * (sizes - 1) / (points - 1);
        result.push_back(costOf(curve, price, first + place * grid.step));
    }
    return result;
}

} // namespace perunit
