// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/capacity_figures.h"
#include "model/engine/wide_integer.h"

#include <algorithm>
#include <iterator>

namespace perunit {

namespace {

/// Loads and price of one model of the question.
struct Part {
    CapacitySetup setup;
    LoadCurve curve;
    UnitCost price;
};

Result<Part> partOf(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                    const CapacityQuestion &question, std::stop_token stop)
{
    auto setup = setUpCapacity(baseline.book(), question, unitsBegin(baseline));
    if (!setup)
        return setup.error();
    if (setup->isSplit())
        return Error{ErrorCode::Unsupported, "units for input and for output cannot be shared in one number", "offer",
                     "size each model by itself"};
    std::vector<EffectiveLever> others;
    std::copy_if(levers.begin(), levers.end(), std::back_inserter(others),
                 [](const EffectiveLever &each) { return each.lever.kind != LeverKind::Provisioned; });
    auto study = PoolStudy::make(baseline, std::move(others), setup->model, question.scope, setup->offer,
                                 setup->throughput, setup->term.term, std::move(stop));
    if (!study)
        return study.error();
    TrafficWanted wanted;
    wanted.binSeconds = question.binSeconds;
    wanted.moneyIsLoad = setup->moneyIsLoad;
    auto price = (*study)->unitCost();
    auto traffic = (*study)->traffic(wanted);
    if (!price || !traffic)
        return !price ? price.error() : traffic.error();
    auto curve = LoadCurve::make(std::move(traffic->load));
    if (!curve)
        return curve.error();
    return Part{std::move(*setup), std::move(*curve), std::move(*price)};
}

/// What an hourly unit costs over the horizon; 0 when none is sold. The price of the term tells how long that is.
Int128 hourlyOverHorizon(const CapacitySetup &setup, const UnitCost &price)
{
    for (const ProvisionedTerm &term : setup.offer.terms) {
        if (term.term == "hourly" && term.perHour && term.priceKnown && setup.term.femto > 0)
            return scaledHalfEven(price.of(1).units(), Wide::of(static_cast<UInt128>(monthlyFemto(term, 730))),
                                  Wide::of(static_cast<UInt128>(monthlyFemto(setup.term, 730))))
                .value_or(0);
    }
    return 0;
}

} // namespace

Result<PortfolioAnswer> studyPortfolio(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                       const CapacityQuestion &question, const std::vector<std::string> &models,
                                       std::optional<std::int64_t> reserved, std::stop_token stop)
{
    std::vector<Part> parts;
    for (const std::string &model : models) {
        CapacityQuestion one = question;
        one.model = model;
        auto part = partOf(baseline, levers, one, stop);
        if (!part)
            return part.error().in("model '" + model + "'");
        parts.push_back(std::move(*part));
    }
    if (parts.empty())
        return Error{ErrorCode::BadInput, "a portfolio needs models", "portfolio", "name at least one"};
    PortfolioAnswer answer;
    answer.currency = baseline.currency();
    answer.unitName = parts.front().setup.offer.unitName;
    std::vector<PortfolioModel> shared;
    for (const Part &part : parts) {
        shared.push_back({part.setup.throughput.model, &part.curve, part.setup.grid()});
        answer.payAsYouGo += part.curve.payAsYouGo();
    }
    const UnitCost &price = parts.front().price;
    auto best = bestReservation(shared, price);
    if (!best)
        return best.error();
    answer.best = std::move(*best);
    if (reserved) {
        auto given = splitReservation(shared, *reserved, price, hourlyOverHorizon(parts.front().setup, price));
        if (!given)
            return given.error();
        answer.given = std::move(*given);
    }
    return answer;
}

Result<PoolingAnswer> studyPooling(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                   const CapacityQuestion &question, const std::string &dimension, std::stop_token stop)
{
    const DimensionColumn *column = baseline.ledger().workload->dimension(dimension);
    if (!column || isUnitDimension(dimension))
        return Error{ErrorCode::NotFound, "the ledger has no dimension '" + dimension + "' to pool", "pooling",
                     "use workload, team or the like"};
    PoolingAnswer answer;
    answer.currency = baseline.currency();
    const auto whole = partOf(baseline, levers, question, stop);
    if (!whole)
        return whole.error();
    answer.pooled = optimum(whole->curve, whole->price, whole->setup.grid());
    Femto apart;
    for (std::uint32_t id = 0; id < column->dictionary.size(); ++id) {
        CapacityQuestion one = question;
        one.scope.conditions[dimension] = {std::string(column->dictionary.text(id))};
        const auto part = partOf(baseline, levers, one, stop);
        if (!part)
            return part.error();
        if (part->curve.payAsYouGo().isZero() && part->curve.load() == 0)
            continue;
        const SizeCost best = optimum(part->curve, part->price, part->setup.grid());
        apart += best.cost();
        answer.silos.push_back({std::string(column->dictionary.text(id)), best});
    }
    std::stable_sort(answer.silos.begin(), answer.silos.end(),
                     [](const auto &a, const auto &b) { return a.optimum.cost() > b.optimum.cost(); });
    answer.saving = apart - answer.pooled.cost();
    return answer;
}

} // namespace perunit
