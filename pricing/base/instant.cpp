// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/instant.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace perunit {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

std::int64_t floorDivide(std::int64_t value, std::int64_t by)
{
    const std::int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

std::chrono::year_month_day dateOf(Instant at)
{
    return std::chrono::year_month_day{sys_days{days{dayOf(at)}}};
}

/// Walks over the text; every step either consumes what was asked for or fails.
class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_rest(text)
    {}

    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool takeDigits(std::size_t count, int &value)
    {
        if (m_rest.size() < count)
            return false;
        value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (m_rest[i] < '0' || m_rest[i] > '9')
                return false;
            value = value * 10 + (m_rest[i] - '0');
        }
        m_rest.remove_prefix(count);
        return true;
    }
    /// Digits after the point, as microseconds; digits beyond the sixth are cut.
    bool takeFraction(std::int64_t &micros)
    {
        std::size_t count = 0;
        std::int64_t unit = 100'000;
        while (count < m_rest.size() && m_rest[count] >= '0' && m_rest[count] <= '9') {
            micros += unit * (m_rest[count] - '0');
            unit /= 10;
            ++count;
        }
        m_rest.remove_prefix(count);
        return count > 0 && count <= 9;
    }

private:
    std::string_view m_rest;
};

bool scanOffset(Scanner &scanner, std::int64_t &offsetMinutes)
{
    const bool negative = scanner.take('-');
    if (!negative && !scanner.take('+'))
        return false;
    int hours = 0;
    int minutes = 0;
    if (!scanner.takeDigits(2, hours))
        return false;
    if (!scanner.atEnd()) {
        scanner.take(':');
        if (!scanner.takeDigits(2, minutes))
            return false;
    }
    if (hours > 18 || minutes > 59)
        return false;
    offsetMinutes = (hours * 60 + minutes) * (negative ? -1 : 1);
    return true;
}

bool scanInstant(std::string_view text, Instant &result)
{
    Scanner scanner(text);
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    std::int64_t micros = 0;
    std::int64_t offsetMinutes = 0;
    if (!scanner.takeDigits(4, year) || !scanner.take('-') || !scanner.takeDigits(2, month) || !scanner.take('-')
        || !scanner.takeDigits(2, day))
        return false;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok())
        return false;
    if (scanner.take('T') || scanner.take('t') || scanner.take(' ')) {
        if (!scanner.takeDigits(2, hour) || !scanner.take(':') || !scanner.takeDigits(2, minute))
            return false;
        if (scanner.take(':')) {
            if (!scanner.takeDigits(2, second))
                return false;
            if (scanner.take('.') && !scanner.takeFraction(micros))
                return false;
        }
        scanner.take(' ');
        if (!scanner.atEnd() && !scanner.take('Z') && !scanner.take('z')) {
            if (scanner.take('U')) {
                if (!scanner.take('T') || !scanner.take('C'))
                    return false;
            } else if (!scanOffset(scanner, offsetMinutes)) {
                return false;
            }
        }
    }
    if (!scanner.atEnd() || hour > 23 || minute > 59 || second > 60)
        return false;
    result = instantOf(year, month, day, hour, minute, second);
    result.micros += micros - offsetMinutes * microsPerMinute;
    return true;
}

} // namespace

Instant Month::start() const
{
    return instantOf(year(), month(), 1);
}

std::string Month::text() const
{
    std::array<char, 16> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02d", year(), month());
    return buffer.data();
}

Month monthOf(Instant at)
{
    const auto date = dateOf(at);
    return Month::of(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())));
}

std::int64_t dayOf(Instant at)
{
    return floorDivide(at.micros, microsPerDay);
}

Instant instantOf(int year, int month, int day, int hour, int minute, int second)
{
    const sys_days date{std::chrono::year{year} / month / day};
    return {date.time_since_epoch().count() * microsPerDay + hour * microsPerHour + minute * microsPerMinute
            + second * microsPerSecond};
}

Result<Instant> parseInstant(std::string_view text)
{
    Instant result;
    if (scanInstant(text, result))
        return result;
    return Error{ErrorCode::BadInput, "'" + std::string(text.substr(0, 40)) + "' is not a date and time", "",
                 "write it like 2026-10-03T12:00:00Z"};
}

std::string formatInstant(Instant at)
{
    std::int64_t rest = at.micros - dayOf(at) * microsPerDay;
    const auto hour = static_cast<int>(rest / microsPerHour);
    rest %= microsPerHour;
    const auto minute = static_cast<int>(rest / microsPerMinute);
    rest %= microsPerMinute;
    std::array<char, 40> buffer{};
    if (rest % microsPerSecond == 0)
        std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02dZ", hour, minute,
                      static_cast<int>(rest / microsPerSecond));
    else
        std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d.%06dZ", hour, minute,
                      static_cast<int>(rest / microsPerSecond), static_cast<int>(rest % microsPerSecond));
    return formatDate(at) + buffer.data();
}

std::string formatDate(Instant at)
{
    const auto date = dateOf(at);
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return buffer.data();
}

} // namespace perunit
