// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/date_text.h"

#include "model/import/number_text.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace perunit {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool allDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

int number(std::string_view digits)
{
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool isDate(int year, int month, int day)
{
    return month >= 1 && day >= 1
           && std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                          std::chrono::day{static_cast<unsigned>(day)}}
                  .ok();
}

int fullYear(int year, std::size_t digits)
{
    if (digits > 2)
        return year;
    return year < 69 ? 2000 + year : 1900 + year;
}

/// "8/13/2026 10:00" cut into its three numbers and what follows them.
struct Numeric {
    int first = 0;
    int second = 0;
    int year = 0;
    char mark = 0;
    std::string_view rest;
};

std::optional<Numeric> numericDate(std::string_view text)
{
    Numeric result;
    const auto take = [&text](std::size_t most) {
        std::size_t count = 0;
        while (count < text.size() && count < most && isDigit(text[count]))
            ++count;
        const std::string_view digits = text.substr(0, count);
        text.remove_prefix(count);
        return digits;
    };
    const std::string_view first = take(2);
    if (first.empty() || text.empty() || (text[0] != '/' && text[0] != '.' && text[0] != '-'))
        return std::nullopt;
    result.mark = text[0];
    text.remove_prefix(1);
    const std::string_view second = take(2);
    if (second.empty() || text.empty() || text[0] != result.mark)
        return std::nullopt;
    text.remove_prefix(1);
    const std::string_view year = take(4);
    if (year.size() != 2 && year.size() != 4)
        return std::nullopt;
    if (!text.empty() && text[0] != ' ' && text[0] != 'T' && text[0] != ',')
        return std::nullopt;
    result.first = number(first);
    result.second = number(second);
    result.year = fullYear(number(year), year.size());
    result.rest = text;
    return result;
}

/// "03-Aug-2026", "3 Aug 2026", "Aug 3, 2026".
std::optional<Numeric> namedDate(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
    std::array<std::string, 3> parts;
    std::size_t part = 0;
    std::size_t at = 0;
    for (; at < text.size() && part < 3; ++at) {
        const char c = text[at];
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        if (isDigit(c) || (lower >= 'a' && lower <= 'z'))
            parts[part].push_back(lower);
        else if (!parts[part].empty() && ++part == 3)
            break;
    }
    std::string &day = allDigits(parts[0]) ? parts[0] : parts[1];
    std::string &name = allDigits(parts[0]) ? parts[1] : parts[0];
    if (name.size() < 3 || !allDigits(day) || day.size() > 2 || !allDigits(parts[2])
        || (parts[2].size() != 2 && parts[2].size() != 4))
        return std::nullopt;
    const auto found = std::find(months.begin(), months.end(), std::string_view(name).substr(0, 3));
    if (found == months.end())
        return std::nullopt;
    Numeric result;
    result.first = static_cast<int>(found - months.begin()) + 1;
    result.second = number(day);
    result.year = fullYear(number(parts[2]), parts[2].size());
    result.rest = text.substr(at);
    return result;
}

/// Time of day behind a date: "", " 10:00", " 10:00:05.25 PM", "T10:00:00Z", "+02:00".
Result<Instant> withTime(int year, int month, int day, std::string_view rest)
{
    const Error bad{ErrorCode::BadInput, "is not a date and time", "", ""};
    if (!isDate(year, month, day))
        return bad;
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == ',' || rest[0] == 'T'))
        rest.remove_prefix(1);
    Instant result = instantOf(year, month, day);
    if (rest.empty())
        return result;
    int hoursToAdd = 0;
    bool twelveHours = false;
    for (const std::string_view suffix : {"AM", "PM", "am", "pm"}) {
        if (rest.ends_with(suffix)) {
            twelveHours = true;
            hoursToAdd = suffix[0] == 'P' || suffix[0] == 'p' ? 12 : 0;
            rest = trimmed(rest.substr(0, rest.size() - 2));
        }
    }
    const std::string padded = (rest.size() > 1 && rest[1] == ':' ? "0" : "") + std::string(rest);
    const auto time = parseInstant("1970-01-01T" + padded);
    if (!time)
        return bad;
    if (twelveHours) {
        const std::int64_t hour = time->micros / microsPerHour;
        if (hour < 1 || hour > 12)
            return bad;
        if (hour == 12)
            hoursToAdd -= 12;
    }
    result.micros += time->micros + hoursToAdd * microsPerHour;
    return result;
}

