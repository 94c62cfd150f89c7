// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluation.h"
#include "model/engine/evaluation_trace.h"
#include "model/engine/pool_traffic.h"

#include <type_traits>
#include <vector>

namespace perunit {

/// One provisioned pool over all months: minute loads, spill, fixed cost and who pays for it.
class PoolRun
{
public:
    PoolRun(Evaluation &evaluation, int pool);
    /// Adds the lines of the pool to the evaluation.
    Result<Outcome::Pool> run();
    /// What it is called, with nothing done.
    [[nodiscard]] const Outcome::Pool &outcome() const { return m_outcome; }
    /// The same for another number of units, as often as one likes; 0: everything is paid as it goes. Only for
    /// evaluations whose total nobody asks for.
    Result<Outcome::Pool> runAt(std::int64_t units);
    /// What the pool would have to serve over all months.
    Result<PoolTraffic> traffic(const TrafficWanted &wanted);
    /// What a unit costs over all months.
    [[nodiscard]] Result<UnitCost> unitCost() const;
    /// The number of units of which units and spill together cost least; of several the smallest.
    Result<std::int64_t> cheapestUnits();

private:
    /// Load weights of input, read, write for five minutes, write for an hour, output.
    using LoadWeights = std::array<Wide, 5>;
    using SmallWeights = std::array<UInt128, 5>;
    /// The requests of a block that one route brings into the pool, with their weights in this month.
    struct Stream {
        std::uint32_t block = 0;
        Route route = Route::Stays;
        Serving serving = Serving::Whole;
        const MonthPlan *plan = nullptr;
        const SlicePlan *slice = nullptr;
        const PricedCard *card = nullptr;
        std::int64_t firstTooLong = 0;         ///< prompts from here on are never served
        std::vector<std::int64_t> firstInBand; ///< recorded prompt length from which a band applies
        std::int64_t firstLong = 0;            ///< prompts from here on weigh as `longWeights` says
        LoadWeights loadWeights;
        LoadWeights longWeights; ///< of a long prompt; all zero when the pool knows none
        // What the month did.
        std::array<Int128, 4> spilled{};  ///< tokens × price × share of 10^12, by component
        std::array<Int128, 4> unpriced{}; ///< tokens × share of 10^12
        std::array<Int128, 4> assumed{};
        Wide load;        ///< of requests that could be served
        Wide spilledLoad; ///< × 10^12

        [[nodiscard]] const RoutePlan &routePlan() const { return slice->of(route); }
        [[nodiscard]] const ComponentWeights &weights() const { return routePlan().of(serving); }
    };
    /// What every row of a stream looks at, apart from the rest so that many streams stay in the cache.
    struct Gauge {
        SmallWeights weights{}; ///< the load weights where they are small enough
        SmallWeights longWeights{};
        UInt128 load = 0; ///< sums of the month while they are small
        UInt128 spilledLoad = 0;
        std::int64_t firstTooLong = 0;
        std::int64_t firstLong = 0;
        std::int64_t from = 0; ///< prompt lengths of the slice
        std::int64_t below = 0;
    };
    /// What the pool needs to know of a request, side by side in memory: months visit these rows again and again.
    struct Row {
        std::int64_t minute = 0;              ///< UTC, since 1970
        std::uint32_t row = 0;                ///< from the first row of the period
        std::int64_t prompt = 0;              ///< tokens, all requests of the row together
        std::int64_t promptLength = 0;        ///< of one request: decides band and whether it can be served
        std::array<std::int64_t, 5> counts{}; ///< the classes from Input to Output
        std::int64_t reasoning = 0;
        std::uint32_t block = 0;
    };
    /// One row of a stream while its minute is open.
    template <typename Number>
    struct Item {
        std::uint32_t stream = 0;
        const Row *row = nullptr;
        Number load{};
    };

