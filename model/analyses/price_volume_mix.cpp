// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/price_volume_mix.h"

#include "model/analyses/exact_fraction.h"
#include "model/analyses/row_progress.h"
#include "model/engine/baseline_impl.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

constexpr std::array<Component, 3> promptComponents{Component::Input, Component::CacheRead, Component::CacheWrite};

Femto promptCost(const MixTraffic &traffic)
{
    Femto sum;
    for (const Component component : promptComponents)
        sum += traffic.cost[component];
    return sum;
}

std::int64_t tokensOf(const MixTraffic &traffic, Component component)
{
    return component == Component::Input       ? traffic.input
           : component == Component::CacheRead ? traffic.cacheRead
                                               : traffic.cacheWrite;
}

/// The cost of a group while the figures of one period take the place of the other's. Three pools: prompt, output and
/// other usage; each is rounded once at every step, so that a pool in which nothing changes shows no effect at all.
class Substitution
{
public:
    Substitution(const PriceVolumeMix &mix, const MixGroup &group, std::int64_t callsBefore, std::int64_t callsAfter)
        : m_mix(mix)
        , m_before(group.before)
        , m_after(group.after)
        , m_callsBefore(callsBefore)
        , m_callsAfter(callsAfter)
    {}

    Status fill(MixEffects &effects)
    {
        Femto reached = m_before.cost.total();
        const auto step = [&](MixEffect effect, Femto next) {
            effects[effect] = next - reached;
            reached = next;
        };
        const bool hasUnit = !m_mix.unit.empty();
        // Without a unit the requests are what is counted; with one they come after the mix.
        const Femto volume =
            hasUnit ? scaled({m_mix.unitsAfter}, {m_mix.unitsBefore}) : scaled({m_callsAfter}, {m_callsBefore});
        step(MixEffect::Volume, volume);
        const Femto mixed = hasUnit ? scaled({m_mix.unitsAfter, m_callsBefore, m_after.requests},
                                             {m_mix.unitsBefore, m_callsAfter, m_before.requests})
                                    : scaled({m_after.requests}, {m_before.requests});
        step(MixEffect::Mix, mixed);
        const Femto output = pool(m_before.cost[Component::Output], {m_after.requests}, {m_before.requests});
        const Femto other = pool(m_before.cost[Component::Other], {m_after.requests}, {m_before.requests});
        const Femto prompt = pool(promptCost(m_before), {m_after.requests}, {m_before.requests});
        step(MixEffect::CallsPerUnit, prompt + output + other);
        const Femto longer = longerPrompts();
        step(MixEffect::InputTokens, longer + output + other);
        const Femto answered = answers();
        step(MixEffect::OutputTokens, longer + answered + other);
        const Femto cached = cachedPrompts();
        step(MixEffect::Cache, cached + answered + other);
        step(MixEffect::OtherUsage, cached + answered + m_after.cost[Component::Other]);
        step(MixEffect::Rate, m_after.cost.total());
        if (!m_fits)
            return Error{ErrorCode::Overflow, "the amounts outgrow exact arithmetic", "", ""};
        return {};
    }

private:
    Femto pool(Femto cost, std::vector<Int128> factors, std::vector<Int128> divisors)
    {
        return sum({{cost.units(), std::move(factors), std::move(divisors)}});
    }

    Femto scaled(const std::vector<Int128> &factors, const std::vector<Int128> &divisors)
    {
        return pool(promptCost(m_before), factors, divisors) + pool(m_before.cost[Component::Output], factors, divisors)
               + pool(m_before.cost[Component::Other], factors, divisors);
    }

    Femto sum(const std::vector<Product> &products)
    {
        Int128 result = 0;
        m_fits = sumOfProducts(products, result) && m_fits;
        return Femto::ofUnits(result);
    }

    /// The second period's prompt tokens at the first one's cost of a prompt token.
    Femto longerPrompts()
    {
        if (m_before.prompt() == 0)
            return promptCost(m_after);
        return pool(promptCost(m_before), {m_after.prompt()}, {m_before.prompt()});
    }

    Femto answers()
    {
        if (m_before.output == 0)
            return m_after.cost[Component::Output];
        return pool(m_before.cost[Component::Output], {m_after.output}, {m_before.output});
    }