/// Numbers without marks: a compact date, or the time since 1970 in a unit that its size tells.
Result<Instant> numericInstant(std::string_view text)
{
    const int year = text.size() >= 4 ? number(text.substr(0, 4)) : 0;
    const bool likelyYear = year >= 1990 && year <= 2099;
    if (likelyYear && text.size() == 6 && isDate(year, number(text.substr(4, 2)), 1))
        return instantOf(year, number(text.substr(4, 2)), 1);
    if (likelyYear && text.size() == 8 && isDate(year, number(text.substr(4, 2)), number(text.substr(6, 2))))
        return instantOf(year, number(text.substr(4, 2)), number(text.substr(6, 2)));
    if (likelyYear && text.size() == 14 && isDate(year, number(text.substr(4, 2)), number(text.substr(6, 2)))) {
        const int hour = number(text.substr(8, 2));
        const int minute = number(text.substr(10, 2));
        const int second = number(text.substr(12, 2));
        if (hour < 24 && minute < 60 && second < 60)
            return instantOf(year, number(text.substr(4, 2)), number(text.substr(6, 2)), hour, minute, second);
    }
    const auto micros = parseDecimal(text, 6);
    if (!micros)
        return Error{ErrorCode::BadInput, "is not a date and time", "", ""};
    constexpr Int128 oneSecond = 1'000'000;
    const Int128 whole = micros->units / oneSecond;
    Int128 result = 0;
    if (whole < 100'000'000'000)
        result = micros->units;
    else if (whole < 100'000'000'000'000)
        result = micros->units / 1000;
    else if (whole < 100'000'000'000'000'000)
        result = whole;
    else
        result = whole / 1000;
    // Nothing was metered before 1990: such a number is a time since the start of a recording.
    constexpr Int128 earliest = Int128{631'152'000} * oneSecond;
    constexpr Int128 latest = Int128{7'258'118'400} * oneSecond;
    if (result < earliest || result > latest)
        return Error{ErrorCode::BadInput, "is not a date; it looks like a time since the start of a recording", "", ""};
    return Instant{static_cast<std::int64_t>(result)};
}

} // namespace

void DateEvidence::add(std::string_view value, std::int64_t line)
{
    if (value.size() > 2 && isDigit(value[0]) && isDigit(value[1]) && isDigit(value[2]))
        return;
    value = trimmed(value);
    if (value.size() < 6 || !isDigit(value[0]) || (isDigit(value[1]) && isDigit(value[2])))
        return;
    const auto date = numericDate(value);
    // A point between the numbers is written where the day comes first; it needs no decision.
    if (!date || date->mark == '.')
        return;
    if (settledBy.empty() && (date->first > 12) != (date->second > 12)) {
        settledBy = value;
        settledLine = line;
    }
    if (date->first > 12 && date->second <= 12)
        ++dayFirst;
    else if (date->second > 12 && date->first <= 12)
        ++monthFirst;
    else if (date->first <= 12 && date->first != date->second && ambiguous++ == 0)
        example = value;
}

void DateEvidence::add(const DateEvidence &other)
{
    monthFirst += other.monthFirst;
    dayFirst += other.dayFirst;
    if (ambiguous == 0)
        example = other.example;
    ambiguous += other.ambiguous;
    if (settledBy.empty()) {
        settledBy = other.settledBy;
        settledLine = other.settledLine;
    }
}

DateDecision decideDates(const DateEvidence &column, const DateEvidence &file)
{
    if (column.monthFirst > 0 && column.dayFirst > 0)
        return {DateOrder::PerValue, "holds dates with the month first and dates with the day first; dates that could "
                                     "be either were rejected"};
    if (column.monthFirst > 0 || column.dayFirst > 0)
        return {column.dayFirst > 0 ? DateOrder::DayFirst : DateOrder::MonthFirst, ""};
    if (column.ambiguous == 0)
        return {};
    if ((file.monthFirst > 0) != (file.dayFirst > 0))
        return {file.dayFirst > 0 ? DateOrder::DayFirst : DateOrder::MonthFirst, ""};
    return {DateOrder::MonthFirst,
            "does not say whether the month or the day comes first in '" + column.example
                + "'; the month was taken first",
            true};
}

namespace {

/// Two digits, or a negative number.
int twoDigits(const char *text)
{
    return isDigit(text[0]) && isDigit(text[1]) ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

} // namespace

bool TimeReader::plain(std::string_view text, Instant &result)
{
    // "2026-10-03T12:00:00Z" with up to nine digits of a fraction: as parseInstant() reads it.
    constexpr std::size_t dateSize = 10;
    constexpr std::size_t shortest = 20;
    if (text.size() < shortest || text.size() > shortest + 10 || text.back() != 'Z'
        || (text[dateSize] != 'T' && text[dateSize] != ' ') || text[13] != ':' || text[16] != ':')
        return false;
    const int hour = twoDigits(text.data() + 11);
    const int minute = twoDigits(text.data() + 14);
    const int second = twoDigits(text.data() + 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    std::int64_t micros = 0;
    if (text.size() > shortest) {
        if (text[19] != '.' || text.size() == shortest + 1)
            return false;
        std::int64_t unit = 100'000;
        for (std::size_t i = shortest; i + 1 < text.size(); ++i, unit /= 10) {
            if (!isDigit(text[i]))
                return false;
            micros += unit * (text[i] - '0');
        }
    }
    if (text.substr(0, dateSize) != std::string_view(m_date.data(), dateSize)) {
        const auto day = parseInstant(text.substr(0, dateSize));
        if (!day)
            return false;
        text.copy(m_date.data(), dateSize);
        m_day = *day;
    }
    result.micros = m_day.micros + hour * microsPerHour + minute * microsPerMinute + second * microsPerSecond + micros;
    return true;
}

Result<Instant> TimeReader::read(std::string_view text, DateOrder order)
{
    Instant result;
    return plain(text, result) ? Result<Instant>(result) : parseTime(text, order);
}

Result<Instant> parseTime(std::string_view text, DateOrder order)
{
    if (auto instant = parseInstant(text); instant)
        return instant;
    text = trimmed(text);
    if (text.empty())
        return Error{ErrorCode::BadInput, "is empty", "", ""};
    if (auto instant = parseInstant(text); instant)
        return instant;
    const bool numeric = text.find_first_not_of("0123456789.eE+") == std::string_view::npos
                         && std::count(text.begin(), text.end(), '.') <= 1;
    if (numeric)
        return numericInstant(text);
    // "2026-08" and "2026/08/13 …"
    if (text.size() >= 7 && allDigits(text.substr(0, 4)) && (text[4] == '-' || text[4] == '/')) {
        if (text.size() == 7 && allDigits(text.substr(5)))
            return withTime(number(text.substr(0, 4)), number(text.substr(5)), 1, "");
        if (text[4] == '/') {
            std::string dashed(text);
            std::replace(dashed.begin(),
                         dashed.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(10, dashed.size())), '/',
                         '-');
            if (auto instant = parseInstant(dashed); instant)
                return instant;
        }
        return Error{ErrorCode::BadInput, "is not a date and time", "", ""};
    }
    if (const auto date = numericDate(text)) {
        bool dayFirst = date->mark == '.' || order == DateOrder::DayFirst;
        if (date->mark != '.' && order == DateOrder::PerValue) {
            if (date->first <= 12 && date->second <= 12 && date->first != date->second)
                return Error{ErrorCode::BadInput, "could have the month or the day first", "", ""};
            dayFirst = date->first > 12;
        }
        return withTime(date->year, dayFirst ? date->second : date->first, dayFirst ? date->first : date->second,
                        date->rest);
    }
    if (const auto date = namedDate(text))
        return withTime(date->year, date->first, date->second, date->rest);
    return Error{ErrorCode::BadInput, "is not a date and time", "", ""};
}

} // namespace perunit
