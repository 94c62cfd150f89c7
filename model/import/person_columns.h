// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/ledger_format.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// True for columns that name persons: e-mail addresses, user ids and names, addresses of their computers.
bool isPersonColumn(const TableShape &shape, int column);

/// The columns that names stand for, as the header writes them: a column (case and punctuation do not matter; of JSON
/// also its last name), or a field of the mapping ("customer"). Errors: BadInput for a name that is neither.
Result<std::vector<std::string>> hashedColumns(const TableShape &shape, const ColumnMapping &mapping,
                                               const std::vector<std::string> &names);

/// What becomes of every column that names persons, and of every other one that is hashed.
std::vector<PersonColumn> personColumns(const TableShape &shape, const ColumnMapping &mapping,
                                        const RecordConverter &converter);

/// A converter that sees tokens in place of the texts of hashed columns. Columns that it has no place for become tags
/// of the same name. Errors: BadInput for columns of numbers, dates or currencies.
Result<std::unique_ptr<RecordConverter>> withHashedColumns(std::unique_ptr<RecordConverter> converter,
                                                           const TableShape &shape,
                                                           const std::vector<std::string> &columns,
                                                           std::string_view key);

} // namespace perunit
