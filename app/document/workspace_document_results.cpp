// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from the state of a workspace: its ledger, history and outcomes, each worked out beside the window.
#include "app/document/best_bridge.h"
#include "app/document/workspace_document.h"
#include "model/import/source_checks.h"
#include "widgets/text/text.h"

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

/// Values kept of a dimension; a list of thousands of customers is typed, not scrolled.
constexpr std::size_t mostScopeValues = 500;

/// Dimensions by which every outcome is broken down; each is cheap, the groups are already there.
const std::vector<std::string> &groupDimensions()
{
    static const std::vector<std::string> names{"workload", "model",   "provider", "environment",
                                                "team",     "feature", "customer", "tier"};
    return names;
}

void addChecks(Outcome &outcome, const std::vector<OutcomeCheck> &checks)
{
    outcome.checks.insert(outcome.checks.end(), checks.begin(), checks.end());
}

bool sameLevers(const std::vector<EffectiveLever> &a, const std::vector<EffectiveLever> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto &x, const auto &y) { return x.lever == y.lever && x.layer == y.layer; });
}

} // namespace

struct WorkspaceDocument::LoadedLedger {
    std::shared_ptr<const Ledger> ledger;
    std::shared_ptr<const DimensionValues> values;
    std::vector<OutcomeCheck> checks;
    Error error;
};

const ScenarioOutcomes::Entry *ScenarioOutcomes::find(std::string_view scenarioId) const
{
    const auto found = std::find_if(scenarios.begin(), scenarios.end(),
                                    [scenarioId](const Entry &entry) { return entry.scenarioId == scenarioId; });
    return found == scenarios.end() ? nullptr : &*found;
}

const Outcome *ScenarioOutcomes::outcome(std::string_view scenarioId) const
{
    if (scenarioId.empty())
        return &base;
    const Entry *entry = find(scenarioId);
    return entry ? entry->outcome.get() : nullptr;
}

void WorkspaceDocument::loadLedger()
{
    m_ledgerJob.start([this, path = fromQt(m_path)](const std::stop_token &stop) -> JobRunner::Delivery {
        auto loaded = std::make_shared<LoadedLedger>();
        auto store = WorkspaceStore::open(path, WorkspaceStore::Mode::ReadOnly);
        if (!store) {
            loaded->error = store.error();
        } else if (auto ledger = (*store)->readLedger(stop); ledger) {
            loaded->ledger = std::make_shared<const Ledger>(std::move(*ledger));
            loaded->values = std::make_shared<const DimensionValues>(
                perunit::dimensionValues(*loaded->ledger->workload, mostScopeValues));
            if (auto checks = sourceChecks(**store, stop); checks)
                loaded->checks = std::move(*checks);
            else
                loaded->checks = {{"Counted twice", false, checks.error().text()}};
        } else {
            loaded->error = ledger.error();
        }
        return [this, loaded] {
            if (!loaded->ledger) {
                failHistory(loaded->error);
                return;
            }
            m_ledger = loaded->ledger;
            m_sourceChecks = loaded->checks;
            m_dimensionValues = loaded->values;
            computeHistory();
            computeBaseline();
        };
    });
}

void WorkspaceDocument::failHistory(const Error &error)
{
    m_historyProblem = error;
    emit historyChanged();
    emit problemFound(error);
}

void WorkspaceDocument::computeHistory()
{
    m_historyJob.start([this, ledger = m_ledger, book = m_book, state = m_state,
                        checks = m_sourceChecks](const std::stop_token &stop) -> JobRunner::Delivery {
        auto result = std::make_shared<History>();
        const auto failed = [this](const Error &error) -> JobRunner::Delivery {
            return [this, error] {
                if (error.code != ErrorCode::Cancelled)
                    failHistory(error);
            };
        };
        auto built = Baseline::build(*ledger, book, {}, stop);
        if (!built)
            return failed(built.error());
        result->ledger = *built;
        auto outcome = evaluate(*result->ledger, requestFor(state, {}, groupDimensions()), stop);
        if (!outcome)
            return failed(outcome.error());
        result->outcome = std::move(*outcome);
        addChecks(result->outcome, checks);
        result->spend = dailySpend(*result->ledger);
        for (const EconomicUnit &unit : state.units) {
            auto actuals = unitActuals(*result->ledger, unit, stop);
            if (!actuals)
                return failed(actuals.error());
            result->units.push_back(std::move(*actuals));
        }
        return [this, result] {
            m_history = result;
            m_historyProblem.reset();
            emit historyChanged();
        };
    });
}

