// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline_impl.h"
#include "model/engine/lever_plan.h"
#include "model/engine/outcome.h"
#include "model/engine/pool_weights.h"

#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace perunit {

/// How much an evaluation keeps: bridges need nothing but the total.
enum class Detail : std::uint8_t { Everything, TotalOnly };

/// All outcome lines of one set of levers.
struct EvaluatedLines {
    Femto total;
    /// Lines by month, then segment; empty when only the total was asked for.
    std::vector<Components> lines;
    std::vector<Millionths> requests;           ///< that are asked, by month, then segment
    std::vector<Millionths> volumes;            ///< the same without longer conversations: what units grow with
    std::vector<std::int64_t> recorded;         ///< requests of the baseline, before division by its months
    std::vector<PartsPerMillion> volumeFactors; ///< what volume levers do, by month, then segment
    std::vector<std::int64_t> tokens;           ///< of the baseline, likewise: lines of bills count nothing else
    std::vector<std::array<Millionths, usageClassCount>> usage; ///< by month
    std::vector<Components> unattributed;                       ///< fixed cost that belongs to no segment, by month
    std::vector<std::vector<Femto>> harness;                    ///< by month, then harness group
    std::map<std::string, Millionths> unpriced;                 ///< tokens by model name
    std::vector<Millionths> unpricedOf;                         ///< the same by segment
    Millionths assumed = 0;
    Millionths unpricedEvents = 0;
    std::vector<Outcome::Pool> pools;
    std::vector<OutcomeCheck> notes; ///< what the levers could not do
    /// Right answers before and after routing, in millionths of requests, and the requests they speak of.
    Millionths rightBefore = 0;
    Millionths rightAfter = 0;
    Millionths judged = 0;
    std::vector<Outcome::AgentSpread> agentSpreads;
    const Harness *harnessUsed = nullptr; ///< whose groups `harness` speaks of

    std::size_t segments = 0;
    [[nodiscard]] const Components &line(int month, std::size_t segment) const
    {
        return lines[static_cast<std::size_t>(month) * segments + segment];
    }
};

struct EvaluationTrace;

/// One run of the pipeline. Made, run once, thrown away.
class Evaluation
{
public:
    /// `cards` says at which prices: the contracted ones of the baseline, or its list prices.
    Evaluation(const Baseline::Impl &baseline, const LeverPlan &plan, Detail detail, CardStore &cards,
               std::stop_token stop);
    Result<EvaluatedLines> run();
    /// Finds the cheapest size of every pool whose size was left open.
    static Status sizePools(const Baseline::Impl &baseline, LeverPlan &plan, CardStore &cards, std::stop_token stop);
    /// Also keeps what figures are explained with; the trace must outlive run().
    void keepTrace(EvaluationTrace *trace) { m_trace = trace; }

private:
    friend class PoolRun;
    friend class FixedAmounts;
    friend class ExplainedPieces;

    /// Tokens × price of a path, by component, before weights.
    struct PathSums {
        std::array<Int128, usageComponentCount> cost{};
        std::array<Int128, usageComponentCount> unpriced{};
        std::array<Int128, usageComponentCount> assumed{};
        std::array<Int128, usageClassCount> counts{};
        Int128 unpricedEvents = 0;
        bool used = false;
        bool gaps = false;
    };
    /// The paths of a segment in a month: by slice, then route, then serving.
    using SegmentSums = std::vector<std::array<std::array<PathSums, servingCount>, routeCount>>;

    struct RouteModel {
        ModelIndex model;
        ServiceTier tier = ServiceTier::Standard;
        bool covered = false; ///< recorded on capacity that is already paid for
    };
    /// Requests of a block by prompt length: [from, to) in its order.
    struct Span {
        std::uint32_t from = 0;
        std::uint32_t to = 0;
    };

