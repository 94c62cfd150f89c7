// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/unit_counts.h"

#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr Int128 moneyPerMillionth = 1'000'000'000'000'000'000;

/// Row numbers (from the first row of the period) at which its calendar months begin, with the end.
std::vector<std::size_t> monthStarts(const Baseline::Impl &baseline)
{
    const auto &time = baseline.ledger.workload->time;
    std::vector<std::size_t> starts;
    for (int month = 0; month < baseline.periodMonths; ++month) {
        const auto first = std::lower_bound(time.begin(), time.end(), baseline.periodMonth(month).from.micros);
        starts.push_back(static_cast<std::size_t>(first - time.begin()) - baseline.profile->firstRow);
    }
    starts.push_back(baseline.profile->endRow - baseline.profile->firstRow);
    return starts;
}

UnitCounts distinctValues(const Baseline::Impl &baseline, const EconomicUnit &unit, const std::vector<char> &wanted)
{
    UnitCounts counts;
    counts.months.assign(static_cast<std::size_t>(baseline.periodMonths), 0);
    const DimensionColumn *column = baseline.ledger.workload->dimension(unit.denominator.name);
    if (!column)
        return counts;
    const auto starts = monthStarts(baseline);
    // The month in which a value was last seen; months come in order.
    std::vector<std::int32_t> seenIn(column->dictionary.size(), -1);
    for (std::size_t month = 0; month + 1 < starts.size(); ++month) {
        for (std::size_t i = starts[month]; i < starts[month + 1]; ++i) {
            const std::uint32_t id = column->ids[baseline.profile->firstRow + i];
            if (!wanted[i] || id == 0 || seenIn[id] == static_cast<std::int32_t>(month))
                continue;
            counts.total += seenIn[id] < 0 ? onePpm : 0;
            seenIn[id] = static_cast<std::int32_t>(month);
            counts.months[month] += onePpm;
        }
    }
    return counts;
}

UnitCounts requestsIn(const Baseline::Impl &baseline, const std::vector<char> &wanted)
{
    UnitCounts counts;
    const auto starts = monthStarts(baseline);
    for (std::size_t month = 0; month + 1 < starts.size(); ++month) {
        Int128 requests = 0;
        for (std::size_t i = starts[month]; i < starts[month + 1]; ++i) {
            if (wanted[i])
                requests += baseline.ledger.workload->count(UsageClass::Request, baseline.profile->firstRow + i);
        }
        counts.months.push_back(requests * onePpm);
        counts.total += requests * onePpm;
    }
    return counts;
}

UnitCounts outcomesIn(const Baseline::Impl &baseline, const EconomicUnit &unit)
{
    UnitCounts counts;
    std::vector<Int128> months(static_cast<std::size_t>(baseline.periodMonths), 0);
    Int128 total = 0;
    const Instant firstDay{dayOf(baseline.period.from) * microsPerDay};
    if (baseline.ledger.outcomes) {
        for (const OutcomeRow &row : *baseline.ledger.outcomes) {
            if (row.metric != unit.denominator.name || row.day < firstDay || row.day >= baseline.period.to)
                continue;
            const int month = std::max(0, monthOf(row.day).index - baseline.firstPeriodMonth.index);
            months[static_cast<std::size_t>(month)] += row.value.units();
            total += row.value.units();
        }
    }
    for (const Int128 month : months)
        counts.months.push_back(divideHalfEven(month, moneyPerMillionth));
    counts.total = divideHalfEven(total, moneyPerMillionth);
    return counts;
}

} // namespace

std::vector<char> rowsMatching(const Baseline::Impl &baseline, const Scope &scope)
{
    const Profile &profile = *baseline.profile;
    const Workload &workload = *baseline.ledger.workload;
    Scope coarse;
    std::vector<char> result(profile.endRow - profile.firstRow, 1);
    for (const auto &[dimension, values] : scope.conditions) {
        if (!isUnitDimension(dimension)) {
            coarse.conditions[dimension] = values;
            continue;
        }
        const DimensionColumn *column = workload.dimension(dimension);
        std::vector<char> wanted(column ? column->dictionary.size() : 1, 0);
        for (const std::string &value : values) {
            const std::uint32_t id = column ? column->dictionary.find(value) : value.empty() ? 0 : Dictionary::missing;
            if (id != Dictionary::missing)
                wanted[id] = 1;
        }
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] &= wanted[column ? column->ids[profile.firstRow + i] : 0];
    }
    if (!coarse.isEverything()) {
        const std::vector<char> segments = profile.matching(coarse);
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] &= segments[profile.blocks[profile.blockOfRow[i]].segment];
    }
    return result;
}

bool isSegmentScope(const Scope &scope)
{
    return std::none_of(scope.conditions.begin(), scope.conditions.end(),
                        [](const auto &condition) { return isUnitDimension(condition.first); });
}

std::string unitCountKey(const EconomicUnit &unit)
{
    EconomicUnit keyed;
    keyed.scope = unit.scope;
    keyed.denominator = unit.denominator;
    return writeUnit(keyed);
}

Result<std::shared_ptr<const UnitCounts>> countUnits(const Baseline::Impl &baseline, const EconomicUnit &unit,
                                                     std::stop_token stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled, "stopped", "", ""};
    const std::string key = unitCountKey(unit);
    {
        const std::lock_guard lock(baseline.mutex);
        if (const auto known = baseline.unitCounts.find(key); known != baseline.unitCounts.end())
            return known->second;
    }
    UnitCounts counts;
    switch (unit.denominator.kind) {
    case UnitDenominator::Kind::DistinctValues:
        counts = distinctValues(baseline, unit, rowsMatching(baseline, unit.scope));
        break;
    case UnitDenominator::Kind::Requests:
        counts = requestsIn(baseline, rowsMatching(baseline, unit.scope));
        break;
    case UnitDenominator::Kind::Outcome:
        counts = outcomesIn(baseline, unit);
        break;
    }
    auto made = std::make_shared<const UnitCounts>(std::move(counts));
    const std::lock_guard lock(baseline.mutex);
    return baseline.unitCounts.try_emplace(key, std::move(made)).first->second;
}

} // namespace perunit
