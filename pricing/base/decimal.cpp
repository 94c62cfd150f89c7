// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/decimal.h"

#include <algorithm>
#include <charconv>

namespace perunit {

namespace {

constexpr Int128 maxInt128 = static_cast<Int128>(~UInt128{0} >> 1);

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

Error notANumber(std::string_view text)
{
    return {ErrorCode::BadInput, "'" + std::string(text.substr(0, 40)) + "' is not a number", "", ""};
}

Error tooLarge(std::string_view text)
{
    return {ErrorCode::Overflow, "'" + std::string(text.substr(0, 40)) + "' is too large a number", "", ""};
}

std::string digitsOf(UInt128 value)
{
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

UInt128 magnitude(Int128 value)
{
    return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

std::string formatMagnitude(UInt128 units, int scale)
{
    std::string digits = digitsOf(units);
    const auto decimals = static_cast<std::size_t>(scale);
    if (digits.size() <= decimals)
        digits.insert(0, decimals + 1 - digits.size(), '0');
    if (decimals > 0)
        digits.insert(digits.size() - decimals, ".");
    return digits;
}

} // namespace

Int128 divideHalfEven(Int128 numerator, Int128 denominator)
{
    Int128 quotient = numerator / denominator;
    const UInt128 rest = magnitude(numerator % denominator);
    const auto divisor = static_cast<UInt128>(denominator);
    const bool above = rest > divisor - rest;
    const bool tie = rest == divisor - rest;
    if (above || (tie && quotient % 2 != 0))
        quotient += numerator < 0 ? -1 : 1;
    return quotient;
}

Result<ScaledDecimal> parseDecimal(std::string_view text, int scale)
{
    std::size_t at = 0;
    bool negative = false;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
        negative = text[at] == '-';
        ++at;
    }
    std::string digits;
    long pointShift = 0;
    bool anyDigit = false;
    bool afterPoint = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (isDigit(c)) {
            anyDigit = true;
            if (!digits.empty() || c != '0')
                digits.push_back(c);
            if (afterPoint)
                ++pointShift;
        } else if (c == '.' && !afterPoint) {
            afterPoint = true;
        } else {
            break;
        }
    }
    if (!anyDigit)
        return notANumber(text);
    long exponent = 0;
    if (at < text.size()) {
        if (text[at] != 'e' && text[at] != 'E')
            return notANumber(text);
        std::string_view exponentText = text.substr(at + 1);
        if (!exponentText.empty() && exponentText.front() == '+') {
            exponentText.remove_prefix(1);
            if (!exponentText.empty() && !isDigit(exponentText.front()))
                return notANumber(text);
        }
        const auto [end, failure] =
            std::from_chars(exponentText.data(), exponentText.data() + exponentText.size(), exponent);
        if (failure != std::errc{} || end != exponentText.data() + exponentText.size() || exponentText.empty())
            return notANumber(text);
        if (exponent > 1000 || exponent < -100000)
            return tooLarge(text);
    }
    ScaledDecimal result;
    if (digits.empty())
        return result;

    // The value is `digits` times 10^(exponent - pointShift); in units it is that times 10^scale.
    const long shift = exponent - pointShift + scale;
    const long kept = static_cast<long>(digits.size()) + std::min(shift, 0L);
    UInt128 units = 0;
    const auto append = [&units](unsigned digit) {
        if (units > (static_cast<UInt128>(maxInt128) - digit) / 10)
            return false;
        units = units * 10 + digit;
        return true;
    };
    for (long i = 0; i < kept; ++i) {
        if (!append(static_cast<unsigned>(digits[static_cast<std::size_t>(i)] - '0')))
            return tooLarge(text);
    }
    for (long i = 0; i < shift; ++i) {
        if (!append(0))
            return tooLarge(text);
    }
    if (kept < static_cast<long>(digits.size())) {
        const std::string_view dropped =
            kept >= 0 ? std::string_view(digits).substr(static_cast<std::size_t>(kept)) : std::string_view("01");
        result.rounded = dropped.find_first_not_of('0') != std::string_view::npos;
        const bool tie = dropped.front() == '5' && dropped.substr(1).find_first_not_of('0') == std::string_view::npos;
        if (dropped.front() > '5' || (dropped.front() == '5' && !tie) || (tie && units % 2 != 0))
            ++units;
    }
    result.units = negative ? -static_cast<Int128>(units) : static_cast<Int128>(units);
    return result;
}

std::string formatDecimal(Int128 units, int scale)
{
    std::string text = formatMagnitude(magnitude(units), scale);
    if (scale > 0) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
    }
    return units < 0 ? "-" + text : text;
}

std::string formatDecimalFixed(Int128 units, int scale, int digits)
{
    if (digits < scale) {
        Int128 divisor = 1;
        for (int i = digits; i < scale; ++i)
            divisor *= 10;
        units = divideHalfEven(units, divisor);
        scale = digits;
    }
    std::string text = formatMagnitude(magnitude(units), scale);
    if (digits > scale) {
        if (scale == 0)
            text.push_back('.');
        text.append(static_cast<std::size_t>(digits - scale), '0');
    }
    return units < 0 ? "-" + text : text;
}

} // namespace perunit
