// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/decimal.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace perunit {

/// A priced amount: tokens times price, in units of 10^-15 of its currency ("femto-units").
/// Sums are exact; the currency is carried by whatever holds the amount.
class Femto
{
public:
    static constexpr int scale = 15;

    constexpr Femto() = default;
    static constexpr Femto ofUnits(Int128 units) { return Femto(units); }

    [[nodiscard]] constexpr Int128 units() const { return m_units; }
    [[nodiscard]] constexpr bool isZero() const { return m_units == 0; }
    /// Exact decimal text, the form used in `--json` and in files.
    [[nodiscard]] std::string text() const { return formatDecimal(m_units, scale); }

    constexpr Femto operator-() const { return Femto(-m_units); }
    constexpr Femto &operator+=(Femto other)
    {
        m_units += other.m_units;
        return *this;
    }
    constexpr Femto &operator-=(Femto other)
    {
        m_units -= other.m_units;
        return *this;
    }
    friend constexpr Femto operator+(Femto a, Femto b) { return Femto(a.m_units + b.m_units); }
    friend constexpr Femto operator-(Femto a, Femto b) { return Femto(a.m_units - b.m_units); }
    friend constexpr bool operator==(Femto a, Femto b) { return a.m_units == b.m_units; }
    friend constexpr std::strong_ordering operator<=>(Femto a, Femto b)
    {
        return a.m_units < b.m_units   ? std::strong_ordering::less
               : a.m_units > b.m_units ? std::strong_ordering::greater
                                       : std::strong_ordering::equal;
    }

    /// For chart coordinates and ratios only; never for money that is added up or shown as text.
    [[nodiscard]] double approximate() const { return static_cast<double>(m_units) * 1e-15; }

private:
    constexpr explicit Femto(Int128 units)
        : m_units(units)
    {}
    Int128 m_units = 0;
};

/// A billed amount in units of 10^-24 of its currency: real bills carry 24 decimals and must add up
/// to the last one. Range about +-1.7e14.
class Money
{
public:
    static constexpr int scale = 24;

    constexpr Money() = default;
    static constexpr Money ofUnits(Int128 units) { return Money(units); }
    /// Exact: every femto-unit is a whole number of money units.
    static constexpr Money of(Femto amount) { return Money(amount.units() * 1'000'000'000); }

    [[nodiscard]] constexpr Int128 units() const { return m_units; }
    [[nodiscard]] constexpr bool isZero() const { return m_units == 0; }
    [[nodiscard]] std::string text() const { return formatDecimal(m_units, scale); }
    /// Rounded once, half to even, for amounts that take part in outcomes.
    [[nodiscard]] Femto toFemto() const { return Femto::ofUnits(divideHalfEven(m_units, 1'000'000'000)); }

    constexpr Money operator-() const { return Money(-m_units); }
    constexpr Money &operator+=(Money other)
    {
        m_units += other.m_units;
        return *this;
    }
    friend constexpr Money operator+(Money a, Money b) { return Money(a.m_units + b.m_units); }
    friend constexpr Money operator-(Money a, Money b) { return Money(a.m_units - b.m_units); }
    friend constexpr bool operator==(Money a, Money b) { return a.m_units == b.m_units; }
    friend constexpr std::strong_ordering operator<=>(Money a, Money b)
    {
        return a.m_units < b.m_units   ? std::strong_ordering::less
               : a.m_units > b.m_units ? std::strong_ordering::greater
                                       : std::strong_ordering::equal;
    }
    /// For chart coordinates and ratios only.
    [[nodiscard]] double approximate() const { return static_cast<double>(m_units) * 1e-24; }

private:
    constexpr explicit Money(Int128 units)
        : m_units(units)
    {}
    Int128 m_units = 0;
};

/// Shares and factors are integers in parts per million; 1'000'000 is one.
using PartsPerMillion = std::int64_t;
inline constexpr PartsPerMillion onePpm = 1'000'000;

} // namespace perunit
