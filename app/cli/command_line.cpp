// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include "app/cli/commands.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>

namespace perunit {

namespace {

void addCommands(CLI::App &app, CommandOutcome &outcome)
{
    app.name("perunit");
    app.description("What one conversation, document or contract costs to serve with AI, and what it would cost if...\n"
                    "Without a command, opens the window with the FILEs given (workspaces, ledgers, catalogues, "
                    "scenarios).");
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("perunit ") + PERUNIT_VERSION);
    addLedgerCommands(app, outcome);
    addBudgetCommand(app, outcome);
    addPriceCommand(app, outcome);
    addCatalogueCommands(app, outcome);
    addOverlayCommand(app, outcome);
    addReconcileCommand(app, outcome);
    addDimensionsCommand(app, outcome);
    addWorkspaceCommands(app, outcome);
    addEvaluateCommand(app, outcome);
    addSizeCommand(app, outcome);
    addExplainCommand(app, outcome);
    addSolveCommand(app, outcome);
    addAnalyseCommand(app, outcome);
    addOutputCommands(app, outcome);
}

} // namespace

void fail(CommandOutcome &outcome, const Error &error)
{
    std::fprintf(stderr, "perunit: %s\n", error.text().c_str());
    outcome.status = ExitStatus::Failed;
}

bool isCommandLine(int argc, char **argv)
{
    if (argc < 2)
        return false;
    const std::string first = argv[1];
    if (first == "--help" || first == "-h" || first == "--version")
        return true;
    CommandOutcome outcome;
    CLI::App app;
    addCommands(app, outcome);
    for (const CLI::App *command : app.get_subcommands({})) {
        if (command->get_name() == first)
            return true;
    }
    return false;
}

int runCommandLine(int argc, char **argv)
{
    CommandOutcome outcome;
    CLI::App app;
    addCommands(app, outcome);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &problem) {
        // CLI11 prints help and usage errors itself; everything that is not help is a wrong usage.
        const int code = app.exit(problem);
        return code == 0 ? 0 : static_cast<int>(ExitStatus::WrongUsage);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "perunit: %s\n", failure.what());
        return static_cast<int>(ExitStatus::Failed);
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        std::fprintf(stderr, "perunit: the result cannot be written to standard output\n");
        return static_cast<int>(ExitStatus::Failed);
    }
    return static_cast<int>(outcome.status);
}

} // namespace perunit
