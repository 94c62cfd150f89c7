// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perunit {

// What the readers of other people's catalogues share: their numbers, and what cannot be right in them.

/// One full set of prices of a model: a tier and a prompt-length threshold (-1: the base band).
using PriceRow = std::pair<ServiceTier, std::int64_t>;
using ClassPrices = std::array<std::optional<UnitPrice>, usageClassCount>;
using PriceRows = std::map<PriceRow, ClassPrices>;

/// Scales for parsePriceNumber(): of what unit the number is the price.
inline constexpr int perToken = 15;
inline constexpr int perMillion = 9;

/// A number in the text of a catalogue ("2.9999900000000002e-06", "0.15") in femto-units for one token or event, after
/// rounding to 12 significant digits: what lies beyond is the noise of the binary floating point that wrote the file.
/// No value for what is not a number of at least 0, or too large for a price.
std::optional<UnitPrice> parsePriceNumber(std::string_view text, int scale);

/// Takes away what cannot be right, with an issue each: every price of a model with a token at 1,000 or more, or at
/// 0.0001 or less, per million; a row whose cached tokens cost more than uncached ones, whose batch price is above the
/// standard one, or whose tier costs more than ten times the standard one.
void leaveOutImpossible(PriceRows &rows, const std::string &path, std::vector<CatalogueIssue> &issues);

/// Everything that the rates of one model of a file have in common.
struct RateOrigin {
    std::string id; ///< beginning of the ids: "models.dev:openai/gpt-5"
    Period valid{alwaysBefore, alwaysAfter};
    std::string region;
    bool thresholdInclusive = false;
    std::string source;
    std::string checked;
    std::string note;
};

/// The id of the rate that a row becomes: "models.dev:openai/gpt-5#fast>272000".
std::string rateIdOf(const RateOrigin &origin, const PriceRow &row);
/// Adds a rate of grade C, one source, for every row.
void addRates(CatalogueModel &model, const PriceRows &rows, const RateOrigin &origin);

/// The error of a catalogue of which nothing is left: the first thing that is wrong, with its path.
Error noUsablePrice(const std::vector<CatalogueIssue> &issues);

} // namespace perunit
