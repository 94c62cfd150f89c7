// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/ledger_format.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Reads the cells of records for formats with known columns. Columns are declared first and found by their normalised
/// names, the first that exists; -1 is a column that the file does not have. A cell that cannot be read rejects the
/// record: the reading function answers false, and the converter returns.
class CellReader
{
public:
    using Names = std::initializer_list<std::string_view>;

    explicit CellReader(const TableShape &shape);

    int number(Names names);
    int date(Names names);
    int currency(Names names);
    [[nodiscard]] int text(Names names) const;

    /// For RecordConverter::columns() and decide().
    [[nodiscard]] const std::map<int, ColumnKind> &columns() const { return m_kinds; }
    /// The currency of most rows, else the constant "currency" of the mapping, becomes mainCurrency().
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency,
                const ColumnMapping &mapping);
    [[nodiscard]] const std::string &mainCurrency() const { return m_mainCurrency; }

    /// The text as it stands; empty for a column that does not exist.
    [[nodiscard]] std::string_view raw(const CsvRecord &record, int column) const
    {
        return column < 0 ? std::string_view() : record.fields[static_cast<std::size_t>(column)];
    }
    /// Without blanks around it; null words are empty.
    [[nodiscard]] std::string words(const CsvRecord &record, int column) const;

    /// An amount of money; nothing for an empty cell.
    bool amount(const CsvRecord &record, int column, std::optional<Money> &to, RowCollector &rows);
    /// A whole number that is not negative; an empty cell leaves `to` as it is.
    bool count(const CsvRecord &record, int column, std::int64_t &to, RowCollector &rows) const;
    /// Any decimal number as exact plain text; empty for an empty cell.
    bool quantity(const CsvRecord &record, int column, std::string &to, RowCollector &rows);
    /// A moment; an empty cell leaves `to` as it is, or rejects the record when it is `needed`.
    bool time(const CsvRecord &record, int column, bool needed, Instant &to, RowCollector &rows) const;
    /// Rejects rows in another currency than mainCurrency().
    bool sameCurrency(const CsvRecord &record, int column, RowCollector &rows) const;

    /// For clones of a converter: what was counted so far is the other's to tell, and then taken over.
    void forgetCounts() { m_rounded = 0; }
    void absorb(const CellReader &other) { m_rounded += other.m_rounded; }

    /// Puts the currency and what was rounded into the facts of the source.
    void finish(RowCollector &rows) const;

private:
    int declare(Names names, ColumnKind kind);
    [[nodiscard]] const ColumnReading &reading(int column) const
    {
        return m_readings[static_cast<std::size_t>(column)];
    }

    const TableShape &m_shape;
    std::map<int, ColumnKind> m_kinds;
    std::vector<ColumnReading> m_readings;
    std::string m_mainCurrency;
    std::int64_t m_rounded = 0;
};

/// Upper case as in currency codes; other bytes stay.
std::string upperCase(std::string_view text);

} // namespace perunit