    Status priceSegment(std::size_t segment);
    void addBlock(const Block &block, const MonthPlan &plan, int month);
    void addRoute(const Block &block, const MonthPlan &plan, std::size_t slice, Route route, Span span, int month);
    void addPath(const Block &block, const MonthPlan &plan, const RoutePlan &route, Span span, const PricedCard &card,
                 ClassSet pooled, PathSums &sums) const;
    void addGaps(const std::array<std::int64_t, usageClassCount> &counts, const MonthPlan &plan, const RoutePlan &route,
                 const PriceBand *band, ClassSet pooled, PathSums &sums) const;
    Status finishLine(std::size_t segment, int month, const MonthPlan &plan);
    /// Calls visit(sums, route, weights) for every path that is used.
    template <typename Visit>
    void forEachPath(const MonthPlan &plan, const Visit &visit) const;
    Status finishGaps(std::size_t segment, const MonthPlan &plan);
    /// Recorded requests of a slice that take a route.
    [[nodiscard]] Int128 requestsOn(std::size_t slice, Route route) const;
    Status addFees(std::size_t segment, int month, const MonthPlan &plan);
    Status countUsage(int month, const MonthPlan &plan);
    Status countRequests(std::size_t segment, int month, const MonthPlan &plan);
    Status judge(const MonthPlan &plan);
    Status addHarness();
    void noteBatch(std::size_t segment, const Block &block);
    void noteWrites(std::size_t segment, const PricedCard &card, const MonthPlan &plan, const RoutePlan &route);
    Status finishNotes();

    [[nodiscard]] RouteModel modelOf(std::size_t segment, const RoutePlan &route) const;
    [[nodiscard]] std::string nameOf(std::size_t segment, const RoutePlan &route) const;
    [[nodiscard]] Instant pricedAt(const Block &block, int month, ModelIndex model);
    const PricedCard *cardFor(ModelIndex model, ServiceTier tier, std::uint32_t region, Instant at);
    /// The same with the new prices of a price change lever, if it sets any.
    const PricedCard *cardFor(ModelIndex model, ServiceTier tier, std::uint32_t region, Instant at, const Lever *price);
    /// Which classes of the standard requests of a segment a pool takes when a model serves them.
    [[nodiscard]] ClassSet pooled(std::size_t segment, ModelIndex model, int month) const;
    /// numerator / denominator, rounded once.
    static Result<Int128> rounded(const Wide &numerator, const Wide &denominator);
    void addToLine(int month, std::size_t segment, Component component, Femto amount);
    [[nodiscard]] bool keepsLines() const { return m_detail == Detail::Everything; }

    const Baseline::Impl &m_baseline;
    const LeverPlan &m_plan;
    const Profile &m_profile;
    Detail m_detail;
    CardStore &m_store;
    std::stop_token m_stop;
    int m_months = 0;
    int m_divisor = 1;
    EvaluatedLines m_result;
    EvaluationTrace *m_trace = nullptr; ///< null: nobody asks why
    SegmentSums m_sums;                 ///< of the segment and month at hand

    struct CardKey {
        std::int32_t model;
        std::uint32_t regionAndTier;
        std::int64_t micros;
        bool operator==(const CardKey &) const = default;
    };
    struct CardKeyHash {
        std::size_t operator()(const CardKey &key) const;
    };
    std::unordered_map<CardKey, const PricedCard *, CardKeyHash> m_cards;
    std::map<std::tuple<std::int32_t, int, Instant>, Instant> m_pricedAt;
    std::vector<Instant> m_monthStarts;
    std::vector<char> m_hasWindows; ///< by model: prices depend on the hour
    std::map<std::pair<const PricedCard *, const Lever *>, std::unique_ptr<const PricedCard>> m_changedCards;
    std::map<std::string, std::set<std::size_t>> m_withoutBatch; ///< blocks by lever
    std::set<std::string> m_withBatch;                           ///< levers that found a batch price
    std::set<std::string> m_freeWrites;                          ///< levers that forget write premiums
};

} // namespace perunit
