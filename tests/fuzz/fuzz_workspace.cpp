// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/workspace_store.h"

#include "tests/fuzz/fuzz_file.h"

using namespace perunit;

/// A damaged workspace is an error or the same rows, never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const FuzzFile file("fuzz.perunit");
    file.clear();
    file.write(data, size);
    const auto store = WorkspaceStore::open(file.path(), WorkspaceStore::Mode::ReadOnly);
    if (!store)
        return 0;
    (void)(*store)->sources().ok();
    (void)(*store)->readLedger({}).ok();
    for (const char *kind : {"scenario", "unit", "catalogue", "mapping", "settings"})
        (void)(*store)->documents(kind).ok();
    return 0;
}
