// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// What the rates of one model of Langfuse are made with.
struct LangfuseRateContext {
    std::string idStart; ///< ids of rates begin with it: "langfuse:gpt-4o"
    std::string source;
    std::string checked;
    Instant effectiveFrom = alwaysBefore;
    CatalogueReading reading = CatalogueReading::Stated;
};

/// Rates of the member `pricingTiers`. For each of our tiers and each prompt length the pricing tier that Langfuse
/// would take: the conditional ones by priority, the first whose conditions all hold, else the default. Each is a full
/// set of prices. Read as its library would, what a set does not name costs nothing.
std::vector<Rate> readLangfuseRates(const JsonValue &tiers, const std::string &path, const LangfuseRateContext &context,
                                    std::vector<CatalogueIssue> &issues);

/// What a name among Langfuse's usage details counts; nothing for totals and unknown names. "total" is no class: it
/// stands for all tokens of a model that has one price.
std::optional<UsageClass> langfuseClassOf(std::string_view usageName);

} // namespace perunit
