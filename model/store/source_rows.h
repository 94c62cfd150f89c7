// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/store/ledger_reader.h"
#include "model/store/row_visitor.h"

namespace perunit {

/// Hands the stored rows of one source to `visitor`, as they came from its file. Errors: BadInput for damaged rows, Io,
/// Cancelled, those of the visitor.
Status visitStoredRows(const Database &database, const StoredSource &source, RowVisitor &visitor,
                       const std::stop_token &stop);

} // namespace perunit
