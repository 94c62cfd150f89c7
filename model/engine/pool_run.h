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
    /// What another number of units serves and spills, as often as one likes, without what the units cost; 0:
    /// everything is paid as it goes. Only for evaluations whose total nobody asks for.
    Result<Outcome::Pool> spillAt(std::int64_t units);
    /// What the pool would have to serve over all months.
    Result<PoolTraffic> traffic(const TrafficWanted &wanted);
    /// What a unit costs over all months on a term of an offer.
    [[nodiscard]] Result<UnitCost> unitCost(const ProvisionedOffer &offer, const std::string &term) const;
    /// The number of units of which units and spill together cost least; of several the smallest.
    Result<std::int64_t> cheapestUnits();

private:
    /// Shares of minutes that are not served are whole numbers of 10^-12.
    static constexpr std::uint64_t wholeShare = 1'000'000'000'000;
    /// By weight of m_classes.
    using LoadWeights = std::vector<Wide>;
    using SmallWeights = std::vector<UInt128>;
    /// What tokens weigh on a way through the pipeline.
    struct Weighing {
        LoadWeights normal;
        LoadWeights longPrompt;   ///< empty when the pool knows none
        SmallWeights smallNormal; ///< the same where they are small enough
        SmallWeights smallLong;

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
        std::array<Int128, usageComponentCount> spilled{};  ///< tokens × price × share of 10^12
        std::array<Int128, usageComponentCount> unpriced{}; ///< tokens × share of 10^12
        std::array<Int128, usageComponentCount> assumed{};
        Int128 unpricedEvents = 0; ///< × share of 10^12
        Wide load;                 ///< of requests that could be served
        Wide spilledLoad;          ///< × 10^12

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
    /// Counts by place in m_classes; what lies behind them is not used.
    template <typename Number>
    using ClassCounts = std::array<Number, usageClassCount>;
    /// Requests of a block whose prompts are so alike in length that every stream treats them alike.
    struct Cell {
        std::uint32_t block = 0;
        std::int64_t below = endlessPrompt; ///< prompt lengths of the cell are below this, and not in the cell before
        std::uint32_t firstTaking = 0;
        std::uint32_t endTaking = 0;
        std::uint32_t kind = 0; ///< index into m_kinds
        std::uint32_t from = 0; ///< in the order of the block
        std::uint32_t to = 0;
        ClassCounts<std::int64_t> counts{};
    };
    /// A minute with more load than capacity.
    struct FullMinute {
        std::uint32_t minute = 0;
        std::uint64_t share = 0; ///< that is not served, in 10^-12
    };
    /// A request on its way through the streams.
    struct Row {
        std::size_t row = 0; ///< of the workload
        ClassCounts<std::int64_t> counts{};

        [[nodiscard]] std::int64_t output() const { return counts[4] + counts[5]; }
    };

    Status runMonth(int month);
    Status collectStreams(int month);
    void addStream(std::uint32_t block, const MonthPlan &plan, const SlicePlan &slice, Route route, int month);
    void scaleWeights();
    [[nodiscard]] LoadWeights weightsOf(const Stream &stream, unsigned decimals, bool longPrompt) const;
    /// All that streams take, for bounds of what sums can be.
    [[nodiscard]] Int128 servedCount() const;
    [[nodiscard]] Int128 servedCount(UsageClass usageClass) const;
    void takeOutCommonZeros(std::size_t firstWeighing, unsigned decimals);
    [[nodiscard]] bool sameLoadsAs(const std::vector<Stream> &before, const Wide &capacityBefore) const;
    void addUpMonth(int month);
    // Minutes (pool_minutes.cpp).
    [[nodiscard]] static Error cancelled();
    Status visitMinutes(int month);
    void makeCells();
    void addCell(std::uint32_t block, std::uint32_t from, std::uint32_t to, std::int64_t below);
    [[nodiscard]] std::uint32_t kindOf(const LoadWeights &weights);
    template <typename Number>
    Status findFullMinutes(std::uint32_t first, std::uint32_t end);
    Status addFullMinutes();
    void addUpStreams();
    void chargeUnserved(const Taking &taking, const UInt128 *shares);
    /// Calls charge(component, class, amount) for every class that a stream charges, of counts by place in m_classes.
    template <typename Number, typename Charge>
    void forEachCharged(const Stream &stream, const Number *counts, const Charge &charge) const;
    /// What the minutes of a cell cannot serve, by place in m_classes.
    [[nodiscard]] UInt128 *sharesOf(std::size_t cell) { return m_shares.data() + cell * m_classes.size(); }
    [[nodiscard]] const Cell *cellOf(std::size_t row) const;
    /// Index into m_cells; their number where no stream takes the row.
    [[nodiscard]] std::size_t placeOf(std::size_t row) const;
    [[nodiscard]] Row rowAt(std::size_t row) const;
    template <typename Number>
    [[nodiscard]] Number loadOf(const Taking &taking, const Row &row) const;
    // For who asks why (pool_trace.cpp).
    void traceMinutes(std::uint32_t first, std::uint32_t end);
    void trace(const Taking &taking, std::size_t row, UsageClass usageClass, std::int64_t count, std::uint64_t share);
    void traceSpill(int month, std::size_t firstStream, std::size_t endStream, Femto amount);
    void traceMonth(int month) const;
    Status checkRange() const;
    Status addSpill(int month);
    /// What the streams [first, end) of a segment spill without a price of their own.
    Status addGaps(std::uint32_t segment, std::size_t first, std::size_t end);
    [[nodiscard]] static Wide weighed(const Stream &stream, const std::array<Int128, usageComponentCount> &amounts);
    Status addFixedCost(int month);
    [[nodiscard]] Result<UnitCost::Part> costOfUnit(int month, const ProvisionedOffer &offer,
                                                    const std::string &termName) const;
    /// Names what offers give no weight.
    void noteBeside();
    // What arrives, by bins of time (pool_bins.cpp).
    struct TrafficMonth;
    template <typename Number>
    class Bins;
    /// Requests that weigh and cost alike.
    struct Priced {
        std::uint32_t kind = 0; ///< index into m_kinds
        ClassCounts<Int128> rates{};
        friend bool operator==(const Priced &, const Priced &) = default;
    };
    struct Rates;
    Status makeRates(const TrafficWanted &wanted, TrafficMonth &into) const;
    /// Of a number of one class after all levers, in 10^-24 × 2^-bits; no value when it is too large.
    [[nodiscard]] static std::optional<Int128> costOf(const Stream &stream, std::size_t usageClass,
                                                      const PriceBand &band, unsigned bits, Int128 count);
    /// Of counts by place in m_classes, in 10^-24.
    [[nodiscard]] Int128 costOf(const Taking &taking, const std::int64_t *counts, const TrafficMonth &rates) const;
    /// Numbers of requests, and all that no size can serve.
    Status addTotals(const TrafficMonth &rates, const TrafficWanted &wanted, PoolTraffic &result) const;
    Status addNeverServed(const Cell &cell, const Taking &taking, const Rates *rates, const TrafficWanted &wanted,
                          LoadOfHorizon &result) const;
    Status addBeside(PoolTraffic &result) const;
    [[nodiscard]] std::vector<Priced> pricedKinds(const TrafficMonth &rates, std::vector<KindOfPrompts> &places) const;
    template <typename Number>
    Status addBins(int month, const TrafficWanted &wanted, const TrafficMonth &rates, PoolTraffic &result) const;
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
    bool m_costsCount = true; ///< what the units cost is part of the outcome
    MinuteStore &m_minutes;
    LoadClasses m_classes; ///< that the units serve
    std::vector<Stream> m_streams;
    std::vector<std::unique_ptr<Weighing>> m_weighings; ///< those that streams of this month and the one before use
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_streamsOfBlock; ///< first and end
    std::vector<Cell> m_cells;                                             ///< by block, then prompt length
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_cellsOfBlock;   ///< first and end
    std::vector<Taking> m_takings;
    std::vector<UInt128> m_shares;    ///< by cell, then class: tokens × what their minutes cannot serve, in 10^-12
    std::vector<LoadWeights> m_kinds; ///< what requests weigh on all streams together
    std::vector<FullMinute> m_full;   ///< of the month
    std::shared_ptr<const MinuteSums> m_sums; ///< of the month, where they are kept
    unsigned m_decimals = 0;                  ///< of the load weights, after common zeros were taken out
    bool m_small = false;                     ///< loads fit into 128 bits
    Wide m_capacity;                          ///< of all units in a minute, in units of the load weights
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
void PoolRun::forEachCharged(const Stream &stream, const Number *counts, const Charge &charge) const
{
    if (stream.routePlan().split) {
        const Number prompt = counts[0] + counts[1] + counts[2] + counts[3];
        charge(Component::Input, UsageClass::Input, prompt);
        charge(Component::CacheRead, UsageClass::CacheRead, prompt);
        charge(Component::CacheWrite, stream.plan->writeClass, prompt);
    } else {
        charge(Component::Input, UsageClass::Input, counts[0]);
        charge(Component::CacheRead, UsageClass::CacheRead, counts[1]);
        charge(Component::CacheWrite, UsageClass::CacheWrite5m, counts[2]);
        charge(Component::CacheWrite, UsageClass::CacheWrite1h, counts[3]);
    }
    charge(Component::Output, UsageClass::Output, counts[4]);
    charge(Component::Output, UsageClass::Reasoning, counts[5]);
    for (std::size_t i = LoadClasses::textClasses; i < m_classes.size(); ++i)
        charge(Component::Other, m_classes[i], counts[i]);
}

template <typename Number>
Number PoolRun::loadOf(const Taking &taking, const Row &row) const
{
    const Weighing &weighing = *m_streams[taking.stream].weighing;
    Number load{};
    for (std::size_t i = 0; i < m_classes.size(); ++i) {
        const std::size_t at = LoadClasses::weightOf(i);
        const auto count = static_cast<UInt128>(row.counts[i]);
        if constexpr (std::is_same_v<Number, UInt128>)
            load += weighing.smallOf(taking.isLong)[at] * count;
        else
            load.addProduct(weighing.of(taking.isLong)[at], count);
    }
    return load;
}

} // namespace perunit
