// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/lever_plan.h"

#include "model/share/shared_baseline.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

Error impossible(const LeverProblem &problem)
{
    return {ErrorCode::BadInput, problem.what,
            "lever '" + problem.leverId + "'" + (problem.parameter.empty() ? "" : ", " + problem.parameter), ""};
}

/// Levers that say nothing about the requests of a segment; they are looked up elsewhere.
bool isApartFromRequests(LeverKind kind)
{
    return kind == LeverKind::Provisioned || kind == LeverKind::EndpointSchedule || kind == LeverKind::Training
           || kind == LeverKind::ExchangeRate;
}

bool hasModel(const Lever &lever)
{
    return lever.kind == LeverKind::Routing || lever.kind == LeverKind::Provisioned
           || (lever.kind == LeverKind::PriceChange && !lever.text("model").empty());
}

bool isMeasured(const Lever &lever)
{
    return lever.kind == LeverKind::PromptCache && lever.text("mode") == "measured";
}

/// Whether what a lever does depends on the model that a request was recorded with.
bool asksForModel(const Lever &lever)
{
    return lever.kind == LeverKind::PriceChange || isMeasured(lever);
}

/// What reserved units serve can only be told where it is known when requests came.
Status checkMinutes(const Baseline::Impl &baseline, const Lever &lever)
{
    if (!baseline.ledger.shared || baseline.ledger.shared->precision.minutes)
        return {};
    return Error{ErrorCode::Unsupported, "the shared scenario does not say in which minute requests came",
                 "lever '" + lever.id + "'",
                 "ask for the ledger, or for a scenario that was shared with a provisioned lever in it"};
}

} // namespace

Result<LeverPlan> LeverPlan::make(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers,
                                  std::stop_token stop, const PoolPlan *studied)
{
    LeverPlan plan;
    const auto problems = checkLevers(levers, *baseline.book);
    if (!problems.empty())
        return impossible(problems.front());
    if (auto status = plan.resolve(baseline, levers, stop); !status)
        return status.error();
    if (auto status = plan.assign(); !status)
        return status.error();
    if (auto status = plan.planMonths(baseline, stop); !status)
        return status.error();
    if (studied) {
        if (auto status = checkMinutes(baseline, studied->lever->lever); !status)
            return status.error();
        plan.assignStudied(*studied);
        return plan;
    }
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
        if (hasModel(lever)) {
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
        entry.matches = m_profile->matching(entry.value().scope);
        const LeverKind kind = entry.value().kind;
        if (kind != LeverKind::EndpointSchedule && kind != LeverKind::ExchangeRate
            && std::find(entry.matches.begin(), entry.matches.end(), char{1}) == entry.matches.end())
            m_withoutRequests.push_back(entry.value().id);
    }
    return {};
}

Status LeverPlan::checkRivals(std::size_t segment) const
{
    // checkLevers compares names; two names may mean one model.
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (!entry.matches[segment] || entry.value().kind != LeverKind::PriceChange)
            continue;
        for (std::size_t j = i + 1; j < m_entries.size(); ++j) {
            const Entry &rival = m_entries[j];
            if (rival.matches[segment] && rival.value().kind == entry.value().kind
                && rival.lever->layer == entry.lever->layer && rival.model == entry.model)
                return Error{ErrorCode::Conflict,
                             "'" + entry.value().id + "' and '" + rival.value().id + "' speak of the same requests",
                             "lever '" + rival.value().id + "', model", "narrow the scope of one of them"};
        }
    }
    return {};
}

LeverPlan::GroupKey LeverPlan::keyOf(std::size_t segment) const
{
    GroupKey key{{}, -1};
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (!entry.matches[segment] || isApartFromRequests(entry.value().kind))
            continue;
        key.first.push_back(static_cast<int>(i));
        if (asksForModel(entry.value()))
            key.second = m_profile->segments[segment].model.value;
    }
    return key;
}

