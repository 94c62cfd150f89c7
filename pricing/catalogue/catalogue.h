// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"
#include "pricing/catalogue/usage_class.h"
#include "pricing/money/money.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Names a model at the seller who charges for it: the same model has another price at another seller.
struct ModelKey {
    std::string provider; ///< "openai", "anthropic", "azure", "bedrock", "google", …
    std::string model;    ///< the provider's own id, without wrappers
    auto operator<=>(const ModelKey &) const = default;
};

/// Price of one token or one event, in femto-units of the catalogue's currency.
struct UnitPrice {
    std::int64_t femto = 0;
    /// The text of the source had more digits than a femto-unit holds; rounded once, half to even.
    bool rounded = false;
    bool operator==(const UnitPrice &) const = default;
};

enum class RateStatus : std::uint8_t { Published, Announced, Cancelled, Contract, Estimated };

inline constexpr Instant alwaysBefore{std::numeric_limits<std::int64_t>::min()};
inline constexpr Instant alwaysAfter{std::numeric_limits<std::int64_t>::max()};

/// Prompt-length threshold. A cliff: a request above it pays this rate for all its tokens.
struct ContextThreshold {
    std::int64_t tokens = 0;
    bool inclusive = false; ///< true: the band starts at `tokens`; false: just above
    [[nodiscard]] bool reachedBy(std::int64_t promptTokens) const
    {
        return inclusive ? promptTokens >= tokens : promptTokens > tokens;
    }
    bool operator==(const ContextThreshold &) const = default;
};

/// Part of some days of the week, in UTC: peak and off-peak prices. Does not cross midnight.
struct DailyWindow {
    std::uint8_t weekdays = 0x7f; ///< bit 0 is Monday … bit 6 is Sunday
    std::int32_t fromMinute = 0;  ///< minutes after midnight; the window is [from, to)
    std::int32_t toMinute = 24 * 60;
    [[nodiscard]] bool contains(Instant at) const;
    bool operator==(const DailyWindow &) const = default;
};

/// A set of prices that holds while all its conditions hold (model.md §3).
struct Rate {
    std::string id;                          ///< stable, so that a priced line can name it
    Period valid{alwaysBefore, alwaysAfter}; ///< [from, to)
    ServiceTier tier = ServiceTier::Standard;
    std::string region;                      ///< empty: any region
    std::optional<ContextThreshold> context; ///< empty: the base band
    RateStatus status = RateStatus::Published;
    std::array<std::optional<UnitPrice>, usageClassCount> prices; ///< no value: unknown; zero: free
    std::string source;
    std::string checked; ///< date on which somebody compared it with the source, "2026-11-21"
    std::string grade;   ///< "A" seen at the provider … "D" claimed by somebody
    std::string note;
    std::optional<DailyWindow> daily; ///< empty: the whole day
    bool operator==(const Rate &) const = default;
};

/// How the library that a catalogue belongs to recognises a name. Only catalogues that are read as their library would
/// read them carry patterns: the beginning of a name or a part of it is a guess, which no price of ours rests on.
struct NamePattern {
    enum class Kind : std::uint8_t { Equals, StartsWith, EndsWith, Contains, Regex, Any, All };
    Kind kind = Kind::Equals;
    std::string text; ///< of every kind but Any and All; compared without letter case
    bool caseMatters = false;
    std::vector<NamePattern> parts; ///< of Any and All
    bool operator==(const NamePattern &) const = default;
};

/// A seller in such a library, in the order in which it asks them.
struct LibraryProvider {
    std::string id;                           ///< the library's own name, "x-ai"
    std::optional<NamePattern> providerMatch; ///< recorded sellers that mean this one
    std::optional<NamePattern> modelMatch;    ///< models that mean this seller when none is recorded
    std::vector<std::string> fallbacks;       ///< ids of the sellers to ask when this one has no such model
};

struct CatalogueModel {
    ModelKey key;
    std::string displayName;
    std::string family;
    std::vector<std::string> aliases; ///< exact other ids of the same thing at the same seller
    std::int64_t contextWindow = 0;   ///< 0: unknown
    std::int64_t cacheMinimumTokens = 0;
    std::vector<Rate> rates;
    std::string libraryProvider;       ///< LibraryProvider::id; empty: any recorded seller
    std::vector<NamePattern> patterns; ///< any of them names the model; the first model of the file wins
};

/// How much a token of a class weighs in the load of a unit.
struct ClassWeight {
    UsageClass usageClass = UsageClass::Input;
    PartsPerMillion weight = 0;
    bool operator==(const ClassWeight &) const = default;
};

/// Weights of all tokens of a request whose prompt reaches a length.
struct LongPromptWeights {
    ContextThreshold from;
    PartsPerMillion inputWeight = onePpm;
    PartsPerMillion cacheReadWeight = 0;
    PartsPerMillion cacheWriteWeight = onePpm;
    PartsPerMillion cacheWrite1hWeight = onePpm;
    PartsPerMillion outputWeight = onePpm;
    bool operator==(const LongPromptWeights &) const = default;
};

