// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/accuracy_file.h"

#include "model/import/csv_reader.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

constexpr std::array<std::string_view, 3> columnNames{"class", "model", "accuracy"};
constexpr std::size_t sampleSize = 4096;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

Error inLine(std::int64_t line, std::string_view column, std::string what)
{
    std::string where = "line " + std::to_string(line);
    if (!column.empty())
        where += ", column '" + std::string(column) + "'";
    return {ErrorCode::BadInput, std::move(what), std::move(where), ""};
}

/// Where each column stands.
Result<std::array<std::size_t, columnNames.size()>> columnsOf(const CsvRecord &header)
{
    std::array<std::size_t, columnNames.size()> columns{};
    for (std::size_t i = 0; i < columnNames.size(); ++i) {
        const auto found = std::find_if(header.fields.begin(), header.fields.end(),
                                        [i](std::string_view field) { return trimmed(field) == columnNames[i]; });
        if (found == header.fields.end())
            return Error{ErrorCode::BadInput, "there is no column '" + std::string(columnNames[i]) + "'",
                         "line " + std::to_string(header.line), "the columns are class, model and accuracy"};
        columns[i] = static_cast<std::size_t>(found - header.fields.begin());
    }
    return columns;
}

/// "0.92" or "92%" in parts per million.
Result<PartsPerMillion> accuracyOf(std::string_view text, std::int64_t line)
{
    const bool percent = text.ends_with('%');
    const std::string_view digits = trimmed(percent ? text.substr(0, text.size() - 1) : text);
    const auto number = parseDecimal(digits, percent ? 4 : 6);
    if (!number)
        return inLine(line, "accuracy", number.error().what);
    if (number->rounded)
        return inLine(line, "accuracy", "'" + std::string(text) + "' has more than six decimals of one");
    if (number->units < 0 || number->units > onePpm)
        return inLine(line, "accuracy",
                      "'" + std::string(text) + "' is not between 0 and 1; write percentages with their sign");
    return static_cast<PartsPerMillion>(number->units);
}

} // namespace

Result<std::vector<ModelAccuracy>> readAccuracyTable(std::string_view text)
{
    const CsvDialect dialect = detectDialect(text.substr(0, sampleSize), text.size() <= sampleSize);
    StringInput input(text);
    CsvReader reader(input, dialect.delimiter);
    CsvRecord record;
    std::vector<ModelAccuracy> result;
    std::array<std::size_t, columnNames.size()> columns{};
    bool hasHeader = false;
    bool skipSeparator = dialect.separatorLine;
    while (true) {
        const auto more = reader.next(record);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (record.malformed)
            return inLine(record.line, {}, record.problem);
        if (record.isBlank() || std::exchange(skipSeparator, false))
            continue;
        if (!hasHeader) {
            const auto found = columnsOf(record);
            if (!found)
                return found.error();
            columns = *found;
            hasHeader = true;
            continue;
        }
        if (record.fields.size() <= *std::max_element(columns.begin(), columns.end()))
            return inLine(record.line, {}, "the row is too short");
        const auto field = [&](std::size_t i) {
            return trimmed(record.fields[columns[i]]);
        };
        if (field(1).empty())
            return inLine(record.line, "model", "no model is named");
        const auto accuracy = accuracyOf(field(2), record.line);
        if (!accuracy)
            return accuracy.error();
        result.push_back({std::string(field(0)), std::string(field(1)), *accuracy});
    }
    if (result.empty())
        return Error{ErrorCode::BadInput, "the table has no rows", "", "its columns are class, model and accuracy"};
    return result;
}

} // namespace perunit
