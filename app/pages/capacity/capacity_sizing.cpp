// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_sizing.h"

#include "model/capacity/capacity_setup.h"
#include "model/capacity/hours_of_week.h"
#include "model/engine/pool_traffic.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace perunit {

namespace {

bool sameLevers(const std::vector<EffectiveLever> &a, const std::vector<EffectiveLever> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const EffectiveLever &one, const EffectiveLever &other) { return one.lever == other.lever; });
}

bool sameEndpoint(const CapacityQuestion::Endpoint &a, const CapacityQuestion::Endpoint &b)
{
    const auto all = [](const CapacityQuestion::Endpoint &each) {
        return std::tuple(each.outputTokensPerSecond, each.pricePerHour, each.maximumUtilisation, each.hoursPerDay,
                          each.daysPerWeek, each.firstHour, each.peoplePerMonth, each.minimumReplicas);
    };
    return all(a) == all(b);
}

/// What the user knows of the offer is the same.
bool sameFigures(const CapacityQuestion &a, const CapacityQuestion &b)
{
    const auto all = [](const CapacityQuestion &each) {
        return std::tuple(each.tokensPerMinute, each.outputTokensPerMinute, each.outputWeight, each.pricePerMonth,
                          each.minimumUnits, each.stepUnits);
    };
    return all(a) == all(b) && a.endpoint.has_value() == b.endpoint.has_value()
           && (!a.endpoint || sameEndpoint(*a.endpoint, *b.endpoint));
}

/// Traffic and price of what is asked, as the study takes them.
struct CurveParts {
    LoadOfHorizon load; ///< of the input alone, where output is bought apart
    std::vector<std::int64_t> binStarts;
    LoadOfHorizon outputLoad; ///< no capacity: output is no load of its own
    SizeGrid outputGrid;
    UnitCost price;
    bool leverKnows = false;
};

/// Whose tokens are the load and whose money counts, where input and output are bought apart.
void splitTo(bool output, ProvisionedThroughput &throughput, TrafficWanted &wanted)
{
    wanted.charged = {!output, !output, !output, output};
    throughput.longPrompt.reset();
    if (!output) {
        throughput.outputWeight = 0;
        return;
    }
    throughput.inputWeight = throughput.cacheReadWeight = 0;
    throughput.cacheWriteWeight = throughput.cacheWrite1hWeight = 0;
    throughput.outputWeight = onePpm;
    throughput.inputTokensPerMinute = throughput.outputTokensPerMinute;
}

/// One side of what is asked.
Result<PoolTraffic> trafficOf(const CapacityWish &wish, const std::vector<EffectiveLever> &levers,
                              const CapacitySetup &setup, bool output, UnitCost &price, const std::stop_token &stop)
{
    ProvisionedThroughput throughput = setup.throughput;
    TrafficWanted wanted;
    wanted.binSeconds = wish.question.binSeconds;
    wanted.moneyIsLoad = setup.moneyIsLoad;
    if (setup.isSplit())
        splitTo(output, throughput, wanted);
    auto study = PoolStudy::make(*wish.baseline, levers, setup.model, wish.question.scope, setup.offer,
                                 std::move(throughput), setup.term.term, stop);
    if (!study)
        return study.error();
    auto cost = (*study)->unitCost();
    if (!cost)
        return cost.error();
    price = std::move(*cost);
    return (*study)->traffic(wanted);
}

Result<CurveParts> partsOf(const CapacityWish &wish, const std::stop_token &stop)
{
    auto setup = setUpCapacity(wish.baseline->book(), wish.question, unitsBegin(*wish.baseline));
    if (!setup)
        return setup.error();
    std::vector<EffectiveLever> levers;
    std::copy_if(wish.levers.begin(), wish.levers.end(), std::back_inserter(levers),
                 [](const EffectiveLever &each) { return each.lever.kind != LeverKind::Provisioned; });
    CurveParts parts;
    auto traffic = trafficOf(wish, levers, *setup, false, parts.price, stop);
    if (!traffic)
        return traffic.error();
    if (setup->endpoint)
        closeOutsideHours(*wish.question.endpoint, *traffic);
    parts.load = std::move(traffic->load);
    parts.binStarts = std::move(traffic->binStarts);
    if (setup->isSplit()) {
        auto output = trafficOf(wish, levers, *setup, true, parts.price, stop);
        if (!output)
            return output.error();
        parts.outputLoad = std::move(output->load);
        parts.outputGrid = setup->outputGrid();
    }
    CapacityQuestion byMinute = wish.question;
    byMinute.binSeconds = 60;
    parts.leverKnows = setup->engineKnows(byMinute) && !wish.hasOwnFigures();
    return parts;
}

