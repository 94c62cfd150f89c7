// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace perunit {

/// A moment in UTC, in microseconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t micros = 0;

    // clang-tidy 14 takes the 0 of a rewritten comparison for a pointer.
    auto operator<=>(const Instant &) const = default; // NOLINT(modernize-use-nullptr)
};

/// A calendar month as a running number: year * 12 + (month - 1).
struct Month {
    std::int32_t index = 0;

    static constexpr Month of(int year, int month) { return {year * 12 + month - 1}; }
    [[nodiscard]] constexpr int year() const { return index / 12; }
    [[nodiscard]] constexpr int month() const { return index % 12 + 1; }
    [[nodiscard]] constexpr Month plus(int months) const { return {index + months}; }
    /// First instant of the month, UTC.
    [[nodiscard]] Instant start() const;
    /// "2026-10", the form used in files and in `--json`.
    [[nodiscard]] std::string text() const;

    auto operator<=>(const Month &) const = default;
};

inline constexpr std::int64_t microsPerSecond = 1'000'000;
inline constexpr std::int64_t microsPerMinute = 60 * microsPerSecond;
inline constexpr std::int64_t microsPerHour = 60 * microsPerMinute;
inline constexpr std::int64_t microsPerDay = 24 * microsPerHour;

/// Half-open span [from, to).
struct Period {
    Instant from;
    Instant to;

    [[nodiscard]] bool isEmpty() const { return to <= from; }
    [[nodiscard]] bool contains(Instant at) const { return from <= at && at < to; }
    bool operator==(const Period &) const = default;
};

Month monthOf(Instant at);
/// Days since 1970-01-01, rounded towards the past.
std::int64_t dayOf(Instant at);
Instant instantOf(int year, int month, int day, int hour = 0, int minute = 0, int second = 0);

/// Reads "2026-10-03", "2026-10-03T12:00:00.25Z", "2026-10-03 12:00:00", "…+02:00", with or without
/// seconds, up to 9 fraction digits. Without an offset the time is taken as UTC. Errors: BadInput.
Result<Instant> parseInstant(std::string_view text);

/// RFC 3339 in UTC; the fraction is shown only when it is not zero.
std::string formatInstant(Instant at);
/// "2026-10-03".
std::string formatDate(Instant at);

} // namespace perunit
