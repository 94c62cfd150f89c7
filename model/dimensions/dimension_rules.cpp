// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dimensions/dimension_rules.h"

#include "model/scenario/json_tree.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace perunit {

namespace {

Error wrong(std::string what, std::string where)
{
    return {ErrorCode::BadInput, std::move(what), std::move(where), ""};
}

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

Status readTexts(const JsonTree *tree, const std::string &path, std::vector<std::string> &to)
{
    if (!tree)
        return {};
    if (tree->kind != JsonTree::Kind::Array)
        return wrong("must be a list of texts", path);
    for (const JsonTree &item : tree->items) {
        if (item.kind != JsonTree::Kind::String)
            return wrong("must be a text", path + "/" + std::to_string(to.size()));
        to.push_back(item.text);
    }
    return {};
}

Result<TagAlias> readAlias(const JsonTree &tree, const std::string &path)
{
    auto reader = JsonObjectReader::of(tree, path);
    if (!reader)
        return reader.error();
    TagAlias alias;
    if (auto status = reader->text("name", alias.name, true); !status)
        return status.error();
    if (auto status = readTexts(reader->take("keys"), reader->pathOf("keys"), alias.keys); !status)
        return status.error();
    if (const JsonTree *values = reader->take("values")) {
        if (values->kind != JsonTree::Kind::Object)
            return wrong("must be an object of values with their spellings", reader->pathOf("values"));
        for (std::size_t i = 0; i < values->keys.size(); ++i) {
            auto &entry = alias.values.emplace_back(values->keys[i], std::vector<std::string>());
            const std::string place = reader->pathOf("values") + "/" + values->keys[i];
            if (auto status = readTexts(&values->items[i], place, entry.second); !status)
                return status.error();
        }
    }
    if (auto status = reader->finish(); !status)
        return status.error();
    return alias;
}

Result<VirtualDimension> readDimension(const JsonTree &tree, const std::string &path)
{
    auto reader = JsonObjectReader::of(tree, path);
    if (!reader)
        return reader.error();
    VirtualDimension dimension;
    if (auto status = reader->text("name", dimension.name, true); !status)
        return status.error();
    if (auto status = reader->text("otherwise", dimension.otherwise); !status)
        return status.error();
    const JsonTree *cases = reader->take("cases");
    if (!cases || cases->kind != JsonTree::Kind::Array || cases->items.empty())
        return wrong("must be a list of at least one case", reader->pathOf("cases"));
    for (const JsonTree &item : cases->items) {
        const std::string place = reader->pathOf("cases") + "/" + std::to_string(dimension.cases.size());
        auto one = JsonObjectReader::of(item, place);
        if (!one)
            return one.error();
        VirtualDimension::Case read;
        if (auto status = one->text("value", read.value, true); !status)
            return status.error();
        const JsonTree *when = one->take("when");
        if (!when)
            return wrong("is missing", one->pathOf("when"));
        auto conditions = readScope(*when, one->pathOf("when"));
        if (!conditions)
            return conditions.error();
        if (conditions->conditions.empty())
            return wrong("must name at least one dimension; use 'otherwise' for the rest", one->pathOf("when"));
        read.when = std::move(conditions->conditions);
        if (auto status = one->finish(); !status)
            return status.error();
        dimension.cases.push_back(std::move(read));
    }
    if (auto status = reader->finish(); !status)
        return status.error();
    return dimension;
}

/// Names that requests have without any rule.
bool isOwnDimension(std::string_view name)
{
    constexpr std::array<std::string_view, 15> names{
        "provider",    "service", "model",   "region",   "deployment", "tier",     "status",         "workload",
        "environment", "team",    "feature", "customer", "session",    "document", "prompt_template"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

Status checkAliases(const std::vector<TagAlias> &tags)
{
    std::map<std::string, std::string> meaning;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const std::string place = "/tags/" + std::to_string(i);
        std::vector<std::string> keys = tags[i].keys;
        if (!isTagTarget(tags[i].name))
            keys.push_back(tags[i].name);
        for (const std::string &key : keys) {
            const std::string folded = foldedTagKey(key);
            if (folded.empty())
                return wrong("a tag has no name", place);
            const auto [known, isNew] = meaning.emplace(folded, tags[i].name);
            if (!isNew && known->second != tags[i].name)
                return wrong("the tag '" + key + "' already means '" + known->second + "'", place);
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (tags[j].name == tags[i].name)
                return wrong("'" + tags[i].name + "' is said twice", place + "/name");
        }
    }
    return {};
}

Status checkDimensions(const std::vector<VirtualDimension> &dimensions)
{
    std::set<std::string> taken;
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        const std::string place = "/dimensions/" + std::to_string(i);
        const std::string &name = dimensions[i].name;
        if (isOwnDimension(name) || name.starts_with("tag:"))
            return wrong("'" + name + "' is a dimension of the requests themselves; choose another name",
                         place + "/name");
        if (!taken.insert(name).second)
            return wrong("'" + name + "' is defined twice", place + "/name");
        for (const VirtualDimension::Case &one : dimensions[i].cases) {
            for (const auto &[dimension, patterns] : one.when) {
                const bool later =
                    std::any_of(dimensions.begin() + static_cast<std::ptrdiff_t>(i), dimensions.end(),
                                [&dimension = dimension](const auto &other) { return other.name == dimension; });
                if (later)
                    return wrong("uses '" + dimension + "', which is defined later", place);
                if (!isOwnDimension(dimension) && !dimension.starts_with("tag:") && !taken.contains(dimension))
                    return wrong("uses '" + dimension + "', which is no dimension (tags are written tag:NAME)", place);
            }
        }
    }
    return {};
}

} // namespace

