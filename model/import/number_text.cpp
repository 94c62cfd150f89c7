// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace perunit {

namespace {

constexpr std::array<std::string_view, 4> wideBlanks{"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x87"};
constexpr std::array<std::string_view, 8> currencySigns{"$",   "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xB9",
                                                        "US$", "CHF",          "kr"};
constexpr std::string_view minusSign = "\xE2\x88\x92";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

std::size_t blankAtStart(std::string_view text)
{
    if (text.empty())
        return 0;
    if (text[0] == ' ' || text[0] == '\t')
        return 1;
    for (const std::string_view blank : wideBlanks) {
        if (text.starts_with(blank))
            return blank.size();
    }
    return 0;
}

std::size_t blankAtEnd(std::string_view text)
{
    if (text.empty())
        return 0;
    if (text.back() == ' ' || text.back() == '\t')
        return 1;
    for (const std::string_view blank : wideBlanks) {
        if (text.ends_with(blank))
            return blank.size();
    }
    return 0;
}

bool dropCurrency(std::string_view &text)
{
    for (const std::string_view sign : currencySigns) {
        if (text.size() > sign.size() && text.starts_with(sign)) {
            text = trimmed(text.substr(sign.size()));
            return true;
        }
        if (text.size() > sign.size() && text.ends_with(sign)) {
            text = trimmed(text.substr(0, text.size() - sign.size()));
            return true;
        }
    }
    const auto isCode = [](std::string_view code) {
        return std::all_of(code.begin(), code.end(), isUpper);
    };
    if (text.size() > 3 && isCode(text.substr(0, 3)) && !isUpper(text[3])) {
        text = trimmed(text.substr(3));
        return true;
    }
    if (text.size() > 3 && isCode(text.substr(text.size() - 3)) && !isUpper(text[text.size() - 4])) {
        text = trimmed(text.substr(0, text.size() - 3));
        return true;
    }
    return false;
}

/// Sign and digits of a value without anything around them.
struct Core {
    bool negative = false;
    std::string digits;      ///< digits, '.', ',' and an exponent; blanks and apostrophes became ' '
    std::string_view reason; ///< empty when the value looks like a number
};

bool takeSign(std::string_view &text, bool &negative)
{
    if (text.starts_with('-') || text.starts_with('+')) {
        negative ^= text.front() == '-';
        text = trimmed(text.substr(1));
        return true;
    }
    if (text.starts_with(minusSign)) {
        negative = !negative;
        text = trimmed(text.substr(minusSign.size()));
        return true;
    }
    return false;
}

Core coreOf(std::string_view text)
{
    Core core;
    text = trimmed(text);
    if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
        core.negative = true;
        text = trimmed(text.substr(1, text.size() - 2));
    }
    bool sign = takeSign(text, core.negative);
    const bool currency = dropCurrency(text);
    if (currency && !sign)
        sign = takeSign(text, core.negative);
    if (!sign && text.size() > 1 && text.back() == '-') {
        core.negative = !core.negative;
        text = trimmed(text.substr(0, text.size() - 1));
    }
    while (!text.empty()) {
        if (const std::size_t blank = blankAtStart(text); blank > 0) {
            core.digits.push_back(' ');
            text.remove_prefix(blank);
        } else if (text.starts_with("\xE2\x80\x99")) {
            core.digits.push_back(' ');
            text.remove_prefix(3);
        } else {
            core.digits.push_back(text.front() == '\'' ? ' ' : text.front());
            text.remove_prefix(1);
        }
    }
    if (core.digits.empty() || core.digits.find_first_not_of("0123456789., eE+-") != std::string::npos)
        core.reason = "is not a number";
    return core;
}

enum class Shape { Plain, Point, Comma, Ambiguous };

/// What one value says about the decimal mark.
Shape shapeOf(std::string_view digits)
{
    const std::string_view mantissa = digits.substr(0, digits.find_first_of("eE"));
    const bool exponent = mantissa.size() < digits.size();
    const auto dots = std::count(mantissa.begin(), mantissa.end(), '.');
    const auto commas = std::count(mantissa.begin(), mantissa.end(), ',');
    if (dots == 0 && commas == 0)
        return Shape::Plain;
    if (dots > 0 && commas > 0)
        return mantissa.rfind('.') > mantissa.rfind(',') ? Shape::Point : Shape::Comma;
    if (dots > 1)
        return Shape::Comma;
    if (commas > 1)
        return Shape::Point;
    const char mark = dots > 0 ? '.' : ',';
    const std::size_t at = mantissa.find(mark);
    const std::string_view before = mantissa.substr(0, at);
    const std::string_view after = mantissa.substr(at + 1);
    const bool grouped = after.size() == 3 && !before.empty() && before.size() <= 3 && before.front() != '0'
                         && !exponent && mantissa.find(' ') == std::string_view::npos;
    if (grouped)
        return Shape::Ambiguous;
    return dots > 0 ? Shape::Point : Shape::Comma;
}

