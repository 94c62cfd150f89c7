// SPDX-License-Identifier: GPL-3.0-or-later
// A question about capacity with everything that the catalogues and the user know about its offer.
#pragma once

#include "model/capacity/capacity_study.h"

#include <string>
#include <vector>

namespace perunit {

/// What is to be sized. The offer and throughput are copies with what the user knows better.
struct CapacitySetup {
    ModelIndex model;
    ProvisionedOffer offer;
    ProvisionedThroughput throughput;
    ProvisionedTerm term;
    bool moneyIsLoad = false; ///< units are dollars a minute
    bool endpoint = false;
    std::vector<CapacityFlag> flags;

    [[nodiscard]] SizeGrid grid() const;
    [[nodiscard]] SizeGrid outputGrid() const;
    /// Input and output are bought apart: two curves.
    [[nodiscard]] bool isSplit() const { return offer.separateOutputUnits; }
    /// The engine can say the same, minute by minute.
    [[nodiscard]] bool engineKnows(const CapacityQuestion &question) const
    {
        return question.binSeconds == 60 && !moneyIsLoad && !endpoint && !isSplit();
    }
};

/// Whether the units of both serve the same load, so that nothing but their price and the sizes in which they are sold
/// differs.
bool serveAlike(const CapacitySetup &a, const CapacitySetup &b);

/// When units that are bought for a scenario of the baseline begin, and whose facts therefore hold: with its first month,
/// as those of a provisioned lever that names no other.
Instant unitsBegin(const Baseline &baseline);

/// Facts are those of `at`. Errors: those of studyCapacity().
Result<CapacitySetup> setUpCapacity(const PriceBook &book, const CapacityQuestion &question, Instant at);

/// Id of the offer that stands for replicas of one's own.
inline constexpr std::string_view endpointOffer = "gpu-endpoint";

} // namespace perunit
