// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/request_costs.h"

#include "model/engine/baseline_impl.h"

#include <limits>

namespace perunit {

Result<std::shared_ptr<const RequestCosts>> RequestCosts::build(std::shared_ptr<const Baseline> baseline,
                                                                RowProgress *progress, std::stop_token stop)
{
    auto result = std::make_shared<RequestCosts>();
    const auto [first, end] = baseline->rows();
    const std::string &recorded = baseline->ledger().currency;
    result->m_recordedCounts = recorded.empty() || recorded == baseline->currency();
    result->m_first = first;
    result->m_femto.reserve(end - first);
    result->m_unpriced.reserve(end - first);
    for (std::size_t row = first; row < end; ++row) {
        if (!goesOn(row, progress, stop))
            return stoppedByUser();
        std::int64_t unpriced = 0;
        const Femto cost = baseline->requestCost(row, &unpriced);
        const bool fits = cost.units() > std::numeric_limits<std::int64_t>::min()
                          && cost.units() <= std::numeric_limits<std::int64_t>::max();
        result->m_femto.push_back(fits ? static_cast<std::int64_t>(cost.units()) : elsewhere);
        if (!fits)
            result->m_large.emplace(row, cost);
        result->m_unpriced.push_back(unpriced == 0 ? 0 : cost.isZero() ? nothingPriced : partPriced);
    }
    result->m_baseline = std::move(baseline);
    return std::shared_ptr<const RequestCosts>(std::move(result));
}

Femto RequestCosts::cost(std::size_t row) const
{
    const std::int64_t units = m_femto[row - m_first];
    return units == elsewhere ? m_large.at(row) : Femto::ofUnits(units);
}

std::int64_t RequestCosts::unpricedTokens(std::size_t row) const
{
    std::int64_t unpriced = 0;
    if (isPartlyUnpriced(row))
        static_cast<void>(m_baseline->requestCost(row, &unpriced));
    return unpriced;
}

std::vector<RequestCosts::Line> RequestCosts::lines(std::size_t row) const
{
    const Baseline::Impl &impl = m_baseline->impl();
    const bool covered = workload().tier[row] == ServiceTier::Provisioned;
    const PriceBand *band = impl.actualCard(row)->card.bandFor(workload().promptTokens(row));
    std::vector<Line> result;
    for (const std::size_t usageClass : impl.profile->usedClasses()) {
        const std::int64_t count = workload().usage[usageClass][row];
        const ClassPrice price = band ? band->prices[usageClass] : ClassPrice{};
        const bool isPriced = price.state != PriceState::Unpriced;
        // A call that costs nothing by itself is no line.
        if (count == 0 || (!isTokenClass(static_cast<UsageClass>(usageClass)) && !covered && !isPriced))
            continue;
        Line line{static_cast<UsageClass>(usageClass), count, std::nullopt};
        if (covered)
            line.price = Femto{};
        else if (isPriced)
            line.price = Femto::ofUnits(price.femto);
        result.push_back(line);
    }
    return result;
}

Money RequestCosts::money(std::size_t row) const
{
    return m_recordedCounts && isRecorded(row) ? workload().billed(row) : Money::of(cost(row));
}

bool RequestCosts::isWithoutMoney(std::size_t row) const
{
    return isUnknown(row) && !(m_recordedCounts && isRecorded(row));
}

} // namespace perunit
