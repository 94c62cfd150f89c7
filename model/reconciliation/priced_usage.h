// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/engine/profile.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// One provider, month and model. An empty model sorts last.
struct TieKey {
    std::string provider;
    Month month;
    std::string model;
    bool operator==(const TieKey &) const = default;
    friend bool operator<(const TieKey &a, const TieKey &b)
    {
        if (a.provider != b.provider)
            return a.provider < b.provider;
        if (a.month != b.month)
            return a.month < b.month;
        return a.model.empty() != b.model.empty() ? b.model.empty() : a.model < b.model;
    }
};

/// Usage of one key with what it costs, or of several keys together.
struct PricedUsage {
    std::vector<std::uint32_t> blocks; ///< of PricedLedger::profile()
    Femto contracted;
    Femto list;
    bool anyPriced = false; ///< some of it has a price, or is covered by capacity
    bool anyList = false;
    bool listGap = false; ///< something has a contracted price but no list price
    std::int64_t requests = 0;
    std::array<std::int64_t, usageClassCount> pricedCounts{};
    std::array<std::int64_t, usageClassCount> unpricedCounts{};
    std::array<bool, usageClassCount> costs{}; ///< classes that cost something

    [[nodiscard]] std::int64_t unpricedTokens() const { return tokensIn(unpricedCounts); }
    PricedUsage &operator+=(const PricedUsage &other);
};

/// The requests of a baseline at their own time, by what an invoice is tied to.
class PricedLedger
{
public:
    static Result<PricedLedger> build(const Baseline &baseline, std::stop_token stop);

    [[nodiscard]] const std::map<TieKey, PricedUsage> &lines() const { return m_lines; }

    /// What the usage would cost had all of its pay-as-you-go requests been served otherwise: in another tier, or in
    /// another region. No value where nothing would change or some model has no price for it.
    [[nodiscard]] std::optional<Femto> costInTier(const PricedUsage &usage, ServiceTier tier) const;
    [[nodiscard]] std::optional<Femto> costInRegion(const PricedUsage &usage, const std::string &region) const;
    /// Regions that any model of the usage has prices of its own for, in alphabetical order.
    [[nodiscard]] std::vector<std::string> regionsOf(const PricedUsage &usage) const;

private:
    [[nodiscard]] PricedUsage priceBlock(const Block &block, const RateCard &card) const;
    [[nodiscard]] const RateCard &cardOf(const Segment &segment, ServiceTier tier, const std::string &region,
                                         Instant at) const;

    const Baseline *m_baseline = nullptr;
    std::shared_ptr<const Profile> m_profile;
    std::map<TieKey, PricedUsage> m_lines;
};

} // namespace perunit
