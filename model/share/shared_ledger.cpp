// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger that a shared baseline stands for.
#include "model/share/shared_baseline.h"

#include <algorithm>

namespace perunit {

namespace {

std::shared_ptr<const Workload> workloadOf(const SharedBaseline &shared)
{
    // Rows stand in order of time, as those of every workload.
    std::vector<std::uint32_t> order(shared.rows.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&shared](std::uint32_t a, std::uint32_t b) { return shared.rows[a].at < shared.rows[b].at; });
    RequestColumns columns;
    columns.sourceId = 1;
    std::array<bool, usageClassCount> used{};
    for (const SharedBaseline::Row &row : shared.rows) {
        for (std::size_t i = 0; i < usageClassCount; ++i)
            used[i] = used[i] || row.usage.counts[i] != 0;
    }
    for (const std::string &name : shared.dimensions)
        columns.dimensions.push_back({name, {}, {}});
    std::int64_t number = 0;
    for (const std::uint32_t place : order) {
        const SharedBaseline::Row &row = shared.rows[place];
        const SharedBaseline::Group &group = shared.groups[row.group];
        columns.time.push_back(row.at.micros);
        columns.sourceRow.push_back(++number);
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (used[i])
                columns.usage[i].push_back(row.usage.counts[i]);
        }
        columns.tier.push_back(group.tier);
        columns.status.push_back(group.status);
        columns.billed.push_back(row.recorded);
        for (std::size_t i = 0; i < columns.dimensions.size(); ++i) {
            DimensionColumn &column = columns.dimensions[i];
            column.ids.push_back(column.dictionary.idOf(group.values[i]));
        }
    }
    if (std::none_of(shared.rows.begin(), shared.rows.end(),
                     [](const SharedBaseline::Row &row) { return row.recorded.has_value(); }))
        columns.billed = {};
    WorkloadBuilder builder;
    builder.add(std::move(columns));
    return builder.build();
}

ChargeRow chargeOf(const SharedBaseline::Charge &charge)
{
    ChargeRow row;
    row.period = charge.period;
    row.effective = charge.amount;
    for (const auto &[name, value] : charge.dimensions) {
        std::string *own = name == "provider"      ? &row.provider
                           : name == "service"     ? &row.service
                           : name == "region"      ? &row.region
                           : name == "model"       ? &row.model
                           : name == "workload"    ? &row.workload
                           : name == "environment" ? &row.environment
                           : name == "team"        ? &row.team
                           : name == "feature"     ? &row.feature
                                                   : nullptr;
        if (own)
            *own = value;
        else
            row.virtualDimensions.emplace_back(name, value);
    }
    return row;
}

} // namespace

Ledger ledgerOf(std::shared_ptr<const SharedBaseline> shared)
{
    Ledger ledger;
    ledger.workload = workloadOf(*shared);
    std::vector<ChargeRow> harness;
    std::transform(shared->charges.begin(), shared->charges.end(), std::back_inserter(harness), chargeOf);
    ledger.harness = std::make_shared<const std::vector<ChargeRow>>(std::move(harness));
    ledger.invoices = std::make_shared<const std::vector<ChargeRow>>();
    ledger.outcomes = std::make_shared<const std::vector<OutcomeRow>>(shared->outcomes);
    ledger.currency = shared->currency;
    ledger.digest = shared->ledgerDigest;
    ledger.shared = std::move(shared);
    return ledger;
}

} // namespace perunit
