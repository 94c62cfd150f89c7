// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/explain_levers.h"

#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

TouchingLevers::TouchingLevers(const Baseline::Impl &baseline, const LeverPlan &plan, const EvaluatedLines &lines,
                               const EvaluationTrace &trace, const CellFilter &filter)
    : m_baseline(baseline)
    , m_plan(plan)
    , m_lines(lines)
    , m_trace(trace)
    , m_filter(filter)
{
    m_prompt = takes(Component::Input) || takes(Component::CacheRead) || takes(Component::CacheWrite);
    m_tokens = m_prompt || takes(Component::Output) || takes(Component::Other);
    // What spills is prompt and output of some requests; what is reserved is divided by them.
    for (const Component component : {Component::Spill, Component::Provisioned}) {
        if (takes(component) && !plan.pools().empty())
            m_prompt = m_tokens = true;
    }
}

std::vector<ExplainedLever> TouchingLevers::find()
{
    for (int month = m_filter.firstMonth; month < m_filter.endMonth; ++month) {
        for (std::size_t segment = 0; segment < m_lines.segments; ++segment) {
            if (m_filter.segments[segment] && hasRows(segment, month))
                look(segment, month);
        }
        lookAtHarness(month);
    }
    for (const EvaluationTrace::Fixed &fixed : m_trace.fixed) {
        const bool ours = fixed.shares.empty() ? m_filter.nobody
                                               : std::any_of(fixed.shares.begin(), fixed.shares.end(),
                                                             [this](const EvaluationTrace::Share &share) {
                                                                 return m_filter.segments[share.segment] != 0;
                                                             });
        if (ours && takes(fixed.component) && fixed.month >= m_filter.firstMonth && fixed.month < m_filter.endMonth)
            touch(fixed.lever, fixed.month);
    }
    std::vector<ExplainedLever> result;
    const Month first = m_baseline.firstMonth();
    for (const LeverPlan::Entry &entry : m_plan.entries()) {
        const auto found = m_months.find(&entry.value());
        if (found == m_months.end())
            continue;
        ExplainedLever lever;
        lever.lever = *entry.lever;
        lever.firstMonth = first.plus(found->second.first);
        lever.lastMonth = first.plus(found->second.second);
        lever.effect = effectOf(entry.value(), lever.firstMonth, first);
        if (const std::string later = effectOf(entry.value(), lever.lastMonth, first); later != lever.effect)
            lever.effect = lever.firstMonth.text() + ": " + lever.effect + "; " + lever.lastMonth.text() + ": " + later;
        result.push_back(std::move(lever));
    }
    std::stable_sort(result.begin(), result.end(), [](const ExplainedLever &a, const ExplainedLever &b) {
        return a.lever.lever.kind < b.lever.lever.kind;
    });
    return result;
}

bool TouchingLevers::hasRows(std::size_t segment, int month) const
{
    const Profile &profile = m_plan.profile();
    const Segment &recorded = profile.segments[segment];
    if (m_baseline.looksAhead())
        return recorded.firstBlock < recorded.endBlock;
    return std::any_of(profile.blocks.begin() + recorded.firstBlock, profile.blocks.begin() + recorded.endBlock,
                       [month](const Block &block) { return block.month == month; });
}

void TouchingLevers::touch(const Lever *lever, int month)
{
    if (!lever)
        return;
    const auto [found, isNew] = m_months.try_emplace(lever, month, month);
    if (isNew)
        return;
    found->second.first = std::min(found->second.first, month);
    found->second.second = std::max(found->second.second, month);
}

void TouchingLevers::look(std::size_t segment, int month)
{
    const MonthPlan &plan = m_plan.plan(segment, month);
    if (!m_seen.insert({&plan, month}).second)
        return;
    if (m_tokens)
        lookAtTokens(segment, month, plan);
    for (const RequestFee &fee : plan.fees) {
        if (!takes(fee.component))
            continue;
        touch(m_plan.leverOf(segment,
                             fee.component == Component::HumanReview ? LeverKind::HumanReview : LeverKind::AnswerCache),
              month);
        if (plan.volume != onePpm)
            touch(m_plan.leverOf(segment, LeverKind::Volume), month);
        if (plan.turns != onePpm)
            touch(m_plan.leverOf(segment, LeverKind::ConversationLength), month);
    }
    for (const SlicePlan &slice : plan.slices) {
        if (slice.verdictFemto != 0 && takes(Component::Lookup)) {
            lookAtTokens(segment, month, plan);
            touch(slice.routing, month);
        }
    }
}

void TouchingLevers::lookAtTokens(std::size_t segment, int month, const MonthPlan &plan)
{
    const MonthFactors &factors = plan.factors;
    const auto touchIf = [&](bool moves, LeverKind kind) {
        if (moves)
            touch(m_plan.leverOf(segment, kind), month);
    };
    touchIf(factors.volume != onePpm, LeverKind::Volume);
    touchIf(factors.kept != onePpm, LeverKind::AnswerCache);
    touchIf(factors.turns.turns != onePpm || (m_prompt && factors.turns.prompt != onePpm),
            LeverKind::ConversationLength);
    touchIf(factors.steps != onePpm, LeverKind::AgentSteps);
    touchIf(m_prompt && factors.context != onePpm, LeverKind::ContextGrowth);
    touchIf(takes(Component::Output) && factors.output != onePpm, LeverKind::OutputLength);
    touchIf(plan.batch > 0, LeverKind::Batch);
    touchIf(factors.attempts != onePpm, LeverKind::Retries);
    for (const SlicePlan &slice : plan.slices)
        lookAtSlice(slice, segment, month);
}

void TouchingLevers::lookAtSlice(const SlicePlan &slice, std::size_t segment, int month)
{
    touch(slice.routing, month);
    for (const Route which : allRoutes) {
        const RoutePlan &route = slice.of(which);
        if (!route.used)
            continue;
        if (m_prompt && route.trimmed != onePpm)
            touch(m_plan.leverOf(segment, LeverKind::Trimming), month);
        if (m_prompt && route.split)
            touch(m_plan.leverOf(segment, LeverKind::PromptCache), month);
        if (route.price || route.priceFactor != static_cast<std::uint64_t>(onePpm))
            touch(route.priceLever, month);
        const ModelIndex model = route.target.found() ? route.target : m_plan.profile().segments[segment].model;
        const int pool = m_plan.poolOf(segment, model);
        if (pool >= 0 && m_plan.pools()[static_cast<std::size_t>(pool)].firstMonth <= month)
            touch(&m_plan.pools()[static_cast<std::size_t>(pool)].lever->lever, month);
    }
}

void TouchingLevers::lookAtHarness(int month)
{
    if (!takes(Component::Harness))
        return;
    const Month first = m_baseline.firstMonth();
    for (std::size_t group = 0; group < m_filter.harness.size(); ++group) {
        if (!m_filter.harness[group])
            continue;
        const HarnessGroup &charges = m_lines.harnessUsed->groups[group];
        const Lever *schedule = m_plan.harnessLever(charges, LeverKind::EndpointSchedule);
        if (schedule && monthsInForce(*schedule, first.plus(month), first) >= 0)
            touch(schedule, month);
        const Lever *rate =
            m_baseline.harnessInOtherCurrency() ? m_plan.exchangeRate(m_baseline.ledger.currency) : nullptr;
        if (rate && monthsInForce(*rate, first.plus(month), first) >= 0)
            touch(rate, month);
    }
}

} // namespace perunit
