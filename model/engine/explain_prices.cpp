// SPDX-License-Identifier: GPL-3.0-or-later
// Where the prices of an explanation come from.
#include "model/engine/explain_pieces.h"

namespace perunit {

int ExplainedPieces::priceIndex(const Way &way, int band, UsageClass usageClass)
{
    const auto [found, isNew] = m_priceOfCard.try_emplace({way.card, band, usageClass}, -1);
    if (isNew)
        found->second = internedPrice(priceEntry(way, band, usageClass));
    return found->second;
}

int ExplainedPieces::internedPrice(const PriceEntry &entry)
{
    std::string text = entry.text() + '\t' + Femto::ofUnits(entry.femto).text() + '\t' + entry.band + '\t'
                       + entry.leverId + (entry.assumed ? "*" : "");
    if (entry.listFemto)
        text += '\t' + Femto::ofUnits(*entry.listFemto).text();
    const auto [found, isNew] = m_priceOfText.try_emplace(text, static_cast<int>(m_prices.size()));
    if (isNew)
        m_prices.push_back(entry);
    return found->second;
}

PriceEntry ExplainedPieces::priceEntry(const Way &way, int band, UsageClass usageClass) const
{
    const auto priceIn = [&](const PricedCard &card) -> ClassPrice {
        const auto index = static_cast<std::size_t>(band);
        return index < card.card.bands.size() ? card.card.bands[index].prices[static_cast<std::size_t>(usageClass)]
                                              : ClassPrice{};
    };
    const ClassPrice price = priceIn(*way.card);
    PriceEntry entry;
    entry.femto = price.femto;
    entry.assumed = price.state == PriceState::Assumed;
    if (const auto &from = way.card->card.bands[static_cast<std::size_t>(band)].from)
        entry.band = std::string(from->inclusive ? "prompts from " : "prompts above ") + std::to_string(from->tokens)
                     + " tokens";
    if (way.card != way.published) {
        const ClassPrice before = priceIn(*way.published);
        if (before.femto != price.femto || before.state != price.state)
            entry.leverId = way.routePlan().price->id;
    }
    const PriceBook &book = *m_baseline.book;
    if (way.served.model.found()) {
        const CatalogueModel &model = book.model(way.served.model);
        entry.catalogue = book.catalogueOf(way.served.model);
        entry.provider = model.key.provider;
        entry.model = model.key.model;
        if (price.rate >= 0 && static_cast<std::size_t>(price.rate) < model.rates.size()) {
            const Rate &rate = model.rates[static_cast<std::size_t>(price.rate)];
            entry.rate = rate.id;
            entry.valid = rate.valid;
            entry.tier = rate.tier;
            entry.region = rate.region;
            entry.status = rate.status;
            entry.source = rate.source;
            entry.checked = rate.checked;
            entry.grade = rate.grade;
        }
    }
    if (price.overlaySet >= 0 && entry.leverId.empty()) {
        for (const std::int32_t overlay : way.card->card.overlaysOf(price))
            entry.overlays.push_back(book.overlays()[static_cast<std::size_t>(overlay)].name);
        if (price.listState != PriceState::Unpriced)
            entry.listFemto = price.listFemto;
    }
    return entry;
}

std::string PriceEntry::text() const
{
    std::string result = provider.empty() ? model : provider + "/" + model;
    const auto add = [&result](const std::string &part) {
        result += (result.empty() ? "" : ", ") + part;
    };
    if (!offer.empty())
        add(offer);
    if (!rate.empty())
        add("rate " + rate);
    if (valid.from > alwaysBefore)
        add("from " + formatDate(valid.from));
    if (valid.to < alwaysAfter)
        add("to " + formatDate(valid.to));
    if (!region.empty())
        add(region);
    if (!band.empty())
        add(band);
    for (const std::string &overlay : overlays)
        add("under " + overlay);
    if (assumed)
        add("inherited from another class");
    if (!leverId.empty())
        add("set by lever " + leverId);
    return result;
}

} // namespace perunit
