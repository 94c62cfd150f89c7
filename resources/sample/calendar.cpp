// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/calendar.h"

#include <chrono>

namespace perunit::sample {

namespace {

constexpr std::chrono::sys_days firstDay{std::chrono::year{2026} / 5 / 1};

std::chrono::year_month_day dateOf(int day)
{
    return firstDay + std::chrono::days{day};
}

std::string digits(std::int64_t number, std::size_t width)
{
    std::string text = std::to_string(number);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

} // namespace

int dayOf(unsigned month, unsigned day)
{
    const std::chrono::sys_days date{std::chrono::year{2026} / std::chrono::month{month} / std::chrono::day{day}};
    return static_cast<int>((date - firstDay).count());
}

std::int64_t startOfDay(int day)
{
    return static_cast<std::int64_t>(firstDay.time_since_epoch().count() + day) * millisPerDay;
}

int weekdayOf(int day)
{
    return static_cast<int>(std::chrono::weekday{firstDay + std::chrono::days{day}}.iso_encoding()) - 1;
}

unsigned monthOfDay(int day)
{
    return static_cast<unsigned>(dateOf(day).month());
}

unsigned dayOfMonth(int day)
{
    return static_cast<unsigned>(dateOf(day).day());
}

std::string dateText(int day)
{
    return "2026-" + digits(monthOfDay(day), 2) + "-" + digits(dayOfMonth(day), 2);
}

std::string timeText(std::int64_t millis)
{
    const std::int64_t sinceFirst = millis - startOfDay(0);
    const std::int64_t inDay = sinceFirst % millisPerDay;
    return dateText(static_cast<int>(sinceFirst / millisPerDay)) + "T" + digits(inDay / millisPerHour, 2) + ":"
           + digits(inDay / millisPerMinute % 60, 2) + ":" + digits(inDay / 1000 % 60, 2) + "."
           + digits(inDay % 1000, 3) + "Z";
}

} // namespace perunit::sample
