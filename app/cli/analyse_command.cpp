// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analyse_commands.h"

#include "app/cli/analysis_input.h"
#include "app/cli/text_table.h"
#include "model/analyses/kill_number.h"
#include "model/analyses/outcome_difference.h"
#include "model/analyses/savings.h"
#include "model/analyses/tornado.h"
#include "model/figures/amount_text.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct ScenarioArguments {
    std::string workspace;
    std::string scenario;
    std::string other = "baseline";
    std::string figure = "total";
    std::vector<std::string> ranges;
    std::vector<std::string> by;
    bool json = false;
};

void printJson(const Json &json)
{
    std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

std::string named(const std::string &lever, const LeverParameter &parameter)
{
    return lever + ": " + std::string(parameter.spec->label);
}

/// "routing-1.share=0.3..0.7".
Result<std::map<std::string, PlausibleRange>> rangesOf(const EvaluationRequest &scenario,
                                                       const std::vector<std::string> &texts)
{
    std::map<std::string, PlausibleRange> result;
    for (const std::string &text : texts) {
        const std::size_t equals = text.rfind('=');
        const std::size_t dots = text.find("..", equals == std::string::npos ? 0 : equals);
        if (equals == std::string::npos || dots == std::string::npos)
            return Error{ErrorCode::BadInput, "a range is written ID.PARAMETER=LOW..HIGH", "'" + text + "'", ""};
        const auto parameter = findParameter(scenario.levers, text.substr(0, equals));
        if (!parameter)
            return parameter.error();
        const auto low = parseNumber(*parameter->spec, text.substr(equals + 1, dots - equals - 1));
        if (!low)
            return low.error().in("'" + text + "'");
        const auto high = parseNumber(*parameter->spec, text.substr(dots + 2));
        if (!high)
            return high.error().in("'" + text + "'");
        result[parameter->id()] = {*low, *high};
    }
    return result;
}

Json tornadoJson(const EvaluationRequest &scenario, const Tornado &result, const std::string &currency)
{
    Json rows = Json::array();
    for (const TornadoRow &row : result.rows) {
        const ParameterSpec &spec = *row.parameter.spec;
        rows.push_back({{"lever", row.parameter.leverId},
                        {"parameter", spec.name},
                        {"present", numberJson(spec, row.present)},
                        {"low", numberJson(spec, row.low.value)},
                        {"high", numberJson(spec, row.high.value)},
                        {"range", row.isOwnRange ? "stated" : "default"},
                        {"at_low", figureJson(row.low.figure)},
                        {"at_high", figureJson(row.high.figure)},
                        {"unpriced_at_low", row.low.unpricedTokens},
                        {"unpriced_at_high", row.high.unpricedTokens},
                        {"swing", figureJson(row.swing, result.figure.isMoney())},
                        {"problem", row.low.problem.empty() && row.high.problem.empty()
                                        ? Json(nullptr)
                                        : Json(row.low.problem.empty() ? row.high.problem : row.low.problem)}});
    }
    return {{"scenario", scenario.name},
            {"currency", currency},
            {"figure", result.figure.text()},
            {"present", figureJson(result.present)},
            {"rows", rows},
            {"unpriced_tokens", result.remarks.unpricedTokens},
            {"evaluations", result.evaluations},
            {"checks", checksJson(result.remarks.failedChecks)}};
}

void printTornado(const EvaluationRequest &scenario, const Tornado &result, const std::string &currency)
{
    std::printf("%s of '%s': %s%s\n\n", result.figure.text().c_str(), scenario.name.c_str(),
                result.present.text().c_str(), result.figure.isMoney() ? (" " + currency).c_str() : "");
    std::vector<std::vector<std::string>> rows{
        {"lever", "number", "present", "low", "high", "at low", "at high", "swing"}};
    for (const TornadoRow &row : result.rows) {
        const ParameterSpec &spec = *row.parameter.spec;
        const EffectiveLever &lever = scenario.levers[row.parameter.lever];
        const std::string stated = row.isOwnRange ? "" : " *";
        rows.push_back({row.parameter.leverId, named(row.leverLabel, row.parameter),
                        shownNumber(lever, spec, row.present), shownNumber(lever, spec, row.low.value) + stated,
                        shownNumber(lever, spec, row.high.value) + stated, shownFigure(row.low.figure),
                        shownFigure(row.high.figure), shownFigure(row.swing, result.figure.isMoney())});
    }
    std::fputs(textTable(rows, {false, false, true, true, true, true, true, true}).c_str(), stdout);
    std::puts(
        "\n* nobody stated a range: shares ± 10 points, growth ± 1 point, units ± one step, others × 0.9 and × 1.1");
    for (const TornadoRow &row : result.rows) {
        for (const FigureAt *end : {&row.low, &row.high}) {
            if (!end->problem.empty())
                std::fprintf(stderr, "perunit: %s: %s\n", row.parameter.id().c_str(), end->problem.c_str());
        }
    }
}

Status runTornado(const ScenarioArguments &arguments)
{
    const auto figure = parseOutcomeFigure(arguments.figure);
    if (!figure)
        return figure.error().in("--figure");
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    const auto scenario = requestNamed(*input, arguments.scenario);
    if (!scenario)
        return scenario.error();
    const auto ranges = rangesOf(*scenario, arguments.ranges);
    if (!ranges)
        return ranges.error().in("--range");
    const auto result = tornado(*input->baseline, *scenario, *figure, *ranges, {}, {});
    if (!result)
        return result.error();
    const std::string &currency = input->baseline->currency();
    if (arguments.json)
        printJson(tornadoJson(*scenario, *result, currency));
    else
        printTornado(*scenario, *result, currency);
    printFailedChecks(scenario->name, result->remarks.failedChecks);
    for (const TornadoRow &row : result->rows) {
        for (const FigureAt *end : {&row.low, &row.high}) {
            if (end->figure)
                printUnpricedDifference(row.parameter.id(), result->remarks.unpricedTokens, end->unpricedTokens);
        }
    }
    return {};
}

Json turnJson(const ParameterSpec &spec, const KillNumber::Turn &turn)
{
    return {{"value", turn.value ? numberJson(spec, *turn.value) : Json(nullptr)},
            {"margin", turn.margin ? Json(formatDecimal(*turn.margin, 6)) : Json(nullptr)},
            {"first", figureJson(turn.first)},
            {"second", figureJson(turn.second)},
            {"limit", numberJson(spec, turn.limit)}};
}

Json killJson(const EvaluationRequest &first, const EvaluationRequest &second, const KillNumbers &result,
              const std::string &currency)
{
    Json rows = Json::array();
    for (const KillNumber &row : result.rows)
        rows.push_back({{"lever", row.parameter.leverId},
                        {"parameter", row.parameter.spec->name},
                        {"present", numberJson(*row.parameter.spec, row.present)},
                        {"in_both", row.inBoth},
                        {"down", turnJson(*row.parameter.spec, row.down)},
                        {"up", turnJson(*row.parameter.spec, row.up)},
                        {"problem", row.problem.empty() ? Json(nullptr) : Json(row.problem)}});
    return {{"first", first.name},
            {"second", second.name},
            {"currency", currency},
            {"figure", result.figure.text()},
            {"first_outcome", figureJson(result.first)},
            {"second_outcome", figureJson(result.second)},
            {"first_is_lower", result.firstIsLower},
            {"first_unpriced_tokens", result.firstRemarks.unpricedTokens},
            {"second_unpriced_tokens", result.secondRemarks.unpricedTokens},
            {"rows", rows},
            {"evaluations", result.evaluations},
            {"checks", checksJson(result.firstRemarks.failedChecks)}};
}

std::string turnText(const EffectiveLever &lever, const ParameterSpec &spec, const KillNumber::Turn &turn)
{
    if (!turn.value)
        return "never, to " + shownNumber(lever, spec, turn.limit);
    std::string text = shownNumber(lever, spec, *turn.value);
    if (turn.margin)
        text += " (" + std::string(*turn.margin > 0 ? "+" : "") + formatDecimalFixed(*turn.margin, 4, 1) + " %)";
    return text;
}

void printKill(const EvaluationRequest &first, const EvaluationRequest &second, const KillNumbers &result,
               const std::string &currency)
{
    const std::string unit = result.figure.isMoney() ? " " + currency : std::string();
    std::printf("%s of '%s': %s%s\n%s of '%s': %s%s\n%s\n\n", result.figure.text().c_str(), first.name.c_str(),
                result.first.text().c_str(), unit.c_str(), result.figure.text().c_str(), second.name.c_str(),
                result.second.text().c_str(), unit.c_str(),
                result.firstIsLower ? "the first is lower; it no longer is at"
                                    : "the first is not lower; it becomes lower at");
    std::vector<std::vector<std::string>> rows{{"lever", "number", "present", "down", "up", ""}};
    for (const KillNumber &row : result.rows) {
        const EffectiveLever &lever = first.levers[row.parameter.lever];
        const ParameterSpec &spec = *row.parameter.spec;
        rows.push_back({row.parameter.leverId, named(row.leverLabel, row.parameter),
                        shownNumber(lever, spec, row.present), turnText(lever, spec, row.down),
                        turnText(lever, spec, row.up),
                        !row.problem.empty() ? row.problem
                        : row.inBoth         ? "moves in both"
                                             : ""});
    }
    std::fputs(textTable(rows, {false, false, true, true, true, false}).c_str(), stdout);
}

Status runKill(const ScenarioArguments &arguments)
{
    const auto figure = parseOutcomeFigure(arguments.figure);
    if (!figure)
        return figure.error().in("--figure");
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    const auto first = requestNamed(*input, arguments.scenario);
    if (!first)
        return first.error();
    const auto second = requestNamed(*input, arguments.other);
    if (!second)
        return second.error();
    const auto result = killNumbers(*input->baseline, *first, *second, *figure, {}, {});
    if (!result)
        return result.error();
    const std::string &currency = input->baseline->currency();
    if (arguments.json)
        printJson(killJson(*first, *second, *result, currency));
    else
        printKill(*first, *second, *result, currency);
    printFailedChecks(first->name, result->firstRemarks.failedChecks);
    printUnpricedDifference("'" + second->name + "' and '" + first->name + "'", result->secondRemarks.unpricedTokens,
                            result->firstRemarks.unpricedTokens);
    return {};
}

Json savingsJson(const EvaluationRequest &scenario, const SavingsList &list, const std::string &currency)
{
    Json items = Json::array();
    for (const SavingsItem &item : list.items)
        items.push_back({{"lever", item.leverId},
                         {"label", item.label},
                         {"alone", item.alone.text()},
                         {"marginal", item.marginal.text()},
                         {"after", item.after.text()},
                         {"shapley", item.shapley ? Json(item.shapley->text()) : Json(nullptr)}});
    return {{"scenario", scenario.name},
            {"currency", currency},
            {"before", list.before.text()},
            {"after", list.after.text()},
            {"joint", list.joint().text()},
            {"overlap", list.overlap.text()},
            {"items", items},
            {"why_no_shapley", list.whyNoShapley.empty() ? Json(nullptr) : Json(list.whyNoShapley)},
            {"unpriced_tokens", {{"before", list.unpricedBefore}, {"after", list.unpricedAfter}}},
            {"evaluations", list.evaluations},
            {"checks", checksJson(list.failedChecks)}};
}

void printSavings(const EvaluationRequest &scenario, const SavingsList &list, const std::string &currency)
{
    std::printf("savings of '%s', %s\n\n", scenario.name.c_str(), currency.c_str());
    std::vector<std::vector<std::string>> rows{{"", "lever", "", "saves", "alone", "shapley", "total"}};
    rows.push_back({"", "before", "", "", "", "", list.before.text()});
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const SavingsItem &item = list.items[i];
        rows.push_back({std::to_string(i + 1), item.leverId, item.label, item.marginal.text(), item.alone.text(),
                        item.shapley ? item.shapley->text() : std::string(unknownText), item.after.text()});
    }
    rows.push_back({"", "together", "", list.joint().text(), (list.joint() + list.overlap).text(),
                    list.whyNoShapley.empty() ? list.joint().text() : std::string(unknownText), list.after.text()});
    std::fputs(textTable(rows, {true, false, false, true, true, true, true}).c_str(), stdout);
    std::printf("\neach saves what it adds to those above it; the single savings promise %s too much\n",
                list.overlap.text().c_str());
    if (!list.whyNoShapley.empty())
        std::printf("no Shapley parts: %s\n", list.whyNoShapley.c_str());
}

