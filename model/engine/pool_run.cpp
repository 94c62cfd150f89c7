// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/pool_run.h"
#include "model/engine/fixed_amounts.h"
#include "model/engine/pool_weights.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace perunit {

namespace {

constexpr unsigned mostDecimals = 96;
constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t conventionalHours = 730;

} // namespace

PoolRun::PoolRun(Evaluation &evaluation, int pool)
    : m_evaluation(evaluation)
    , m_baseline(evaluation.m_baseline)
    , m_profile(evaluation.m_profile)
    , m_workload(*evaluation.m_baseline.ledger.workload)
    , m_index(pool)
    , m_pool(evaluation.m_plan.pools()[static_cast<std::size_t>(pool)])
    , m_units(m_pool.units)
    , m_minutes(evaluation.m_baseline.minuteStore())
    , m_classes(loadClassesOf(*m_pool.throughput, m_workload))
{
    m_outcome.leverId = m_pool.lever->lever.id;
    m_outcome.model = m_pool.lever->lever.text("model");
    m_outcome.offer = m_pool.offer->id;
    m_outcome.term = m_pool.term;
    m_outcome.units = m_pool.units;
}

Result<Outcome::Pool> PoolRun::spillAt(std::int64_t units)
{
    m_costsCount = false;
    m_units = units;
    m_outcome.units = units;
    m_outcome.fixedCost = m_outcome.spillCost = {};
    m_streams.clear();
    m_served = m_load = m_available = {};
    return run();
}

Result<Outcome::Pool> PoolRun::run()
{
    for (int month = m_pool.firstMonth; month < m_evaluation.m_months; ++month) {
        if (auto status = runMonth(month); !status)
            return status.error();
    }
    const auto share = [](const Wide &part, const Wide &whole) -> PartsPerMillion {
        if (whole.isZero())
            return 0;
        Wide scaled = part;
        scaled *= static_cast<std::uint64_t>(onePpm);
        return static_cast<PartsPerMillion>(Wide::dividedHalfEven(scaled, raised(whole, 12)).toInt128().value_or(0));
    };
    m_outcome.utilisation = share(m_served, m_available);
    Wide spilled = raised(m_load, 12);
    spilled -= m_served;
    m_outcome.spillShare = share(spilled, m_load);
    if (m_evaluation.keepsLines())
        noteBeside();
    if (m_load.isZero() && m_evaluation.m_months > m_pool.firstMonth)
        m_evaluation.m_result.notes.push_back(
            {"Provisioned", false,
             "lever '" + m_outcome.leverId + "': no standard request in its scope is served by " + m_outcome.model
                 + ", so that the units are paid for and serve nothing"});
    return m_outcome;
}

void PoolRun::noteBeside()
{
    const ClassSet served = servedClasses(*m_pool.throughput);
    std::string names;
    for (const UsageClass usageClass : tokenClasses) {
        const auto at = static_cast<std::size_t>(usageClass);
        const bool occurs = std::any_of(m_streams.begin(), m_streams.end(), [&](const Stream &stream) {
            return m_profile.blocks[stream.block].totals[at] > 0;
        });
        if (occurs && !contains(served, at))
            names += (names.empty() ? "" : ", ") + std::string(nameOf(usageClass));
    }
    if (!names.empty())
        m_evaluation.m_result.notes.push_back({"Provisioned", true,
                                               "lever '" + m_outcome.leverId + "': offer '" + m_outcome.offer
                                                   + "' gives no weight to " + names
                                                   + ", which stay pay-as-you-go beside the units"});
}

Status PoolRun::runMonth(int month)
{
    const std::vector<Stream> before = std::move(m_streams);
    const Wide capacityBefore = m_capacity;
    m_streams.clear();
    if (auto status = collectStreams(month); !status)
        return status;
    scaleWeights();
    if (m_baseline.looksAhead() && sameLoadsAs(before, capacityBefore)) {
        // Nothing that decides loads or prices has moved since the month before.
        for (std::size_t i = 0; i < m_streams.size(); ++i) {
            Stream &stream = m_streams[i];
            stream.spilled = before[i].spilled;
            stream.unpriced = before[i].unpriced;
            stream.assumed = before[i].assumed;
            stream.unpricedEvents = before[i].unpricedEvents;
            stream.load = before[i].load;
            stream.spilledLoad = before[i].spilledLoad;
        }
    } else {
        m_tooLong = {};
        m_traced.clear();
        if (auto status = checkRange(); !status)
            return status;
        if (auto status = visitMinutes(month); !status)
            return status;
    }
    addUpMonth(month);
    if (m_evaluation.m_trace)
        traceMonth(month);
    if (auto status = addSpill(month); !status)
        return status;
    return addFixedCost(month);
}

