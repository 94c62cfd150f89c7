// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/lever_plan.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

constexpr int maximumGrowthMonths = 180;
/// A prompt that grows a millionfold is a slip of a digit, and products must keep fitting.
constexpr PartsPerMillion largestCompoundedFactor = onePpm * onePpm;
/// Decimals of the fixed product routing × batch × token ratio × context × cache hit × cache write.
constexpr unsigned planDecimals = 36;

std::size_t placeOf(LeverKind kind)
{
    return static_cast<std::size_t>(kind);
}

Wide product(std::initializer_list<PartsPerMillion> factors)
{
    Wide result = Wide::of(1);
    for (const PartsPerMillion factor : factors)
        result *= static_cast<std::uint64_t>(factor);
    return result;
}

bool divisible(const Wide &value, std::uint64_t by)
{
    Wide copy = value;
    return copy.divideBy(by) == 0;
}

/// Shares such as 0.6 leave long runs of zeros in all weights; without them most arithmetic is 64-bit.
void reduce(MonthPlan &plan)
{
    std::vector<Wide *> weights;
    const auto collect = [&weights](ComponentWeights &of) {
        for (Wide &weight : of) {
            if (!weight.isZero())
                weights.push_back(&weight);
        }
    };
    for (auto &route : plan.weights) {
        for (ComponentWeights &serving : route)
            collect(serving);
    }
    collect(plan.tokens);
    constexpr std::array<std::pair<unsigned, std::uint64_t>, 3> steps{
        {{18, 1'000'000'000'000'000'000U}, {6, 1'000'000U}, {1, 10U}}};
    for (const auto &[decimals, power] : steps) {
        while (plan.exponent >= decimals
               && std::all_of(weights.begin(), weights.end(),
                              [power = power](const Wide *weight) { return divisible(*weight, power); })) {
            for (Wide *weight : weights)
                weight->divideBy(power);
            plan.exponent -= decimals;
        }
    }
}

struct PromptSplit {
    bool fresh = false;
    PartsPerMillion hit = 0;
    PartsPerMillion write = 0;
};

/// Weights of the components of one route and serving, over 10^36.
ComponentWeights weightsOf(PartsPerMillion route, PartsPerMillion serving, PartsPerMillion tokenRatio,
                           PartsPerMillion context, PartsPerMillion outputRatio, const PromptSplit &split)
{
    ComponentWeights weights;
    const auto prompt = [&](PartsPerMillion first, PartsPerMillion second) {
        return product({route, serving, tokenRatio, context, first, second});
    };
    weights[0] = split.fresh ? prompt(onePpm - split.hit, onePpm - split.write) : prompt(onePpm, onePpm);
    weights[1] = split.fresh ? prompt(split.hit, onePpm) : prompt(onePpm, onePpm);
    weights[2] = split.fresh ? prompt(onePpm - split.hit, split.write) : prompt(onePpm, onePpm);
    weights[3] = product({route, serving, outputRatio, onePpm, onePpm, onePpm});
    weights[4] = product({route, serving, onePpm, onePpm, onePpm, onePpm});
    return weights;
}

Error impossible(const LeverProblem &problem)
{
    return {ErrorCode::BadInput, problem.what,
            "lever '" + problem.leverId + "'" + (problem.parameter.empty() ? "" : ", " + problem.parameter), ""};
}

} // namespace

int monthsInForce(const Lever &lever, Month month, Month firstMonth)
{
    return month.index - lever.start.value_or(firstMonth).index;
}

std::int64_t rampedValue(const Lever &lever, std::string_view parameter, Month month, Month firstMonth)
{
    const ParameterSpec *spec = leverSpec(lever.kind).parameter(parameter);
    const std::int64_t neutral = spec ? spec->neutral : 0;
    const int inForce = monthsInForce(lever, month, firstMonth);
    if (inForce < 0)
        return neutral;
    const std::int64_t value = lever.number(parameter);
    if (inForce + 1 >= lever.rampMonths)
        return value;
    const Int128 grown = static_cast<Int128>(value - neutral) * (inForce + 1);
    return neutral + static_cast<std::int64_t>(divideHalfEven(grown, lever.rampMonths));
}

Result<PartsPerMillion> compoundedFactor(PartsPerMillion factor, PartsPerMillion growth, int months)
{
    if (months == 0 || growth == 0)
        return factor;
    const Error tooLarge{ErrorCode::Overflow, "the prompt grows beyond a million times its length", "",
                         "choose a smaller growth or a later start"};
    if (months > maximumGrowthMonths)
        return tooLarge;
    VeryWide numerator = VeryWide::of(static_cast<UInt128>(factor));
    VeryWide denominator = VeryWide::of(1);
    for (int i = 0; i < months; ++i) {
        numerator *= static_cast<std::uint64_t>(onePpm + growth);
        denominator *= static_cast<std::uint64_t>(onePpm);
    }
    const auto result = VeryWide::dividedHalfEven(numerator, denominator).toInt128();
    if (!result || *result > largestCompoundedFactor)
        return tooLarge;
    return static_cast<PartsPerMillion>(*result);
}

