// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/pool_run.h"
#include "model/engine/fixed_amounts.h"
#include "model/engine/pool_weights.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

/// Spill shares of minutes are whole numbers of 10^-12.
constexpr Int128 wholeShare = 1'000'000'000'000;
constexpr unsigned mostDecimals = 96;
constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t conventionalHours = 730;

std::int64_t minuteOf(std::int64_t micros)
{
    const std::int64_t quotient = micros / microsPerMinute;
    return micros % microsPerMinute < 0 ? quotient - 1 : quotient;
}

void addProduct(UInt128 &sum, UInt128 weight, std::int64_t count)
{
    sum += weight * static_cast<UInt128>(count);
}

void addProduct(Wide &sum, const Wide &weight, std::int64_t count)
{
    sum.addProduct(weight, static_cast<UInt128>(count));
}

Wide wideOf(UInt128 value)
{
    return Wide::of(value);
}

const Wide &wideOf(const Wide &value)
{
    return value;
}

/// (load - capacity) / load as a whole number of 10^-12, rounded half to even; the load is the larger one.
Int128 spillShare(const Wide &load, const Wide &capacity)
{
    Wide excess = load;
    excess -= capacity;
    excess *= static_cast<std::uint64_t>(wholeShare);
    return Wide::dividedHalfEven(excess, load).toInt128().value_or(wholeShare);
}

Int128 spillShare(UInt128 load, UInt128 capacity)
{
    if ((load >> 86) != 0)
        return spillShare(Wide::of(load), Wide::of(capacity));
    // One division for every overloaded minute: quotient and remainder from the same one.
    const UInt128 numerator = (load - capacity) * static_cast<UInt128>(wholeShare);
    const UInt128 quotient = numerator / load;
    const UInt128 rest = numerator - quotient * load;
    const bool up = rest > load - rest || (rest == load - rest && (quotient & 1U) != 0);
    return static_cast<Int128>(quotient) + (up ? 1 : 0);
}

} // namespace

PoolRun::PoolRun(Evaluation &evaluation, int pool)
    : m_evaluation(evaluation)
    , m_baseline(evaluation.m_baseline)
    , m_profile(evaluation.m_profile)
    , m_workload(*evaluation.m_baseline.ledger.workload)
    , m_index(pool)
    , m_pool(evaluation.m_plan.pools()[static_cast<std::size_t>(pool)])
{
    m_outcome.leverId = m_pool.lever->lever.id;
    m_outcome.model = m_pool.lever->lever.text("model");
    m_outcome.offer = m_pool.offer->id;
    m_outcome.term = m_pool.term;
    m_outcome.units = m_pool.units;
}

Status PoolRun::gatherRows()
{
    std::vector<char> served(m_profile.blocks.size(), 0);
    for (std::size_t b = 0; b < served.size(); ++b) {
        served[b] = m_evaluation.m_plan.poolOf(m_profile.blocks[b].segment, m_pool.model) == m_index ? 1 : 0;
    }
    for (std::size_t row = m_profile.firstRow; row < m_profile.endRow; ++row) {
        if (row % 65536 == 0 && m_evaluation.m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        const std::uint32_t block = m_profile.blockOfRow[row - m_profile.firstRow];
        if (!served[block])
            continue;
        Row &result = m_rows.emplace_back();
        result.minute = minuteOf(m_workload.time[row]);
        result.block = block;
        for (std::size_t i = 0; i < result.counts.size(); ++i)
            result.counts[i] = m_workload.count(static_cast<UsageClass>(i), row);
        result.reasoning = m_workload.count(UsageClass::Reasoning, row);
        result.prompt = result.counts[0] + result.counts[1] + result.counts[2] + result.counts[3];
        result.promptLength = m_workload.promptTokens(row);
        if (m_evaluation.m_trace)
            m_workloadRows.push_back(static_cast<std::uint32_t>(row));
    }
    return {};
}

Result<Outcome::Pool> PoolRun::run()
{
    if (auto status = gatherRows(); !status)
        return status.error();
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
    if (m_load.isZero() && m_evaluation.m_months > m_pool.firstMonth)
        m_evaluation.m_result.notes.push_back(
            {"Provisioned", false,
             "lever '" + m_outcome.leverId + "': no standard request in its scope is served by " + m_outcome.model
                 + ", so that the units are paid for and serve nothing"});
    return m_outcome;
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
            stream.load = before[i].load;
            stream.spilledLoad = before[i].spilledLoad;
        }
    } else {
        m_tooLong = {};
        m_traced.clear();
        m_fullMinutes = 0;
        m_fullLoad = {};
        if (auto status = checkRange(); !status)
            return status;
        if (auto status = m_small ? visitRows<UInt128>(month) : visitRows<Wide>(month); !status)
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
               && a.firstInBand == b.firstInBand && a.loadWeights == b.loadWeights && a.longWeights == b.longWeights
               && a.routePlan().split == b.routePlan().split && a.plan->writeClass == b.plan->writeClass
               && samePrices(*a.card, *b.card);
    });
}

