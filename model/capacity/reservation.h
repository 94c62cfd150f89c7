// SPDX-License-Identifier: GPL-3.0-or-later
// Reservations against what is deployed: coverage, waste, several models in one reservation (levers.md §2.7 to §2.9).
#pragma once

#include "model/capacity/optimum.h"

#include <cstdint>
#include <string>
#include <vector>

namespace perunit {

/// How one reservation meets the units deployed in an hour.
struct Coverage {
    std::int64_t covered = 0;
    std::int64_t hourly = 0; ///< deployed above the reservation: charged by the hour
    std::int64_t unused = 0; ///< reserved and not deployed: lost
};
Coverage coverage(std::int64_t reserved, const std::vector<std::int64_t> &deployed);

/// Unit-hours of units that were deployed for some minutes of an hour, in sixtieths.
Int128 unitMinutes(std::int64_t units, std::int64_t minutes);

/// One deployment of a model for the waste lines.
struct Deployment {
    std::string model;
    std::int64_t units = 0;
    PartsPerMillion utilisation = 0;
    Femto spillCost;
};
/// Where the money of a reservation goes that buys nothing. Four lines; they overlap with nothing.
struct Waste {
    std::int64_t unallocatedUnits = 0;
    Femto unallocated; ///< reserved, not deployed
    Femto idle;        ///< deployed, not used
    std::int64_t uncoveredUnits = 0;
    Femto uncovered; ///< deployed above the reservation, at the hourly price
    Femto spilled;   ///< pay-as-you-go beside the units
};
/// `reservedFemto` and `hourlyFemto`: of one unit over the horizon.
Waste waste(std::int64_t reserved, const std::vector<Deployment> &deployed, Int128 reservedFemto, Int128 hourlyFemto);

/// A model that shares a reservation.
struct PortfolioModel {
    std::string model;
    const LoadCurve *curve = nullptr;
    SizeGrid grid;
};
struct PortfolioShare {
    std::string model;
    std::int64_t units = 0;
    Femto spillCost;
    Femto alone; ///< cost of its own optimum at the reserved price
};
struct Portfolio {
    std::int64_t reserved = 0; ///< units of the reservation
    std::int64_t used = 0;     ///< of them and of hourly units together
    std::vector<PortfolioShare> shares;
    Femto fixedCost; ///< of the reservation and of hourly units
    Femto spillCost;
    [[nodiscard]] Femto cost() const { return fixedCost + spillCost; }
};
/// Splits `reserved` units among models so that spill costs least; goes on with hourly units while they save more than
/// they cost (`hourlyFemto` 0: none are sold). Exact: greedy on marginal savings for every set of active models, so
/// that minimum sizes do not mislead it. Errors: BadInput for more than twelve models or different steps.
Result<Portfolio> splitReservation(const std::vector<PortfolioModel> &models, std::int64_t reserved,
                                   const UnitCost &reservedCost, Int128 hourlyFemto);
/// The reservation that costs least together with its best split. Every unit has the same price, so that each model
/// takes its own optimum; hourly units that run as long cost more and never help.
Result<Portfolio> bestReservation(const std::vector<PortfolioModel> &models, const UnitCost &reservedCost);

/// How many units to reserve when what is deployed changes by the hour: the (1 - reserved price ÷ hourly price of all
/// hours) quantile of the deployed units (levers.md §2.7).
std::int64_t reservedForHours(std::vector<std::int64_t> deployedByHour, Int128 reservedFemto, Int128 hourlyFemto);

} // namespace perunit
