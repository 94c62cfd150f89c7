// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analyse_commands.h"
#include "app/cli/analysis_input.h"
#include "app/cli/text_table.h"

#include "model/analyses/quality_routing.h"
#include "model/import/accuracy_file.h"
#include "model/scenario/scenario_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct RoutingArguments {
    std::string workspace;
    std::string dimension = "workload";
    std::string floor;
    std::string accuracy;
    std::string output;
    bool json = false;
};

/// An answer with everything that was asked.
struct RoutingAnswer {
    QualityRoutingProblem problem;
    PartsPerMillion floor = 0;
    QualityRouting routing;
    RoutingLevers levers;
    std::string currency;
};

Result<RoutingAnswer> answered(const RoutingArguments &arguments)
{
    const auto floor = parseDecimal(arguments.floor, 6);
    if (!floor || floor->rounded || floor->units < 0 || floor->units > onePpm)
        return Error{ErrorCode::BadInput, "the floor must be between 0 and 1, with up to six decimals",
                     "--floor " + arguments.floor, "write 0.9 for 90 %"};
    const auto text = readTextFile(arguments.accuracy);
    if (!text)
        return text.error();
    const auto accuracies = readAccuracyTable(*text);
    if (!accuracies)
        return accuracies.error().in(arguments.accuracy);
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    if (auto status = checkDimension(*input->ledger, arguments.dimension); !status)
        return status.error().in("--by");
    RoutingAnswer answer;
    answer.floor = static_cast<PartsPerMillion>(floor->units);
    answer.currency = input->baseline->currency();
    auto problem = qualityRoutingProblem(*input->baseline, arguments.dimension, *accuracies, {});
    if (!problem)
        return problem.error();
    answer.problem = std::move(*problem);
    auto routing = qualityRouting(answer.problem.classes, answer.floor);
    if (!routing)
        return routing.error();
    answer.routing = std::move(*routing);
    answer.levers = routingLevers(answer.problem, answer.routing);
    return answer;
}

Scenario scenarioOf(const RoutingAnswer &answer)
{
    Scenario scenario;
    scenario.id = "quality-routing";
    scenario.name = "Cheapest routing at accuracy " + formatDecimal(answer.floor, 6);
    scenario.note = "The cheapest models whose accuracy over all requests is at least the floor.";
    for (const EffectiveLever &lever : answer.levers.levers)
        scenario.levers.push_back(lever.lever);
    return scenario;
}

Json answerJson(const RoutingAnswer &answer)
{
    Json classes = Json::array();
    for (std::size_t k = 0; k < answer.problem.classes.size(); ++k) {
        const RoutingClass &group = answer.problem.classes[k];
        const RoutingChoice &choice = answer.routing.choices[k];
        Json options = Json::array();
        for (const RoutingOption &option : group.options)
            options.push_back({{"model", option.model},
                               {"cost", option.cost.text()},
                               {"accuracy", formatDecimal(option.accuracy, 6)}});
        classes.push_back({{"class", group.name.empty() ? Json(nullptr) : Json(group.name)},
                           {"requests", group.requests},
                           {"present", group.present ? Json(group.options[*group.present].model) : Json(nullptr)},
                           {"model", group.options[choice.to].model},
                           {"share", formatDecimal(choice.share, 6)},
                           {"rest", choice.isWhole() ? Json(nullptr) : Json(group.options[choice.from].model)},
                           {"options", options}});
    }
    Json leftOut = Json::array();
    for (const auto &[value, requests] : answer.problem.leftOut)
        leftOut.push_back({{"class", value.empty() ? Json(nullptr) : Json(value)}, {"requests", requests}});
    return {{"currency", answer.currency},
            {"dimension", answer.problem.dimension},
            {"prices_at", formatInstant(answer.problem.at)},
            {"floor", formatDecimal(answer.floor, 6)},
            {"reached", answer.routing.reached},
            {"accuracy", formatDecimal(answer.routing.accuracy(), 6)},
            {"cost", answer.routing.cost.text()},
            {"lower_bound", answer.routing.lowerBound.text()},
            {"gap", answer.routing.gap.text()},
            {"optimal", answer.routing.isOptimal},
            {"classes", classes},
            {"left_out", leftOut},
            {"moved_as_a_whole", answer.levers.movedAsAWhole},
            {"notes", answer.problem.notes},
            {"scenario", Json::parse(writeScenario(scenarioOf(answer)))}};
}