/// Takes the thousands marks out; false when the groups between them are not of three digits.
bool ungroup(std::string_view whole, char mark, std::string &to)
{
    std::size_t group = 0;
    bool grouped = false;
    for (const char c : whole) {
        if (isDigit(c)) {
            to.push_back(c);
            ++group;
        } else if (c == mark || c == ' ') {
            if (group == 0 || group > 3 || (grouped && group != 3))
                return false;
            grouped = true;
            group = 0;
        } else {
            return false;
        }
    }
    return !grouped || group == 3;
}

Error badNumber(std::string_view reason)
{
    return {ErrorCode::BadInput, std::string(reason), "", ""};
}

/// Only digits, one point at most, a sign, an exponent: what parseDecimal() reads as it stands.
bool isPlain(std::string_view text)
{
    if (text.empty())
        return false;
    std::size_t dots = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.')
            ++dots;
        else if (!isDigit(c) && !(c == '-' && i == 0))
            return false;
    }
    return dots <= 1 && (isDigit(text.back()) || text.size() > 1);
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    while (const std::size_t blank = blankAtStart(text))
        text.remove_prefix(blank);
    while (const std::size_t blank = blankAtEnd(text))
        text.remove_suffix(blank);
    return text;
}

bool isNullWord(std::string_view text)
{
    if (text.size() > 6)
        text = trimmed(text);
    if (text.empty())
        return true;
    if (text.size() > 6 || (isDigit(text.front()) && isDigit(text.back())))
        return false;
    text = trimmed(text);
    if (text.empty())
        return true;
    // They all begin with one of these.
    constexpr std::string_view beginnings = "nN-\xE2\\";
    if (beginnings.find(text.front()) == std::string_view::npos)
        return false;
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return isUpper(c) ? static_cast<char>(c + 32) : c; });
    constexpr std::array<std::string_view, 11> words{"",    "null", "none", "n/a",          "na",          "nan",
                                                     "nil", "-",    "--",   "\xE2\x80\x93", "\xE2\x80\x94"};
    return std::find(words.begin(), words.end(), lower) != words.end() || lower == "\\n";
}

void NumberEvidence::add(std::string_view value, std::int64_t line)
{
    // Most values are plain digits, which say nothing, or have one point among them.
    std::size_t at = 0;
    while (at < value.size() && isDigit(value[at]))
        ++at;
    if (at == value.size())
        return;
    if (value[at] == '.' && at > 0) {
        std::size_t end = at + 1;
        while (end < value.size() && isDigit(value[end]))
            ++end;
        if (end == value.size() && (end != at + 4 || at > 3 || value[0] == '0')) {
            if (point++ == 0 && settledBy.empty()) {
                settledBy = value;
                settledLine = line;
            }
            return;
        }
    }
    if (value.find_first_of(".,") == std::string_view::npos || isNullWord(value))
        return;
    const Core core = coreOf(value);
    if (!core.reason.empty())
        return;
    const Shape shape = shapeOf(core.digits);
    if (settledBy.empty() && (shape == Shape::Point || shape == Shape::Comma)) {
        settledBy = value;
        settledLine = line;
    }
    switch (shape) {
    case Shape::Plain:
        break;
    case Shape::Point:
        ++point;
        break;
    case Shape::Comma:
        ++comma;
        break;
    case Shape::Ambiguous:
        if (ambiguous++ == 0)
            example = value;
        break;
    }
}

void NumberEvidence::add(const NumberEvidence &other)
{
    point += other.point;
    comma += other.comma;
    if (ambiguous == 0)
        example = other.example;
    ambiguous += other.ambiguous;
    if (settledBy.empty()) {
        settledBy = other.settledBy;
        settledLine = other.settledLine;
    }
}

NumberDecision decideNumbers(const NumberEvidence &column, const NumberEvidence &file, char delimiter)
{
    if (column.point > 0 && column.comma > 0)
        return {NumberStyle::PerValue, "holds numbers with decimal points and numbers with decimal commas; each was "
                                       "read by its own marks, and values that could be either were rejected"};
    if (column.point > 0 || column.comma > 0)
        return {column.comma > 0 ? NumberStyle::CommaDecimal : NumberStyle::PointDecimal, ""};
    if (column.ambiguous == 0)
        return {};
    if ((file.point > 0) != (file.comma > 0))
        return {file.comma > 0 ? NumberStyle::CommaDecimal : NumberStyle::PointDecimal, ""};
    const bool comma = delimiter == ';';
    return {comma ? NumberStyle::CommaDecimal : NumberStyle::PointDecimal,
            "does not say whether '" + column.example + "' has a decimal mark or a thousands mark; it was read with a "
                + (comma ? "decimal comma, as the file is divided by semicolons" : "decimal point"),
            true, !comma};
}

