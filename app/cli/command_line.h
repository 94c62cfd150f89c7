// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace perunit {

/// True when the arguments name a sub-command, so that no window is wanted.
bool isCommandLine(int argc, char **argv);
/// Runs one sub-command; exit status 0 done, 1 failed, 2 wrong usage, 3 done with rejected rows.
int runCommandLine(int argc, char **argv);

} // namespace perunit