Status runSavings(const ScenarioArguments &arguments)
{
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    const auto scenario = requestNamed(*input, arguments.scenario);
    if (!scenario)
        return scenario.error();
    const auto list = savingsList(*input->baseline, {}, scenario->levers, {});
    if (!list)
        return list.error();
    const std::string &currency = input->baseline->currency();
    if (arguments.json)
        printJson(savingsJson(*scenario, *list, currency));
    else
        printSavings(*scenario, *list, currency);
    printFailedChecks(scenario->name, list->failedChecks);
    printUnpricedDifference(scenario->name, list->unpricedBefore, list->unpricedAfter);
    return {};
}

Json differencesJson(const std::vector<FigureDifference> &differences)
{
    Json result = Json::array();
    for (const FigureDifference &each : differences) {
        const bool isMoney = each.figure.isMoney();
        result.push_back({{"figure", each.figure.text()},
                          {"first", figureJson(each.first, isMoney)},
                          {"second", figureJson(each.second, isMoney)},
                          {"difference", figureJson(each.difference, isMoney)}});
    }
    return result;
}

Json differenceJson(const OutcomeDifference &result)
{
    return {{"first", result.first},
            {"second", result.second},
            {"currency", result.currency},
            {"total", differencesJson({result.total}).front()},
            {"components", differencesJson(result.components)},
            {"months", differencesJson(result.months)},
            {"groups", differencesJson(result.groups)},
            {"units", differencesJson(result.units)},
            {"usage", differencesJson(result.usage)},
            {"unpriced_tokens", {{"first", result.unpricedFirst}, {"second", result.unpricedSecond}}}};
}

