// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/figure_response.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// How far one assumption of a scenario may move before the comparison with another scenario turns.
struct KillNumber {
    LeverParameter parameter;
    std::string leverLabel;
    std::int64_t present = 0;
    /// The other scenario has the very same lever (inherited from the same scenario): it moves in both, because it is
    /// one assumption.
    bool inBoth = false;
    /// One direction. Without a value the comparison never turns within the limits of the number.
    struct Turn {
        std::optional<std::int64_t> value; ///< the first value at which the comparison turns
        std::optional<FigureValue> first;  ///< figures of both scenarios there
        std::optional<FigureValue> second;
        std::int64_t limit = 0; ///< as far as was looked
        /// (value − present) ÷ |present| in parts per million, rounded half to even; none when the present value is 0.
        std::optional<std::int64_t> margin;
    };
    Turn down;
    Turn up;
    std::string problem; ///< why nothing could be said; empty when something could
};

struct KillNumbers {
    OutcomeFigure figure;
    FigureValue first;
    FigureValue second;
    /// The first is lower than the second at present. When it is not, turning means that it becomes so.
    bool firstIsLower = false;
    std::vector<KillNumber> rows; ///< by the smallest margin; those that never turn last
    FigureRemarks firstRemarks;
    FigureRemarks secondRemarks;
    int evaluations = 0;
};

/// Each number of each lever of the first scenario that is switched on, alone. A scenario beats another when its figure
/// is lower; equal figures beat nobody. Errors: those of the scenarios as they are, Cancelled.
Result<KillNumbers> killNumbers(const Baseline &baseline, const EvaluationRequest &first,
                                const EvaluationRequest &second, const OutcomeFigure &figure,
                                const EvaluationProgress &progress, std::stop_token stop);

} // namespace perunit
