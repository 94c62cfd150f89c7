// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluation.h"
#include "model/engine/evaluation_trace.h"
#include "model/engine/minute_sums.h"
#include "model/engine/pool_traffic.h"
#include "model/engine/pool_weights.h"

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
    /// Shares of minutes that are not served are whole numbers of 10^-12.
    static constexpr std::uint64_t wholeShare = 1'000'000'000'000;
    /// Load weights of input, read, write for five minutes, write for an hour, output.
    using LoadWeights = std::array<Wide, 5>;
    using SmallWeights = std::array<UInt128, 5>;
    /// What tokens weigh on a way through the pipeline.
    struct Weighing {
        LoadWeights normal;
        LoadWeights longPrompt;     ///< all zero when the pool knows none
        SmallWeights smallNormal{}; ///< the same where they are small enough
        SmallWeights smallLong{};

        [[nodiscard]] const LoadWeights &of(bool isLong) const { return isLong ? longPrompt : normal; }
        [[nodiscard]] const SmallWeights &smallOf(bool isLong) const { return isLong ? smallLong : smallNormal; }
        friend bool operator==(const Weighing &, const Weighing &) = default;
    };
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
        std::int64_t firstLong = 0;            ///< prompts from here on weigh more
        const Weighing *weighing = nullptr;
        // What the month did.
        std::array<Int128, 4> spilled{};  ///< tokens × price × share of 10^12, by component
        std::array<Int128, 4> unpriced{}; ///< tokens × share of 10^12
        std::array<Int128, 4> assumed{};
        Wide load;        ///< of requests that could be served
        Wide spilledLoad; ///< × 10^12

        [[nodiscard]] const RoutePlan &routePlan() const { return slice->of(route); }
        [[nodiscard]] const ComponentWeights &weights() const { return routePlan().of(serving); }
    };
    /// How a stream takes the requests of a cell.
    struct Taking {
        std::uint32_t stream = 0;
        int band = -1;       ///< index into the price bands of its card; -1: the card has none
        bool served = false; ///< not too long
        bool isLong = false; ///< weighs as a long prompt
    };
    /// Token counts by class from Input to Output, then Reasoning.
    template <typename Number>
    using ClassCounts = std::array<Number, 6>;
    /// Requests of a block whose prompts are so alike in length that every stream treats them alike.
    struct Cell {
        std::uint32_t block = 0;
        std::int64_t below = endlessPrompt; ///< prompt lengths of the cell are below this, and not in the cell before
        std::uint32_t firstTaking = 0;
        std::uint32_t endTaking = 0;
        std::uint32_t kind = 0; ///< index into m_kinds
        ClassCounts<std::int64_t> counts{};
    };
    /// A minute with more load than capacity.
    struct FullMinute {
        std::uint32_t minute = 0;
        std::uint64_t share = 0; ///< that is not served, in 10^-12
    };
    /// A request on its way through the streams.
    struct Row {
        std::size_t row = 0;           ///< of the workload
        std::int64_t promptLength = 0; ///< of one request: decides band and whether it can be served
        ClassCounts<std::int64_t> counts{};

        [[nodiscard]] std::int64_t output() const { return counts[4] + counts[5]; }
    };

    Status runMonth(int month);
    Status collectStreams(int month);
    void addStream(std::uint32_t block, const MonthPlan &plan, const SlicePlan &slice, Route route, int month);
    void scaleWeights();
    [[nodiscard]] static LoadWeights weightsOf(const Stream &stream, unsigned decimals,
                                               const std::array<PartsPerMillion, 5> &unitWeights);
    void takeOutCommonZeros(std::size_t firstWeighing, unsigned decimals);
    [[nodiscard]] bool sameLoadsAs(const std::vector<Stream> &before, const Wide &capacityBefore) const;
    void addUpMonth(int month);
    // Minutes (pool_minutes.cpp).
    Status visitMinutes(int month);
    void makeCells();
    void addCell(std::uint32_t block, std::uint32_t from, std::uint32_t to, std::int64_t below);
    [[nodiscard]] std::uint32_t kindOf(const LoadWeights &weights);
    template <typename Number>
    Status findFullMinutes(std::uint32_t first, std::uint32_t end);
    Status addFullMinutes();
    void addUpStreams();
    /// Calls charge(component, class, amount) for every class that a stream charges.
    template <typename Number, typename Charge>
    static void forEachCharged(const Stream &stream, const ClassCounts<Number> &counts, const Charge &charge);
    [[nodiscard]] const Cell *cellOf(std::size_t row) const;
    [[nodiscard]] Row rowAt(std::size_t row) const;
    template <typename Number>
    [[nodiscard]] Number loadOf(std::size_t stream, const Row &row) const;
    // For who asks why (pool_trace.cpp).
    void traceMinutes(std::uint32_t first, std::uint32_t end);
    void trace(const Taking &taking, std::size_t row, UsageClass usageClass, std::int64_t count, std::uint64_t share);
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
    MinuteStore &m_minutes;
    std::vector<Stream> m_streams;
    std::vector<std::unique_ptr<Weighing>> m_weighings; ///< those that streams of this month and the one before use
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_streamsOfBlock; ///< first and end
    std::vector<Cell> m_cells;                                             ///< by block, then prompt length
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_cellsOfBlock;   ///< first and end
    std::vector<Taking> m_takings;
    std::vector<ClassCounts<UInt128>> m_shares; ///< by cell: tokens × what their minutes cannot serve, in 10^-12
    std::vector<LoadWeights> m_kinds;           ///< what requests weigh on all streams together
    std::vector<FullMinute> m_full;             ///< of the month
    unsigned m_decimals = 0;                    ///< of the load weights, after common zeros were taken out
    bool m_small = false;                       ///< loads fit into 128 bits
    Wide m_capacity;                            ///< of all units in a minute, in units of the load weights
    Outcome::Pool m_outcome;
    // Only for who asks why.
    std::map<std::tuple<std::uint32_t, int, UsageClass>, EvaluationTrace::Spill> m_traced; ///< by stream, band, class
    Wide m_fullLoad; ///< in full minutes of the month
    // Sums over all months in units of 10^-42 load tokens, for the two shares that are shown.
    Wide m_served; ///< × 10^12
    Wide m_load;
    Wide m_available;
    Wide m_tooLong; ///< load of this month's requests that are too long for the pool
};