LeverChoice LeverPlan::choiceOf(const GroupKey &key) const
{
    LeverChoice choice;
    choice.recordedModel.value = key.second;
    std::array<int, leverKindCount> layers{};
    for (const int index : key.first) {
        const Entry &entry = m_entries[static_cast<std::size_t>(index)];
        const Lever &lever = entry.value();
        const auto kind = static_cast<std::size_t>(lever.kind);
        if (lever.kind == LeverKind::Routing)
            choice.routings.push_back({&lever, entry.lever->layer, entry.model});
        else if (lever.kind == LeverKind::PriceChange)
            choice.prices.push_back({&lever, entry.lever->layer, entry.model});
        if (!choice.levers[kind] || entry.lever->layer > layers[kind]) {
            choice.levers[kind] = &lever;
            layers[kind] = entry.lever->layer;
        }
    }
    return choice;
}

Status LeverPlan::assign()
{
    std::map<GroupKey, std::uint32_t> known;
    for (std::size_t segment = 0; segment < m_profile->segments.size(); ++segment) {
        const GroupKey key = keyOf(segment);
        const auto [found, isNew] = known.try_emplace(key, static_cast<std::uint32_t>(m_groups.size()));
        if (isNew) {
            if (auto status = checkRivals(segment); !status)
                return status;
            m_groups.push_back({choiceOf(key), {}});
        }
        m_groups[found->second].segments.push_back(static_cast<std::uint32_t>(segment));
        m_groupOf.push_back(found->second);
    }
    return {};
}

Status LeverPlan::planMonths(const Baseline::Impl &baseline, std::stop_token stop)
{
    m_months = static_cast<std::size_t>(baseline.monthCount());
    m_plans.reserve(m_groups.size() * m_months);
    const Month first = baseline.firstMonth();
    std::shared_ptr<const CacheGaps> gaps;
    if (std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &each) { return isMeasured(each.value()); })) {
        auto found = baseline.cacheGaps(stop);
        if (!found)
            return found.error();
        gaps = std::move(*found);
    }
    for (const Group &group : m_groups) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        MeasuredHits measured;
        if (gaps)
            measured = [&](int seconds, PartsPerMillion kept, PartsPerMillion volume) {
                return gaps->achievable(group.segments, seconds, kept, volume).share;
            };
        for (std::size_t i = 0; i < m_months; ++i) {
            auto plan = planMonth(group.choice, first.plus(static_cast<int>(i)), first, baseline.divisor(), measured);
            if (!plan)
                return plan.error();
            m_plans.push_back(std::move(*plan));
        }
    }
    return {};
}

Result<int> LeverPlan::chosenPool(std::size_t segment, ModelIndex model, const std::vector<int> &poolOfEntry) const
{
    int chosen = -1;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (entry.value().kind != LeverKind::Provisioned || !entry.matches[segment] || entry.model != model)
            continue;
        if (chosen >= 0) {
            const Entry &rival = m_entries[static_cast<std::size_t>(chosen)];
            if (rival.lever->layer == entry.lever->layer)
                return Error{ErrorCode::Conflict,
                             "'" + rival.value().id + "' and '" + entry.value().id + "' speak of the same requests",
                             "lever '" + entry.value().id + "', scope", "narrow the scope of one of them"};
            if (rival.lever->layer > entry.lever->layer)
                continue;
        }
        chosen = static_cast<int>(i);
    }
    return chosen < 0 ? -1 : poolOfEntry[static_cast<std::size_t>(chosen)];
}

Status LeverPlan::assignPools(const Baseline::Impl &baseline)
{
    std::vector<int> poolOfEntry(m_entries.size(), -1);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Lever &lever = m_entries[i].value();
        if (lever.kind != LeverKind::Provisioned || (lever.number("units") == 0 && !isSized(lever)))
            continue;
        if (auto status = checkMinutes(baseline, lever); !status)
            return status;
        const auto [offerId, term] = offerAndTermOf(lever);
        PoolPlan pool;
        pool.lever = m_entries[i].lever;
        pool.model = m_entries[i].model;
        pool.offer = baseline.book->offer(offerId);
        pool.term = term;
        pool.sized = isSized(lever);
        pool.units = pool.sized ? 0 : lever.number("units");
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
        poolOfEntry[i] = static_cast<int>(m_pools.size());
        m_pools.push_back(std::move(pool));
    }
    m_poolOf.resize(m_profile->segments.size());
    if (m_pools.empty())
        return {};
    for (std::size_t s = 0; s < m_profile->segments.size(); ++s) {
        const Segment &segment = m_profile->segments[s];
        if (segment.tier != ServiceTier::Standard)
            continue;
        std::vector<ModelIndex> models{segment.model};
        for (const LeverChoice::Targeted &routing : m_groups[m_groupOf[s]].choice.routings)
            models.push_back(routing.model);
        for (const ModelIndex model : models) {
            if (!model.found() || poolOf(s, model) >= 0)
                continue;
            const auto pool = chosenPool(s, model, poolOfEntry);
            if (!pool)
                return pool.error();
            if (*pool >= 0)
                m_poolOf[s].emplace_back(model, *pool);
        }
    }
    return {};
}

