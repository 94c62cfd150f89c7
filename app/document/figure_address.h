// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/explain_cell.h"

#include <string>

namespace perunit {

/// Names a figure that the window shows: in which outcome it stands, and where.
struct FigureAddress {
    bool ofHistory = false; ///< the whole ledger at the prices of its own time; false: an outcome of a scenario
    std::string scenarioId; ///< empty: the baseline
    Cell cell;
};

} // namespace perunit
