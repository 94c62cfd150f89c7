// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/scenario/scenario.h"

#include <cstdint>
#include <string>
#include <vector>

namespace perunit {

/// A model that may be sized, with the offers that can be calculated for it.
struct SizableModel {
    std::string name; ///< "provider/model"
    std::int64_t requests = 0;
    Femto cost;
    bool routedTo = false;               ///< named by a lever
    std::vector<std::string> offers;     ///< ids, the cheapest unit for what it serves first
    std::vector<std::string> askable;    ///< those that can be calculated once the user has stated what is not public
    std::vector<std::string> notOffered; ///< why the others that speak of it cannot be calculated

    /// Replicas of one's own can serve any model.
    [[nodiscard]] bool canBeSizedOn(const std::string &offer) const;
};

/// Models of the ledger and those that levers name, the dearest first; those that nothing is offered for last.
std::vector<SizableModel> sizableModels(const Baseline &baseline, const std::vector<EffectiveLever> &levers);

} // namespace perunit
