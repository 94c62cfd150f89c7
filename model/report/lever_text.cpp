// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/lever_text.h"

#include "model/figures/amount_text.h"
#include "model/figures/figure_parts.h"
#include "model/report/comparison_report.h"
#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr int ppmScale = 6;
constexpr int percentScale = 4;

std::string percent(std::int64_t ppm)
{
    const std::string text =
        formatDecimal(ppm < 0 ? -static_cast<Int128>(ppm) : static_cast<Int128>(ppm), percentScale);
    return (ppm < 0 ? std::string(minusSign) : std::string()) + text + " %";
}

/// What the units of an offer are called. Offers are named "azure-ptu-global", "google-gsu-global", "bedrock-mu".
std::string unitNameOf(const Lever &lever)
{
    for (const ParameterSpec &parameter : leverSpec(lever.kind).parameters) {
        if (parameter.unit != ParameterUnit::OfferTerm)
            continue;
        const std::string offer = lever.text(parameter.name);
        if (offer.find("ptu") != std::string::npos)
            return "PTU";
        if (offer.find("gsu") != std::string::npos)
            return "GSU";
        if (offer.find("-mu") != std::string::npos)
            return "model units";
    }
    return "units";
}

std::string lowered(std::string_view label)
{
    std::string text(label);
    if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z')
        text.front() = static_cast<char>(text.front() - 'A' + 'a');
    return text;
}

} // namespace

bool isNeutral(const ParameterSpec &spec, const Lever &lever)
{
    return !isNumeric(spec.unit) ? lever.text(spec.name).empty() : lever.number(spec.name) == spec.neutral;
}

std::string leverTitle(const Lever &lever)
{
    const LeverSpec &spec = leverSpec(lever.kind);
    std::string title(spec.label);
    const std::string start = std::string(spec.name) + "-";
    if (lever.id.compare(0, start.size(), start) != 0)
        return title;
    const std::string number = lever.id.substr(start.size());
    const bool counts = !number.empty() && number != "1"
                        && std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    return counts ? title + " " + number : title;
}

bool isSaidByUnits(const ParameterSpec &spec)
{
    return spec.name == "sizing";
}

std::string parameterText(const ParameterSpec &spec, const Lever &lever)
{
    if (!isNumeric(spec.unit)) {
        std::string text = lever.text(spec.name);
        if (text.empty())
            return std::string(unknownText);
        if (spec.unit == ParameterUnit::OfferTerm)
            std::replace(text.begin(), text.end(), '/', ' ');
        return text;
    }
    const std::int64_t value = lever.number(spec.name);
    switch (spec.unit) {
    case ParameterUnit::Factor:
        return "\u00d7" + formatDecimal(value, ppmScale);
    case ParameterUnit::Growth:
        return (value > 0 ? "+" : "") + percent(value) + " a month";
    case ParameterUnit::Units:
        // Whatever number stands there, it is not the one that is computed with.
        if (isSized(lever))
            return "as many as cost least";
        return exactCountText(value) + " " + unitNameOf(lever);
    case ParameterUnit::Share:
        return percent(value);
    case ParameterUnit::Count:
        return exactCountText(value);
    default:
        return formatDecimal(value, decimalsOf(spec.unit));
    }
}

std::string leverText(const Lever &lever)
{
    std::string setting;
    bool main = true;
    for (const ParameterSpec &spec : leverSpec(lever.kind).parameters) {
        const bool numeric = isNumeric(spec.unit);
        if ((isNeutral(spec, lever) && !(numeric && main)) || isSaidByUnits(spec))
            continue;
        const std::string value = parameterText(spec, lever);
        if (spec.unit == ParameterUnit::Model)
            setting +=
                std::string(setting.empty() ? "" : " ") + (lever.kind == LeverKind::Routing ? "to " : "for ") + value;
        else if (setting.empty())
            setting = value;
        else if (spec.unit != ParameterUnit::Growth && spec.unit != ParameterUnit::Units
                 && spec.unit != ParameterUnit::OfferTerm)
            setting += ", " + lowered(spec.label) + " " + value;
        else
            setting += ", " + value;
        main = main && !numeric;
    }
    std::string timing;
    if (lever.start)
        timing = "from " + monthText(*lever.start);
    if (lever.rampMonths > 0)
        timing += (timing.empty() ? "" : ", ") + ("over " + std::to_string(lever.rampMonths))
                  + (lever.rampMonths == 1 ? " month" : " months");
    return dotted({setting, lever.scope.isEverything() ? std::string() : lever.scope.text(), timing,
                   lever.enabled ? std::string() : std::string("switched off")});
}

} // namespace perunit
