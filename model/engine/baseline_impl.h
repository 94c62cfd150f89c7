// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/engine/cache_gaps.h"
#include "model/engine/harness.h"
#include "model/engine/minute_sums.h"
#include "model/engine/outcome.h"
#include "model/engine/profile.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace perunit {

/// Number of units of a denominator in the baseline period and in each of its months.
struct UnitCounts {
    Millionths total = 0;
    std::vector<Millionths> months;
};

struct Baseline::Impl {
    Ledger ledger;
    std::shared_ptr<const PriceBook> book;
    BaselineSettings settings;
    Period period;
    std::string currency;
    std::string digest;
    std::int64_t requests = 0;
    std::vector<Resolution> resolutions;
    /// Rows of the period that stand for several requests each.
    std::int64_t addedUpRows = 0;
    /// Rows with tokens of an unknown number of requests (lines of bills).
    std::int64_t uncountedRows = 0;
    /// Those of models whose price depends on the length of a prompt, which is unknown, with what they cost.
    std::int64_t rowsWithoutBand = 0;
    Femto costWithoutBand;
    /// Those of models that charge for the call itself.
    std::int64_t rowsWithoutFee = 0;
    /// Cost that rows without any usage record: it cannot be priced again.
    Money recordedWithoutUsage;

    /// Months that the baseline contributes to one future month: whole calendar months, else 1.
    int months = 1;
    bool wholeMonths = false;
    /// Calendar months that the period touches.
    Month firstPeriodMonth;
    int periodMonths = 0;

    mutable std::unique_ptr<CardStore> cards;
    /// The same at list prices; null when no overlay is in force.
    mutable std::unique_ptr<CardStore> listCards;
    std::shared_ptr<const Profile> profile;
    Harness harness;
    /// Charges in another currency than the prices: in no total unless a lever gives their rate.
    Harness foreignHarness;

    /// Prices of a segment's own model over the period, by start; one list per (model, tier, region).
    struct PriceSpan {
        Instant from;
        const PricedCard *card = nullptr;
    };
    std::vector<std::vector<PriceSpan>> histories;
    std::vector<std::uint32_t> historyOfSegment;

    mutable std::mutex mutex;
    mutable std::map<std::vector<ModelIndex>, std::shared_ptr<const Profile>> otherProfiles;
    mutable std::map<std::string, std::shared_ptr<const UnitCounts>> unitCounts;
    mutable std::mutex gapsMutex;
    mutable std::shared_ptr<const CacheGaps> gaps;
    mutable std::unique_ptr<MinuteStore> minutes;

    [[nodiscard]] bool looksAhead() const { return settings.horizonMonths > 0; }
    /// First month of an outcome, and how many there are.
    [[nodiscard]] Month firstMonth() const;
    [[nodiscard]] int monthCount() const
    {
        return periodMonths == 0 ? 0 : looksAhead() ? settings.horizonMonths : periodMonths;
    }
    /// Harness charges in another currency than the prices are left out, visibly.
    [[nodiscard]] bool harnessInOtherCurrency() const
    {
        return !ledger.currency.empty() && ledger.currency != currency && ledger.harness && !ledger.harness->empty();
    }
    /// What one outcome line is divided by.
    [[nodiscard]] int divisor() const { return looksAhead() ? months : 1; }
    /// Part of the period that lies in its i-th calendar month.
    [[nodiscard]] Period periodMonth(int index) const;

    /// Counts a row that stands for an unknown number of requests.
    void lookAtUncounted(std::size_t row);

    /// The profile whose blocks also keep apart what these models charge differently; made once and kept.
    [[nodiscard]] Result<std::shared_ptr<const Profile>> profileFor(std::vector<ModelIndex> alsoPricedAs,
                                                                    std::stop_token stop) const;

    /// What prompt caches could achieve in the period; found out when it is first asked for and kept.
    [[nodiscard]] Result<std::shared_ptr<const CacheGaps>> cacheGaps(std::stop_token stop) const;

    /// What requests send and receive in each minute; made when it is first asked for.
    [[nodiscard]] MinuteStore &minuteStore() const;

    [[nodiscard]] const PricedCard *actualCard(std::size_t row) const;
    /// Adds the cost of a row at its own time by component; covered rows cost nothing.
    void addActual(std::size_t row, Components &components, std::int64_t &unpricedTokens) const;
};

/// The component that a class is charged under.
constexpr Component componentOf(std::size_t usageClass)
{
    switch (static_cast<UsageClass>(usageClass)) {
    case UsageClass::Input:
        return Component::Input;
    case UsageClass::CacheRead:
        return Component::CacheRead;
    case UsageClass::CacheWrite5m:
    case UsageClass::CacheWrite1h:
        return Component::CacheWrite;
    case UsageClass::Output:
    case UsageClass::Reasoning:
        return Component::Output;
    default:
        return Component::Other;
    }
}

/// Components that usage is charged under: the first five.
inline constexpr std::size_t usageComponentCount = 5;

} // namespace perunit
