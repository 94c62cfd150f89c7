// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace perunit {

/// Numbers of which somebody wants to know whether any comes again; eight bytes each.
class RepeatedNumbers
{
public:
    void add(std::uint64_t number) { m_numbers.push_back(number); }
    void add(const RepeatedNumbers &others)
    {
        m_numbers.insert(m_numbers.end(), others.m_numbers.begin(), others.m_numbers.end());
    }
    /// The numbers must be spread evenly, as fingerprints are.
    [[nodiscard]] bool anyRepeats() const;

private:
    std::vector<std::uint64_t> m_numbers;
};

} // namespace perunit
