// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_state.h"
#include "model/store/workspace_lock.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace perunit {

/// How long a command waits for another program that writes to the workspace.
inline constexpr std::chrono::seconds writerPatience{5};

/// A workspace read by a command. It is open for reading only, so that a command that shows something works on every
/// medium, and beside a window that has the workspace open.
struct Session {
    std::string path;
    /// Removes the workspace that a shared scenario was unpacked to; goes after the store. Null for real workspaces.
    std::shared_ptr<void> unpacked;
    std::unique_ptr<WorkspaceStore> store; ///< null when the workspace does not exist yet
    WorkspaceState state;
    std::shared_ptr<const PriceBook> book;
};

/// Reads an existing workspace, or a shared scenario as if it were one. With `create`, one that does not exist is an
/// empty session: it comes into being with the first saveSession(), and not when a command fails.
Result<Session> openSession(const std::string &path, bool create);

/// A workspace open for writing, together with the right to do so.
struct WritableWorkspace {
    WorkspaceLock lock;
    std::unique_ptr<WorkspaceStore> store;
    bool created = false;
};
/// Opens a workspace for writing, or creates it. Errors: Conflict when another program has it open for writing longer
/// than writerPatience, Io when it cannot be written.
Result<WritableWorkspace> openForWriting(const std::string &path);
/// Removes a workspace that was just created and of which nothing came.
void discard(WritableWorkspace workspace);

/// Writes what differs from the state that was read; what other programs wrote since then stays.
Status saveSession(Session &session, const WorkspaceState &next);

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
