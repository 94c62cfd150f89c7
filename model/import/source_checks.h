// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/outcome.h"
#include "model/store/workspace_store.h"

#include <stop_token>
#include <vector>

namespace perunit {

/// What may be wrong with the sources of a workspace as a whole: periods that two of them cover, and damaged ones that
/// were left out. Every figure made of them carries these checks.
Result<std::vector<OutcomeCheck>> sourceChecks(const WorkspaceStore &store, std::stop_token stop);

} // namespace perunit
