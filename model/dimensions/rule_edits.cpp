// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dimensions/rule_edits.h"

#include <algorithm>

namespace perunit {

namespace {

/// Name of an alias: "team" for itself, "env" for "tag:env".
std::string aliasName(std::string_view dimension)
{
    return std::string(dimension.starts_with("tag:") ? dimension.substr(4) : dimension);
}

bool isSameName(const TagAlias &alias, std::string_view dimension)
{
    const bool tag = dimension.starts_with("tag:");
    // A tag that is called like a dimension fills that dimension; there is no alias for the tag beside it.
    return alias.name == aliasName(dimension)
           || (tag && foldedTagKey(alias.name) == foldedTagKey(aliasName(dimension)));
}

TagAlias &aliasFor(DimensionRules &rules, std::string_view dimension)
{
    const auto known = std::find_if(rules.tags.begin(), rules.tags.end(),
                                    [dimension](const TagAlias &alias) { return isSameName(alias, dimension); });
    return known != rules.tags.end() ? *known : rules.tags.emplace_back(TagAlias{aliasName(dimension), {}, {}});
}

/// Aliases that say nothing any more go.
Result<DimensionRules> checked(DimensionRules rules)
{
    std::erase_if(rules.tags, [](const TagAlias &alias) { return alias.keys.empty() && alias.values.empty(); });
    if (auto status = checkDimensionRules(rules); !status)
        return status.error();
    return rules;
}

void forgetKey(DimensionRules &rules, const std::string &key)
{
    for (TagAlias &alias : rules.tags)
        std::erase_if(alias.keys, [&key](const std::string &each) { return foldedTagKey(each) == foldedTagKey(key); });
}

} // namespace

Status checkDimensionRules(const DimensionRules &rules)
{
    const auto read = parseDimensionRules(writeDimensionRules(rules));
    return read ? Status() : Status(read.error());
}

Result<DimensionRules> withTagsAs(const DimensionRules &rules, const std::string &dimension,
                                  const std::vector<std::string> &keys)
{
    DimensionRules next = rules;
    for (const std::string &key : keys) {
        forgetKey(next, key);
        // What was brought together under this tag comes along.
        const auto own = std::find_if(next.tags.begin(), next.tags.end(), [&key](const TagAlias &alias) {
            return !isTagTarget(alias.name) && foldedTagKey(alias.name) == foldedTagKey(key);
        });
        std::vector<std::string> all{key};
        std::vector<std::pair<std::string, std::vector<std::string>>> values;
        if (own != next.tags.end() && !isSameName(*own, dimension)) {
            all.insert(all.end(), own->keys.begin(), own->keys.end());
            values = own->values;
            next.tags.erase(own);
        }
        TagAlias &alias = aliasFor(next, dimension);
        for (const std::string &each : all) {
            if (isTagTarget(alias.name) || foldedTagKey(each) != foldedTagKey(alias.name))
                alias.keys.push_back(each);
        }
        for (auto &value : values) {
            const auto same = [&value](const auto &known) {
                return known.first == value.first;
            };
            if (std::none_of(alias.values.begin(), alias.values.end(), same))
                alias.values.push_back(std::move(value));
        }
    }
    return checked(std::move(next));
}

Result<DimensionRules> withTagAlone(const DimensionRules &rules, const std::string &key)
{
    DimensionRules next = rules;
    forgetKey(next, key);
    return checked(std::move(next));
}

Result<DimensionRules> withValuesAs(const DimensionRules &rules, const std::string &dimension, const std::string &value,
                                    const std::vector<std::string> &texts)
{
    if (value.empty())
        return Error{ErrorCode::BadInput, "the value has no name", "", "write one"};
    DimensionRules next = rules;
    TagAlias &alias = aliasFor(next, dimension);
    std::vector<std::string> all = texts;
    // A value that is merged away takes along what was merged into it.
    for (const std::string &text : texts) {
        if (text == value)
            continue;
        const auto known = std::find_if(alias.values.begin(), alias.values.end(),
                                        [&text](const auto &each) { return each.first == text; });
        if (known == alias.values.end())
            continue;
        all.insert(all.end(), known->second.begin(), known->second.end());
        alias.values.erase(known);
    }
    auto entry = std::find_if(alias.values.begin(), alias.values.end(),
                              [&value](const auto &each) { return each.first == value; });
    if (entry == alias.values.end()) {
        alias.values.emplace_back(value, std::vector<std::string>());
        entry = std::prev(alias.values.end());
    }
    for (const std::string &text : all) {
        if (text.empty() || text == value)
            continue;
        if (std::find(entry->second.begin(), entry->second.end(), text) == entry->second.end())
            entry->second.push_back(text);
        for (auto &[other, patterns] : alias.values) {
            if (other != value)
                std::erase(patterns, text);
        }
    }
    std::erase_if(alias.values, [](const auto &each) { return each.second.empty(); });
    return checked(std::move(next));
}

Result<DimensionRules> withValueApart(const DimensionRules &rules, const std::string &dimension,
                                      const std::string &value)
{
    DimensionRules next = rules;
    std::erase_if(aliasFor(next, dimension).values, [&value](const auto &each) { return each.first == value; });
    return checked(std::move(next));
}

Result<DimensionRules> withVirtual(const DimensionRules &rules, const VirtualDimension &dimension)
{
    DimensionRules next = rules;
    const auto known = std::find_if(next.dimensions.begin(), next.dimensions.end(),
                                    [&dimension](const auto &each) { return each.name == dimension.name; });
    if (dimension.cases.empty()) {
        if (known != next.dimensions.end())
            next.dimensions.erase(known);
    } else if (known != next.dimensions.end()) {
        *known = dimension;
    } else {
        next.dimensions.push_back(dimension);
    }
    return checked(std::move(next));
}

const TagAlias *aliasOf(const DimensionRules &rules, std::string_view dimension)
{
    const auto known = std::find_if(rules.tags.begin(), rules.tags.end(),
                                    [dimension](const TagAlias &alias) { return isSameName(alias, dimension); });
    return known == rules.tags.end() ? nullptr : &*known;
}

std::string conditionText(const std::map<std::string, std::vector<std::string>> &when)
{
    std::string text;
    for (const auto &[dimension, patterns] : when) {
        text += (text.empty() ? "" : " and ") + dimension + " is ";
        for (std::size_t i = 0; i < patterns.size(); ++i)
            text += (i == 0 ? "" : " or ") + (patterns[i].empty() ? std::string("empty") : "'" + patterns[i] + "'");
    }
    return text;
}

} // namespace perunit
