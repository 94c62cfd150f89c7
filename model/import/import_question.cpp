// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/import_question.h"

#include "model/import/table_file.h"

#include <algorithm>
#include <array>
#include <optional>

namespace perunit {

namespace {

constexpr std::array<std::string_view, 2> markAnswers{"point", "comma"};
constexpr std::array<std::string_view, 2> orderAnswers{"month-first", "day-first"};

std::string dayText(Instant moment)
{
    return formatInstant(moment).substr(0, 10);
}

/// What one answer makes of the values of one column, as they come.
struct Tally {
    Int128 sum = 0;
    bool overflow = false;
    std::optional<Instant> first;
    std::optional<Instant> last;
    std::int64_t unreadable = 0;

    void add(std::string_view text, NumberStyle style)
    {
        std::int64_t rounded = 0;
        const auto value = parseAmount(text, style, rounded);
        if (!value)
            ++unreadable;
        else if (*value)
            overflow |= __builtin_add_overflow(sum, (*value)->units(), &sum);
    }
    void add(std::string_view text, DateOrder order)
    {
        if (isNullWord(text))
            return;
        const auto value = parseTime(text, order);
        if (!value) {
            ++unreadable;
            return;
        }
        first = first ? std::min(*first, *value) : *value;
        last = last ? std::max(*last, *value) : *value;
    }
    [[nodiscard]] std::string sumText() const
    {
        return overflow ? "more than can be counted" : Money::ofUnits(sum).text();
    }
    [[nodiscard]] std::string spanText() const { return first ? dayText(*first) + " … " + dayText(*last) : "no date"; }
};

struct Asked {
    int column;
    ImportQuestion question;
    std::array<Tally, 2> tallies;
};

ImportReading readingOf(const ImportQuestion &question, std::size_t answer, const Tally &tally)
{
    ImportReading reading;
    reading.unreadable = tally.unreadable;
    if (question.kind == ImportQuestion::Kind::DecimalMark) {
        reading.answer = markAnswers[answer];
        reading.total = tally.sumText();
        std::int64_t rounded = 0;
        const auto value = parseAmount(question.example, numberStyleNamed(reading.answer), rounded);
        reading.example = value && *value ? (*value)->text() : "no number";
        return reading;
    }
    reading.answer = orderAnswers[answer];
    reading.total = tally.spanText();
    const auto value = parseTime(question.example, dateOrderNamed(reading.answer));
    reading.example = value ? dayText(*value) : "no date";
    return reading;
}

std::string answersText(const ImportQuestion &question)
{
    std::string text;
    for (const ImportReading &reading : question.readings)
        text += (text.empty() ? "" : "; ") + reading.answer + " makes it " + reading.example + " and the column "
                + reading.total;
    return text;
}

std::string columnText(const TableShape &shape, int column)
{
    return "column '" + shape.header[static_cast<std::size_t>(column)] + "' ";
}

/// "'13/08/2026' on line 7".
std::string witness(const std::string &value, std::int64_t line)
{
    return "'" + value + "'" + (line > 0 ? " on line " + std::to_string(line) : "");
}

void decideNumberColumn(const TableShape &shape, int column, const NumberEvidence &own, const NumberEvidence &file,
                        const ReadingAnswers &answers, ColumnDecisions &result)
{
    const NumberDecision decision = decideNumbers(own, file, shape.dialect.delimiter);
    result.numbers[column] = decision.style;
    if (decision.unsettled && !answers.decimalMark.empty()) {
        result.numbers[column] = numberStyleNamed(answers.decimalMark);
        result.used.decimalMark = answers.decimalMark;
        result.notes.push_back(columnText(shape, column) + "was read with a decimal " + answers.decimalMark
                               + ", as was said");
        return;
    }
    if (decision.open)
        result.openNumbers.push_back({column, own.example});
    else if (!decision.warning.empty())
        result.warnings.push_back(columnText(shape, column) + decision.warning);
    else if (own.ambiguous > 0)
        result.notes.push_back(columnText(shape, column) + "has a decimal "
                               + (decision.style == NumberStyle::CommaDecimal ? "comma" : "point") + ": "
                               + (own.settledBy.empty() ? witness(file.settledBy, file.settledLine)
                                                        : witness(own.settledBy, own.settledLine))
                               + " can only be read so");
}

void decideDateColumn(const TableShape &shape, int column, const DateEvidence &own, const DateEvidence &file,
                      const ReadingAnswers &answers, ColumnDecisions &result)
{
    const DateDecision decision = decideDates(own, file);
    result.dates[column] = decision.order;
    if (decision.open && !answers.dateOrder.empty()) {
        result.dates[column] = dateOrderNamed(answers.dateOrder);
        result.used.dateOrder = answers.dateOrder;
        result.notes.push_back(columnText(shape, column) + "was read with the "
                               + (answers.dateOrder == "day-first" ? "day" : "month") + " first, as was said");
        return;
    }
    if (decision.open)
        result.openDates.push_back({column, own.example});
    else if (!decision.warning.empty())
        result.warnings.push_back(columnText(shape, column) + decision.warning);
    else if (own.ambiguous > 0)
        result.notes.push_back(columnText(shape, column) + "has the "
                               + (decision.order == DateOrder::DayFirst ? "day" : "month") + " first: "
                               + (own.settledBy.empty() ? witness(file.settledBy, file.settledLine)
                                                        : witness(own.settledBy, own.settledLine))
                               + " can only be read so");
}

} // namespace

namespace {

/// What a bill leaves open is read as such bills are written everywhere: with a decimal point and the month first.
void readByConvention(const TableShape &shape, ColumnDecisions &decisions)
{
    const auto warn = [&](const OpenColumn &open, const std::string &text) {
        decisions.warnings.push_back("column '" + shape.header[static_cast<std::size_t>(open.column)] + "' " + text);
    };
    for (const OpenColumn &open : decisions.openNumbers)
        warn(open, "does not say whether '" + open.example
                       + "' has a decimal mark or a thousands mark; it was read with a decimal point");
    for (const OpenColumn &open : decisions.openDates)
        warn(open, "does not say whether the month or the day comes first in '" + open.example
                       + "'; the month was taken first");
    decisions.openNumbers.clear();
    decisions.openDates.clear();
}

} // namespace

ColumnDecisions decideColumns(const TableShape &shape, const std::map<int, NumberEvidence> &numbers,
                              const std::map<int, DateEvidence> &dates, const ReadingAnswers &answers)
{
    NumberEvidence fileNumbers;
    DateEvidence fileDates;
    for (const auto &[column, evidence] : numbers)
        fileNumbers.add(evidence);
    for (const auto &[column, evidence] : dates)
        fileDates.add(evidence);
    ColumnDecisions result;
    for (const auto &[column, evidence] : numbers)
        decideNumberColumn(shape, column, evidence, fileNumbers, answers, result);
    for (const auto &[column, evidence] : dates)
        decideDateColumn(shape, column, evidence, fileDates, answers, result);
    if (shape.byConvention)
        readByConvention(shape, result);
    return result;
}

NumberStyle numberStyleNamed(std::string_view answer)
{
    return answer == "comma" ? NumberStyle::CommaDecimal : NumberStyle::PointDecimal;
}

DateOrder dateOrderNamed(std::string_view answer)
{
    return answer == "day-first" ? DateOrder::DayFirst : DateOrder::MonthFirst;
}

Result<std::vector<ImportQuestion>> importQuestions(const std::string &path, const TableShape &shape,
                                                    const std::vector<OpenColumn> &numbers,
                                                    const std::vector<OpenColumn> &dates, std::stop_token stop)
{
    std::vector<Asked> asked;
    const auto ask = [&](const std::vector<OpenColumn> &columns, ImportQuestion::Kind kind) {
        for (const OpenColumn &open : columns)
            asked.push_back(
                {open.column, {kind, shape.header[static_cast<std::size_t>(open.column)], open.example, {}}, {}});
    };
    ask(numbers, ImportQuestion::Kind::DecimalMark);
    ask(dates, ImportQuestion::Kind::DateOrder);
    if (asked.empty())
        return std::vector<ImportQuestion>{};
    const auto facts =
        scanTable(path, shape, nullptr, std::move(stop), [&](const CsvRecord &record, std::int64_t) -> Status {
            for (Asked &each : asked) {
                const auto column = static_cast<std::size_t>(each.column);
                if (record.malformed || column >= record.fields.size())
                    continue;
                for (std::size_t answer = 0; answer < 2; ++answer) {
                    if (each.question.kind == ImportQuestion::Kind::DecimalMark)
                        each.tallies[answer].add(record.fields[column], numberStyleNamed(markAnswers[answer]));
                    else
                        each.tallies[answer].add(record.fields[column], dateOrderNamed(orderAnswers[answer]));
                }
            }
            return {};
        });
    if (!facts)
        return facts.error();
    std::vector<ImportQuestion> questions;
    for (Asked &each : asked) {
        for (std::size_t answer = 0; answer < 2; ++answer)
            each.question.readings.push_back(readingOf(each.question, answer, each.tallies[answer]));
        questions.push_back(std::move(each.question));
    }
    return questions;
}

std::string questionText(const ImportQuestion &question)
{
    return "column '" + question.column + "': "
           + (question.kind == ImportQuestion::Kind::DecimalMark
                  ? "does '" + question.example + "' have a decimal mark or a thousands mark?"
                  : "does '" + question.example + "' have the month or the day first?");
}

Error openQuestions(const std::vector<ImportQuestion> &questions)
{
    std::string what;
    bool marks = false;
    bool orders = false;
    for (const ImportQuestion &question : questions) {
        what += (what.empty() ? "" : "; ") + questionText(question) + " " + answersText(question);
        (question.kind == ImportQuestion::Kind::DecimalMark ? marks : orders) = true;
    }
    std::string remedy = "say it with ";
    if (marks)
        remedy += "--decimal-mark point|comma";
    if (orders)
        remedy += std::string(marks ? " and " : "") + "--date-order month-first|day-first";
    return {ErrorCode::BadInput, what, "", remedy};
}

} // namespace perunit
