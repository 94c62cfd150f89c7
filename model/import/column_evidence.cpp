// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_evidence.h"

#include <algorithm>

namespace perunit {

namespace {

/// A column with more currencies than these holds something else.
constexpr std::size_t mostCurrencies = 1000;

} // namespace

bool FileReading::sameRecords(const FileReading &other) const
{
    return currency == other.currency
           && std::equal(readings.begin(), readings.end(), other.readings.begin(), other.readings.end(),
                         [](const auto &a, const auto &b) {
                             return a.first == b.first && a.second.number == b.second.number
                                    && a.second.date == b.second.date;
                         });
}

std::vector<std::string> firstRemarks(const TableShape &shape, const FileReading &reading)
{
    std::vector<std::string> remarks = shape.warnings;
    remarks.insert(remarks.end(), reading.columns.warnings.begin(), reading.columns.warnings.end());
    return remarks;
}

ColumnEvidence::ColumnEvidence(const std::map<int, ColumnKind> &columns, bool json)
    : m_json(json)
{
    for (const auto &[index, kind] : columns) {
        Column column;
        column.index = index;
        column.kind = kind;
        m_columns.push_back(std::move(column));
    }
}

void ColumnEvidence::add(const CsvRecord &record)
{
    for (Column &column : m_columns) {
        const std::string_view text = record.fields[static_cast<std::size_t>(column.index)];
        if (column.kind == ColumnKind::Number) {
            if (!m_json || text.find(',') != std::string_view::npos)
                column.numbers.add(text, record.line);
        } else if (column.kind == ColumnKind::Date) {
            column.dates.add(text, record.line);
        } else if (!isNullWord(text)) {
            addCurrency(column, text);
        }
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

void ColumnEvidence::add(ColumnEvidence next, std::int64_t lines)
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        next.m_columns[i].numbers.settledLine += lines;
        next.m_columns[i].dates.settledLine += lines;
        m_columns[i].numbers.add(next.m_columns[i].numbers);
        m_columns[i].dates.add(next.m_columns[i].dates);
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

FileReading ColumnEvidence::decide(const TableShape &shape, const ReadingAnswers &answers) const
{
    std::map<int, NumberEvidence> numbers;
    std::map<int, DateEvidence> dates;
    for (const Column &column : m_columns) {
        if (column.kind == ColumnKind::Number)
            numbers.emplace(column.index, column.numbers);
        else if (column.kind == ColumnKind::Date)
            dates.emplace(column.index, column.dates);
    }
    FileReading reading;
    reading.columns = decideColumns(shape, numbers, dates, answers);
    for (const auto &[column, style] : reading.columns.numbers)
        reading.readings[column].number = style;
    for (const auto &[column, order] : reading.columns.dates)
        reading.readings[column].date = order;
    reading.currency = mainCurrency();
    return reading;
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
