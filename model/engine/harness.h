// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "model/scenario/scenario.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// Harness charges that agree in every dimension, by month of the baseline period.
struct HarnessGroup {
    std::map<std::string, std::string> dimensions; ///< only those that have a value
    std::vector<Money> months;

    /// A dimension without a value is the empty text; most scopes therefore leave such charges out.
    [[nodiscard]] bool matches(const Scope &scope) const;
    [[nodiscard]] const std::string &text(const std::string &dimension) const;
};

/// The harness charges of a baseline. Charges keep their amount under all levers.
struct Harness {
    std::vector<HarnessGroup> groups; ///< in the order of their dimensions
    std::size_t outsideCharges = 0;   ///< charges without any part inside the period
    Money outsideAmount;              ///< of all charges, what lies outside
    std::size_t withoutAmount = 0;    ///< charges that say no cost at all
};

/// What a charge costs: effective, else billed, else contracted, else list.
std::optional<Money> amountOf(const ChargeRow &charge);

/// Everything of an amount up to an instant when it is spread evenly over the period of its charge. Differences of it
/// are parts that sum to the amount exactly.
Money amountUpTo(const ChargeRow &charge, Money amount, Instant at);

/// The dimensions that a charge has, with their values: charges that agree in all of them are one group.
std::map<std::string, std::string> harnessDimensions(const ChargeRow &charge);

/// Cuts the charges to the months. A charge over several months, or partly outside the period, is spread
/// evenly over its time; the parts are rounded to 10^-24 so that they sum to the charge exactly.
Harness harnessOf(const std::vector<ChargeRow> &charges, const std::vector<Period> &months);

} // namespace perunit
