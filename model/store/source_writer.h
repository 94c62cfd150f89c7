// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/store/row_columns.h"
#include "model/store/sqlite.h"
#include "model/store/workspace_store.h"

#include <memory>

namespace perunit {

/// Makes the writer of one source. Chunks wait in a temporary table, so that nobody is locked out while a long
/// file is read; finish() moves them in one short transaction, in which the
/// sources that it `replaces` go out of the figures.
Result<std::unique_ptr<WorkspaceStore::SourceWriter>> makeSourceWriter(const Database &database,
                                                                       std::vector<std::int64_t> replaces = {});

/// What a source needs beside its plain columns (totals, rejects, remarks), as one compressed block.
std::string packFacts(const Source &source);
Status unpackFacts(std::string_view bytes, Source &source);

} // namespace perunit
