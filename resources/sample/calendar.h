// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace perunit::sample {

inline constexpr std::int64_t millisPerDay = 86'400'000;
inline constexpr std::int64_t millisPerHour = 3'600'000;
inline constexpr std::int64_t millisPerMinute = 60'000;

/// A day of the sample period: 0 is 1 May 2026, the last one 31 October 2026. All times are UTC.
inline constexpr int dayCount = 184;

/// Day of the sample period for a date of 2026.
int dayOf(unsigned month, unsigned day);
/// Milliseconds since 1970 at which the day begins.
std::int64_t startOfDay(int day);
/// 0 is Monday.
int weekdayOf(int day);
/// 5 for May … 10 for October.
unsigned monthOfDay(int day);
unsigned dayOfMonth(int day);
/// "2026-05-01"
std::string dateText(int day);
/// "2026-05-01T08:15:30.123Z"
std::string timeText(std::int64_t millis);

} // namespace perunit::sample
