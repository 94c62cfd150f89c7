// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/evaluation.h"

#include "model/engine/fixed_amounts.h"
#include "model/engine/pool_run.h"
#include "model/engine/price_change.h"

#include <algorithm>

namespace perunit {

namespace {

std::size_t at(Component component)
{
    return static_cast<std::size_t>(component);
}

Error cancelled()
{
    return {ErrorCode::Cancelled, "stopped", "", ""};
}

} // namespace

std::size_t Evaluation::CardKeyHash::operator()(const CardKey &key) const
{
    auto hash = static_cast<std::uint64_t>(key.micros) * 0x9e3779b97f4a7c15ULL;
    hash ^= (static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.model)) << 32 | key.regionAndTier)
            * 0xc2b2ae3d27d4eb4fULL;
    return static_cast<std::size_t>(hash ^ hash >> 29);
}

Evaluation::Evaluation(const Baseline::Impl &baseline, const LeverPlan &plan, Detail detail, CardStore &cards,
                       std::stop_token stop)
    : m_baseline(baseline)
    , m_plan(plan)
    , m_profile(plan.profile())
    , m_detail(detail)
    , m_store(cards)
    , m_stop(std::move(stop))
    , m_months(baseline.monthCount())
    , m_divisor(baseline.divisor())
{
    for (int month = 0; month < m_months; ++month)
        m_monthStarts.push_back(baseline.firstMonth().plus(month).start());
    m_hasWindows.resize(baseline.book->modelCount());
    for (std::size_t i = 0; i < m_hasWindows.size(); ++i) {
        const auto &rates = baseline.book->model({static_cast<std::int32_t>(i)}).rates;
        m_hasWindows[i] = std::any_of(rates.begin(), rates.end(), [](const Rate &rate) { return rate.daily; }) ? 1 : 0;
    }
}

Result<EvaluatedLines> Evaluation::run()
{
    const auto months = static_cast<std::size_t>(m_months);
    m_result.segments = m_profile.segments.size();
    m_result.unpricedOf.resize(m_result.segments);
    if (keepsLines())
        m_result.lines.resize(months * m_result.segments);
    m_result.requests.resize(months * m_result.segments);
    m_result.volumes.resize(months * m_result.segments);
    m_result.recorded.resize(months * m_result.segments);
    m_result.volumeFactors.resize(months * m_result.segments);
    m_result.tokens.resize(months * m_result.segments);
    m_result.usage.resize(months);
    m_result.unattributed.resize(months);
    for (std::size_t segment = 0; segment < m_profile.segments.size(); ++segment) {
        if (segment % 64 == 0 && m_stop.stop_requested())
            return cancelled();
        if (auto status = priceSegment(segment); !status)
            return status.error();
    }
    for (std::size_t i = 0; i < m_plan.pools().size(); ++i) {
        PoolRun run(*this, static_cast<int>(i));
        if (m_plan.pools()[i].units == 0) {
            // The cheapest size is none: its requests are charged like all others.
            const Outcome::Pool &none = run.outcome();
            m_result.notes.push_back({"Provisioned", true,
                                      "lever '" + none.leverId + "': no size of " + none.offer + " on term " + none.term
                                          + " costs less than pay-as-you-go, so that nothing is reserved"});
            m_result.pools.push_back(none);
            continue;
        }
        auto pool = run.run();
        if (!pool)
            return pool.error();
        m_result.pools.push_back(std::move(*pool));
    }
    if (auto status = FixedAmounts(*this).add(); !status)
        return status.error();
    if (auto status = addHarness(); !status)
        return status.error();
    if (auto status = finishNotes(); !status)
        return status.error();
    return std::move(m_result);
}

Evaluation::RouteModel Evaluation::modelOf(std::size_t segment, const RoutePlan &route) const
{
    const Segment &recorded = m_profile.segments[segment];
    RouteModel result{recorded.model, recorded.tier, recorded.tier == ServiceTier::Provisioned};
    if (route.target.found()) {
        result.model = route.target;
        // The capacity that was paid for belongs to the recorded model; another one is paid for by use.
        if (result.covered && result.model != recorded.model) {
            result.covered = false;
            result.tier = ServiceTier::Standard;
        }
    }
    return result;
}

std::string Evaluation::nameOf(std::size_t segment, const RoutePlan &route) const
{
    if (!route.target.found())
        return m_profile.names[m_profile.segments[segment].resolution].model;
    return m_baseline.book->model(route.target).key.model;
}

