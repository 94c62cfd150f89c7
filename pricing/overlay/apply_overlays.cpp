// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/overlay/apply_overlays.h"

#include <algorithm>

namespace perunit {

OverlayRun::OverlayRun(const std::vector<PriceOverlay> &overlays, const std::vector<std::int32_t> &candidates,
                       ServiceTier tier, Instant at)
    : m_overlays(overlays)
{
    for (const std::int32_t index : candidates) {
        const PriceOverlay &overlay = overlays[static_cast<std::size_t>(index)];
        const bool tierFits =
            overlay.tiers.empty() || std::find(overlay.tiers.begin(), overlay.tiers.end(), tier) != overlay.tiers.end();
        if (tierFits && overlay.valid.contains(at))
            m_holding.push_back(index);
    }
}

bool OverlayRun::statesPrices() const
{
    return std::any_of(m_holding.begin(), m_holding.end(), [this](std::int32_t index) {
        return m_overlays[static_cast<std::size_t>(index)].kind == OverlayKind::FixedPrice;
    });
}

OverlayRun::Terms OverlayRun::termsOf(std::size_t usageClass, const Lenders &lenders) const
{
    Terms terms;
    for (const std::int32_t index : m_holding) {
        const PriceOverlay &overlay = m_overlays[static_cast<std::size_t>(index)];
        const bool itself = overlay.speaksOf(static_cast<UsageClass>(usageClass));
        bool speaks = itself;
        // A price that was taken over follows the terms of the class that it came from.
        for (auto lender = lenders[usageClass]; !speaks && lender >= 0;
             lender = lenders[static_cast<std::size_t>(lender)])
            speaks = overlay.speaksOf(static_cast<UsageClass>(lender));
        if (!speaks)
            continue;
        if (overlay.kind == OverlayKind::FixedPrice) {
            terms.indexes.clear();
            terms.fixed = true;
            terms.ownFixedPrice = itself;
        }
        terms.indexes.push_back(index);
    }
    return terms;
}

void OverlayRun::applyTo(ClassPrice &price, const Terms &terms, RateCard &card) const
{
    // Without a list price there is nothing to take off or to put on top; what is free stays free.
    const bool nothing = price.state == PriceState::Unpriced || price.femto == 0;
    if (terms.indexes.empty() || (nothing && !terms.fixed))
        return;
    std::vector<const PriceOverlay *> overlays;
    for (const std::int32_t index : terms.indexes)
        overlays.push_back(&m_overlays[static_cast<std::size_t>(index)]);
    const auto set = std::find(card.overlaySets.begin(), card.overlaySets.end(), terms.indexes);
    price.overlaySet = static_cast<std::int32_t>(set - card.overlaySets.begin());
    if (set == card.overlaySets.end())
        card.overlaySets.push_back(terms.indexes);
    const auto contracted = contractedFemto(price.femto, overlays);
    price.femto = contracted.value_or(0);
    if (!contracted)
        price.state = PriceState::Unpriced;
    else if (*contracted == 0)
        price.state = PriceState::Free;
    else if (terms.ownFixedPrice)
        price.state = PriceState::Priced;
    else if (price.state == PriceState::Free || price.state == PriceState::Unpriced)
        price.state = PriceState::Assumed;
}

void OverlayRun::apply(std::array<ClassPrice, usageClassCount> &prices, const Lenders &lenders, RateCard &card) const
{
    constexpr auto output = static_cast<std::size_t>(UsageClass::Output);
    constexpr auto reasoning = static_cast<std::size_t>(UsageClass::Reasoning);
    for (std::size_t i = 0; i < usageClassCount; ++i)
        applyTo(prices[i], termsOf(i, lenders), card);
    // Reasoning is output until some term names it.
    const bool named = std::any_of(m_holding.begin(), m_holding.end(), [this](std::int32_t index) {
        const auto &classes = m_overlays[static_cast<std::size_t>(index)].classes;
        return std::find(classes.begin(), classes.end(), UsageClass::Reasoning) != classes.end();
    });
    if (lenders[reasoning] == static_cast<std::int8_t>(output) && !named)
        prices[reasoning] = prices[output];
}

} // namespace perunit
