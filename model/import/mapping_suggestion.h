// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/importer.h"
#include "model/import/table_file.h"

#include <string>
#include <string_view>

namespace perunit {

/// What the header names of a request log suggest.
ColumnMapping suggestRequestMapping(const TableShape &shape);

/// True for columns that may hold prompts, completions, keys or e-mail addresses: they are never stored.
bool isSensitiveColumn(std::string_view normalisedName);
/// The same of a column; of JSON its last name counts too ("request.messages").
bool isSensitiveColumn(const TableShape &shape, int column);

/// Name of a bill or report that is no request log although it has times and costs; empty when it is none.
std::string foreignReport(const TableShape &shape);

} // namespace perunit
