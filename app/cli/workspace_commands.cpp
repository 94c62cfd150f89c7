// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"
#include "app/document/shared_scenario.h"
#include "app/document/unit_text.h"

#include "model/scenario/scenario_file.h"
#include "model/store/rescue.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct WorkspaceArguments {
    std::string workspace;
    std::string name;
    std::vector<std::string> files;
    std::string output;
    std::string from;
    std::string to;
    int horizon = -1;
    std::string hours;
    bool wholeLedger = false;
    bool withBaseline = false;
    bool json = false;
};

// Units ---------------------------------------------------------------------------------------------------

std::string amountText(const std::optional<Femto> &amount)
{
    return amount ? amount->text() : "–";
}

std::optional<Femto> costPerUnit(const UnitActuals &actuals)
{
    if (actuals.count == 0)
        return std::nullopt;
    return Femto::ofUnits(divideHalfEven(actuals.cost.units(), actuals.count));
}

void printUnits(const std::vector<EconomicUnit> &units, const Baseline &baseline, bool json, CommandOutcome &outcome)
{
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{
        {"unit", "counts", "count", "cost", "cost per unit", "P50", "P90", "P99", ""}};
    for (const EconomicUnit &unit : units) {
        const auto actuals = unitActuals(baseline, unit, {});
        if (!actuals)
            return fail(outcome, actuals.error().in("unit '" + unit.name + "'"));
        list.push_back(unitJson(unit, *actuals));
        const auto known = [&actuals](std::optional<Femto> amount) {
            return amountText(actuals->isUnknown() ? std::optional<Femto>() : amount);
        };
        const std::string remark =
            actuals->unpricedTokens > 0 ? std::to_string(actuals->unpricedTokens) + " tokens without a price" : "";
        rows.push_back({unit.name, denominatorText(unit), std::to_string(actuals->count), known(actuals->cost),
                        known(costPerUnit(*actuals)), known(actuals->p50), known(actuals->p90), known(actuals->p99),
                        actuals->problem.empty() ? remark : actuals->problem});
    }
    if (json)
        std::puts(Json{{"currency", baseline.currency()}, {"units", list}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        std::fputs(textTable(rows, {false, false, true, true, true, true, true, true, false}).c_str(), stdout);
}

/// Units speak of the whole ledger: the baseline of scenarios is another cut.
Result<std::shared_ptr<const Baseline>> wholeLedger(const Session &session)
{
    auto ledger = session.store->readLedger({});
    if (!ledger)
        return ledger.error();
    return Baseline::build(*ledger, session.book, {}, {});
}

void runUnitList(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    std::vector<EconomicUnit> units = session->state.units;
    if (!arguments.name.empty()) {
        const EconomicUnit *unit = session->state.unit(arguments.name);
        if (!unit)
            return fail(outcome, {ErrorCode::NotFound, "the workspace has no unit '" + arguments.name + "'", "",
                                  "see 'perunit unit list'"});
        units = {*unit};
    }
    const auto baseline = wholeLedger(*session);
    if (!baseline)
        return fail(outcome, baseline.error());
    printUnits(units, **baseline, arguments.json, outcome);
}

void runUnitDefine(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, true);
    if (!session)
        return fail(outcome, session.error());
    WorkspaceState next = session->state;
    std::vector<std::string> defined;
    for (const std::string &file : arguments.files) {
        auto text = readTextFile(file);
        if (!text)
            return fail(outcome, text.error());
        auto unit = readUnit(*text, fileNameOf(file));
        if (!unit)
            return fail(outcome, unit.error());
        putUnit(next, *unit);
        defined.push_back(unit->name);
    }
    if (auto status = saveSession(*session, next); !status)
        return fail(outcome, status.error());
    for (const std::string &name : defined)
        std::fprintf(stderr, "perunit: unit '%s' is defined\n", name.c_str());
}

void addUnit(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<WorkspaceArguments>();
    CLI::App *unit = app.add_subcommand("unit", "Economic units: what one conversation, document or contract costs");
    unit->require_subcommand(1);
    unit->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    unit->add_flag("--json", arguments->json, "Print one JSON document");
    CLI::App *list = unit->add_subcommand("list", "All units with their cost");
    list->fallthrough();
    list->callback([arguments, &outcome] { runUnitList(*arguments, outcome); });
    CLI::App *show = unit->add_subcommand("show", "One unit");
    show->fallthrough();
    show->add_option("NAME", arguments->name, "Name of the unit")->required();
    show->callback([arguments, &outcome] { runUnitList(*arguments, outcome); });
    CLI::App *define =
        unit->add_subcommand("define", "Define units from JSON files, or replace those of the same name");
    define->fallthrough();
    define->add_option("FILE", arguments->files, "Unit definitions")->required();
    define->callback([arguments, &outcome] { runUnitDefine(*arguments, outcome); });
}

// Scenarios -----------------------------------------------------------------------------------------------

void runScenarioList(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{"id", "name", "parent", "levers"}};
    for (const Scenario &scenario : session->state.scenarios.scenarios) {
        const auto levers = session->state.scenarios.effectiveLevers(scenario.id);
        list.push_back({{"id", scenario.id},
                        {"name", scenario.name},
                        {"parent", scenario.parent.empty() ? Json(nullptr) : Json(scenario.parent)},
                        {"levers", levers.size()}});
        rows.push_back({scenario.id, scenario.name, scenario.parent, std::to_string(levers.size())});
    }
    if (arguments.json)
        std::puts(Json{{"scenarios", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        std::fputs(textTable(rows, {false, false, false, true}).c_str(), stdout);
}

/// A workspace that is not there yet is made of what a shared scenario carries.
void importShared(const WorkspaceArguments &arguments, const ScenarioFile &file, CommandOutcome &outcome)
{
    if (arguments.files.size() > 1)
        return fail(outcome, {ErrorCode::Conflict, "a shared scenario makes a workspace of its own",
                              arguments.workspace, "import it alone first"});
    auto workspace = openForWriting(arguments.workspace);
    if (!workspace)
        return fail(outcome, workspace.error());
    if (auto status = takeInShared(*workspace->store, file); !status) {
        discard(std::move(*workspace));
        fail(outcome, status.error().in(fileNameOf(arguments.files.front())));
    }
}

void runScenarioImport(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, true);
    if (!session)
        return fail(outcome, session.error());
    WorkspaceState next = session->state;
    for (const std::string &file : arguments.files) {
        auto scenario = readScenarioAt(file);
        if (!scenario)
            return fail(outcome, scenario.error());
        if (!session->store && !scenario->profile.empty())
            return importShared(arguments, *scenario, outcome);
        const std::string id = addScenarioChain(next, scenario->chain);
        for (const LeverProblem &problem : checkLevers(next.scenarios.effectiveLevers(id), *session->book))
            std::fprintf(stderr, "perunit: %s: lever '%s'%s%s: %s\n", fileNameOf(file).c_str(), problem.leverId.c_str(),
                         problem.parameter.empty() ? "" : ", ", problem.parameter.c_str(), problem.what.c_str());
    }
    if (auto status = saveSession(*session, next); !status)
        fail(outcome, status.error());
}

void runScenarioExport(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const Scenario *scenario = session->state.scenarios.findByName(arguments.name);
    if (!scenario)
        scenario = session->state.scenarios.find(arguments.name);
    if (!scenario)
        return fail(outcome, {ErrorCode::NotFound, "the workspace has no scenario '" + arguments.name + "'", "",
                              "see 'perunit scenario list'"});
    auto ledger = session->store->readLedger({});
    if (!ledger)
        return fail(outcome, ledger.error());
    ScenarioFile file = scenarioFileOf(session->state, scenario->id, *session->book, &*ledger);
    if (arguments.withBaseline) {
        const auto baseline = Baseline::build(*ledger, session->book, session->state.settings, {});
        if (!baseline)
            return fail(outcome, baseline.error());
        auto shared = sharedScenario(session->state, **baseline, scenario->id, {});
        if (!shared)
            return fail(outcome, shared.error());
        file = std::move(*shared);
    }
    if (auto status = writeTextFile(arguments.output, writeScenarioFile(file)); !status)
        fail(outcome, status.error());
}

void addScenario(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<WorkspaceArguments>();
    CLI::App *scenario = app.add_subcommand("scenario", "The scenarios of a workspace");
    scenario->require_subcommand(1);
    scenario->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    scenario->add_flag("--json", arguments->json, "Print one JSON document");
    CLI::App *list = scenario->add_subcommand("list", "All scenarios");
    list->fallthrough();
    list->callback([arguments, &outcome] { runScenarioList(*arguments, outcome); });
    CLI::App *importing = scenario->add_subcommand("import", "Add *.perunit-scenario files with their parents");
    importing->fallthrough();
    importing->add_option("FILE", arguments->files, "Scenario files")->required();
    importing->callback([arguments, &outcome] { runScenarioImport(*arguments, outcome); });
    CLI::App *exporting = scenario->add_subcommand("export", "Write a scenario with its parents as a file");
    exporting->fallthrough();
    exporting->add_option("NAME", arguments->name, "Name of the scenario")->required();
    exporting->add_option("--output", arguments->output, "File to write")->required();
    exporting->add_flag("--with-baseline", arguments->withBaseline,
                        "Add the baseline added up, with prices and units: for who has no ledger");
    exporting->callback([arguments, &outcome] { runScenarioExport(*arguments, outcome); });
}

// Settings ------------------------------------------------------------------------------------------------

Result<BaselineSettings> changedSettings(const WorkspaceArguments &arguments, BaselineSettings settings)
{
    if (arguments.wholeLedger)
        settings.period.reset();
    if (!arguments.from.empty() || !arguments.to.empty()) {
        if (arguments.from.empty() || arguments.to.empty())
            return Error{ErrorCode::BadInput, "--from and --to belong together", "", ""};
        const auto from = parseInstant(arguments.from);
        if (!from)
            return from.error().in("--from");
        const auto to = parseInstant(arguments.to);
        if (!to)
            return to.error().in("--to");
        if (*to <= *from)
            return Error{ErrorCode::BadInput, "--to must be later than --from", "", ""};
        settings.period = Period{*from, *to};
    }
    if (arguments.horizon >= 0)
        settings.horizonMonths = arguments.horizon;
    if (!arguments.hours.empty())
        settings.conventionalMonth = arguments.hours == "730";
    return settings;
}

void runSettings(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto settings = changedSettings(arguments, session->state.settings);
    if (!settings)
        return fail(outcome, settings.error());
    WorkspaceState next = session->state;
    next.settings = *settings;
    if (auto status = saveSession(*session, next); !status)
        return fail(outcome, status.error());
    const auto &period = next.settings.period;
    if (arguments.json)
        std::puts(Json{{"from", period ? Json(formatInstant(period->from)) : Json(nullptr)},
                       {"to", period ? Json(formatInstant(period->to)) : Json(nullptr)},
                       {"horizon_months", next.settings.horizonMonths},
                       {"hours_in_month", next.settings.conventionalMonth ? "730" : "calendar"}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        std::printf("baseline %s, horizon %d months, %s hours a month\n",
                    period ? (formatInstant(period->from) + " … " + formatInstant(period->to)).c_str() : "whole ledger",
                    next.settings.horizonMonths, next.settings.conventionalMonth ? "730" : "calendar");
}

void addSettings(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<WorkspaceArguments>();
    CLI::App *settings = app.add_subcommand("settings", "Show or set the baseline period and the horizon of scenarios");
    settings->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    settings->add_option("--from", arguments->from, "First instant of the baseline period");
    settings->add_option("--to", arguments->to, "First instant after it");
    settings->add_flag("--whole-ledger", arguments->wholeLedger, "The baseline is the whole ledger");
    settings
        ->add_option("--horizon", arguments->horizon, "Months to look ahead; 0 re-prices the baseline period itself")
        ->check(CLI::Range(0, 120));
    settings->add_option("--hours", arguments->hours, "Hours in a month")->check(CLI::IsMember({"730", "calendar"}));
    settings->add_flag("--json", arguments->json, "Print one JSON document");
    settings->callback([arguments, &outcome] { runSettings(*arguments, outcome); });
}

// Rescue --------------------------------------------------------------------------------------------------

void runRescue(const WorkspaceArguments &arguments, CommandOutcome &outcome)
{
    const auto rescue = rescueWorkspace(arguments.workspace, arguments.output);
    if (!rescue)
        return fail(outcome, rescue.error());
    if (arguments.json) {
        std::puts(Json{{"saved", rescue->saved}, {"lost", rescue->lost}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    } else {
        for (const std::string &what : rescue->saved)
            std::printf("saved %s\n", what.c_str());
    }
    for (const std::string &what : rescue->lost)
        std::fprintf(stderr, "perunit: lost: %s\n", what.c_str());
    if (!rescue->lost.empty())
        outcome.status = ExitStatus::DoneWithRejects;
}

void addRescue(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<WorkspaceArguments>();
    CLI::App *rescue = app.add_subcommand("rescue", "Copy what is still good in a damaged workspace into a new one");
    rescue->add_option("-w,--workspace", arguments->workspace, "Damaged workspace; it is not changed")->required();
    rescue->add_option("--output", arguments->output, "New workspace file")->required();
    rescue->add_flag("--json", arguments->json, "Print one JSON document");
    rescue->callback([arguments, &outcome] { runRescue(*arguments, outcome); });
}

} // namespace

void addWorkspaceCommands(CLI::App &app, CommandOutcome &outcome)
{
    addUnit(app, outcome);
    addScenario(app, outcome);
    addSettings(app, outcome);
    addRescue(app, outcome);
}

} // namespace perunit
