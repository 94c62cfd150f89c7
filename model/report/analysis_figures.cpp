// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/analysis_figures.h"

#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"
#include "model/report/comparison_report.h"
#include "model/report/lever_text.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t mostTornadoRows = 12;
constexpr Int128 stepsPerCount = 1'000'000;

Int128 absolute(Int128 value)
{
    return value < 0 ? -value : value;
}

std::string signOf(Int128 value)
{
    return value < 0 ? std::string(minusSign) : value > 0 ? "+" : "";
}

const Lever *leverNamed(const std::vector<EffectiveLever> &levers, const std::string &id)
{
    for (const EffectiveLever &each : levers) {
        if (each.lever.id == id)
            return &each.lever;
    }
    return nullptr;
}

/// Where on an axis a difference of figures stands.
double coordinate(Int128 steps, bool isMoney)
{
    return isMoney ? Femto::ofUnits(steps).approximate() : static_cast<double>(steps) * 1e-6;
}

FigurePoint endPoint(const FigureAt &end, const Tornado &tornado, const std::string &value, double x,
                     const std::string &currency)
{
    FigurePoint point;
    point.x = x;
    if (!end.figure) {
        point.missing = true;
        point.exact = value + ": " + end.problem;
        return point;
    }
    const Int128 change = end.figure->rounded() - tornado.present.rounded();
    point.y = coordinate(change, tornado.figure.isMoney());
    point.label = value;
    point.exact = value + ": " + figureValueText(tornado.figure, end.figure->rounded(), currency) + " ("
                  + figureChangeText(tornado.figure, change, currency) + ")";
    return point;
}

std::string tornadoTitle(const Tornado &tornado, const std::vector<EffectiveLever> &levers, const std::string &scenario,
                         const std::string &currency)
{
    const auto moved = std::find_if(tornado.rows.begin(), tornado.rows.end(),
                                    [](const TornadoRow &row) { return row.swing && *row.swing != 0; });
    const std::string figure = capitalised(figureLabel(tornado.figure));
    const Lever *lever = moved == tornado.rows.end() ? nullptr : leverNamed(levers, moved->parameter.leverId);
    if (!lever)
        return "No assumption of " + scenario + " moves the " + figureLabel(tornado.figure);
    return figure + " of " + scenario + " depends most on " + parameterLabel(*lever, *moved->parameter.spec)
           + ": it moves by " + figureValueText(tornado.figure, *moved->swing, currency);
}

} // namespace

std::string figureLabel(const OutcomeFigure &figure)
{
    std::string text;
    switch (figure.kind) {
    case OutcomeFigure::Kind::Total:
        text = "total cost";
        break;
    case OutcomeFigure::Kind::Component:
        text = "cost of " + std::string(componentLabels[static_cast<std::size_t>(figure.component)]);
        break;
    case OutcomeFigure::Kind::Unit:
        text = "cost per " + figure.name;
        break;
    case OutcomeFigure::Kind::Group:
        text = "cost of " + figure.name + " " + (figure.key.empty() ? "(none)" : figure.key);
        break;
    case OutcomeFigure::Kind::Usage:
        text = std::string(usageClassNames[static_cast<std::size_t>(figure.usageClass)]) + " usage";
        break;
    }
    return figure.month ? text + " in " + monthText(*figure.month) : text;
}

std::string figureValueText(const OutcomeFigure &figure, Int128 steps, const std::string &currency)
{
    if (!figure.isMoney())
        return countText(static_cast<std::int64_t>(divideHalfEven(steps, stepsPerCount)));
    const Femto amount = Femto::ofUnits(steps);
    return figure.kind == OutcomeFigure::Kind::Unit ? perUnitText(amount, currency) : moneyText(amount, currency);
}

std::string figureChangeText(const OutcomeFigure &figure, Int128 steps, const std::string &currency)
{
    return signOf(steps) + figureValueText(figure, absolute(steps), currency);
}

std::string parameterValueText(const Lever &lever, const ParameterSpec &spec, std::int64_t value)
{
    Lever other = lever;
    other.numbers[std::string(spec.name)] = value;
    return parameterText(spec, other);
}

std::string parameterLabel(const Lever &lever, const ParameterSpec &spec)
{
    // Several levers of a kind are told apart by what they speak of.
    std::string scope;
    for (const auto &[dimension, values] : lever.scope.conditions) {
        if (scope.empty() && !values.empty() && !values.front().empty())
            scope = ": " + values.front() + (values.size() > 1 ? " …" : "");
    }
    return leverTitle(lever) + scope + ", " + std::string(spec.label);
}

