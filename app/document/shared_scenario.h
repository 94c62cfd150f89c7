// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_state.h"
#include "model/scenario/scenario_file.h"

#include <stop_token>
#include <string>
#include <string_view>

namespace perunit {

/// A scenario with its parents and its origin, as it is saved. An unknown id has no scenarios.
ScenarioFile scenarioFileOf(const WorkspaceState &state, std::string_view scenarioId, const PriceBook &book,
                            const Ledger *ledger);

/// The same with everything that a colleague needs who has no ledger: the baseline added up, prices, terms of contracts
/// and units. Errors: those of shareBaseline().
Result<ScenarioFile> sharedScenario(const WorkspaceState &state, const Baseline &baseline, std::string_view scenarioId,
                                    std::stop_token stop);

/// Fills an empty workspace with what a shared scenario carries. Errors: NotFound when it carries no baseline, and
/// those of readSharedBaseline(); then nothing was written.
Status takeInShared(WorkspaceStore &store, const ScenarioFile &file);

/// Reads a scenario file; errors name it.
Result<ScenarioFile> readScenarioAt(const std::string &path);

} // namespace perunit
