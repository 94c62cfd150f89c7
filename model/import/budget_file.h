// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/import_question.h"
#include "model/ledger/budget.h"
#include "model/ledger/source.h"

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What a file of budgets says.
struct BudgetFile {
    std::vector<BudgetLine> lines; ///< in the order of the file
    std::vector<RejectedRow> rejects;
    std::vector<std::string> warnings;
};

/// A month (or period, or date), an amount (or budget), and nothing else but a currency and dimensions.
bool looksLikeBudget(const TableShape &shape);

/// Reads a table `month, amount[, currency][, workload | team | provider …]`; an empty dimension means everything. A
/// month and scope that stand twice are rejected the second time: which one counts is not the program's to say. Errors:
/// those of the file; BadInput for other columns, and for numbers or dates that are open while `answers` say nothing.
Result<BudgetFile> readBudgetFile(const std::string &path, const ReadingAnswers &answers, std::stop_token stop);

} // namespace perunit
