// SPDX-License-Identifier: GPL-3.0-or-later
// From loads and prices to the figures of an answer.
#pragma once

#include "model/capacity/capacity_setup.h"
#include "model/engine/pool_traffic.h"

#include <functional>
#include <memory>

namespace perunit {

/// What arrives: the same for every offer and term whose units weigh and serve alike.
struct CapacityLoads {
    PoolTraffic traffic;
    PoolTraffic outputTraffic; ///< where output is bought apart
    LoadCurve curve;
    LoadCurve outputCurve;
    std::vector<std::int64_t> binLoads; ///< by bin of traffic.binStarts

    /// Makes the curves; the loads are taken out of the traffic, their times stay.
    Status sort();
};

/// Loads and prices of a study.
struct CapacityMaterial {
    std::shared_ptr<const CapacityLoads> loads;
    UnitCost price;
    std::int64_t costDivisor = 1; ///< money counts once for so many months of load
    std::int64_t repeats = 1;     ///< how often the period's traffic is in the bins: months of a horizon
    bool even = false;            ///< a shape without moments: one bin stands for all
    /// What a provisioned lever of a size evaluates to; empty where the engine has no such lever.
    std::function<Result<Outcome::Pool>(std::int64_t)> exactAt;
    mutable Status failure; ///< of exactAt
};

/// The answer without currency, period and steps. A failure of the engine is left in the material.
CapacityAnswer figuresOf(const CapacityQuestion &question, const CapacitySetup &setup,
                         const CapacityMaterial &material);

/// One size, from the engine where it knows it.
SizeFigures figuresAt(const CapacityMaterial &material, std::int64_t units, const SizeGrid &grid);

/// Load-duration points and hours of the week.
void addPictures(const CapacityMaterial &material, Period period, int binSeconds, CapacityAnswer &answer);

} // namespace perunit
