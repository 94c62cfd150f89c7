// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dimensions/dimension_rules.h"
#include "model/engine/baseline.h"
#include "model/engine/evaluate.h"
#include "model/ledger/source.h"
#include "model/scenario/scenario.h"
#include "model/share/shared_baseline.h"
#include "model/store/workspace_store.h"
#include "model/units/economic_unit.h"
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/price_book.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// A price catalogue that the user added on top of the bundled one.
struct AddedCatalogue {
    std::string file;                         ///< name without folder; unique in the workspace
    Instant effectiveFrom;                    ///< from when prices without a date hold
    std::shared_ptr<const std::string> text;  ///< the file as it was; a price sheet as UTF-8
    std::string mapping;                      ///< JSON of the mapping of a price sheet; empty: suggested
    std::shared_ptr<const Catalogue> content; ///< the same, read
    std::shared_ptr<const std::vector<CatalogueIssue>> issues; ///< what was left out, and why
    std::string format;                                        ///< CatalogueFormat::name
    std::string why;                                           ///< what gave the format away
    bool dated = false;                                        ///< its prices carry dates of their own
    /// Models that keep the prices of the layers below, because those of this catalogue looked wrong.
    std::vector<ModelKey> heldBack;
    bool operator==(const AddedCatalogue &other) const
    {
        return file == other.file && effectiveFrom == other.effectiveFrom && heldBack == other.heldBack
               && mapping == other.mapping && content == other.content;
    }
};

/// What a user can set for one source; part of the undoable state.
struct SourceSetting {
    bool active = true;
    SourceRole role = SourceRole::Usage;
    bool operator==(const SourceSetting &) const = default;
};

/// Everything in a workspace that a user edits. A value: every edit makes a new one, undo swaps them.
struct WorkspaceState {
    ScenarioSet scenarios;
    std::vector<EconomicUnit> units;
    BaselineSettings settings;
    std::vector<AddedCatalogue> catalogues;
    std::vector<ModelMapping> modelMappings;
    DimensionRules dimensions;                     ///< how tags are put in order when the ledger is read
    std::vector<PriceOverlay> overlays;            ///< terms of contracts, in the order in which they apply
    std::vector<WorkspaceStore::Document> budgets; ///< lines of each file (writeBudget), by its name
    std::map<std::int64_t, SourceSetting> sources;
    bool operator==(const WorkspaceState &) const = default;

    [[nodiscard]] const EconomicUnit *unit(std::string_view name) const;
};

/// Reads the state of a workspace. Documents that cannot be read are an error that names them.
Result<WorkspaceState> readState(const WorkspaceStore &store);

/// Writes what differs between two states. What other processes have written to the file since `before` was read stays,
/// unless both changed the same thing.
Status writeState(WorkspaceStore &store, const WorkspaceState &before, const WorkspaceState &after);

/// The bundled catalogue with the added ones on top, without what is held back.
std::vector<std::shared_ptr<const Catalogue>> catalogueLayers(const WorkspaceState &state);
/// Those layers under the overlays of the workspace.
std::shared_ptr<const PriceBook> priceBookFor(const WorkspaceState &state);

/// What has to be evaluated for a scenario; an empty id is the baseline.
EvaluationRequest requestFor(const WorkspaceState &state, std::string_view scenarioId,
                             std::vector<std::string> groupBy = {});

/// Whether a catalogue is read as JSON (also one that holds nothing) and not as a table.
bool looksLikeJson(std::string_view text);

/// Reads a catalogue file for a workspace: JSON of any known format, or a price sheet. `effectiveFrom` is used for
/// sources without dates; `mapping` is the JSON of the mapping of a price sheet, empty for the suggested one. Errors
/// name the path and the place in the file.
Result<AddedCatalogue> readAddedCatalogue(const std::string &path, Instant effectiveFrom,
                                          const std::string &mapping = {});
Result<AddedCatalogue> readAddedCatalogueText(std::string text, std::string file, Instant effectiveFrom,
                                              const std::string &mapping = {});

/// Adds a catalogue on top of the others, in place of an earlier one from a file of the same name.
void putCatalogue(WorkspaceState &state, AddedCatalogue catalogue);
/// Adds a unit, or replaces the one of the same name.
void putUnit(WorkspaceState &state, const EconomicUnit &unit);
/// Adds the chain of a scenario file. Scenarios equal to ones that are there are shared, others get new ids and
/// names. Returns the id of the last one.
std::string addScenarioChain(WorkspaceState &state, std::vector<Scenario> chain);

/// Catalogues, units, settings and terms, as documents for a shared scenario; nothing of the ledger.
std::vector<SharedBaseline::Document> sharedDocuments(const WorkspaceState &state);
/// Whether documents of a kind are among those.
bool isSharedKind(std::string_view kind);

/// Whole content of a file, with a size limit that keeps a wrong drop from filling the memory.
Result<std::string> readTextFile(const std::string &path);
/// Writes a file so that the old one stays until the new one is complete.
Status writeTextFile(const std::string &path, std::string_view content);
std::string fileNameOf(const std::string &path);

/// Values of every groupable dimension of the workload with their share of requests, largest first.
std::map<std::string, std::vector<std::pair<std::string, std::int64_t>>> dimensionValues(const Workload &workload,
                                                                                         std::size_t mostPerDimension);

} // namespace perunit
