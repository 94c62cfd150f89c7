// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analysis_input.h"
#include "app/cli/commands.h"

#include "model/analyses/goal_seek.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct SolveArguments {
    std::string workspace;
    std::string scenario;
    std::string lever;
    std::string target;
    std::string lowest;
    std::string highest;
    bool json = false;
};

Json pointJson(const ParameterSpec &spec, const FigureAt &at)
{
    return {{"value", numberJson(spec, at.value)},
            {"outcome", figureJson(at.figure)},
            {"unpriced_tokens", at.unpricedTokens},
            {"problem", at.problem.empty() ? Json(nullptr) : Json(at.problem)}};
}

Json resultJson(const AnalysisInput &input, const EvaluationRequest &scenario, const GoalSeekResult &result)
{
    const ParameterSpec &spec = *result.parameter.spec;
    Json nearest = Json::array();
    for (const FigureAt &at : result.nearest)
        nearest.push_back(pointJson(spec, at));
    const auto numberOrNull = [&spec](const std::optional<std::int64_t> &value) {
        return value ? numberJson(spec, *value) : Json(nullptr);
    };
    return {{"scenario", scenario.name},
            {"currency", input.baseline->currency()},
            {"lever", result.parameter.leverId},
            {"parameter", spec.name},
            {"target", result.target.text()},
            {"reached", result.reached},
            {"value", result.answer ? numberJson(spec, result.answer->value) : Json(nullptr)},
            {"outcome", result.answer ? figureJson(result.answer->figure) : Json(nullptr)},
            {"nearest", nearest},
            {"evaluations", result.evaluations},
            {"present", pointJson(spec, result.present)},
            {"just_not", result.justNot ? pointJson(spec, *result.justNot) : Json(nullptr)},
            {"met_from", numberOrNull(result.metFrom)},
            {"met_to", numberOrNull(result.metTo)},
            {"checks", checksJson(result.failedChecks)}};
}

void printResult(const AnalysisInput &input, const EvaluationRequest &scenario, const GoalSeekResult &result)
{
    const ParameterSpec &spec = *result.parameter.spec;
    const EffectiveLever &lever = scenario.levers[result.parameter.lever];
    const auto number = [&](std::int64_t value) {
        return shownNumber(lever, spec, value);
    };
    const auto line = [&](const char *what, const FigureAt &at) {
        std::printf("%-12s %s: %s\n", what, number(at.value).c_str(),
                    at.figure ? at.figure->text().c_str() : at.problem.c_str());
    };
    std::printf("%s of %s in '%s', %s%s%s\n", std::string(spec.label).c_str(), result.parameter.leverId.c_str(),
                scenario.name.c_str(), result.target.text().c_str(), result.target.figure.isMoney() ? " " : "",
                result.target.figure.isMoney() ? input.baseline->currency().c_str() : "");
    line("present", result.present);
    if (result.reached) {
        line("answer", *result.answer);
        if (result.justNot)
            line("just not", *result.justNot);
        if (result.metFrom && result.metTo && *result.metFrom != *result.metTo)
            std::printf("%-12s from %s to %s\n", "met", number(*result.metFrom).c_str(), number(*result.metTo).c_str());
    } else if (result.nearest.size() == 2) {
        std::printf("no value gives it exactly; it lies between two neighbours\n");
        for (const FigureAt &at : result.nearest)
            line("nearest", at);
    } else {
        std::printf("unreachable, the best is\n");
        for (const FigureAt &at : result.nearest)
            line("nearest", at);
    }
    std::printf("%d evaluations\n", result.evaluations);
}

Result<std::optional<std::int64_t>> limitOf(const EvaluationRequest &scenario, const std::string &lever,
                                            const std::string &text)
{
    if (text.empty())
        return std::optional<std::int64_t>();
    const auto parameter = findParameter(scenario.levers, lever);
    if (!parameter)
        return parameter.error();
    const auto value = parseNumber(*parameter->spec, text);
    if (!value)
        return value.error();
    return std::optional(*value);
}

Status solve(const SolveArguments &arguments)
{
    const auto target = parseFigureTarget(arguments.target);
    if (!target)
        return target.error().in("--target");
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    auto scenario = requestNamed(*input, arguments.scenario);
    if (!scenario)
        return scenario.error();
    GoalSeekRequest request;
    request.scenario = *scenario;
    request.parameter = arguments.lever;
    request.target = *target;
    const auto lowest = limitOf(*scenario, arguments.lever, arguments.lowest);
    if (!lowest)
        return lowest.error().in("--lowest");
    const auto highest = limitOf(*scenario, arguments.lever, arguments.highest);
    if (!highest)
        return highest.error().in("--highest");
    request.lowest = *lowest;
    request.highest = *highest;
    const auto result = goalSeek(*input->baseline, request, {}, {});
    if (!result)
        return result.error();
    if (arguments.json)
        std::puts(resultJson(*input, *scenario, *result).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printResult(*input, *scenario, *result);
    printFailedChecks(scenario->name, result->failedChecks);
    const FigureAt *found = result->answer ? &*result->answer : &result->nearest.front();
    if (result->present.figure)
        printUnpricedDifference(scenario->name, result->present.unpricedTokens, found->unpricedTokens);
    return {};
}

} // namespace

void addSolveCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<SolveArguments>();
    CLI::App *command = app.add_subcommand(
        "solve", "The value of a lever at which a figure is as wanted, closest to what the scenario says");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("-s,--scenario", arguments->scenario, "Scenario file, or name of a scenario of the workspace")
        ->required();
    command->add_option("--lever", arguments->lever, "Lever and number: routing-1.share")->required();
    command
        ->add_option(
            "--target", arguments->target,
            "Figure, <=, >= or =, and a number: total, component:NAME, month:YYYY-MM, unit:NAME (cost of one), "
            "group:DIMENSION=VALUE or usage:CLASS; all but groups also of a month: unit:NAME@YYYY-MM")
        ->required();
    command->add_option("--lowest", arguments->lowest, "Not below this value, written as in scenario files: 0.25");
    command->add_option("--highest", arguments->highest, "Not above this value");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] {
        if (auto status = solve(*arguments); !status)
            fail(outcome, status.error());
    });
}

} // namespace perunit
