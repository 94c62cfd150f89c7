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

/// What one unit of provisioned throughput does for one model (levers.md §1, §2.1).
struct ProvisionedThroughput {
    std::string model;
    std::int64_t inputTokensPerMinute = 0; ///< load tokens that one unit serves in a minute
    PartsPerMillion inputWeight = onePpm;
    PartsPerMillion cacheReadWeight = 0;
    PartsPerMillion cacheWriteWeight = onePpm;
    PartsPerMillion outputWeight = onePpm;
    std::int64_t minimumUnits = 0;
    std::int64_t stepUnits = 1;
    std::int64_t maximumPromptTokens = 0; ///< longer prompts are never served; 0: no limit
};

struct ProvisionedTerm {
    std::string term; ///< "hourly", "1-week", "1-month", "3-month", "1-year"
    /// Price of one unit for one hour, or for one month of the term, in femto-units.
    std::int64_t femto = 0;
    bool perHour = false;
    Period valid{alwaysBefore, alwaysAfter};
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
};

/// A set of dated prices with its origin. Immutable once loaded.
struct Catalogue {
    std::string id;
    std::string name;
    std::string currency = "USD";
    std::string asOf; ///< date of the newest fact, "2026-11-21"
    std::vector<CatalogueModel> models;
    std::vector<ProvisionedOffer> offers;
    /// Sellers whose models carry patterns; empty where the library does not ask for the seller.
    std::vector<LibraryProvider> libraryProviders;
};

} // namespace perunit
