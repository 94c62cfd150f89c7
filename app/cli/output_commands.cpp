// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/capacity_chart.h"
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/document/best_bridge.h"
#include "app/document/outcomes_csv.h"
#include "app/report/scenario_report.h"
#include "app/shell/file_dialogs.h"
#include "model/figures/figure_builder.h"
#include "widgets/print/report_files.h"
#include "widgets/text/text.h"

#include <QApplication>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>

namespace perunit {

namespace {

struct OutputArguments {
    std::string workspace;
    std::vector<std::string> scenarios;
    std::string unit;
    std::string page = "compare";
    std::string figure;
    std::string output;
    CapacityChoice capacity;
};

/// Text on paper needs fonts, and fonts need a Qt application; it never needs a display.
class PaperApplication
{
public:
    PaperApplication()
    {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        m_application = std::make_unique<QApplication>(m_count, m_arguments.data());
    }

private:
    int m_count = 1;
    std::array<char, 8> m_name{"perunit"};
    std::array<char *, 2> m_arguments{m_name.data(), nullptr};
    std::unique_ptr<QApplication> m_application;
};

std::string lowerExtension(const std::string &path)
{
    std::string extension = std::filesystem::path(path).extension().string();
    for (char &letter : extension)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return extension;
}

std::string workspaceName(const std::string &path)
{
    return std::filesystem::path(path).stem().string();
}

/// The unit that is followed: the one asked for, else the first of the workspace.
Result<std::string> followedUnit(const Session &session, const std::string &wanted)
{
    if (wanted.empty())
        return session.state.units.empty() ? std::string() : session.state.units.front().name;
    if (!session.state.unit(wanted))
        return Error{ErrorCode::NotFound, "the workspace has no unit '" + wanted + "'", "--unit",
                     "see 'perunit unit list'"};
    return wanted;
}

std::vector<ComparedScenario> comparedOf(const Evaluated &evaluated)
{
    std::vector<ComparedScenario> result;
    for (std::size_t i = 0; i < evaluated.outcomes.size(); ++i)
        result.push_back({evaluated.outcomes[i], evaluated.requests[i].levers});
    return result;
}

// ---- chart ------------------------------------------------------------------------------------------------

/// The pictures of each page, the first one is drawn unless another is asked for.
struct PageFigures {
    std::string_view page;
    std::vector<std::string_view> figures;
};

const std::vector<PageFigures> &pageFigures()
{
    static const std::vector<PageFigures> pages{
        {"home", {"spend", "components", "breakdown"}},
        {"units", {"days", "distribution", "composition"}},
        {"scenarios", {"bridge", "months"}},
        {"compare", {"components", "unit", "months", "bridge"}},
        {"capacity", {"load", "cost"}},
    };
    return pages;
}

Result<std::string> chosenFigure(const OutputArguments &arguments)
{
    for (const PageFigures &page : pageFigures()) {
        if (page.page != arguments.page)
            continue;
        if (arguments.figure.empty())
            return std::string(page.figures.front());
        std::string known;
        for (const std::string_view figure : page.figures) {
            if (figure == arguments.figure)
                return arguments.figure;
            known += (known.empty() ? "" : ", ") + std::string(figure);
        }
        return Error{ErrorCode::NotFound, "the page has no figure '" + arguments.figure + "'", "--figure",
                     "it has " + known};
    }
    return Error{ErrorCode::NotFound, "there is no page '" + arguments.page + "' with figures", "--page", ""};
}

Result<Figure> unitFigure(const Session &session, const Evaluated &evaluated, const std::string &figure,
                          const std::string &unitName)
{
    const EconomicUnit *unit = session.state.unit(unitName);
    if (!unit)
        return Error{ErrorCode::NotFound, "the workspace has no unit to draw", "--unit",
                     "define one with 'perunit unit define'"};
    const auto actuals = unitActuals(*evaluated.baseline, *unit, {});
    if (!actuals)
        return actuals.error();
    const std::string &currency = evaluated.baseline->currency();
    if (figure == "distribution")
        return unitDistribution(*actuals, currency);
    if (figure == "composition")
        return unitComposition(*actuals, currency);
    return unitOverDays(*actuals, currency);
}

Result<Figure> figureFor(const Session &session, const Evaluated &evaluated, const OutputArguments &arguments)
{
    const auto figure = chosenFigure(arguments);
    if (!figure)
        return figure.error();
    const std::string &currency = evaluated.baseline->currency();
    const auto unitName = followedUnit(session, arguments.unit);
    if (!unitName)
        return unitName.error();
    if (arguments.page == "units")
        return unitFigure(session, evaluated, *figure, *unitName);
    if (*figure == "spend")
        return spendOverDays(dailySpend(*evaluated.baseline), currency);
    if (*figure == "breakdown")
        return breakdownBars(evaluated.outcomes.front(), "workload", 8);
    if (arguments.page == "home")
        return componentsOverMonths(evaluated.outcomes.back());
    if (*figure == "components")
        return componentBars(evaluated.outcomes);
    if (*figure == "months")
        return totalOverMonths(evaluated.outcomes);
    if (*figure == "unit")
        return unitOverMonths(evaluated.outcomes, *unitName);
    if (evaluated.requests.size() < 2)
        return Error{ErrorCode::BadInput, "a bridge needs a scenario", "--figure bridge", "add one with -s"};
    const bool fromBaseline = evaluated.requests.size() == 2;
    const auto parts =
        bestBridge(*evaluated.baseline, evaluated.requests[fromBaseline ? 0 : 1], evaluated.requests.back(), {});
    if (!parts)
        return parts.error();
    return bridgeWaterfall(*parts, currency);
}

void runCapacityChart(const Session &session, const OutputArguments &arguments, CommandOutcome &outcome)
{
    const auto figure = chosenFigure(arguments);
    if (!figure)
        return fail(outcome, figure.error());
    const std::string scenario = arguments.scenarios.empty() ? std::string() : arguments.scenarios.back();
    const auto chart = capacityChart(session, {*figure, scenario, arguments.capacity});
    if (!chart)
        return fail(outcome, chart.error());
    const PaperApplication paper;
    if (const Status status = writeFigure(chart->figure, toQt(arguments.output), chart->plane); !status)
        return fail(outcome, status.error());
    std::printf("%s\n", arguments.output.c_str());
}

void runChart(const OutputArguments &arguments, CommandOutcome &outcome)
{
    const std::string extension = lowerExtension(arguments.output);
    if (extension != ".pdf" && extension != ".svg" && extension != ".png")
        return fail(outcome, {ErrorCode::Unsupported, "a chart cannot be written as '" + extension + "'",
                              arguments.output, "end the name with .pdf, .svg or .png"});
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    if (arguments.page == "capacity")
        return runCapacityChart(*session, arguments, outcome);
    // These pages speak of the past: the whole ledger at its own prices, as in the window.
    if (arguments.page == "home" || arguments.page == "units")
        session->state.settings = {};
    const bool byWorkload = arguments.figure == "breakdown";
    const auto evaluated =
        evaluateWanted(*session, arguments.scenarios, {},
                       byWorkload ? std::vector<std::string>{"workload"} : std::vector<std::string>{});
    if (!evaluated)
        return fail(outcome, evaluated.error());
    const auto figure = figureFor(*session, *evaluated, arguments);
    if (!figure)
        return fail(outcome, figure.error());
    const PaperApplication paper;
    const QString path = toQt(arguments.output);
    if (const Status status = writeFigure(*figure, path); !status)
        return fail(outcome, status.error());
    std::printf("%s\n", arguments.output.c_str());
}

// ---- report -----------------------------------------------------------------------------------------------

void runReport(const OutputArguments &arguments, CommandOutcome &outcome)
{
    if (lowerExtension(arguments.output) != ".pdf")
        return fail(outcome,
                    {ErrorCode::Unsupported, "a report is written as PDF", arguments.output, "end the name with .pdf"});
    const auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto evaluated = evaluateWanted(*session, arguments.scenarios, {}, {});
    if (!evaluated)
        return fail(outcome, evaluated.error());
    const auto unitName = followedUnit(*session, arguments.unit);
    if (!unitName)
        return fail(outcome, unitName.error());
    const auto report =
        scenarioReport(workspaceName(arguments.workspace), evaluated->baseline, comparedOf(*evaluated), *unitName, {});
    if (!report)
        return fail(outcome, report.error());
    const PaperApplication paper;
    if (const Status status = writeReportPdf(*report, toQt(arguments.output)); !status)
        return fail(outcome, status.error());
    std::printf("%s\n", arguments.output.c_str());
}

// ---- export -----------------------------------------------------------------------------------------------

void runExport(const OutputArguments &arguments, const std::vector<std::string> &by, CommandOutcome &outcome)
{
    const std::string extension = lowerExtension(arguments.output);
    if (extension != ".csv" && extension != ".json")
        return fail(outcome, {ErrorCode::Unsupported, "the outcomes cannot be written as '" + extension + "'",
                              arguments.output, "end the name with .csv or .json"});
    const auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    std::vector<std::string> scenarios = arguments.scenarios;
    if (scenarios.empty()) {
        for (const Scenario &scenario : session->state.scenarios.scenarios)
            scenarios.push_back(scenario.id);
    }
    const auto evaluated = evaluateWanted(*session, scenarios, arguments.unit, by);
    if (!evaluated)
        return fail(outcome, evaluated.error());
    const std::string content =
        extension == ".json"
            ? evaluatedJson(*evaluated).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n'
            : outcomesAsCsv(evaluated->outcomes);
    if (const Status status = writeTextFile(arguments.output, content); !status)
        return fail(outcome, status.error());
    std::printf("%s\n", arguments.output.c_str());
}

std::shared_ptr<OutputArguments> addCommon(CLI::App *command)
{
    auto arguments = std::make_shared<OutputArguments>();
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("-s,--scenario", arguments->scenarios, "Scenario file, or name of a scenario of the workspace");
    command->add_option("--unit", arguments->unit, "Unit whose cost is followed; the first one unless given");
    command->add_option("-o,--output", arguments->output, "File to write")->required();
    return arguments;
}

} // namespace

void addOutputCommands(CLI::App &app, CommandOutcome &outcome)
{
    CLI::App *chart = app.add_subcommand("chart", "Draw one chart as PDF, SVG or PNG");
    const auto chartArguments = addCommon(chart);
    chart->add_option("--page", chartArguments->page, "Page whose chart is drawn")
        ->check(CLI::IsMember({"home", "units", "scenarios", "compare", "capacity"}));
    chart->add_option("--figure", chartArguments->figure,
                      "home: spend, components, breakdown; units: days, distribution, composition; "
                      "scenarios: bridge, months; compare: components, unit, months, bridge; capacity: load, cost");
    chart->add_option("--model", chartArguments->capacity.model, "capacity: model that the units serve");
    chart->add_option("--offer", chartArguments->capacity.offer, "capacity: offer, such as azure-ptu-global");
    chart->add_option("--term", chartArguments->capacity.term, "capacity: term, such as 1-year");
    chart->add_option("--units", chartArguments->capacity.units, "capacity: size that is shown; else the cheapest")
        ->check(CLI::NonNegativeNumber);
    chart->callback([chartArguments, &outcome] { runChart(*chartArguments, outcome); });

    CLI::App *report = app.add_subcommand("report", "Write the comparison report as PDF");
    const auto reportArguments = addCommon(report);
    report->callback([reportArguments, &outcome] { runReport(*reportArguments, outcome); });

    CLI::App *exported =
        app.add_subcommand("export", "Write outcomes as CSV or JSON; all scenarios unless -s is given");
    const auto exportArguments = addCommon(exported);
    auto by = std::make_shared<std::vector<std::string>>();
    exported->add_option("--by", *by, "Break the totals down by this dimension");
    exported->callback([exportArguments, by, &outcome] { runExport(*exportArguments, *by, outcome); });
}

} // namespace perunit
