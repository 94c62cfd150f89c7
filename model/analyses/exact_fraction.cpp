// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/exact_fraction.h"

#include "model/engine/wide_integer.h"
#include "pricing/base/decimal.h"

namespace perunit {

namespace {

UInt128 magnitudeOf(Int128 value)
{
    return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

Wide times(const Wide &a, Int128 b)
{
    Wide result;
    result.addProduct(a, magnitudeOf(b));
    return result;
}

} // namespace

Int128 ExactFraction::rounded() const
{
    return divideHalfEven(numerator, denominator);
}

std::strong_ordering compare(const ExactFraction &a, const ExactFraction &b)
{
    const bool negativeA = a.numerator < 0;
    const bool negativeB = b.numerator < 0;
    if (negativeA != negativeB)
        return negativeA ? std::strong_ordering::less : std::strong_ordering::greater;
    const Wide left = times(Wide::of(magnitudeOf(a.numerator)), b.denominator);
    const Wide right = times(Wide::of(magnitudeOf(b.numerator)), a.denominator);
    return negativeA ? right <=> left : left <=> right;
}

bool sumOfProducts(const std::vector<Product> &products, Int128 &result)
{
    // Over the product of all divisors, each part is multiplied by those of the others.
    Wide divisor = Wide::of(1);
    for (const Product &product : products) {
        for (const Int128 each : product.divisors)
            divisor = times(divisor, each);
    }
    Wide gains;
    Wide losses;
    for (std::size_t i = 0; i < products.size(); ++i) {
        Wide part = Wide::of(magnitudeOf(products[i].amount));
        for (const Int128 factor : products[i].factors)
            part = times(part, factor);
        for (std::size_t j = 0; j < products.size(); ++j) {
            if (j == i)
                continue;
            for (const Int128 each : products[j].divisors)
                part = times(part, each);
        }
        (products[i].amount < 0 ? losses : gains) += part;
    }
    const bool negative = (gains <=> losses) < 0;
    Wide &larger = negative ? losses : gains;
    larger -= negative ? gains : losses;
    const auto rounded = Wide::dividedHalfEven(larger, divisor).toInt128();
    if (!rounded)
        return false;
    result = negative ? -*rounded : *rounded;
    return true;
}

} // namespace perunit
