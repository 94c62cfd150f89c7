// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/usage_class.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// What the name of a meter, usage type or SKU of a cloud says.
struct MeterReading {
    std::string model; ///< as the catalogue writes it where a rule knows it, else as recorded; may be empty
    std::optional<UsageClass> usageClass; ///< nothing when the name tells no direction
    ServiceTier tier = ServiceTier::Standard;
    std::string servingScope;  ///< "global", "data_zone", "regional"; empty when not said
    bool cacheStorage = false; ///< keeping tokens in a cache, billed by time
    bool provisioned = false;  ///< capacity by the hour or month (model units, PTU, GSU)
    bool fineTuned = false;    ///< training, hosting or serving of a customised model
    bool isTokens = false;     ///< speaks of tokens
};

/// Reads "USE1-Claude4.5Sonnet-cache-read-input-token-count", "gpt 4o 1120 cached Inp glbl Tokens" or
/// "Gemini 2.5 Pro Thinking Text Output - Predictions". The model is the part before the first word about direction,
/// cache, tier or place.
MeterReading readMeter(std::string_view name);

/// Region of an AWS usage type ("USW2-…": us-west-2); empty when it has none. `rest` gets the text behind the prefix.
std::string awsRegionOf(std::string_view usageType, std::string_view &rest);

/// The catalogue's spelling of a model as bills name it: "Claude4.5Sonnet" and "Claude Sonnet 4.5" are
/// "claude-sonnet-4-5", "NovaLite" is "nova-lite", "gpt 4o 1120" is "gpt-4o-2024-11-20". By rule only: what no rule
/// knows comes back in lower case, with hyphens for blanks.
std::string catalogueModelName(std::string_view recorded);

/// How many of its own kind one unit stands for: "1K" 1000, "10M" 10000000, "100 Hours" 100, "1 GB/Month" 1, "Hours"
/// 1; 0 when the number cannot be read. What the unit counts stays unsaid.
std::int64_t unitMultiple(std::string_view unit);

} // namespace perunit
