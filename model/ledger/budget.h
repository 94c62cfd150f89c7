// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"
#include "pricing/base/result.h"
#include "pricing/money/money.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Kind of the documents that keep budgets in a workspace; each holds the lines of one file under the file's name.
inline constexpr std::string_view budgetKind = "budget";

/// What may be spent in one month.
struct BudgetLine {
    Month month;
    Money amount;
    std::string currency;                     ///< empty: the workspace's own
    std::map<std::string, std::string> scope; ///< dimension -> value ("team" -> "search"); empty: everything
    bool operator==(const BudgetLine &) const = default;
};

/// JSON of the lines of one budget; amounts are texts, so that they stay exact.
std::string writeBudget(const std::vector<BudgetLine> &lines);
/// Errors: BadInput with the place for anything that is no budget.
Result<std::vector<BudgetLine>> readBudget(std::string_view json);

/// "2026-08".
std::string budgetMonthText(Month month);
/// "team = search, workload = chat", or "everything".
std::string budgetScopeText(const BudgetLine &line);

} // namespace perunit
