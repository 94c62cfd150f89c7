// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/reconciliation/priced_usage.h"

#include "model/engine/baseline_impl.h"
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <set>

namespace perunit {

PricedUsage &PricedUsage::operator+=(const PricedUsage &other)
{
    blocks.insert(blocks.end(), other.blocks.begin(), other.blocks.end());
    contracted += other.contracted;
    list += other.list;
    anyPriced = anyPriced || other.anyPriced;
    anyList = anyList || other.anyList;
    listGap = listGap || other.listGap;
    requests += other.requests;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        pricedCounts[i] += other.pricedCounts[i];
        unpricedCounts[i] += other.unpricedCounts[i];
        costs[i] = costs[i] || other.costs[i];
    }
    return *this;
}

Result<PricedLedger> PricedLedger::build(const Baseline &baseline, std::stop_token stop)
{
    const Baseline::Impl &impl = baseline.impl();
    PricedLedger ledger;
    ledger.m_baseline = &baseline;
    ledger.m_profile = impl.profile;
    if (impl.looksAhead()) {
        // What has happened was charged at its own time, however far scenarios look ahead.
        auto profile = Profile::build(*impl.ledger.workload, *impl.book, {impl.period, true, {}}, stop);
        if (!profile)
            return profile.error();
        ledger.m_profile = std::move(*profile);
    }
    const Profile &profile = *ledger.m_profile;
    for (std::uint32_t i = 0; i < profile.blocks.size(); ++i) {
        if (i % 1024 == 0 && stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        const Block &block = profile.blocks[i];
        const Segment &segment = profile.segments[block.segment];
        const RecordedName &name = profile.names[segment.resolution];
        TieKey key{canonicalProvider(name.provider), impl.firstPeriodMonth.plus(block.month), name.model};
        if (segment.model.found()) {
            const ModelKey &model = impl.book->model(segment.model).key;
            key.provider = canonicalProvider(model.provider);
            key.model = model.model;
        }
        PricedUsage usage =
            ledger.priceBlock(block, ledger.cardOf(segment, segment.tier, profile.regions[segment.region], block.at));
        usage.blocks = {i};
        ledger.m_lines[key] += usage;
    }
    return ledger;
}

const RateCard &PricedLedger::cardOf(const Segment &segment, ServiceTier tier, const std::string &region,
                                     Instant at) const
{
    return m_baseline->impl().cards->card(segment.model, tier, region, at, false)->card;
}

PricedUsage PricedLedger::priceBlock(const Block &block, const RateCard &card) const
{
    PricedUsage result;
    result.requests = block.totals[static_cast<std::size_t>(UsageClass::Request)];
    if (m_profile->segments[block.segment].tier == ServiceTier::Provisioned) {
        // Paid for with the capacity, whatever the model.
        result.anyPriced = result.anyList = true;
        return result;
    }
    std::array<std::int64_t, usageClassCount> below{};
    const std::uint32_t rows = block.end - block.first;
    for (std::size_t band = 0; band < std::max<std::size_t>(card.bands.size(), 1); ++band) {
        std::uint32_t to = rows;
        if (band + 1 < card.bands.size()) {
            const ContextThreshold &next = *card.bands[band + 1].from;
            to = m_profile->countBelow(block, next.inclusive ? next.tokens : next.tokens + 1);
        }
        const auto upTo = m_profile->sumOfShortest(block, to);
        for (const std::size_t i : m_profile->usedClasses()) {
            const std::int64_t count = upTo[i] - below[i];
            if (count == 0)
                continue;
            const ClassPrice price = band < card.bands.size() ? card.bands[band].prices[i] : ClassPrice{};
            const bool listed = price.listState != PriceState::Unpriced;
            if (listed)
                result.list += Femto::ofUnits(static_cast<Int128>(count) * price.listFemto);
            result.anyList = result.anyList || listed;
            if (price.state == PriceState::Unpriced) {
                result.unpricedCounts[i] += count;
                continue;
            }
            result.contracted += Femto::ofUnits(static_cast<Int128>(count) * price.femto);
            result.pricedCounts[i] += count;
            result.costs[i] = result.costs[i] || price.femto != 0;
            result.anyPriced = true;
            result.listGap = result.listGap || !listed;
        }
        below = upTo;
    }
    return result;
}

std::optional<Femto> PricedLedger::costInTier(const PricedUsage &usage, ServiceTier tier) const
{
    const PriceBook &book = m_baseline->book();
    Femto cost;
    bool differs = false;
    for (const std::uint32_t each : usage.blocks) {
        const Block &block = m_profile->blocks[each];
        const Segment &segment = m_profile->segments[block.segment];
        const std::string &region = m_profile->regions[segment.region];
        if (!segment.model.found())
            return std::nullopt;
        if (segment.tier != tier && segment.tier != ServiceTier::Provisioned) {
            if (!book.hasTier(segment.model, tier, region, block.at))
                return std::nullopt;
            differs = true;
        }
        cost += priceBlock(block, cardOf(segment, tier, region, block.at)).contracted;
    }
    return differs ? std::optional(cost) : std::nullopt;
}

std::optional<Femto> PricedLedger::costInRegion(const PricedUsage &usage, const std::string &region) const
{
    Femto cost;
    bool differs = false;
    for (const std::uint32_t each : usage.blocks) {
        const Block &block = m_profile->blocks[each];
        const Segment &segment = m_profile->segments[block.segment];
        if (!segment.model.found())
            return std::nullopt;
        differs = differs || foldedRegion(m_profile->regions[segment.region]) != foldedRegion(region);
        cost += priceBlock(block, cardOf(segment, segment.tier, region, block.at)).contracted;
    }
    return differs ? std::optional(cost) : std::nullopt;
}

std::vector<std::string> PricedLedger::regionsOf(const PricedUsage &usage) const
{
    std::set<std::string> regions{""};
    for (const std::uint32_t each : usage.blocks) {
        const ModelIndex model = m_profile->segments[m_profile->blocks[each].segment].model;
        if (!model.found())
            continue;
        for (const Rate &rate : m_baseline->book().model(model).rates)
            regions.insert(rate.region);
    }
    return {regions.begin(), regions.end()};
}

} // namespace perunit
