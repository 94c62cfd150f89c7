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

/// Inference cost by day, in total and by (workload, model), which is what explains an unusual day.
class SpendWriter
{
public:
    explicit SpendWriter(const Baseline::Impl &baseline)
        : m_baseline(baseline)
        , m_profile(*baseline.profile)
        , m_firstDay(dayOf(baseline.period.from))
        , m_dayCount(static_cast<std::size_t>(dayOf({baseline.period.to.micros - 1}) - m_firstDay + 1))
    {}

    DailySpend write()
    {
        for (std::size_t i = 0; i < m_dayCount; ++i) {
            DailySpend::Day day;
            day.day = {(m_firstDay + static_cast<std::int64_t>(i)) * microsPerDay};
            m_spend.days.push_back(std::move(day));
        }
        nameDrivers();
        addRows();
        markUnusual();
        return std::move(m_spend);
    }

private:
    void nameDrivers()
    {
        std::map<std::pair<std::string, std::string>, std::size_t> placeOf;
        for (const Segment &segment : m_profile.segments) {
            const std::string &workload = m_profile.text(segment, "workload");
            const std::string &model = m_profile.names[segment.resolution].model;
            const auto [found, isNew] = placeOf.try_emplace({workload, model}, m_drivers.size());
            if (isNew)
                m_drivers.push_back(workload.empty() ? model : workload + ", " + model);
            m_driverOfSegment.push_back(found->second);
        }
        m_costs.assign(m_drivers.size(), std::vector<Femto>(m_dayCount));
    }

    void addRows()
    {
        const Workload &workload = *m_baseline.ledger.workload;
        for (std::size_t row = m_profile.firstRow; row < m_profile.endRow; ++row) {
            Components components;
            std::int64_t unpriced = 0;
            m_baseline.addActual(row, components, unpriced);
            const auto day = static_cast<std::size_t>(dayOf({workload.time[row]}) - m_firstDay);
            const Block &block = m_profile.blocks[m_profile.blockOfRow[row - m_profile.firstRow]];
            const Femto cost = components.total();
            m_costs[m_driverOfSegment[block.segment]][day] += cost;
            m_spend.days[day].cost += cost;
            m_spend.days[day].requests += workload.count(UsageClass::Request, row);
        }
    }

    void markUnusual()
    {
        std::vector<Femto> totals;
        Femto sum;
        for (const DailySpend::Day &day : m_spend.days) {
            totals.push_back(day.cost);
            sum += day.cost;
        }
        // Below half a mean day nothing is worth a look, however quiet the weeks before were.
        const Femto floor = Femto::ofUnits(sum.units() / static_cast<Int128>(m_dayCount) / 2);
        for (std::size_t i = leastHistory; i < m_dayCount; ++i) {
            DailySpend::Day &day = m_spend.days[i];
            day.usual = medianOf(historyBefore(totals, i));
            day.unusual = day.cost > day.usual + day.usual && day.cost - day.usual > floor;
            if (day.unusual)
                day.driver = driverOf(i);
        }
    }

    /// The driver that exceeds its own usual day by most.
    [[nodiscard]] std::string driverOf(std::size_t day) const
    {
        std::string result;
        Femto largest;
        for (std::size_t driver = 0; driver < m_costs.size(); ++driver) {
            const Femto excess = m_costs[driver][day] - medianOf(historyBefore(m_costs[driver], day));
            if (excess > largest) {
                largest = excess;
                result = m_drivers[driver];
            }
        }
        return result;
    }

    const Baseline::Impl &m_baseline;
    const Profile &m_profile;
    std::int64_t m_firstDay;
    std::size_t m_dayCount;
    DailySpend m_spend;
    std::vector<std::string> m_drivers;
    std::vector<std::size_t> m_driverOfSegment;
    std::vector<std::vector<Femto>> m_costs; ///< by driver, then day
};

} // namespace

DailySpend dailySpend(const Baseline &baseline)
{
    const Baseline::Impl &impl = baseline.impl();
    return impl.period.isEmpty() ? DailySpend{} : SpendWriter(impl).write();
}

} // namespace perunit
