// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/workspace_state.h"

#include "app/document/three_way_merge.h"
#include "model/import/price_sheet.h"
#include "model/ledger/budget.h"
#include "model/scenario/scenario_file.h"
#include "pricing/catalogue/catalogue_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view scenarioKind = "scenario";
constexpr std::string_view unitKind = "unit";
constexpr std::string_view catalogueKind = "catalogue";
constexpr std::string_view settingsKind = "settings";
constexpr std::string_view baselineName = "baseline";
constexpr std::string_view mappingsName = "model-mappings";
constexpr std::string_view overlaysName = "price-overlays";

/// Largest text file that is read whole: catalogues and scenarios are far below it.
constexpr std::uintmax_t largestTextFile = 64 * 1024 * 1024;

std::string writeMappings(const std::vector<ModelMapping> &mappings)
{
    Json list = Json::array();
    for (const ModelMapping &mapping : mappings)
        list.push_back({{"provider", mapping.provider},
                        {"model", mapping.model},
                        {"to_provider", mapping.target.provider},
                        {"to_model", mapping.target.model}});
    return list.dump(1);
}

Result<std::vector<ModelMapping>> readMappings(const std::string &text)
{
    try {
        std::vector<ModelMapping> result;
        for (const Json &entry : Json::parse(text))
            result.push_back({entry.at("provider").get<std::string>(),
                              entry.at("model").get<std::string>(),
                              {entry.at("to_provider").get<std::string>(), entry.at("to_model").get<std::string>()}});
        return result;
    } catch (const Json::exception &failure) {
        return Error{ErrorCode::BadInput, failure.what(), "model mappings of the workspace", ""};
    }
}

std::string writeCatalogueDocument(const AddedCatalogue &catalogue)
{
    Json heldBack = Json::array();
    for (const ModelKey &key : catalogue.heldBack)
        heldBack.push_back({{"provider", key.provider}, {"model", key.model}});
    const bool always = catalogue.effectiveFrom == alwaysBefore;
    Json json{{"effective_from", always ? Json(nullptr) : Json(formatInstant(catalogue.effectiveFrom))},
              {"held_back", heldBack},
              {"text", *catalogue.text}};
    if (!catalogue.mapping.empty())
        json["mapping"] = catalogue.mapping;
    return json.dump();
}

/// JSON is a catalogue of some format, everything else a price sheet; the text of a sheet becomes UTF-8, since a
/// workspace keeps no other.
Result<CatalogueImport> readCatalogueOrSheet(std::string &text, const std::string &file,
                                             const CatalogueOptions &options, const std::string &mapping)
{
    if (looksLikeJson(text)) {
        if (!mapping.empty())
            return Error{ErrorCode::BadInput, "a mapping is for price sheets, and this is JSON", "mapping",
                         "leave it out"};
        return readCatalogue(text, file, options);
    }
    auto sheet = priceSheetText(text);
    if (!sheet)
        return sheet.error();
    text = std::move(*sheet);
    if (mapping.empty())
        return readPriceSheet(text, file, options);
    const auto parsed = parsePriceSheetMapping(mapping);
    if (!parsed)
        return parsed.error().in("mapping");
    return readPriceSheet(text, file, options, *parsed);
}

Result<AddedCatalogue> readCatalogueDocument(const WorkspaceStore::Document &document)
{
    try {
        const Json json = Json::parse(document.content);
        // Null: for the whole ledger. Some files say so with the earliest instant there is, in a year before our era.
        const Json &stored = json.at("effective_from");
        const bool always = stored.is_null() || stored.get<std::string>().starts_with('-');
        const auto from = always ? Result<Instant>(alwaysBefore) : parseInstant(stored.get<std::string>());
        if (!from)
            return from.error().in("catalogue " + document.name);
        auto catalogue = readAddedCatalogueText(json.at("text").get<std::string>(), document.name, *from,
                                                json.value("mapping", std::string()));
        if (!catalogue)
            return catalogue.error().in("catalogue " + document.name);
        if (json.contains("held_back")) {
            for (const Json &key : json.at("held_back"))
                catalogue->heldBack.push_back(
                    {key.at("provider").get<std::string>(), key.at("model").get<std::string>()});
        }
        return catalogue;
    } catch (const Json::exception &failure) {
        return Error{ErrorCode::BadInput, failure.what(), "catalogue " + document.name, ""};
    }
}

