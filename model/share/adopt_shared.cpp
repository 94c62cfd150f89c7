// SPDX-License-Identifier: GPL-3.0-or-later
// What a baseline takes from a shared one because added-up rows cannot tell it.
#include "model/engine/baseline_impl.h"
#include "model/engine/unit_counts.h"
#include "model/share/shared_baseline.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace perunit {

namespace {

using GroupKey = std::tuple<std::vector<std::string>, ServiceTier, std::string>;

/// Places of the shared groups by what they agree in.
std::map<GroupKey, std::size_t> groupPlaces(const SharedBaseline &shared)
{
    std::map<GroupKey, std::size_t> places;
    for (std::size_t g = 0; g < std::min(shared.groups.size(), shared.gaps.size()); ++g) {
        const SharedBaseline::Group &group = shared.groups[g];
        places.try_emplace(
            {group.values, group.tier, std::string(requestStatusNames[static_cast<std::size_t>(group.status)])}, g);
    }
    return places;
}

GroupKey keyOf(const Profile &profile, const Segment &segment, const SharedBaseline &shared)
{
    std::vector<std::string> values;
    for (const std::string &dimension : shared.dimensions)
        values.push_back(profile.text(segment, dimension));
    return {std::move(values), segment.tier, profile.text(segment, "status")};
}

} // namespace

void Baseline::Impl::adoptShared()
{
    const SharedBaseline &shared = *ledger.shared;
    // Another period has other units, which nobody here can count.
    if (shared.settings.period == period) {
        for (const SharedBaseline::Units &units : shared.units) {
            if (units.months.size() == static_cast<std::size_t>(periodMonths))
                unitCounts[unitCountKey(units.unit)] =
                    std::make_shared<const UnitCounts>(UnitCounts{units.total, units.months});
        }
    }
    std::vector<CacheGaps::Facts> bySegment(profile->segments.size());
    const auto places = groupPlaces(shared);
    for (std::size_t s = 0; s < bySegment.size(); ++s) {
        if (const auto found = places.find(keyOf(*profile, profile->segments[s], shared)); found != places.end())
            bySegment[s] = shared.gaps[found->second];
    }
    gaps = std::make_shared<const CacheGaps>(CacheGaps::fromFacts(bySegment, shared.gapLevel));
}

} // namespace perunit
