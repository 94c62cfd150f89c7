// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/date_text.h"
#include "model/import/number_text.h"
#include "pricing/base/result.h"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

struct TableShape;

/// What one answer makes of a column.
struct ImportReading {
    std::string answer;          ///< "point", "comma", "month-first", "day-first"
    std::string example;         ///< the example as it would be read: "1234", "2026-08-03"
    std::string total;           ///< of the column: the sum of its numbers, or its first and last day
    std::int64_t unreadable = 0; ///< values that this answer cannot read
};

/// Something about a file that its values leave open, so that it must be asked and not guessed.
struct ImportQuestion {
    enum class Kind : std::uint8_t {
        DecimalMark, ///< "1.234": one and a bit, or one thousand
        DateOrder    ///< "3/8/2026": March or August
    };
    Kind kind = Kind::DecimalMark;
    std::string column;  ///< header name
    std::string example; ///< as written
    std::vector<ImportReading> readings;
};

/// What was said about the file: answers as in ImportReading, empty when nothing was said.
struct ReadingAnswers {
    std::string decimalMark;
    std::string dateOrder;
    bool operator==(const ReadingAnswers &) const = default;
};

/// A column that is open, with the first value that shows it.
struct OpenColumn {
    int column = -1;
    std::string example;
};

/// How every column is read, and why.
struct ColumnDecisions {
    std::map<int, NumberStyle> numbers;
    std::map<int, DateOrder> dates;
    std::vector<std::string> warnings; ///< columns that are written in two ways
    std::vector<std::string> notes;    ///< what was settled by which value
    std::vector<OpenColumn> openNumbers;
    std::vector<OpenColumn> openDates;
    ReadingAnswers used; ///< the answers that were needed
};

/// Decides from all values of a file; what they leave open from the answers; what those leave open too is listed, and
/// read with a decimal point and the month first.
ColumnDecisions decideColumns(const TableShape &shape, const std::map<int, NumberEvidence> &numbers,
                              const std::map<int, DateEvidence> &dates, const ReadingAnswers &answers);

/// The questions about a file, with what each answer makes of its columns: reads the file once more. Errors: those of
/// the file.
Result<std::vector<ImportQuestion>> importQuestions(const std::string &path, const TableShape &shape,
                                                    const std::vector<OpenColumn> &numbers,
                                                    const std::vector<OpenColumn> &dates, std::stop_token stop);

/// The refusal to import a file with open questions: names the column, what the answers mean and the options that give
/// them.
Error openQuestions(const std::vector<ImportQuestion> &questions);

/// One question as a sentence, without its answers: "column 'cost': is '1.234' …".
std::string questionText(const ImportQuestion &question);

/// The styles that answers name; the first of each for an empty text.
NumberStyle numberStyleNamed(std::string_view answer);
DateOrder dateOrderNamed(std::string_view answer);

} // namespace perunit
