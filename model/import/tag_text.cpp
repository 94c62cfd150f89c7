// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/tag_text.h"

#include "model/import/mapping_suggestion.h"
#include "model/import/number_text.h"

#include <nlohmann/json.hpp>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

std::string valueText(const Json &value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append(Tags &tags, const std::string &key, const Json &value)
{
    if (!key.empty() && !isSensitiveColumn(normalisedName(key)))
        tags.emplace_back(key, valueText(value));
}

} // namespace

std::optional<Tags> parseTags(std::string_view text)
{
    text = trimmed(text);
    if (isNullWord(text))
        return Tags{};
    std::string braced;
    if (text.front() == '"') {
        braced = "{" + std::string(text) + "}";
        text = braced;
    }
    const Json json = Json::parse(text, nullptr, false);
    Tags tags;
    if (json.is_object()) {
        for (const auto &[key, value] : json.items())
            append(tags, key, value);
        return tags;
    }
    if (!json.is_array())
        return std::nullopt;
    for (const Json &entry : json) {
        if (!entry.is_object() || !entry.contains("key") || !entry["key"].is_string() || !entry.contains("value"))
            return std::nullopt;
        append(tags, entry["key"].get<std::string>(), entry["value"]);
    }
    return tags;
}

std::string_view dimensionOfTag(std::string_view key)
{
    const std::string name = normalisedName(key);
    if (name == "workload" || name == "aiworkload")
        return "workload";
    if (name == "environment" || name == "env")
        return "environment";
    for (const std::string_view same : {"team", "feature", "customer", "model"}) {
        if (name == same)
            return same;
    }
    return {};
}

} // namespace perunit