void printAnswer(const RoutingAnswer &answer)
{
    const QualityRouting &routing = answer.routing;
    if (!routing.reached)
        std::printf("unreachable, the best accuracy is %s\n", formatDecimal(routing.accuracy(), 6).c_str());
    std::printf("accuracy %s of %lld requests, floor %s\ncost %s %s, %s\n\n",
                formatDecimal(routing.accuracy(), 6).c_str(), static_cast<long long>(routing.requests),
                formatDecimal(answer.floor, 6).c_str(), routing.cost.text().c_str(), answer.currency.c_str(),
                routing.isOptimal
                    ? "nothing can be cheaper"
                    : ("at most " + routing.gap.text() + " above anything that reaches the floor").c_str());
    std::vector<std::vector<std::string>> rows{{answer.problem.dimension, "requests", "model", "share", "accuracy"}};
    for (std::size_t k = 0; k < answer.problem.classes.size(); ++k) {
        const RoutingClass &group = answer.problem.classes[k];
        const RoutingChoice &choice = routing.choices[k];
        const auto row = [&](std::size_t option, PartsPerMillion share) {
            rows.push_back({group.name.empty() ? "(none)" : group.name, std::to_string(group.requests),
                            group.options[option].model + (group.present == option ? " (as today)" : ""),
                            formatDecimal(share, 4) + " %", formatDecimal(group.options[option].accuracy, 6)});
        };
        row(choice.to, choice.isWhole() ? onePpm : choice.share);
        if (!choice.isWhole())
            row(choice.from, onePpm - choice.share);
    }
    std::fputs(textTable(rows, {false, true, false, true, true}).c_str(), stdout);
    for (const auto &[value, requests] : answer.problem.leftOut)
        std::fprintf(stderr,
                     "perunit: %s '%s' has no accuracy; its %lld requests stay as they are, outside the floor\n",
                     answer.problem.dimension.c_str(), value.c_str(), static_cast<long long>(requests));
    for (const std::string &note : answer.problem.notes)
        std::fprintf(stderr, "perunit: %s\n", note.c_str());
    for (const std::string &name : answer.levers.movedAsAWhole)
        std::fprintf(stderr,
                     "perunit: '%s' is split between two models of which none serves it today; the scenario moves all "
                     "of it to the more accurate one\n",
                     name.c_str());
}

Status runRouting(const RoutingArguments &arguments)
{
    const auto answer = answered(arguments);
    if (!answer)
        return answer.error();
    if (!arguments.output.empty()) {
        if (auto status = writeTextFile(arguments.output, writeScenarioFile({{scenarioOf(*answer)}, {}})); !status)
            return status;
    }
    if (arguments.json)
        std::puts(answerJson(*answer).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printAnswer(*answer);
    return {};
}

} // namespace

void addAnalyseRoutingCommand(CLI::App &analyse, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<RoutingArguments>();
    CLI::App *command =
        analyse.add_subcommand("routing", "The cheapest models for each kind of request that keep a quality floor");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("--by", arguments->dimension, "Dimension whose values are routed; workload unless given");
    command->add_option("--floor", arguments->floor, "Accuracy over all requests that must be kept: 0.9")->required();
    command
        ->add_option("--accuracy", arguments->accuracy,
                     "Table with the columns class, model, accuracy; class * is every class")
        ->required();
    command->add_option("--output", arguments->output, "Write the answer as a scenario file");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] {
        if (auto status = runRouting(*arguments); !status)
            fail(outcome, status.error());
    });
}

} // namespace perunit
