// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/selection.h"
#include "model/report/comparison_report.h"

#include <vector>

namespace perunit {

/// What is compared at the moment: the reference first, then the baseline and the scenarios that are not left out and
/// can be evaluated, in the order of the workspace. Empty when the reference cannot be evaluated.
std::vector<ComparedScenario> comparedScenarios(const ScenarioOutcomes &outcomes, const Selection &selection);

/// The outcomes alone, for figures and tables.
std::vector<Outcome> outcomesOf(const std::vector<ComparedScenario> &compared);

} // namespace perunit
