// SPDX-License-Identifier: GPL-3.0-or-later
// A study of model/capacity with the load curve kept, so that a hand that drags is answered without another one.
#pragma once

#include "app/shell/selection.h"
#include "model/capacity/capacity_study.h"
#include "model/capacity/load_curve.h"

#include <atomic>
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

    /// More than half of the load is known as sums over longer times only: its peaks cannot be told.
    [[nodiscard]] bool isCoarse() const;

    /// Any size: the figures of the answer where it has them, else from the load curve in O(log n).
    [[nodiscard]] SizeFigures at(std::int64_t units) const;
    /// The size that can be bought nearest to a number of units; 0 below half of the smallest.
    [[nodiscard]] std::int64_t nearestSize(double units) const;
    /// So many sizes further, never below 0 and never above the largest that is drawn.
    [[nodiscard]] std::int64_t stepped(std::int64_t units, int steps) const;
    /// Largest size that is of any use, or that is looked at: the right end of pictures.
    [[nodiscard]] std::int64_t largestSize() const;

private:
    friend Result<std::shared_ptr<const CapacitySizing>> sizeCapacity(const CapacityWish &, std::atomic<int> &,
                                                                      const std::stop_token &);
    LoadCurve m_curve;
    UnitCost m_price;
};

/// Number of stages that sizeCapacity() counts.
inline constexpr int capacityStages = 3;

/// Studies and keeps the curve. `stage` counts the stages that are done. Errors: those of studyCapacity().
Result<std::shared_ptr<const CapacitySizing>> sizeCapacity(const CapacityWish &wish, std::atomic<int> &stage,
                                                           const std::stop_token &stop);

/// A model that may be sized, with the offers that can be calculated for it.
struct SizableModel {
    std::string name; ///< "provider/model"
    std::int64_t requests = 0;
    Femto cost;
    bool routedTo = false;               ///< named by a lever
    std::vector<std::string> offers;     ///< ids
    std::vector<std::string> notOffered; ///< why the others that speak of it cannot be calculated
};

/// Models of the ledger and those that levers name, the dearest first; those that nothing is offered for last.
std::vector<SizableModel> sizableModels(const Baseline &baseline, const std::vector<EffectiveLever> &levers);

/// The terms of an offer, each once, with a price that is known at the start of the period.
std::vector<std::string> sizableTerms(const Baseline &baseline, const std::string &offer);

} // namespace perunit
