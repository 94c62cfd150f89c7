// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/traffic.h"

namespace perunit {

namespace {

using Counts = std::array<std::int64_t, usageClassCount>;

/// Usage as it had been without a prompt cache: reads and writes are input.
void withoutCache(Counts &counts)
{
    using enum UsageClass;
    const auto move = [&counts](UsageClass from, UsageClass to) {
        counts[static_cast<std::size_t>(to)] += counts[static_cast<std::size_t>(from)];
        counts[static_cast<std::size_t>(from)] = 0;
    };
    move(CacheRead, Input);
    move(CacheWrite5m, Input);
    move(CacheWrite1h, Input);
    move(CacheReadAudio, AudioIn);
    move(CacheReadImage, ImageIn);
}

void addBand(const Counts &counts, const PriceBand *band, TrafficCost &result)
{
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (counts[i] == 0)
            continue;
        const ClassPrice price = band ? band->prices[i] : ClassPrice{};
        const bool tokens = isTokenClass(static_cast<UsageClass>(i));
        if (price.state != PriceState::Unpriced)
            result.cost += Femto::ofUnits(static_cast<Int128>(counts[i]) * price.femto);
        else if (tokens)
            result.unpricedTokens += counts[i];
        if (tokens && price.state == PriceState::Assumed)
            result.assumedTokens += counts[i];
    }
}

} // namespace

TrafficCost &TrafficCost::operator+=(const TrafficCost &other)
{
    cost += other.cost;
    unpricedTokens += other.unpricedTokens;
    assumedTokens += other.assumedTokens;
    return *this;
}

TrafficCost costOfBlock(const Profile &profile, const Block &block, const RateCard &card, bool uncached)
{
    TrafficCost result;
    const std::uint32_t rows = block.end - block.first;
    const std::size_t bands = std::max<std::size_t>(card.bands.size(), 1);
    Counts below{};
    std::uint32_t from = 0;
    for (std::size_t i = 0; i < bands && from < rows; ++i) {
        std::uint32_t to = rows;
        if (i + 1 < bands && card.bands[i + 1].from) {
            const ContextThreshold &next = *card.bands[i + 1].from;
            to = std::max(from, profile.countBelow(block, next.tokens + (next.inclusive ? 0 : 1)));
        }
        if (to == from)
            continue;
        const Counts upTo = profile.sumOfShortest(block, to);
        Counts counts = upTo;
        for (std::size_t c = 0; c < usageClassCount; ++c)
            counts[c] -= below[c];
        below = upTo;
        from = to;
        if (uncached)
            withoutCache(counts);
        addBand(counts, i < card.bands.size() ? &card.bands[i] : nullptr, result);
    }
    return result;
}

RateCard cardFor(const PriceBook &book, ModelIndex model, ServiceTier tier, std::string_view region, Instant at,
                 const Block &block)
{
    if (tier == ServiceTier::Provisioned)
        return book.rateCard(model, tier, region, at);
    if (!model.found())
        return {};
    return book.rateCard(model, tier, region, firstLike(book.model(model), at, block.at));
}

} // namespace perunit