Status PoolRun::checkRange() const
{
    std::int64_t dearest = 0;
    Int128 tokens = 0;
    for (const Stream &stream : m_streams) {
        for (const PriceBand &band : stream.card->card.bands) {
            for (const ClassPrice &price : band.prices)
                dearest = std::max(dearest, price.femto);
        }
        tokens += tokensIn(m_profile.blocks[stream.block].totals);
    }
    // Token × price × share of 10^12 is summed in 127 bits; with a new cache split a token counts three times.
    if (bitsOf(dearest) + bitsOf(tokens) + 42 > 126)
        return Error{ErrorCode::Overflow, "the pool serves more than can be priced exactly",
                     "lever '" + m_outcome.leverId + "'", "narrow its scope"};
    return {};
}

template <typename Number>
Number PoolRun::loadOf(std::size_t stream, const Row &row) const
{
    const bool isLong = row.promptLength >= m_gauges[stream].firstLong;
    const auto &weights = [&]() -> const auto &
    {
        if constexpr (std::is_same_v<Number, UInt128>)
            return isLong ? m_gauges[stream].longWeights : m_gauges[stream].weights;
        else
            return isLong ? m_streams[stream].longWeights : m_streams[stream].loadWeights;
    }
    ();
    Number load{};
    addProduct(load, weights[0], row.counts[0]);
    addProduct(load, weights[1], row.counts[1]);
    addProduct(load, weights[2], row.counts[2]);
    addProduct(load, weights[3], row.counts[3]);
    addProduct(load, weights[4], row.counts[4] + row.reasoning);
    return load;
}

