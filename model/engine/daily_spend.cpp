// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/evaluate.h"

#include "model/engine/baseline_impl.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

constexpr std::size_t memoryDays = 28;
constexpr std::size_t leastHistory = 7;

/// The middle value, or half the sum of the two middle ones, rounded down; the values are reordered.
Femto medianOf(std::vector<Femto> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    if (values.size() % 2 == 1)
        return values[middle];
    return Femto::ofUnits((values[middle - 1] + values[middle]).units() / 2);
}

/// The values of up to 28 days before a day.
std::vector<Femto> historyBefore(const std::vector<Femto> &days, std::size_t day)
{
    const std::size_t first = day > memoryDays ? day - memoryDays : 0;
    return {days.begin() + static_cast<std::ptrdiff_t>(first), days.begin() + static_cast<std::ptrdiff_t>(day)};
}

} // namespace

DailySpend dailySpend(const Baseline &baseline)
{
    const Baseline::Impl &impl = baseline.impl();
    const Profile &profile = *impl.profile;
    const Workload &workload = *impl.ledger.workload;
    DailySpend result;
    if (impl.period.isEmpty())
        return result;
    const std::int64_t firstDay = dayOf(impl.period.from);
    const auto dayCount = static_cast<std::size_t>(dayOf({impl.period.to.micros - 1}) - firstDay + 1);
    for (std::size_t i = 0; i < dayCount; ++i) {
        DailySpend::Day day;
        day.day = {(firstDay + static_cast<std::int64_t>(i)) * microsPerDay};
        result.days.push_back(std::move(day));
    }

    // Cost per day of each (workload, model), which is also what explains an unusual day.
    std::map<std::pair<std::string, std::string>, std::size_t> placeOf;
    std::vector<std::string> driverNames;
    std::vector<std::size_t> driverOfSegment;
    for (const Segment &segment : profile.segments) {
        const std::string &name = profile.text(segment, "workload");
        const std::string &model = profile.names[segment.resolution].model;
        const auto [found, isNew] = placeOf.try_emplace({name, model}, driverNames.size());
        if (isNew)
            driverNames.push_back(name.empty() ? model : name + ", " + model);
        driverOfSegment.push_back(found->second);
    }
    std::vector<std::vector<Femto>> costs(driverNames.size(), std::vector<Femto>(dayCount));
    for (std::size_t row = profile.firstRow; row < profile.endRow; ++row) {
        Components components;
        std::int64_t unpriced = 0;
        impl.addActual(row, components, unpriced);
        const auto day = static_cast<std::size_t>(dayOf({workload.time[row]}) - firstDay);
        const Block &block = profile.blocks[profile.blockOfRow[row - profile.firstRow]];
        const Femto cost = components.total();
        costs[driverOfSegment[block.segment]][day] += cost;
        result.days[day].cost += cost;
        result.days[day].requests += workload.count(UsageClass::Request, row);
    }

    std::vector<Femto> totals;
    Femto sum;
    for (const DailySpend::Day &day : result.days) {
        totals.push_back(day.cost);
        sum += day.cost;
    }
    // Below half a mean day nothing is worth a look, however quiet the weeks before were.
    const Femto floor = Femto::ofUnits(sum.units() / static_cast<Int128>(dayCount) / 2);
    for (std::size_t i = leastHistory; i < dayCount; ++i) {
        DailySpend::Day &day = result.days[i];
        day.usual = medianOf(historyBefore(totals, i));
        const Femto excess = day.cost - day.usual;
        if (day.cost <= day.usual + day.usual || excess <= floor)
            continue;
        day.unusual = true;
        Femto largest;
        for (std::size_t driver = 0; driver < costs.size(); ++driver) {
            const Femto own = costs[driver][i] - medianOf(historyBefore(costs[driver], i));
            if (own > largest) {
                largest = own;
                day.driver = driverNames[driver];
            }
        }
    }
    return result;
}

} // namespace perunit
