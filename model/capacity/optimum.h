// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/capacity/load_curve.h"
#include "model/capacity/unit_cost.h"

#include <cstdint>
#include <vector>

namespace perunit {

/// What a size costs over the horizon.
struct SizeCost {
    std::int64_t units = 0;
    Femto fixedCost;
    Femto spillCost;
    [[nodiscard]] Femto cost() const { return fixedCost + spillCost; }
};

SizeCost costOf(const LoadCurve &curve, const UnitCost &price, std::int64_t units);

/// The cheapest size of {0} and the grid; of several the smallest. O(log n): the cost is convex above 0, and 0 is
/// compared by itself because sizes between 0 and the minimum cannot be bought (levers.md §2.4).
SizeCost optimum(const LoadCurve &curve, const UnitCost &price, const SizeGrid &grid);

/// The cheapest size above 0.
SizeCost optimumAboveZero(const LoadCurve &curve, const UnitCost &price, const SizeGrid &grid);

/// 0 and sizes of the grid up to the one that serves the peak (never more than `mostPoints`, evenly spread, the first
/// and the last always among them), in order of size.
std::vector<SizeCost> costCurve(const LoadCurve &curve, const UnitCost &price, const SizeGrid &grid,
                                std::size_t mostPoints);

} // namespace perunit
