// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace perunit {

/// A 64-bit number that stands for a sequence of values: finds damage and equal rows, keeps no secret. Another value in
/// one place always gives another number. Stored in files: what it computes must never change.
class Fingerprint
{
public:
    Fingerprint &add(std::uint64_t value)
    {
        // Both steps can be undone, so two different values never lead to the same state.
        m_state = std::rotl(m_state ^ (value * 0x9E3779B97F4A7C15U), 27) * 0xBF58476D1CE4E5B9U + 0x94D049BB133111EBU;
        return *this;
    }
    Fingerprint &add(std::int64_t value) { return add(static_cast<std::uint64_t>(value)); }
    Fingerprint &add(std::string_view text)
    {
        add(static_cast<std::uint64_t>(text.size()));
        while (text.size() >= sizeof(std::uint64_t)) {
            add(word(text.substr(0, sizeof(std::uint64_t))));
            text.remove_prefix(sizeof(std::uint64_t));
        }
        return text.empty() ? *this : add(word(text));
    }

    [[nodiscard]] std::uint64_t value() const
    {
        std::uint64_t result = m_state;
        result = (result ^ (result >> 30)) * 0xBF58476D1CE4E5B9U;
        result = (result ^ (result >> 27)) * 0x94D049BB133111EBU;
        return result ^ (result >> 31);
    }

private:
    static std::uint64_t word(std::string_view bytes)
    {
        std::uint64_t result = 0;
        std::memcpy(&result, bytes.data(), bytes.size());
        if constexpr (std::endian::native == std::endian::big)
            result = __builtin_bswap64(result);
        return result;
    }

    std::uint64_t m_state = 0x5045525500000001U;
};

} // namespace perunit
