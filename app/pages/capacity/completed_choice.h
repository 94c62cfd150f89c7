// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_sizing.h"
#include "app/pages/capacity/sizable_models.h"
#include "app/shell/capacity_choice.h"

#include <optional>
#include <vector>

namespace perunit {

/// The choice with everything that was left open or is not to be had filled in: the first model, its first offer (else
/// the first that asks for a figure of the user), the last of its terms. An offer that stays empty: nothing is offered
/// for the model. No value without any model.
std::optional<CapacityChoice> completedChoice(const Baseline &baseline, const std::vector<SizableModel> &models,
                                              CapacityChoice choice);

/// What is asked for a complete choice, with the figures of the user. Units that the levers have already are no part of
/// what is sized.
CapacityWish capacityWish(std::shared_ptr<const Baseline> baseline, std::vector<EffectiveLever> levers,
                          const CapacityChoice &choice, Instant today);

} // namespace perunit
