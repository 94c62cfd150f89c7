// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/savings.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace perunit {

namespace {

/// Bars that bridge() explains by all their orders.
constexpr std::size_t mostForShapley = 10;

class ListMaker
{
public:
    ListMaker(const Baseline &baseline, const std::vector<EffectiveLever> &anyway,
              std::vector<EffectiveLever> candidates, std::stop_token stop)
        : m_baseline(baseline)
        , m_anyway(anyway)
        , m_candidates(std::move(candidates))
        , m_stop(std::move(stop))
    {}

    Result<SavingsList> make()
    {
        std::set<std::size_t> all;
        for (std::size_t i = 0; i < m_candidates.size(); ++i)
            all.insert(i);
        const auto before = totalOf({});
        const auto after = totalOf(all);
        if (!before || !after)
            return before ? after.error() : before.error();
        m_list.before = *before;
        m_list.after = *after;
        if (auto status = fillItems(all); !status)
            return status.error();
        if (auto status = fillShapley(); !status)
            return status.error();
        return std::move(m_list);
    }

private:
    [[nodiscard]] EvaluationRequest requestOf(const std::set<std::size_t> &applied) const
    {
        EvaluationRequest request;
        request.levers = m_anyway;
        for (const std::size_t i : applied)
            request.levers.push_back(m_candidates[i]);
        return request;
    }

    Result<Femto> totalOf(const std::set<std::size_t> &applied)
    {
        if (const auto known = m_totals.find(applied); known != m_totals.end())
            return known->second;
        const auto outcome = evaluate(m_baseline, requestOf(applied), m_stop);
        if (!outcome) {
            std::string names;
            for (const std::size_t i : applied)
                names += (names.empty() ? "" : ", ") + m_candidates[i].lever.id;
            return outcome.error().in("with " + (names.empty() ? std::string("no lever") : names));
        }
        if (outcome->isUnknown())
            return Error{ErrorCode::NotFound, "nothing in it has a price, so that no saving is known", "", ""};
        ++m_list.evaluations;
        if (applied.empty())
            m_list.unpricedBefore = outcome->unpriced.tokens;
        if (applied.size() == m_candidates.size()) {
            m_list.unpricedAfter = outcome->unpriced.tokens;
            for (const OutcomeCheck &check : outcome->checks) {
                if (!check.ok)
                    m_list.failedChecks.push_back(check);
            }
        }
        return m_totals.emplace(applied, outcome->total()).first->second;
    }

    Status fillItems(std::set<std::size_t> left)
    {
        std::set<std::size_t> applied;
        Femto reached = m_list.before;
        while (!left.empty()) {
            std::optional<std::size_t> best;
            Femto lowest;
            for (const std::size_t i : left) {
                std::set<std::size_t> with = applied;
                with.insert(i);
                const auto total = totalOf(with);
                if (!total)
                    return total.error();
                if (!best || *total < lowest) {
                    best = i;
                    lowest = *total;
                }
            }
            const EffectiveLever &lever = m_candidates[*best];
            const auto alone = totalOf({*best});
            m_list.items.push_back({lever.lever.id, std::string(leverSpec(lever.lever.kind).label), lever.setBy,
                                    m_list.before - *alone, reached - lowest, lowest, std::nullopt});
            m_list.overlap += m_list.before - *alone;
            applied.insert(*best);
            left.erase(*best);
            reached = lowest;
        }
        m_list.overlap -= m_list.joint();
        return {};
    }

    Status fillShapley()
    {
        if (m_candidates.size() > mostForShapley) {
            m_list.whyNoShapley = "all orders of more than " + std::to_string(mostForShapley) + " levers are too many";
            return {};
        }
        std::set<std::size_t> all;
        for (std::size_t i = 0; i < m_candidates.size(); ++i)
            all.insert(i);
        const auto parts = bridge(m_baseline, requestOf({}), requestOf(all), BridgeMethod::Shapley, m_stop);
        if (!parts) {
            // Half-way combinations may be impossible although the order of the list is not.
            if (parts.error().code == ErrorCode::Cancelled)
                return parts.error();
            m_list.whyNoShapley = parts.error().text();
            return {};
        }
        for (const BridgePart &part : parts->parts) {
            const auto item = std::find_if(m_list.items.begin(), m_list.items.end(),
                                           [&part](const SavingsItem &each) { return each.leverId == part.leverId; });
            if (item == m_list.items.end()) {
                m_list.whyNoShapley = "the levers " + part.leverId + " take each other's place and have one part";
                for (SavingsItem &each : m_list.items)
                    each.shapley.reset();
                return {};
            }
            item->shapley = -part.amount;
            item->label = part.label;
        }
        return {};
    }

    const Baseline &m_baseline;
    const std::vector<EffectiveLever> &m_anyway;
    std::vector<EffectiveLever> m_candidates;
    std::stop_token m_stop;
    std::map<std::set<std::size_t>, Femto> m_totals;
    SavingsList m_list;
};

} // namespace

Result<SavingsList> savingsList(const Baseline &baseline, const std::vector<EffectiveLever> &anyway,
                                const std::vector<EffectiveLever> &candidates, std::stop_token stop)
{
    std::vector<EffectiveLever> wanted;
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(wanted),
                 [](const EffectiveLever &lever) { return lever.lever.enabled; });
    return ListMaker(baseline, anyway, std::move(wanted), std::move(stop)).make();
}

} // namespace perunit
