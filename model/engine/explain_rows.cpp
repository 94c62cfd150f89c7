// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger rows behind a line.
#include "model/engine/baseline_impl.h"
#include "model/engine/explain.h"

#include <algorithm>
#include <queue>

namespace perunit {

namespace {

Int128 countIn(const Workload &workload, std::size_t row, std::uint32_t classes)
{
    Int128 sum = 0;
    for (std::size_t usageClass = 0; usageClass < usageClassCount; ++usageClass) {
        if ((classes >> usageClass & 1U) != 0)
            sum += workload.count(static_cast<UsageClass>(usageClass), row);
    }
    return sum;
}

ExplainedRow requestAt(const Workload &workload, std::size_t row, std::uint32_t classes)
{
    ExplainedRow result;
    result.workloadRow = row;
    result.sourceId = workload.sourceIds.empty() ? 0 : workload.sourceIds[workload.source[row]];
    result.sourceRow = workload.sourceRow[row];
    result.time = {workload.time[row]};
    result.provider = workload.text("provider", row);
    result.model = workload.text("model", row);
    result.tokens = countIn(workload, row, classes);
    return result;
}

ExplainedRow chargeAt(const std::vector<ChargeRow> &charges, std::size_t index)
{
    const ChargeRow &charge = charges[index];
    ExplainedRow result;
    result.charge = index;
    result.sourceId = charge.sourceId;
    result.sourceRow = charge.sourceRow;
    result.time = charge.period.from;
    result.provider = charge.provider;
    result.model = charge.sku.empty() ? charge.service : charge.sku;
    result.amount = amountOf(charge);
    return result;
}

} // namespace

std::vector<ExplainedRow> explainRows(const Baseline &baseline, const Explanation &explanation, std::size_t line,
                                      std::size_t limit)
{
    std::vector<ExplainedRow> result;
    if (line >= explanation.lines.size() || limit == 0)
        return result;
    const ExplainedLine &explained = explanation.lines[line];
    const Workload &workload = *baseline.ledger().workload;
    const std::uint32_t classes = explained.classes != 0 || !explained.usageClass
                                      ? explained.classes
                                      : std::uint32_t{1} << static_cast<unsigned>(*explained.usageClass);
    // Rows of a workload are in order of time: the first ones are the smallest numbers.
    std::priority_queue<std::size_t> first;
    const auto take = [&](std::size_t row) {
        if (explained.classes != 0 && countIn(workload, row, explained.classes) == 0)
            return;
        if (first.size() == limit && row >= first.top())
            return;
        first.push(row);
        if (first.size() > limit)
            first.pop();
    };
    for (const ExplainedLine::Rows &places : explained.places) {
        for (std::uint32_t place = places.from; place < places.to; ++place)
            take(explanation.profile->rowAt(place));
    }
    for (const std::uint32_t row : explained.workloadRows)
        take(row);
    for (; !first.empty(); first.pop())
        result.push_back(requestAt(workload, first.top(), classes));
    std::reverse(result.begin(), result.end());
    for (const std::uint32_t charge : explained.charges) {
        if (result.size() < limit)
            result.push_back(chargeAt(*baseline.ledger().harness, charge));
    }
    return result;
}

} // namespace perunit
