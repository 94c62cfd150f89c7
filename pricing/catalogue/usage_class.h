// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace perunit {

/// What one request can be charged for. The token classes are disjoint: a token is counted once.
/// The names are the keys of `--usage`, of catalogue prices and of `--json`. Stored in files; never renumber.
enum class UsageClass : std::uint8_t {
    Input = 0,        ///< uncached text prompt tokens
    CacheRead = 1,    ///< prompt tokens served from the provider's prompt cache
    CacheWrite5m = 2, ///< prompt tokens written to the cache for five minutes (or the provider's default)
    CacheWrite1h = 3, ///< prompt tokens written to the cache for one hour
    Output = 4,       ///< generated text tokens, reasoning included
    AudioIn = 5,
    AudioOut = 6,
    ImageIn = 7,
    ImageOut = 8,
    Embedding = 9,
    Request = 10, ///< counted events from here on
    WebSearch = 11,
    AudioSeconds = 12,
    Page = 13,
    Image = 14
};

inline constexpr std::size_t usageClassCount = 15;
inline constexpr std::size_t tokenClassCount = 10;

inline constexpr std::array<std::string_view, usageClassCount> usageClassNames{
    "input",     "cache_read", "cache_write_5m", "cache_write_1h", "output",        "audio_in", "audio_out", "image_in",
    "image_out", "embedding",  "request",        "web_search",     "audio_seconds", "page",     "image"};

constexpr std::string_view nameOf(UsageClass usageClass)
{
    return usageClassNames[static_cast<std::size_t>(usageClass)];
}

constexpr std::optional<UsageClass> usageClassNamed(std::string_view name)
{
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (usageClassNames[i] == name)
            return static_cast<UsageClass>(i);
    }
    return std::nullopt;
}

constexpr bool isTokenClass(UsageClass usageClass)
{
    return static_cast<std::size_t>(usageClass) < tokenClassCount;
}

/// Counts per class of one request, or sums over many. Events stand beside tokens.
struct Usage {
    std::array<std::int64_t, usageClassCount> counts{};
    /// Reasoning tokens, already contained in `output`; a memo, never added.
    std::int64_t reasoning = 0;

    std::int64_t &operator[](UsageClass usageClass) { return counts[static_cast<std::size_t>(usageClass)]; }
    std::int64_t operator[](UsageClass usageClass) const { return counts[static_cast<std::size_t>(usageClass)]; }
    /// Tokens that decide the prompt-length band: input, reads and writes.
    [[nodiscard]] std::int64_t promptTokens() const { return counts[0] + counts[1] + counts[2] + counts[3]; }
    bool operator==(const Usage &) const = default;
};

/// Service tier under which a request was served. Stored in files; never renumber.
enum class ServiceTier : std::uint8_t { Standard = 0, Batch = 1, Flex = 2, Priority = 3, Provisioned = 4 };

inline constexpr std::size_t serviceTierCount = 5;
inline constexpr std::array<std::string_view, serviceTierCount> serviceTierNames{"standard", "batch", "flex",
                                                                                 "priority", "provisioned"};

constexpr std::string_view nameOf(ServiceTier tier)
{
    return serviceTierNames[static_cast<std::size_t>(tier)];
}

constexpr std::optional<ServiceTier> serviceTierNamed(std::string_view name)
{
    for (std::size_t i = 0; i < serviceTierCount; ++i) {
        if (serviceTierNames[i] == name)
            return static_cast<ServiceTier>(i);
    }
    return std::nullopt;
}

} // namespace perunit
