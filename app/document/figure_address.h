// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/explain_cell.h"

#include <optional>
#include <string>

namespace perunit {

/// Names a figure that the window shows: in which outcome it stands, and where.
struct FigureAddress {
    bool ofHistory = false; ///< the whole ledger at the prices of its own time; false: an outcome of a scenario
    std::string scenarioId; ///< empty: the baseline
    Cell cell;
    /// What a lever changes on the way from one outcome to `scenarioId`: a part of a bridge. `cell` says nothing then.
    struct BridgeStep {
        std::string fromId; ///< empty: the baseline
        std::string leverId;
        bool operator==(const BridgeStep &) const = default;
    };
    std::optional<BridgeStep> step;
    bool operator==(const FigureAddress &) const = default;
};

} // namespace perunit
