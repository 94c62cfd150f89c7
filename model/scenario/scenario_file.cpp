// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/scenario_file.h"

#include "model/scenario/json_tree.h"
#include "pricing/base/decimal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view formatName = "perunit-scenario";
constexpr std::int64_t formatVersion = 1;
constexpr std::int64_t mostRampMonths = 120;

Error wrong(std::string what, std::string where, std::string remedy = {})
{
    return {ErrorCode::BadInput, std::move(what), std::move(where), std::move(remedy)};
}

// Writing ---------------------------------------------------------------------------------------------------

std::string dumped(const Json &json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json parametersJson(const Lever &lever)
{
    Json json = Json::object();
    for (const ParameterSpec &spec : leverSpec(lever.kind).parameters) {
        const std::string name(spec.name);
        if (!isNumeric(spec.unit)) {
            if (const auto found = lever.texts.find(name); found != lever.texts.end())
                json[name] = found->second;
        } else if (const auto found = lever.numbers.find(name); found != lever.numbers.end()) {
            const int decimals = decimalsOf(spec.unit);
            if (decimals == 0)
                json[name] = found->second;
            else
                json[name] = formatDecimal(found->second, decimals);
        }
    }
    return json;
}

Json leverJson(const Lever &lever)
{
    Json json;
    json["id"] = lever.id;
    json["kind"] = std::string(leverSpec(lever.kind).name);
    if (!lever.scope.isEverything())
        json["scope"] = lever.scope.conditions;
    json["parameters"] = parametersJson(lever);
    if (lever.start)
        json["start"] = lever.start->text();
    if (lever.rampMonths != 0)
        json["ramp_months"] = lever.rampMonths;
    if (!lever.enabled)
        json["enabled"] = false;
    if (!lever.note.empty())
        json["note"] = lever.note;
    if (!lever.owner.empty())
        json["owner"] = lever.owner;
    if (!lever.grade.empty())
        json["grade"] = lever.grade;
    return json;
}

Json scenarioJson(const Scenario &scenario)
{
    Json json;
    json["id"] = scenario.id;
    json["name"] = scenario.name;
    if (!scenario.parent.empty())
        json["parent"] = scenario.parent;
    if (!scenario.note.empty())
        json["note"] = scenario.note;
    Json levers = Json::array();
    for (const Lever &lever : scenario.levers)
        levers.push_back(leverJson(lever));
    json["levers"] = std::move(levers);
    return json;
}

// Reading ---------------------------------------------------------------------------------------------------

Status readParameter(const JsonTree &tree, const ParameterSpec &spec, const std::string &path, Lever &lever)
{
    const std::string name(spec.name);
    if (!isNumeric(spec.unit)) {
        if (tree.kind != JsonTree::Kind::String)
            return wrong("must be a text", path);
        const auto &choices = spec.choices;
        if (!choices.empty() && !tree.text.empty()
            && std::find(choices.begin(), choices.end(), tree.text) == choices.end())
            return wrong("'" + tree.text + "' is not one of its values", path);
        lever.texts[name] = tree.text;
        return {};
    }
    const int scale = decimalsOf(spec.unit);
    const auto value = exactDecimal(tree, scale, path);
    if (!value)
        return value.error();
    if (*value < spec.minimum || *value > spec.maximum)
        return wrong("must be from " + formatDecimal(spec.minimum, scale) + " to " + formatDecimal(spec.maximum, scale),
                     path);
    lever.numbers[name] = static_cast<std::int64_t>(*value);
    return {};
}

Status readParameters(const JsonTree &tree, const std::string &path, Lever &lever)
{
    if (tree.kind != JsonTree::Kind::Object)
        return wrong("must be an object", path);
    const LeverSpec &spec = leverSpec(lever.kind);
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
        const std::string place = path + "/" + tree.keys[i];
        const ParameterSpec *parameter = spec.parameter(tree.keys[i]);
        if (!parameter)
            return wrong("a " + std::string(spec.name) + " lever has no parameter '" + tree.keys[i] + "'", place);
        if (auto status = readParameter(tree.items[i], *parameter, place, lever); !status)
            return status;
    }
    return {};
}

