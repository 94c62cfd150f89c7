// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/repeated_numbers.h"

#include <algorithm>
#include <array>

namespace perunit {

bool RepeatedNumbers::anyRepeats() const
{
    // Shares small enough for the cache of a processor are sorted one after the other.
    constexpr unsigned shareBits = 11;
    constexpr std::size_t shares = std::size_t{1} << shareBits;
    const auto shareOf = [](std::uint64_t number) {
        return static_cast<std::size_t>(number >> (64 - shareBits));
    };
    std::array<std::size_t, shares + 1> starts{};
    for (const std::uint64_t number : m_numbers)
        ++starts[shareOf(number) + 1];
    for (std::size_t i = 0; i < shares; ++i)
        starts[i + 1] += starts[i];
    std::vector<std::uint64_t> sorted(m_numbers.size());
    auto next = starts;
    for (const std::uint64_t number : m_numbers)
        sorted[next[shareOf(number)]++] = number;
    for (std::size_t i = 0; i < shares; ++i) {
        const auto from = sorted.begin() + static_cast<std::ptrdiff_t>(starts[i]);
        const auto to = sorted.begin() + static_cast<std::ptrdiff_t>(starts[i + 1]);
        std::sort(from, to);
        if (std::adjacent_find(from, to) != to)
            return true;
    }
    return false;
}

} // namespace perunit
