// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"
#include "pricing/money/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// How the numbers of one column are written.
enum class NumberStyle {
    PointDecimal, ///< 1,234.56
    CommaDecimal, ///< 1.234,56
    PerValue      ///< both occur: only values that can be read one way are accepted
};

/// What the values of a column (or of a file) say about how numbers are written.
struct NumberEvidence {
    std::int64_t point = 0;     ///< values that can only be 1,234.56
    std::int64_t comma = 0;     ///< values that can only be 1.234,56
    std::int64_t ambiguous = 0; ///< "1.234" or "1,234"
    std::string example;        ///< the first ambiguous value
    std::string settledBy;      ///< the first value that can be read one way only
    std::int64_t settledLine = 0;

    /// `line` of the file on which the value stands, for settledLine.
    void add(std::string_view value, std::int64_t line = 0);
    void add(const NumberEvidence &other);
};

/// The style that follows from a column, else from the whole file, else from the delimiter.
struct NumberDecision {
    NumberStyle style = NumberStyle::PointDecimal;
    std::string warning;    ///< without the column's name; empty when the data settled it
    bool unsettled = false; ///< no value says how the numbers are meant
    bool open = false;      ///< and nothing else in the file does: the user must
};
NumberDecision decideNumbers(const NumberEvidence &column, const NumberEvidence &file, char delimiter);

/// Digits only, at most 18 of them: the fast way for what is nearly every count. False: parseWhole() decides.
bool plainWhole(std::string_view text, std::int64_t &value);
/// Digits with at most one point among them, at most 18 digits; the value is `digits` times ten to the minus
/// `decimals`. False: parseAmount() decides. Only where the column writes decimal points.
bool plainDecimal(std::string_view text, std::int64_t &digits, std::uint8_t &decimals);

/// True for the words that stand for "no value": empty, NULL, N/A, -, …
bool isNullWord(std::string_view text);
/// Without blanks (no-break ones included) at both ends.
std::string_view trimmed(std::string_view text);

/// Cleans a number up ("$1.012,30 " -> "1012.30") so that parseDecimal() reads it. Takes currency signs and
/// codes, thousands marks in groups of three, parentheses or a trailing minus for negative, U+2212.
/// Errors: BadInput with the reason. The view points into `text` or `buffer`.
Result<std::string_view> plainNumber(std::string_view text, NumberStyle style, std::string &buffer);

/// An amount in 24 decimals; nothing for a null word. `rounded` counts amounts with more decimals.
Result<std::optional<Money>> parseAmount(std::string_view text, NumberStyle style, std::int64_t &rounded);
/// A whole number; nothing for a null word. "5000.0" is whole, "5000.5" is an error.
Result<std::optional<std::int64_t>> parseWhole(std::string_view text, NumberStyle style);

} // namespace perunit