std::vector<WorkspaceStore::Document> scenarioDocuments(const ScenarioSet &set)
{
    std::vector<WorkspaceStore::Document> result;
    for (const Scenario &scenario : set.scenarios)
        result.push_back({scenario.id, writeScenario(scenario)});
    return result;
}

std::vector<WorkspaceStore::Document> unitDocuments(const std::vector<EconomicUnit> &units)
{
    std::vector<WorkspaceStore::Document> result;
    for (const EconomicUnit &unit : units)
        result.push_back({unit.name, writeUnit(unit)});
    return result;
}

std::vector<WorkspaceStore::Document> catalogueDocuments(const std::vector<AddedCatalogue> &catalogues)
{
    std::vector<WorkspaceStore::Document> result;
    for (const AddedCatalogue &catalogue : catalogues)
        result.push_back({catalogue.file, writeCatalogueDocument(catalogue)});
    return result;
}

} // namespace

std::vector<SharedBaseline::Document> sharedDocuments(const WorkspaceState &state)
{
    std::vector<SharedBaseline::Document> result;
    const auto add = [&result](std::string_view kind, const std::vector<WorkspaceStore::Document> &documents) {
        for (const WorkspaceStore::Document &each : documents)
            result.push_back({std::string(kind), each.name, each.content});
    };
    add(catalogueKind, catalogueDocuments(state.catalogues));
    add(unitKind, unitDocuments(state.units));
    add(settingsKind, {{std::string(baselineName), writeBaselineSettings(state.settings)}});
    if (!state.modelMappings.empty())
        add(settingsKind, {{std::string(mappingsName), writeMappings(state.modelMappings)}});
    if (!state.overlays.empty())
        add(settingsKind, {{std::string(overlaysName), writeOverlays(state.overlays)}});
    return result;
}

bool isSharedKind(std::string_view kind)
{
    return kind == catalogueKind || kind == unitKind || kind == settingsKind;
}

const EconomicUnit *WorkspaceState::unit(std::string_view name) const
{
    const auto found = std::find_if(units.begin(), units.end(), [name](const auto &unit) { return unit.name == name; });
    return found == units.end() ? nullptr : &*found;
}

Result<WorkspaceState> readState(const WorkspaceStore &store)
{
    WorkspaceState state;
    const auto scenarios = store.documents(scenarioKind);
    if (!scenarios)
        return scenarios.error();
    for (const auto &document : *scenarios) {
        auto scenario = readScenario(document.content, "scenario " + document.name);
        if (!scenario)
            return scenario.error();
        state.scenarios.scenarios.push_back(std::move(*scenario));
    }
    const auto units = store.documents(unitKind);
    if (!units)
        return units.error();
    for (const auto &document : *units) {
        auto unit = readUnit(document.content, "unit " + document.name);
        if (!unit)
            return unit.error();
        state.units.push_back(std::move(*unit));
    }
    const auto catalogues = store.documents(catalogueKind);
    if (!catalogues)
        return catalogues.error();
    for (const auto &document : *catalogues) {
        auto catalogue = readCatalogueDocument(document);
        if (!catalogue)
            return catalogue.error();
        state.catalogues.push_back(std::move(*catalogue));
    }
    const auto settings = store.document(settingsKind, baselineName);
    if (!settings)
        return settings.error();
    if (settings->has_value()) {
        auto read = readBaselineSettings(**settings);
        if (!read)
            return read.error().in("baseline settings");
        state.settings = *read;
    }
    const auto mappings = store.document(settingsKind, mappingsName);
    if (!mappings)
        return mappings.error();
    if (mappings->has_value()) {
        auto read = readMappings(**mappings);
        if (!read)
            return read.error();
        state.modelMappings = std::move(*read);
    }
    const auto overlays = store.document(settingsKind, overlaysName);
    if (!overlays)
        return overlays.error();
    if (overlays->has_value()) {
        auto read = readOverlays(**overlays);
        if (!read)
            return read.error().in("price overlays of the workspace");
        state.overlays = std::move(*read);
    }
    auto budgets = store.documents(budgetKind);
    if (!budgets)
        return budgets.error();
    state.budgets = std::move(*budgets);
    const auto dimensions = store.documents(dimensionsKind);
    if (!dimensions)
        return dimensions.error();
    if (!dimensions->empty()) {
        auto read = parseDimensionRules(dimensions->front().content);
        if (!read)
            return read.error().in("dimensions of the workspace");
        state.dimensions = std::move(*read);
    }
    const auto sources = store.sources();
    if (!sources)
        return sources.error();
    for (const Source &source : *sources)
        state.sources[source.id] = {source.active, source.role};
    return state;
}