template <typename Number>
Status PoolRun::visitRows(int month)
{
    auto row = m_rows.cbegin();
    auto end = m_rows.cend();
    if (!m_baseline.looksAhead()) {
        const Month calendar = m_baseline.firstMonth().plus(month);
        const auto firstOf = [this](Month of) {
            return std::lower_bound(m_rows.cbegin(), m_rows.cend(), minuteOf(of.start().micros),
                                    [](const Row &each, std::int64_t minute) { return each.minute < minute; });
        };
        row = firstOf(calendar);
        end = firstOf(calendar.plus(1));
    }
    Number capacity;
    if constexpr (std::is_same_v<Number, UInt128>)
        capacity = smallOf(m_capacity);
    else
        capacity = m_capacity;
    std::vector<Item<Number>> items;
    Number load{};
    std::int64_t minute = std::numeric_limits<std::int64_t>::min();
    std::size_t visited = 0;
    for (; row != end; ++row) {
        if (++visited % 65536 == 0 && m_evaluation.m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        if (row->minute != minute) {
            finishMinute(items, load, capacity);
            load = {};
            minute = row->minute;
        }
        const auto [first, last] = m_streamsOfBlock[row->block];
        for (std::uint32_t stream = first; stream < last; ++stream) {
            const Gauge &gauge = m_gauges[stream];
            if (row->promptLength < gauge.from || row->promptLength >= gauge.below)
                continue;
            items.push_back({stream, &*row, loadOf<Number>(stream, *row)});
            if (row->promptLength < gauge.firstTooLong)
                load += items.back().load;
        }
    }
    finishMinute(items, load, capacity);
    for (std::size_t i = 0; i < m_streams.size(); ++i) {
        m_streams[i].load += Wide::of(m_gauges[i].load);
        m_streams[i].spilledLoad += Wide::of(m_gauges[i].spilledLoad);
    }
    return {};
}

template <typename Number>
void PoolRun::finishMinute(std::vector<Item<Number>> &items, const Number &load, const Number &capacity)
{
    const Int128 share = load > capacity ? spillShare(load, capacity) : Int128{0};
    if (m_evaluation.m_trace && share > 0) {
        ++m_fullMinutes;
        m_fullLoad += wideOf(load);
    }
    for (const Item<Number> &item : items) {
        Gauge &gauge = m_gauges[item.stream];
        if (item.row->promptLength >= gauge.firstTooLong) {
            m_tooLong += wideOf(item.load);
            spill(m_streams[item.stream], *item.row, wholeShare);
            continue;
        }
        if constexpr (std::is_same_v<Number, UInt128>)
            gauge.load += item.load;
        else
            m_streams[item.stream].load += item.load;
        if (share == 0)
            continue;
        bool added = false;
        if constexpr (std::is_same_v<Number, UInt128>) {
            if (m_smallSpilled) {
                gauge.spilledLoad += item.load * static_cast<UInt128>(share);
                added = true;
            }
        }
        if (!added)
            m_streams[item.stream].spilledLoad.addProduct(wideOf(item.load), static_cast<UInt128>(share));
        spill(m_streams[item.stream], *item.row, share);
    }
    items.clear();
}

void PoolRun::spill(Stream &stream, const Row &row, Int128 share)
{
    const PriceBand *band = nullptr;
    int bandIndex = -1;
    for (std::size_t i = 0; i < stream.firstInBand.size(); ++i) {
        if (row.promptLength < stream.firstInBand[i])
            continue;
        band = &stream.card->card.bands[i];
        bandIndex = static_cast<int>(i);
    }
    const auto charge = [&](std::size_t component, UsageClass usageClass, std::int64_t count) {
        if (count == 0)
            return;
        if (m_evaluation.m_trace)
            trace(stream, row, bandIndex, usageClass, count, share);
        const ClassPrice price = band ? band->prices[static_cast<std::size_t>(usageClass)] : ClassPrice{};
        if (price.state == PriceState::Unpriced)
            stream.unpriced[component] += share * count;
        else
            stream.spilled[component] += share * (static_cast<Int128>(count) * price.femto);
        if (price.state == PriceState::Assumed)
            stream.assumed[component] += share * count;
    };
    if (stream.routePlan().split) {
        charge(0, UsageClass::Input, row.prompt);
        charge(1, UsageClass::CacheRead, row.prompt);
        charge(2, stream.plan->writeClass, row.prompt);
    } else {
        charge(0, UsageClass::Input, row.counts[0]);
        charge(1, UsageClass::CacheRead, row.counts[1]);
        charge(2, UsageClass::CacheWrite5m, row.counts[2]);
        charge(2, UsageClass::CacheWrite1h, row.counts[3]);
    }
    charge(3, UsageClass::Output, row.counts[4]);
    charge(3, UsageClass::Reasoning, row.reasoning);
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
    const auto weigh = [](const Stream &stream, const std::array<Int128, 4> &amounts, Wide &sum) {
        const ComponentWeights &weights = stream.weights();
        for (std::size_t i = 0; i < 4; ++i)
            sum.addProduct(weights[i], static_cast<UInt128>(amounts[i]));
    };
    for (std::size_t i = 0; i < m_streams.size();) {
        const std::uint32_t segment = m_profile.blocks[m_streams[i].block].segment;
        const std::size_t first = i;
        const MonthPlan &plan = *m_streams[i].plan;
        const Wide denominator = raised(plan.denominator, 12);
        Wide cost;
        Wide assumed;
        for (; i < m_streams.size() && m_profile.blocks[m_streams[i].block].segment == segment; ++i) {
            const Stream &stream = m_streams[i];
            Wide spilled;
            weigh(stream, stream.spilled, spilled);
            if (plan.priceMoves)
                spilled *= stream.routePlan().priceFactor;
            cost += spilled;
            weigh(stream, stream.assumed, assumed);
            Wide unpriced;
            weigh(stream, stream.unpriced, unpriced);
            if (!unpriced.isZero()) {
                unpriced *= static_cast<std::uint64_t>(onePpm);
                const auto tokens = Evaluation::rounded(unpriced, denominator);
                if (!tokens)
                    return tokens.error();
                m_evaluation.m_result.unpriced[m_evaluation.nameOf(segment, stream.routePlan())] +=
                    std::max<Int128>(*tokens, 1);
                m_evaluation.m_result.unpricedOf[segment] += std::max<Int128>(*tokens, 1);
            }
        }
        const auto amount = Evaluation::rounded(cost, raised(plan.costDenominator, 12));
        assumed *= static_cast<std::uint64_t>(onePpm);
        const auto inherited = Evaluation::rounded(assumed, denominator);
        if (!amount || !inherited)
            return (!amount ? amount : inherited).error();
        m_evaluation.addToLine(month, segment, Component::Spill, Femto::ofUnits(*amount));
        m_outcome.spillCost += Femto::ofUnits(*amount);
        if (m_evaluation.m_trace)
            traceSpill(month, first, i, Femto::ofUnits(*amount));
        m_evaluation.m_result.assumed += *inherited;
    }
    return {};
}

std::int64_t PoolRun::coveredMinutes(int month) const
{
    const auto minutesOf = [](Period span) {
        return minuteOf(span.to.micros + microsPerMinute - 1) - minuteOf(span.from.micros);
    };
    return minutesOf(m_baseline.looksAhead() ? m_baseline.period : m_baseline.periodMonth(month));
}

Result<Femto> PoolRun::fixedCost(int month) const
{
    const Month calendar = m_baseline.firstMonth().plus(month);
    const Period whole{calendar.start(), calendar.plus(1).start()};
    const Period covered = m_baseline.looksAhead() ? whole : m_baseline.periodMonth(month);
    const ProvisionedTerm *term = nullptr;
    for (const ProvisionedTerm &candidate : m_pool.offer->terms) {
        if (candidate.term == m_pool.term && candidate.valid.contains(covered.from))
            term = &candidate;
    }
    if (!term)
        return Error{ErrorCode::NotFound,
                     "offer '" + m_pool.offer->id + "' has no price for term '" + m_pool.term + "' in "
                         + calendar.text(),
                     "lever '" + m_outcome.leverId + "', term", "choose another term or period"};
    if (!term->priceKnown)
        return Error{ErrorCode::Unsupported,
                     "the price of term '" + m_pool.term + "' of offer '" + m_pool.offer->id + "' is not public",
                     "lever '" + m_outcome.leverId + "', term", "state it in a catalogue of your own"};
    const std::int64_t hours = m_baseline.settings.conventionalMonth
                                   ? conventionalHours
                                   : (whole.to.micros - whole.from.micros) / microsPerHour;
    const Int128 price = static_cast<Int128>(term->femto) * m_pool.units;
    if (covered == whole)
        return Femto::ofUnits(term->perHour ? price * hours : price);
    // Price per hour or month × 2^20 units × microseconds of a month: at most 2^125.
    const std::int64_t micros = std::min(covered.to.micros - covered.from.micros, hours * microsPerHour);
    return Femto::ofUnits(divideHalfEven(price * micros, term->perHour ? Int128{microsPerHour}
                                                                       : static_cast<Int128>(hours) * microsPerHour));
}

Status PoolRun::addFixedCost(int month)
{
    const auto cost = fixedCost(month);
    if (!cost)
        return cost.error();
    m_outcome.fixedCost += *cost;
    if (m_evaluation.keepsLines())
        attribute(month, *cost);
    else
        m_evaluation.m_result.total += *cost;
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
