// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/outcome_difference.h"

#include <algorithm>
#include <map>
#include <set>

namespace perunit {

namespace {

FigureDifference between(OutcomeFigure figure, std::optional<Int128> first, std::optional<Int128> second)
{
    FigureDifference result{std::move(figure), first, second, std::nullopt};
    if (first && second)
        result.difference = *first - *second;
    return result;
}

std::optional<Int128> knownAmount(const Outcome &outcome, Femto amount)
{
    return outcome.isUnknown() ? std::nullopt : std::optional(amount.units());
}

std::vector<FigureDifference> monthsOf(const Outcome &first, const Outcome &second)
{
    std::map<Month, std::pair<std::optional<Int128>, std::optional<Int128>>> amounts;
    for (const MonthOutcome &month : first.months)
        amounts[month.month].first = knownAmount(first, month.components.total());
    for (const MonthOutcome &month : second.months)
        amounts[month.month].second = knownAmount(second, month.components.total());
    std::vector<FigureDifference> result;
    for (const auto &[month, sides] : amounts) {
        OutcomeFigure figure;
        figure.month = month;
        result.push_back(between(figure, sides.first, sides.second));
    }
    return result;
}

std::set<std::string> dimensionsOf(const Outcome &outcome)
{
    std::set<std::string> result;
    for (const GroupOutcome &group : outcome.groups)
        result.insert(group.by);
    return result;
}

std::vector<FigureDifference> groupsOf(const Outcome &first, const Outcome &second)
{
    const std::set<std::string> left = dimensionsOf(first);
    const std::set<std::string> right = dimensionsOf(second);
    // What one side does not have at all costs nothing there; what has no price is unknown.
    using Side = std::optional<Int128>;
    std::map<std::pair<std::string, std::string>, std::pair<Side, Side>> amounts;
    const auto sidesOf = [&amounts](const GroupOutcome &group) -> auto &
    {
        return amounts.try_emplace({group.by, group.key}, Int128{0}, Int128{0}).first->second;
    };
    const auto amountOf = [](const Outcome &outcome, const GroupOutcome &group) {
        return group.isUnknown() ? Side() : knownAmount(outcome, group.components.total());
    };
    for (const GroupOutcome &group : first.groups) {
        if (right.contains(group.by))
            sidesOf(group).first = amountOf(first, group);
    }
    for (const GroupOutcome &group : second.groups) {
        if (left.contains(group.by))
            sidesOf(group).second = amountOf(second, group);
    }
    std::vector<FigureDifference> result;
    for (const auto &[group, sides] : amounts) {
        OutcomeFigure figure;
        figure.kind = OutcomeFigure::Kind::Group;
        figure.name = group.first;
        figure.key = group.second;
        result.push_back(between(figure, sides.first, sides.second));
    }
    const auto size = [](const FigureDifference &each) {
        const Int128 difference = each.difference.value_or(0);
        return difference < 0 ? -difference : difference;
    };
    std::stable_sort(result.begin(), result.end(), [&size](const auto &a, const auto &b) {
        return a.figure.name == b.figure.name ? size(a) > size(b) : a.figure.name < b.figure.name;
    });
    return result;
}

std::optional<ExactFraction> costOfOne(const Outcome &outcome, const OutcomeFigure &figure)
{
    const auto value = readFigure(outcome, figure);
    return value.ok() ? std::optional(value->exact) : std::nullopt;
}

Result<std::vector<FigureDifference>> unitsOf(const Outcome &first, const Outcome &second)
{
    std::vector<std::string> names;
    for (const Outcome *outcome : {&first, &second}) {
        for (const UnitOutcome &unit : outcome->units) {
            if (std::find(names.begin(), names.end(), unit.name) == names.end())
                names.push_back(unit.name);
        }
    }
    std::vector<FigureDifference> result;
    for (const std::string &name : names) {
        FigureDifference each;
        each.figure.kind = OutcomeFigure::Kind::Unit;
        each.figure.name = name;
        const auto left = costOfOne(first, each.figure);
        const auto right = costOfOne(second, each.figure);
        if (left)
            each.first = left->rounded();
        if (right)
            each.second = right->rounded();
        if (left && right) {
            Int128 difference = 0;
            if (!sumOfProducts(
                    {{left->numerator, {}, {left->denominator}}, {-right->numerator, {}, {right->denominator}}},
                    difference))
                return Error{ErrorCode::Overflow, "the cost of one " + name + " is too large", "", ""};
            each.difference = difference;
        }
        result.push_back(std::move(each));
    }
    return result;
}

} // namespace

Result<OutcomeDifference> differenceOf(const Outcome &first, const Outcome &second)
{
    if (first.currency != second.currency)
        return Error{ErrorCode::Conflict,
                     "amounts in " + first.currency + " and " + second.currency + " cannot be compared", "", ""};
    OutcomeDifference result;
    result.first = first.name;
    result.second = second.name;
    result.currency = first.currency;
    result.total = between({}, knownAmount(first, first.total()), knownAmount(second, second.total()));
    for (std::size_t i = 0; i < componentCount; ++i) {
        OutcomeFigure figure;
        figure.kind = OutcomeFigure::Kind::Component;
        figure.component = static_cast<Component>(i);
        result.components.push_back(between(figure, knownAmount(first, first.components.amounts[i]),
                                            knownAmount(second, second.components.amounts[i])));
    }
    result.months = monthsOf(first, second);
    result.groups = groupsOf(first, second);
    auto units = unitsOf(first, second);
    if (!units)
        return units.error();
    result.units = std::move(*units);
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        OutcomeFigure figure;
        figure.kind = OutcomeFigure::Kind::Usage;
        figure.usageClass = static_cast<UsageClass>(i);
        const Int128 left = reportedCount(first.usage, figure.usageClass);
        const Int128 right = reportedCount(second.usage, figure.usageClass);
        if (left != 0 || right != 0)
            result.usage.push_back(between(figure, left, right));
    }
    result.unpricedFirst = first.unpriced.tokens;
    result.unpricedSecond = second.unpriced.tokens;
    return result;
}

} // namespace perunit
