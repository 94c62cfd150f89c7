// SPDX-License-Identifier: GPL-3.0-or-later
// From loads and prices to the figures of an answer.
#pragma once

#include "model/capacity/capacity_setup.h"
#include "model/engine/pool_traffic.h"

#include <functional>

namespace perunit {

/// Loads and prices of a study.
struct CapacityMaterial {
    PoolTraffic traffic;
    PoolTraffic outputTraffic; ///< where output is bought apart
    LoadCurve curve;
    LoadCurve outputCurve;
    UnitCost price;
    std::int64_t costDivisor = 1; ///< money counts once for so many months of load
    std::int64_t repeats = 1;     ///< how often the period's traffic is in the bins: months of a horizon
    bool even = false;            ///< a shape without moments: one bin stands for all
    /// What a provisioned lever of a size evaluates to; empty where the engine has no such lever.
    std::function<Result<Outcome::Pool>(std::int64_t)> exactAt;
    mutable Status failure; ///< of exactAt

    /// Makes the curves; the loads are taken out of the traffic, their times stay.
    Status sortLoads();
    std::vector<std::int64_t> binLoads; ///< by bin of traffic.binStarts
};

/// The answer without currency, period and steps. A failure of the engine is left in the material.
CapacityAnswer figuresOf(const CapacityQuestion &question, const CapacitySetup &setup,
                         const CapacityMaterial &material);

/// One size, from the engine where it knows it.
SizeFigures figuresAt(const CapacityMaterial &material, std::int64_t units, const SizeGrid &grid);

/// Load-duration points and hours of the week.
void addPictures(const CapacityMaterial &material, Period period, int binSeconds, CapacityAnswer &answer);

} // namespace perunit
