// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/pool_traffic.h"

#include "model/capacity/optimum.h"
#include "model/engine/pool_run.h"
#include "model/engine/pool_weights.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

constexpr Int128 unitsPerFemto = 1'000'000'000;
/// Binary places of a price beyond 10^-24: a million tokens are then right to the last of these units.
constexpr unsigned priceBits = 16;
/// Load parts per dollar against units of money.
constexpr Int128 unitsPerLoadPart = 10'000'000'000'000; // ÷ 3

std::int64_t binOf(std::int64_t micros, std::int64_t length)
{
    return micros / length - (micros % length < 0 ? 1 : 0);
}

/// A load in units of 10^-decimals tokens as load parts, rounded half to even; no value when it is too large.
std::optional<std::int64_t> partsOfLoad(const Wide &load, unsigned decimals)
{
    Wide parts = load;
    parts *= static_cast<std::uint64_t>(loadPartsPerToken);
    const auto rounded = Wide::dividedHalfEven(parts, powerOfTen(decimals)).toInt128();
    if (!rounded || *rounded > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(*rounded);
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
    const Int128 rounded = divideHalfEven(static_cast<Int128>(load) * loadPartsPerToken, powers[decimals]);
    if (rounded > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(rounded);
}

Error tooMuch()
{
    return {ErrorCode::Overflow, "a bin of time holds more tokens than can be summed", "capacity",
            "use shorter bins or a narrower scope"};
}

} // namespace

std::int64_t loadPartsPerUnit(std::int64_t tokensPerMinute, int binSeconds)
{
    return tokensPerMinute * (loadPartsPerToken / 60) * binSeconds;
}

/// What a month knows of its streams before it visits their rows.
struct PoolRun::TrafficMonth {
    /// Per stream and price band: money of a token of each class after all levers, in 10^-24 × 2^-priceBits. The six
    /// classes from Input to Output and Reasoning.
    struct Rates {
        std::array<Int128, 6> each{};
        std::array<bool, 6> priced{};
    };
    std::vector<std::vector<Rates>> byStream;
    bool first = true;      ///< of the months: rows are counted once
    std::int64_t shift = 0; ///< microseconds by which requests come later than recorded

    /// What a row costs on a stream, in 10^-24; adds to the costs and unpriced tokens of the result.
    Int128 charge(std::size_t index, const Row &row, const Stream &stream, PoolTraffic &result) const;
};

Int128 PoolRun::TrafficMonth::charge(std::size_t index, const Row &row, const Stream &stream, PoolTraffic &result) const
{
    static constexpr std::array<std::size_t, 6> components{0, 1, 2, 2, 3, 3};
    const Rates *band = nullptr;
    for (std::size_t i = 0; i < stream.firstInBand.size(); ++i) {
        if (row.promptLength >= stream.firstInBand[i])
            band = &byStream[index][i];
    }
    const auto &counts = row.counts;
    Int128 cost = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0)
            continue;
        if (!band || !band->priced[i]) {
            result.unpricedTokens += first ? counts[i] : 0;
            continue;
        }
        const Int128 part = (band->each[i] * counts[i]) >> priceBits;
        cost += part;
        result.costs[components[i]] += part;
    }
    return cost;
}

/// Load parts of output tokens that a request declares beyond those that it takes; may be negative.
template <typename Number>
std::optional<std::int64_t> PoolRun::furtherOutput(std::size_t stream, std::int64_t tokens) const
{
    const auto count = static_cast<UInt128>(tokens < 0 ? -tokens : tokens);
    Number load{};
    if constexpr (std::is_same_v<Number, UInt128>)
        load = m_streams[stream].weighing->smallNormal[4] * count;
    else
        load.addProduct(m_streams[stream].weighing->normal[4], count);
    const auto parts = partsOfLoad(load, m_decimals);
    return parts && tokens < 0 ? -*parts : parts;
}

void PoolRun::makeRates(const TrafficWanted &wanted, TrafficMonth &into) const
{
    static constexpr std::array<UsageClass, 6> classes{UsageClass::Input,        UsageClass::CacheRead,
                                                       UsageClass::CacheWrite5m, UsageClass::CacheWrite1h,
                                                       UsageClass::Output,       UsageClass::Reasoning};
    static constexpr std::array<std::size_t, 6> components{0, 1, 2, 2, 3, 3};
    into.byStream.clear();
    for (const Stream &stream : m_streams) {
        auto &bands = into.byStream.emplace_back();
        const MonthPlan &plan = *stream.plan;
        for (const PriceBand &band : stream.card->card.bands) {
            TrafficMonth::Rates &rates = bands.emplace_back();
            for (std::size_t i = 0; i < classes.size(); ++i) {
                const ClassPrice price = band.prices[static_cast<std::size_t>(classes[i])];
                rates.priced[i] = price.state != PriceState::Unpriced;
                if (!rates.priced[i] || !wanted.charged[components[i]])
                    continue;
                Wide numerator = stream.weights()[components[i]];
                if (plan.priceMoves)
                    numerator *= stream.routePlan().priceFactor;
                numerator *= static_cast<std::uint64_t>(price.femto);
                numerator *= static_cast<std::uint64_t>(unitsPerFemto);
                numerator *= std::uint64_t{1} << priceBits;
                rates.each[i] = Wide::dividedHalfEven(numerator, plan.costDenominator).toInt128().value_or(0);
            }
            if (stream.routePlan().split) {
                // Every prompt token is part input, part read, part write.
                const std::size_t write = plan.writeClass == UsageClass::CacheWrite1h ? 3 : 2;
                const Int128 prompt = rates.each[0] + rates.each[1] + rates.each[write];
                rates.each[0] = rates.each[1] = rates.each[2] = rates.each[3] = prompt;
                const bool priced = rates.priced[0] && rates.priced[1] && rates.priced[write];
                rates.priced[0] = rates.priced[1] = rates.priced[2] = rates.priced[3] = priced;
            }
        }
    }
}