Result<DimensionRules> parseDimensionRules(std::string_view json)
{
    const auto tree = parseJsonTree(json);
    if (!tree)
        return tree.error();
    auto reader = JsonObjectReader::of(*tree, "");
    if (!reader)
        return reader.error();
    DimensionRules rules;
    const auto list = [&reader](std::string_view name, const auto &read, auto &to) -> Status {
        const JsonTree *items = reader->take(name);
        if (!items)
            return {};
        if (items->kind != JsonTree::Kind::Array)
            return wrong("must be a list", reader->pathOf(name));
        for (const JsonTree &item : items->items) {
            auto one = read(item, reader->pathOf(name) + "/" + std::to_string(to.size()));
            if (!one)
                return one.error();
            to.push_back(std::move(*one));
        }
        return {};
    };
    if (auto status = list("tags", readAlias, rules.tags); !status)
        return status.error();
    if (auto status = list("dimensions", readDimension, rules.dimensions); !status)
        return status.error();
    if (auto status = reader->finish(); !status)
        return status.error();
    if (auto status = checkAliases(rules.tags); !status)
        return status.error();
    if (auto status = checkDimensions(rules.dimensions); !status)
        return status.error();
    return rules;
}

std::string writeDimensionRules(const DimensionRules &rules)
{
    using Json = nlohmann::ordered_json;
    Json tags = Json::array();
    for (const TagAlias &alias : rules.tags) {
        Json values = Json::object();
        for (const auto &[value, patterns] : alias.values)
            values[value] = patterns;
        tags.push_back({{"name", alias.name}, {"keys", alias.keys}, {"values", std::move(values)}});
    }
    Json dimensions = Json::array();
    for (const VirtualDimension &dimension : rules.dimensions) {
        Json cases = Json::array();
        for (const VirtualDimension::Case &one : dimension.cases)
            cases.push_back({{"value", one.value}, {"when", one.when}});
        dimensions.push_back(
            {{"name", dimension.name}, {"cases", std::move(cases)}, {"otherwise", dimension.otherwise}});
    }
    return Json{{"tags", std::move(tags)}, {"dimensions", std::move(dimensions)}}.dump(2, ' ', false,
                                                                                       Json::error_handler_t::replace)
           + '\n';
}

bool fitsPattern(std::string_view text, std::string_view pattern)
{
    // The usual way with one place to come back to: after a star, the shortest match first.
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t back = 0;
    while (at < text.size()) {
        if (in < pattern.size() && pattern[in] == '*') {
            star = in++;
            back = at;
        } else if (in < pattern.size() && (pattern[in] == '?' || lowered(pattern[in]) == lowered(text[at]))) {
            ++in;
            // One character may have several bytes.
            ++at;
            while (pattern[in - 1] == '?' && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
                ++at;
        } else if (star != std::string_view::npos) {
            in = star + 1;
            at = ++back;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in) == std::string_view::npos;
}

std::string foldedTagKey(std::string_view key)
{
    for (const std::string_view prefix : {"resourceTags/", "resource_tags/", "user:", "user_"}) {
        if (key.starts_with(prefix) && key.size() > prefix.size())
            key.remove_prefix(prefix.size());
    }
    std::string folded;
    for (const char c : key) {
        const bool punctuation = c == ' ' || c == '\t' || c == '-' || c == '.' || c == '_' || c == '/' || c == ':';
        if (!punctuation)
            folded.push_back(lowered(c));
        else if (!folded.empty() && folded.back() != '_')
            folded.push_back('_');
    }
    while (!folded.empty() && folded.back() == '_')
        folded.pop_back();
    return folded;
}

bool isTagTarget(std::string_view dimension)
{
    return dimension == "workload" || dimension == "environment" || dimension == "team" || dimension == "feature"
           || dimension == "customer";
}

} // namespace perunit
