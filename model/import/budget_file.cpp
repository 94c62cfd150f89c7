// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/budget_file.h"

#include "model/import/cell_reader.h"
#include "model/store/workspace_store.h"

#include <algorithm>
#include <array>
#include <set>

namespace perunit {

namespace {

constexpr std::array<std::string_view, 12> dimensionNames{"workload", "team",     "provider", "environment",
                                                          "feature",  "customer", "model",    "service",
                                                          "region",   "project",  "account",  "costcenter"};

/// Kind of the documents that say how budgets with the columns of their name are written.
constexpr std::string_view readingKind = "budget-reading";

struct BudgetColumns {
    int month = -1;
    int amount = -1;
    int currency = -1;
    std::vector<std::pair<int, std::string>> scope;
    bool complete = false;
};

BudgetColumns columnsOf(const TableShape &shape)
{
    BudgetColumns columns;
    columns.month = shape.firstOf({"month", "period", "date", "billingmonth"});
    columns.amount = shape.firstOf({"amount", "budget", "budgetamount", "budgetusd", "budgeteur", "planned", "plan"});
    columns.currency = shape.firstOf({"currency", "currencycode"});
    bool others = false;
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        const auto column = static_cast<int>(i);
        if (column == columns.month || column == columns.amount || column == columns.currency)
            continue;
        const std::string &name = shape.normalised[i];
        const bool dimension = std::find(dimensionNames.begin(), dimensionNames.end(), name) != dimensionNames.end();
        // What the ledger keeps as a tag is one here too.
        const bool tag = name == "project" || name == "account" || name == "costcenter";
        if (dimension)
            columns.scope.emplace_back(column, tag ? "tag:" + name : name);
        others |= !dimension;
    }
    columns.complete = columns.month >= 0 && columns.amount >= 0 && !others;
    return columns;
}

/// Reads the rows of a file whose columns are known and decided.
class BudgetReader
{
public:
    BudgetReader(const TableShape &shape, const BudgetColumns &columns, const ColumnDecisions &decisions,
                 BudgetFile &result)
        : m_shape(shape)
        , m_columns(columns)
        , m_decisions(decisions)
        , m_result(result)
    {}

    void read(const CsvRecord &record)
    {
        if (record.malformed || record.fields.size() < m_shape.header.size())
            return reject(record, -1, record.malformed ? "text follows a closing quote" : "the row is too short");
        BudgetLine line;
        const auto month = parseTime(field(record, m_columns.month), order());
        if (!month)
            return reject(record, m_columns.month, month.error().what);
        const auto amount = parseAmount(field(record, m_columns.amount), style(), m_rounded);
        if (!amount || !*amount)
            return reject(record, m_columns.amount, amount ? "is empty" : amount.error().what);
        if ((*amount)->units() < 0)
            return reject(record, m_columns.amount, "is negative");
        line.month = monthOf(*month);
        line.amount = **amount;
        if (m_columns.currency >= 0 && !isNullWord(field(record, m_columns.currency)))
            line.currency = upperCase(trimmed(field(record, m_columns.currency)));
        for (const auto &[column, dimension] : m_columns.scope) {
            if (!isNullWord(field(record, column)))
                line.scope[dimension] = trimmed(field(record, column));
        }
        if (!m_known.insert(budgetMonthText(line.month) + '\x1f' + budgetScopeText(line)).second)
            return reject(record, m_columns.month, "this month and scope stand in the file before");
        m_result.lines.push_back(std::move(line));
    }

    void finish()
    {
        if (m_rounded > 0)
            m_result.warnings.push_back(std::to_string(m_rounded)
                                        + " amounts have more than 24 decimals and were rounded to 24");
    }

private:
    [[nodiscard]] static std::string_view field(const CsvRecord &record, int column)
    {
        return record.fields[static_cast<std::size_t>(column)];
    }
    [[nodiscard]] NumberStyle style() const
    {
        const auto found = m_decisions.numbers.find(m_columns.amount);
        return found == m_decisions.numbers.end() ? NumberStyle::PointDecimal : found->second;
    }
    [[nodiscard]] DateOrder order() const
    {
        const auto found = m_decisions.dates.find(m_columns.month);
        return found == m_decisions.dates.end() ? DateOrder::MonthFirst : found->second;
    }
    void reject(const CsvRecord &record, int column, std::string_view reason)
    {
        RejectedRow row;
        row.line = record.line;
        row.reason = reason;
        if (column >= 0) {
            row.column = m_shape.header[static_cast<std::size_t>(column)];
            row.value = std::string(field(record, column)).substr(0, 200);
        }
        m_result.rejects.push_back(std::move(row));
    }