void LeverPlan::assignStudied(const PoolPlan &studied)
{
    m_pools = {studied};
    m_poolOf.resize(m_profile->segments.size());
    const std::vector<char> matches = m_profile->matching(studied.lever->lever.scope);
    for (std::size_t s = 0; s < m_poolOf.size(); ++s) {
        if (matches[s] && m_profile->segments[s].tier == ServiceTier::Standard)
            m_poolOf[s].emplace_back(studied.model, 0);
    }
}

int LeverPlan::poolOf(std::size_t segment, ModelIndex model) const
{
    for (const auto &[served, pool] : m_poolOf[segment]) {
        if (served == model)
            return pool;
    }
    return -1;
}

bool LeverPlan::hasPromptCache() const
{
    return std::any_of(m_groups.begin(), m_groups.end(),
                       [](const Group &group) { return group.choice.of(LeverKind::PromptCache) != nullptr; });
}

std::vector<Outcome::CacheShare> LeverPlan::cacheShares(const CacheGaps &gaps) const
{
    struct Sum {
        UInt128 prompt = 0;
        std::array<UInt128, 2> read{}; // 5 minutes, 1 hour
        Int128 applied = 0;
        bool upperBound = false;
    };
    std::map<const Lever *, Sum> sums;
    for (std::size_t i = 0; i < m_groups.size() && m_months > 0; ++i) {
        const Lever *lever = m_groups[i].choice.of(LeverKind::PromptCache);
        if (!lever)
            continue;
        const MonthPlan &last = m_plans[(i + 1) * m_months - 1];
        Sum &sum = sums[lever];
        constexpr std::array<int, 2> lifetimes{300, 3600};
        for (std::size_t ttl = 0; ttl < lifetimes.size(); ++ttl) {
            const auto share = gaps.achievable(m_groups[i].segments, lifetimes[ttl], last.kept, last.volume);
            sum.read[ttl] += share.readTokens;
            sum.upperBound = sum.upperBound || share.upperBound;
            if (ttl > 0)
                continue;
            sum.prompt += share.promptTokens;
            sum.applied += static_cast<Int128>(share.promptTokens) * last.cacheHit;
        }
    }
    std::vector<Outcome::CacheShare> result;
    for (const Entry &entry : m_entries) {
        const auto found = sums.find(&entry.value());
        if (found == sums.end() || found->second.prompt == 0)
            continue;
        const auto prompt = static_cast<Int128>(found->second.prompt);
        const auto share = [prompt](UInt128 tokens) {
            return static_cast<PartsPerMillion>(divideHalfEven(static_cast<Int128>(tokens) * onePpm, prompt));
        };
        result.push_back({entry.value().id, static_cast<PartsPerMillion>(divideHalfEven(found->second.applied, prompt)),
                          share(found->second.read[0]), share(found->second.read[1]), found->second.upperBound});
    }
    return result;
}

const Lever *LeverPlan::harnessLever(const HarnessGroup &group, LeverKind kind) const
{
    const EffectiveLever *result = nullptr;
    for (const Entry &entry : m_entries) {
        if (entry.value().kind == kind && group.matches(entry.value().scope)
            && (!result || entry.lever->layer > result->layer))
            result = entry.lever;
    }
    return result ? &result->lever : nullptr;
}

const Lever *LeverPlan::exchangeRate(const std::string &currency) const
{
    const EffectiveLever *result = nullptr;
    for (const Entry &entry : m_entries) {
        if (entry.value().kind == LeverKind::ExchangeRate && entry.value().text("currency") == currency
            && entry.value().number("rate") != 0 && (!result || entry.lever->layer > result->layer))
            result = entry.lever;
    }
    return result ? &result->lever : nullptr;
}

} // namespace perunit
