// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/importer.h"

#include "tests/fuzz/fuzz_file.h"

#include <cstring>

using namespace perunit;

namespace {

/// The format that is forced upon every input; empty: detection chooses.
std::string chosenFormat;

} // namespace

/// "--format=focus" reads every input as that format, "--formats" prints what there is.
extern "C" int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    for (int i = 1; i < *argc; ++i) {
        const char *argument = (*argv)[i];
        if (std::strcmp(argument, "--formats") == 0) {
            for (const FormatCandidate &format : knownFormats())
                std::puts(format.format.c_str());
            std::exit(0);
        }
        if (std::strncmp(argument, "--format=", 9) == 0)
            chosenFormat = argument + 9;
    }
    return 0;
}

/// Every record is accepted, rejected or a duplicate, and an error says what is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const FuzzFile file("ledger");
    file.write(data, size);
    ImportOptions options;
    options.format = chosenFormat;
    const auto preview = previewImport(file.path(), options, nullptr, nullptr, {});
    if (!preview) {
        if (preview.error().what.empty())
            std::abort();
        return 0;
    }
    const Source &facts = preview->facts;
    if (preview->mappingComplete && facts.rowsRead != facts.rowsAccepted + facts.rowsRejected + facts.rowsDuplicate)
        std::abort();
    return 0;
}
