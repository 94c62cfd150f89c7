// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace perunit {

// Sub-commands of `analyse`, each in a file of its own.
void addAnalyseScenarioCommands(CLI::App &analyse, CommandOutcome &outcome); // tornado, kill, savings, minus
void addAnalyseMixCommand(CLI::App &analyse, CommandOutcome &outcome);       // mix
void addAnalyseRoutingCommand(CLI::App &analyse, CommandOutcome &outcome);   // routing

} // namespace perunit
