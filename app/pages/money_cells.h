// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/money/money.h"
#include "widgets/tables/value_table_model.h"

#include <string>

namespace perunit {

/// Less is favourable.
CellTone toneOfChange(Femto change);
/// An amount as totals are written; all its digits are copied and shown as tool tip.
ValueCell moneyCell(Femto amount, const std::string &currency);
/// The same with its sign and in the colour of what it means.
ValueCell changeCell(Femto change, const std::string &currency);

} // namespace perunit
