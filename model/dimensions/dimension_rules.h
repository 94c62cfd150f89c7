// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "pricing/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Different spellings of one tag or dimension, brought together. Keys are compared without regard to case, blanks and
/// punctuation, so that "Env", "env " and "ENV" need no entry.
struct TagAlias {
    std::string name;              ///< the tag, or a dimension ("team"), that all of them mean
    std::vector<std::string> keys; ///< other tags that mean the same
    /// Value -> patterns of the texts that mean it ("prod" -> "production", "prd*").
    std::vector<std::pair<std::string, std::vector<std::string>>> values;
    bool operator==(const TagAlias &) const = default;
};

/// A dimension that no source has: the value of the first case that fits.
struct VirtualDimension {
    struct Case {
        std::string value;
        /// Dimension -> patterns; every named dimension must fit one of its patterns.
        std::map<std::string, std::vector<std::string>> when;
        bool operator==(const Case &) const = default;
    };
    std::string name;
    std::vector<Case> cases;
    std::string otherwise; ///< where no case fits; may be empty
    bool operator==(const VirtualDimension &) const = default;
};

/// How the dimensions of a workspace are put in order when its ledger is read. Sources stay as they were imported.
///
/// Patterns are texts with `*` (any characters) and `?` (one character), without regard to case; the empty pattern fits
/// what has no value.
struct DimensionRules {
    std::vector<TagAlias> tags;
    std::vector<VirtualDimension> dimensions; ///< later ones may use earlier ones
    bool operator==(const DimensionRules &) const = default;
    [[nodiscard]] bool isEmpty() const { return tags.empty() && dimensions.empty(); }
};

/// Kind of the document of a workspace that holds its rules; there is at most one.
inline constexpr std::string_view dimensionsKind = "dimensions";

/// Reads {"tags": [{name, keys, values}], "dimensions": [{name, cases: [{value, when}], otherwise}]}. Errors: BadInput
/// with the JSON path for unknown members, names that are taken, rules that are said twice.
Result<DimensionRules> parseDimensionRules(std::string_view json);
/// One member a line, so that differences are easy to see.
std::string writeDimensionRules(const DimensionRules &rules);

/// Whether a text fits a pattern.
bool fitsPattern(std::string_view text, std::string_view pattern);
/// Key of a tag for comparing: lower case, blanks and punctuation as single underscores, without the prefixes that
/// clouds put before their own users' tags ("user:", "resourceTags/user:").
std::string foldedTagKey(std::string_view key);
/// True for the dimensions that requests have by themselves and that a tag may fill.
bool isTagTarget(std::string_view dimension);

} // namespace perunit