Instant Evaluation::pricedAt(const Block &block, int month, ModelIndex model)
{
    if (!m_baseline.looksAhead())
        return block.at;
    const Month calendar = m_baseline.firstMonth().plus(month);
    if (!model.found() || !m_hasWindows[static_cast<std::size_t>(model.value)])
        return m_monthStarts[static_cast<std::size_t>(month)];
    const auto [found, isNew] = m_pricedAt.try_emplace({model.value, month, block.at});
    if (isNew)
        found->second = firstLike(m_baseline.book->model(model), calendar.start(), block.at);
    return found->second;
}

const PricedCard *Evaluation::cardFor(ModelIndex model, ServiceTier tier, std::uint32_t region, Instant instant)
{
    const CardKey key{model.value, region << 3 | static_cast<std::uint32_t>(tier), instant.micros};
    const auto [found, isNew] = m_cards.try_emplace(key, nullptr);
    if (isNew)
        found->second = m_store.card(model, tier, m_profile.regions[region], instant, m_baseline.looksAhead());
    return found->second;
}

const PricedCard *Evaluation::cardFor(ModelIndex model, ServiceTier tier, std::uint32_t region, Instant instant,
                                      const Lever *price)
{
    const PricedCard *card = cardFor(model, tier, region, instant);
    if (!price)
        return card;
    auto &changed = m_changedCards[{card, price}];
    if (!changed)
        changed = std::make_unique<const PricedCard>(
            withNewPrices(*card, *cardFor(model, ServiceTier::Standard, region, instant), tier, *price));
    return changed.get();
}

ClassSet Evaluation::pooled(std::size_t segment, ModelIndex model, int month) const
{
    const int index = m_plan.poolOf(segment, model);
    if (index < 0)
        return 0;
    const PoolPlan &pool = m_plan.pools()[static_cast<std::size_t>(index)];
    return pool.units > 0 && pool.firstMonth <= month ? servedClasses(*pool.throughput) : 0;
}

Status Evaluation::priceSegment(std::size_t segment)
{
    const Segment &recorded = m_profile.segments[segment];
    const bool ahead = m_baseline.looksAhead();
    std::uint32_t block = recorded.firstBlock;
    for (int month = 0; month < m_months; ++month) {
        if (ahead)
            block = recorded.firstBlock;
        const MonthPlan &plan = m_plan.plan(segment, month);
        m_sums.assign(plan.slices.size(), {});
        const std::size_t place = static_cast<std::size_t>(month) * m_result.segments + segment;
        bool any = false;
        for (; block < recorded.endBlock && (ahead || m_profile.blocks[block].month == month); ++block) {
            addBlock(m_profile.blocks[block], plan, month);
            const auto &totals = m_profile.blocks[block].totals;
            m_result.recorded[place] += totals[static_cast<std::size_t>(UsageClass::Request)];
            m_result.tokens[place] += tokensIn(totals);
            any = true;
        }
        if (!any)
            continue;
        m_result.volumeFactors[place] = plan.volume;
        if (auto status = finishLine(segment, month, plan); !status)
            return status;
    }
    return {};
}

void Evaluation::addBlock(const Block &block, const MonthPlan &plan, int month)
{
    for (std::size_t i = 0; i < plan.slices.size(); ++i) {
        const SlicePlan &slice = plan.slices[i];
        Span span{0, block.end - block.first};
        if (slice.from > 0)
            span.from = m_profile.countBelow(block, slice.from);
        if (slice.below != endlessPrompt)
            span.to = m_profile.countBelow(block, slice.below);
        if (span.from >= span.to)
            continue;
        for (const Route route : allRoutes) {
            if (slice.of(route).used)
                addRoute(block, plan, i, route, span, month);
        }
    }
}

void Evaluation::addRoute(const Block &block, const MonthPlan &plan, std::size_t slice, Route route, Span span,
                          int month)
{
    const RoutePlan &routePlan = plan.slices[slice].of(route);
    const Segment &segment = m_profile.segments[block.segment];
    const RouteModel served = modelOf(block.segment, routePlan);
    auto &paths = m_sums[slice][static_cast<std::size_t>(route)];
    if (served.covered) {
        // Paid for already; what it used is counted nevertheless.
        PathSums &sums = paths[static_cast<std::size_t>(Serving::Whole)];
        sums.used = true;
        if (keepsLines()) {
            const auto upTo = m_profile.sumOfShortest(block, span.to);
            const auto before = m_profile.sumOfShortest(block, span.from);
            for (const std::size_t usageClass : m_profile.usedClasses())
                sums.counts[usageClass] += upTo[usageClass] - before[usageClass];
        }
        return;
    }
    const Instant instant = pricedAt(block, month, served.model);
    const ClassSet inPool = pooled(block.segment, served.model, month);
    const PricedCard *card = cardFor(served.model, served.tier, segment.region, instant, routePlan.price);
    Serving serving = Serving::Whole;
    if (plan.batch > 0 && segment.tier == ServiceTier::Standard) {
        const PricedCard *batch = cardFor(served.model, ServiceTier::Batch, segment.region, instant, routePlan.price);
        if (batch->ownTier) {
            serving = Serving::Standard;
            addPath(block, plan, routePlan, span, *batch, 0, paths[static_cast<std::size_t>(Serving::Batch)]);
            if (keepsLines())
                m_withBatch.insert(m_plan.leverOf(block.segment, LeverKind::Batch)->id);
        } else if (keepsLines()) {
            noteBatch(block.segment, block);
        }
    }
    addPath(block, plan, routePlan, span, *card, inPool, paths[static_cast<std::size_t>(serving)]);
    if (keepsLines())
        noteWrites(block.segment, *card, plan, routePlan);
}

