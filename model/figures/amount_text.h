// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/outcome.h"
#include "pricing/base/instant.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace perunit {

/// Amounts as text beyond the ones of figure_builder.h. All of it works on exact integers; halves go to even.

/// Amount for a sentence, about three digits: "$4.1k", "$10.9k", "$1.25M"; below 1,000 as moneyText().
std::string shortMoneyText(Femto amount, const std::string &currency);
/// All digits of an amount with its currency, for tooltips and the table twin: "$25,512.031245".
std::string exactMoneyText(Femto amount, const std::string &currency);
/// An average, which has no last digit: six significant digits below one, four decimals above ("$0.0432769").
std::string averageText(Femto amount, const std::string &currency);
/// Signed, by the rules of perUnitText(): "−$0.0081".
std::string signedPerUnitText(Femto amount, const std::string &currency);
/// A number of steps of 10^-digits with separators and all decimals: "15,865", "1,629.57". Not negative.
std::string fixedAmountText(Int128 steps, int digits);
/// All digits with separators: "3,214,567".
std::string exactCountText(std::int64_t count);
/// A scaled count rounded to whole numbers, all digits with separators.
std::string expectedCountText(Millionths count);
/// The same with a sign in front; "0" without.
std::string signedExpectedCountText(Millionths count);
/// (b − a) ÷ |a| of any two integers of one unit; see changeText().
std::string changeOfText(Int128 a, Int128 b);
/// part ÷ whole of any two integers of one unit; see shareText().
std::string shareOfText(Int128 part, Int128 whole);
/// "Jun 2026".
std::string monthText(Month month);
/// "3 Jun 2026".
std::string dayText(Instant day);
/// "in Jun 2026" or "from Jun 2026 to May 2027"; empty without months.
std::string spanText(Month first, Month last);
/// amount ÷ count of millionths, rounded half to even to a femto-unit; count must be positive.
Femto dividedBy(Femto amount, Millionths count);
/// Amount without a sign.
Femto magnitude(Femto amount);

/// "–": there is no number, which is not the same as zero.
inline constexpr std::string_view unknownText = "\u2013";
/// The minus sign of signed numbers.
inline constexpr std::string_view minusSign = "\u2212";

} // namespace perunit
