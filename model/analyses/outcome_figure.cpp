// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/outcome_figure.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// Usage is counted in millionths.
constexpr int usageScale = 6;

constexpr std::string_view understood =
    "understood are total, component:NAME, month:YYYY-MM, unit:NAME, group:DIMENSION=VALUE and usage:CLASS, and "
    "@YYYY-MM after any but a group for one month";

Error notUnderstood(std::string what, std::string_view text)
{
    return {ErrorCode::BadInput, std::move(what), "'" + std::string(text) + "'", std::string(understood)};
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

/// "2026-03"; nothing for any other text.
std::optional<Month> monthNamed(std::string_view text)
{
    if (text.size() != 7 || text[4] != '-')
        return std::nullopt;
    const auto start = parseInstant(std::string(text) + "-01");
    return start.ok() ? std::optional(monthOf(*start)) : std::nullopt;
}

template <typename Names>
std::string listed(const Names &names)
{
    std::string list;
    for (const auto &name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

Error noFigure(std::string what, std::string remedy = {})
{
    return {ErrorCode::NotFound, std::move(what), "", std::move(remedy)};
}

const MonthOutcome *monthOfOutcome(const Outcome &outcome, Month month)
{
    const auto found = std::find_if(outcome.months.begin(), outcome.months.end(),
                                    [month](const MonthOutcome &each) { return each.month == month; });
    return found == outcome.months.end() ? nullptr : &*found;
}

Result<FigureValue> costOfGroup(const Outcome &outcome, const OutcomeFigure &figure)
{
    std::vector<std::string> known;
    for (const GroupOutcome &group : outcome.groups) {
        if (group.by != figure.name)
            continue;
        if (group.key == figure.key && group.isUnknown())
            return noFigure("nothing of the " + figure.name + " '" + figure.key
                                + "' has a price, so that its cost is unknown",
                            "add prices for " + listed(outcome.unpriced.models));
        if (group.key == figure.key)
            return FigureValue{{group.components.total().units(), 1}, true};
        if (known.size() < 10)
            known.push_back(group.key.empty() ? "(none)" : group.key);
    }
    return noFigure("the outcome has no " + figure.name + " '" + figure.key + "'", "it has " + listed(known));
}

Result<FigureValue> costOfUnit(const Outcome &outcome, const OutcomeFigure &figure)
{
    const UnitOutcome *unit = outcome.unit(figure.name);
    if (!unit)
        return noFigure("the outcome has no unit '" + figure.name + "'");
    Femto cost = unit->cost;
    Millionths count = unit->count;
    if (figure.month) {
        const auto found = std::find_if(unit->months.begin(), unit->months.end(),
                                        [&figure](const UnitMonth &each) { return each.month == *figure.month; });
        if (found == unit->months.end())
            return noFigure("the outcome has no unit '" + figure.name + "' in " + figure.month->text());
        cost = found->cost;
        count = found->count;
    }
    if (count <= 0) {
        std::string why = "there are none";
        for (const OutcomeCheck &check : outcome.checks) {
            if (!check.ok && check.name == "Unit " + figure.name)
                why = check.detail;
        }
        return noFigure("the cost of one " + figure.name + " is unknown: " + why);
    }
    Int128 numerator = 0;
    if (__builtin_mul_overflow(cost.units(), static_cast<Int128>(onePpm), &numerator))
        return Error{ErrorCode::Overflow, "the cost of one " + figure.name + " is too large", "", ""};
    return FigureValue{{numerator, count}, true};
}

Int128 usageOf(const std::array<Millionths, usageClassCount> &usage, UsageClass usageClass)
{
    return reportedCount(usage, usageClass);
}

/// The part of a name before its month, which is taken off.
std::string_view withoutMonth(std::string_view text, std::optional<Month> &month)
{
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos)
        return text;
    month = monthNamed(text.substr(at + 1));
    return month ? text.substr(0, at) : text;
}

Status fillNamed(OutcomeFigure &figure, std::string_view kind, std::string_view name, std::string_view whole)
{
    if (kind == "component") {
        const auto found = std::find(componentNames.begin(), componentNames.end(), name);
        if (found == componentNames.end())
            return Error{ErrorCode::BadInput, "there is no component '" + std::string(name) + "'",
                         "'" + std::string(whole) + "'", "there are " + listed(componentNames)};
        figure.kind = OutcomeFigure::Kind::Component;
        figure.component = static_cast<Component>(found - componentNames.begin());
    } else if (kind == "unit") {
        figure.kind = OutcomeFigure::Kind::Unit;
        figure.name = name;
    } else if (kind == "usage") {
        const auto usageClass = usageClassNamed(name);
        if (!usageClass)
            return Error{ErrorCode::BadInput, "there is no usage class '" + std::string(name) + "'",
                         "'" + std::string(whole) + "'", "there are " + listed(usageClassNames)};
        figure.kind = OutcomeFigure::Kind::Usage;
        figure.usageClass = *usageClass;
    } else if (kind == "group") {
        const std::size_t equals = name.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return notUnderstood("a group is named by a dimension and its value", whole);
        figure.kind = OutcomeFigure::Kind::Group;
        figure.name = name.substr(0, equals);
        figure.key = name.substr(equals + 1);
    } else {
        return notUnderstood("there is no figure of this name", whole);
    }
    return {};
}

} // namespace

std::string OutcomeFigure::text() const
{
    const std::string suffix = month ? "@" + month->text() : std::string();
    switch (kind) {
    case Kind::Total:
        return month ? "month:" + month->text() : "total";
    case Kind::Component:
        return "component:" + std::string(componentNames[static_cast<std::size_t>(component)]) + suffix;
    case Kind::Group:
        return "group:" + name + "=" + key;
    case Kind::Unit:
        return "unit:" + name + suffix;
    case Kind::Usage:
        return "usage:" + std::string(nameOf(usageClass)) + suffix;
    }
    return {};
}

Result<OutcomeFigure> parseOutcomeFigure(std::string_view text)
{
    const std::string_view whole = trimmed(text);
    OutcomeFigure figure;
    if (whole.starts_with("month:")) {
        figure.month = monthNamed(whole.substr(6));
        if (!figure.month)
            return notUnderstood("'" + std::string(whole.substr(6)) + "' is not a month", whole);
        return figure;
    }
    // The value of a group may contain anything, a month's sign as well.
    const std::string_view named = whole.starts_with("group:") ? whole : withoutMonth(whole, figure.month);
    if (named == "total")
        return figure;
    const std::size_t colon = named.find(':');
    if (colon == std::string_view::npos || colon + 1 == named.size())
        return notUnderstood("there is no figure of this name", whole);
    if (auto status = fillNamed(figure, named.substr(0, colon), named.substr(colon + 1), whole); !status)
        return status.error();
    return figure;
}

std::string figureText(Int128 steps, bool isMoney)
{
    return formatDecimal(steps, isMoney ? Femto::scale : usageScale);
}

std::string FigureValue::text() const
{
    return figureText(rounded(), isMoney);
}

Result<EvaluationRequest> requestForFigure(EvaluationRequest request, const OutcomeFigure &figure)
{
    request.groupBy.clear();
    if (figure.kind == OutcomeFigure::Kind::Group)
        request.groupBy.push_back(figure.name);
    std::vector<std::string> known;
    for (const EconomicUnit &unit : request.units)
        known.push_back(unit.name);
    std::erase_if(request.units, [&figure](const EconomicUnit &unit) {
        return figure.kind != OutcomeFigure::Kind::Unit || unit.name != figure.name;
    });
    if (figure.kind == OutcomeFigure::Kind::Unit && request.units.empty())
        return noFigure("there is no unit '" + figure.name + "'",
                        known.empty() ? "define one first" : "there are " + listed(known));
    return request;
}

Result<FigureValue> readFigure(const Outcome &outcome, const OutcomeFigure &figure)
{
    if (figure.isMoney() && outcome.isUnknown())
        return noFigure("nothing in it has a price, so that every cost is unknown",
                        "add prices for " + listed(outcome.unpriced.models));
    const MonthOutcome *month = figure.month ? monthOfOutcome(outcome, *figure.month) : nullptr;
    if (figure.month && !month) {
        const bool none = outcome.months.empty();
        return noFigure("the outcome has no month " + figure.month->text(),
                        none ? "it has no months"
                             : "it has " + outcome.months.front().month.text() + " to "
                                   + outcome.months.back().month.text());
    }
    const Components &components = month ? month->components : outcome.components;
    switch (figure.kind) {
    case OutcomeFigure::Kind::Total:
        return FigureValue{{components.total().units(), 1}, true};
    case OutcomeFigure::Kind::Component:
        return FigureValue{{components[figure.component].units(), 1}, true};
    case OutcomeFigure::Kind::Group:
        return costOfGroup(outcome, figure);
    case OutcomeFigure::Kind::Unit:
        return costOfUnit(outcome, figure);
    case OutcomeFigure::Kind::Usage:
        return FigureValue{{usageOf(month ? month->usage : outcome.usage, figure.usageClass), 1}, false};
    }
    return noFigure("there is no figure of this name");
}

bool FigureTarget::isMetBy(const FigureValue &reached) const
{
    const std::strong_ordering order = compare(reached.exact, {value, 1});
    switch (comparison) {
    case Comparison::AtMost:
        return order <= 0;
    case Comparison::AtLeast:
        return order >= 0;
    case Comparison::Equal:
        break;
    }
    return order == 0;
}

std::string FigureTarget::text() const
{
    const char *sign = comparison == Comparison::AtMost ? "<=" : comparison == Comparison::AtLeast ? ">=" : "=";
    return figure.text() + sign + figureText(value, figure.isMoney());
}

Result<FigureTarget> parseFigureTarget(std::string_view text)
{
    // Values of dimensions may contain any sign, so that the last one counts.
    const std::size_t equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0)
        return Error{ErrorCode::BadInput, "the target needs <=, >= or = and a number", "'" + std::string(text) + "'",
                     "write for example total<=12000 or unit:conversation<=0.05"};
    FigureTarget target;
    std::size_t end = equals;
    if (text[equals - 1] == '<' || text[equals - 1] == '>') {
        target.comparison =
            text[equals - 1] == '<' ? FigureTarget::Comparison::AtMost : FigureTarget::Comparison::AtLeast;
        end = equals - 1;
    } else {
        target.comparison = FigureTarget::Comparison::Equal;
    }
    auto figure = parseOutcomeFigure(text.substr(0, end));
    if (!figure)
        return figure.error();
    target.figure = std::move(*figure);
    const std::string_view number = trimmed(text.substr(equals + 1));
    const auto value = parseDecimal(number, target.figure.isMoney() ? Femto::scale : usageScale);
    if (!value)
        return value.error().in("'" + std::string(text) + "'");
    if (value->rounded)
        return Error{ErrorCode::BadInput, "'" + std::string(number) + "' has more decimals than are calculated with",
                     "'" + std::string(text) + "'",
                     target.figure.isMoney() ? "amounts have up to 15" : "counts have up to 6"};
    target.value = value->units;
    return target;
}

} // namespace perunit
