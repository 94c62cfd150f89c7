// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace perunit {

/// `catalogue names`, `catalogue map` and `catalogue unmap`, added to the catalogue command: how the recorded model
/// names of a workspace found their prices, and what the user says they mean.
void addModelNameCommands(CLI::App &catalogue, CommandOutcome &outcome);

} // namespace perunit
