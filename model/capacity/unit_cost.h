// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/money/money.h"

#include <cstdint>
#include <vector>

namespace perunit {

/// What reserved units cost over a horizon: for every part (a month) units × femto ÷ divisor, rounded once half to
/// even, as the engine charges a month; and an amount that does not depend on how many there are.
struct UnitCost {
    struct Part {
        Int128 femto = 0; ///< of one unit, × divisor
        Int128 divisor = 1;
    };
    std::vector<Part> parts;
    Femto once; ///< for any number of units above 0: people who run an endpoint

    [[nodiscard]] Femto of(std::int64_t units) const;
    /// The same in 10^-24 of the currency, every part rounded down there: for comparisons.
    [[nodiscard]] Int128 exact(std::int64_t units) const;
};

/// The sizes that can be bought: 0 and minimum + k × step (levers.md §2.2).
struct SizeGrid {
    std::int64_t minimum = 1;
    std::int64_t step = 1;

    [[nodiscard]] bool contains(std::int64_t units) const;
    /// The smallest size of at least numerator / denominator units; never 0.
    [[nodiscard]] std::int64_t atLeast(Int128 numerator, Int128 denominator) const;
    /// The largest size below `units`; 0 below the minimum.
    [[nodiscard]] std::int64_t below(std::int64_t units) const;
    /// The next size above.
    [[nodiscard]] std::int64_t above(std::int64_t units) const;
};

} // namespace perunit
