// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// The id of a model that Anthropic's console names for people: "Claude Haiku 4.5" -> "claude-haiku-4-5",
/// "Claude Sonnet 3.7" -> "claude-3-7-sonnet". Ids stay as they are.
std::string anthropicModelId(const std::string &name);

/// The class of a token type of Anthropic's cost reports ("input_cache_write_5m", "cache_read_input_tokens").
std::optional<UsageClass> anthropicTokenClass(std::string_view tokenType);

/// Anthropic's usage reports add up tokens and count no requests, and the price of a long prompt depends on the length
/// of each one. The smallest number of requests whose average prompt fits into the context window that the report
/// names ("≤ 200k", "0-200k", "200k-1M"; 200,000 tokens where it names none); at least 1.
std::int64_t fewestRequests(std::int64_t promptTokens, std::string_view contextWindow);

/// What a report has to say about the counts of fewestRequests().
inline constexpr const char *requestsAreEstimated =
    "the report counts no requests: each row stands for the smallest number whose average prompt fits into its context "
    "window, so that requests, and cost per request, are no recorded figures";

/// A place of inference as a region; empty for "global", "not_available" and nothing.
std::string anthropicRegion(const std::string &inferenceGeo);

} // namespace perunit
