// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/ledger_facts.h"

#include <algorithm>

namespace perunit {

LedgerFacts::LedgerFacts(WorkspaceDocument &document, QObject *parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &WorkspaceDocument::opened, this, &LedgerFacts::follow);
    connect(&document, &WorkspaceDocument::historyChanged, this, &LedgerFacts::follow);
}

bool LedgerFacts::isIdle() const
{
    return !m_costsJob.isBusy()
           && std::none_of(m_jobs.begin(), m_jobs.end(), [](const JobRunner &job) { return job.isBusy(); });
}

/// Values of another history must neither stay nor still arrive.
void LedgerFacts::follow()
{
    if (m_history == m_document.history())
        return;
    m_history = m_document.history();
    m_costsJob.cancel();
    for (JobRunner &job : m_jobs)
        job.cancel();
    m_costs.reset();
    m_completeness.reset();
    m_coverage.reset();
    m_recorded.reset();
    m_dimensionUse.reset();
    m_wanted.fill(false);
    m_problem.reset();
    emit changed();
}

void LedgerFacts::fail(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    m_problem = error;
    emit changed();
}

std::shared_ptr<const RequestCosts> LedgerFacts::costs()
{
    follow();
    // What failed once fails again: it is tried again with the next history.
    if (m_history && !m_costs && !m_problem && !m_costsJob.isBusy())
        startCosts();
    return m_costs;
}

std::shared_ptr<const Completeness> LedgerFacts::completeness()
{
    start(Days);
    return m_completeness;
}

std::shared_ptr<const CoverageReport> LedgerFacts::coverage()
{
    start(Tags);
    return m_coverage;
}

std::shared_ptr<const std::vector<RecordedTie>> LedgerFacts::recorded()
{
    start(Records);
    return m_recorded;
}

std::shared_ptr<const DimensionUse> LedgerFacts::dimensionUse()
{
    start(Dimensions);
    return m_dimensionUse;
}

void LedgerFacts::startCosts()
{
    m_costsJob.start([this, history = m_history](const std::stop_token &stop) -> JobRunner::Delivery {
        auto built = RequestCosts::build(history->ledger, nullptr, stop);
        return [this, history, built] {
            if (history != m_history)
                return;
            if (!built) {
                fail(built.error());
                return;
            }
            m_costs = *built;
            for (const Wish wish : {Days, Tags, Records, Dimensions}) {
                if (std::exchange(m_wanted[wish], false))
                    start(wish);
            }
            emit changed();
        };
    });
}

void LedgerFacts::start(Wish wish)
{
    if (!costs()) {
        m_wanted[wish] = true;
        return;
    }
    if (m_jobs[wish].isBusy())
        return;
    switch (wish) {
    case Days:
        run(wish, m_completeness, [costs = m_costs, sources = m_document.sources()](const std::stop_token &stop) {
            return completenessOf(*costs, sources, nullptr, stop);
        });
        break;
    case Tags:
        run(wish, m_coverage,
            [costs = m_costs](const std::stop_token &stop) { return tagCoverage(*costs, nullptr, stop); });
        break;
    case Dimensions:
        run(wish, m_dimensionUse,
            [costs = m_costs, rules = m_document.state().dimensions](const std::stop_token &stop) {
                return perunit::dimensionUse(*costs, rules, nullptr, stop);
            });
        break;
    default:
        run(wish, m_recorded,
            [costs = m_costs](const std::stop_token &stop) { return recordedTies(*costs, nullptr, stop); });
    }
}

template <typename Value, typename Work>
void LedgerFacts::run(Wish wish, std::shared_ptr<const Value> &target, Work work)
{
    if (target || m_problem)
        return;
    m_jobs[wish].start(
        [this, &target, work = std::move(work), costs = m_costs](const std::stop_token &stop) -> JobRunner::Delivery {
            auto result = std::make_shared<Result<Value>>(work(stop));
            return [this, &target, result, costs] {
                if (costs != m_costs)
                    return;
                if (!*result) {
                    fail(result->error());
                    return;
                }
                target = std::make_shared<const Value>(std::move(**result));
                emit changed();
            };
        });
}

} // namespace perunit
