// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"

#include <string>
#include <vector>

namespace perunit {

/// What the rates of one model of genai-prices are made with.
struct GenaiRateContext {
    std::string idStart; ///< ids of rates begin with it: "genai-prices:openai/gpt-4o"
    std::string source;
    std::string checked;                  ///< date of the file; empty: unknown
    std::string note;                     ///< the file's own comment on the prices
    Instant effectiveFrom = alwaysBefore; ///< of prices without a date
    CatalogueReading reading = CatalogueReading::Stated;
};

/// Rates of the member `prices` of a model: one set, or a list of sets with constraints of which the last one that
/// holds counts. They come out disjoint: at an instant exactly one set (with its prompt-length bands) holds. A set
/// whose start lies after the date of the file is announced, unless the file is read as its library would. What has no
/// class becomes an issue.
std::vector<Rate> readGenaiRates(const JsonValue &prices, const std::string &path, const GenaiRateContext &context,
                                 std::vector<CatalogueIssue> &issues);

} // namespace perunit
