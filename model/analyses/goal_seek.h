// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/figure_response.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

struct GoalSeekRequest {
    EvaluationRequest scenario;
    std::string parameter; ///< "ID.PARAMETER", see findParameter()
    FigureTarget target;
    /// Limits of the search inside those of the parameter.
    std::optional<std::int64_t> lowest;
    std::optional<std::int64_t> highest;
};

/// The value of a number of a lever at which a figure is as wanted.
struct GoalSeekResult {
    LeverParameter parameter;
    FigureTarget target;
    FigureAt present; ///< as the scenario is
    bool reached = false;
    /// The value closest to the present one that meets the target exactly; none when it was not reached.
    std::optional<FigureAt> answer;
    /// Its neighbour on the side of the present value, which does not meet it: the proof that no value between is
    /// closer. None when the present value meets the target.
    std::optional<FigureAt> justNot;
    /// The target is met by all values that were looked at from here to there, the answer among them, and by none of
    /// the two neighbours outside.
    std::optional<std::int64_t> metFrom;
    std::optional<std::int64_t> metTo;
    /// Not reached: the best there is. A figure that shall be equal has the two neighbours around it, closest first.
    std::vector<FigureAt> nearest;
    /// Checks of the outcome at the answer, or at the best value, that failed.
    std::vector<OutcomeCheck> failedChecks;
    int evaluations = 0;
};

/// Errors: NotFound and BadInput for parameters, figures and limits that do not exist, Cancelled, and the reason when
/// no value at all can be evaluated.
Result<GoalSeekResult> goalSeek(const Baseline &baseline, const GoalSeekRequest &request,
                                const EvaluationProgress &progress, std::stop_token stop);

} // namespace perunit