void PoolRun::countRow(const Row &row, bool tooLong, PoolTraffic &result) const
{
    ++result.rows;
    result.outputTokens += row.output();
    result.tooLongRows += tooLong ? 1 : 0;
    result.addedUpRows += m_workload.count(UsageClass::Request, row.row) > 1 ? 1 : 0;
    if (result.rows == 1)
        result.firstTime = m_workload.time[row.row];
    result.lastTime = m_workload.time[row.row];
}

template <typename Number>
Status PoolRun::addTraffic(int month, const TrafficWanted &wanted, TrafficMonth &rates, PoolTraffic &result)
{
    const std::int64_t binMicros = std::int64_t{wanted.binSeconds} * microsPerSecond;
    const auto [firstRow, endRow] = rowsOf(month);
    Number load{};
    LoadBin bin;
    std::int64_t open = std::numeric_limits<std::int64_t>::min();
    bool any = false;
    const auto finish = [&]() -> Status {
        if (!any)
            return {};
        if (wanted.moneyIsLoad) {
            bin.load = static_cast<std::int64_t>(divideHalfEven(bin.cost * 3, unitsPerLoadPart));
        } else {
            const auto parts = partsOfLoad(load, m_decimals);
            if (!parts)
                return tooMuch();
            bin.load = *parts;
        }
        result.load.bins.push_back(bin);
        result.binStarts.push_back(open * binMicros);
        bin = {};
        load = {};
        any = false;
        return {};
    };
    for (std::size_t at = firstRow; at < endRow; ++at) {
        if (at % 65536 == 0 && m_evaluation.m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        const auto [first, last] = m_streamsOfBlock[m_profile.blockOfRow[at - m_profile.firstRow]];
        if (first == last)
            continue;
        const Row row = rowAt(at);
        const std::int64_t time = m_workload.time[at];
        if (const std::int64_t number = binOf(time, binMicros); number != open) {
            if (auto status = finish(); !status)
                return status;
            open = number;
        }
        bool counted = false;
        // Months that repeat the baseline come one after the other.
        const std::int64_t moment = time + rates.shift;
        ArrivingRequest request{moment, moment, 0, 0, 0};
        if (wanted.declaredOutput > 0)
            request.finished += (row.output()) * microsPerSecond / std::max(wanted.outputTokensPerSecond, 1);
        for (std::uint32_t s = first; s < last; ++s) {
            const Stream &stream = m_streams[s];
            if (row.promptLength < stream.slice->from || row.promptLength >= stream.slice->below)
                continue;
            const Int128 cost = rates.charge(s, row, stream, result);
            const Number weighed = loadOf<Number>(s, row);
            const std::int64_t requests = m_workload.count(UsageClass::Request, at);
            if (!counted && rates.first)
                countRow(row, row.promptLength >= stream.firstTooLong, result);
            counted = true;
            const bool one = wanted.requests || requests > 1 || row.promptLength >= stream.firstTooLong;
            const auto parts = one && !wanted.moneyIsLoad ? partsOfLoad(weighed, m_decimals) : std::int64_t{0};
            if (!parts)
                return tooMuch();
            if (row.promptLength >= stream.firstTooLong) {
                result.load.neverServedCost += cost;
                result.load.neverServedLoad += *parts;
                continue;
            }
            any = true;
            bin.cost += cost;
            load += weighed;
            if (requests > 1)
                result.addedUpLoad += *parts;
            if (!wanted.requests)
                continue;
            request.load += *parts;
            request.cost += cost;
            const auto further = wanted.declaredOutput > 0
                                     ? furtherOutput<Number>(s, wanted.declaredOutput - row.output())
                                     : std::int64_t{0};
            if (!further)
                return tooMuch();
            request.estimate += *parts + *further;
        }
        if (wanted.requests && (request.load != 0 || request.cost != 0))
            result.requests.push_back(request);
    }
    return finish();
}

Result<PoolTraffic> PoolRun::traffic(const TrafficWanted &wanted)
{
    PoolTraffic result;
    result.load.capacityPerUnit = wanted.moneyIsLoad
                                      ? loadPartsPerDollar / 60 * wanted.binSeconds
                                      : loadPartsPerUnit(m_pool.throughput->inputTokensPerMinute, wanted.binSeconds);
    TrafficMonth rates;
    for (int month = m_pool.firstMonth; month < m_evaluation.m_months; ++month) {
        m_streams.clear();
        if (auto status = collectStreams(month); !status)
            return status.error();
        scaleWeights();
        makeRates(wanted, rates);
        auto status = m_small ? addTraffic<UInt128>(month, wanted, rates, result)
                              : addTraffic<Wide>(month, wanted, rates, result);
        if (!status)
            return status.error();
        if (m_baseline.looksAhead()) {
            rates.first = false;
            rates.shift += m_baseline.period.to.micros - m_baseline.period.from.micros + microsPerHour;
        }
        result.load.binCount += (coveredMinutes(month) * 60 + wanted.binSeconds - 1) / wanted.binSeconds;
    }
    return result;
}

struct PoolStudy::Impl {
    EffectiveLever lever;
    ProvisionedOffer offer;
    ProvisionedThroughput throughput;
    std::vector<EffectiveLever> levers;
    std::unique_ptr<LeverPlan> plan;
    std::unique_ptr<Evaluation> evaluation;
    std::unique_ptr<PoolRun> run;
};

PoolStudy::PoolStudy(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}

PoolStudy::~PoolStudy() = default;

Result<std::unique_ptr<PoolStudy>> PoolStudy::make(const Baseline &baseline, std::vector<EffectiveLever> levers,
                                                   ModelIndex model, const Scope &scope, ProvisionedOffer offer,
                                                   ProvisionedThroughput throughput, std::string term,
                                                   std::stop_token stop)
{
    const Baseline::Impl &base = baseline.impl();
    auto impl = std::make_unique<Impl>();
    const ModelKey &key = base.book->model(model).key;
    impl->lever.lever.id = "capacity";
    impl->lever.lever.kind = LeverKind::Provisioned;
    impl->lever.lever.scope = scope;
    impl->lever.lever.texts["model"] = key.provider + "/" + key.model;
    impl->offer = std::move(offer);
    impl->throughput = std::move(throughput);
    impl->levers = std::move(levers);
    PoolPlan pool;
    pool.lever = &impl->lever;
    pool.model = model;
    pool.offer = &impl->offer;
    pool.throughput = &impl->throughput;
    pool.term = std::move(term);
    auto plan = LeverPlan::make(base, impl->levers, stop, &pool);
    if (!plan)
        return plan.error();
    impl->plan = std::make_unique<LeverPlan>(std::move(*plan));
    impl->evaluation = std::make_unique<Evaluation>(base, *impl->plan, Detail::TotalOnly, *base.cards, stop);
    impl->run = std::make_unique<PoolRun>(*impl->evaluation, 0);
    return std::unique_ptr<PoolStudy>(new PoolStudy(std::move(impl)));
}

Result<PoolTraffic> PoolStudy::traffic(const TrafficWanted &wanted)
{
    return m_impl->run->traffic(wanted);
}

Result<UnitCost> PoolStudy::unitCost() const
{
    return m_impl->run->unitCost();
}

Result<Outcome::Pool> PoolStudy::at(std::int64_t units)
{
    return m_impl->run->runAt(units);
}

Status Evaluation::sizePools(const Baseline::Impl &baseline, LeverPlan &plan, CardStore &cards, std::stop_token stop)
{
    for (std::size_t i = 0; i < plan.pools().size(); ++i) {
        const PoolPlan &pool = plan.pools()[i];
        if (!pool.sized)
            continue;
        Evaluation scratch(baseline, plan, Detail::TotalOnly, cards, stop);
        PoolRun run(scratch, static_cast<int>(i));
        const auto units = run.cheapestUnits();
        if (!units)
            return units.error();
        plan.setUnits(i, *units);
    }
    return {};
}

Result<std::int64_t> PoolRun::cheapestUnits()
{
    const auto price = unitCost();
    if (!price)
        return price.error();
    auto load = traffic({});
    if (!load)
        return load.error();
    const auto curve = LoadCurve::make(std::move(load->load));
    if (!curve)
        return curve.error();
    const SizeGrid grid{m_pool.throughput->minimumUnits, std::max<std::int64_t>(m_pool.throughput->stepUnits, 1)};
    // The curve finds the place; the choice between neighbours is made with the figures that are shown.
    const std::int64_t found = optimumAboveZero(*curve, *price, grid).units;
    std::int64_t best = 0;
    std::optional<Femto> least;
    for (const std::int64_t units : {std::int64_t{0}, grid.below(found), found, grid.above(found)}) {
        const auto pool = runAt(units);
        if (!pool)
            return pool.error();
        const Femto cost = pool->fixedCost + pool->spillCost;
        if (!least || cost < *least) {
            least = cost;
            best = units;
        }
    }
    return best;
}

} // namespace perunit
