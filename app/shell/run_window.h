// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace perunit {

/// Opens the window with the files named in the arguments and runs until it is closed. Exit status 1 with a message
/// when there is no display.
int runWindow(int argc, char **argv);

} // namespace perunit