Status PoolRun::collectStreams(int month)
{
    m_streamsOfBlock.assign(m_profile.blocks.size(), {0, 0});
    for (std::uint32_t b = 0; b < m_profile.blocks.size(); ++b) {
        const Block &block = m_profile.blocks[b];
        if ((!m_baseline.looksAhead() && block.month != month)
            || m_evaluation.m_plan.poolOf(block.segment, m_pool.model) != m_index)
            continue;
        const MonthPlan &plan = m_evaluation.m_plan.plan(block.segment, month);
        m_streamsOfBlock[b].first = static_cast<std::uint32_t>(m_streams.size());
        for (const SlicePlan &slice : plan.slices) {
            for (const Route route : allRoutes) {
                const RoutePlan &routePlan = slice.of(route);
                if (routePlan.used && m_evaluation.modelOf(block.segment, routePlan).model == m_pool.model)
                    addStream(b, plan, slice, route, month);
            }
        }
        m_streamsOfBlock[b].second = static_cast<std::uint32_t>(m_streams.size());
    }
    return {};
}

void PoolRun::addStream(std::uint32_t block, const MonthPlan &plan, const SlicePlan &slice, Route route, int month)
{
    const Segment &segment = m_profile.segments[m_profile.blocks[block].segment];
    const Instant instant = m_evaluation.pricedAt(m_profile.blocks[block], month, m_pool.model);
    Stream stream;
    stream.block = block;
    stream.route = route;
    stream.plan = &plan;
    stream.slice = &slice;
    stream.card =
        m_evaluation.cardFor(m_pool.model, ServiceTier::Standard, segment.region, instant, stream.routePlan().price);
    if (plan.batch > 0 && m_evaluation.cardFor(m_pool.model, ServiceTier::Batch, segment.region, instant)->ownTier)
        stream.serving = Serving::Standard;
    const UInt128 factor = stream.routePlan().promptFactor;
    const std::int64_t longest = m_pool.throughput->maximumPromptTokens;
    stream.firstTooLong = longest > 0 ? firstPromptIn({longest, false}, factor) : endless;
    const auto &longPrompt = m_pool.throughput->longPrompt;
    stream.firstLong = longPrompt ? firstPromptIn(longPrompt->from, factor) : endless;
    for (const PriceBand &band : stream.card->card.bands)
        stream.firstInBand.push_back(band.from ? firstPromptIn(*band.from, factor) : 0);
    m_streams.push_back(std::move(stream));
}

bool PoolRun::sameLoadsAs(const std::vector<Stream> &before, const Wide &capacityBefore) const
{
    if (m_streams.empty() || before.size() != m_streams.size() || !(m_capacity == capacityBefore))
        return false;
    const auto samePrices = [](const PricedCard &a, const PricedCard &b) {
        return std::equal(a.card.bands.begin(), a.card.bands.end(), b.card.bands.begin(), b.card.bands.end(),
                          [](const PriceBand &x, const PriceBand &y) {
                              return std::equal(x.prices.begin(), x.prices.end(), y.prices.begin(),
                                                [](const ClassPrice &p, const ClassPrice &q) {
                                                    return p.femto == q.femto && p.state == q.state;
                                                });
                          });
    };
    return std::equal(m_streams.begin(), m_streams.end(), before.begin(), [&](const Stream &a, const Stream &b) {
        return a.block == b.block && a.route == b.route && a.serving == b.serving && a.slice->from == b.slice->from
               && a.slice->below == b.slice->below && a.firstTooLong == b.firstTooLong && a.firstLong == b.firstLong
               && a.firstInBand == b.firstInBand && *a.weighing == *b.weighing
               && a.routePlan().split == b.routePlan().split && a.plan->writeClass == b.plan->writeClass
               && samePrices(*a.card, *b.card);
    });
}

