// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/reservation.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <queue>

namespace perunit {

namespace {

constexpr Int128 unitsPerFemto = 1'000'000'000;
constexpr std::size_t mostModels = 12;

/// What a step more saves a model, in 10^-24.
struct Offered {
    Int128 saving = 0;
    std::size_t model = 0;
    bool operator<(const Offered &other) const
    {
        return saving != other.saving ? saving < other.saving : model > other.model;
    }
};

/// A split under one set of active models.
struct Split {
    std::vector<std::int64_t> units;
    Int128 spill = 0; ///< in 10^-24
    Int128 hourly = 0;
};

/// Gives steps to whoever saves most by them: exact, because what a model saves falls with every step.
class Splitter
{
public:
    Splitter(const std::vector<PortfolioModel> &models, Int128 hourlyUnits)
        : m_models(models)
        , m_hourly(hourlyUnits)
        , m_step(models.empty() ? 1 : models.front().grid.step)
    {}

    /// The active models begin with their minimum; no value when the minimums do not fit without hourly units.
    [[nodiscard]] std::optional<Split> split(unsigned active, std::int64_t reserved) const
    {
        Split result;
        result.units.resize(m_models.size());
        std::int64_t used = 0;
        std::priority_queue<Offered> heap;
        for (std::size_t i = 0; i < m_models.size(); ++i) {
            const bool isActive = (active >> i & 1U) != 0;
            result.units[i] = isActive ? m_models[i].grid.atLeast(0, 1) : 0;
            used += result.units[i];
            if (isActive)
                heap.push({savingAt(i, result.units[i]), i});
        }
        if (used > reserved && m_hourly == 0)
            return std::nullopt;
        while (!heap.empty()) {
            const Offered best = heap.top();
            heap.pop();
            const std::int64_t beyond = std::max<std::int64_t>(0, used + m_step - std::max(used, reserved));
            if (beyond > 0 && m_hourly == 0)
                break;
            if (best.saving <= m_hourly * std::min(beyond, m_step))
                break;
            result.units[best.model] += m_step;
            used += m_step;
            heap.push({savingAt(best.model, result.units[best.model]), best.model});
        }
        for (std::size_t i = 0; i < m_models.size(); ++i)
            result.spill += m_models[i].curve->exactSpillCost(result.units[i]);
        result.hourly = m_hourly * std::max<std::int64_t>(0, used - reserved);
        return result;
    }

private:
    [[nodiscard]] Int128 savingAt(std::size_t model, std::int64_t units) const
    {
        const LoadCurve &curve = *m_models[model].curve;
        return curve.exactSpillCost(units) - curve.exactSpillCost(units + m_step);
    }

    const std::vector<PortfolioModel> &m_models;
    Int128 m_hourly;
    std::int64_t m_step;
};

Status checkModels(const std::vector<PortfolioModel> &models)
{
    if (models.size() > mostModels)
        return Error{ErrorCode::BadInput, "more than twelve models share a reservation", "portfolio",
                     "leave out those with the smallest load"};
    for (const PortfolioModel &model : models) {
        if (model.grid.step != models.front().grid.step)
            return Error{ErrorCode::BadInput,
                         "'" + model.model + "' and '" + models.front().model + "' are sold in different steps",
                         "portfolio", "split models of equal steps"};
    }
    return {};
}

Portfolio portfolioOf(const std::vector<PortfolioModel> &models, const Split &split, std::int64_t reserved,
                      const UnitCost &reservedCost)
{
    Portfolio result;
    result.reserved = reserved;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const PortfolioModel &model = models[i];
        PortfolioShare share{model.model, split.units[i], model.curve->spillCost(split.units[i]),
                             optimum(*model.curve, reservedCost, model.grid).cost()};
        result.used += share.units;
        result.spillCost += share.spillCost;
        result.shares.push_back(std::move(share));
    }
    result.fixedCost = reservedCost.of(reserved) + Femto::ofUnits(divideHalfEven(split.hourly, unitsPerFemto));
    return result;
}

} // namespace

Coverage coverage(std::int64_t reserved, const std::vector<std::int64_t> &deployed)
{
    const std::int64_t sum = std::accumulate(deployed.begin(), deployed.end(), std::int64_t{0});
    return {std::min(reserved, sum), std::max<std::int64_t>(0, sum - reserved),
            std::max<std::int64_t>(0, reserved - sum)};
}

Int128 unitMinutes(std::int64_t units, std::int64_t minutes)
{
    return static_cast<Int128>(units) * minutes;
}

Waste waste(std::int64_t reserved, const std::vector<Deployment> &deployed, Int128 reservedFemto, Int128 hourlyFemto)
{
    Waste result;
    std::vector<std::int64_t> units;
    Int128 idle = 0;
    for (const Deployment &deployment : deployed) {
        units.push_back(deployment.units);
        idle += static_cast<Int128>(deployment.units) * (onePpm - deployment.utilisation);
        result.spilled += deployment.spillCost;
    }
    const Coverage covered = coverage(reserved, units);
    result.unallocatedUnits = covered.unused;
    result.unallocated = Femto::ofUnits(reservedFemto * covered.unused);
    result.idle = Femto::ofUnits(divideHalfEven(reservedFemto * idle, onePpm));
    result.uncoveredUnits = covered.hourly;
    result.uncovered = Femto::ofUnits(hourlyFemto * covered.hourly);
    return result;
}

Result<Portfolio> splitReservation(const std::vector<PortfolioModel> &models, std::int64_t reserved,
                                   const UnitCost &reservedCost, Int128 hourlyFemto)
{
    if (auto status = checkModels(models); !status)
        return status.error();
    const Splitter splitter(models, hourlyFemto * unitsPerFemto);
    std::optional<Split> best;
    for (unsigned active = 0; active < 1U << models.size(); ++active) {
        auto split = splitter.split(active, reserved);
        if (split && (!best || split->spill + split->hourly < best->spill + best->hourly))
            best = std::move(split);
    }
    return portfolioOf(models, *best, reserved, reservedCost);
}

Result<Portfolio> bestReservation(const std::vector<PortfolioModel> &models, const UnitCost &reservedCost)
{
    if (auto status = checkModels(models); !status)
        return status.error();
    Split split;
    std::int64_t reserved = 0;
    for (const PortfolioModel &model : models) {
        split.units.push_back(optimum(*model.curve, reservedCost, model.grid).units);
        reserved += split.units.back();
    }
    return portfolioOf(models, split, reserved, reservedCost);
}

std::int64_t reservedForHours(std::vector<std::int64_t> deployedByHour, Int128 reservedFemto, Int128 hourlyFemto)
{
    if (deployedByHour.empty() || hourlyFemto <= 0)
        return 0;
    // The smallest size that at most reserved ÷ hourly hours exceed.
    std::sort(deployedByHour.begin(), deployedByHour.end(), std::greater<>());
    const Int128 hours = reservedFemto / hourlyFemto;
    if (hours >= static_cast<Int128>(deployedByHour.size()))
        return 0;
    return deployedByHour[static_cast<std::size_t>(hours)];
}

} // namespace perunit
