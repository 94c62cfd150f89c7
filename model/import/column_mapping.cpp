// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/importer.h"
#include "model/import/ledger_format.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace perunit {

namespace {

Error badMapping(std::string what)
{
    return {ErrorCode::BadInput, std::move(what), "", "write {\"columns\": {\"time\": \"created_at\", …}}"};
}

Result<std::map<std::string, std::string>> textMap(const nlohmann::json &json, const std::string &key)
{
    std::map<std::string, std::string> result;
    if (!json.contains(key))
        return result;
    if (!json[key].is_object())
        return badMapping("'" + key + "' is not an object");
    for (const auto &[name, value] : json[key].items()) {
        if (!value.is_string())
            return badMapping("'" + key + "." + name + "' is not a text");
        result[name] = value.get<std::string>();
    }
    return result;
}

Result<bool> flag(const nlohmann::json &json, const std::string &key)
{
    if (!json.contains(key))
        return false;
    if (!json[key].is_boolean())
        return badMapping("'" + key + "' is neither true nor false");
    return json[key].get<bool>();
}

/// One of two words; empty when the member is absent.
Result<std::string> answer(const nlohmann::json &json, const std::string &key,
                           std::initializer_list<std::string_view> words)
{
    if (!json.contains(key))
        return std::string();
    const std::string text = json[key].is_string() ? json[key].get<std::string>() : std::string();
    if (std::find(words.begin(), words.end(), text) == words.end())
        return badMapping("'" + key + "' is neither '" + std::string(*words.begin()) + "' nor '"
                          + std::string(*(words.begin() + 1)) + "'");
    return text;
}

Result<std::vector<std::string>> textList(const nlohmann::json &json, const std::string &key)
{
    std::vector<std::string> result;
    if (!json.contains(key))
        return result;
    if (!json[key].is_array())
        return badMapping("'" + key + "' is not a list of columns");
    for (const auto &value : json[key]) {
        if (!value.is_string())
            return badMapping("'" + key + "' is not a list of columns");
        result.push_back(value.get<std::string>());
    }
    return result;
}

template <typename Row>
void applyCommon(const std::map<std::string, std::string> &constants, Row &row)
{
    const auto put = [&constants](std::string_view name, std::string &field) {
        if (!field.empty())
            return;
        if (const auto found = constants.find(std::string(name)); found != constants.end())
            field = found->second;
    };
    put("provider", row.provider);
    put("service", row.service);
    put("model", row.model);
    put("region", row.region);
    put("workload", row.workload);
    put("environment", row.environment);
    put("team", row.team);
    put("feature", row.feature);
    put("customer", row.customer);
    if constexpr (std::is_same_v<Row, RequestRow>) {
        put("deployment", row.deployment);
        put("prompt_template", row.promptTemplate);
    }
}

} // namespace

Result<ColumnMapping> parseColumnMapping(std::string_view json)
{
    const auto document = nlohmann::json::parse(json, nullptr, false);
    if (document.is_discarded() || !document.is_object())
        return badMapping("the mapping is not a JSON object");
    for (const auto &[key, value] : document.items()) {
        if (key != "columns" && key != "input_includes_cache" && key != "output_excludes_reasoning"
            && key != "constants" && key != "decimal_mark" && key != "date_order" && key != "hash")
            return badMapping("'" + key + "' is not part of a mapping");
    }
    ColumnMapping mapping;
    auto columns = textMap(document, "columns");
    auto constants = textMap(document, "constants");
    auto includes = flag(document, "input_includes_cache");
    auto excludes = flag(document, "output_excludes_reasoning");
    if (!columns)
        return columns.error();
    if (!constants)
        return constants.error();
    if (!includes)
        return includes.error();
    if (!excludes)
        return excludes.error();
    auto decimalMark = answer(document, "decimal_mark", {"point", "comma"});
    auto dateOrder = answer(document, "date_order", {"month-first", "day-first"});
    if (!decimalMark)
        return decimalMark.error();
    if (!dateOrder)
        return dateOrder.error();
    auto hashed = textList(document, "hash");
    if (!hashed)
        return hashed.error();
    mapping.hashed = std::move(*hashed);
    mapping.decimalMark = std::move(*decimalMark);
    mapping.dateOrder = std::move(*dateOrder);
    mapping.columns = std::move(*columns);
    mapping.constants = std::move(*constants);
    mapping.inputIncludesCache = *includes;
    mapping.outputExcludesReasoning = *excludes;
    return mapping;
}

std::string writeColumnMapping(const ColumnMapping &mapping)
{
    nlohmann::ordered_json json;
    json["columns"] = nlohmann::ordered_json::object();
    for (const auto &[field, column] : mapping.columns)
        json["columns"][field] = column;
    json["input_includes_cache"] = mapping.inputIncludesCache;
    if (mapping.outputExcludesReasoning)
        json["output_excludes_reasoning"] = true;
    if (!mapping.decimalMark.empty())
        json["decimal_mark"] = mapping.decimalMark;
    if (!mapping.dateOrder.empty())
        json["date_order"] = mapping.dateOrder;
    if (!mapping.hashed.empty())
        json["hash"] = mapping.hashed;
    json["constants"] = nlohmann::ordered_json::object();
    for (const auto &[field, value] : mapping.constants)
        json["constants"][field] = value;
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void applyConstants(const std::map<std::string, std::string> &constants, RequestRow &row)
{
    applyCommon(constants, row);
}

void applyConstants(const std::map<std::string, std::string> &constants, ChargeRow &row)
{
    applyCommon(constants, row);
}

std::optional<ServiceTier> tierFromText(std::string_view text)
{
    const std::string word = normalisedName(text);
    const auto among = [&word](std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (among({"", "standard", "default", "auto", "ondemand", "message", "regular", "null", "none", "false", "0",
               "paygo", "payasyougo", "standardonly"}))
        return ServiceTier::Standard;
    if (among({"batch", "true", "1", "batchapi"}))
        return ServiceTier::Batch;
    if (among({"flex"}))
        return ServiceTier::Flex;
    if (among({"priority"}))
        return ServiceTier::Priority;
    if (among({"provisioned", "ptu", "scale", "gsu", "provisionedthroughput", "committed"}))
        return ServiceTier::Provisioned;
    return std::nullopt;
}

} // namespace perunit
