// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/request_pricer.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace perunit {

namespace {

struct CardKey {
    std::int32_t model = -1;
    ServiceTier tier = ServiceTier::Standard;
    Instant from; ///< beginning of a span in which no price of the model changes
    std::string region;
    bool operator==(const CardKey &) const = default;
};

struct CardHash {
    std::size_t operator()(const CardKey &key) const
    {
        std::size_t hash = std::hash<std::string>()(key.region);
        for (const std::int64_t part :
             {static_cast<std::int64_t>(key.model), static_cast<std::int64_t>(key.tier), key.from.micros})
            hash = hash * 0x9E3779B97F4A7C15U + std::hash<std::int64_t>()(part);
        return hash;
    }
};

/// So many names and cards are kept; a ledger with more begins again, so that memory stays bounded.
constexpr std::size_t mostKept = 100'000;

} // namespace

struct RequestPricer::Memory {
    std::string name; ///< of the look-up, kept to save an allocation a request
    std::unordered_map<std::string, ModelMatch> matches;
    /// By model and year: the instants within the year at which a price changes.
    std::unordered_map<std::int64_t, std::vector<Instant>> changes;
    std::unordered_map<CardKey, RateCard, CardHash> cards;
    CardKey key;

    const ModelMatch &match(const PriceBook &book, const RequestToPrice &request)
    {
        name.assign(request.provider).push_back('\n');
        name += request.model;
        const auto found = matches.find(name);
        if (found != matches.end())
            return found->second;
        if (matches.size() >= mostKept)
            matches.clear();
        return matches.emplace(name, book.resolve(request.provider, request.model)).first->second;
    }

    /// The beginning of the span around the instant in which the prices of the model do not change.
    Instant spanStart(const PriceBook &book, ModelIndex model, Instant at)
    {
        const Month year = Month::of(monthOf(at).year(), 1);
        const std::int64_t id = std::int64_t{model.value} * 1'000'000 + year.index;
        auto found = changes.find(id);
        if (found == changes.end()) {
            if (changes.size() >= mostKept)
                changes.clear();
            found = changes.emplace(id, book.changesWithin(model, {year.start(), year.plus(12).start()})).first;
        }
        const std::vector<Instant> &instants = found->second;
        const auto next = std::upper_bound(instants.begin(), instants.end(), at);
        return next == instants.begin() ? year.start() : *(next - 1);
    }

    const RateCard &card(const PriceBook &book, const ModelMatch &matched, const RequestToPrice &request)
    {
        key.model = matched.model.value;
        key.tier = request.tier;
        key.from = spanStart(book, matched.model, request.at);
        key.region = matched.region.empty() ? request.region : matched.region;
        const auto found = cards.find(key);
        if (found != cards.end())
            return found->second;
        if (cards.size() >= mostKept)
            cards.clear();
        return cards.emplace(key, book.rateCard(matched.model, request.tier, key.region, request.at)).first->second;
    }
};

RequestPricer::RequestPricer(const PriceBook &book)
    : m_book(book)
    , m_memory(std::make_unique<Memory>())
{}

RequestPricer::~RequestPricer() = default;

PricedRequest RequestPricer::price(const RequestToPrice &request)
{
    const ModelMatch &match = m_memory->match(m_book, request);
    if (match.model.found())
        return chargeRequest(m_book, match, m_memory->card(m_book, match, request), request.usage);
    return priceRequest(m_book, request);
}

} // namespace perunit