void printDifference(const OutcomeDifference &result)
{
    std::vector<std::vector<std::string>> rows{{result.currency, result.first, result.second, "difference"}};
    for (const auto *list : {&result.components, &result.months, &result.groups, &result.units, &result.usage}) {
        for (const FigureDifference &each : *list) {
            const bool isMoney = each.figure.isMoney();
            rows.push_back({each.figure.text(), shownFigure(each.first, isMoney), shownFigure(each.second, isMoney),
                            shownFigure(each.difference, isMoney)});
        }
    }
    rows.push_back({"total", shownFigure(result.total.first, true), shownFigure(result.total.second, true),
                    shownFigure(result.total.difference, true)});
    std::fputs(textTable(rows, {false, true, true, true}).c_str(), stdout);
    if (result.unpricedFirst != 0 || result.unpricedSecond != 0)
        std::printf("\ntokens without a price, in no amount: %lld and %lld\n",
                    static_cast<long long>(result.unpricedFirst), static_cast<long long>(result.unpricedSecond));
}

Status runMinus(const ScenarioArguments &arguments)
{
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    for (const std::string &dimension : arguments.by) {
        if (auto status = checkDimension(*input->ledger, dimension); !status)
            return status.error().in("--by");
    }
    std::vector<Outcome> outcomes;
    for (const std::string &name : {arguments.scenario, arguments.other}) {
        auto request = requestNamed(*input, name);
        if (!request)
            return request.error();
        request->groupBy = arguments.by;
        auto outcome = evaluate(*input->baseline, *request, {});
        if (!outcome)
            return outcome.error().in("scenario '" + request->name + "'");
        outcomes.push_back(std::move(*outcome));
    }
    const auto result = differenceOf(outcomes[0], outcomes[1]);
    if (!result)
        return result.error();
    if (arguments.json)
        printJson(differenceJson(*result));
    else
        printDifference(*result);
    for (const Outcome &outcome : outcomes) {
        std::vector<OutcomeCheck> failed;
        std::copy_if(outcome.checks.begin(), outcome.checks.end(), std::back_inserter(failed),
                     [](const OutcomeCheck &check) { return !check.ok; });
        printFailedChecks(outcome.name, failed);
    }
    return {};
}

