// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/pool_traffic.h"

#include "model/capacity/optimum.h"
#include "model/engine/pool_bins.h"
#include "model/engine/pool_run.h"

#include <algorithm>
#include <map>

namespace perunit {

std::int64_t loadPartsPerUnit(std::int64_t tokensPerMinute, int binSeconds)
{
    return tokensPerMinute * (loadPartsPerToken / 60) * binSeconds;
}

Result<PoolTraffic> PoolRun::traffic(const TrafficWanted &wanted)
{
    PoolTraffic result;
    result.load.capacityPerUnit = wanted.moneyIsLoad
                                      ? loadPartsPerDollar / 60 * wanted.binSeconds
                                      : loadPartsPerUnit(m_pool.throughput->inputTokensPerMinute, wanted.binSeconds);
    TrafficMonth rates;
    for (int month = m_pool.firstMonth; month < m_evaluation.m_months; ++month) {
        m_streams.clear();
        if (auto status = collectStreams(month); !status)
            return status.error();
        scaleWeights();
        makeCells();
        if (auto status = makeRates(wanted, rates); !status)
            return status.error();
        if (auto status = addTotals(rates, wanted, result); !status)
            return status.error();
        if (auto status = addBeside(result); !status)
            return status.error();
        auto status =
            m_small ? addBins<UInt128>(month, wanted, rates, result) : addBins<Wide>(month, wanted, rates, result);
        if (!status)
            return status.error();
        if (m_baseline.looksAhead()) {
            rates.first = false;
            rates.shift += m_baseline.period.to.micros - m_baseline.period.from.micros + microsPerHour;
        }
        result.load.binCount += (coveredMinutes(month) * 60 + wanted.binSeconds - 1) / wanted.binSeconds;
    }
    return result;
}

struct PoolStudy::Impl {
    EffectiveLever lever;
    ProvisionedOffer offer;
    ProvisionedThroughput throughput;
    std::vector<EffectiveLever> levers;
    std::unique_ptr<LeverPlan> plan;
    std::unique_ptr<Evaluation> evaluation;
    std::unique_ptr<PoolRun> run;
    std::string term;
    std::map<std::int64_t, Outcome::Pool> known; ///< by size, without what units cost
};

PoolStudy::PoolStudy(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}

PoolStudy::~PoolStudy() = default;

Result<std::unique_ptr<PoolStudy>> PoolStudy::make(const Baseline &baseline, std::vector<EffectiveLever> levers,
                                                   ModelIndex model, const Scope &scope, ProvisionedOffer offer,
                                                   ProvisionedThroughput throughput, std::string term,
                                                   std::stop_token stop)
{
    const Baseline::Impl &base = baseline.impl();
    auto impl = std::make_unique<Impl>();
    const ModelKey &key = base.book->model(model).key;
    impl->lever.lever.id = "capacity";
    impl->lever.lever.kind = LeverKind::Provisioned;
    impl->lever.lever.scope = scope;
    impl->lever.lever.texts["model"] = key.provider + "/" + key.model;
    impl->offer = std::move(offer);
    impl->throughput = std::move(throughput);
    impl->levers = std::move(levers);
    PoolPlan pool;
    pool.lever = &impl->lever;
    pool.model = model;
    pool.offer = &impl->offer;
    pool.throughput = &impl->throughput;
    pool.term = impl->term = std::move(term);
    auto plan = LeverPlan::make(base, impl->levers, stop, &pool);
    if (!plan)
        return plan.error();
    impl->plan = std::make_unique<LeverPlan>(std::move(*plan));
    impl->evaluation = std::make_unique<Evaluation>(base, *impl->plan, Detail::TotalOnly, *base.cards, stop);
    impl->run = std::make_unique<PoolRun>(*impl->evaluation, 0);
    return std::unique_ptr<PoolStudy>(new PoolStudy(std::move(impl)));
}

Result<PoolTraffic> PoolStudy::traffic(const TrafficWanted &wanted)
{
    return m_impl->run->traffic(wanted);
}

Result<UnitCost> PoolStudy::unitCost() const
{
    return unitCost(m_impl->offer, m_impl->term);
}

Result<UnitCost> PoolStudy::unitCost(const ProvisionedOffer &offer, const std::string &term) const
{
    return m_impl->run->unitCost(offer, term);
}

Result<Outcome::Pool> PoolStudy::at(std::int64_t units, const UnitCost &price)
{
    auto known = m_impl->known.find(units);
    if (known == m_impl->known.end()) {
        auto pool = m_impl->run->spillAt(units);
        if (!pool)
            return pool.error();
        known = m_impl->known.emplace(units, std::move(*pool)).first;
    }
    Outcome::Pool pool = known->second;
    pool.fixedCost = price.of(units);
    return pool;
}

Status Evaluation::sizePools(const Baseline::Impl &baseline, LeverPlan &plan, CardStore &cards, std::stop_token stop)
{
    for (std::size_t i = 0; i < plan.pools().size(); ++i) {
        const PoolPlan &pool = plan.pools()[i];
        if (!pool.sized)
            continue;
        Evaluation scratch(baseline, plan, Detail::TotalOnly, cards, stop);
        PoolRun run(scratch, static_cast<int>(i));
        const auto units = run.cheapestUnits();
        if (!units)
            return units.error();
        plan.setUnits(i, *units);
    }
    return {};
}

Result<std::int64_t> PoolRun::cheapestUnits()
{
    const auto price = unitCost(*m_pool.offer, m_pool.term);
    if (!price)
        return price.error();
    auto load = traffic({});
    if (!load)
        return load.error();
    const auto curve = LoadCurve::make(std::move(load->load));
    if (!curve)
        return curve.error();
    const SizeGrid grid{m_pool.throughput->minimumUnits, std::max<std::int64_t>(m_pool.throughput->stepUnits, 1)};
    // The curve finds the place; the choice between neighbours is made with the figures that are shown.
    const std::int64_t found = optimumAboveZero(*curve, *price, grid).units;
    std::int64_t best = 0;
    std::optional<Femto> least;
    for (const std::int64_t units : {std::int64_t{0}, grid.below(found), found, grid.above(found)}) {
        const auto pool = spillAt(units);
        if (!pool)
            return pool.error();
        const Femto cost = price->of(units) + pool->spillCost;
        if (!least || cost < *least) {
            least = cost;
            best = units;
        }
    }
    return best;
}

} // namespace perunit
