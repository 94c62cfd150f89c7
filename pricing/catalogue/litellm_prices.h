// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"
#include "pricing/catalogue/price_guards.h"

#include <optional>

namespace perunit {

/// One set of prices of a LiteLLM entry: a tier and a prompt-length threshold (-1: none).
using LiteLlmRow = PriceRow;
using LiteLlmPrices = PriceRows;

/// What a member name of an entry prices. "cache_creation_input_token_cost_above_1hr_above_200k_tokens_flex" is
/// the one-hour cache write, above 200,000 tokens, in the flex tier: suffixes are read from the right.
struct LiteLlmPriceName {
    UsageClass usageClass = UsageClass::Input;
    LiteLlmRow row{ServiceTier::Standard, -1};
};
std::optional<LiteLlmPriceName> parseLiteLlmPriceName(std::string_view name, std::string_view mode);

/// A number token in femto-units, after rounding to 12 significant digits: what lies beyond is the noise of the
/// binary floating point that wrote the file. No value for what is not a number of at least 0.
std::optional<UnitPrice> parseLiteLlmPrice(std::string_view token);

/// All prices of one entry that have a place in our catalogue; the others, and rows that cannot be right, become
/// issues and stay without a price.
LiteLlmPrices readLiteLlmPrices(const JsonValue &entry, const std::string &path, std::vector<CatalogueIssue> &issues);

} // namespace perunit
