// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"
#include "pricing/catalogue/json_value.h"
#include "pricing/catalogue/usage_class.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// What a provider reports of one request, in our disjoint classes.
struct UsageBlock {
    Usage usage;
    std::string convention;          ///< whose way to count it is and what that means, for people
    std::string model;               ///< that the body names; may be empty
    std::string region;              ///< that the body names ("us" of an inference_geo); may be empty
    std::optional<ServiceTier> tier; ///< under which the body says it was served
    std::vector<std::string> notes;  ///< what could not be told apart, or was inferred
};

/// Reads a provider's own usage block: a whole response body, or its usage object alone (catalogue-formats.md §5).
/// `provider` (as recorded; may be empty) decides only where the block itself cannot. Errors: BadInput with the member
/// for a count that is negative or no whole number, for a member that stands twice, for parts that are more than their
/// whole; Unsupported for a block that is of no known shape.
Result<UsageBlock> readUsageBlock(const JsonValue &json, std::string_view provider = {});

/// Counts under our own names ({"input": 100, "cache_read": 20, "reasoning": 5}); the sum of `output` contains
/// `reasoning`. Errors: BadInput for a count that is no whole number of at least 0, a name that stands twice, or one
/// that is no class; its remedy lists them.
Result<Usage> readOwnUsage(const JsonValue &json);

/// Whether every member is one of our own names, so that readOwnUsage() is the one to ask.
bool isOwnUsage(const JsonValue &json);

/// The service tier that a provider or gateway names: our own names, and "default", "auto", "on_demand" for standard.
/// Nothing for another name. Letter case does not matter.
std::optional<ServiceTier> recordedTier(std::string_view name);

} // namespace perunit