Status readStart(const std::string &text, const std::string &path, Lever &lever)
{
    const auto day = text.size() == 7 ? parseInstant(text + "-01") : Result<Instant>(wrong("", ""));
    if (!day)
        return wrong("'" + text + "' is not a month", path, "write it like 2026-10");
    lever.start = monthOf(*day);
    return {};
}

Result<Lever> readLever(const JsonTree &tree, const std::string &path)
{
    auto reader = JsonObjectReader::of(tree, path);
    if (!reader)
        return reader.error();
    Lever lever;
    std::string kind;
    std::string start;
    std::int64_t ramp = 0;
    for (const Status &status :
         {reader->text("id", lever.id, true), reader->text("kind", kind, true), reader->text("start", start),
          reader->whole("ramp_months", ramp, 0, mostRampMonths), reader->flag("enabled", lever.enabled),
          reader->text("note", lever.note), reader->text("owner", lever.owner), reader->text("grade", lever.grade)}) {
        if (!status)
            return status.error();
    }
    const auto known = leverKindNamed(kind);
    if (!known)
        return wrong("there is no lever of kind '" + kind + "'", reader->pathOf("kind"));
    lever.kind = *known;
    lever.rampMonths = static_cast<int>(ramp);
    if (!start.empty()) {
        if (auto status = readStart(start, reader->pathOf("start"), lever); !status)
            return status.error();
    }
    if (const JsonTree *scope = reader->take("scope")) {
        auto read = readScope(*scope, reader->pathOf("scope"));
        if (!read)
            return read.error();
        lever.scope = std::move(*read);
    }
    if (const JsonTree *parameters = reader->take("parameters")) {
        if (auto status = readParameters(*parameters, reader->pathOf("parameters"), lever); !status)
            return status.error();
    }
    if (auto status = reader->finish(); !status)
        return status.error();
    return lever;
}

/// The members of a scenario; others are left for the caller to know.
Result<Scenario> readScenarioMembers(JsonObjectReader &reader)
{
    Scenario scenario;
    for (const Status &status : {reader.text("id", scenario.id, true), reader.text("name", scenario.name, true),
                                 reader.text("parent", scenario.parent), reader.text("note", scenario.note)}) {
        if (!status)
            return status.error();
    }
    if (const JsonTree *levers = reader.take("levers")) {
        if (levers->kind != JsonTree::Kind::Array)
            return wrong("must be a list", reader.pathOf("levers"));
        std::set<std::string> ids;
        for (std::size_t i = 0; i < levers->items.size(); ++i) {
            const std::string place = reader.pathOf("levers") + "/" + std::to_string(i);
            auto lever = readLever(levers->items[i], place);
            if (!lever)
                return lever.error();
            if (!ids.insert(lever->id).second)
                return wrong("two levers have the id '" + lever->id + "'", place + "/id");
            scenario.levers.push_back(std::move(*lever));
        }
    }
    return scenario;
}

Result<Scenario> readScenarioTree(const JsonTree &tree, const std::string &path)
{
    auto reader = JsonObjectReader::of(tree, path);
    if (!reader)
        return reader.error();
    auto scenario = readScenarioMembers(*reader);
    if (!scenario)
        return scenario.error();
    if (auto status = reader->finish(); !status)
        return status.error();
    return scenario;
}

Status readOrigin(const JsonTree &tree, ScenarioOrigin &origin)
{
    auto reader = JsonObjectReader::of(tree, "/origin");
    if (!reader)
        return reader.error();
    for (const Status &status :
         {reader->text("ledger_digest", origin.ledgerDigest), reader->text("catalogue_digest", origin.catalogueDigest),
          reader->text("engine_version", origin.engineVersion)}) {
        if (!status)
            return status;
    }
    return reader->finish();
}

/// Adds a scenario behind its parent.
Status append(std::vector<Scenario> &chain, Scenario scenario, const std::string &path)
{
    const std::string expected = chain.empty() ? std::string() : chain.back().id;
    if (scenario.parent != expected)
        return wrong(expected.empty() ? "the first scenario of a file must not have a parent"
                                      : "must be the scenario before it, '" + expected + "'",
                     path + "/parent", "put the parents of a scenario into the file, outermost first");
    const bool known =
        std::any_of(chain.begin(), chain.end(), [&](const Scenario &earlier) { return earlier.id == scenario.id; });
    if (known)
        return wrong("two scenarios have the id '" + scenario.id + "'", path + "/id");
    chain.push_back(std::move(scenario));
    return {};
}

