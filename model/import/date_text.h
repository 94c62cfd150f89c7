// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace perunit {

/// In which order a column writes day and month when the year comes last.
enum class DateOrder {
    MonthFirst, ///< 8/13/2026
    DayFirst,   ///< 13/8/2026
    PerValue    ///< both occur: only dates that can be read one way are accepted
};

/// What the values of a column (or of a file) say about the order of day and month.
struct DateEvidence {
    std::int64_t monthFirst = 0;
    std::int64_t dayFirst = 0;
    std::int64_t ambiguous = 0;
    std::string example;   ///< the first ambiguous value
    std::string settledBy; ///< the first value that can be read one way only
    std::int64_t settledLine = 0;

    /// `line` of the file on which the value stands, for settledLine.
    void add(std::string_view value, std::int64_t line = 0);
    void add(const DateEvidence &other);
};

struct DateDecision {
    DateOrder order = DateOrder::MonthFirst;
    std::string warning; ///< without the column's name; empty when the data settled it
    bool open = false;   ///< nothing in the file says how the dates are meant: the user must
};
DateDecision decideDates(const DateEvidence &column, const DateEvidence &file);

/// Reads what parseInstant() reads, and "8/13/2026 10:00 PM", "13.08.2026", "03-Aug-2026", "2026-08", "202608",
/// "20260813", epoch seconds (with or without fraction), milliseconds, microseconds and nanoseconds.
/// Without an offset the time is UTC. Errors: BadInput with the reason.
Result<Instant> parseTime(std::string_view text, DateOrder order);

/// Reads one time after the other: parseTime() with the last day at hand.
class TimeReader
{
public:
    Result<Instant> read(std::string_view text, DateOrder order);

private:
    bool plain(std::string_view text, Instant &result);

    std::array<char, 10> m_date{};
    Instant m_day;
};

} // namespace perunit
