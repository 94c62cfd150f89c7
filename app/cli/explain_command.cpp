// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/explain_json.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "model/engine/explain_text.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <map>

namespace perunit {

namespace {

struct ExplainArguments {
    std::string workspace;
    std::string scenario;
    std::string cell = "total";
    std::size_t rows = 0;
    bool json = false;
};

/// A figure that was opened, with what it was opened in.
struct Opened {
    std::shared_ptr<const Baseline> baseline;
    std::string scenario;
    Explanation explanation;
    std::vector<std::vector<ExplainedRow>> rows; ///< of each line
    std::map<std::int64_t, std::string> files;   ///< by source
};

Result<Opened> opened(const ExplainArguments &arguments)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return session.error();
    Opened result;
    EvaluationRequest request;
    request.units = session->state.units;
    result.scenario = "Baseline";
    if (!arguments.scenario.empty()) {
        auto wanted = findScenario(*session, arguments.scenario);
        if (!wanted)
            return wanted.error();
        result.scenario = wanted->name;
        request.levers = std::move(wanted->levers);
    }
    const auto sources = session->store->sources();
    if (!sources)
        return sources.error();
    for (const Source &source : *sources)
        result.files[source.id] = source.file;
    const auto ledger = session->store->readLedger({});
    if (!ledger)
        return ledger.error();
    auto baseline = Baseline::build(*ledger, session->book, session->state.settings, {});
    if (!baseline)
        return baseline.error();
    result.baseline = *baseline;
    const auto cell = parseCell(arguments.cell, cellChoices(*result.baseline, request.units));
    if (!cell)
        return cell.error();
    auto explanation = explain(*result.baseline, request, *cell, {});
    if (!explanation)
        return explanation.error().in("scenario '" + result.scenario + "'");
    result.explanation = std::move(*explanation);
    for (std::size_t i = 0; arguments.rows > 0 && i < result.explanation.lines.size(); ++i)
        result.rows.push_back(explainRows(*result.baseline, result.explanation, i, arguments.rows));
    return result;
}

std::string monthsText(const ExplainedLine &line)
{
    if (!line.firstMonth)
        return {};
    return line.firstMonth == line.lastMonth ? line.firstMonth->text()
                                             : line.firstMonth->text() + " … " + line.lastMonth->text();
}

std::string modelText(const ExplainedLine &line)
{
    if (line.recordedModel.empty() || line.recordedModel == line.model)
        return line.model;
    return line.model.empty() ? line.recordedModel : line.recordedModel + " → " + line.model;
}

void printLines(const Opened &opened)
{
    std::vector<std::vector<std::string>> table{
        {"", "amount", "component", "rows", "tokens", "of", "share", "price", "entry", "model", "months"}};
    int number = 0;
    for (const ExplainedLine &line : opened.explanation.lines) {
        std::string share = line.share;
        if (!line.factors.empty())
            share += " = " + line.factorText();
        table.push_back(
            {std::to_string(++number), line.amount ? line.amount->text() : "–",
             line.component ? std::string(componentNames[static_cast<std::size_t>(*line.component)]) : "units",
             std::to_string(line.rows), line.tokens ? formatDecimal(*line.tokens, 0) : "",
             line.ofPrompt     ? "prompt, as " + std::string(nameOf(*line.usageClass))
             : line.usageClass ? std::string(nameOf(*line.usageClass))
                               : line.detail,
             share, line.price ? priceText(*line.price) : "",
             line.price                             ? line.price->text()
             : line.kind == ExplainedKind::Unpriced ? "no price"
             : line.usageClass                      ? line.detail
                                                    : "",
             modelText(line), monthsText(line)});
    }
    std::fputs(textTable(table, {true, true, false, true, true, false, false, true}).c_str(), stdout);
}

void printRows(const Opened &opened)
{
    for (std::size_t i = 0; i < opened.rows.size(); ++i) {
        if (opened.rows[i].empty())
            continue;
        std::printf("\nline %zu: the first %zu of %lld ledger rows\n", i + 1, opened.rows[i].size(),
                    static_cast<long long>(opened.explanation.lines[i].rows));
        std::vector<std::vector<std::string>> table{{"file", "row", "time", "model", "tokens", "amount"}};
        for (const ExplainedRow &row : opened.rows[i]) {
            const auto file = opened.files.find(row.sourceId);
            table.push_back({file == opened.files.end() ? "" : file->second,
                             row.sourceRow == 0 ? "" : std::to_string(row.sourceRow), formatInstant(row.time),
                             row.provider.empty() ? row.model : row.provider + "/" + row.model,
                             row.charge ? "" : formatDecimal(row.tokens, 0), row.amount ? row.amount->text() : ""});
        }
        std::fputs(textTable(table, {false, true, false, false, true, true}).c_str(), stdout);
    }
}

void print(const Opened &opened)
{
    const Explanation &explanation = opened.explanation;
    std::printf("%s, %s\n%s\n", opened.scenario.c_str(), explanation.cell.text().c_str(), explanation.formula.c_str());
    if (!explanation.levers.empty()) {
        std::vector<std::vector<std::string>> table{{"lever", "kind", "set by", "what it does", "scope"}};
        for (const ExplainedLever &lever : explanation.levers)
            table.push_back({lever.lever.lever.id, std::string(leverSpec(lever.lever.lever.kind).label),
                             lever.lever.setBy, lever.effect, lever.lever.lever.scope.text()});
        std::printf("\n%s", textTable(table, {}).c_str());
    }
    if (explanation.lines.empty())
        return;
    std::printf("\n");
    printLines(opened);
    std::printf("\nsum %s\n", explanation.sum.text().c_str());
    printRows(opened);
}

void runExplain(const ExplainArguments &arguments, CommandOutcome &outcome)
{
    const auto result = opened(arguments);
    if (!result)
        return fail(outcome, result.error());
    if (!arguments.json)
        return print(*result);
    nlohmann::ordered_json json =
        explanationJson(result->explanation, result->rows, [&result](std::int64_t source) -> std::string {
            const auto found = result->files.find(source);
            return found == result->files.end() ? "" : found->second;
        });
    json["scenario"] = result->scenario;
    std::puts(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

} // namespace

void addExplainCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<ExplainArguments>();
    CLI::App *command = app.add_subcommand("explain", "The ledger rows, prices and levers behind one figure");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("-s,--scenario", arguments->scenario,
                        "Scenario file, or name of a scenario of the workspace; without it, the baseline");
    command
        ->add_option(
            "--cell", arguments->cell,
            "Which figure, its parts separated by commas: total, component:NAME, month:YYYY-MM, unit:NAME "
            "(cost of one; with figure:cost or figure:count all of them), DIMENSION=VALUE. What is not there is "
            "refused with a list of what is")
        ->capture_default_str();
    command->add_option("--rows", arguments->rows, "List the first N ledger rows behind each line");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] { runExplain(*arguments, outcome); });
}

} // namespace perunit
