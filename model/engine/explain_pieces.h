// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluation.h"
#include "model/engine/evaluation_trace.h"
#include "model/engine/explain.h"
#include "model/engine/explain_shares.h"

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace perunit {

/// Which outcome lines a cell takes in.
struct CellFilter {
    std::vector<char> segments;                    ///< by segment
    std::vector<char> harness;                     ///< by harness group
    std::array<bool, componentCount> components{}; ///< by component
    bool nobody = false;                           ///< also what belongs to no segment
    int firstMonth = 0;
    int endMonth = 0;
};

/// Takes the outcome lines of an evaluation apart into tokens × share × price. The pieces of an outcome line are
/// rounded together by largest remainder, and those that count alike are one line of the explanation.
class ExplainedPieces
{
public:
    /// The evaluation has run, with the trace.
    ExplainedPieces(Evaluation &evaluation, const EvaluatedLines &lines, const EvaluationTrace &trace,
                    const CellFilter &filter, std::stop_token stop);
    /// Errors: Conflict when the pieces of an outcome line are not what the line is.
    Result<std::vector<ExplainedLine>> collect();

private:
    /// What pieces have in common that are one line.
    struct Key {
        ExplainedKind kind = ExplainedKind::Usage;
        int component = -1;
        int usageClass = -1;
        bool ofPrompt = false;
        std::int32_t name = -1; ///< recorded model, index into Profile::names
        std::int32_t model = -1;
        ServiceTier tier = ServiceTier::Standard;
        int price = -1;  ///< index into m_prices
        int share = -1;  ///< index into m_shares
        int source = -1; ///< index into m_sources: lever, pool or kind of charge
        int month = -1;  ///< of the outcome, where the same rows count in several months
        auto operator<=>(const Key &) const = default;
    };
    struct Sum {
        Int128 cost = 0;
        std::int64_t rows = 0;
        Int128 tokens = 0;
        Int128 spilled = 0; ///< tokens × share of 10^12
        Int128 whole = 0;   ///< amount of which `cost` is a part
        int firstMonth = 0;
        int lastMonth = 0;
        std::vector<ExplainedLine::Rows> places;
        std::uint32_t classes = 0;
        std::vector<std::uint32_t> workloadRows;
        std::vector<std::uint32_t> charges;
    };
    /// A part of an outcome line that is not rounded yet.
    struct Piece {
        Key key;
        Wide numerator;
        Int128 tokens = 0;
        Int128 spilled = 0;
        std::int64_t rows = 0;
        std::uint32_t classes = 0;
        std::vector<ExplainedLine::Rows> places;
        std::vector<std::uint32_t> workloadRows;
    };
    /// One way of some requests of a block.
    struct Way {
        std::uint32_t block = 0;
        const MonthPlan *plan = nullptr;
        const SlicePlan *slice = nullptr;
        Route route = Route::Stays;
        Serving serving = Serving::Whole;
        const PricedCard *card = nullptr;      ///< null: on capacity that is paid for
        const PricedCard *published = nullptr; ///< the same without the prices of levers
        Evaluation::RouteModel served;
        ClassSet inPool = 0; ///< classes that reserved units serve
        [[nodiscard]] const RoutePlan &routePlan() const { return slice->of(route); }
    };

    Status addUsage(std::size_t segment, int month);
    void addBlock(std::uint32_t block, const MonthPlan &plan, int month);
    void addSlice(std::uint32_t block, const MonthPlan &plan, const SlicePlan &slice, Evaluation::Span span, int month);
    void addBands(const Way &way, Evaluation::Span span, int month);
    void addCounts(const Way &way, Evaluation::Span span, int band, int month);
    void addClass(const Way &way, Evaluation::Span span, int band, UsageClass usageClass, bool ofPrompt, Int128 count,
                  int month);
    /// Rounds the pieces of an outcome line together.
    Status finish(Int128 amount, const Wide &denominator, int month);
    void keep(const Piece &piece, Int128 amount, int month);
    Status addFees(std::size_t segment, int month);
    Status addLookups(std::size_t segment, int month, const MonthPlan &plan);
    void addVerdicts(std::size_t segment, int month, const MonthPlan &plan, unsigned decimals);
    [[nodiscard]] Piece feePiece(std::size_t segment, int month, const RequestFee &fee);
    [[nodiscard]] Piece rowsPiece(std::size_t segment, int month, Component component) const;
    Status addSpill();
    Status addSpillLine(const EvaluationTrace::SpillLine &line);
    void addFixed();
    void addHarness();
    void addFixed(const EvaluationTrace::Fixed &fixed);
    void addHarness(int month, std::size_t group, const Lever *rate);
    void addCharges(int month, std::size_t group, Sum &sum);
    [[nodiscard]] ExplainedShare harnessShare(int month, std::size_t group, const Lever *rate) const;
    [[nodiscard]] PriceEntry reservationPrice(const PoolPlan &pool, int month) const;
    [[nodiscard]] std::string fullMinutes(const EvaluationTrace::SpillLine &line) const;

    int shareOfWay(const Way &way, Component component);
    int shareIndex(ExplainedShare share);
    int priceIndex(const Way &way, int band, UsageClass usageClass);
    int sourceIndex(const std::string &leverId, const std::string &detail);
    [[nodiscard]] PriceEntry priceEntry(const Way &way, int band, UsageClass usageClass) const;
    int internedPrice(const PriceEntry &entry);
    [[nodiscard]] std::int64_t rowsWith(std::uint32_t block, Evaluation::Span span, std::uint32_t classes);
    /// `months`: in how many months the same counts again.
    [[nodiscard]] ExplainedLine lineOf(const Key &key, const Sum &sum, int months) const;
    void setShare(ExplainedLine &line, const Key &key, const Sum &sum, int months) const;
    [[nodiscard]] std::vector<ExplainedLine> finishedLines();
    [[nodiscard]] bool takes(Component component) const
    {
        return m_filter.components[static_cast<std::size_t>(component)];
    }
    /// Months in which the same ledger rows count again are lines of their own.
    [[nodiscard]] int keyMonth(int month) const { return m_baseline.looksAhead() ? month : -1; }

    Evaluation &m_evaluation;
    const Baseline::Impl &m_baseline;
    const Profile &m_profile;
    const EvaluatedLines &m_lines;
    const EvaluationTrace &m_trace;
    const CellFilter &m_filter;
    std::stop_token m_stop;

    std::array<std::vector<Piece>, usageComponentCount> m_pieces; ///< of the outcome lines at hand
    std::vector<Piece> m_open;                                    ///< of the one that is rounded now
    std::map<Key, Sum> m_sums;
    Status m_status;

    std::vector<ExplainedShare> m_shares;
    std::map<std::string, int> m_shareOfText;
    std::map<std::tuple<const SlicePlan *, Route, Serving, Component>, int> m_shareOfWay;
    std::vector<PriceEntry> m_prices;
    std::map<std::string, int> m_priceOfText;
    std::map<std::tuple<const PricedCard *, int, UsageClass>, int> m_priceOfCard;
    std::vector<std::pair<std::string, std::string>> m_sources; ///< lever and words
    std::map<std::pair<std::string, std::string>, int> m_sourceOfText;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, std::int64_t> m_rowsWith;
    std::map<std::map<std::string, std::string>, std::vector<std::uint32_t>> m_chargesOf; ///< by dimensions
};

} // namespace perunit