namespace {

using Documents = std::vector<WorkspaceStore::Document>;

/// Writes what changed of a kind. Others (a window, a command at night) may have written to the file since it was read;
/// what they did to other things stays.
Status writeDocuments(WorkspaceStore &store, std::string_view kind, const Documents &before, const Documents &after)
{
    return store.changeDocuments(kind, [&](const Documents &present) {
        return merged(before, after, present, [](const WorkspaceStore::Document &each) { return each.name; });
    });
}

Result<std::vector<PriceOverlay>> overlaysBeside(const WorkspaceState &before, const WorkspaceState &after,
                                                 const std::string &present)
{
    const auto theirs = readOverlays(present);
    if (!theirs)
        return theirs.error().in("price overlays of the workspace");
    auto overlays =
        merged(before.overlays, after.overlays, *theirs, [](const PriceOverlay &each) { return each.name; });
    if (auto status = checkOverlays(overlays); !status)
        return status.error();
    return overlays;
}

Result<std::vector<ModelMapping>> mappingsBeside(const WorkspaceState &before, const WorkspaceState &after,
                                                 const std::string &present)
{
    const auto theirs = readMappings(present);
    if (!theirs)
        return theirs.error();
    return merged(before.modelMappings, after.modelMappings, *theirs,
                  [](const ModelMapping &each) { return std::pair(each.provider, each.model); });
}

/// The settings as they shall be, of which some are lists that others may have added to.
Result<Documents> settingsBeside(const WorkspaceState &before, const WorkspaceState &after, const Documents &present)
{
    Documents result = present;
    const auto slot = [&result](std::string_view name) -> WorkspaceStore::Document & {
        const auto known =
            std::find_if(result.begin(), result.end(), [name](const auto &each) { return each.name == name; });
        return known != result.end() ? *known : result.emplace_back(WorkspaceStore::Document{std::string(name), {}});
    };
    if (before.settings != after.settings)
        slot(baselineName).content = writeBaselineSettings(after.settings);
    if (before.modelMappings != after.modelMappings) {
        std::string &content = slot(mappingsName).content;
        const auto mappings = mappingsBeside(before, after, content.empty() ? "[]" : content);
        if (!mappings)
            return mappings.error();
        content = writeMappings(*mappings);
    }
    if (before.overlays != after.overlays) {
        std::string &content = slot(overlaysName).content;
        const auto overlays = overlaysBeside(before, after, content.empty() ? "[]" : content);
        if (!overlays)
            return overlays.error();
        content = writeOverlays(*overlays);
    }
    return result;
}

} // namespace

