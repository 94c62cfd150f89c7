// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/invoice_tie.h"

#include <algorithm>
#include <array>
#include <map>

namespace perunit {

namespace {

Money magnitude(Money amount)
{
    return amount < Money() ? -amount : amount;
}

/// What nothing explains in a line. A bill for a model that was never recorded is as open as usage that nobody bills;
/// charges for other services are not.
Money openPart(const ReconciliationLine &line)
{
    Money open;
    for (const DifferenceBucket bucket :
         {DifferenceBucket::Unknown, DifferenceBucket::Unpriced, DifferenceBucket::NotBilled})
        open += magnitude(line.parts[bucket]);
    if (!line.model.empty())
        open += magnitude(line.parts[DifferenceBucket::NoUsage]);
    return open;
}

bool isOpen(const ReconciliationLine &line)
{
    return !openPart(line).isZero() || line.unpricedTokens > 0;
}

} // namespace

std::vector<ProviderTie> tiesByProvider(const Reconciliation &reconciliation)
{
    std::map<std::pair<std::string, Month>, ProviderTie> ties;
    for (const ReconciliationLine &line : reconciliation.lines) {
        ProviderTie &tie = ties[{line.provider, line.month}];
        tie.provider = line.provider;
        tie.month = line.month;
        if (line.priced)
            tie.priced = tie.priced.value_or(Money()) + Money::of(*line.priced);
        if (line.billed)
            tie.billed = tie.billed.value_or(Money()) + *line.billed;
        tie.parts += line.parts;
        tie.open += openPart(line);
        tie.requests += line.requests;
        tie.charges += line.charges;
        tie.unpricedTokens += line.unpricedTokens;
        if (isOpen(line)) {
            tie.state = TieState::Open;
            if (line.models.empty())
                tie.openModels.push_back(line.model);
            else
                tie.openModels.insert(tie.openModels.end(), line.models.begin(), line.models.end());
            continue;
        }
        for (std::size_t i = 0; i < differenceBucketCount; ++i) {
            const bool small = static_cast<DifferenceBucket>(i) == DifferenceBucket::Rounding;
            if (!small && !line.parts.amounts[i].isZero() && tie.state == TieState::Ties)
                tie.state = TieState::Explained;
        }
    }
    std::vector<ProviderTie> result;
    for (auto &[key, tie] : ties)
        result.push_back(std::move(tie));
    return result;
}

Result<std::vector<RecordedTie>> recordedTies(const RequestCosts &costs, RowProgress *progress, std::stop_token stop)
{
    const Workload &workload = costs.workload();
    std::vector<RecordedTie> ties(workload.sourceIds.size());
    for (std::size_t i = 0; i < ties.size(); ++i)
        ties[i].source = workload.sourceIds[i];
    if (workload.recorded.empty() || !costs.recordedCounts())
        return std::vector<RecordedTie>();
    for (std::size_t row = costs.first(); row < costs.end(); ++row) {
        if (!goesOn(row, progress, stop))
            return stoppedByUser();
        RecordedTie &tie = ties[workload.source[row]];
        if (!costs.isRecorded(row)) {
            ++tie.rowsWithout;
            continue;
        }
        if (costs.isPartlyUnpriced(row)) {
            ++tie.rowsUnpriced;
            tie.recordedUnpriced += workload.billed(row);
            continue;
        }
        ++tie.rows;
        tie.recorded += workload.billed(row);
        tie.priced += costs.cost(row);
    }
    std::erase_if(ties, [](const RecordedTie &tie) { return tie.rows + tie.rowsUnpriced == 0; });
    std::sort(ties.begin(), ties.end(), [](const RecordedTie &a, const RecordedTie &b) { return a.source < b.source; });
    return ties;
}

} // namespace perunit
