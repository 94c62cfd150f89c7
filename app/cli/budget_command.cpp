// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "model/import/budget_file.h"
#include "pricing/catalogue/catalogue_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct BudgetArguments {
    std::string workspace;
    std::string file;
    ReadingAnswers answers;
    bool json = false;
};

void runImport(const BudgetArguments &arguments, CommandOutcome &outcome)
{
    const std::string name = fileNameOf(arguments.file);
    // What was said before of such a file; a workspace that is not there yet knows nothing.
    const auto known = WorkspaceStore::open(arguments.workspace, WorkspaceStore::Mode::ReadOnly);
    const auto budget = readBudgetFile(arguments.file, arguments.answers, known ? known->get() : nullptr, {});
    if (!budget)
        return fail(outcome, budget.error().in(name));
    if (!budget->questions.empty())
        return fail(outcome, openQuestions(budget->questions).in(name));
    for (const std::string &warning : budget->warnings)
        std::fprintf(stderr, "perunit: %s: %s\n", name.c_str(), warning.c_str());
    for (const RejectedRow &row : budget->rejects)
        std::fprintf(stderr, "perunit: %s, line %lld%s%s: %s ('%s')\n", name.c_str(), static_cast<long long>(row.line),
                     row.column.empty() ? "" : ", column ", row.column.c_str(), row.reason.c_str(), row.value.c_str());
    if (budget->lines.empty())
        return fail(outcome, Error{ErrorCode::BadInput, "the file holds no budget", name, ""});
    auto workspace = openForWriting(arguments.workspace);
    if (!workspace)
        return fail(outcome, workspace.error());
    if (auto status = workspace->store->putDocument(budgetKind, name, writeBudget(budget->lines)); !status)
        return fail(outcome, status.error());
    if (auto status = rememberAnswers(*workspace->store, arguments.file, *budget); !status)
        return fail(outcome, status.error());
    std::printf("%s: %zu lines of budget\n", name.c_str(), budget->lines.size());
    if (!budget->rejects.empty())
        outcome.status = ExitStatus::DoneWithRejects;
}

void runList(const BudgetArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto documents = session->store->documents(budgetKind);
    if (!documents)
        return fail(outcome, documents.error());
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{"file", "month", "amount", "currency", "scope"}};
    for (const auto &document : *documents) {
        const auto lines = readBudget(document.content);
        if (!lines)
            return fail(outcome, lines.error().in("budget '" + document.name + "'"));
        for (const BudgetLine &line : *lines) {
            rows.push_back(
                {document.name, budgetMonthText(line.month), line.amount.text(), line.currency, budgetScopeText(line)});
            Json scope = Json::object();
            for (const auto &[dimension, value] : line.scope)
                scope[dimension] = value;
            list.push_back(Json{{"file", document.name},
                                {"month", budgetMonthText(line.month)},
                                {"amount", line.amount.text()},
                                {"currency", line.currency},
                                {"scope", scope}});
        }
    }
    if (arguments.json)
        std::puts(Json{{"budgets", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        std::fputs(textTable(rows, {false, false, true, false, false}).c_str(), stdout);
}

void runRemove(const BudgetArguments &arguments, CommandOutcome &outcome)
{
    if (const auto session = openSession(arguments.workspace, false); !session)
        return fail(outcome, session.error());
    auto workspace = openForWriting(arguments.workspace);
    if (!workspace)
        return fail(outcome, workspace.error());
    const auto known = workspace->store->document(budgetKind, arguments.file);
    if (!known)
        return fail(outcome, known.error());
    if (!*known)
        return fail(outcome, Error{ErrorCode::NotFound, "the workspace has no budget '" + arguments.file + "'", "",
                                   "see 'perunit budget list'"});
    if (auto status = workspace->store->removeDocument(budgetKind, arguments.file); !status)
        return fail(outcome, status.error());
}

} // namespace

void addBudgetCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto options = std::make_shared<BudgetArguments>();
    CLI::App *budget = app.add_subcommand("budget", "What may be spent a month");
    budget->require_subcommand(1);
    CLI::App *importCommand =
        budget->add_subcommand("import", "Keep the budgets of a table: month, amount, dimensions");
    CLI::App *list = budget->add_subcommand("list", "List the budgets of a workspace");
    CLI::App *remove = budget->add_subcommand("remove", "Remove the budgets of a file");
    for (CLI::App *command : {importCommand, list, remove})
        command->add_option("-w,--workspace", options->workspace, "Workspace file")->required();
    importCommand
        ->add_option("--decimal-mark", options->answers.decimalMark,
                     "Where the file leaves it open whether '1.234' is one thousand: its decimal mark")
        ->check(CLI::IsMember({"point", "comma"}));
    importCommand
        ->add_option("--date-order", options->answers.dateOrder,
                     "Where the file leaves it open whether '3/8' is in March or August: what it writes first")
        ->check(CLI::IsMember({"month-first", "day-first"}));
    importCommand->add_option("FILE", options->file, "Table of budgets")->required();
    list->add_flag("--json", options->json, "Print one JSON document");
    remove->add_option("NAME", options->file, "Name of the file the budgets came from")->required();
    importCommand->callback([options, &outcome] { runImport(*options, outcome); });
    list->callback([options, &outcome] { runList(*options, outcome); });
    remove->callback([options, &outcome] { runRemove(*options, outcome); });
}

} // namespace perunit
