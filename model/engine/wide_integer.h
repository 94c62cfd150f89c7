// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/int128.h"

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace perunit {

/// An exact unsigned integer of a fixed number of 64-bit limbs. A result that does not fit marks the
/// value as overflowed for ever; toInt128() then has no value, so that no wrong number can leave.
/// Only the limbs in use are visited: small values cost what small values should cost.
template <std::size_t Limbs>
class WideInteger
{
public:
    WideInteger() = default;
    static WideInteger of(UInt128 value)
    {
        WideInteger result;
        result.m_limbs[0] = static_cast<std::uint64_t>(value);
        result.m_limbs[1] = static_cast<std::uint64_t>(value >> 64);
        result.m_used = result.m_limbs[1] != 0 ? 2 : result.m_limbs[0] != 0 ? 1 : 0;
        return result;
    }

    [[nodiscard]] bool isZero() const { return m_used == 0; }
    [[nodiscard]] bool overflowed() const { return m_overflow; }
    [[nodiscard]] bool isOdd() const { return (m_limbs[0] & 1U) != 0; }
    [[nodiscard]] std::size_t bitLength() const
    {
        return m_used == 0 ? 0 : m_used * 64 - static_cast<std::size_t>(std::countl_zero(m_limbs[m_used - 1]));
    }
    /// The value, when it is below 2^127.
    [[nodiscard]] std::optional<Int128> toInt128() const
    {
        if (m_overflow || bitLength() > 127)
            return std::nullopt;
        return static_cast<Int128>(low128());
    }

    WideInteger &operator+=(const WideInteger &other)
    {
        m_overflow = m_overflow || other.m_overflow;
        std::uint64_t carry = 0;
        const std::size_t common = std::max(m_used, other.m_used);
        for (std::size_t i = 0; i < common; ++i)
            carry = put(i, static_cast<UInt128>(m_limbs[i]) + other.m_limbs[i] + carry);
        carryInto(common, carry);
        return *this;
    }
    /// The other value must not be larger.
    WideInteger &operator-=(const WideInteger &other)
    {
        m_overflow = m_overflow || other.m_overflow;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < m_used; ++i) {
            const UInt128 result = static_cast<UInt128>(m_limbs[i]) - other.m_limbs[i] - borrow;
            m_limbs[i] = static_cast<std::uint64_t>(result);
            borrow = static_cast<std::uint64_t>(result >> 64) != 0 ? 1 : 0;
        }
        trim();
        return *this;
    }
    WideInteger &operator*=(std::uint64_t factor)
    {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < m_used; ++i)
            carry = put(i, static_cast<UInt128>(m_limbs[i]) * factor + carry);
        carryInto(m_used, carry);
        trim();
        return *this;
    }
    /// this += a * b.
    void addProduct(const WideInteger &a, UInt128 b)
    {
        m_overflow = m_overflow || a.m_overflow;
        addShifted(a, static_cast<std::uint64_t>(b), 0);
        addShifted(a, static_cast<std::uint64_t>(b >> 64), 1);
    }

    friend std::strong_ordering operator<=>(const WideInteger &a, const WideInteger &b)
    {
        if (a.m_used != b.m_used)
            return a.m_used <=> b.m_used;
        for (std::size_t i = a.m_used; i-- > 0;) {
            if (a.m_limbs[i] != b.m_limbs[i])
                return a.m_limbs[i] <=> b.m_limbs[i];
        }
        return std::strong_ordering::equal;
    }
    friend bool operator==(const WideInteger &a, const WideInteger &b) { return (a <=> b) == 0; }

    /// Divides by a non-zero limb and returns the remainder.
    std::uint64_t divideBy(std::uint64_t divisor)
    {
        UInt128 rest = 0;
        for (std::size_t i = m_used; i-- > 0;) {
            rest = rest << 64 | m_limbs[i];
            m_limbs[i] = static_cast<std::uint64_t>(rest / divisor);
            rest %= divisor;
        }
        trim();
        return static_cast<std::uint64_t>(rest);
    }
    /// Divides by a non-zero value and returns the remainder; this becomes the quotient, rounded down.
    WideInteger divideBy(const WideInteger &divisor);

    /// numerator / divisor, rounded half to even; the divisor must not be zero.
    static WideInteger dividedHalfEven(WideInteger numerator, const WideInteger &divisor)
    {
        WideInteger rest = numerator.divideBy(divisor);
        WideInteger other = divisor;
        other -= rest;
        const std::strong_ordering half = rest <=> other;
        if (half > 0 || (half == 0 && numerator.isOdd()))
            numerator += of(1);
        return numerator;
    }

private:
    [[nodiscard]] UInt128 low128() const { return static_cast<UInt128>(m_limbs[1]) << 64 | m_limbs[0]; }
    std::uint64_t put(std::size_t limb, UInt128 value)
    {
        m_limbs[limb] = static_cast<std::uint64_t>(value);
        return static_cast<std::uint64_t>(value >> 64);
    }
    void carryInto(std::size_t limb, std::uint64_t carry)
    {
        while (carry != 0 && limb < Limbs) {
            carry = put(limb, static_cast<UInt128>(m_limbs[limb]) + carry);
            ++limb;
        }
        m_overflow = m_overflow || carry != 0;
        m_used = std::max(m_used, limb);
    }
    void trim()
    {
        while (m_used > 0 && m_limbs[m_used - 1] == 0)
            --m_used;
    }
    void addShifted(const WideInteger &a, std::uint64_t factor, std::size_t shift)
    {
        if (factor == 0 || a.m_used == 0)
            return;
        std::uint64_t carry = 0;
        std::size_t limb = shift;
        for (std::size_t i = 0; i < a.m_used; ++i, ++limb) {
            if (limb == Limbs) {
                m_overflow = true;
                return;
            }
            // (2^64-1)^2 + 2 (2^64-1) still fits into 128 bits.
            carry = put(limb, static_cast<UInt128>(a.m_limbs[i]) * factor + m_limbs[limb] + carry);
        }
        m_used = std::max(m_used, limb);
        carryInto(limb, carry);
        trim();
    }

    std::array<std::uint64_t, Limbs> m_limbs{};
    std::size_t m_used = 0;
    bool m_overflow = false;
};

extern template class WideInteger<12>;
extern template class WideInteger<64>;

/// 768 bits: products of tokens, prices and all lever factors.
using Wide = WideInteger<12>;
/// 4096 bits: a growth rate compounded over up to `maximumGrowthMonths` months.
using VeryWide = WideInteger<64>;

/// 10 to the power of `exponent`, up to 10^231.
Wide powerOfTen(unsigned exponent);

/// value × 10^decimals.
Wide raised(Wide value, unsigned decimals);

/// value × numerator / denominator for a value of either sign, rounded half to even; no value when it does not fit.
std::optional<Int128> scaledHalfEven(Int128 value, const Wide &numerator, const Wide &denominator);

} // namespace perunit
