// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"

#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// Reads a cell of tags: a JSON object, the same without its braces (Azure), or an array of {key, value}
/// (Google). Null words are no tags. Nested values stay JSON text. Nothing when the text is none of these.
/// Tags whose key names prompts, keys or e-mail addresses are left out.
std::optional<Tags> parseTags(std::string_view text);

/// The dimension ("workload", "environment", "team", "feature", "customer", "model") that a tag key fills; empty
/// when it fills none.
std::string_view dimensionOfTag(std::string_view key);

/// Puts a tag's value into the dimension it names, when that one is still empty.
template <typename Row>
void fillDimension(Row &row, std::string_view dimension, const std::string &value)
{
    std::string *field = dimension == "workload"      ? &row.workload
                         : dimension == "environment" ? &row.environment
                         : dimension == "team"        ? &row.team
                         : dimension == "feature"     ? &row.feature
                         : dimension == "customer"    ? &row.customer
                         : dimension == "model"       ? &row.model
                                                      : nullptr;
    if (field && field->empty())
        *field = value;
}

} // namespace perunit
