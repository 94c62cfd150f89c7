// SPDX-License-Identifier: GPL-3.0-or-later
// A study of model/capacity with the load curve kept, so that a hand that drags is answered without another one.
#pragma once

#include "app/pages/capacity/sizing_progress.h"
#include "model/capacity/capacity_study.h"
#include "model/capacity/load_curve.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What is asked: whose traffic, after which levers, and for what.
struct CapacityWish {
    std::shared_ptr<const Baseline> baseline;
    std::vector<EffectiveLever> levers;
    CapacityQuestion question;
    /// The same traffic, offer and term: only the size may differ.
    [[nodiscard]] bool sameCurve(const CapacityWish &other) const;
    [[nodiscard]] bool sameTraffic(const CapacityWish &other) const;
    [[nodiscard]] bool operator==(const CapacityWish &other) const;
    /// Something of the offer is stated by the user: a scenario, which knows the catalogues, would say something else.
    [[nodiscard]] bool hasOwnFigures() const;
};

/// A load that arrives evenly: what it costs with the best size. No real arrangement of the same load costs less.
struct EvenLoad {
    SizeCost optimum;
    Femto payAsYouGo;
};

/// The answer, whole.
class CapacitySizing
{
public:
    CapacityAnswer answer;
    /// Largest load of each hour of the week (Monday first, UTC) in thousandths of a unit; -1 without such an hour.
    std::vector<std::int64_t> weekPeaks;
    std::int64_t bins = 0; ///< of the horizon, empty ones included
    std::optional<EvenLoad> even;
    /// Lines of bills among the rows of the period: they count tokens without saying when their requests came.
    std::int64_t billLines = 0;
    std::int64_t rows = 0;
    /// A scenario can hold units of this offer.
    bool leverKnows = false;
    /// The catalogues say something else than what this was computed with.
    bool ownFigures = false;

    /// More than half of the load is known as sums over longer times only: its peaks cannot be told.
    [[nodiscard]] bool isCoarse() const;

    /// Any size: the figures of the answer where it has them, else from the load curve in O(log n). Money is that of
    /// units for input and for output together where these are bought apart; no `outputUnits`: the cheapest number.
    [[nodiscard]] SizeFigures at(std::int64_t units, std::optional<std::int64_t> outputUnits = {}) const;
    /// Units for output are bought apart.
    [[nodiscard]] bool isSplit() const { return answer.outputOptimum.has_value(); }
    /// Units for output alone, with their own money, spill and use.
    [[nodiscard]] SizeFigures outputAt(std::int64_t units) const;
    [[nodiscard]] const SizeGrid &outputGrid() const { return m_outputGrid; }
    /// Right end of what units for output may be.
    [[nodiscard]] std::int64_t largestOutput() const;
    /// The size that can be bought nearest to a number of units; 0 below half of the smallest.
    [[nodiscard]] std::int64_t nearestSize(double units) const;
    /// So many sizes further, never below 0 and never above the largest that is drawn.
    [[nodiscard]] std::int64_t stepped(std::int64_t units, int steps) const;
    /// Largest size that is of any use, or that is looked at: the right end of pictures.
    [[nodiscard]] std::int64_t largestSize() const;

private:
    friend Result<std::shared_ptr<const CapacitySizing>> sizeCapacity(const CapacityWish &, SizingProgress &,
                                                                      const std::stop_token &);
    [[nodiscard]] SizeFigures withBestOutput(std::int64_t units) const;
    Status keepCurves(LoadOfHorizon load, LoadOfHorizon outputLoad);
    void keepPrice(UnitCost price);

    LoadCurve m_curve;
    LoadCurve m_outputCurve;
    UnitCost m_price;
    SizeGrid m_outputGrid;
};

/// Studies and keeps the curves. Errors: those of studyCapacity().
Result<std::shared_ptr<const CapacitySizing>> sizeCapacity(const CapacityWish &wish, SizingProgress &progress,
                                                           const std::stop_token &stop);

} // namespace perunit
