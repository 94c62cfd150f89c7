// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/row_progress.h"
#include "pricing/base/int128.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace perunit {

/// Places 0 … n-1 in the order of their keys: stable, and stopped within milliseconds, which std::sort cannot be. Sorts
/// by the bytes in which the keys differ. No value: stopped.
template <typename Key>
std::optional<std::vector<std::uint32_t>> orderOfKeys(const std::vector<Key> &keys, RowProgress *progress,
                                                      const std::stop_token &stop)
{
    std::vector<std::uint32_t> order(keys.size());
    Key differing = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        order[i] = static_cast<std::uint32_t>(i);
        differing |= keys[i] ^ keys[0];
    }
    std::vector<std::uint32_t> next(keys.size());
    for (std::size_t shift = 0; shift < sizeof(Key) * 8; shift += 8) {
        if ((differing >> shift & 0xff) == 0)
            continue;
        std::array<std::size_t, 257> starts{};
        for (const Key key : keys)
            ++starts[static_cast<std::size_t>(key >> shift & 0xff) + 1];
        for (std::size_t i = 1; i < starts.size(); ++i)
            starts[i] += starts[i - 1];
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (!goesOn(i, progress, stop))
                return std::nullopt;
            next[starts[static_cast<std::size_t>(keys[order[i]] >> shift & 0xff)]++] = order[i];
        }
        order.swap(next);
    }
    return order;
}

/// A number as an unsigned key of the same order; the opposite order when falling. What is not known (no value) gets
/// the largest key in both directions.
constexpr std::uint64_t sortKey(std::optional<std::int64_t> number, bool falling)
{
    constexpr std::uint64_t signBit = std::uint64_t{1} << 63;
    if (!number)
        return ~std::uint64_t{0};
    const std::uint64_t key = static_cast<std::uint64_t>(*number) ^ signBit;
    // No count, time or rank comes near the ends, so that the largest key stays free.
    return falling ? ~key : key;
}

/// The same for amounts.
constexpr UInt128 sortKey(std::optional<Int128> amount, bool falling)
{
    constexpr UInt128 signBit = static_cast<UInt128>(1) << 127;
    if (!amount)
        return ~static_cast<UInt128>(0);
    const UInt128 key = static_cast<UInt128>(*amount) ^ signBit;
    return falling ? ~key : key;
}

} // namespace perunit
