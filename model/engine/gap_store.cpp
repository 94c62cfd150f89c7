// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/gap_store.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace perunit {

namespace {

constexpr std::uint32_t day = GapPrecision::longest;
constexpr std::size_t smallestTable = 1024;
/// To look back less loses more than wider steps do: it may cost this many times as much.
constexpr std::size_t entriesForLags = 6;

/// Up to `upTo` seconds gaps are told apart in steps of `step`.
struct Steps {
    std::uint32_t upTo;
    std::uint32_t step;
};
constexpr std::array<std::array<Steps, 4>, GapPrecision::widestSteps + 1> levels{{
    {{{day, 1}, {day, 1}, {day, 1}, {day, 1}}},
    {{{300, 1}, {3600, 10}, {day, 60}, {day, 60}}},
    {{{60, 1}, {600, 10}, {3600, 60}, {day, 900}}},
    {{{60, 30}, {300, 60}, {3600, 300}, {day, 3600}}},
}};

constexpr unsigned stepBits = 17;
constexpr unsigned lagBits = 5;
constexpr std::uint64_t stepMask = (std::uint64_t{1} << stepBits) - 1;
constexpr std::uint64_t lagMask = (std::uint64_t{1} << lagBits) - 1;
static_assert(day <= stepMask && GapPrecision::mostLags <= lagMask + 1);

std::uint64_t keyOf(std::size_t slot, std::size_t lag, std::uint32_t step)
{
    return (((static_cast<std::uint64_t>(slot) << lagBits) | lag) << stepBits) | step;
}

std::size_t placeOf(std::uint64_t key, std::size_t places)
{
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;
    return static_cast<std::size_t>((key * golden) >> (64 - std::countr_zero(places)));
}

} // namespace

std::uint32_t GapPrecision::stepAt(std::uint32_t seconds) const
{
    for (const Steps &steps : levels[static_cast<std::size_t>(std::min(level, widestSteps))]) {
        if (seconds <= steps.upTo)
            return steps.step;
    }
    return 1;
}

std::uint32_t GapPrecision::roundedUp(std::uint32_t seconds) const
{
    const std::uint32_t step = stepAt(seconds);
    return (seconds + step - 1) / step * step;
}

std::uint32_t GapPrecision::roundedDown(std::uint32_t seconds) const
{
    const std::uint32_t step = stepAt(seconds);
    return seconds / step * step;
}

GapStore::GapStore(std::size_t entries)
    : m_budget(entries)
    , m_table(smallestTable)
{}

void GapStore::add(std::size_t slot, const Gap *gaps, std::size_t count)
{
    // What a request has to say lies all over the table: fetched together it is waited for once.
    for (std::size_t lag = 0; lag < std::min(count, m_precision.lags()); ++lag)
        __builtin_prefetch(&m_table[placeOf(keyOf(slot, lag, stepOf(gaps[lag].seconds)), m_table.size())], 1);
    // Precision can be lost on the way.
    for (std::size_t lag = 0; lag < std::min(count, m_precision.lags()); ++lag)
        put(keyOf(slot, lag, stepOf(gaps[lag].seconds)), gaps[lag].tokens);
}

void GapStore::put(std::uint64_t key, std::uint64_t tokens)
{
    const std::size_t mask = m_table.size() - 1;
    std::size_t place = placeOf(key, m_table.size());
    while (m_table[place].key != key && m_table[place].key != 0)
        place = (place + 1) & mask;
    const bool isNew = m_table[place].key == 0;
    m_table[place].key = key;
    addTo(m_table[place].tokens, tokens);
    if (!isNew)
        return;
    ++m_places;
    while (isTooLarge())
        losePrecision();
    if (m_places * 4 > m_table.size() * 3)
        grow();
}

bool GapStore::isTooLarge() const
{
    return m_precision.level < GapPrecision::widestSteps
               ? m_places > m_budget
               : m_precision.level < GapPrecision::oneLag && m_places / entriesForLags > m_budget;
}

void GapStore::grow()
{
    std::vector<Place> old(m_table.size() * 2);
    old.swap(m_table);
    m_places = 0;
    for (const Place &place : old) {
        if (place.key != 0)
            put(place.key, place.tokens);
    }
}

void GapStore::losePrecision()
{
    ++m_precision.level;
    const std::vector<std::uint32_t> endsBefore = std::move(m_endOf);
    makeSteps();
    std::vector<Place> old(m_table.size());
    old.swap(m_table);
    m_places = 0;
    for (const Place &place : old) {
        const auto lag = static_cast<std::size_t>(place.key >> stepBits & lagMask);
        // What is put here can be too large again, and lose more.
        if (place.key == 0 || lag >= m_precision.lags())
            continue;
        const auto step = static_cast<std::uint32_t>(place.key & stepMask);
        put((place.key & ~stepMask) | stepOf(endsBefore.empty() ? step : endsBefore[step]), place.tokens);
    }
}

void GapStore::makeSteps()
{
    m_stepOf.assign(day + 1, 0);
    m_endOf.assign(1, 0);
    for (std::uint32_t seconds = 1; seconds <= day; ++seconds) {
        if (seconds > m_endOf.back())
            m_endOf.push_back(m_precision.roundedUp(seconds));
        m_stepOf[seconds] = static_cast<std::uint32_t>(m_endOf.size() - 1);
    }
}

std::vector<GapStore::Entry> GapStore::finish()
{
    std::vector<Entry> entries;
    entries.reserve(m_places);
    std::sort(m_table.begin(), m_table.end(), [](const Place &a, const Place &b) { return a.key < b.key; });
    for (const Place &place : m_table) {
        if (place.key != 0)
            entries.push_back({place.key >> (lagBits + stepBits),
                               static_cast<std::size_t>(place.key >> stepBits & lagMask),
                               endOf(static_cast<std::uint32_t>(place.key & stepMask)), place.tokens});
    }
    m_table = {};
    return entries;
}

} // namespace perunit