Status PoolRun::checkRange() const
{
    std::int64_t dearest = 0;
    for (const Stream &stream : m_streams) {
        for (const PriceBand &band : stream.card->card.bands) {
            for (const ClassPrice &price : band.prices)
                dearest = std::max(dearest, price.femto);
        }
    }
    // Token × price × share of 10^12 is summed in 127 bits; with a new cache split a token counts three times.
    if (bitsOf(dearest) + bitsOf(servedCount()) + 42 > 126)
        return Error{ErrorCode::Overflow, "the pool serves more than can be priced exactly",
                     "lever '" + m_outcome.leverId + "'", "narrow its scope"};
    return {};
}

std::pair<std::size_t, std::size_t> PoolRun::rowsOf(int month) const
{
    if (m_baseline.looksAhead())
        return {m_profile.firstRow, m_profile.endRow};
    const Month calendar = m_baseline.firstMonth().plus(month);
    const auto firstOf = [this](Month of) {
        const auto begin = m_workload.time.begin();
        const auto found = std::lower_bound(begin + static_cast<std::ptrdiff_t>(m_profile.firstRow),
                                            begin + static_cast<std::ptrdiff_t>(m_profile.endRow), of.start().micros);
        return static_cast<std::size_t>(found - begin);
    };
    return {firstOf(calendar), firstOf(calendar.plus(1))};
}

void PoolRun::addUpMonth(int month)
{
    const unsigned missing = mostDecimals - m_decimals;
    Wide load = m_tooLong;
    for (const Stream &stream : m_streams) {
        load += stream.load;
        Wide served = raised(stream.load, 12);
        served -= stream.spilledLoad;
        m_served += raised(served, missing);
    }
    m_load += raised(load, missing);
    m_available.addProduct(raised(m_capacity, missing), static_cast<UInt128>(coveredMinutes(month)));
}

Status PoolRun::addSpill(int month)
{
    for (std::size_t i = 0; i < m_streams.size();) {
        const std::uint32_t segment = m_profile.blocks[m_streams[i].block].segment;
        const std::size_t first = i;
        while (i < m_streams.size() && m_profile.blocks[m_streams[i].block].segment == segment)
            ++i;
        const MonthPlan &plan = *m_streams[first].plan;
        Wide cost;
        for (std::size_t s = first; s < i; ++s) {
            Wide spilled = weighed(m_streams[s], m_streams[s].spilled);
            if (plan.priceMoves)
                spilled *= m_streams[s].routePlan().priceFactor;
            cost += spilled;
        }
        const auto amount = Evaluation::rounded(cost, raised(plan.costDenominator, 12));
        if (!amount)
            return amount.error();
        m_evaluation.addToLine(month, segment, Component::Spill, Femto::ofUnits(*amount));
        m_outcome.spillCost += Femto::ofUnits(*amount);
        if (m_evaluation.m_trace)
            traceSpill(month, first, i, Femto::ofUnits(*amount));
        if (auto status = addGaps(segment, first, i); !status)
            return status;
    }
    return {};
}

Wide PoolRun::weighed(const Stream &stream, const std::array<Int128, usageComponentCount> &amounts)
{
    Wide sum;
    for (std::size_t i = 0; i < amounts.size(); ++i)
        sum.addProduct(stream.weights()[i], static_cast<UInt128>(amounts[i]));
    return sum;
}

Status PoolRun::addGaps(std::uint32_t segment, std::size_t first, std::size_t end)
{
    const Wide denominator = raised(m_streams[first].plan->denominator, 12);
    const auto millionths = [&denominator](Wide sum) {
        sum *= static_cast<std::uint64_t>(onePpm);
        return Evaluation::rounded(sum, denominator);
    };
    Wide assumed;
    Wide events;
    for (std::size_t s = first; s < end; ++s) {
        const Stream &stream = m_streams[s];
        assumed += weighed(stream, stream.assumed);
        events.addProduct(stream.weights()[static_cast<std::size_t>(Component::Other)],
                          static_cast<UInt128>(stream.unpricedEvents));
        const Wide unpriced = weighed(stream, stream.unpriced);
        if (unpriced.isZero())
            continue;
        const auto tokens = millionths(unpriced);
        if (!tokens)
            return tokens.error();
        m_evaluation.m_result.unpriced[m_evaluation.nameOf(segment, stream.routePlan())] +=
            std::max<Int128>(*tokens, 1);
        m_evaluation.m_result.unpricedOf[segment] += std::max<Int128>(*tokens, 1);
    }
    const auto inherited = millionths(assumed);
    const auto counted = millionths(events);
    if (!inherited || !counted)
        return (!inherited ? inherited : counted).error();
    m_evaluation.m_result.assumed += *inherited;
    m_evaluation.m_result.unpricedEvents += *counted;
    return {};
}