Status writeState(WorkspaceStore &store, const WorkspaceState &before, const WorkspaceState &after)
{
    if (before.scenarios != after.scenarios) {
        if (auto status = writeDocuments(store, scenarioKind, scenarioDocuments(before.scenarios),
                                         scenarioDocuments(after.scenarios));
            !status)
            return status;
    }
    if (before.units != after.units) {
        if (auto status = writeDocuments(store, unitKind, unitDocuments(before.units), unitDocuments(after.units));
            !status)
            return status;
    }
    if (before.catalogues != after.catalogues) {
        if (auto status = writeDocuments(store, catalogueKind, catalogueDocuments(before.catalogues),
                                         catalogueDocuments(after.catalogues));
            !status)
            return status;
    }
    if (before.settings != after.settings || before.modelMappings != after.modelMappings
        || before.overlays != after.overlays) {
        if (auto status = store.changeDocuments(
                settingsKind, [&](const Documents &present) { return settingsBeside(before, after, present); });
            !status)
            return status;
    }
    if (before.budgets != after.budgets) {
        if (auto status = writeDocuments(store, budgetKind, before.budgets, after.budgets); !status)
            return status;
    }
    if (before.dimensions != after.dimensions) {
        Documents documents;
        if (!after.dimensions.isEmpty())
            documents.push_back({"rules", writeDimensionRules(after.dimensions)});
        if (auto status = store.replaceDocuments(dimensionsKind, documents); !status)
            return status;
    }
    // What goes before what comes: two sources with the same content may not count at the same time.
    for (const bool active : {false, true}) {
        for (const auto &[id, setting] : after.sources) {
            const auto known = before.sources.find(id);
            if (setting.active != active || (known != before.sources.end() && known->second.active == active))
                continue;
            if (auto status = store.setSourceActive(id, active); !status)
                return status;
        }
    }
    for (const auto &[id, setting] : after.sources) {
        const auto known = before.sources.find(id);
        if (known != before.sources.end() && known->second.role == setting.role)
            continue;
        if (auto status = store.setSourceRole(id, setting.role); !status)
            return status;
    }
    return {};
}

namespace {

/// The catalogue without the models that are held back.
std::shared_ptr<const Catalogue> usedPartOf(const AddedCatalogue &added)
{
    if (added.heldBack.empty())
        return added.content;
    auto part = std::make_shared<Catalogue>(*added.content);
    std::erase_if(part->models, [&added](const CatalogueModel &model) {
        return std::find(added.heldBack.begin(), added.heldBack.end(), model.key) != added.heldBack.end();
    });
    return part;
}

} // namespace

std::vector<std::shared_ptr<const Catalogue>> catalogueLayers(const WorkspaceState &state)
{
    // The bundled catalogue lives as long as the program; nothing is to be deleted.
    std::vector<std::shared_ptr<const Catalogue>> layers{{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}};
    for (const AddedCatalogue &catalogue : state.catalogues)
        layers.push_back(usedPartOf(catalogue));
    return layers;
}

std::shared_ptr<const PriceBook> priceBookFor(const WorkspaceState &state)
{
    return std::make_shared<const PriceBook>(catalogueLayers(state), state.modelMappings, state.overlays);
}

EvaluationRequest requestFor(const WorkspaceState &state, std::string_view scenarioId, std::vector<std::string> groupBy)
{
    EvaluationRequest request;
    request.scenarioId = scenarioId;
    const Scenario *scenario = state.scenarios.find(scenarioId);
    request.name = scenario ? scenario->name : "Baseline";
    if (scenario)
        request.levers = state.scenarios.effectiveLevers(scenarioId);
    request.units = state.units;
    request.groupBy = std::move(groupBy);
    return request;
}

bool looksLikeJson(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return first == std::string::npos || text[first] == '{' || text[first] == '[';
}

Result<AddedCatalogue> readAddedCatalogueText(std::string text, std::string file, Instant effectiveFrom,
                                              const std::string &mapping)
{
    auto read = readCatalogueOrSheet(text, file, {effectiveFrom}, mapping);
    if (!read)
        return read.error();
    AddedCatalogue result;
    result.file = std::move(file);
    result.effectiveFrom = effectiveFrom;
    result.format = read->format;
    result.why = read->why;
    result.dated = read->dated;
    result.mapping = mapping;
    result.issues = std::make_shared<const std::vector<CatalogueIssue>>(std::move(read->issues));
    result.content = std::make_shared<const Catalogue>(std::move(read->catalogue));
    result.text = std::make_shared<const std::string>(std::move(text));
    return result;
}

