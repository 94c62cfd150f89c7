// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"
#include "model/report/comparison_report.h"

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// Everything a comparison report needs, with one bridge from the first of `compared` to each of the others.
/// The bridges are computed here: run it in a job.
Result<ComparisonInput> comparisonInput(std::string workspaceName, const Baseline &baseline,
                                        std::vector<ComparedScenario> compared, const std::string &unitName,
                                        std::stop_token stop);

/// Bridge from one set of levers to another: exact shares of all orders, or in pipeline order when there are too
/// many levers for that.
Result<Bridge> bestBridge(const Baseline &baseline, const EvaluationRequest &from, const EvaluationRequest &to,
                          std::stop_token stop);

} // namespace perunit