    /// The second period's tokens of each kind at the first one's rates. Of what the first period had none, the rate is
    /// that of the second: a cache that begins to be used changes the cache share, not the price list.
    Femto cachedPrompts()
    {
        if (m_before.prompt() == 0)
            return promptCost(m_after);
        std::vector<Product> products;
        for (const Component component : promptComponents) {
            const std::int64_t tokens = tokensOf(m_before, component);
            if (tokens == 0)
                products.push_back({m_after.cost[component].units(), {}, {}});
            else
                products.push_back({m_before.cost[component].units(), {tokensOf(m_after, component)}, {tokens}});
        }
        return sum(products);
    }

    const PriceVolumeMix &m_mix;
    const MixTraffic &m_before;
    const MixTraffic &m_after;
    std::int64_t m_callsBefore;
    std::int64_t m_callsAfter;
    bool m_fits = true;
};

/// Which rows a scope keeps, by the ids of its dimensions.
class ScopeRows
{
public:
    ScopeRows(const Workload &workload, const Scope &scope)
    {
        for (const auto &[dimension, values] : scope.conditions) {
            Condition condition{workload.dimension(dimension), {}, false};
            condition.withoutColumn =
                !condition.column && std::find(values.begin(), values.end(), std::string()) == values.end();
            if (condition.column) {
                const Dictionary &texts = condition.column->dictionary;
                condition.wanted.assign(texts.size(), 0);
                for (std::uint32_t id = 0; id < texts.size(); ++id)
                    condition.wanted[id] =
                        std::find(values.begin(), values.end(), texts.text(id)) != values.end() ? 1 : 0;
            }
            m_conditions.push_back(std::move(condition));
        }
    }
    [[nodiscard]] bool keeps(std::size_t row) const
    {
        return std::all_of(m_conditions.begin(), m_conditions.end(), [row](const Condition &condition) {
            return condition.column ? condition.wanted[condition.column->ids[row]] != 0 : !condition.withoutColumn;
        });
    }

private:
    struct Condition {
        const DimensionColumn *column = nullptr;
        std::vector<char> wanted;
        bool withoutColumn = false;
    };
    std::vector<Condition> m_conditions;
};

using Groups = std::map<std::vector<std::string>, MixGroup>;

/// The values of one dimension by row. Models are those of the catalogues, so that a dated name and its alias are one;
/// a name that no catalogue knows is itself.
class KeyColumn
{
public:
    KeyColumn(const Baseline &baseline, const std::string &dimension)
        : m_column(baseline.ledger().workload->dimension(dimension))
    {
        if (dimension != "model")
            return;
        m_profile = baseline.impl().profile.get();
        for (const RecordedName &name : m_profile->names) {
            if (!name.match.model.found()) {
                m_names.push_back(name.model);
                continue;
            }
            const ModelKey &key = baseline.book().model(name.match.model).key;
            m_names.push_back(key.provider + "/" + key.model);
        }
    }
    [[nodiscard]] std::uint32_t id(std::size_t row) const
    {
        if (!m_profile)
            return m_column ? m_column->ids[row] : 0;
        const Block &block = m_profile->blocks[m_profile->blockOfRow[row - m_profile->firstRow]];
        return m_profile->segments[block.segment].resolution;
    }
    [[nodiscard]] std::string text(std::uint32_t id) const
    {
        if (m_profile)
            return m_names[id];
        return m_column ? std::string(m_column->dictionary.text(id)) : std::string();
    }

private:
    const DimensionColumn *m_column;
    const Profile *m_profile = nullptr;
    std::vector<std::string> m_names;
};

void addRow(const Baseline &baseline, std::size_t row, MixTraffic &traffic)
{
    const Workload &workload = *baseline.ledger().workload;
    baseline.impl().addActual(row, traffic.cost, traffic.unpricedTokens);
    traffic.rows += 1;
    traffic.requests += std::max<std::int64_t>(workload.count(UsageClass::Request, row), 1);
    traffic.input += workload.count(UsageClass::Input, row);
    traffic.cacheRead += workload.count(UsageClass::CacheRead, row);
    traffic.cacheWrite += workload.count(UsageClass::CacheWrite5m, row) + workload.count(UsageClass::CacheWrite1h, row);
    traffic.output += workload.count(UsageClass::Output, row) + workload.count(UsageClass::Reasoning, row);
}

