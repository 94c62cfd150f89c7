// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/footed_amounts.h"

#include "model/figures/amount_text.h"
#include "pricing/base/decimal.h"
#include "pricing/money/money.h"

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

Int128 floorDivided(Int128 value, Int128 step)
{
    const Int128 quotient = value / step;
    return value % step < 0 ? quotient - 1 : quotient;
}

} // namespace

int footedDigits(Int128 largest)
{
    constexpr Int128 one = 1'000'000'000'000'000;
    if (largest >= 10'000 * one)
        return 0;
    int digits = 2;
    for (Int128 place = one; largest != 0 && largest < place && digits < Femto::scale; place /= 10)
        ++digits;
    return digits;
}

Int128 footedStep(int digits)
{
    Int128 step = 1;
    for (int i = digits; i < Femto::scale; ++i)
        step *= 10;
    return step;
}

std::vector<Int128> footedAmounts(Int128 total, const std::vector<Int128> &parts, Int128 step)
{
    std::vector<Int128> shown{divideHalfEven(total, step)};
    std::vector<std::pair<Int128, std::size_t>> remainders;
    Int128 missing = shown.front();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Int128 floor = floorDivided(parts[i], step);
        remainders.emplace_back(parts[i] - floor * step, i);
        shown.push_back(floor);
        missing -= floor;
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto &a, const auto &b) { return a.first > b.first; });
    for (std::size_t i = 0; i < remainders.size() && missing > 0; ++i, --missing)
        ++shown[remainders[i].second + 1];
    return shown;
}

std::string footedText(Int128 shown, Int128 exact, int digits, bool withSign)
{
    const std::string sign = exact < 0 || shown < 0 ? std::string(minusSign) : withSign && exact != 0 ? "+" : "";
    const Int128 steps = shown < 0 ? -shown : shown;
    if (steps == 0 && exact != 0)
        return sign + "<" + fixedAmountText(1, digits);
    return (steps == 0 ? "" : sign) + fixedAmountText(steps, digits);
}

} // namespace perunit
