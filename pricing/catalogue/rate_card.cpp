// SPDX-License-Identifier: GPL-3.0-or-later
// PriceBook::rateCard: which prices hold at an instant (catalogue-formats.md §9.2).
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/price_book.h"
#include "pricing/overlay/apply_overlays.h"

#include <algorithm>
#include <tuple>

namespace perunit {

namespace {

struct Candidate {
    const Rate *rate = nullptr;
    std::int32_t index = 0;
};

bool takesPart(const Rate &rate, bool withAnnounced)
{
    switch (rate.status) {
    case RateStatus::Published:
    case RateStatus::Contract:
    case RateStatus::Estimated:
        return true;
    case RateStatus::Announced:
        return withAnnounced;
    case RateStatus::Cancelled:
        break;
    }
    return false;
}

bool holds(const Rate &rate, const std::string &foldedPlace, Instant at)
{
    return rate.valid.contains(at) && (!rate.daily || rate.daily->contains(at))
           && (rate.region.empty() || foldedRegion(rate.region) == foldedPlace);
}

/// Region before daily window; a rate with neither is the least specific.
int specificity(const Rate &rate)
{
    return (rate.region.empty() ? 0 : 2) + (rate.daily ? 1 : 0);
}

/// The rates that hold, the ones to look at first in front.
class Selection
{
public:
    Selection(const CatalogueModel &model, ServiceTier tier, std::string_view region, Instant at, bool withAnnounced)
        : m_tier(tier)
    {
        const std::string place = foldedRegion(region);
        for (std::size_t i = 0; i < model.rates.size(); ++i) {
            const Rate &rate = model.rates[i];
            if ((rate.tier == tier || rate.tier == ServiceTier::Standard) && takesPart(rate, withAnnounced)
                && holds(rate, place, at))
                m_candidates.push_back({&rate, static_cast<std::int32_t>(i)});
        }
        const auto rank = [](const Candidate &each) {
            return std::tuple(specificity(*each.rate), each.rate->valid.from, each.rate->status == RateStatus::Contract,
                              each.index);
        };
        std::sort(m_candidates.begin(), m_candidates.end(),
                  [rank](const Candidate &a, const Candidate &b) { return rank(a) > rank(b); });
    }

    [[nodiscard]] bool empty() const { return m_candidates.empty(); }

    /// The base band, then every threshold that any rate names, ascending.
    [[nodiscard]] std::vector<std::optional<ContextThreshold>> thresholds() const
    {
        std::vector<std::optional<ContextThreshold>> result{std::nullopt};
        for (const Candidate &each : m_candidates) {
            if (each.rate->context && std::find(result.begin(), result.end(), each.rate->context) == result.end())
                result.push_back(each.rate->context);
        }
        std::sort(result.begin() + 1, result.end(), [](const auto &a, const auto &b) {
            return std::tuple(a->tokens, !a->inclusive) < std::tuple(b->tokens, !b->inclusive);
        });
        return result;
    }

    /// The price that some rate states for the class, before any inheritance between classes.
    [[nodiscard]] ClassPrice stated(const std::optional<ContextThreshold> &context, std::size_t usageClass) const
    {
        if (const ClassPrice own = statedBy(m_tier, context, usageClass); own.state != PriceState::Unpriced)
            return own;
        // Further away is still a stated price of this class, but it was not stated for this case.
        const std::optional<ContextThreshold> base;
        ClassPrice other;
        if (context)
            other = statedBy(m_tier, base, usageClass);
        if (other.state == PriceState::Unpriced && m_tier != ServiceTier::Standard)
            other = statedBy(ServiceTier::Standard, context, usageClass);
        if (other.state == PriceState::Unpriced && m_tier != ServiceTier::Standard && context)
            other = statedBy(ServiceTier::Standard, base, usageClass);
        if (other.state != PriceState::Unpriced)
            other.state = PriceState::Assumed;
        return other;
    }

private:
    [[nodiscard]] ClassPrice statedBy(ServiceTier tier, const std::optional<ContextThreshold> &context,
                                      std::size_t usageClass) const
    {
        std::optional<int> best;
        for (const Candidate &each : m_candidates) {
            if (each.rate->tier != tier || each.rate->context != context)
                continue;
            if (!best)
                best = specificity(*each.rate);
            const auto &price = each.rate->prices[usageClass];
            if (!price)
                continue;
            const bool lessSpecific = specificity(*each.rate) < *best;
            return {price->femto,
                    lessSpecific ? PriceState::Assumed : (price->femto == 0 ? PriceState::Free : PriceState::Priced),
                    each.index};
        }
        return {};
    }

