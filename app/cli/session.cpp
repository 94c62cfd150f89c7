// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/session.h"

#include "app/document/file_kind.h"
#include "app/document/shared_scenario.h"
#include "model/import/source_checks.h"
#include "model/scenario/scenario_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace perunit {

namespace {

/// Unpacks a shared scenario to where it can be read like a workspace, for as long as the command runs.
Result<std::string> unpack(const std::string &path, std::shared_ptr<void> &guard)
{
    const auto file = readScenarioAt(path);
    if (!file)
        return file.error();
    std::error_code failed;
    const auto folder = std::filesystem::temp_directory_path(failed);
    if (failed)
        return Error{ErrorCode::Io, failed.message(), path, "set TMPDIR to a folder that can be written"};
    // A folder of its own: nothing of another run is there, and nobody else can look into it.
    std::string own = (folder / "perunit-shared-XXXXXX").string();
    if (!::mkdtemp(own.data()))
        return Error{ErrorCode::Io, std::strerror(errno), own, "set TMPDIR to a folder that can be written"};
    guard = std::shared_ptr<void>(nullptr, [own](void *) {
        std::error_code ignored;
        std::filesystem::remove_all(own, ignored);
    });
    const std::string unpacked = own + "/shared.perunit";
    auto store = WorkspaceStore::open(unpacked, WorkspaceStore::Mode::OpenOrCreate);
    if (!store)
        return store.error();
    if (auto status = takeInShared(**store, *file); !status)
        return status.error().in(path);
    return unpacked;
}

} // namespace

Result<Session> openSession(const std::string &path, bool create)
{
    Session session;
    session.path = path;
    std::error_code ignored;
    std::string workspace = path;
    if (kindOfFile(path) == FileKind::Scenario) {
        auto unpacked = unpack(path, session.unpacked);
        if (!unpacked)
            return unpacked.error();
        workspace = std::move(*unpacked);
    }
    if (create && !std::filesystem::exists(path, ignored)) {
        session.book = priceBookFor(session.state);
        return session;
    }
    auto store = WorkspaceStore::open(workspace, WorkspaceStore::Mode::ReadOnly);
    if (!store)
        return store.error();
    auto state = readState(**store);
    if (!state)
        return state.error().in(path);
    session.book = priceBookFor(*state);
    session.store = std::move(*store);
    session.state = std::move(*state);
    return session;
}

Result<WritableWorkspace> openForWriting(const std::string &path)
{
    if (kindOfFile(path) == FileKind::Scenario)
        return Error{ErrorCode::Conflict, "a shared scenario can only be read", path,
                     "make a workspace of it with 'perunit scenario import'"};
    auto lock = WorkspaceLock::acquire(path, "a perunit command", writerPatience);
    if (!lock)
        return lock.error();
    std::error_code ignored;
    const bool created = !std::filesystem::exists(path, ignored);
    auto store = WorkspaceStore::open(path, WorkspaceStore::Mode::OpenOrCreate);
    if (!store)
        return store.error();
    return WritableWorkspace{std::move(*lock), std::move(*store), created};
}

void discard(WritableWorkspace workspace)
{
    const std::string path = workspace.store->path();
    workspace.store.reset();
    if (!workspace.created)
        return;
    for (const char *suffix : {"", "-wal", "-shm"})
        std::remove((path + suffix).c_str());
}

Status saveSession(Session &session, const WorkspaceState &next)
{
    if (next == session.state)
        return {};
    auto workspace = openForWriting(session.path);
    if (!workspace)
        return workspace.error();
    if (auto status = writeState(*workspace->store, session.state, next); !status) {
        discard(std::move(*workspace));
        return status;
    }
    session.state = next;
    return {};
}

Result<WantedScenario> findScenario(const Session &session, const std::string &argument)
{
    std::error_code ignored;
    if (std::filesystem::is_regular_file(argument, ignored)) {
        auto file = readScenarioAt(argument);
        if (!file)
            return file.error();
        const ScenarioSet set{file->chain};
        return WantedScenario{file->chain.back().name, set.effectiveLevers(file->chain.back().id)};
    }
    const ScenarioSet &set = session.state.scenarios;
    const Scenario *scenario = set.findByName(argument);
    if (!scenario)
        scenario = set.find(argument);
    if (scenario)
        return WantedScenario{scenario->name, set.effectiveLevers(scenario->id)};
    std::string known;
    for (const Scenario &each : set.scenarios)
        known += (known.empty() ? "'" : ", '") + each.name + "'";
    return Error{ErrorCode::NotFound, "there is no scenario file or scenario of this name", argument,
                 known.empty() ? "the workspace has no scenarios; give a *.perunit-scenario file"
                               : "the workspace has " + known};
}

Result<Evaluated> evaluateWanted(const Session &session, const std::vector<std::string> &scenarios,
                                 const std::string &unitName, const std::vector<std::string> &groupBy)
{
    Evaluated result;
    EvaluationRequest base;
    base.name = "Baseline";
    base.groupBy = groupBy;
    if (unitName.empty()) {
        base.units = session.state.units;
    } else {
        const EconomicUnit *unit = session.state.unit(unitName);
        if (!unit)
            return Error{ErrorCode::NotFound, "the workspace has no unit '" + unitName + "'", "",
                         "see 'perunit unit list'"};
        base.units = {*unit};
    }
    result.requests.push_back(base);
    for (const std::string &argument : scenarios) {
        auto wanted = findScenario(session, argument);
        if (!wanted)
            return wanted.error();
        EvaluationRequest request = base;
        request.scenarioId = argument;
        request.name = wanted->name;
        request.levers = std::move(wanted->levers);
        result.requests.push_back(std::move(request));
    }

    auto ledger = session.store->readLedger({});
    if (!ledger)
        return ledger.error();
    result.ledger = std::make_shared<const Ledger>(std::move(*ledger));
    for (const std::string &dimension : groupBy) {
        if (!result.ledger->workload->dimension(dimension)) {
            std::string known;
            for (const DimensionColumn &column : result.ledger->workload->dimensions)
                known += (known.empty() ? "" : ", ") + column.name;
            return Error{ErrorCode::NotFound, "the ledger has no dimension '" + dimension + "'", "--by",
                         "it has " + known};
        }
    }
    auto baseline = Baseline::build(*result.ledger, session.book, session.state.settings, {});
    if (!baseline)
        return baseline.error();
    result.baseline = *baseline;
    const auto checks = sourceChecks(*session.store, {});
    if (!checks)
        return checks.error();
    for (const EvaluationRequest &request : result.requests) {
        auto outcome = evaluate(*result.baseline, request, {});
        if (!outcome)
            return outcome.error().in("scenario '" + request.name + "'");
        outcome->checks.insert(outcome->checks.end(), checks->begin(), checks->end());
        result.outcomes.push_back(std::move(*outcome));
    }
    return result;
}

} // namespace perunit
