// SPDX-License-Identifier: GPL-3.0-or-later
// LiteLLM's off_peak_pricing: hours of the day, perhaps of some weekdays, in which other prices hold.
#include "pricing/catalogue/litellm_prices.h"
#include "pricing/catalogue/provider_names.h"

#include <charconv>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

constexpr std::int32_t minutesPerDay = 24 * 60;
constexpr std::uint8_t everyDay = 0x7f;

/// "16:30" as minutes after midnight.
std::optional<std::int32_t> minuteOf(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::int32_t hour = 0;
    std::int32_t minute = 0;
    const char *end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), text.data() + colon, hour);
    const auto second = std::from_chars(text.data() + colon + 1, end, minute);
    if (first.ec != std::errc{} || second.ec != std::errc{} || first.ptr != text.data() + colon || second.ptr != end
        || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return std::nullopt;
    return hour * 60 + minute;
}

/// Bit of a weekday, Monday first; nothing for what is none.
std::optional<std::uint8_t> weekdayBit(const JsonValue &day)
{
    static constexpr std::array<std::string_view, 7> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (day.is(Kind::String) ? lowered(day.text).compare(0, 3, names[i]) == 0 : day.text == std::to_string(i + 1))
            return static_cast<std::uint8_t>(1U << i);
    }
    return std::nullopt;
}

/// Minutes that the calendar of a place is ahead of UTC; only places without summer time have one number.
std::optional<std::int32_t> minutesAhead(std::string_view timezone)
{
    const std::string name = lowered(timezone);
    if (name.empty() || name == "utc" || name == "etc/utc" || name == "gmt")
        return 0;
    if (name == "asia/shanghai" || name == "asia/singapore" || name == "asia/hong_kong" || name == "asia/taipei")
        return 8 * 60;
    if (name == "asia/tokyo" || name == "asia/seoul")
        return 9 * 60;
    return name == "asia/kolkata" ? std::optional(5 * 60 + 30) : std::nullopt;
}

/// The same days one later: what is Tuesday there is Monday here.
std::uint8_t dayBefore(std::uint8_t days)
{
    return static_cast<std::uint8_t>(((days >> 1U) | (days << 6U)) & everyDay);
}

/// A span of one UTC day on local weekdays; the part after local midnight is the day before by our calendar.
void addSpan(std::int32_t from, std::int32_t to, std::uint8_t localDays, std::int32_t ahead,
             std::vector<DailyWindow> &windows)
{
    const std::int32_t midnight = minutesPerDay - ahead;
    if (from < std::min(to, midnight))
        windows.push_back({localDays, from, std::min(to, midnight)});
    if (std::max(from, midnight) < to)
        windows.push_back({dayBefore(localDays), std::max(from, midnight), to});
}

bool addWindow(std::string_view text, std::uint8_t days, std::int32_t ahead, std::vector<DailyWindow> &windows)
{
    const std::size_t dash = text.find('-');
    const auto from = dash == std::string_view::npos ? std::nullopt : minuteOf(text.substr(0, dash));
    const auto to = dash == std::string_view::npos ? std::nullopt : minuteOf(text.substr(dash + 1));
    if (!from || !to)
        return false;
    if (*from < *to) {
        addSpan(*from, *to, days, ahead, windows);
    } else {
        addSpan(0, *to, days, ahead, windows);
        addSpan(*from, minutesPerDay, days, ahead, windows);
    }
    return true;
}

bool addHours(const JsonValue *hours, std::uint8_t days, std::int32_t ahead, std::vector<DailyWindow> &windows)
{
    if (!hours)
        return true;
    if (hours->is(Kind::String))
        return addWindow(hours->text, days, ahead, windows);
    bool all = hours->is(Kind::Array);
    for (const JsonValue &each : hours->items)
        all = all && each.is(Kind::String) && addWindow(each.text, days, ahead, windows);
    return all;
}

bool addRules(const JsonValue &rules, std::int32_t ahead, std::vector<DailyWindow> &windows)
{
    for (const JsonValue &rule : rules.items) {
        if (!rule.is(Kind::Object))
            return false;
        std::uint8_t days = everyDay;
        if (const JsonValue *weekdays = rule.find("weekdays"); weekdays && !weekdays->is(Kind::Null)) {
            days = 0;
            for (const JsonValue &day : weekdays->items)
                days = static_cast<std::uint8_t>(days | weekdayBit(day).value_or(0));
        }
        if (!addHours(rule.find("hours_utc"), days, ahead, windows))
            return false;
    }
    return true;
}

} // namespace

void readLiteLlmOffPeak(const JsonValue &offPeak, const std::string &path, LiteLlmPrices &prices,
                        std::vector<CatalogueIssue> &issues)
{
    if (!offPeak.is(Kind::Object)) {
        issues.push_back({path, "not an object; left out"});
        return;
    }
    const JsonValue *timezone = offPeak.find("weekday_timezone");
    const auto ahead = minutesAhead(timezone && timezone->is(Kind::String) ? timezone->text : std::string_view{});
    std::vector<DailyWindow> windows;
    const JsonValue *rules = offPeak.find("windows");
    if (!ahead || !addHours(offPeak.find("hours_utc"), everyDay, 0, windows)
        || (rules && !addRules(*rules, *ahead, windows))) {
        issues.push_back({path, "hours or days that cannot be said exactly; its prices are left out"});
        return;
    }
    for (std::size_t i = 0; i < offPeak.names.size(); ++i) {
        const std::string &name = offPeak.names[i];
        if (name == "hours_utc" || name == "windows" || name == "weekday_timezone")
            continue;
        const auto known = parseLiteLlmPriceName(name, {});
        const auto price = offPeak.items[i].is(Kind::Number) ? parseLiteLlmPrice(offPeak.items[i].text) : std::nullopt;
        if (known && price && known->row == LiteLlmRow{ServiceTier::Standard, -1})
            prices.offPeak[static_cast<std::size_t>(known->usageClass)] = price;
        else
            issues.push_back({joinPath(path, name), "no price of off-peak hours that is known here; left out"});
    }
    prices.offPeakWindows = std::move(windows);
}

} // namespace perunit
