// SPDX-License-Identifier: GPL-3.0-or-later
// What arrives at a pool, by bins of time, with what it would cost by use.
#include "model/engine/pool_bins.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

namespace perunit {

namespace {

constexpr Int128 unitsPerFemto = 1'000'000'000;
/// Load parts per dollar against units of money.
constexpr Int128 unitsPerLoadPart = 10'000'000'000'000; // ÷ 3
constexpr int minuteSeconds = 60;
/// Rates of these bits and counts up to this can be multiplied and summed: a token for 0.6 of the currency, 10^11 of
/// them in a row. What is dearer may be as dear as all there is of it allows.
constexpr std::size_t rateBits = 85;
constexpr std::int64_t mostInRow = std::int64_t{1} << 37;
constexpr std::size_t sumBits = 122;

std::int64_t binOf(std::int64_t micros, std::int64_t length)
{
    return micros / length - (micros % length < 0 ? 1 : 0);
}

/// A load in units of 10^-decimals tokens as load parts, rounded half to even; no value when it is too large.
std::optional<Int128> partsOfSum(const Wide &load, unsigned decimals)
{
    Wide parts = load;
    parts *= static_cast<std::uint64_t>(loadPartsPerToken);
    return Wide::dividedHalfEven(parts, powerOfTen(decimals)).toInt128();
}

std::optional<std::int64_t> inRange(std::optional<Int128> parts)
{
    if (!parts || *parts > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(*parts);
}

std::optional<std::int64_t> partsOfLoad(const Wide &load, unsigned decimals)
{
    return inRange(partsOfSum(load, decimals));
}

std::optional<std::int64_t> partsOfLoad(UInt128 load, unsigned decimals)
{
    if (decimals > 24 || (load >> 100) != 0)
        return partsOfLoad(Wide::of(load), decimals);
    static constexpr auto powers = [] {
        std::array<Int128, 25> result{1};
        for (std::size_t i = 1; i < result.size(); ++i)
            result[i] = result[i - 1] * 10;
        return result;
    }();
    return inRange(divideHalfEven(static_cast<Int128>(load) * loadPartsPerToken, powers[decimals]));
}

Error tooMuch()
{
    return {ErrorCode::Overflow, "a bin of time holds more tokens than can be summed", "capacity",
            "use shorter bins or a narrower scope"};
}

} // namespace

Status PoolRun::makeRates(const TrafficWanted &wanted, TrafficMonth &into) const
{
    const auto isWanted = [&wanted](Component component) {
        // What is no text is sold with the input where output is sold apart.
        return wanted.charged[component == Component::Other ? 0 : static_cast<std::size_t>(component)];
    };
    std::vector<std::size_t> mostBits;
    for (std::size_t i = 0; i < m_classes.size(); ++i)
        mostBits.push_back(std::max(rateBits, sumBits - std::min(sumBits, bitsOf(servedCount(m_classes[i])))));
    into.byStream.clear();
    for (const Stream &stream : m_streams) {
        auto &bands = into.byStream.emplace_back();
        for (const PriceBand &band : stream.card->card.bands) {
            Rates &rates = bands.emplace_back();
            for (std::size_t i = 0; i < m_classes.size(); ++i) {
                const auto usageClass = static_cast<std::size_t>(m_classes[i]);
                rates.priced[i] = band.prices[usageClass].state != PriceState::Unpriced;
                if (!rates.priced[i] || !isWanted(componentOf(usageClass)))
                    continue;
                const auto each = costOf(stream, usageClass, band, TrafficMonth::priceBits, 1);
                if (!each || bitsOf(*each) > mostBits[i])
                    return Error{ErrorCode::Overflow, "a token costs more than can be summed", "capacity",
                                 "lower the factors of the levers"};
                rates.each[i] = *each;
            }
            if (stream.routePlan().split) {
                // Every prompt token is part input, part read, part write.
                const std::size_t write = stream.plan->writeClass == UsageClass::CacheWrite1h ? 3 : 2;
                const Int128 prompt = rates.each[0] + rates.each[1] + rates.each[write];
                rates.each[0] = rates.each[1] = rates.each[2] = rates.each[3] = prompt;
                const bool priced = rates.priced[0] && rates.priced[1] && rates.priced[write];
                rates.priced[0] = rates.priced[1] = rates.priced[2] = rates.priced[3] = priced;
            }
        }
    }
    return {};
}

std::optional<Int128> PoolRun::costOf(const Stream &stream, std::size_t usageClass, const PriceBand &band,
                                      unsigned bits, Int128 count)
{
    Wide numerator;
    numerator.addProduct(stream.weights()[static_cast<std::size_t>(componentOf(usageClass))],
                         static_cast<UInt128>(count));
    if (stream.plan->priceMoves)
        numerator *= stream.routePlan().priceFactor;
    numerator *= static_cast<std::uint64_t>(band.prices[usageClass].femto);
    numerator *= static_cast<std::uint64_t>(unitsPerFemto);
    numerator *= std::uint64_t{1} << bits;
    return Wide::dividedHalfEven(numerator, stream.plan->costDenominator).toInt128();
}

Int128 PoolRun::costOf(const Taking &taking, const std::int64_t *counts, const TrafficMonth &rates) const
{
    const Rates *of = rates.of(taking);
    Int128 cost = 0;
    for (std::size_t i = 0; i < m_classes.size() && of; ++i)
        cost += (of->each[i] * counts[i]) >> TrafficMonth::priceBits;
    return cost;
}

Status PoolRun::addTotals(const TrafficMonth &rates, const TrafficWanted &wanted, PoolTraffic &result) const
{
    for (const Cell &cell : m_cells) {
        if (cell.firstTaking == cell.endTaking)
            continue;
        if (rates.first) {
            const auto rows = static_cast<std::int64_t>(cell.to - cell.from);
            result.rows += rows;
            result.outputTokens += cell.counts[4] + cell.counts[5];
            result.tooLongRows += m_takings[cell.firstTaking].served ? 0 : rows;
        }
        for (std::uint32_t t = cell.firstTaking; t < cell.endTaking; ++t) {
            const Taking &taking = m_takings[t];
            const Rates *of = rates.of(taking);
            for (std::size_t i = 0; i < m_classes.size() && rates.first; ++i) {
                if (isTokenClass(m_classes[i]) && (!of || !of->priced[i]))
                    result.unpricedTokens += cell.counts[i];
            }
            if (taking.served)
                continue;
            if (auto status = addNeverServed(cell, taking, of, wanted, result.load); !status)
                return status;
        }
    }
    return {};
}

Status PoolRun::addNeverServed(const Cell &cell, const Taking &taking, const Rates *rates, const TrafficWanted &wanted,
                               LoadOfHorizon &result) const
{
    const LoadWeights &weights = m_streams[taking.stream].weighing->of(taking.isLong);
    Wide load;
    Wide cost;
    for (std::size_t i = 0; i < m_classes.size(); ++i) {
        const auto count = static_cast<UInt128>(cell.counts[i]);
        load.addProduct(weights[LoadClasses::weightOf(i)], count);
        if (rates)
            cost.addProduct(Wide::of(static_cast<UInt128>(rates->each[i])), count);
    }
    cost.divideBy(std::uint64_t{1} << TrafficMonth::priceBits);
    const auto parts = partsOfSum(load, m_decimals);
    const auto money = cost.toInt128();
    if (!parts || !money)
        return tooMuch();
    result.neverServedCost += *money;
    result.neverServedLoad += wanted.moneyIsLoad ? 0 : *parts;
    return {};
}

Status PoolRun::addBeside(PoolTraffic &result) const
{
    const ClassSet served = servedClasses(*m_pool.throughput);
    std::array<std::optional<Int128>, usageClassCount> costs;
    for (const Cell &cell : m_cells) {
        if (cell.firstTaking == cell.endTaking)
            continue;
        const Block &block = m_profile.blocks[cell.block];
        const auto upTo = m_profile.sumOfShortest(block, cell.to);
        const auto before = cell.from == 0 ? decltype(upTo){} : m_profile.sumOfShortest(block, cell.from);
        for (const std::size_t usageClass : m_profile.usedClasses()) {
            const std::int64_t count = upTo[usageClass] - before[usageClass];
            if (count == 0 || contains(served, usageClass))
                continue;
            for (std::uint32_t t = cell.firstTaking; t < cell.endTaking; ++t) {
                const Taking &taking = m_takings[t];
                const Stream &stream = m_streams[taking.stream];
                const PriceBand *band =
                    taking.band < 0 ? nullptr : &stream.card->card.bands[static_cast<std::size_t>(taking.band)];
                const bool priced = band && band->prices[usageClass].state != PriceState::Unpriced;
                // Events cost something only where a catalogue says so.
                if (!priced && !isTokenClass(static_cast<UsageClass>(usageClass)))
                    continue;
                const auto cost = priced ? costOf(stream, usageClass, *band, 0, count) : Int128{0};
                if (!cost)
                    return tooMuch();
                costs[usageClass] = costs[usageClass].value_or(0) + *cost;
            }
        }
    }
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (!costs[i])
            continue;
        const auto usageClass = static_cast<UsageClass>(i);
        const auto place =
            std::find_if(result.beside.begin(), result.beside.end(),
                         [usageClass](const BesideUnits &each) { return each.usageClass >= usageClass; });
        if (place != result.beside.end() && place->usageClass == usageClass)
            place->cost += *costs[i];
        else
            result.beside.insert(place, {usageClass, *costs[i]});
    }
    return {};
}

std::vector<PoolRun::Priced> PoolRun::pricedKinds(const TrafficMonth &rates, std::vector<KindOfPrompts> &places) const
{
    std::vector<Priced> kinds;
    for (const Cell &cell : m_cells) {
        Priced kind{cell.kind, {}};
        for (std::uint32_t t = cell.firstTaking; t < cell.endTaking; ++t) {
            const Rates *of = rates.of(m_takings[t]);
            for (std::size_t i = 0; i < m_classes.size() && of && m_takings[t].served; ++i)
                kind.rates[i] += of->each[i];
        }
        const auto found = std::find(kinds.begin(), kinds.end(), kind);
        places.push_back({cell.block, cell.below, static_cast<std::uint32_t>(found - kinds.begin())});
        if (found == kinds.end())
            kinds.push_back(kind);
    }
    return kinds;
}

template <typename Number>
Status PoolRun::addBins(int month, const TrafficWanted &wanted, const TrafficMonth &rates, PoolTraffic &result) const
{
    const auto [firstRow, endRow] = rowsOf(month);
    Bins<Number> bins(*this, wanted, rates, result);
    // Minutes of requests that stand alone are added up once for every way in which requests can weigh and cost.
    if (wanted.binSeconds == minuteSeconds && !wanted.requests && m_baseline.addedUpRows == 0) {
        const auto [first, end] = m_minutes.minutes().within(firstRow, endRow);
        MinuteStore::Wanted asked{&m_profile, first, end, {}, m_classes};
        const std::vector<Priced> kinds = pricedKinds(rates, asked.kinds);
        const auto sums = m_minutes.sums(asked, m_evaluation.m_stop);
        if (!sums)
            return sums.error();
        if (*sums)
            return bins.addMinutes(kinds, **sums, first, end);
    }
    return bins.addRows(firstRow, endRow);
}

template <typename Number>
Status PoolRun::Bins<Number>::addMinutes(const std::vector<Priced> &kinds, const MinuteSums &sums,
                                         std::uint32_t firstMinute, std::uint32_t endMinute)
{
    struct Each {
        Number weight;
        Int128 rate = 0;
    };
    std::vector<Each> each; // by kind, then class that occurs
    for (const Priced &kind : kinds) {
        for (const std::size_t place : sums.places) {
            const Wide &weight = m_run.m_kinds[kind.kind][LoadClasses::weightOf(place)];
            each.push_back({weightAs<Number>(weight), kind.rates[place]});
        }
    }
    for (std::uint32_t minute = firstMinute; minute < endMinute; ++minute) {
        if (minute % 65536 == 0 && m_run.m_evaluation.m_stop.stop_requested())
            return PoolRun::cancelled();
        const std::uint32_t *counts = sums.at(minute - firstMinute);
        for (const Each &one : each) {
            const std::uint32_t count = *counts++;
            if (count == 0)
                continue;
            addWeighed(m_load, one.weight, count);
            m_bin.cost += (one.rate * count) >> TrafficMonth::priceBits;
            m_any = true;
        }
        m_number = minuteOf(m_run.m_workload.time[m_run.m_minutes.minutes().rowsOf(minute).first]);
        if (auto status = close(); !status)
            return status;
    }
    return {};
}

template <typename Number>
Status PoolRun::Bins<Number>::addRows(std::size_t first, std::size_t end)
{
    const std::int64_t binMicros = std::int64_t{m_wanted.binSeconds} * microsPerSecond;
    for (std::size_t at = first; at < end; ++at) {
        if (at % 65536 == 0 && m_run.m_evaluation.m_stop.stop_requested())
            return PoolRun::cancelled();
        const Cell *cell = m_run.cellOf(at);
        if (!cell || cell->firstTaking == cell->endTaking)
            continue;
        if (const std::int64_t number = binOf(m_run.m_workload.time[at], binMicros); number != m_number || !m_any) {
            if (auto status = close(); !status)
                return status;
            m_number = number;
        }
        const Row row = m_run.rowAt(at);
        if (std::any_of(row.counts.begin(), row.counts.end(), [](std::int64_t count) { return count > mostInRow; }))
            return tooMuch();
        if (auto status = addRow(row, *cell); !status)
            return status;
    }
    return close();
}

template <typename Number>
Status PoolRun::Bins<Number>::addRow(const Row &row, const Cell &cell)
{
    const bool severalRequests = m_run.m_workload.count(UsageClass::Request, row.row) > 1;
    m_result.addedUpRows += severalRequests && m_rates.first ? 1 : 0;
    // Months that repeat the baseline come one after the other.
    const std::int64_t moment = m_run.m_workload.time[row.row] + m_rates.shift;
    ArrivingRequest request{moment, moment, 0, 0, 0};
    if (m_wanted.declaredOutput > 0)
        request.finished += row.output() * microsPerSecond / std::max(m_wanted.outputTokensPerSecond, 1);
    for (std::uint32_t t = cell.firstTaking; t < cell.endTaking; ++t) {
        const Taking &taking = m_run.m_takings[t];
        if (!taking.served)
            continue;
        const Int128 cost = m_run.costOf(taking, row.counts.data(), m_rates);
        const Number weighed = m_run.loadOf<Number>(taking, row);
        m_any = true;
        m_bin.cost += cost;
        m_load += weighed;
        if (m_wanted.moneyIsLoad || (!m_wanted.requests && !severalRequests))
            continue;
        const auto parts = partsOfLoad(weighed, m_run.m_decimals);
        if (!parts)
            return tooMuch();
        m_result.addedUpLoad += severalRequests ? *parts : 0;
        if (auto status = addRequest(row, taking, *parts, cost, request); !status)
            return status;
    }
    if (m_wanted.requests && (request.load != 0 || request.cost != 0))
        m_result.requests.push_back(request);
    return {};
}

template <typename Number>
Status PoolRun::Bins<Number>::addRequest(const Row &row, const Taking &taking, std::int64_t parts, Int128 cost,
                                         ArrivingRequest &request)
{
    request.load += parts;
    request.cost += cost;
    request.estimate += parts;
    if (m_wanted.declaredOutput == 0)
        return {};
    // Output tokens that the request declares beyond those that it takes; may be negative.
    const std::int64_t tokens = m_wanted.declaredOutput - row.output();
    Number load{};
    const Wide &weight = m_run.m_streams[taking.stream].weighing->of(taking.isLong)[4]; // of output
    addWeighed(load, weightAs<Number>(weight), static_cast<std::uint64_t>(std::abs(tokens)));
    const auto further = partsOfLoad(load, m_run.m_decimals);
    if (!further)
        return tooMuch();
    request.estimate += tokens < 0 ? -*further : *further;
    return {};
}

template <typename Number>
Status PoolRun::Bins<Number>::close()
{
    if (!m_any)
        return {};
    if (m_wanted.moneyIsLoad) {
        m_bin.load = static_cast<std::int64_t>(divideHalfEven(m_bin.cost * 3, unitsPerLoadPart));
    } else {
        const auto parts = partsOfLoad(m_load, m_run.m_decimals);
        if (!parts)
            return tooMuch();
        m_bin.load = *parts;
    }
    m_result.load.bins.push_back(m_bin);
    m_result.binStarts.push_back(m_number * m_wanted.binSeconds * microsPerSecond);
    m_bin = {};
    m_load = {};
    m_any = false;
    return {};
}

template Status PoolRun::addBins<UInt128>(int, const TrafficWanted &, const TrafficMonth &, PoolTraffic &) const;
template Status PoolRun::addBins<Wide>(int, const TrafficWanted &, const TrafficMonth &, PoolTraffic &) const;

} // namespace perunit