using Run = Status (*)(const ScenarioArguments &);

CLI::App *addCommand(CLI::App &analyse, const char *name, const char *help,
                     const std::shared_ptr<ScenarioArguments> &arguments, CommandOutcome &outcome, Run run)
{
    CLI::App *command = analyse.add_subcommand(name, help);
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("-s,--scenario", arguments->scenario, "Scenario file, or name of a scenario of the workspace")
        ->required();
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, run, &outcome] {
        if (auto status = run(*arguments); !status)
            fail(outcome, status.error());
    });
    return command;
}

constexpr const char *figureHelp = "total, component:NAME, month:YYYY-MM, unit:NAME (cost of one), "
                                   "group:DIMENSION=VALUE or usage:CLASS; all but groups also of a month: "
                                   "unit:NAME@YYYY-MM";

} // namespace

void addAnalyseScenarioCommands(CLI::App &analyse, CommandOutcome &outcome)
{
    const auto arguments = [] {
        return std::make_shared<ScenarioArguments>();
    };
    auto options = arguments();
    CLI::App *command =
        addCommand(analyse, "tornado", "Each number of each lever over its own range, largest swing first", options,
                   outcome, runTornado);
    command->add_option("--figure", options->figure, figureHelp);
    command->add_option("--range", options->ranges, "Range of a number: ID.PARAMETER=LOW..HIGH, as in scenario files");

    options = arguments();
    command = addCommand(analyse, "kill", "How far each number may move before the scenario stops beating another one",
                         options, outcome, runKill);
    command->add_option("--against", options->other, "The other scenario; the baseline unless given");
    command->add_option("--figure", options->figure, figureHelp);

    options = arguments();
    addCommand(analyse, "savings", "The levers as a list of savings that do not overlap: it sums to the joint saving",
               options, outcome, runSavings);

    options = arguments();
    command = addCommand(analyse, "minus", "A scenario less another one, figure by figure", options, outcome, runMinus);
    command->add_option("--minus", options->other, "The other scenario; the baseline unless given");
    command->add_option("--by", options->by, "Break the totals down by this dimension");
}

void addAnalyseCommand(CLI::App &app, CommandOutcome &outcome)
{
    CLI::App *analyse = app.add_subcommand("analyse", "What decides, what saves, what differs, what is best");
    analyse->require_subcommand(1);
    addAnalyseScenarioCommands(*analyse, outcome);
    addAnalyseMixCommand(*analyse, outcome);
    addAnalyseRoutingCommand(*analyse, outcome);
}

} // namespace perunit
