// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/import_question.h"
#include "model/ledger/budget.h"
#include "model/ledger/source.h"

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

class WorkspaceStore;

/// What a file of budgets says.
struct BudgetFile {
    std::vector<BudgetLine> lines; ///< in the order of the file
    std::vector<RejectedRow> rejects;
    std::vector<std::string> warnings;
    std::vector<ImportQuestion> questions; ///< what the file leaves open; as long as there is any, nothing is read
    ReadingAnswers used;                   ///< the answers that were needed
};

/// A month (or period, or date), an amount (or budget), and nothing else but a currency and dimensions.
bool looksLikeBudget(const TableShape &shape);

/// Reads a table `month, amount[, currency][, workload | team | provider …]`; an empty dimension means everything. A
/// month and scope that stand twice are rejected the second time: which one counts is not the program's to say. Errors:
/// those of the file; BadInput for other columns.
Result<BudgetFile> readBudgetFile(const std::string &path, const ReadingAnswers &answers, std::stop_token stop);

/// The same, with what was said before of a file with these columns in a workspace, as far as `answers` say nothing.
Result<BudgetFile> readBudgetFile(const std::string &path, const ReadingAnswers &answers, const WorkspaceStore *store,
                                  std::stop_token stop);

/// Remembers the answers that a budget needed, for the next file with these columns. Errors: those of the file and of
/// the store.
Status rememberAnswers(WorkspaceStore &store, const std::string &path, const BudgetFile &budget);

} // namespace perunit
