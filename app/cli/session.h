// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_state.h"

#include <memory>
#include <string>
#include <vector>

namespace perunit {

/// A workspace opened by a command, with everything read.
struct Session {
    std::unique_ptr<WorkspaceStore> store;
    WorkspaceState state;
    std::shared_ptr<const PriceBook> book;
};

/// Opens an existing workspace, or creates it when `create` is set.
Result<Session> openSession(const std::string &path, bool create);

/// Reads a file of overlays; errors name the file and the place in it.
Result<std::vector<PriceOverlay>> readOverlayFile(const std::string &path);

/// Error for an overlay of a file that names a provider or model which no catalogue of the book knows: misspelt, it
/// would change nothing and nobody would notice.
Status checkNames(const PriceBook &book, const PriceOverlay &overlay, const std::string &file);

/// A scenario to evaluate: from a file or by its name in the workspace.
struct WantedScenario {
    std::string name;
    std::vector<EffectiveLever> levers;
};

/// `argument` is the path of a scenario file or the name (or id) of a scenario of the workspace.
Result<WantedScenario> findScenario(const Session &session, const std::string &argument);

/// Outcomes of the baseline (first) and of the wanted scenarios.
struct Evaluated {
    std::shared_ptr<const Ledger> ledger;
    std::shared_ptr<const Baseline> baseline;
    std::vector<EvaluationRequest> requests;
    std::vector<Outcome> outcomes;
};

/// Evaluates the baseline and the scenarios named. `unitName` limits the units when it is not empty.
Result<Evaluated> evaluateWanted(const Session &session, const std::vector<std::string> &scenarios,
                                 const std::string &unitName, const std::vector<std::string> &groupBy);

} // namespace perunit
