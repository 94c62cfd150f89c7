// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/repeated_numbers.h"

#include <algorithm>

namespace perunit {

void RepeatedNumbers::add(const RepeatedNumbers &others)
{
    for (std::size_t i = 0; i < m_shares.size(); ++i)
        m_shares[i].insert(m_shares[i].end(), others.m_shares[i].begin(), others.m_shares[i].end());
}

bool RepeatedNumbers::anyRepeats() const
{
    std::vector<std::uint64_t> sorted;
    return std::any_of(m_shares.begin(), m_shares.end(), [&sorted](const std::vector<std::uint64_t> &share) {
        sorted = share;
        std::sort(sorted.begin(), sorted.end());
        return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
    });
}

} // namespace perunit
