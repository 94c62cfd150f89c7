// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/overlap_side.h"

#include "model/ledger/fingerprint.h"

namespace perunit {

namespace {

void addCost(CostTotal &total, const CostTotal &cost)
{
    if (cost)
        total = total.value_or(Money()) + *cost;
}

void addAmount(Fingerprint &fingerprint, const CostTotal &amount)
{
    fingerprint.add(static_cast<std::uint64_t>(amount ? 1 : 0));
    if (!amount)
        return;
    const auto bits = static_cast<UInt128>(amount->units());
    fingerprint.add(static_cast<std::uint64_t>(bits >> 64)).add(static_cast<std::uint64_t>(bits));
}

/// The order of tags means nothing, and an empty one is none.
std::uint64_t tagsNumber(const Tags &tags)
{
    std::uint64_t sum = 0;
    for (const auto &[key, value] : tags) {
        if (!value.empty())
            sum += Fingerprint().add(key).add(value).value();
    }
    return sum;
}

std::int64_t tokensOf(const RequestRow &row)
{
    std::int64_t tokens = 0;
    for (const UsageClass usageClass : tokenClasses)
        tokens += row.usage[usageClass];
    return tokens;
}

/// When, which model, how many tokens: what no second request has in common with it by accident.
Fingerprint eventOf(const RequestRow &row)
{
    Fingerprint event;
    event.add(row.time.micros).add(row.model);
    for (const std::int64_t count : row.usage.counts)
        event.add(count);
    return event;
}

std::uint64_t numberOf(const RequestRow &row, Fingerprint number)
{
    number.add(row.usage.reasoning).add(row.durationMicros).add(static_cast<std::int64_t>(row.tier));
    number.add(static_cast<std::int64_t>(row.status)).add(static_cast<std::int64_t>(row.attempts));
    addAmount(number, row.billed);
    for (const std::string *text :
         {&row.provider, &row.service, &row.region, &row.deployment, &row.workload, &row.environment, &row.team,
          &row.feature, &row.customer, &row.session, &row.document, &row.promptTemplate})
        number.add(*text);
    return number.add(tagsNumber(row.tags)).value();
}

/// The billing line without its amounts: an export made later may correct them.
Fingerprint eventOf(const ChargeRow &row)
{
    Fingerprint event;
    event.add(row.period.from.micros).add(row.period.to.micros).add(static_cast<std::int64_t>(row.category));
    event.add(static_cast<std::int64_t>(row.correction ? 1 : 0));
    for (const std::string *text : {&row.provider, &row.service, &row.sku, &row.description, &row.region, &row.resource,
                                    &row.account, &row.pricingCategory, &row.model})
        event.add(*text);
    return event.add(row.tokenClass ? static_cast<std::int64_t>(*row.tokenClass) + 1 : std::int64_t{0});
}

std::uint64_t numberOf(const ChargeRow &row, Fingerprint number)
{
    number.add(row.billingPeriod.from.micros).add(row.billingPeriod.to.micros).add(row.tokens);
    for (const CostTotal *amount : {&row.billed, &row.effective, &row.list, &row.contracted})
        addAmount(number, *amount);
    for (const std::string *text : {&row.serviceCategory, &row.consumedUnit, &row.consumedQuantity, &row.workload,
                                    &row.environment, &row.team, &row.feature, &row.customer})
        number.add(*text);
    return number.add(tagsNumber(row.tags)).value();
}

} // namespace

std::uint32_t OverlapCollector::scopeIndex(const Scope &scope)
{
    // Neighbours mostly speak of the same.
    if (!m_scopes.empty() && scope == m_lastScope)
        return m_last;
    const auto [place, isNew] = m_scopeOf.try_emplace(scope, static_cast<std::uint32_t>(m_scopes.size()));
    if (isNew)
        m_scopes.push_back({scope, 0, {}, 0});
    m_lastScope = scope;
    m_last = place->second;
    return m_last;
}

void OverlapCollector::put(const Scope &scope, std::uint64_t event, std::uint64_t row, const CostTotal &cost,
                           std::int64_t tokens)
{
    const std::uint32_t index = scopeIndex(scope);
    ScopeSum &sum = m_scopes[index];
    ++sum.rows;
    sum.tokens += tokens;
    addCost(sum.cost, cost);
    m_entries.push_back({event, row, index});
}

Status OverlapCollector::add(const RequestRow &row, std::int64_t)
{
    const CostTotal cost = m_cost ? m_cost(row) : row.billed;
    addCost(m_wholeCost, cost);
    if (!m_period.contains(row.time))
        return {};
    const Fingerprint event = eventOf(row);
    put({"request", row.provider, row.deployment, row.workload, row.environment, row.team, row.feature}, event.value(),
        numberOf(row, event), cost, tokensOf(row));
    return {};
}

Status OverlapCollector::add(const ChargeRow &row, std::int64_t)
{
    const CostTotal &cost = row.effective ? row.effective : row.billed;
    addCost(m_wholeCost, cost);
    const bool touches =
        m_period.contains(row.period.from) || (row.period.from < m_period.to && m_period.from < row.period.to);
    if (!touches)
        return {};
    const Fingerprint event = eventOf(row);
    put({"charge", row.provider, row.account, row.service, {}, {}, {}}, event.value(), numberOf(row, event), cost,
        row.tokens);
    return {};
}

Status OverlapCollector::add(const OutcomeRow &row, std::int64_t)
{
    if (!m_period.contains(row.day))
        return {};
    Fingerprint event;
    event.add(row.day.micros).add(row.metric).add(row.label);
    Fingerprint number = event;
    addAmount(number, row.value);
    put({"outcome", row.metric, row.label, {}, {}, {}, {}}, event.value(), number.value(), {}, 0);
    return {};
}

} // namespace perunit
