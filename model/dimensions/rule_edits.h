// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dimensions/dimension_rules.h"

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// What rules must keep to: the same as parseDimensionRules() asks of a file.
Status checkDimensionRules(const DimensionRules &rules);

/// Edits of rules; each returns rules that were checked, or an error in words for whoever edits.
/// Dimensions are named as in a ledger: "team", "tag:env".

/// Tags count as a dimension from now on, whatever they counted as before.
Result<DimensionRules> withTagsAs(const DimensionRules &rules, const std::string &dimension,
                                  const std::vector<std::string> &keys);
/// A tag counts as itself again.
Result<DimensionRules> withTagAlone(const DimensionRules &rules, const std::string &key);
/// Texts of a dimension that shall be one value; patterns are taken as they stand.
Result<DimensionRules> withValuesAs(const DimensionRules &rules, const std::string &dimension, const std::string &value,
                                    const std::vector<std::string> &texts);
/// The texts that were brought together under a value stand for themselves again.
Result<DimensionRules> withValueApart(const DimensionRules &rules, const std::string &dimension,
                                      const std::string &value);
/// The rules for a dimension by its name; a new one is put behind the others. Without cases it goes.
Result<DimensionRules> withVirtual(const DimensionRules &rules, const VirtualDimension &dimension);

/// The alias of a dimension; null for none.
const TagAlias *aliasOf(const DimensionRules &rules, std::string_view dimension);

/// Conditions as a sentence: "team is 'cx' or 'support' and environment is empty".
std::string conditionText(const std::map<std::string, std::vector<std::string>> &when);

} // namespace perunit