Result<std::string_view> plainNumber(std::string_view text, NumberStyle style, std::string &buffer)
{
    if (style != NumberStyle::CommaDecimal && isPlain(text)
        && (style == NumberStyle::PointDecimal || shapeOf(text) != Shape::Ambiguous))
        return text;
    const Core core = coreOf(text);
    if (!core.reason.empty())
        return badNumber(core.reason);
    if (style == NumberStyle::PerValue) {
        const Shape shape = shapeOf(core.digits);
        if (shape == Shape::Ambiguous)
            return badNumber("could be read with a decimal mark or with a thousands mark");
        style = shape == Shape::Comma ? NumberStyle::CommaDecimal : NumberStyle::PointDecimal;
    }
    const char decimal = style == NumberStyle::CommaDecimal ? ',' : '.';
    const char thousands = style == NumberStyle::CommaDecimal ? '.' : ',';
    const std::size_t exponentAt = core.digits.find_first_of("eE");
    const std::string_view mantissa = std::string_view(core.digits).substr(0, exponentAt);
    const std::size_t decimalAt = mantissa.find(decimal);
    buffer = core.negative ? "-" : "";
    const std::size_t signSize = buffer.size();
    if (!ungroup(mantissa.substr(0, decimalAt), thousands, buffer))
        return badNumber("is not a number: its thousands marks do not part groups of three digits");
    if (decimalAt != std::string_view::npos) {
        const std::string_view fraction = mantissa.substr(decimalAt + 1);
        if (!std::all_of(fraction.begin(), fraction.end(), isDigit))
            return badNumber("is not a number");
        buffer.push_back('.');
        buffer += fraction;
    }
    if (buffer.size() == signSize)
        return badNumber("is not a number");
    if (exponentAt != std::string::npos)
        buffer += core.digits.substr(exponentAt);
    return std::string_view(buffer);
}

Result<std::optional<Money>> parseAmount(std::string_view text, NumberStyle style, std::int64_t &rounded)
{
    if (isNullWord(text))
        return std::optional<Money>{};
    std::string buffer;
    const auto plain = plainNumber(text, style, buffer);
    if (!plain)
        return plain.error();
    const auto value = parseDecimal(*plain, Money::scale);
    if (!value)
        return badNumber(value.error().code == ErrorCode::Overflow ? "is too large an amount" : "is not a number");
    rounded += value->rounded ? 1 : 0;
    return std::optional<Money>{Money::ofUnits(value->units)};
}

bool plainWhole(std::string_view text, std::int64_t &value)
{
    if (text.empty() || text.size() > 18)
        return false;
    std::int64_t result = 0;
    for (const char c : text) {
        if (!isDigit(c))
            return false;
        result = result * 10 + (c - '0');
    }
    value = result;
    return true;
}

bool plainDecimal(std::string_view text, std::int64_t &digits, std::uint8_t &decimals)
{
    if (text.empty() || text.size() > 19 || !isDigit(text.front()) || !isDigit(text.back()))
        return false;
    std::int64_t result = 0;
    std::size_t point = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isDigit(text[i])) {
            if (i == 18 && point == text.size())
                return false;
            result = result * 10 + (text[i] - '0');
        } else if (text[i] == '.' && point == text.size()) {
            point = i;
        } else {
            return false;
        }
    }
    digits = result;
    decimals = point == text.size() ? std::uint8_t{0} : static_cast<std::uint8_t>(text.size() - point - 1);
    return true;
}

Result<std::optional<std::int64_t>> parseWhole(std::string_view text, NumberStyle style)
{
    if (text.size() <= 18) {
        std::int64_t value = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure == std::errc{} && end == text.data() + text.size())
            return std::optional<std::int64_t>{value};
    }
    if (isNullWord(text))
        return std::optional<std::int64_t>{};
    std::string buffer;
    const auto plain = plainNumber(text, style, buffer);
    if (!plain)
        return plain.error();
    const auto value = parseDecimal(*plain, 0);
    if (!value)
        return badNumber(value.error().code == ErrorCode::Overflow ? "is too large a number" : "is not a number");
    if (value->rounded)
        return badNumber("is not a whole number");
    if (value->units > INT64_MAX || value->units < INT64_MIN)
        return badNumber("is too large a number");
    return std::optional<std::int64_t>{static_cast<std::int64_t>(value->units)};
}

} // namespace perunit