std::int64_t PoolRun::coveredMinutes(int month) const
{
    const auto minutesOf = [](Period span) {
        return minuteOf(span.to.micros + microsPerMinute - 1) - minuteOf(span.from.micros);
    };
    return minutesOf(m_baseline.looksAhead() ? m_baseline.period : m_baseline.periodMonth(month));
}

Result<UnitCost::Part> PoolRun::costOfUnit(int month, const ProvisionedOffer &offer, const std::string &termName) const
{
    const Month calendar = m_baseline.firstMonth().plus(month);
    const Period whole{calendar.start(), calendar.plus(1).start()};
    const Period covered = m_baseline.looksAhead() ? whole : m_baseline.periodMonth(month);
    const ProvisionedTerm *term = nullptr;
    for (const ProvisionedTerm &candidate : offer.terms) {
        if (candidate.term == termName && candidate.valid.contains(covered.from))
            term = &candidate;
    }
    if (!term)
        return Error{ErrorCode::NotFound,
                     "offer '" + offer.id + "' has no price for term '" + termName + "' in " + calendar.text(),
                     "lever '" + m_outcome.leverId + "', term", "choose another term or period"};
    if (!term->priceKnown)
        return Error{ErrorCode::Unsupported,
                     "the price of term '" + termName + "' of offer '" + offer.id + "' is not public",
                     "lever '" + m_outcome.leverId + "', term", "state it in a catalogue of your own"};
    const std::int64_t hours = m_baseline.settings.conventionalMonth
                                   ? conventionalHours
                                   : (whole.to.micros - whole.from.micros) / microsPerHour;
    const Int128 price = term->femto;
    if (covered == whole)
        return UnitCost::Part{term->perHour ? price * hours : price, 1};
    // Price per hour or month × 2^20 units × microseconds of a month: at most 2^125.
    const std::int64_t micros = std::min(covered.to.micros - covered.from.micros, hours * microsPerHour);
    return UnitCost::Part{price * micros,
                          term->perHour ? Int128{microsPerHour} : static_cast<Int128>(hours) * microsPerHour};
}

Result<UnitCost> PoolRun::unitCost(const ProvisionedOffer &offer, const std::string &term) const
{
    UnitCost cost;
    for (int month = m_pool.firstMonth; month < m_evaluation.m_months; ++month) {
        const auto part = costOfUnit(month, offer, term);
        if (!part)
            return part.error();
        cost.parts.push_back(*part);
    }
    return cost;
}

Status PoolRun::addFixedCost(int month)
{
    if (m_units == 0 || !m_costsCount)
        return {};
    const auto part = costOfUnit(month, *m_pool.offer, m_pool.term);
    if (!part)
        return part.error();
    const Femto cost = UnitCost{{*part}, {}}.of(m_units);
    m_outcome.fixedCost += cost;
    if (m_evaluation.keepsLines())
        attribute(month, cost);
    else
        m_evaluation.m_result.total += cost;
    return {};
}

void PoolRun::attribute(int month, Femto cost)
{
    std::vector<std::uint32_t> segments;
    std::vector<Wide> served;
    for (const Stream &stream : m_streams) {
        Wide load = raised(stream.load, 12);
        load -= stream.spilledLoad;
        if (load.isZero())
            continue;
        const std::uint32_t segment = m_profile.blocks[stream.block].segment;
        if (segments.empty() || segments.back() != segment) {
            segments.push_back(segment);
            served.emplace_back();
        }
        served.back() += load;
    }
    const std::vector<Int128> parts = partsOf(cost.units(), served);
    if (EvaluationTrace *trace = m_evaluation.m_trace) {
        EvaluationTrace::Fixed fixed{&m_pool.lever->lever, m_index, month, Component::Provisioned, cost, {}};
        for (std::size_t i = 0; i < parts.size(); ++i)
            fixed.shares.push_back({segments[i], Femto::ofUnits(parts[i])});
        trace->fixed.push_back(std::move(fixed));
    }
    if (parts.empty()) {
        m_evaluation.m_result.unattributed[static_cast<std::size_t>(month)][Component::Provisioned] += cost;
        m_evaluation.m_result.total += cost;
        return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
        m_evaluation.addToLine(month, segments[i], Component::Provisioned, Femto::ofUnits(parts[i]));
}

} // namespace perunit
