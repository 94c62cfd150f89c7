// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_state.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

// Edits of scenarios as functions on the state; whoever calls them makes one undoable step of the result.

/// Adds an empty scenario below `parent` (empty: the baseline); returns its id.
std::string addScenario(WorkspaceState &state, const std::string &name, const std::string &parent);

/// Adds a scenario on the baseline in which a model ("provider/model") serves all requests of the scope; returns its
/// id.
std::string addRoutingScenario(WorkspaceState &state, const std::string &name, const Scope &scope,
                               const std::string &model);

/// Adds a copy with the same parent and its own levers; returns its id, or an empty one when `id` is unknown.
std::string duplicateScenario(WorkspaceState &state, const std::string &id);

/// Gives a scenario another name, made unique. False when nothing changed.
bool renameScenario(WorkspaceState &state, const std::string &id, const std::string &name);

/// The scenario and everything derived from it, outermost first.
std::vector<std::string> scenarioAndDerived(const ScenarioSet &set, const std::string &id);

/// Removes a scenario and everything derived from it.
void removeScenario(WorkspaceState &state, const std::string &id);

/// Sets a lever in a scenario: replaces its own lever of this id, or overrides the inherited one.
void setLever(WorkspaceState &state, const std::string &scenarioId, const Lever &lever);

/// Removes a scenario's own lever; an inherited one of the same id shows again. False when it has none.
bool removeLever(WorkspaceState &state, const std::string &scenarioId, const std::string &leverId);

/// The lever of this id that the scenario would inherit without its own one; null when there is none.
const Lever *inheritedLever(const WorkspaceState &state, const std::string &scenarioId, const std::string &leverId);

/// Name of the scenario that inheritedLever() comes from; empty when there is none.
std::string inheritedFrom(const WorkspaceState &state, const std::string &scenarioId, const std::string &leverId);

/// The lever and parameter that an error of evaluate() speaks of ("lever 'batch-1', share"); nothing when it names
/// none.
std::optional<LeverProblem> leverProblemOf(const Error &error);

/// A new lever of a kind that does something sensible for this ledger: its targets are models that it uses and sizes
/// that can be bought. `ledger` may be null.
Lever proposedLever(const WorkspaceState &state, const std::string &scenarioId, LeverKind kind, const PriceBook &book,
                    const Baseline *ledger);

} // namespace perunit
