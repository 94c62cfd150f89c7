// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"
#include "pricing/catalogue/price_guards.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace perunit {

/// One set of prices of a LiteLLM entry: a tier and a prompt-length threshold (-1: none).
using LiteLlmRow = PriceRow;
using LiteLlmRowPrices = ClassPrices;
using LiteLlmRows = PriceRows;

/// Everything that one entry charges.
struct LiteLlmPrices {
    LiteLlmRows rows;
    /// Rows stated as ranges of prompt tokens ("tiered_pricing"), where LiteLLM fills gaps by other rules.
    bool ranges = false;
    /// All token prices of a place, times this many parts per million.
    std::map<std::string, PartsPerMillion> uplifts;
    std::optional<PartsPerMillion> fastFactor; ///< of the fast tier, times the standard token prices
    LiteLlmRowPrices offPeak;                  ///< what replaces prices in `offPeakWindows`
    std::vector<DailyWindow> offPeakWindows;
    bool operator==(const LiteLlmPrices &) const = default;
};

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

/// All prices of one entry that have a place in our catalogue; the others become issues. Rows that cannot be right
/// become issues and stay without a price, unless the file is read as its library would: then they are kept, and
/// completeAsLiteLlm() has been applied. `key` tells the size of an image that is priced by its pixels.
LiteLlmPrices readLiteLlmPrices(const JsonValue &entry, const std::string &key, const std::string &path,
                                CatalogueReading reading, std::vector<CatalogueIssue> &issues);

/// Reads `off_peak_pricing` of an entry.
void readLiteLlmOffPeak(const JsonValue &offPeak, const std::string &path, LiteLlmPrices &prices,
                        std::vector<CatalogueIssue> &issues);

/// Gives every tier and prompt length that LiteLLM knows all the prices that it would charge there
/// (catalogue-formats.md §3): a tier falls back to the standard price, cached tokens and writes without a price cost
/// nothing, batch is the batch price for all prompt tokens or half the standard one.
void completeAsLiteLlm(LiteLlmPrices &prices);

} // namespace perunit