Result<LeverPlan> LeverPlan::make(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers,
                                  std::stop_token stop)
{
    LeverPlan plan;
    const auto problems = checkLevers(levers, *baseline.book);
    if (!problems.empty())
        return impossible(problems.front());
    if (auto status = plan.resolve(baseline, levers, std::move(stop)); !status)
        return status.error();
    if (auto status = plan.assign(); !status)
        return status.error();
    if (auto status = plan.planMonths(baseline); !status)
        return status.error();
    if (auto status = plan.assignPools(baseline); !status)
        return status.error();
    return plan;
}

Status LeverPlan::resolve(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers,
                          std::stop_token stop)
{
    std::vector<ModelIndex> targets;
    for (const EffectiveLever &effective : levers) {
        const Lever &lever = effective.lever;
        if (!lever.enabled)
            continue;
        Entry entry;
        entry.lever = &effective;
        if (lever.kind == LeverKind::Routing || lever.kind == LeverKind::Provisioned) {
            const ModelKey key = modelKeyOf(lever.text(lever.kind == LeverKind::Routing ? "to" : "model"));
            entry.model = baseline.book->resolve(key.provider, key.model).model;
        }
        if (lever.kind == LeverKind::Routing && entry.model.found() && lever.number("share") != 0)
            targets.push_back(entry.model);
        m_entries.push_back(std::move(entry));
    }
    auto profile = baseline.profileFor(std::move(targets), std::move(stop));
    if (!profile)
        return profile.error();
    m_profile = std::move(*profile);
    for (Entry &entry : m_entries) {
        entry.matches = m_profile->matching(entry.lever->lever.scope);
        if (std::find(entry.matches.begin(), entry.matches.end(), char{1}) == entry.matches.end())
            m_withoutRequests.push_back(entry.lever->lever.id);
    }
    return {};
}

Status LeverPlan::choose(std::size_t segment, LeverKind kind, ModelIndex poolModel, int &chosen) const
{
    chosen = -1;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (entry.lever->lever.kind != kind || !entry.matches[segment])
            continue;
        if (kind == LeverKind::Provisioned && entry.model != poolModel)
            continue;
        if (chosen >= 0) {
            const Entry &rival = m_entries[static_cast<std::size_t>(chosen)];
            if (rival.lever->layer == entry.lever->layer)
                return Error{ErrorCode::Conflict,
                             "'" + rival.lever->lever.id + "' and '" + entry.lever->lever.id
                                 + "' speak of the same requests",
                             "lever '" + entry.lever->lever.id + "', scope", "narrow the scope of one of them"};
            if (rival.lever->layer > entry.lever->layer)
                continue;
        }
        chosen = static_cast<int>(i);
    }
    return {};
}

Status LeverPlan::assign()
{
    std::map<Combo, std::uint32_t> known;
    for (std::size_t segment = 0; segment < m_profile->segments.size(); ++segment) {
        Combo combo{};
        for (std::size_t kind = 0; kind < tokenLeverKinds; ++kind) {
            if (auto status = choose(segment, static_cast<LeverKind>(kind), {}, combo[kind]); !status)
                return status;
        }
        const auto [found, isNew] = known.try_emplace(combo, static_cast<std::uint32_t>(m_combos.size()));
        if (isNew) {
            m_combos.push_back(combo);
            const int routing = combo[placeOf(LeverKind::Routing)];
            m_targets.push_back(routing < 0 ? ModelIndex{} : m_entries[static_cast<std::size_t>(routing)].model);
        }
        m_comboOf.push_back(found->second);
    }
    return {};
}

Status LeverPlan::assignPools(const Baseline::Impl &baseline)
{
    std::map<int, int> poolOfEntry;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Lever &lever = m_entries[i].lever->lever;
        if (lever.kind != LeverKind::Provisioned || lever.number("units") == 0)
            continue;
        const auto [offerId, term] = offerAndTermOf(lever);
        PoolPlan pool;
        pool.lever = m_entries[i].lever;
        pool.model = m_entries[i].model;
        pool.offer = baseline.book->offer(offerId);
        pool.term = term;
        pool.units = lever.number("units");
        const Month first = baseline.firstMonth();
        pool.firstMonth = std::max(0, lever.start.value_or(first).index - first.index);
        // Throughput changes over time; a plan keeps what held when it began.
        const Instant begins = std::max(first.plus(pool.firstMonth).start(), baseline.period.from);
        pool.throughput = throughputFor(*pool.offer, *baseline.book, pool.model, begins);
        if (!pool.throughput)
            return Error{ErrorCode::NotFound,
                         "offer '" + pool.offer->id + "' says no throughput for '" + lever.text("model") + "' in "
                             + first.plus(pool.firstMonth).text(),
                         "lever '" + lever.id + "', model", "choose another model, offer or start"};
        poolOfEntry[static_cast<int>(i)] = static_cast<int>(m_pools.size());
        m_pools.push_back(std::move(pool));
    }
    m_poolOf.assign(m_profile->segments.size(), {-1, -1});
    if (m_pools.empty())
        return {};
    for (std::size_t s = 0; s < m_profile->segments.size(); ++s) {
        const Segment &segment = m_profile->segments[s];
        if (segment.tier != ServiceTier::Standard)
            continue;
        const std::array<ModelIndex, routeCount> models{segment.model, target(s)};
        for (std::size_t route = 0; route < routeCount; ++route) {
            if (!models[route].found())
                continue;
            int chosen = -1;
            if (auto status = choose(s, LeverKind::Provisioned, models[route], chosen); !status)
                return status;
            if (const auto pool = poolOfEntry.find(chosen); pool != poolOfEntry.end())
                m_poolOf[s][route] = pool->second;
        }
    }
    return {};
}

