// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/amount_text.h"

#include "model/figures/figure_builder.h"
#include "pricing/base/decimal.h"
#include "pricing/base/grouped_digits.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace perunit {

namespace {

constexpr Int128 oneFemtoUnit = 1'000'000'000'000'000;

Int128 absolute(Int128 value)
{
    return value < 0 ? -value : value;
}

std::string groupedFixed(Int128 units, int scale, int digits)
{
    return groupedDigits(formatDecimalFixed(units, scale, digits));
}

std::string withCurrency(const std::string &number, const std::string &currency)
{
    const std::string symbol = currencySymbol(currency);
    if (symbol.empty())
        return number;
    // A code is set apart from the number, a symbol is not.
    const bool code = std::isalpha(static_cast<unsigned char>(symbol.back())) != 0;
    return code ? symbol + ' ' + number : symbol + number;
}

Int128 powerOfTen(int exponent)
{
    Int128 result = 1;
    for (int i = 0; i < exponent; ++i)
        result *= 10;
    return result;
}

Int128 roundedTo(Int128 femto, int digits)
{
    const Int128 step = powerOfTen(Femto::scale - digits);
    return divideHalfEven(femto, step) * step;
}

/// Decimals that show at least three significant digits of an amount below one.
int digitsBelowOne(Int128 femto)
{
    int leading = 1; // position of the first digit that is not zero
    for (Int128 place = oneFemtoUnit / 10; place > 0 && femto < place; place /= 10)
        ++leading;
    const int digits = leading + 2 < Femto::scale ? leading + 2 : Femto::scale;
    // 0.09996 becomes 0.100, not 0.1000.
    if (leading > 1 && roundedTo(femto, digits) >= powerOfTen(Femto::scale - leading + 1))
        return digits - 1;
    return digits;
}

std::string amountDigits(Int128 femto)
{
    if (femto == 0)
        return "0";
    if (femto < oneFemtoUnit) {
        const int digits = digitsBelowOne(femto);
        if (roundedTo(femto, digits) < oneFemtoUnit)
            return groupedFixed(femto, Femto::scale, digits);
    }
    const bool withCents = roundedTo(femto, 2) < 10'000 * oneFemtoUnit;
    return groupedFixed(femto, Femto::scale, withCents ? 2 : 0);
}

std::string signOf(Int128 value)
{
    if (value == 0)
        return {};
    return value < 0 ? std::string(minusSign) : std::string("+");
}

std::string negativeSignOf(Int128 value)
{
    return value < 0 ? std::string(minusSign) : std::string();
}

/// numerator ÷ denominator in per cent with one decimal; what is not zero never reads as zero.
std::string percentDigits(Int128 numerator, Int128 denominator)
{
    const Int128 tenths = divideHalfEven(numerator * 1000, denominator);
    if (tenths == 0 && numerator != 0)
        return "<0.1 %";
    return groupedFixed(tenths, 1, 1) + " %";
}

} // namespace

std::string currencySymbol(const std::string &currency)
{
    if (currency == "USD")
        return "$";
    if (currency == "EUR")
        return "\u20ac";
    if (currency == "GBP")
        return "\u00a3";
    if (currency == "JPY" || currency == "CNY")
        return currency == "JPY" ? "\u00a5" : "CN\u00a5";
    if (currency == "INR")
        return "\u20b9";
    return currency;
}

std::string moneyText(Femto amount, const std::string &currency)
{
    return negativeSignOf(amount.units()) + withCurrency(amountDigits(absolute(amount.units())), currency);
}

std::string perUnitText(Femto amount, const std::string &currency)
{
    return moneyText(amount, currency);
}

std::string signedMoneyText(Femto amount, const std::string &currency)
{
    return signOf(amount.units()) + withCurrency(amountDigits(absolute(amount.units())), currency);
}

std::string signedPerUnitText(Femto amount, const std::string &currency)
{
    return signedMoneyText(amount, currency);
}

