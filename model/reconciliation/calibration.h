// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/reconciliation/reconciliation.h"

#include <array>
#include <string>
#include <vector>

namespace perunit {

/// What one line says about the prices that were really paid.
struct PriceObservation {
    std::string provider;
    std::string model; ///< empty: several together
    Month month;
    std::int64_t requests = 0;
    Femto priced;
    Money unexplained; ///< what no rule but another price explains
    Money rounding;    ///< by which the bill may be off on either side
    std::array<bool, usageClassCount> costs{};
};

/// Offers an overlay for every provider, else for every model, whose lines agree on one factor (README.md).
std::vector<PriceOverlay> calibrationFor(const std::vector<PriceObservation> &observations,
                                         const std::vector<PriceOverlay> &known, const std::string &currency);

} // namespace perunit
