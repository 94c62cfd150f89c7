// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/import_question.h"
#include "model/import/ledger_format.h"

#include <map>
#include <string>
#include <vector>

namespace perunit {

/// How a file is read, as its values show it.
struct FileReading {
    ColumnDecisions columns;
    std::map<int, ColumnReading> readings;
    std::string currency; ///< the most frequent one

    /// The same records would be made.
    [[nodiscard]] bool sameRecords(const FileReading &other) const;
};

/// The remarks that stand before all others.
std::vector<std::string> firstRemarks(const TableShape &shape, const FileReading &reading);

/// What the values of a file say about how they are written. Parts of a file can be looked at side by side.
class ColumnEvidence
{
public:
    ColumnEvidence() = default;
    /// Numbers of JSON have a decimal point, whatever they look like.
    ColumnEvidence(const std::map<int, ColumnKind> &columns, bool json);

    void add(const CsvRecord &record);
    /// Adds what the records after these say; `lines` of the file stand before them.
    void add(ColumnEvidence next, std::int64_t lines);
    [[nodiscard]] FileReading decide(const TableShape &shape, const ReadingAnswers &answers) const;

private:
    struct Column {
        int index = 0;
        ColumnKind kind = ColumnKind::Number;
        NumberEvidence numbers;
        DateEvidence dates;
        std::string lastCurrency; ///< as it was written last, and its code
        std::string lastCode;
    };
    void addCurrency(Column &column, std::string_view text);
    void countCurrency(const std::string &code, std::int64_t rows);
    [[nodiscard]] std::string mainCurrency() const;

    std::vector<Column> m_columns;
    bool m_json = false;
    std::map<std::string, std::int64_t> m_currencies;
    std::string m_firstCurrency;
};

/// True for a record with too few fields, or with more than empty ones behind the header's.
bool isRagged(const CsvRecord &record, const TableShape &shape);

/// Converts one record, or rejects it when it does not fit the table.
Status convertRecord(const CsvRecord &record, std::int64_t row, const TableShape &shape, RecordConverter &converter,
                     RowCollector &rows);

} // namespace perunit
