// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace perunit {

/// Numbers of which somebody wants to know whether any comes again; eight bytes each. They must be spread evenly, as
/// fingerprints are: they are kept in shares that are looked at one after the other.
class RepeatedNumbers
{
public:
    void add(std::uint64_t number) { m_shares[number >> shift].push_back(number); }
    void add(const RepeatedNumbers &others);
    [[nodiscard]] bool anyRepeats() const;

private:
    static constexpr unsigned shareBits = 8;
    static constexpr unsigned shift = 64 - shareBits;
    std::array<std::vector<std::uint64_t>, std::size_t{1} << shareBits> m_shares;
};

} // namespace perunit
