// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/parameter_search.h"

#include <algorithm>
#include <set>
#include <vector>

namespace perunit {

namespace {

constexpr std::int64_t widening = 4;

std::int64_t distance(std::int64_t a, std::int64_t b)
{
    return a < b ? b - a : a - b;
}

/// The places of a scan from `from` in one direction, nearest first.
std::vector<std::int64_t> scanOf(std::int64_t count, std::int64_t from, bool upwards, std::int64_t farthest,
                                 int evenParts)
{
    std::set<std::int64_t> distances;
    const std::int64_t last = std::min(farthest, upwards ? count - 1 - from : from);
    for (std::int64_t away = 1; away <= last; away *= widening) {
        distances.insert(away);
        if (away > last / widening)
            break;
    }
    for (int part = 0; part <= evenParts; ++part) {
        const auto place = static_cast<std::int64_t>(static_cast<Int128>(count - 1) * part / evenParts);
        if ((upwards ? place > from : place < from) && distance(place, from) <= last)
            distances.insert(distance(place, from));
    }
    if (last > 0)
        distances.insert(last);
    std::vector<std::int64_t> result;
    for (const std::int64_t away : distances)
        result.push_back(upwards ? from + away : from - away);
    return result;
}

} // namespace

ParameterSearch::ParameterSearch(std::int64_t count, Probe probe, int evenParts)
    : m_count(count)
    , m_probe(std::move(probe))
    , m_evenParts(evenParts)
{}

Result<SearchedPlace> ParameterSearch::at(std::int64_t index)
{
    if (const auto known = m_known.find(index); known != m_known.end())
        return known->second;
    auto place = m_probe(index);
    if (place)
        m_known.emplace(index, *place);
    return place;
}

Result<bool> ParameterSearch::isAsWanted(std::int64_t index, bool wanted)
{
    const auto place = at(index);
    if (!place)
        return place.error();
    return (place->possible && place->meets) == wanted;
}

bool ParameterSearch::isLower(std::int64_t a, std::int64_t b, bool wanted) const
{
    const SearchedPlace &one = m_known.at(a);
    const SearchedPlace &other = m_known.at(b);
    if (!one.possible || !other.possible)
        return one.possible;
    return wanted ? one.gap < other.gap : one.gap > other.gap;
}

Result<ParameterSearch::Crossing> ParameterSearch::halved(std::int64_t before, std::int64_t index, bool wanted)
{
    while (distance(before, index) > 1) {
        const std::int64_t middle = before + (index - before) / 2;
        const auto there = isAsWanted(middle, wanted);
        if (!there)
            return there.error();
        (*there ? index : before) = middle;
    }
    return Crossing{index, before};
}

Result<std::optional<std::int64_t>> ParameterSearch::followed(std::int64_t one, std::int64_t other, bool wanted)
{
    std::int64_t low = std::min(one, other);
    std::int64_t high = std::max(one, other);
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        for (const std::int64_t index : {middle, middle + 1}) {
            const auto there = isAsWanted(index, wanted);
            if (!there)
                return there.error();
            if (*there)
                return std::optional(index);
        }
        if (isLower(middle + 1, middle, wanted))
            low = middle + 1;
        else
            high = middle;
    }
    return std::optional<std::int64_t>();
}

Result<std::optional<ParameterSearch::Crossing>> ParameterSearch::nearest(std::int64_t from, bool upwards, bool wanted,
                                                                          std::int64_t farthest)
{
    // Looked at first, so that dips beside it are seen.
    if (const auto start = at(from); !start)
        return start.error();
    std::optional<std::int64_t> earlier;
    std::int64_t before = from;
    for (const std::int64_t place : scanOf(m_count, from, upwards, farthest, m_evenParts)) {
        const auto there = isAsWanted(place, wanted);
        if (!there)
            return there.error();
        std::optional<std::int64_t> hit;
        if (*there) {
            hit = place;
        } else if (earlier && isLower(before, *earlier, wanted) && !isLower(place, before, wanted)) {
            auto dip = followed(*earlier, place, wanted);
            if (!dip)
                return dip.error();
            hit = *dip;
            // What was not yet so on the way to the dip.
            if (hit && distance(*hit, from) < distance(before, from))
                before = *earlier;
        }
        if (hit) {
            const auto crossing = halved(before, *hit, wanted);
            if (!crossing)
                return crossing.error();
            return std::optional(*crossing);
        }
        earlier = before;
        before = place;
    }
    return std::optional<Crossing>();
}

std::optional<std::int64_t> ParameterSearch::best(std::int64_t from) const
{
    std::optional<std::int64_t> result;
    for (const auto &[index, place] : m_known) {
        if (!place.possible)
            continue;
        const bool better =
            !result || place.gap < m_known.at(*result).gap
            || (place.gap == m_known.at(*result).gap && distance(index, from) < distance(*result, from));
        if (better)
            result = index;
    }
    return result;
}

} // namespace perunit
