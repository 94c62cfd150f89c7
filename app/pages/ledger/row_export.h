// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/row_table.h"

#include <QString>

#include <stop_token>

namespace perunit {

/// Writes fields of rows as a CSV file: all of it or nothing. Texts that a spreadsheet would take for formulas get an
/// apostrophe. Errors: Io, Cancelled.
Status writeRows(const RowTable &table, const RowSelection &rows, const std::vector<std::size_t> &fields,
                 const QString &path, RowProgress &progress, const std::stop_token &stop);

} // namespace perunit