    Status gatherRows();
    Status runMonth(int month);
    Status collectStreams(int month);
    void addStream(std::uint32_t block, const MonthPlan &plan, const SlicePlan &slice, Route route, int month);
    void scaleWeights();
    [[nodiscard]] static LoadWeights weightsOf(const Stream &stream, unsigned decimals,
                                               const std::array<PartsPerMillion, 5> &unitWeights);
    void takeOutCommonZeros(unsigned decimals);
    [[nodiscard]] bool sameLoadsAs(const std::vector<Stream> &before, const Wide &capacityBefore) const;
    void addUpMonth(int month);
    template <typename Number>
    Status visitRows(int month);
    template <typename Number>
    void finishMinute(std::vector<Item<Number>> &items, const Number &load, const Number &capacity);
    template <typename Number>
    [[nodiscard]] Number loadOf(std::size_t stream, const Row &row) const;
    void spill(Stream &stream, const Row &row, Int128 share);
    void trace(const Stream &stream, const Row &row, int band, UsageClass usageClass, std::int64_t count, Int128 share);
    void traceSpill(int month, std::size_t firstStream, std::size_t endStream, Femto amount);
    void traceMonth(int month) const;
    Status checkRange() const;
    Status addSpill(int month);
    Status addFixedCost(int month);
    [[nodiscard]] Result<UnitCost::Part> costOfUnit(int month) const;
    struct TrafficMonth;
    void makeRates(const TrafficWanted &wanted, TrafficMonth &into) const;
    template <typename Number>
    Status addTraffic(int month, const TrafficWanted &wanted, TrafficMonth &rates, PoolTraffic &result);
    template <typename Number>
    [[nodiscard]] std::optional<std::int64_t> furtherOutput(std::size_t stream, std::int64_t tokens) const;
    void countRow(const Row &row, bool tooLong, PoolTraffic &result) const;
    [[nodiscard]] std::pair<std::size_t, std::size_t> rowsOf(int month) const;
    void attribute(int month, Femto cost);
    [[nodiscard]] std::int64_t coveredMinutes(int month) const;

    Evaluation &m_evaluation;
    const Baseline::Impl &m_baseline;
    const Profile &m_profile;
    const Workload &m_workload;
    int m_index;
    const PoolPlan &m_pool;
    std::int64_t m_units;
    bool m_gathered = false;
    std::vector<Row> m_rows; ///< of all segments that the pool serves, by time
    std::vector<Stream> m_streams;
    std::vector<Gauge> m_gauges;                                           ///< by stream
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_streamsOfBlock; ///< first and end
    unsigned m_decimals = 0;     ///< of the load weights, after common zeros were taken out
    bool m_small = false;        ///< loads fit into 128 bits
    bool m_smallSpilled = false; ///< and so do loads × 10^12
    Wide m_capacity;             ///< of all units in a minute, in units of the load weights
    Outcome::Pool m_outcome;
    // Only for who asks why.
    std::vector<std::uint32_t> m_workloadRows;                                             ///< by row
    std::map<std::tuple<std::uint32_t, int, UsageClass>, EvaluationTrace::Spill> m_traced; ///< by stream, band, class
    std::int64_t m_fullMinutes = 0; ///< of the month, with more load than capacity
    Wide m_fullLoad;                ///< in them
    // Sums over all months in units of 10^-42 load tokens, for the two shares that are shown.
    Wide m_served; ///< × 10^12
    Wide m_load;
    Wide m_available;
    Wide m_tooLong; ///< load of this month's requests that are too long for the pool
};

inline void addWeighed(UInt128 &sum, UInt128 weight, std::int64_t count)
{
    sum += weight * static_cast<UInt128>(count);
}

inline void addWeighed(Wide &sum, const Wide &weight, std::int64_t count)
{
    sum.addProduct(weight, static_cast<UInt128>(count));
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
    addWeighed(load, weights[0], row.counts[0]);
    addWeighed(load, weights[1], row.counts[1]);
    addWeighed(load, weights[2], row.counts[2]);
    addWeighed(load, weights[3], row.counts[3]);
    addWeighed(load, weights[4], row.counts[4] + row.reasoning);
    return load;
}

} // namespace perunit
