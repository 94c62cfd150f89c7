// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/baseline.h"

#include <nlohmann/json.hpp>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

Error wrong(const std::string &path, const std::string &what)
{
    return {ErrorCode::BadInput, what, path, ""};
}

Result<Instant> instantAt(const Json &json, const char *key)
{
    const std::string path = std::string("/period/") + key;
    if (!json.contains(key) || !json[key].is_string())
        return wrong(path, "a time is missing");
    auto at = parseInstant(json[key].get<std::string>());
    if (!at)
        return at.error().in(path);
    return at;
}

Result<Period> readPeriod(const Json &json)
{
    if (!json.is_object())
        return wrong("/period", "must be an object with from and to");
    const auto from = instantAt(json, "from");
    if (!from)
        return from.error();
    const auto to = instantAt(json, "to");
    if (!to)
        return to.error();
    if (*to <= *from)
        return wrong("/period", "the period ends before it begins");
    return Period{*from, *to};
}

} // namespace

std::string writeBaselineSettings(const BaselineSettings &settings)
{
    Json period = nullptr;
    if (settings.period)
        period = {{"from", formatInstant(settings.period->from)}, {"to", formatInstant(settings.period->to)}};
    return Json{{"period", period},
                {"horizon_months", settings.horizonMonths},
                {"conventional_month", settings.conventionalMonth}}
        .dump(2);
}

Result<BaselineSettings> readBaselineSettings(std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return wrong("", "the baseline settings are not a JSON object");
    BaselineSettings settings;
    for (const auto &[key, value] : json.items()) {
        if (key == "period") {
            if (value.is_null())
                continue;
            const auto period = readPeriod(value);
            if (!period)
                return period.error();
            settings.period = *period;
        } else if (key == "horizon_months") {
            if (!value.is_number_integer() || value < 0 || value > 120)
                return wrong("/horizon_months", "must be a whole number of months from 0 to 120");
            settings.horizonMonths = value.get<int>();
        } else if (key == "conventional_month") {
            if (!value.is_boolean())
                return wrong("/conventional_month", "must be true or false");
            settings.conventionalMonth = value.get<bool>();
        } else {
            return wrong("/" + key, "is not a baseline setting");
        }
    }
    return settings;
}

} // namespace perunit