Status collect(const Baseline &baseline, const std::vector<std::string> &dimensions, const Scope &scope,
               MixTraffic MixGroup::*side, Groups &groups, const std::stop_token &stop)
{
    const Workload &workload = *baseline.ledger().workload;
    std::vector<KeyColumn> columns;
    columns.reserve(dimensions.size());
    for (const std::string &dimension : dimensions)
        columns.emplace_back(baseline, dimension);
    const ScopeRows rows(workload, scope);
    std::map<std::vector<std::uint32_t>, MixTraffic> found;
    std::vector<std::uint32_t> key(columns.size());
    const auto [first, end] = baseline.rows();
    for (std::size_t row = first; row < end; ++row) {
        if (!goesOn(row, nullptr, stop))
            return stoppedByUser();
        if (!rows.keeps(row))
            continue;
        for (std::size_t i = 0; i < columns.size(); ++i)
            key[i] = columns[i].id(row);
        addRow(baseline, row, found[key]);
    }
    for (const auto &[ids, traffic] : found) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < columns.size(); ++i)
            texts.push_back(columns[i].text(ids[i]));
        groups[texts].*side += traffic;
    }
    return {};
}

Result<std::int64_t> unitsIn(const Baseline &baseline, const EconomicUnit &unit, const std::stop_token &stop)
{
    const auto actuals = unitActuals(baseline, unit, stop);
    if (!actuals)
        return actuals.error();
    if (actuals->count <= 0)
        return Error{ErrorCode::NotFound, "there is no " + unit.name + " in the period",
                     formatDate(baseline.period().from) + " to " + formatDate(baseline.period().to), ""};
    return actuals->count;
}

} // namespace

Femto MixEffects::total() const
{
    Femto sum;
    for (const Femto amount : amounts)
        sum += amount;
    return sum;
}

MixEffects &MixEffects::operator+=(const MixEffects &other)
{
    for (std::size_t i = 0; i < mixEffectCount; ++i)
        amounts[i] += other.amounts[i];
    return *this;
}

MixTraffic &MixTraffic::operator+=(const MixTraffic &other)
{
    rows += other.rows;
    requests += other.requests;
    cost += other.cost;
    input += other.input;
    cacheRead += other.cacheRead;
    cacheWrite += other.cacheWrite;
    output += other.output;
    unpricedTokens += other.unpricedTokens;
    return *this;
}

Status fillMixEffects(PriceVolumeMix &mix)
{
    std::int64_t callsBefore = 0;
    std::int64_t callsAfter = 0;
    for (const MixGroup &group : mix.groups) {
        if (group.before.rows == 0 || group.after.rows == 0)
            continue;
        callsBefore += group.before.requests;
        callsAfter += group.after.requests;
    }
    mix.effects = {};
    mix.trafficBefore = {};
    mix.trafficAfter = {};
    for (MixGroup &group : mix.groups) {
        group.effects = {};
        if (group.before.rows == 0)
            group.effects[MixEffect::New] = group.after.cost.total();
        else if (group.after.rows == 0)
            group.effects[MixEffect::Ended] = -group.before.cost.total();
        else if (auto status = Substitution(mix, group, callsBefore, callsAfter).fill(group.effects); !status)
            return status;
        mix.effects += group.effects;
        mix.trafficBefore += group.before;
        mix.trafficAfter += group.after;
    }
    return {};
}

Result<PriceVolumeMix> priceVolumeMix(const Baseline &before, const Baseline &after,
                                      const std::vector<std::string> &dimensions, const EconomicUnit *unit,
                                      std::stop_token stop)
{
    if (before.currency() != after.currency())
        return Error{ErrorCode::Conflict,
                     "amounts in " + before.currency() + " and " + after.currency() + " cannot be compared", "", ""};
    PriceVolumeMix result;
    result.before = before.period();
    result.after = after.period();
    result.currency = before.currency();
    result.dimensions = dimensions;
    if (unit) {
        result.unit = unit->name;
        const auto first = unitsIn(before, *unit, stop);
        if (!first)
            return first.error();
        const auto second = unitsIn(after, *unit, stop);
        if (!second)
            return second.error();
        result.unitsBefore = *first;
        result.unitsAfter = *second;
    }
    Groups groups;
    const Scope scope = unit ? unit->scope : Scope{};
    if (auto status = collect(before, dimensions, scope, &MixGroup::before, groups, stop); !status)
        return status.error();
    if (auto status = collect(after, dimensions, scope, &MixGroup::after, groups, stop); !status)
        return status.error();
    for (auto &[key, group] : groups) {
        group.key = key;
        result.groups.push_back(std::move(group));
    }
    if (auto status = fillMixEffects(result); !status)
        return status.error();
    const auto size = [](const MixGroup &group) {
        const Femto difference = group.effects.total();
        return difference < Femto{} ? -difference : difference;
    };
    std::stable_sort(result.groups.begin(), result.groups.end(),
                     [&size](const MixGroup &a, const MixGroup &b) { return size(a) > size(b); });
    return result;
}

} // namespace perunit
