// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/row_collector.h"

#include <string_view>

namespace perunit {

/// "1.78575E+18": an id that a spreadsheet took for a number. Different ids look the same afterwards, so it names
/// nothing.
bool isMangledId(std::string_view text);

/// Remarks the columns of ids in which the sample shows such numbers.
void warnOfMangledIds(const TableShape &shape, RowCollector &rows);

} // namespace perunit
