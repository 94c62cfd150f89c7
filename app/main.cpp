// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/shell/run_window.h"

int main(int argc, char **argv)
{
    if (perunit::isCommandLine(argc, argv))
        return perunit::runCommandLine(argc, argv);
    return perunit::runWindow(argc, argv);
}
