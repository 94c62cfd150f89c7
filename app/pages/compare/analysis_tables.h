// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/report/analysis_figures.h"
#include "widgets/tables/value_table.h"

#include <functional>
#include <string>
#include <vector>

namespace perunit {

/// Columns and rows of one table.
struct TableContent {
    std::vector<ValueColumn> columns;
    std::vector<ValueRow> rows;
};

/// Every assumption with its range and what the figure becomes at both ends.
TableContent tornadoTable(const Tornado &tornado, const std::vector<EffectiveLever> &levers,
                          const std::string &currency);
/// Every lever with what it saves alone, given those above it, and averaged over all orders. `nameOf` turns the id of a
/// scenario into its name.
TableContent savingsTable(const SavingsList &savings, const std::function<QString(const std::string &)> &nameOf,
                          const std::string &currency);
/// What kill numbers say as a whole: which assumptions could turn the comparison, if any.
QString killHeadline(const KillNumbers &numbers, const std::vector<EffectiveLever> &levers, const std::string &first,
                     const std::string &second);
/// Every assumption with how far it may move before the comparison turns.
TableContent killTable(const KillNumbers &numbers, const std::vector<EffectiveLever> &levers, const std::string &first,
                       const std::string &second, const std::string &currency);

} // namespace perunit