    ServiceTier m_tier;
    std::vector<Candidate> m_candidates;
};

/// Lets classes without a price take over that of another one, in an order in which lenders come first.
Lenders inheritBetweenClasses(std::array<ClassPrice, usageClassCount> &prices)
{
    using enum UsageClass;
    struct Loan {
        UsageClass to;
        UsageClass from;
    };
    // Cached audio and images cost what they cost uncached, else what cached text costs: no discount is invented.
    static constexpr std::array<Loan, 15> loans{{{Input, Embedding},
                                                 {Embedding, Input},
                                                 {CacheReadAudio, AudioIn},
                                                 {CacheReadImage, ImageIn},
                                                 {CacheReadAudio, CacheRead},
                                                 {CacheReadImage, CacheRead},
                                                 {CacheRead, Input},
                                                 {CacheWrite5m, Input},
                                                 {CacheWrite1h, CacheWrite5m},
                                                 {AudioIn, Input},
                                                 {ImageIn, Input},
                                                 {CacheReadAudio, AudioIn},
                                                 {CacheReadImage, ImageIn},
                                                 {AudioOut, Output},
                                                 {ImageOut, Output}}};
    Lenders lenders;
    lenders.fill(-1);
    for (const Loan &loan : loans) {
        ClassPrice &to = prices[static_cast<std::size_t>(loan.to)];
        const ClassPrice &from = prices[static_cast<std::size_t>(loan.from)];
        // With a list price of its own a class has no use for another one, even if a term made nothing of it.
        if (to.state == PriceState::Unpriced && to.listState == PriceState::Unpriced
            && from.state != PriceState::Unpriced) {
            to = from;
            to.state = PriceState::Assumed;
            lenders[static_cast<std::size_t>(loan.to)] = static_cast<std::int8_t>(loan.from);
        }
    }
    // Reasoning is output; only a price of its own makes it something else.
    ClassPrice &reasoning = prices[static_cast<std::size_t>(Reasoning)];
    if (reasoning.state == PriceState::Unpriced && reasoning.listState == PriceState::Unpriced) {
        reasoning = prices[static_cast<std::size_t>(Output)];
        lenders[static_cast<std::size_t>(Reasoning)] = static_cast<std::int8_t>(Output);
    }
    return lenders;
}

/// List prices become contracted ones. A fixed price may be the first one that a class has; others then take it over as
/// they would a list price.
void contract(const OverlayRun &overlays, PriceBand &band, const Lenders &lenders, RateCard &card)
{
    for (ClassPrice &price : band.prices) {
        price.listFemto = price.femto;
        price.listState = price.state;
    }
    if (overlays.isEmpty())
        return;
    overlays.apply(band.prices, lenders, card);
    if (overlays.statesPrices())
        inheritBetweenClasses(band.prices);
}

RateCard coveredCard()
{
    PriceBand band;
    ClassPrice covered;
    covered.state = covered.listState = PriceState::Covered;
    band.prices.fill(covered);
    RateCard card;
    card.bands = {band};
    return card;
}

} // namespace

const std::vector<std::int32_t> &RateCard::overlaysOf(const ClassPrice &price) const
{
    static const std::vector<std::int32_t> none;
    return price.overlaySet < 0 ? none : overlaySets[static_cast<std::size_t>(price.overlaySet)];
}

RateCard PriceBook::rateCard(ModelIndex index, ServiceTier tier, std::string_view region, Instant at,
                             bool withAnnounced) const
{
    if (tier == ServiceTier::Provisioned)
        return coveredCard();
    const Selection selection(model(index), tier, region, at, withAnnounced);
    const OverlayRun overlays(m_overlays, overlaysOf(index), tier, at);
    RateCard card;
    if (selection.empty() && !overlays.statesPrices())
        return card;
    for (const auto &threshold : selection.thresholds()) {
        PriceBand band;
        band.from = threshold;
        for (std::size_t i = 0; i < usageClassCount; ++i)
            band.prices[i] = selection.stated(threshold, i);
        const Lenders lenders = inheritBetweenClasses(band.prices);
        contract(overlays, band, lenders, card);
        card.bands.push_back(band);
    }
    return card;
}

bool PriceBook::hasTier(ModelIndex index, ServiceTier tier, std::string_view region, Instant at) const
{
    const auto &agreed = overlaysOf(index);
    if (std::any_of(agreed.begin(), agreed.end(), [&](std::int32_t i) {
            const PriceOverlay &overlay = m_overlays[static_cast<std::size_t>(i)];
            return overlay.kind == OverlayKind::FixedPrice && overlay.valid.contains(at)
                   && std::find(overlay.tiers.begin(), overlay.tiers.end(), tier) != overlay.tiers.end();
        }))
        return true;
    const std::string place = foldedRegion(region);
    const auto &rates = model(index).rates;
    return std::any_of(rates.begin(), rates.end(), [&](const Rate &rate) {
        return rate.tier == tier && takesPart(rate, false) && holds(rate, place, at)
               && std::any_of(rate.prices.begin(), rate.prices.end(),
                              [](const auto &price) { return price.has_value(); });
    });
}

} // namespace perunit
