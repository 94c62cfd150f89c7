// SPDX-License-Identifier: GPL-3.0-or-later
// PriceBook::rateCard: which prices hold at an instant (catalogue-formats.md §9.2).
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/price_book.h"

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

/// Which class lends its price to which, in an order in which lenders come first.
void inheritBetweenClasses(std::array<ClassPrice, usageClassCount> &prices)
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
    for (const Loan &loan : loans) {
        ClassPrice &to = prices[static_cast<std::size_t>(loan.to)];
        const ClassPrice &from = prices[static_cast<std::size_t>(loan.from)];
        if (to.state == PriceState::Unpriced && from.state != PriceState::Unpriced)
            to = {from.femto, PriceState::Assumed, from.rate};
    }
    // Reasoning is output; only a price of its own makes it something else.
    ClassPrice &reasoning = prices[static_cast<std::size_t>(Reasoning)];
    if (reasoning.state == PriceState::Unpriced)
        reasoning = prices[static_cast<std::size_t>(Output)];
}

RateCard coveredCard()
{
    PriceBand band;
    band.prices.fill({0, PriceState::Covered, -1});
    return {{band}};
}

} // namespace

RateCard PriceBook::rateCard(ModelIndex index, ServiceTier tier, std::string_view region, Instant at,
                             bool withAnnounced) const
{
    if (tier == ServiceTier::Provisioned)
        return coveredCard();
    const Selection selection(model(index), tier, region, at, withAnnounced);
    RateCard card;
    if (selection.empty())
        return card;
    for (const auto &threshold : selection.thresholds()) {
        PriceBand &band = card.bands.emplace_back();
        band.from = threshold;
        for (std::size_t i = 0; i < usageClassCount; ++i)
            band.prices[i] = selection.stated(threshold, i);
        inheritBetweenClasses(band.prices);
    }
    return card;
}

bool PriceBook::hasTier(ModelIndex index, ServiceTier tier, std::string_view region, Instant at) const
{
    const std::string place = foldedRegion(region);
    const auto &rates = model(index).rates;
    return std::any_of(rates.begin(), rates.end(), [&](const Rate &rate) {
        return rate.tier == tier && takesPart(rate, false) && holds(rate, place, at)
               && std::any_of(rate.prices.begin(), rate.prices.end(),
                              [](const auto &price) { return price.has_value(); });
    });
}

} // namespace perunit
