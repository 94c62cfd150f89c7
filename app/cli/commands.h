// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

namespace CLI {
class App;
}

namespace perunit {

/// Exit statuses of the command line (product.md).
enum class ExitStatus : int { Done = 0, Failed = 1, WrongUsage = 2, DoneWithRejects = 3 };

/// What the command that was chosen came to; filled by the callbacks that the functions below register.
struct CommandOutcome {
    ExitStatus status = ExitStatus::Done;
};

// Each adds its sub-commands to the application. They run as callbacks of CLI11, print results on standard
// output and messages on standard error, and leave their status in `outcome`.
void addLedgerCommands(CLI::App &app, CommandOutcome &outcome);    // import, sources
void addBudgetCommand(CLI::App &app, CommandOutcome &outcome);     // budget
void addPriceCommand(CLI::App &app, CommandOutcome &outcome);      // price
void addOverlayCommand(CLI::App &app, CommandOutcome &outcome);    // overlay
void addReconcileCommand(CLI::App &app, CommandOutcome &outcome);  // reconcile
void addCatalogueCommands(CLI::App &app, CommandOutcome &outcome); // catalogue
void addDimensionsCommand(CLI::App &app, CommandOutcome &outcome); // dimensions
void addWorkspaceCommands(CLI::App &app, CommandOutcome &outcome); // unit, scenario, settings
void addEvaluateCommand(CLI::App &app, CommandOutcome &outcome);   // evaluate
void addExplainCommand(CLI::App &app, CommandOutcome &outcome);    // explain
void addSolveCommand(CLI::App &app, CommandOutcome &outcome);      // solve
void addAnalyseCommand(CLI::App &app, CommandOutcome &outcome);    // analyse
void addSizeCommand(CLI::App &app, CommandOutcome &outcome);       // size
void addOutputCommands(CLI::App &app, CommandOutcome &outcome);    // chart, report, export

/// `catalogue check`, as a sub-command of `catalogue`.
void addCatalogueCheckCommand(CLI::App &catalogue, CommandOutcome &outcome);

/// Prints an error on standard error and makes the command fail.
void fail(CommandOutcome &outcome, const Error &error);

} // namespace perunit
