// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "model/report/comparison_report.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct EvaluateArguments {
    std::string workspace;
    std::vector<std::string> scenarios;
    std::string unit;
    std::vector<std::string> by;
    std::string bridge;
    bool json = false;
};

/// With one scenario the bridge leads from the baseline to it, with more from the first to the last of them.
Result<Bridge> wantedBridge(const Evaluated &evaluated, const std::string &method)
{
    const std::size_t scenarios = evaluated.requests.size() - 1;
    if (scenarios == 0)
        return Error{ErrorCode::BadInput, "a bridge needs a scenario", "--bridge", "add one with -s"};
    const EvaluationRequest &from = evaluated.requests[scenarios == 1 ? 0 : 1];
    return bridge(*evaluated.baseline, from, evaluated.requests.back(),
                  method == "shapley" ? BridgeMethod::Shapley : BridgeMethod::Sequential, {});
}

void printGroups(const Outcome &outcome)
{
    std::vector<std::vector<std::string>> rows{{"by", "value", "total", "requests", ""}};
    for (const GroupOutcome &group : outcome.groups)
        rows.push_back(
            {group.by, group.key.empty() ? "(none)" : group.key,
             group.isUnknown() ? "–" : group.components.total().text(), std::to_string(wholeCount(group.requests)),
             group.unpricedTokens == 0 ? "" : std::to_string(group.unpricedTokens) + " tokens have no price"});
    if (rows.size() > 1)
        std::printf("\n%s\n%s", outcome.name.c_str(), textTable(rows, {false, false, true, true, false}).c_str());
}

/// What the same would cost without the terms of contracts; nothing where none is in force.
void printListTotals(const Evaluated &evaluated)
{
    if (!evaluated.baseline->book().hasOverlays())
        return;
    std::vector<std::vector<std::string>> rows{{"scenario", "contracted", "at list prices", ""}};
    for (const Outcome &outcome : evaluated.outcomes) {
        const auto list = outcome.listTotal();
        const std::int64_t unlisted = outcome.list ? outcome.list->unpricedTokens : 0;
        rows.push_back({outcome.name, outcome.isUnknown() ? "–" : outcome.total().text(), list ? list->text() : "–",
                        unlisted == 0 ? "" : std::to_string(unlisted) + " tokens have no list price"});
    }
    std::printf("\n%s", textTable(rows, {false, true, true, false}).c_str());
}

void printEvaluated(const Evaluated &evaluated, const Bridge *bridge)
{
    const Baseline &baseline = *evaluated.baseline;
    std::printf("baseline %s … %s, %lld requests, prices as of %s, %s\n\n",
                formatInstant(baseline.period().from).c_str(), formatInstant(baseline.period().to).c_str(),
                static_cast<long long>(baseline.requestCount()), baseline.book().asOf().c_str(),
                baseline.currency().c_str());
    const ReportTable table = comparisonTable(evaluated.outcomes);
    std::vector<std::vector<std::string>> rows{table.header};
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    std::fputs(textTable(rows, table.rightAligned).c_str(), stdout);
    printListTotals(evaluated);
    for (const Outcome &outcome : evaluated.outcomes)
        printGroups(outcome);
    if (bridge) {
        std::vector<std::vector<std::string>> parts{{"lever", "amount", "lowest", "highest"}};
        parts.push_back({bridge->from, bridge->start.text(), "", ""});
        for (const BridgePart &part : bridge->parts)
            parts.push_back({part.label, part.amount.text(), part.minimum.text(), part.maximum.text()});
        parts.push_back({bridge->to, bridge->end.text(), "", ""});
        std::printf("\nbridge (%s)\n%s", bridge->method.c_str(), textTable(parts, {false, true, true, true}).c_str());
    }
    for (const Outcome &outcome : evaluated.outcomes) {
        for (const OutcomeCheck &check : outcome.checks) {
            if (!check.ok)
                std::fprintf(stderr, "perunit: %s: %s: %s\n", outcome.name.c_str(), check.name.c_str(),
                             check.detail.c_str());
        }
    }
}

void runEvaluate(const EvaluateArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto evaluated = evaluateWanted(*session, arguments.scenarios, arguments.unit, arguments.by);
    if (!evaluated)
        return fail(outcome, evaluated.error());
    std::optional<Bridge> parts;
    if (!arguments.bridge.empty()) {
        auto result = wantedBridge(*evaluated, arguments.bridge);
        if (!result)
            return fail(outcome, result.error());
        parts = std::move(*result);
    }
    if (arguments.json) {
        Json json = evaluatedJson(*evaluated);
        if (parts)
            json["bridge"] = bridgeJson(*parts);
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    } else {
        printEvaluated(*evaluated, parts ? &*parts : nullptr);
    }
}

} // namespace

void addEvaluateCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App *command = app.add_subcommand("evaluate", "Cost of the baseline and of scenarios");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("-s,--scenario", arguments->scenarios, "Scenario file, or name of a scenario of the workspace");
    command->add_option("--unit", arguments->unit, "Only this unit");
    command->add_option("--by", arguments->by, "Break the totals down by this dimension");
    command->add_option("--bridge", arguments->bridge, "Explain the difference lever by lever")
        ->check(CLI::IsMember({"shapley", "sequential"}));
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] { runEvaluate(*arguments, outcome); });
}

} // namespace perunit
