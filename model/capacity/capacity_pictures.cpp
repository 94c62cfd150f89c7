// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/capacity_figures.h"
#include "model/capacity/hours_of_week.h"

#include "pricing/base/instant.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

constexpr std::size_t mostPoints = 2000;

/// Microseconds of a period that fall into each hour of the week.
std::array<std::int64_t, hoursOfWeek> coveredHours(Period period)
{
    std::array<std::int64_t, hoursOfWeek> covered{};
    for (std::int64_t at = period.from.micros; at < period.to.micros;) {
        const std::int64_t end = std::min(period.to.micros, at - (at % microsPerHour) + microsPerHour);
        covered[hourOfWeek(at)] += end - at;
        at = end;
    }
    return covered;
}

std::int64_t thousandthsOf(Int128 load, Int128 capacity)
{
    return capacity <= 0 ? 0 : static_cast<std::int64_t>(divideHalfEven(load * 1000, capacity));
}

} // namespace

void addPictures(const CapacityMaterial &material, Period period, int binSeconds, CapacityAnswer &answer)
{
    const LoadCurve &curve = material.loads->curve;
    const auto &loads = curve.loads();
    const std::size_t points = std::min(loads.size(), mostPoints);
    for (std::size_t i = 0; i < points; ++i) {
        const std::size_t place = points < 2 ? 0 : i * (loads.size() - 1) / (points - 1);
        answer.duration.push_back(
            {static_cast<PartsPerMillion>(
                 divideHalfEven(static_cast<Int128>(place) * onePpm, std::max<std::int64_t>(curve.binCount(), 1))),
             thousandthsOf(loads[place], curve.capacityPerUnit())});
    }
    if (material.even || material.loads->binLoads.size() != material.loads->traffic.binStarts.size())
        return;
    std::array<Int128, hoursOfWeek> sums{};
    for (std::size_t i = 0; i < material.loads->binLoads.size(); ++i)
        sums[hourOfWeek(material.loads->traffic.binStarts[i])] += material.loads->binLoads[i];
    const auto covered = coveredHours(period);
    const std::int64_t repeats = std::max<std::int64_t>(material.repeats, 1);
    for (std::size_t hour = 0; hour < hoursOfWeek; ++hour) {
        const Int128 capacity = static_cast<Int128>(curve.capacityPerUnit()) * repeats * covered[hour]
                                / (std::int64_t{binSeconds} * microsPerSecond);
        answer.week.push_back(covered[hour] == 0 ? -1 : thousandthsOf(sums[hour], capacity));
    }
}

} // namespace perunit
