// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/minute_sums.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

/// What sums may take beside the requests themselves.
constexpr std::size_t leastBytes = std::size_t{32} << 20;
constexpr std::size_t bytesPerRow = 8;

} // namespace

std::int64_t minuteOf(std::int64_t micros)
{
    const std::int64_t quotient = micros / microsPerMinute;
    return micros % microsPerMinute < 0 ? quotient - 1 : quotient;
}

Minutes::Minutes(const Workload &workload, std::size_t firstRow, std::size_t endRow)
    : m_firstRow(firstRow)
{
    std::int64_t ends = std::numeric_limits<std::int64_t>::min();
    for (std::size_t row = firstRow; row < endRow; ++row) {
        const std::int64_t time = workload.time[row];
        if (time < ends)
            continue;
        ends = (minuteOf(time) + 1) * microsPerMinute;
        m_starts.push_back(static_cast<std::uint32_t>(row - firstRow));
    }
    m_starts.push_back(static_cast<std::uint32_t>(endRow - firstRow));
}

std::pair<std::uint32_t, std::uint32_t> Minutes::within(std::size_t from, std::size_t to) const
{
    const auto minuteAt = [this](std::size_t row) {
        const auto found = std::lower_bound(m_starts.begin(), m_starts.end(), row - m_firstRow);
        return static_cast<std::uint32_t>(found - m_starts.begin());
    };
    return {minuteAt(from), minuteAt(to)};
}

LoadClasses::LoadClasses(const std::vector<UsageClass> &others)
{
    for (const UsageClass usageClass : text)
        m_classes.push_back(usageClass);
    for (const UsageClass usageClass : others)
        m_classes.push_back(usageClass);
}

LoadReader::LoadReader(const Workload &workload, const LoadClasses &classes)
{
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const auto &column = workload.usage[static_cast<std::size_t>(classes[i])];
        if (!column.empty())
            m_columns.push_back({i, PackedReader(&column.numbers())});
    }
}

std::vector<std::size_t> LoadReader::places() const
{
    std::vector<std::size_t> result;
    for (const Column &column : m_columns)
        result.push_back(column.place);
    return result;
}

MinuteStore::MinuteStore(const Workload &workload, std::size_t firstRow, std::size_t endRow)
    : m_workload(workload)
    , m_minutes(workload, firstRow, endRow)
    , m_mostBytes(leastBytes + (endRow - firstRow) * bytesPerRow)
{}

Result<std::shared_ptr<const MinuteSums>> MinuteStore::sums(const Wanted &wanted, std::stop_token stop)
{
    std::size_t kinds = 0;
    for (const KindOfPrompts &each : wanted.kinds)
        kinds = std::max<std::size_t>(kinds, each.kind + std::size_t{1});
    const std::size_t perMinute = kinds * LoadReader(m_workload, wanted.classes).places().size();
    if ((wanted.endMinute - wanted.firstMinute) * perMinute * sizeof(std::uint32_t) > m_mostBytes)
        return std::shared_ptr<const MinuteSums>{};
    {
        const std::lock_guard lock(m_mutex);
        const auto found =
            std::find_if(m_kept.begin(), m_kept.end(), [&wanted](const Kept &kept) { return kept.wanted == wanted; });
        if (found != m_kept.end()) {
            m_kept.splice(m_kept.begin(), m_kept, found);
            return m_kept.front().sums;
        }
    }
    auto sums = add(wanted, kinds, std::move(stop));
    if (!sums)
        return sums;
    const std::lock_guard lock(m_mutex);
    m_kept.push_front({wanted, *sums});
    std::size_t bytes = 0;
    for (auto kept = m_kept.begin(); kept != m_kept.end();) {
        bytes += (kept->sums ? kept->sums->bytes() : 0) + kept->wanted.kinds.size() * sizeof(KindOfPrompts);
        kept = bytes > m_mostBytes && kept != m_kept.begin() ? m_kept.erase(kept) : std::next(kept);
    }
    return sums;
}

Result<std::shared_ptr<const MinuteSums>> MinuteStore::add(const Wanted &wanted, std::size_t kinds,
                                                           std::stop_token stop) const
{
    const Profile &profile = *wanted.profile;
    std::vector<std::uint32_t> firstOfBlock(profile.blocks.size() + 1, 0);
    for (const KindOfPrompts &each : wanted.kinds)
        ++firstOfBlock[each.block + 1];
    for (std::size_t i = 1; i < firstOfBlock.size(); ++i)
        firstOfBlock[i] += firstOfBlock[i - 1];

    auto result = std::make_shared<MinuteSums>();
    LoadReader reader(m_workload, wanted.classes);
    result->kinds = kinds;
    result->places = reader.places();
    const std::size_t width = result->places.size();
    result->counts.reserve((wanted.endMinute - wanted.firstMinute) * kinds * width);
    std::vector<std::int64_t> sums(kinds * width);
    const bool tellsRows =
        wanted.rows && wanted.kinds.size() < MinuteSums::noEntry && wanted.endMinute > wanted.firstMinute;
    if (tellsRows) {
        result->firstRow = m_minutes.rowsOf(wanted.firstMinute).first;
        result->entryOfRow.assign(m_minutes.rowsOf(wanted.endMinute - 1).second - result->firstRow,
                                  MinuteSums::noEntry);
    }
    for (std::uint32_t minute = wanted.firstMinute; minute < wanted.endMinute; ++minute) {
        if (minute % 4096 == 0 && stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        std::fill(sums.begin(), sums.end(), 0);
        const auto [first, end] = m_minutes.rowsOf(minute);
        for (std::size_t row = first; row < end; ++row) {
            const std::uint32_t block = profile.blockOfRow[row - profile.firstRow];
            std::uint32_t at = firstOfBlock[block];
            const std::uint32_t last = firstOfBlock[block + 1];
            if (at == last)
                continue;
            if (last - at > 1) {
                for (const std::int64_t prompt = m_workload.promptTokens(row); prompt >= wanted.kinds[at].below;)
                    ++at;
            }
            if (tellsRows)
                result->entryOfRow[row - result->firstRow] = static_cast<std::uint16_t>(at);
            std::int64_t *sum = sums.data() + wanted.kinds[at].kind * width;
            reader.forEach(row, [&sum](std::size_t, std::int64_t count) { *sum++ += count; });
        }
        for (const std::int64_t count : sums) {
            if (count > std::numeric_limits<std::uint32_t>::max())
                return std::shared_ptr<const MinuteSums>{};
            result->counts.push_back(static_cast<std::uint32_t>(count));
        }
    }
    return std::shared_ptr<const MinuteSums>(std::move(result));
}

} // namespace perunit