std::string shortMoneyText(Femto amount, const std::string &currency)
{
    const Int128 femto = absolute(amount.units());
    struct Step {
        int scale;
        const char *suffix;
    };
    for (const Step step : {Step{9, "bn"}, Step{6, "M"}, Step{3, "k"}}) {
        const Int128 unit = oneFemtoUnit * powerOfTen(step.scale);
        // 999,950 already reads as "1.0M": the step is chosen by what is shown.
        if (femto < unit - unit / 2000)
            continue;
        const Int128 hundredths = divideHalfEven(femto, unit / 100);
        const int digits = step.scale == 3 ? (hundredths >= 100'00 ? 0 : 1)
                                           : (hundredths >= 100'00  ? 0
                                              : hundredths >= 10'00 ? 1
                                                                    : 2);
        const std::string number = groupedFixed(femto, Femto::scale + step.scale, digits);
        return negativeSignOf(amount.units()) + withCurrency(number + step.suffix, currency);
    }
    return moneyText(amount, currency);
}

std::string exactMoneyText(Femto amount, const std::string &currency)
{
    const Int128 femto = absolute(amount.units());
    std::string plain = formatDecimal(femto, Femto::scale);
    const std::size_t point = plain.find('.');
    if (femto != 0 && point != std::string::npos && plain.size() - point == 2)
        plain += '0';
    return negativeSignOf(amount.units()) + withCurrency(groupedDigits(plain), currency);
}

std::string averageText(Femto amount, const std::string &currency)
{
    const Int128 femto = absolute(amount.units());
    constexpr int moreDigits = 3; // than the three of a price per unit
    const int digits = femto < oneFemtoUnit ? std::min(digitsBelowOne(femto) + moreDigits, Femto::scale) : 4;
    const Int128 rounded = roundedTo(femto, digits);
    return exactMoneyText(Femto::ofUnits(amount.units() < 0 ? -rounded : rounded), currency);
}

std::string fixedAmountText(Int128 steps, int digits)
{
    return groupedFixed(steps, digits, digits);
}

std::string exactCountText(std::int64_t count)
{
    const Int128 value = count;
    return negativeSignOf(value) + groupedDigits(formatDecimal(absolute(value), 0));
}

std::string countText(std::int64_t count)
{
    const Int128 value = absolute(count);
    if (value < 1'000'000)
        return exactCountText(count);
    const int digits = divideHalfEven(value, 100'000) < 10'000 ? 1 : 0;
    return negativeSignOf(count) + groupedFixed(value, 6, digits) + " M";
}

std::string expectedCountText(Millionths count)
{
    const Int128 value = absolute(count);
    if (value != 0 && divideHalfEven(value, 1'000'000) == 0)
        return negativeSignOf(count) + "<1";
    return negativeSignOf(count) + groupedFixed(value, 6, 0);
}

std::string signedExpectedCountText(Millionths count)
{
    return signOf(count) + expectedCountText(absolute(count));
}

std::string changeOfText(Int128 a, Int128 b)
{
    if (a == 0)
        return std::string(unknownText);
    return signOf(b - a) + percentDigits(absolute(b - a), absolute(a));
}

std::string shareOfText(Int128 part, Int128 whole)
{
    if (whole == 0)
        return std::string(unknownText);
    const bool negative = (part < 0) != (whole < 0) && part != 0;
    return (negative ? std::string(minusSign) : std::string()) + percentDigits(absolute(part), absolute(whole));
}

std::string changeText(Femto a, Femto b)
{
    return changeOfText(a.units(), b.units());
}

std::string shareText(Femto part, Femto whole)
{
    return shareOfText(part.units(), whole.units());
}

std::string monthText(Month month)
{
    static constexpr std::array<const char *, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return std::string(names[static_cast<std::size_t>(month.month() - 1)]) + ' ' + std::to_string(month.year());
}

std::string dayText(Instant day)
{
    const Month month = monthOf(day);
    const std::int64_t number = dayOf(day) - dayOf(month.start()) + 1;
    return std::to_string(number) + ' ' + monthText(month);
}

std::string spanText(Month first, Month last)
{
    if (first == last)
        return "in " + monthText(first);
    return "from " + monthText(first) + " to " + monthText(last);
}

Femto dividedBy(Femto amount, Millionths count)
{
    return Femto::ofUnits(divideHalfEven(amount.units() * 1'000'000, count));
}

Femto magnitude(Femto amount)
{
    return Femto::ofUnits(absolute(amount.units()));
}

} // namespace perunit