/// What one unit of provisioned throughput does for one model (levers.md §1, §2.1).
struct ProvisionedThroughput {
    std::string model;
    /// Load tokens that one unit serves in a minute. 0: not public, to be entered by who has measured it.
    std::int64_t inputTokensPerMinute = 0;
    PartsPerMillion inputWeight = onePpm;
    PartsPerMillion cacheReadWeight = 0;
    PartsPerMillion cacheWriteWeight = onePpm;
    PartsPerMillion outputWeight = onePpm;
    std::int64_t minimumUnits = 0;
    std::int64_t stepUnits = 1;
    std::int64_t maximumPromptTokens = 0; ///< longer prompts are never served; 0: no limit
    Period valid{alwaysBefore, alwaysAfter};
    PartsPerMillion cacheWrite1hWeight = onePpm;
    std::vector<ClassWeight> otherWeights; ///< of classes beside the four kinds above
    std::optional<LongPromptWeights> longPrompt;
    /// Output tokens that a unit bought for output serves in a minute; where output is not part of the load, 0.
    std::int64_t outputTokensPerMinute = 0;
    std::int64_t minimumOutputUnits = 0;
    bool weightsKnown = true; ///< false: the source states no weight of output; the weights above mean nothing
    std::string note;
};

struct ProvisionedTerm {
    std::string term; ///< "hourly", "1-week", "1-month", "3-month", "1-year"
    /// Price of one unit for one hour, or for one month of the term, in femto-units.
    std::int64_t femto = 0;
    bool perHour = false;
    Period valid{alwaysBefore, alwaysAfter};
    bool priceKnown = true;       ///< false: not public; `femto` means nothing
    std::int64_t minimumDays = 0; ///< shortest time for which a unit can be bought; 0: as the term says
    std::string note{};
};

/// What happens to requests that the units cannot serve.
enum class OfferOverflow : std::uint8_t {
    Unknown,   ///< the source does not say; taken as list price
    ListPrice, ///< the whole request is served and charged per token
    Rejected
};

struct ProvisionedOffer {
    std::string id; ///< "azure-ptu-global"
    std::string name;
    std::string provider;
    std::string unitName; ///< "PTU", "GSU"
    std::vector<ProvisionedTerm> terms;
    std::vector<ProvisionedThroughput> throughput;
    std::string source;
    std::string checked;
    std::string grade;
    std::string note;
    std::string region; ///< region of the list prices that overflow pays; empty: that of the request
    OfferOverflow overflow = OfferOverflow::Unknown;
    bool separateOutputUnits = false; ///< units for input and for output are bought apart
};

/// What a price of the harness is for (features.md UNI-14 … UNI-22). Written in files by name.
enum class HarnessComponent : std::uint8_t {
    VectorDatabase,
    ObjectStorage,
    Gpu,
    Cache,
    Egress,
    Orchestration,
    Logging
};
inline constexpr std::array<std::string_view, 7> harnessComponentNames{
    "vector_database", "object_storage", "gpu", "cache", "egress", "orchestration", "logging"};
constexpr std::string_view nameOf(HarnessComponent component)
{
    return harnessComponentNames[static_cast<std::size_t>(component)];
}
constexpr std::optional<HarnessComponent> harnessComponentNamed(std::string_view name)
{
    for (std::size_t i = 0; i < harnessComponentNames.size(); ++i) {
        if (harnessComponentNames[i] == name)
            return static_cast<HarnessComponent>(i);
    }
    return std::nullopt;
}

/// Price of something that a feature needs beside its models.
struct HarnessPrice {
    std::string id;
    HarnessComponent component = HarnessComponent::VectorDatabase;
    std::string provider;
    std::string product;
    std::string region;     ///< of egress: where the data come from; empty: any
    std::string toRegion;   ///< of egress: where they go; empty: any
    std::string unit;       ///< what one price is for: "GB-month", "GB", "GPU-hour", "million read units"
    std::int64_t above = 0; ///< holds for what a month uses above this many units
    UnitPrice lowest;       ///< for one unit; the same as `highest` where there is one price
    UnitPrice highest;
    Period valid{alwaysBefore, alwaysAfter};
    std::string source;
    std::string checked;
    std::string grade;
    std::string note;
    bool operator==(const HarnessPrice &) const = default;
};

/// A set of dated prices with its origin. Immutable once loaded.
struct Catalogue {
    std::string id;
    std::string name;
    std::string currency = "USD";
    std::string asOf; ///< date of the newest fact, "2026-11-21"
    std::vector<CatalogueModel> models;
    std::vector<ProvisionedOffer> offers;
    std::vector<HarnessPrice> harness;
    /// Sellers whose models carry patterns; empty where the library does not ask for the seller.
    std::vector<LibraryProvider> libraryProviders;
};

} // namespace perunit
