// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/outcome_figure.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// One figure of two outcomes. A side without a value does not know it; then there is no difference.
struct FigureDifference {
    OutcomeFigure figure;
    std::optional<Int128> first; ///< in the steps of FigureValue::rounded()
    std::optional<Int128> second;
    /// First less second. The cost of one unit is rounded once, as the exact difference of two fractions.
    std::optional<Int128> difference;
};

/// An outcome less another one, figure by figure.
struct OutcomeDifference {
    std::string first;
    std::string second;
    std::string currency;
    FigureDifference total;
    std::vector<FigureDifference> components; ///< of all kinds, in their order
    std::vector<FigureDifference> months;     ///< of either, in order of time
    std::vector<FigureDifference> groups;     ///< largest difference first
    std::vector<FigureDifference> units;      ///< cost of one, in the order of the first
    std::vector<FigureDifference> usage;      ///< token classes and events that occur in either
    std::int64_t unpricedFirst = 0;           ///< tokens that are in no amount of the first
    std::int64_t unpricedSecond = 0;
};

/// The first less the second. Groups are compared in dimensions by which both are broken down; a value that one of them
/// does not have costs nothing there. Months that only one of them has are unknown in the other. Errors: Conflict when
/// the currencies differ, Overflow.
Result<OutcomeDifference> differenceOf(const Outcome &first, const Outcome &second);

} // namespace perunit