const Lever *LeverPlan::leverOf(const Combo &combo, LeverKind kind) const
{
    const int entry = combo[placeOf(kind)];
    return entry < 0 ? nullptr : &m_entries[static_cast<std::size_t>(entry)].lever->lever;
}

const Lever *LeverPlan::leverOf(std::size_t segment, LeverKind kind) const
{
    return leverOf(m_combos[m_comboOf[segment]], kind);
}

Status LeverPlan::planMonths(const Baseline::Impl &baseline)
{
    m_months = static_cast<std::size_t>(baseline.monthCount());
    m_plans.reserve(m_combos.size() * m_months);
    for (const Combo &combo : m_combos) {
        for (std::size_t i = 0; i < m_months; ++i) {
            auto plan = planMonth(baseline, combo, baseline.firstMonth().plus(static_cast<int>(i)));
            if (!plan)
                return plan.error();
            m_plans.push_back(std::move(*plan));
        }
    }
    return {};
}

Result<MonthPlan> LeverPlan::planMonth(const Baseline::Impl &baseline, const Combo &combo, Month month) const
{
    MonthPlan plan;
    const Month first = baseline.firstMonth();
    PartsPerMillion tokenRatio = onePpm;
    PartsPerMillion outputRatio = onePpm;
    PartsPerMillion context = onePpm;
    PromptSplit split;
    if (const Lever *routing = leverOf(combo, LeverKind::Routing)) {
        plan.routed = rampedValue(*routing, "share", month, first);
        tokenRatio = routing->number("token_ratio");
        outputRatio = routing->number("output_ratio");
    }
    if (const Lever *growth = leverOf(combo, LeverKind::ContextGrowth);
        growth && monthsInForce(*growth, month, first) >= 0) {
        const auto factor = compoundedFactor(rampedValue(*growth, "factor", month, first),
                                             growth->number("monthly_growth"), monthsInForce(*growth, month, first));
        if (!factor)
            return factor.error().in("lever '" + growth->id + "', monthly_growth, " + month.text());
        context = *factor;
    }
    if (const Lever *cache = leverOf(combo, LeverKind::PromptCache)) {
        split.hit = rampedValue(*cache, "hit_share", month, first);
        split.write = rampedValue(*cache, "write_share", month, first);
        split.fresh = split.hit != 0 || split.write != 0;
        plan.writeClass = cache->text("ttl") == "1h" ? UsageClass::CacheWrite1h : UsageClass::CacheWrite5m;
    }
    if (const Lever *batch = leverOf(combo, LeverKind::Batch))
        plan.batch = rampedValue(*batch, "share", month, first);

    plan.cache = split.fresh;
    plan.plain = plan.routed == 0 && plan.batch == 0 && context == onePpm && !split.fresh;
    plan.promptFactor = {static_cast<UInt128>(context) * onePpm,
                         static_cast<UInt128>(context) * static_cast<UInt128>(tokenRatio)};
    plan.exponent = planDecimals;
    const std::array<PartsPerMillion, routeCount> shares{onePpm - plan.routed, plan.routed};
    const std::array<PartsPerMillion, routeCount> tokenRatios{onePpm, tokenRatio};
    const std::array<PartsPerMillion, routeCount> outputRatios{onePpm, outputRatio};
    const std::array<PartsPerMillion, servingCount> servings{onePpm, onePpm - plan.batch, plan.batch};
    for (std::size_t route = 0; route < routeCount; ++route) {
        for (std::size_t serving = 0; serving < servingCount; ++serving)
            plan.weights[route][serving] =
                weightsOf(shares[route], servings[serving], tokenRatios[route], context, outputRatios[route], split);
        for (std::size_t i = 0; i < usageComponentCount; ++i)
            plan.tokens[i] += plan.weights[route][0][i];
    }
    reduce(plan);
    plan.one = powerOfTen(plan.exponent);
    plan.denominator = plan.one;
    plan.denominator *= static_cast<std::uint64_t>(baseline.divisor());
    return plan;
}

} // namespace perunit
