// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// A format of price catalogues. Adding one is a file that defines its entry, a line in catalogueFormats(), and tests.
struct CatalogueFormat {
    std::string_view name;  ///< "perunit", "litellm", …: stored with workspaces and printed, never renamed
    std::string_view title; ///< what people call it
    /// Its prices carry the dates from which they hold, so that nobody has to be asked.
    bool dated = false;
    /// What gives the format away ("an object of models with litellm_provider"), or an empty text. Also asked about
    /// the beginning of a file, so it must not need the whole of it.
    std::string (*recognise)(const JsonValue &root) = nullptr;
    Result<CatalogueImport> (*read)(const JsonValue &root, std::string_view fileName,
                                    const CatalogueOptions &options) = nullptr;
};

/// Every known format, the ones that are easiest to tell first.
const std::vector<CatalogueFormat> &catalogueFormats();

/// Our own arrangement (pricing/catalogue.schema.json). Strict: an unknown member is an error, so that a misspelt price
/// is never a missing one.
CatalogueFormat ownFormat();
/// LiteLLM's model_prices_and_context_window.json. Lenient: what has no place in our catalogue, or cannot be right,
/// becomes an issue.
CatalogueFormat liteLlmFormat();
/// models.dev's api.json: providers with their models, without dates.
CatalogueFormat modelsDevFormat();
/// OpenRouter's answer to /api/v1/models, without dates.
CatalogueFormat openRouterFormat();
/// llm-prices with dates (historical-v1.json and the files of single vendors), and the prices of one day
/// (current-v1.json).
CatalogueFormat llmPricesFormat();
CatalogueFormat currentLlmPricesFormat();
/// pydantic/genai-prices, second wire format (data.json of v2): dated prices, windows of the day, tiers per price.
CatalogueFormat genaiPricesFormat();
/// Langfuse's default-model-prices.json: models found by regular expressions, pricing tiers with conditions.
CatalogueFormat langfuseFormat();

/// The date in a name such as "model_prices_2026-08-01.json"; empty when there is none.
std::string dateIn(std::string_view fileName);
/// The date of a file without dates inside: the one in its name, else the one from which its prices are to hold.
std::string asOfDate(std::string_view fileName, Instant effectiveFrom);

} // namespace perunit