Figure tornadoFigure(const Tornado &tornado, const std::vector<EffectiveLever> &levers, const std::string &scenario,
                     const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::Tornado;
    figure.currency = tornado.figure.isMoney() ? currency : std::string();
    figure.format = !tornado.figure.isMoney()                          ? ValueFormat::Count
                    : tornado.figure.kind == OutcomeFigure::Kind::Unit ? ValueFormat::MoneyPerUnit
                                                                       : ValueFormat::Money;
    figure.title = tornadoTitle(tornado, levers, scenario, currency);
    figure.subtitle = dotted({"Change of the " + figureLabel(tornado.figure), figure.currency,
                              "now " + figureValueText(tornado.figure, tornado.present.rounded(), currency),
                              "each assumption over its own range, everything else as it is"});
    figure.emptyText = "No lever of this scenario has a number that could be moved.";
    FigureSeries low;
    low.name = "At the low end of its range";
    low.roleIndex = 0;
    FigureSeries high;
    high.name = "At the high end";
    high.roleIndex = 1;
    std::size_t still = 0;
    std::size_t unknown = 0;
    std::vector<std::string> told;
    for (const TornadoRow &row : tornado.rows) {
        const Lever *lever = leverNamed(levers, row.parameter.leverId);
        if (!lever || !row.swing || *row.swing == 0 || figure.categories.size() == mostTornadoRows) {
            ++(lever && !row.swing ? unknown : still);
            continue;
        }
        const auto x = static_cast<double>(figure.categories.size());
        const ParameterSpec &spec = *row.parameter.spec;
        low.points.push_back(endPoint(row.low, tornado, parameterValueText(*lever, spec, row.low.value), x, currency));
        high.points.push_back(
            endPoint(row.high, tornado, parameterValueText(*lever, spec, row.high.value), x, currency));
        figure.categories.push_back(parameterLabel(*lever, spec));
        told.push_back(figure.categories.back() + " " + figureValueText(tornado.figure, *row.swing, currency));
    }
    if (!figure.categories.empty())
        figure.series = {std::move(low), std::move(high)};
    if (still > 0)
        figure.notes.push_back(std::to_string(still)
                               + (still == 1 ? " more assumption moves" : " more assumptions move")
                               + " it less or not at all; the table has all of them.");
    if (unknown > 0)
        figure.notes.push_back("Of " + std::to_string(unknown) + (unknown == 1 ? " assumption" : " assumptions")
                               + " one end cannot be evaluated; the table says why.");
    figure.summary = figure.title + (told.empty() ? "." : ". Swings: " + joinedList(told) + ".");
    return figure;
}

Figure savingsWaterfall(const SavingsList &savings, const std::string &scenario, const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::Waterfall;
    figure.currency = currency;
    figure.yTitle = currency;
    figure.emptyText = "No lever of this scenario is switched on.";
    figure.subtitle = dotted({"What each lever saves given those before it", currency});
    if (savings.items.empty())
        return figure;
    const Femto joint = savings.joint();
    figure.title = scenario + (joint < Femto() ? " costs " : " saves ") + shortMoneyText(magnitude(joint), currency)
                   + (joint < Femto() ? " more" : "");
    if (savings.overlap > Femto())
        figure.title +=
            "; its levers one by one would promise " + shortMoneyText(savings.overlap, currency) + " too much";
    FigureSeries series;
    series.name = "Cost";
    series.role = SeriesRole::Total;
    const auto add = [&](const std::string &label, Femto amount, bool change) {
        FigurePoint point = moneyPoint(static_cast<double>(figure.categories.size()), amount, currency);
        if (change && amount > Femto()) {
            point.exact = "+" + point.exact;
            point.label = "+" + point.label;
        }
        series.points.push_back(point);
        figure.categories.push_back(label);
    };
    add("Without them", savings.before, false);
    for (const SavingsItem &item : savings.items)
        add(item.label, -item.marginal, true);
    add(scenario, savings.after, false);
    figure.series.push_back(std::move(series));
    figure.summary = figure.title + ".";
    return figure;
}

std::string goalSentence(const GoalSeekResult &result, const EvaluationRequest &scenario, const std::string &currency)
{
    const Lever *lever = leverNamed(scenario.levers, result.parameter.leverId);
    if (!lever)
        return {};
    const OutcomeFigure &figure = result.target.figure;
    const auto valueText = [&](std::int64_t value) {
        return parameterValueText(*lever, *result.parameter.spec, value);
    };
    const auto figureAt = [&](const FigureAt &at) {
        return at.figure
                   ? "the " + figureLabel(figure) + " is " + figureValueText(figure, at.figure->rounded(), currency)
                   : at.problem;
    };
    if (!result.reached || !result.answer) {
        if (result.nearest.empty())
            return "Cannot be reached.";
        const FigureAt &best = result.nearest.front();
        return "Cannot be reached; the best is " + valueText(best.value) + ": " + figureAt(best) + ".";
    }
    if (result.answer->value == result.present.value)
        return "Reached already: at " + valueText(result.present.value) + " " + figureAt(*result.answer) + ".";
    std::string text = "Reached at " + valueText(result.answer->value) + ": " + figureAt(*result.answer) + ".";
    if (result.present.figure)
        text += " Now, at " + valueText(result.present.value) + ", it is "
                + figureValueText(figure, result.present.figure->rounded(), currency) + ".";
    if (result.justNot && result.justNot->figure)
        text += " At " + valueText(result.justNot->value) + " the target is not met.";
    return text;
}

std::string killSentence(const KillNumber &row, const KillNumbers &all, const Lever &lever, const std::string &first,
                         const std::string &second)
{
    if (!row.problem.empty())
        return capitalised(row.problem) + ".";
    const auto valueText = [&](std::int64_t value) {
        return parameterValueText(lever, *row.parameter.spec, value);
    };
    // When the first is not the lower one at present, turning means that it becomes so.
    const std::string turned =
        all.firstIsLower ? first + " is no longer cheaper than " + second : first + " becomes cheaper than " + second;
    std::string moved;
    if (row.down.value)
        moved = "Moved down to " + valueText(*row.down.value);
    if (row.up.value)
        moved += (moved.empty() ? "Moved up to " : ", or moved up to ") + valueText(*row.up.value);
    if (moved.empty())
        return "Within its limits it never turns the comparison.";
    return moved + ", " + turned + " (now " + valueText(row.present) + ").";
}

} // namespace perunit