/// Hours without any request have a peak of 0 where the period has them, as the means say.
std::vector<std::int64_t> peaksOfWeek(const CurveParts &parts, const std::vector<std::int64_t> &means)
{
    if (means.size() != hoursOfWeek || parts.load.capacityPerUnit <= 0
        || parts.binStarts.size() != parts.load.bins.size())
        return {};
    std::vector<std::int64_t> peaks(hoursOfWeek, -1);
    for (std::size_t hour = 0; hour < hoursOfWeek; ++hour)
        peaks[hour] = means[hour] < 0 ? -1 : 0;
    for (std::size_t i = 0; i < parts.load.bins.size(); ++i) {
        const Int128 thousandths =
            divideHalfEven(static_cast<Int128>(parts.load.bins[i].load) * 1000, parts.load.capacityPerUnit);
        std::int64_t &peak = peaks[hourOfWeek(parts.binStarts[i])];
        peak = std::max(peak, static_cast<std::int64_t>(thousandths));
    }
    return peaks;
}

/// All bins in one whose capacity is that of all of them: the load as if it arrived evenly.
std::optional<EvenLoad> evenLoad(const LoadOfHorizon &load, const UnitCost &price, const SizeGrid &grid)
{
    const Int128 capacity = static_cast<Int128>(load.capacityPerUnit) * load.binCount;
    Int128 sum = 0;
    LoadOfHorizon even;
    even.binCount = 1;
    even.neverServedCost = load.neverServedCost;
    even.neverServedLoad = load.neverServedLoad;
    LoadBin all;
    for (const LoadBin &bin : load.bins) {
        sum += bin.load;
        all.cost += bin.cost;
    }
    if (sum > INT64_MAX || capacity > INT64_MAX || capacity <= 0)
        return std::nullopt;
    all.load = static_cast<std::int64_t>(sum);
    even.capacityPerUnit = static_cast<std::int64_t>(capacity);
    even.bins.push_back(all);
    const auto curve = LoadCurve::make(std::move(even));
    if (!curve)
        return std::nullopt;
    return EvenLoad{optimum(*curve, price, grid), curve->payAsYouGo()};
}

std::int64_t billLinesOf(const Baseline &baseline)
{
    const Workload &workload = *baseline.ledger().workload;
    const auto [first, end] = baseline.rows();
    std::int64_t lines = 0;
    for (std::size_t row = first; row < end; ++row)
        lines += workload.isUncounted(row) ? 1 : 0;
    return lines;
}

/// How often a study goes over the traffic: once for the answer and once after each lever.
std::int64_t passesOf(const CapacityWish &wish)
{
    const auto pools = std::count_if(wish.levers.begin(), wish.levers.end(), [](const EffectiveLever &each) {
        return each.lever.kind == LeverKind::Provisioned || !each.lever.enabled;
    });
    return 2 + static_cast<std::int64_t>(wish.levers.size()) - pools;
}

} // namespace

bool CapacityWish::hasOwnFigures() const
{
    return question.tokensPerMinute > 0 || question.outputTokensPerMinute > 0 || question.outputWeight
           || question.pricePerMonth || question.minimumUnits || question.stepUnits;
}

bool CapacityWish::sameTraffic(const CapacityWish &other) const
{
    return baseline == other.baseline && question.model == other.question.model
           && question.binSeconds == other.question.binSeconds && sameLevers(levers, other.levers);
}

bool CapacityWish::sameCurve(const CapacityWish &other) const
{
    return sameTraffic(other) && question.offer == other.question.offer && question.term == other.question.term
           && sameFigures(question, other.question);
}

bool CapacityWish::operator==(const CapacityWish &other) const
{
    return sameCurve(other) && question.units == other.question.units
           && question.depthSeconds == other.question.depthSeconds
           && question.declaredOutput == other.question.declaredOutput;
}

bool CapacitySizing::isCoarse() const
{
    return answer.bounds.coarserShare > onePpm / 2 || (billLines == rows && rows > 0);
}

SizeFigures CapacitySizing::at(std::int64_t units, std::optional<std::int64_t> outputUnits) const
{
    SizeFigures figures = withBestOutput(units);
    // No units for input means none at all.
    if (!isSplit() || units == 0 || !outputUnits || *outputUnits == answer.outputOptimum->units)
        return figures;
    const SizeFigures output = outputAt(*outputUnits);
    figures.fixedCost += output.fixedCost - answer.outputOptimum->fixedCost;
    figures.spillCost += output.spillCost - answer.outputOptimum->spillCost;
    figures.canBeBought = figures.canBeBought && output.canBeBought;
    return figures;
}

SizeFigures CapacitySizing::outputAt(std::int64_t units) const
{
    const LoadAtSize load = m_outputCurve.at(units);
    SizeFigures figures;
    figures.units = units;
    figures.canBeBought = units == 0 || m_outputGrid.contains(units);
    figures.spillShare = load.spillShare;
    figures.utilisation = load.utilisation;
    figures.fixedCost = m_price.of(units);
    figures.spillCost = load.spillCost;
    return figures;
}

