// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"

#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

CellReader::CellReader(const TableShape &shape)
    : m_shape(shape)
    , m_readings(shape.header.size())
{}

int CellReader::declare(Names names, ColumnKind kind)
{
    const int column = m_shape.firstOf(names);
    if (column >= 0)
        m_kinds[column] = kind;
    return column;
}

int CellReader::number(Names names)
{
    return declare(names, ColumnKind::Number);
}

int CellReader::date(Names names)
{
    return declare(names, ColumnKind::Date);
}

int CellReader::currency(Names names)
{
    return declare(names, ColumnKind::Currency);
}

int CellReader::text(Names names) const
{
    return m_shape.firstOf(names);
}

void CellReader::decide(const std::map<int, ColumnReading> &readings, const std::string &currency,
                        const ColumnMapping &mapping)
{
    for (const auto &[column, decided] : readings)
        m_readings[static_cast<std::size_t>(column)] = decided;
    m_mainCurrency = currency;
    if (const auto constant = mapping.constants.find("currency");
        m_mainCurrency.empty() && constant != mapping.constants.end())
        m_mainCurrency = upperCase(constant->second);
}

std::string CellReader::words(const CsvRecord &record, int column) const
{
    const std::string_view value = trimmed(raw(record, column));
    return isNullWord(value) ? std::string() : std::string(value);
}

bool CellReader::amount(const CsvRecord &record, int column, std::optional<Money> &to, RowCollector &rows)
{
    to.reset();
    if (column < 0)
        return true;
    const auto value = parseAmount(raw(record, column), reading(column).number, m_rounded);
    if (!value) {
        rows.rejectField(column, value.error().what);
        return false;
    }
    to = *value;
    return true;
}

bool CellReader::count(const CsvRecord &record, int column, std::int64_t &to, RowCollector &rows) const
{
    /// More of anything in one row is a mistake; below it sums of a few counts cannot overflow.
    constexpr std::int64_t largestCount = 1'000'000'000'000'000;
    if (column < 0)
        return true;
    const auto value = parseWhole(raw(record, column), reading(column).number);
    if (!value) {
        rows.rejectField(column, value.error().what);
        return false;
    }
    if (!*value)
        return true;
    if (**value < 0 || **value > largestCount) {
        rows.rejectField(column, **value < 0 ? "is negative" : "is too large a number");
        return false;
    }
    to = **value;
    return true;
}

bool CellReader::quantity(const CsvRecord &record, int column, std::string &to, RowCollector &rows)
{
    to.clear();
    const std::string_view value = raw(record, column);
    if (column < 0 || isNullWord(value))
        return true;
    std::string buffer;
    const auto plain = plainNumber(value, reading(column).number, buffer);
    const auto number = plain ? parseDecimal(*plain, Money::scale) : Result<ScaledDecimal>(plain.error());
    if (!number) {
        rows.rejectField(column, plain ? "is too large a number" : plain.error().what);
        return false;
    }
    to = formatDecimal(number->units, Money::scale);
    m_rounded += number->rounded ? 1 : 0;
    return true;
}

bool CellReader::time(const CsvRecord &record, int column, bool needed, Instant &to, RowCollector &rows) const
{
    const std::string_view value = raw(record, column);
    if (column < 0 || isNullWord(value)) {
        if (needed)
            rows.rejectField(column, "is empty");
        return !needed;
    }
    const auto moment = parseTime(value, reading(column).date);
    if (!moment) {
        rows.rejectField(column, moment.error().what);
        return false;
    }
    to = *moment;
    return true;
}

bool CellReader::sameCurrency(const CsvRecord &record, int column, RowCollector &rows) const
{
    if (column < 0)
        return true;
    const std::string currency = upperCase(words(record, column));
    if (currency.empty()) {
        rows.count("the currency is missing; it was taken as that of the other rows");
        return true;
    }
    if (currency != m_mainCurrency) {
        rows.rejectField(column, "is another currency than " + m_mainCurrency
                                     + ", which most rows have; import it as a file of its own");
        return false;
    }
    return true;
}

void CellReader::finish(RowCollector &rows) const
{
    rows.facts().currency = m_mainCurrency;
    if (m_rounded > 0)
        rows.warn(std::to_string(m_rounded) + " numbers have more than 24 decimals and were rounded to 24");
}

std::string upperCase(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return result;
}

} // namespace perunit
