// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_evidence.h"

#include <algorithm>

namespace perunit {

namespace {

/// A column with more currencies than these holds something else.
constexpr std::size_t mostCurrencies = 1000;

} // namespace

ColumnEvidence::ColumnEvidence(const std::map<int, ColumnKind> &columns)
{
    for (const auto &[index, kind] : columns) {
        Column column;
        column.index = index;
        column.kind = kind;
        m_columns.push_back(std::move(column));
    }
}

void ColumnEvidence::add(const CsvRecord &record, bool json)
{
    for (Column &column : m_columns) {
        const std::string_view text = record.fields[static_cast<std::size_t>(column.index)];
        if (column.kind == ColumnKind::Number && !(json && text.find(',') == std::string_view::npos))
            column.numbers.add(text, record.line);
        else if (column.kind == ColumnKind::Date)
            column.dates.add(text, record.line);
        else if (column.kind == ColumnKind::Currency && !isNullWord(text))
            addCurrency(column, text);
    }
}

void ColumnEvidence::addCurrency(Column &column, std::string_view text)
{
    if (text != column.lastCurrency || column.lastCode.empty()) {
        column.lastCurrency = text;
        column.lastCode = trimmed(text);
        std::transform(column.lastCode.begin(), column.lastCode.end(), column.lastCode.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    }
    if (m_firstCurrency.empty())
        m_firstCurrency = column.lastCode;
    countCurrency(column.lastCode, 1);
}

void ColumnEvidence::countCurrency(const std::string &code, std::int64_t rows)
{
    if (const auto known = m_currencies.find(code); known != m_currencies.end())
        known->second += rows;
    else if (m_currencies.size() < mostCurrencies)
        m_currencies.emplace(code, rows);
}

void ColumnEvidence::add(const ColumnEvidence &next, std::int64_t lines)
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        NumberEvidence numbers = next.m_columns[i].numbers;
        numbers.settledLine += lines;
        m_columns[i].numbers.add(numbers);
        DateEvidence dates = next.m_columns[i].dates;
        dates.settledLine += lines;
        m_columns[i].dates.add(dates);
    }
    if (m_firstCurrency.empty())
        m_firstCurrency = next.m_firstCurrency;
    for (const auto &[code, rows] : next.m_currencies)
        countCurrency(code, rows);
}

std::string ColumnEvidence::mainCurrency() const
{
    std::string result = m_firstCurrency;
    std::int64_t most = result.empty() ? 0 : m_currencies.at(result);
    for (const auto &[code, rows] : m_currencies) {
        if (rows > most) {
            most = rows;
            result = code;
        }
    }
    return result;
}

ColumnDecisions ColumnEvidence::decide(const TableShape &shape, const ReadingAnswers &answers) const
{
    std::map<int, NumberEvidence> numbers;
    std::map<int, DateEvidence> dates;
    for (const Column &column : m_columns) {
        if (column.kind == ColumnKind::Number)
            numbers[column.index] = column.numbers;
        else if (column.kind == ColumnKind::Date)
            dates[column.index] = column.dates;
    }
    ColumnDecisions decisions = decideColumns(shape, numbers, dates, answers);
    decisions.currency = mainCurrency();
    return decisions;
}

bool isRagged(const CsvRecord &record, const TableShape &shape)
{
    return record.fields.size() < shape.header.size()
           || !std::all_of(record.fields.begin() + static_cast<std::ptrdiff_t>(shape.header.size()),
                           record.fields.end(), [](std::string_view field) { return field.empty(); });
}

Status convertRecord(const CsvRecord &record, std::int64_t row, const TableShape &shape, RecordConverter &converter,
                     RowCollector &rows)
{
    rows.begin(record, row);
    if (record.malformed) {
        rows.reject(-1, "", record.problem.empty() ? "text follows a closing quote" : record.problem);
        return {};
    }
    if (isRagged(record, shape)) {
        rows.reject(-1, "",
                    "the row has " + std::to_string(record.fields.size()) + " fields, the header has "
                        + std::to_string(shape.header.size()));
        return {};
    }
    return converter.convert(record, rows);
}

} // namespace perunit
