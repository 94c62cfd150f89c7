// SPDX-License-Identifier: GPL-3.0-or-later
// What requests send and receive in each minute, for pools that serve so many tokens a minute.
#pragma once

#include "model/engine/profile.h"
#include "model/workload/workload.h"

#include <array>
#include <cstdint>
#include <limits>
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

/// The classes that a pool serves, each with a place: text, which every offer weighs, then those that an offer weighs
/// besides.
class LoadClasses
{
public:
    /// Input, read, write for five minutes, write for an hour, output, reasoning.
    static constexpr std::size_t textClasses = 6;
    static constexpr std::array<UsageClass, textClasses> text{UsageClass::Input,        UsageClass::CacheRead,
                                                              UsageClass::CacheWrite5m, UsageClass::CacheWrite1h,
                                                              UsageClass::Output,       UsageClass::Reasoning};

    explicit LoadClasses(const std::vector<UsageClass> &others = {});
    [[nodiscard]] std::size_t size() const { return m_classes.size(); }
    [[nodiscard]] UsageClass operator[](std::size_t place) const { return m_classes[place]; }
    /// Reasoning weighs as output, so that there is one weight less than classes.
    [[nodiscard]] std::size_t weights() const { return m_classes.size() - 1; }
    /// Which weight counts for the class at a place.
    static constexpr std::size_t weightOf(std::size_t place) { return place < textClasses - 1 ? place : place - 1; }
    friend bool operator==(const LoadClasses &, const LoadClasses &) = default;

private:
    std::vector<UsageClass> m_classes;
};

/// Reads the counts of requests, row by row. For one thread.
class LoadReader
{
public:
    LoadReader(const Workload &workload, const LoadClasses &classes);
    /// Of the classes that occur at all.
    [[nodiscard]] std::vector<std::size_t> places() const;
    /// Calls visit(place in the classes, count) for the classes that occur.
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
    std::vector<std::size_t> places;   ///< of the classes that occur at all
    std::vector<std::uint32_t> counts; ///< by minute, then kind, then place
    /// Where rows were asked for: by row from `firstRow` on its place in Wanted::kinds, or noEntry.
    std::size_t firstRow = 0;
    std::vector<std::uint16_t> entryOfRow;
    static constexpr std::uint16_t noEntry = std::numeric_limits<std::uint16_t>::max();

    [[nodiscard]] std::size_t bytes() const
    {
        return counts.size() * sizeof(std::uint32_t) + entryOfRow.size() * sizeof(std::uint16_t);
    }
    [[nodiscard]] const std::uint32_t *at(std::size_t minute) const
    {
        return counts.data() + minute * kinds * places.size();
    }
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
        LoadClasses classes;
        bool rows = false; ///< to be told of each row where it belongs, if there are few enough kinds
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
