// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/report/comparison_report.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// The comparison report of scenarios with everything in it, the same for window and command line. Bridges and loads
/// are computed here: run it in a job. Errors: those of bridge(), and Cancelled.
Result<ReportDocument> scenarioReport(const std::string &workspaceName, const std::shared_ptr<const Baseline> &baseline,
                                      const std::vector<ComparedScenario> &compared, const std::string &unitName,
                                      const std::stop_token &stop);

} // namespace perunit
