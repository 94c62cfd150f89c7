// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/hours_of_week.h"

#include <algorithm>

namespace perunit {

std::size_t hourOfWeek(std::int64_t micros)
{
    // 1970 began on a Thursday, 72 hours into its week.
    const std::int64_t hour = micros / microsPerHour - (micros % microsPerHour < 0 ? 1 : 0);
    return static_cast<std::size_t>(((hour + 72) % 168 + 168) % 168);
}

void closeOutsideHours(const CapacityQuestion::Endpoint &endpoint, PoolTraffic &traffic)
{
    const Int128 week = static_cast<Int128>(endpoint.hoursPerDay) * endpoint.daysPerWeek;
    constexpr Int128 wholeWeek = static_cast<Int128>(hoursOfWeek) * onePpm;
    if (week >= wholeWeek)
        return;
    const Int128 open = static_cast<Int128>(endpoint.hoursPerDay) * microsPerHour / onePpm;
    LoadOfHorizon &load = traffic.load;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < load.bins.size(); ++i) {
        const std::int64_t at = traffic.binStarts[i];
        const auto weekday = static_cast<int>(hourOfWeek(at) / 24);
        const std::int64_t sinceFirst = at % (24 * microsPerHour) - endpoint.firstHour * microsPerHour;
        if (weekday < endpoint.daysPerWeek && sinceFirst >= 0 && sinceFirst < open) {
            load.bins[kept] = load.bins[i];
            traffic.binStarts[kept++] = at;
        } else {
            load.neverServedCost += load.bins[i].cost;
            load.neverServedLoad += load.bins[i].load;
        }
    }
    load.bins.resize(kept);
    traffic.binStarts.resize(kept);
    load.binCount =
        std::max(static_cast<std::int64_t>(kept), static_cast<std::int64_t>(load.binCount * week / wholeWeek));
}

} // namespace perunit
