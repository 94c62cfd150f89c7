// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What one lever saves. A negative saving costs more.
struct SavingsItem {
    std::string leverId;
    std::string label;
    std::string setBy;            ///< scenario of the lever
    Femto alone;                  ///< of the total, when it is the only one
    Femto marginal;               ///< given all items above it: these sum to the joint saving
    Femto after;                  ///< total with this item and all above it
    std::optional<Femto> shapley; ///< averaged over all orders; these sum to the joint saving as well
};

/// The levers of a scenario as a list of savings that do not overlap.
struct SavingsList {
    Femto before; ///< total without any of them
    Femto after;  ///< total with all of them
    [[nodiscard]] Femto joint() const { return before - after; }
    /// Largest first: each item is the one that saves most given those above it; ties in the order of the pipeline.
    std::vector<SavingsItem> items;
    /// Sum of what each saves alone, less the joint saving: what a list of single savings would promise too much.
    Femto overlap;
    std::string whyNoShapley;               ///< for people; empty when there are Shapley parts
    std::vector<OutcomeCheck> failedChecks; ///< of the outcome with all of them
    /// Tokens without a price, without and with all of them. Where they differ some cost is only seen, or no longer
    /// seen, and the savings are wrong by it.
    std::int64_t unpricedBefore = 0;
    std::int64_t unpricedAfter = 0;
    int evaluations = 0;
};

/// Savings of the candidates that are switched on, on top of levers that are there anyway. Errors: those of evaluate(),
/// with the levers that were applied; NotFound when nothing has a price; Cancelled.
Result<SavingsList> savingsList(const Baseline &baseline, const std::vector<EffectiveLever> &anyway,
                                const std::vector<EffectiveLever> &candidates, std::stop_token stop);

} // namespace perunit
