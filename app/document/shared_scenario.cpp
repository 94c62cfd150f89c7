// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/shared_scenario.h"

#include "model/share/shared_baseline.h"

#include <algorithm>

namespace perunit {

ScenarioFile scenarioFileOf(const WorkspaceState &state, std::string_view scenarioId, const PriceBook &book,
                            const Ledger *ledger)
{
    ScenarioFile file;
    for (const Scenario *layer : state.scenarios.chain(scenarioId))
        file.chain.push_back(*layer);
    file.origin = {ledger ? ledger->digest : std::string(), book.digest(), std::string(engineVersion)};
    return file;
}

Result<ScenarioFile> sharedScenario(const WorkspaceState &state, const Baseline &baseline, std::string_view scenarioId,
                                    std::stop_token stop)
{
    ScenarioFile file = scenarioFileOf(state, scenarioId, baseline.book(), &baseline.ledger());
    std::vector<std::vector<EffectiveLever>> levers;
    for (const Scenario &layer : file.chain)
        levers.push_back(state.scenarios.effectiveLevers(layer.id));
    auto shared = shareBaseline(baseline, levers, state.units, usualSharedRows, std::move(stop));
    if (!shared)
        return shared.error();
    // A unit that was left out names somebody.
    WorkspaceState carried = state;
    std::erase_if(carried.units, [&shared](const EconomicUnit &unit) {
        return std::none_of(shared->units.begin(), shared->units.end(),
                            [&unit](const SharedBaseline::Units &each) { return each.unit == unit; });
    });
    carried.settings = shared->settings;
    shared->documents = sharedDocuments(carried);
    file.profile = writeSharedBaseline(*shared);
    return file;
}

Status takeInShared(WorkspaceStore &store, const ScenarioFile &file)
{
    if (file.profile.empty())
        return Error{ErrorCode::NotFound, "the scenario carries no baseline", "",
                     "open it in a workspace with the ledger it was made from, or ask for a shared one"};
    auto shared = readSharedBaseline(file.profile);
    if (!shared)
        return shared.error();
    for (const SharedBaseline::Document &document : shared->documents) {
        if (!isSharedKind(document.kind))
            return Error{ErrorCode::BadInput, "a shared scenario carries no '" + document.kind + "'",
                         "/profile/documents", ""};
    }
    for (const SharedBaseline::Document &document : shared->documents) {
        if (auto status = store.putDocument(document.kind, document.name, document.content); !status)
            return status;
    }
    const auto before = readState(store);
    if (!before)
        return before.error();
    // The bundled prices do not travel: those of another version come to other numbers, and every outcome says so.
    if (!file.origin.catalogueDigest.empty() && file.origin.catalogueDigest != priceBookFor(*before)->digest())
        shared->leftOut.push_back(
            "prices that its author counted with and this program has not: totals may differ from "
            "those of the author");
    if (auto status = store.putDocument(sharedBaselineKind, "baseline", writeSharedBaseline(*shared)); !status)
        return status;
    WorkspaceState after = *before;
    addScenarioChain(after, file.chain);
    return writeState(store, *before, after);
}

Result<ScenarioFile> readScenarioAt(const std::string &path)
{
    const auto text = readTextFile(path);
    if (!text)
        return text.error();
    return readScenarioFile(*text, fileNameOf(path));
}

} // namespace perunit