Status readChain(const JsonTree &scenarios, const std::string &path, std::vector<Scenario> &chain)
{
    if (scenarios.kind != JsonTree::Kind::Array)
        return wrong("must be a list of scenarios", path);
    for (std::size_t i = 0; i < scenarios.items.size(); ++i) {
        const std::string place = path + "/" + std::to_string(i);
        auto scenario = readScenarioTree(scenarios.items[i], place);
        if (!scenario)
            return scenario.error();
        if (auto status = append(chain, std::move(*scenario), place); !status)
            return status;
    }
    return {};
}

/// A list of scenarios, or, written by hand, one scenario with its `parents`.
Status readScenarios(JsonObjectReader &reader, std::vector<Scenario> &chain)
{
    if (const JsonTree *scenarios = reader.take("scenarios")) {
        if (scenarios->items.empty())
            return wrong("must be a list of at least one scenario", "/scenarios");
        return readChain(*scenarios, "/scenarios", chain);
    }
    if (const JsonTree *parents = reader.take("parents")) {
        if (auto status = readChain(*parents, "/parents", chain); !status)
            return status;
    }
    auto scenario = readScenarioMembers(reader);
    if (!scenario)
        return scenario.error();
    return append(chain, std::move(*scenario), "");
}

Result<ScenarioFile> readFileTree(const JsonTree &tree)
{
    auto reader = JsonObjectReader::of(tree, "");
    if (!reader)
        return reader.error();
    std::string format;
    std::int64_t version = 0;
    if (auto status = reader->text("format", format, true); !status)
        return status.error();
    if (format != formatName)
        return wrong("this is not a Perunit scenario", "/format");
    if (!reader->take("version"))
        return wrong("is missing", "/version");
    if (auto status = reader->whole("version", version, 1, std::numeric_limits<std::int64_t>::max()); !status)
        return status.error();
    if (version > formatVersion)
        return Error{ErrorCode::Unsupported, "the scenario was written by a newer version of Perunit", "/version",
                     "update Perunit to open it"};
    ScenarioFile file;
    if (const JsonTree *origin = reader->take("origin")) {
        if (auto status = readOrigin(*origin, file.origin); !status)
            return status.error();
    }
    if (const JsonTree *profile = reader->take("profile")) {
        if (profile->kind != JsonTree::Kind::Object)
            return wrong("must be an object", "/profile");
        file.profile = jsonText(*profile);
    }
    if (auto status = readScenarios(*reader, file.chain); !status)
        return status.error();
    if (auto status = reader->finish(); !status)
        return status.error();
    return file;
}

} // namespace

std::string writeScenarioFile(const ScenarioFile &file)
{
    Json json;
    json["format"] = std::string(formatName);
    json["version"] = formatVersion;
    json["origin"] = {{"ledger_digest", file.origin.ledgerDigest},
                      {"catalogue_digest", file.origin.catalogueDigest},
                      {"engine_version", file.origin.engineVersion}};
    Json scenarios = Json::array();
    for (const Scenario &scenario : file.chain)
        scenarios.push_back(scenarioJson(scenario));
    json["scenarios"] = std::move(scenarios);
    if (!file.profile.empty())
        json["profile"] = Json::parse(file.profile, nullptr, false);
    return dumped(json);
}

Result<ScenarioFile> readScenarioFile(std::string_view json, std::string_view fileName)
{
    const auto tree = parseJsonTree(json);
    if (!tree)
        return tree.error().in(fileName);
    auto file = readFileTree(*tree);
    if (!file)
        return file.error().in(fileName);
    return file;
}

std::string writeScenario(const Scenario &scenario)
{
    return dumped(scenarioJson(scenario));
}

Result<Scenario> readScenario(std::string_view json, std::string_view where)
{
    const auto tree = parseJsonTree(json);
    if (!tree)
        return tree.error().in(where);
    auto scenario = readScenarioTree(*tree, "");
    if (!scenario)
        return scenario.error().in(where);
    return scenario;
}

} // namespace perunit