    const TableShape &m_shape;
    const BudgetColumns &m_columns;
    const ColumnDecisions &m_decisions;
    BudgetFile &m_result;
    std::set<std::string> m_known;
    std::int64_t m_rounded = 0;
};

/// Known as budgets, so that nobody takes them for usage or outcomes; they are no ledger.
class BudgetFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "budget"; }
    [[nodiscard]] std::string_view label() const override { return "Budget, which is a plan and no ledger"; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (!looksLikeBudget(shape))
            return {};
        return {100, "it has a month, an amount and nothing else but a currency and dimensions: a budget"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &, const ColumnMapping &,
                                                                     bool) const override
    {
        return Error{ErrorCode::Unsupported, "this is a budget: what may be spent, not what was", "",
                     "import it with 'perunit budget import', or choose another format"};
    }
};

} // namespace

bool looksLikeBudget(const TableShape &shape)
{
    const BudgetColumns columns = columnsOf(shape);
    if (!columns.complete)
        return false;
    // A day and an amount are as well a series of units a day.
    const bool month = shape.firstOf({"month", "period", "billingmonth"}) >= 0;
    const bool budget = shape.firstOf({"budget", "budgetamount", "budgetusd", "budgeteur", "planned", "plan"}) >= 0;
    return budget || (month && (columns.currency >= 0 || !columns.scope.empty()));
}

Result<BudgetFile> readBudgetFile(const std::string &path, const ReadingAnswers &answers, std::stop_token stop)
{
    const auto shape = probeTable(path, stop);
    if (!shape)
        return shape.error();
    const BudgetColumns columns = columnsOf(*shape);
    if (!columns.complete)
        return Error{ErrorCode::BadInput,
                     "a budget has a month, an amount, and nothing else but a currency and dimensions", "",
                     "name its columns month, amount, currency, workload, team, provider, project …"};
    std::map<int, NumberEvidence> numbers;
    std::map<int, DateEvidence> dates;
    const auto look = scanTable(path, *shape, nullptr, stop, [&](const CsvRecord &record, std::int64_t) -> Status {
        if (!record.malformed && record.fields.size() >= shape->header.size()) {
            numbers[columns.amount].add(record.fields[static_cast<std::size_t>(columns.amount)], record.line);
            dates[columns.month].add(record.fields[static_cast<std::size_t>(columns.month)], record.line);
        }
        return {};
    });
    if (!look)
        return look.error();
    const ColumnDecisions decisions = decideColumns(*shape, numbers, dates, answers);
    auto questions = importQuestions(path, *shape, decisions.openNumbers, decisions.openDates, stop);
    if (!questions)
        return questions.error();
    BudgetFile result;
    result.questions = std::move(*questions);
    if (!result.questions.empty())
        return result;
    result.used = decisions.used;
    result.warnings = shape->warnings;
    result.warnings.insert(result.warnings.end(), decisions.warnings.begin(), decisions.warnings.end());
    BudgetReader reader(*shape, columns, decisions, result);
    const auto read = scanTable(path, *shape, nullptr, stop, [&](const CsvRecord &record, std::int64_t) -> Status {
        reader.read(record);
        return {};
    });
    if (!read)
        return read.error();
    reader.finish();
    return result;
}

Result<BudgetFile> readBudgetFile(const std::string &path, const ReadingAnswers &answers, const WorkspaceStore *store,
                                  std::stop_token stop)
{
    auto budget = readBudgetFile(path, answers, stop);
    if (!budget || budget->questions.empty() || !store)
        return budget;
    const auto shape = probeTable(path, stop);
    if (!shape)
        return shape.error();
    const auto known = store->document(readingKind, shape->signature());
    if (!known)
        return known.error();
    if (!*known)
        return budget;
    const auto said = parseColumnMapping(**known);
    if (!said)
        return budget;
    return readBudgetFile(path,
                          {answers.decimalMark.empty() ? said->decimalMark : answers.decimalMark,
                           answers.dateOrder.empty() ? said->dateOrder : answers.dateOrder},
                          stop);
}

Status rememberAnswers(WorkspaceStore &store, const std::string &path, const BudgetFile &budget)
{
    if (budget.used == ReadingAnswers())
        return {};
    const auto shape = probeTable(path, {});
    if (!shape)
        return shape.error();
    ColumnMapping said;
    said.decimalMark = budget.used.decimalMark;
    said.dateOrder = budget.used.dateOrder;
    return store.putDocument(readingKind, shape->signature(), writeColumnMapping(said));
}

std::unique_ptr<LedgerFormat> budgetFormat()
{
    return std::make_unique<BudgetFormat>();
}

} // namespace perunit
