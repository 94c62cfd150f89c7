// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the ledgers of the sample company into a folder: sample_generator FOLDER
#include "resources/sample/sample_files.h"

#include <cstdio>

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: sample_generator FOLDER\n");
        return 2;
    }
    const std::string problem = perunit::sample::writeSample(argv[1], perunit::sample::shippedSeed);
    if (!problem.empty()) {
        std::fprintf(stderr, "sample_generator: %s\n", problem.c_str());
        return 1;
    }
    return 0;
}
