// SPDX-License-Identifier: GPL-3.0-or-later
// What requests send and receive in each minute, for pools that serve so many tokens a minute.
#pragma once

#include "model/engine/profile.h"
#include "model/workload/workload.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace perunit {

/// Whole minutes since 1970 (UTC) of a time in microseconds.
std::int64_t minuteOf(std::int64_t micros);

/// The minutes in which a baseline has requests, in order. Four bytes a minute; immutable.
class Minutes
{
public:
    Minutes(const Workload &workload, std::size_t firstRow, std::size_t endRow);

    /// Minutes whose requests are rows [from, to) of the workload; both ends must part minutes.
    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> within(std::size_t from, std::size_t to) const;
    /// Rows of the workload in a minute.
    [[nodiscard]] std::pair<std::size_t, std::size_t> rowsOf(std::uint32_t minute) const
    {
        return {m_firstRow + m_starts[minute], m_firstRow + m_starts[minute + 1]};
    }

private:
    std::size_t m_firstRow = 0;
    std::vector<std::uint32_t> m_starts; ///< from the first row; the last one ends the last minute
};

/// Token counts that weigh in the load of a pool: input, read, write for five minutes, write for an hour, output with
/// reasoning.
using LoadCounts = std::array<std::int64_t, 5>;

/// Classes that weigh, and what is a part of output.
inline constexpr std::array<UsageClass, 6> loadClasses{UsageClass::Input,        UsageClass::CacheRead,
                                                       UsageClass::CacheWrite5m, UsageClass::CacheWrite1h,
                                                       UsageClass::Output,       UsageClass::Reasoning};

/// Reads the counts of requests, row by row. For one thread.
class LoadReader
{
public:
    explicit LoadReader(const Workload &workload);
    [[nodiscard]] LoadCounts counts(std::size_t row)
    {
        LoadCounts result{};
        for (Column &column : m_columns)
            result[std::min<std::size_t>(column.place, 4)] += column.reader.at(row);
        return result;
    }
    /// Calls visit(place in loadClasses, count) for the classes that occur.
    template <typename Visit>
    void forEach(std::size_t row, const Visit &visit)
    {
        for (Column &column : m_columns)
            visit(column.place, column.reader.at(row));
    }

private:
    struct Column {
        std::size_t place = 0;
        PackedReader reader;
    };
    std::vector<Column> m_columns;
};

/// Which requests weigh alike: those of a block with prompts below a length and not in the entry before. Sorted by
/// block, then length.
struct KindOfPrompts {
    std::uint32_t block = 0;
    std::int64_t below = 0;
    std::uint32_t kind = 0;
    friend auto operator<=>(const KindOfPrompts &, const KindOfPrompts &) = default;
};

/// Counts of a span of minutes by kind.
struct MinuteSums {
    std::size_t kinds = 0;
    std::vector<std::uint32_t> counts; ///< by minute, then kind, then as LoadCounts

    [[nodiscard]] const std::uint32_t *at(std::size_t minute) const { return counts.data() + minute * kinds * 5; }
};

/// Keeps the sums that were asked for last: while a slider moves, weights change and sums do not. Safe to share
/// between threads.
class MinuteStore
{
public:
    struct Wanted {
        const Profile *profile = nullptr;
        std::uint32_t firstMinute = 0;
        std::uint32_t endMinute = 0;
        std::vector<KindOfPrompts> kinds;
        friend bool operator==(const Wanted &, const Wanted &) = default;
    };

    MinuteStore(const Workload &workload, std::size_t firstRow, std::size_t endRow);
    [[nodiscard]] const Minutes &minutes() const { return m_minutes; }
    /// Null when there are so many kinds, or so many tokens in a minute, that sums are not worth their memory.
    Result<std::shared_ptr<const MinuteSums>> sums(const Wanted &wanted, std::stop_token stop);

private:
    struct Kept {
        Wanted wanted;
        std::shared_ptr<const MinuteSums> sums;
    };
    [[nodiscard]] Result<std::shared_ptr<const MinuteSums>> add(const Wanted &wanted, std::size_t kinds,
                                                                std::stop_token stop) const;

    const Workload &m_workload;
    const Minutes m_minutes;
    std::size_t m_mostBytes = 0; ///< of all that is kept
    std::mutex m_mutex;
    std::list<Kept> m_kept; ///< the last one asked for first
};

} // namespace perunit
