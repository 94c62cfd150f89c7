// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/money/money.h"

#include <compare>
#include <vector>

namespace perunit {

/// A rational number; the denominator is positive. Not reduced.
struct ExactFraction {
    Int128 numerator = 0;
    Int128 denominator = 1;
    /// The nearest whole number, halves to even.
    [[nodiscard]] Int128 rounded() const;
};

/// Exact order of two fractions, whatever their size.
std::strong_ordering compare(const ExactFraction &a, const ExactFraction &b);

/// amount × each factor ÷ each divisor, rounded once, half to even. Factors are not negative, divisors positive.
/// Errors end the program's trust in a number, so that a result beyond 127 bits has no value.
struct Product {
    Int128 amount = 0;
    std::vector<Int128> factors{};
    std::vector<Int128> divisors{};
};

/// The sum of products, rounded once, half to even; false when it does not fit.
bool sumOfProducts(const std::vector<Product> &products, Int128 &result);

} // namespace perunit
