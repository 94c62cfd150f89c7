// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/price_request.h"

#include <algorithm>

namespace perunit {

namespace {

/// Usage as the prices of a band see it: reasoning apart where it has a price of its own, and a call where the call
/// itself has a fee, since a request that used anything was called once.
Usage usageToCharge(Usage usage, const PriceBand &band)
{
    const ClassPrice &reasoning = band.prices[static_cast<std::size_t>(UsageClass::Reasoning)];
    const ClassPrice &output = band.prices[static_cast<std::size_t>(UsageClass::Output)];
    if (reasoning.femto != output.femto || reasoning.state != output.state)
        usage = usage.pricedApart();
    const ClassPrice &fee = band.prices[static_cast<std::size_t>(UsageClass::Request)];
    if (usage[UsageClass::Request] != 0 || (fee.state != PriceState::Priced && fee.state != PriceState::Assumed))
        return usage;
    for (const std::int64_t count : usage.counts) {
        if (count > 0) {
            usage[UsageClass::Request] = 1;
            break;
        }
    }
    return usage;
}

} // namespace

PricedRequest priceRequest(const PriceBook &book, const RequestToPrice &request)
{
    ModelMatch match = book.resolve(request.provider, request.model);
    RateCard card;
    // What runs on provisioned capacity is covered, whatever it is called.
    if (match.model.found() || request.tier == ServiceTier::Provisioned) {
        const std::string &region = match.region.empty() ? request.region : match.region;
        card = book.rateCard(match.model, request.tier, region, request.at);
    }
    return chargeRequest(book, std::move(match), card, request.usage);
}

PricedRequest chargeRequest(const PriceBook &book, ModelMatch match, const RateCard &card, const Usage &recorded)
{
    PricedRequest result;
    result.match = std::move(match);
    const CatalogueModel *model = nullptr;
    if (result.match.model.found()) {
        model = &book.model(result.match.model);
        result.model = model->key.model;
        result.provider = model->key.provider;
    }
    result.listCost = Femto();
    const PriceBand *band = card.bandFor(recorded.sentTokens());
    const Usage usage = band ? usageToCharge(recorded, *band) : recorded;
    result.lines.reserve(static_cast<std::size_t>(
        std::count_if(usage.counts.begin(), usage.counts.end(), [](std::int64_t count) { return count != 0; })));
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto usageClass = static_cast<UsageClass>(i);
        const std::int64_t count = usage.counts[i];
        if (count == 0)
            continue;
        const ClassPrice price = band ? band->prices[i] : ClassPrice{};
        if (price.state == PriceState::Unpriced) {
            // Most models have no fee for the call, so that it has no price is no gap. An unknown model is one,
            // and its tokens say so.
            if (usageClass != UsageClass::Request)
                result.unpriced.push_back(usageClass);
            continue;
        }
        PricedLine line;
        line.usageClass = usageClass;
        line.count = count;
        line.femtoEach = price.femto;
        line.state = price.state;
        if (price.listState != PriceState::Unpriced)
            line.listFemtoEach = price.listFemto;
        for (const std::int32_t overlay : card.overlaysOf(price))
            line.overlays.push_back(book.overlays()[static_cast<std::size_t>(overlay)].name);
        if (model && price.rate >= 0)
            line.entry = model->rates[static_cast<std::size_t>(price.rate)].id;
        result.cost += line.cost();
        if (const auto list = line.listCost(); list && result.listCost)
            *result.listCost += *list;
        else
            result.listCost.reset();
        result.lines.push_back(std::move(line));
    }
    if (!band && result.unpriced.empty() && usage[UsageClass::Request] > 0)
        result.unpriced.push_back(UsageClass::Request);
    if (result.lines.empty() && !result.unpriced.empty())
        result.listCost.reset();
    return result;
}

} // namespace perunit