std::int64_t CapacitySizing::largestOutput() const
{
    return answer.outputOptimum ? std::max({answer.outputPeakUnits, answer.outputOptimum->units, m_outputGrid.minimum})
                                : 0;
}

SizeFigures CapacitySizing::withBestOutput(std::int64_t units) const
{
    if (units == answer.optimum.units)
        return answer.optimum;
    if (answer.at && units == answer.at->units)
        return *answer.at;
    for (const SizeByRule &rule : answer.rules) {
        if (units == rule.size.units)
            return rule.size;
    }
    const LoadAtSize load = m_curve.at(units);
    SizeFigures figures;
    figures.units = units;
    figures.canBeBought = units == 0 || answer.grid.contains(units);
    figures.spillShare = load.spillShare;
    figures.utilisation = load.utilisation;
    figures.fixedCost = m_price.of(units);
    figures.spillCost = load.spillCost;
    // Units for output stay at their best number; no units for input means none at all.
    if (answer.outputOptimum && units > 0) {
        figures.fixedCost += answer.outputOptimum->fixedCost;
        figures.spillCost += answer.outputOptimum->spillCost;
    } else if (units == 0) {
        figures.spillCost = answer.payAsYouGo;
    }
    return figures;
}

std::int64_t CapacitySizing::nearestSize(double units) const
{
    const auto wanted = static_cast<std::int64_t>(std::llround(std::clamp(units, 0.0, 1e6)));
    const std::int64_t above = wanted <= 0 ? 0 : answer.grid.atLeast(wanted, 1);
    const std::int64_t below = answer.grid.contains(wanted) ? wanted : answer.grid.below(wanted);
    return wanted - below < above - wanted ? below : above;
}

std::int64_t CapacitySizing::stepped(std::int64_t units, int steps) const
{
    const std::int64_t most = std::max(largestSize(), units);
    for (; steps > 0 && units < most; --steps)
        units = answer.grid.above(units);
    for (; steps < 0 && units > 0; ++steps)
        units = answer.grid.below(units);
    return std::clamp<std::int64_t>(units, 0, std::max(most, answer.grid.minimum));
}

std::int64_t CapacitySizing::largestSize() const
{
    std::int64_t most = answer.curve.empty() ? 0 : answer.curve.back().units;
    if (answer.at)
        most = std::max(most, answer.at->units);
    return std::max(most, answer.grid.minimum);
}

Result<std::shared_ptr<const CapacitySizing>> sizeCapacity(const CapacityWish &wish, SizingProgress &progress,
                                                           const std::stop_token &stop)
{
    progress.begin(wish.baseline->requestCount(), passesOf(wish));
    auto parts = partsOf(wish, stop);
    if (!parts)
        return parts.error();
    progress.enter(SizingProgress::Stage::Sizing);
    auto answer = studyCapacity(*wish.baseline, wish.levers, wish.question, stop);
    if (!answer)
        return answer.error();
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled, "cancelled", "capacity", ""};
    auto result = std::make_shared<CapacitySizing>();
    result->weekPeaks = peaksOfWeek(*parts, answer->week);
    result->bins = parts->load.binCount;
    if (!answer->outputOptimum)
        result->even = evenLoad(parts->load, parts->price, answer->grid);
    result->answer = std::move(*answer);
    result->billLines = billLinesOf(*wish.baseline);
    result->rows = static_cast<std::int64_t>(wish.baseline->rows().second - wish.baseline->rows().first);
    result->leverKnows = parts->leverKnows;
    result->ownFigures = wish.hasOwnFigures();
    if (auto status = result->keepCurves(std::move(parts->load), std::move(parts->outputLoad)); !status)
        return status.error();
    result->m_outputGrid = parts->outputGrid;
    result->keepPrice(std::move(parts->price));
    progress.enter(SizingProgress::Stage::Done);
    return std::shared_ptr<const CapacitySizing>(std::move(result));
}

Status CapacitySizing::keepCurves(LoadOfHorizon load, LoadOfHorizon outputLoad)
{
    auto curve = LoadCurve::make(std::move(load));
    if (!curve)
        return curve.error();
    m_curve = std::move(*curve);
    if (!isSplit())
        return {};
    auto output = LoadCurve::make(std::move(outputLoad));
    if (!output)
        return output.error();
    m_outputCurve = std::move(*output);
    return {};
}

void CapacitySizing::keepPrice(UnitCost price)
{
    m_price = std::move(price);
    // What is paid once for any number (people) is what the study's units cost beyond their number.
    if (!answer.curve.empty() && answer.curve.back().units > 0 && !isSplit())
        m_price.once = answer.curve.back().fixedCost - m_price.of(answer.curve.back().units);
}

} // namespace perunit