void WorkspaceDocument::computeBaseline()
{
    m_baselineJob.start([this, ledger = m_ledger, book = m_book,
                         settings = m_state.settings](const std::stop_token &stop) -> JobRunner::Delivery {
        auto built = Baseline::build(*ledger, book, settings, stop);
        if (!built) {
            return [this, error = built.error()] {
                if (error.code == ErrorCode::Cancelled)
                    return;
                // Outcomes of another period must not stand under the new one.
                m_baseline.reset();
                dropOutcomes();
                emit problemFound(error);
            };
        }
        return [this, baseline = *built] {
            m_baseline = baseline;
            // Outcomes of another baseline must not arrive any more.
            m_outcomeJob.cancel();
            m_bridgeJob.cancel();
            computeOutcomes();
        };
    });
}

void WorkspaceDocument::computeOutcomes()
{
    if (!m_baseline)
        return;
    m_outcomeJob.start(
        [this, baseline = m_baseline, state = m_state, checks = m_sourceChecks,
         known = m_outcomes](const std::stop_token &stop) -> JobRunner::Delivery {
            auto result = std::make_shared<ScenarioOutcomes>();
            result->baseline = baseline;
            result->units = state.units;
            auto base = evaluate(*baseline, requestFor(state, {}, groupDimensions()), stop);
            if (!base) {
                return [this, error = base.error()] {
                    if (error.code != ErrorCode::Cancelled)
                        emit problemFound(error);
                };
            }
            result->base = std::move(*base);
            addChecks(result->base, checks);
            // An outcome is kept when nothing it depends on has changed: dragging one lever must not pay for all
            // scenarios.
            const bool comparable = known && known->baseline == baseline && known->units == state.units;
            for (const Scenario &scenario : state.scenarios.scenarios) {
                const EvaluationRequest request = requestFor(state, scenario.id, groupDimensions());
                ScenarioOutcomes::Entry entry{scenario.id, request.levers, nullptr, {}};
                const ScenarioOutcomes::Entry *before = comparable ? known->find(scenario.id) : nullptr;
                if (before && before->outcome && before->outcome->name == scenario.name
                    && sameLevers(before->levers, entry.levers)) {
                    entry.outcome = before->outcome;
                } else if (auto outcome = evaluate(*baseline, request, stop); outcome) {
                    addChecks(*outcome, checks);
                    entry.outcome = std::make_shared<const Outcome>(std::move(*outcome));
                } else {
                    entry.problem = outcome.error().text();
                    entry.error = outcome.error();
                }
                result->scenarios.push_back(std::move(entry));
            }
            return [this, result] {
                m_outcomes = result;
                emit outcomesChanged();
                computeBridge();
            };
        },
        JobRunner::IfRunning::LetFinish);
}

void WorkspaceDocument::setBridgePair(const std::string &from, const std::string &to)
{
    if (from == m_bridgeFrom && to == m_bridgeTo)
        return;
    m_bridgeFrom = from;
    m_bridgeTo = to;
    // The bridge of another pair must neither stay nor still arrive.
    m_bridgeJob.cancel();
    if (std::exchange(m_bridge, nullptr))
        emit bridgeChanged();
    computeBridge();
}

void WorkspaceDocument::computeBridge()
{
    if (!m_baseline || !m_outcomes || m_bridgeFrom == m_bridgeTo || !m_outcomes->outcome(m_bridgeFrom)
        || !m_outcomes->outcome(m_bridgeTo)) {
        m_bridgeJob.cancel();
        if (std::exchange(m_bridge, nullptr))
            emit bridgeChanged();
        return;
    }
    m_bridgeJob.start(
        [this, baseline = m_baseline, from = requestFor(m_state, m_bridgeFrom),
         to = requestFor(m_state, m_bridgeTo)](const std::stop_token &stop) -> JobRunner::Delivery {
            auto result = bestBridge(*baseline, from, to, stop);
            if (!result) {
                return [this, error = result.error()] {
                    if (error.code == ErrorCode::Cancelled)
                        return;
                    m_bridge.reset();
                    emit bridgeChanged();
                    emit problemFound(error);
                };
            }
            return [this, bridge = std::make_shared<const Bridge>(std::move(*result))] {
                m_bridge = bridge;
                emit bridgeChanged();
            };
        },
        JobRunner::IfRunning::LetFinish);
}

void WorkspaceDocument::dropOutcomes()
{
    m_outcomeJob.cancel();
    m_bridgeJob.cancel();
    m_outcomes.reset();
    m_bridge.reset();
    emit outcomesChanged();
    emit bridgeChanged();
}

} // namespace perunit