Result<AddedCatalogue> readAddedCatalogue(const std::string &path, Instant effectiveFrom, const std::string &mapping)
{
    auto text = readTextFile(path);
    if (!text)
        return text.error();
    auto catalogue = readAddedCatalogueText(std::move(*text), fileNameOf(path), effectiveFrom, mapping);
    if (!catalogue)
        return catalogue.error().in(path);
    return catalogue;
}

void putCatalogue(WorkspaceState &state, AddedCatalogue catalogue)
{
    std::erase_if(state.catalogues, [&catalogue](const auto &known) { return known.file == catalogue.file; });
    state.catalogues.push_back(std::move(catalogue));
}

void putUnit(WorkspaceState &state, const EconomicUnit &unit)
{
    const auto found = std::find_if(state.units.begin(), state.units.end(),
                                    [&unit](const auto &known) { return known.name == unit.name; });
    if (found != state.units.end())
        *found = unit;
    else
        state.units.push_back(unit);
}

std::string addScenarioChain(WorkspaceState &state, std::vector<Scenario> chain)
{
    std::map<std::string, std::string> newIds;
    std::string last;
    for (Scenario &scenario : chain) {
        if (const auto parent = newIds.find(scenario.parent); parent != newIds.end())
            scenario.parent = parent->second;
        const Scenario *known = state.scenarios.find(scenario.id);
        if (known && *known == scenario) {
            last = scenario.id;
            continue;
        }
        const std::string original = scenario.id;
        if (known || scenario.id.empty())
            scenario.id = freeScenarioId(state.scenarios);
        newIds[original] = scenario.id;
        scenario.name = freeScenarioName(state.scenarios, scenario.name);
        last = scenario.id;
        state.scenarios.scenarios.push_back(std::move(scenario));
    }
    return last;
}

Result<std::string> readTextFile(const std::string &path)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure)
        return Error{ErrorCode::NotFound, "the file cannot be read: " + failure.message(), path, ""};
    if (size > largestTextFile)
        return Error{ErrorCode::BadInput, "the file is larger than 64 MB", path, "drop ledgers as CSV instead"};
    std::ifstream file(path, std::ios::binary);
    std::string content(static_cast<std::size_t>(size), '\0');
    if (!file.read(content.data(), static_cast<std::streamsize>(size)))
        return Error{ErrorCode::Io, "the file cannot be read", path, ""};
    return content;
}

Status writeTextFile(const std::string &path, std::string_view content)
{
    const std::string temporary = path + ".part";
    {
        std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
        file.write(content.data(), static_cast<std::streamsize>(content.size()));
        file.flush();
        if (!file) {
            std::remove(temporary.c_str());
            return Error{ErrorCode::Io, "the file cannot be written", path, "check free space and permissions"};
        }
    }
    std::error_code failure;
    std::filesystem::rename(temporary, path, failure);
    if (failure) {
        std::remove(temporary.c_str());
        return Error{ErrorCode::Io, "the file cannot be written: " + failure.message(), path, ""};
    }
    return {};
}

std::string fileNameOf(const std::string &path)
{
    return std::filesystem::path(path).filename().string();
}

std::map<std::string, std::vector<std::pair<std::string, std::int64_t>>> dimensionValues(const Workload &workload,
                                                                                         std::size_t mostPerDimension)
{
    std::map<std::string, std::vector<std::pair<std::string, std::int64_t>>> result;
    for (const DimensionColumn &column : workload.dimensions) {
        if (isUnitDimension(column.name) && column.dictionary.size() > mostPerDimension)
            continue;
        std::vector<std::int64_t> rows(column.dictionary.size(), 0);
        for (const std::uint32_t id : column.ids)
            ++rows[id];
        auto &values = result[column.name];
        for (std::size_t id = 1; id < rows.size(); ++id) {
            if (rows[id] > 0)
                values.emplace_back(column.dictionary.text(static_cast<std::uint32_t>(id)), rows[id]);
        }
        std::stable_sort(values.begin(), values.end(),
                         [](const auto &a, const auto &b) { return a.second > b.second; });
        if (values.size() > mostPerDimension)
            values.resize(mostPerDimension);
    }
    return result;
}

} // namespace perunit
