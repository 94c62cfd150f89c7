// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/profile.h"
#include "pricing/money/money.h"

#include <functional>

namespace perunit {

/// What requests would cost: exact, and what of it could not be priced.
struct TrafficCost {
    Femto cost;
    std::int64_t unpricedTokens = 0;
    std::int64_t assumedTokens = 0; ///< priced with an inherited price
    TrafficCost &operator+=(const TrafficCost &other);
    /// Nothing in it has a price: the cost is unknown, not zero.
    [[nodiscard]] bool isUnknown() const { return cost.isZero() && unpricedTokens > 0; }
};

/// The requests of a block at the prices of a card, each in the band of its own prompt length. `uncached` prices all
/// cached tokens as if no cache had served or stored them.
TrafficCost costOfBlock(const Profile &profile, const Block &block, const RateCard &card, bool uncached = false);

/// The card of a model for a block at the prices of an instant: the same hour of the week where prices depend on it.
RateCard cardFor(const PriceBook &book, ModelIndex model, ServiceTier tier, std::string_view region, Instant at,
                 const Block &block);

} // namespace perunit
