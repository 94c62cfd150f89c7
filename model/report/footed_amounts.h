// SPDX-License-Identifier: GPL-3.0-or-later
// Amounts of a table that add up as they are printed.
#pragma once

#include "pricing/base/int128.h"

#include <string>
#include <vector>

namespace perunit {

/// Decimals for the amounts of a table whose largest one is given in femto-units: none from 10,000 on, cents below,
/// and below one as many as three significant digits need.
int footedDigits(Int128 largest);
/// Femto-units of the last digit that is shown.
Int128 footedStep(int digits);
/// A total (first) and its parts in steps, rounded by largest remainder: the parts shown add up to the total shown.
std::vector<Int128> footedAmounts(Int128 total, const std::vector<Int128> &parts, Int128 step);
/// Steps as text without a currency. An amount that is not zero never reads as zero ("<1").
std::string footedText(Int128 shown, Int128 exact, int digits, bool withSign);

} // namespace perunit
