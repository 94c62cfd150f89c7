// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/wide_integer.h"

namespace perunit {

namespace {

using Limb = std::uint64_t;

/// One step of the long division: subtracts guess × v from the n+1 limbs at u and returns the true digit.
/// The guess is at most one too large; then v is added back.
Limb subtractMultiple(Limb *u, const Limb *v, std::size_t n, Limb guess)
{
    Limb carry = 0;
    Limb borrow = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const UInt128 product = static_cast<UInt128>(guess) * v[i] + carry;
        carry = static_cast<Limb>(product >> 64);
        const UInt128 difference = static_cast<UInt128>(u[i]) - static_cast<Limb>(product) - borrow;
        u[i] = static_cast<Limb>(difference);
        borrow = (difference >> 64) != 0 ? 1 : 0;
    }
    const UInt128 difference = static_cast<UInt128>(u[n]) - carry - borrow;
    u[n] = static_cast<Limb>(difference);
    if ((difference >> 64) == 0)
        return guess;
    Limb back = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const UInt128 sum = static_cast<UInt128>(u[i]) + v[i] + back;
        u[i] = static_cast<Limb>(sum);
        back = static_cast<Limb>(sum >> 64);
    }
    u[n] += back;
    return guess - 1;
}

} // namespace

template <std::size_t Limbs>
WideInteger<Limbs> WideInteger<Limbs>::divideBy(const WideInteger &divisor)
{
    m_overflow = m_overflow || divisor.m_overflow;
    if (divisor.m_used <= 1)
        return of(divideBy(divisor.m_limbs[0]));
    if (*this < divisor) {
        WideInteger rest = *this;
        *this = {};
        m_overflow = rest.m_overflow;
        return rest;
    }
    // Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D.
    const std::size_t n = divisor.m_used;
    const std::size_t m = m_used - n;
    const auto shift = static_cast<unsigned>(std::countl_zero(divisor.m_limbs[n - 1]));
    const auto shifted = [shift](std::uint64_t high, std::uint64_t low) {
        return shift == 0 ? high : (high << shift) | (low >> (64 - shift));
    };
    std::array<std::uint64_t, Limbs> v{};
    for (std::size_t i = n; i-- > 0;)
        v[i] = shifted(divisor.m_limbs[i], i > 0 ? divisor.m_limbs[i - 1] : 0);
    std::array<std::uint64_t, Limbs + 1> u{};
    u[m_used] = shifted(0, m_limbs[m_used - 1]);
    for (std::size_t i = m_used; i-- > 0;)
        u[i] = shifted(m_limbs[i], i > 0 ? m_limbs[i - 1] : 0);

    WideInteger quotient;
    quotient.m_overflow = m_overflow;
    for (std::size_t j = m + 1; j-- > 0;) {
        const UInt128 top = static_cast<UInt128>(u[j + n]) << 64 | u[j + n - 1];
        UInt128 guess = top / v[n - 1];
        UInt128 rest = top % v[n - 1];
        while ((guess >> 64) != 0 || guess * v[n - 2] > (rest << 64 | u[j + n - 2])) {
            --guess;
            rest += v[n - 1];
            if ((rest >> 64) != 0)
                break;
        }
        quotient.m_limbs[j] = subtractMultiple(&u[j], v.data(), n, static_cast<Limb>(guess));
    }
    quotient.m_used = m + 1;
    quotient.trim();

    WideInteger rest;
    rest.m_overflow = m_overflow;
    for (std::size_t i = 0; i < n; ++i)
        rest.m_limbs[i] = shift == 0 ? u[i] : (u[i] >> shift) | (u[i + 1] << (64 - shift));
    rest.m_used = n;
    rest.trim();
    *this = quotient;
    return rest;
}

template class WideInteger<12>;
template class WideInteger<64>;

Wide powerOfTen(unsigned exponent)
{
    return raised(Wide::of(1), exponent);
}

Wide raised(Wide value, unsigned decimals)
{
    for (; decimals >= 19; decimals -= 19)
        value *= 10'000'000'000'000'000'000U;
    for (; decimals > 0; --decimals)
        value *= 10;
    return value;
}

std::optional<Int128> scaledHalfEven(Int128 value, const Wide &numerator, const Wide &denominator)
{
    const bool negative = value < 0;
    Wide product;
    product.addProduct(numerator, negative ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value));
    const auto result = Wide::dividedHalfEven(product, denominator).toInt128();
    if (!result)
        return std::nullopt;
    return negative ? -*result : *result;
}

} // namespace perunit
