// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/profile.h"

namespace perunit {

CardStore::CardStore(std::shared_ptr<const PriceBook> book)
    : m_book(std::move(book))
{}

const PricedCard *CardStore::card(ModelIndex model, ServiceTier tier, const std::string &region, Instant at,
                                  bool withAnnounced)
{
    const std::lock_guard lock(m_mutex);
    const auto [found, isNew] =
        m_cards.try_emplace(Key{model.value, tier, withAnnounced, model.found() ? at.micros : 0, region});
    if (isNew) {
        auto made = std::make_unique<PricedCard>();
        if (model.found()) {
            made->card = m_book->rateCard(model, tier, region, at, withAnnounced);
            made->ownTier = m_book->hasTier(model, tier, region, at);
        }
        found->second = std::move(made);
    }
    return found->second.get();
}

} // namespace perunit
