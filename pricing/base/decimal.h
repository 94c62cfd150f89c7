// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/int128.h"
#include "pricing/base/result.h"

#include <string>
#include <string_view>

namespace perunit {

/// A decimal number read from text as an integer number of 10^-scale units.
struct ScaledDecimal {
    Int128 units = 0;
    /// True when digits beyond the scale were not zero; `units` is then rounded half to even.
    bool rounded = false;
};

/// Reads plain or scientific decimal text ("-12.5", "1.2E+07") exactly into units of 10^-scale.
/// No symbols, no thousands separators, no surrounding blanks. Errors: BadInput, Overflow.
Result<ScaledDecimal> parseDecimal(std::string_view text, int scale);

/// Writes units of 10^-scale as plain decimal text without trailing zeros ("0.054399", "-3", "0").
std::string formatDecimal(Int128 units, int scale);

/// Writes units of 10^-scale rounded half to even to `digits` decimals, all of them shown ("0.0544").
std::string formatDecimalFixed(Int128 units, int scale, int digits);

/// numerator / denominator rounded half to even; denominator must be positive.
Int128 divideHalfEven(Int128 numerator, Int128 denominator);

} // namespace perunit
