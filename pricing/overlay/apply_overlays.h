// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/price_book.h"

#include <array>
#include <cstdint>
#include <vector>

namespace perunit {

/// Which class lent its price to which, by borrower; -1: nobody. Of one band, before any overlay.
using Lenders = std::array<std::int8_t, usageClassCount>;

/// The overlays that hold for one model, tier and instant, applied to the bands of its rate card.
class OverlayRun
{
public:
    /// `candidates` are the overlays that speak of the model; tier and instant are looked at here.
    OverlayRun(const std::vector<PriceOverlay> &overlays, const std::vector<std::int32_t> &candidates, ServiceTier tier,
               Instant at);

    [[nodiscard]] bool isEmpty() const { return m_holding.empty(); }
    /// Some overlay states a price of its own, so that even a model without any list price has one.
    [[nodiscard]] bool statesPrices() const;
    /// Turns the list prices of a band into contracted ones; `listFemto` and `listState` must be set.
    void apply(std::array<ClassPrice, usageClassCount> &prices, const Lenders &lenders, RateCard &card) const;

private:
    struct Terms {
        std::vector<std::int32_t> indexes;
        bool fixed = false;         ///< a fixed price decides
        bool ownFixedPrice = false; ///< and it names the class itself, not the one that lent the price
    };
    [[nodiscard]] Terms termsOf(std::size_t usageClass, const Lenders &lenders) const;
    void applyTo(ClassPrice &price, const Terms &terms, RateCard &card) const;

    const std::vector<PriceOverlay> &m_overlays;
    std::vector<std::int32_t> m_holding;
};

} // namespace perunit
