// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/report/comparison_report.h"

#include <memory>
#include <stop_token>
#include <vector>

namespace perunit {

/// What a report says of reserved units: one part for every provisioned lever of the compared scenarios, empty without
/// any. A part that cannot be studied says why. Loads are studied here: run it in a job. `today` is for the age of
/// facts. Errors: Cancelled.
Result<std::vector<ReportBlock>> capacitySection(const std::shared_ptr<const Baseline> &baseline,
                                                 const std::vector<ComparedScenario> &compared, Instant today,
                                                 const std::stop_token &stop);

} // namespace perunit