void Evaluation::addPath(const Block &block, const MonthPlan &plan, const RoutePlan &route, Span span,
                         const PricedCard &card, ClassSet inPool, PathSums &sums) const
{
    sums.used = true;
    const auto &bands = card.card.bands;
    std::array<std::int64_t, usageClassCount> below{};
    if (span.from > 0)
        below = m_profile.sumOfShortest(block, span.from);
    std::uint32_t from = span.from;
    for (std::size_t i = 0; i < std::max<std::size_t>(bands.size(), 1) && from < span.to; ++i) {
        std::uint32_t to = span.to;
        if (i + 1 < bands.size() && bands[i + 1].from)
            to = std::clamp(m_profile.countBelow(block, firstPromptIn(*bands[i + 1].from, route.promptFactor)), from,
                            span.to);
        if (to == from)
            continue;
        auto counts = m_profile.sumOfShortest(block, to);
        const auto upTo = counts;
        for (const std::size_t usageClass : m_profile.usedClasses()) {
            counts[usageClass] -= below[usageClass];
            sums.counts[usageClass] += counts[usageClass];
        }
        below = upTo;
        from = to;
        const PriceBand *band = i < bands.size() ? &bands[i] : nullptr;
        addGaps(counts, plan, route, band, inPool, sums);
        if (!band)
            continue;
        const auto charge = [&](std::size_t usageClass, Int128 count) {
            const ClassPrice &price = band->prices[usageClass];
            if (price.state != PriceState::Unpriced)
                sums.cost[at(componentOf(usageClass))] += count * price.femto;
        };
        if (route.split && inPool == 0) {
            const Int128 prompt = static_cast<Int128>(counts[0]) + counts[1] + counts[2] + counts[3];
            charge(static_cast<std::size_t>(UsageClass::Input), prompt);
            charge(static_cast<std::size_t>(UsageClass::CacheRead), prompt);
            charge(static_cast<std::size_t>(plan.writeClass), prompt);
        }
        for (const std::size_t usageClass : m_profile.usedClasses()) {
            if (counts[usageClass] == 0 || (route.split && usageClass < 4) || contains(inPool, usageClass))
                continue;
            charge(usageClass, counts[usageClass]);
        }
    }
}

void Evaluation::addGaps(const std::array<std::int64_t, usageClassCount> &counts, const MonthPlan &plan,
                         const RoutePlan &route, const PriceBand *band, ClassSet inPool, PathSums &sums) const
{
    if (!keepsLines())
        return;
    const auto look = [&](std::size_t usageClass, Int128 count) {
        const PriceState state = band ? band->prices[usageClass].state : PriceState::Unpriced;
        if (state != PriceState::Unpriced && state != PriceState::Assumed)
            return;
        const Component component = componentOf(usageClass);
        if (count == 0 || contains(inPool, usageClass))
            return;
        if (isTokenClass(static_cast<UsageClass>(usageClass))) {
            sums.gaps = true;
            (state == PriceState::Unpriced ? sums.unpriced : sums.assumed)[at(component)] += count;
        } else if (state == PriceState::Unpriced && usageClass != static_cast<std::size_t>(UsageClass::Request)) {
            // A request itself costs something only where a catalogue says so.
            sums.gaps = true;
            sums.unpricedEvents += count;
        }
    };
    if (route.split) {
        const Int128 prompt = static_cast<Int128>(counts[0]) + counts[1] + counts[2] + counts[3];
        look(static_cast<std::size_t>(UsageClass::Input), prompt);
        look(static_cast<std::size_t>(UsageClass::CacheRead), prompt);
        look(static_cast<std::size_t>(plan.writeClass), prompt);
    }
    for (const std::size_t usageClass : m_profile.usedClasses()) {
        if (!route.split || usageClass >= 4)
            look(usageClass, counts[usageClass]);
    }
}

} // namespace perunit
