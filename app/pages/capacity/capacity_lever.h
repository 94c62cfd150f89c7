// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_state.h"

#include <cstdint>
#include <string>

namespace perunit {

/// A size to put into a scenario.
struct SizeToUse {
    std::string model; ///< "provider/model"
    std::string offer;
    std::string term;
    std::int64_t units = 0;
    /// The scenario finds as many as cost least by itself, also when its other levers change.
    bool keepOptimal = false;
};

/// Sets the provisioned lever of a model in a scenario, or adds one; an inherited one is overridden. What else it says
/// (start, note, owner) stays.
void useSize(WorkspaceState &state, const std::string &scenarioId, const SizeToUse &size);

/// A new scenario below `parent` (empty: the baseline) with the size; returns its id.
std::string addSizeScenario(WorkspaceState &state, const std::string &name, const std::string &parent,
                            const SizeToUse &size);

/// The provisioned lever that is in charge of a model in a scenario; null when there is none.
const Lever *poolOf(const std::vector<EffectiveLever> &levers, const std::string &model);

} // namespace perunit
