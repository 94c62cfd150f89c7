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
    CacheRead = 1,    ///< text prompt tokens served from the provider's prompt cache
    CacheWrite5m = 2, ///< prompt tokens written to the cache for five minutes (or the provider's default)
    CacheWrite1h = 3, ///< prompt tokens written to the cache for one hour
    Output = 4,       ///< generated text tokens
    AudioIn = 5,
    AudioOut = 6,
    ImageIn = 7,
    ImageOut = 8,
    Embedding = 9,
    Request = 10, ///< a call; counted events from here to Image
    WebSearch = 11,
    AudioSeconds = 12,
    Page = 13,
    Image = 14,
    CacheReadAudio = 15, ///< audio prompt tokens served from the prompt cache
    CacheReadImage = 16, ///< image prompt tokens served from the prompt cache
    /// Generated tokens that are not shown. Priced as output unless the provider has another price for them. What
    /// counts usage for people (`--usage`, ledgers, `--json`) contains them in `output` and names them beside it.
    Reasoning = 17,
    CacheStorage = 18, ///< cached tokens × hours; counted events from here on
    FileSearch = 19,
    CodeExecution = 20, ///< a session of a code interpreter or container
    Characters = 21,    ///< of text turned into speech, or translated
    VideoSeconds = 22
};

inline constexpr std::size_t usageClassCount = 23;

inline constexpr std::array<std::string_view, usageClassCount> usageClassNames{
    "input",         "cache_read",  "cache_write_5m", "cache_write_1h",   "output",           "audio_in",
    "audio_out",     "image_in",    "image_out",      "embedding",        "request",          "web_search",
    "audio_seconds", "page",        "image",          "cache_read_audio", "cache_read_image", "reasoning",
    "cache_storage", "file_search", "code_execution", "characters",       "video_seconds"};

/// The classes that count tokens, in the order in which they are listed.
inline constexpr std::array<UsageClass, 13> tokenClasses{
    UsageClass::Input,    UsageClass::CacheRead, UsageClass::CacheWrite5m,   UsageClass::CacheWrite1h,
    UsageClass::Output,   UsageClass::Reasoning, UsageClass::AudioIn,        UsageClass::CacheReadAudio,
    UsageClass::AudioOut, UsageClass::ImageIn,   UsageClass::CacheReadImage, UsageClass::ImageOut,
    UsageClass::Embedding};

/// What is sent with a request, text or not, cached or not: together its prompt length.
inline constexpr std::array<UsageClass, 8> sentClasses{
    UsageClass::Input,   UsageClass::CacheRead, UsageClass::CacheWrite5m,   UsageClass::CacheWrite1h,
    UsageClass::AudioIn, UsageClass::ImageIn,   UsageClass::CacheReadAudio, UsageClass::CacheReadImage};

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
    return usageClass <= UsageClass::Embedding
           || (usageClass >= UsageClass::CacheReadAudio && usageClass <= UsageClass::Reasoning);
}

/// All tokens among counts in which reasoning stands apart from output, or is not counted.
template <typename Count>
constexpr Count tokensIn(const std::array<Count, usageClassCount> &counts)
{
    Count sum = 0;
    for (const UsageClass usageClass : tokenClasses)
        sum += counts[static_cast<std::size_t>(usageClass)];
    return sum;
}

/// What people are told: output contains the reasoning tokens that stand apart in the counts.
template <typename Count>
constexpr Count reportedCount(const std::array<Count, usageClassCount> &counts, UsageClass usageClass)
{
    const Count count = counts[static_cast<std::size_t>(usageClass)];
    return usageClass == UsageClass::Output ? count + counts[static_cast<std::size_t>(UsageClass::Reasoning)] : count;
}

/// Counts per class of one request, or sums over many. Events stand beside tokens.
struct Usage {
    std::array<std::int64_t, usageClassCount> counts{};
    /// Reasoning tokens, already contained in `output`: a memo, never added. Beside it the count of
    /// UsageClass::Reasoning is 0; pricedApart() turns one form into the other.
    std::int64_t reasoning = 0;

    std::int64_t &operator[](UsageClass usageClass) { return counts[static_cast<std::size_t>(usageClass)]; }
    std::int64_t operator[](UsageClass usageClass) const { return counts[static_cast<std::size_t>(usageClass)]; }
    /// Prompt tokens of text: input, reads and writes.
    [[nodiscard]] std::int64_t promptTokens() const { return counts[0] + counts[1] + counts[2] + counts[3]; }
    /// Tokens that decide the prompt-length band: everything that was sent, text or not, cached or not.
    [[nodiscard]] std::int64_t sentTokens() const
    {
        std::int64_t sum = 0;
        for (const UsageClass usageClass : sentClasses)
            sum += (*this)[usageClass];
        return sum;
    }
    /// The same usage with the reasoning tokens as a class of their own, as prices see it.
    [[nodiscard]] Usage pricedApart() const
    {
        Usage apart = *this;
        const std::int64_t moved = reasoning < counts[4] ? reasoning : counts[4];
        apart[UsageClass::Output] -= moved;
        apart[UsageClass::Reasoning] += moved;
        apart.reasoning = 0;
        return apart;
    }
    bool operator==(const Usage &) const = default;
};

/// Service tier under which a request was served. Stored in files; never renumber.
enum class ServiceTier : std::uint8_t { Standard = 0, Batch = 1, Flex = 2, Priority = 3, Provisioned = 4, Fast = 5 };

inline constexpr std::size_t serviceTierCount = 6;
inline constexpr std::array<std::string_view, serviceTierCount> serviceTierNames{"standard", "batch",       "flex",
                                                                                 "priority", "provisioned", "fast"};

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