template <typename Number, typename Charge>
void PoolRun::forEachCharged(const Stream &stream, const ClassCounts<Number> &counts, const Charge &charge)
{
    if (stream.routePlan().split) {
        const Number prompt = counts[0] + counts[1] + counts[2] + counts[3];
        charge(0, UsageClass::Input, prompt);
        charge(1, UsageClass::CacheRead, prompt);
        charge(2, stream.plan->writeClass, prompt);
    } else {
        charge(0, UsageClass::Input, counts[0]);
        charge(1, UsageClass::CacheRead, counts[1]);
        charge(2, UsageClass::CacheWrite5m, counts[2]);
        charge(2, UsageClass::CacheWrite1h, counts[3]);
    }
    charge(3, UsageClass::Output, counts[4]);
    charge(3, UsageClass::Reasoning, counts[5]);
}

template <typename Number>
Number PoolRun::loadOf(std::size_t stream, const Row &row) const
{
    const Stream &from = m_streams[stream];
    const bool isLong = row.promptLength >= from.firstLong;
    Number load{};
    for (std::size_t i = 0; i < row.counts.size(); ++i) {
        const std::size_t at = std::min<std::size_t>(i, 4);
        const auto count = static_cast<UInt128>(row.counts[i]);
        if constexpr (std::is_same_v<Number, UInt128>)
            load += from.weighing->smallOf(isLong)[at] * count;
        else
            load.addProduct(from.weighing->of(isLong)[at], count);
    }
    return load;
}

} // namespace perunit
