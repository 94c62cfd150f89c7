// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace perunit {

/// How closely gaps between requests are told apart. Every lifetime that a coarser level knows is known to all finer
/// ones.
struct GapPrecision {
    static constexpr int bySecond = 0;
    static constexpr int widestSteps = 3; ///< from here on steps stay as they are
    static constexpr int fewLags = 4;     ///< and fewer requests back are looked at
    static constexpr int oneLag = 5;
    static constexpr std::size_t lagsWhenFew = 8;
    /// Longest gap that is looked at, in seconds.
    static constexpr std::uint32_t longest = 86'400;
    /// How many requests back are looked at when nothing stands against it.
    static constexpr std::size_t mostLags = 32;

    int level = bySecond;

    /// Seconds between the lifetimes that are told apart around `seconds` (up to `longest`).
    [[nodiscard]] std::uint32_t stepAt(std::uint32_t seconds) const;
    /// The shortest lifetime that covers a gap: a request counts as read only when it surely is.
    [[nodiscard]] std::uint32_t roundedUp(std::uint32_t seconds) const;
    /// The longest lifetime within `seconds`.
    [[nodiscard]] std::uint32_t roundedDown(std::uint32_t seconds) const;
    /// How many requests back are looked at.
    [[nodiscard]] constexpr std::size_t lags() const
    {
        return level < fewLags ? mostLags : level < oneLag ? lagsWhenFew : 1;
    }
};

/// Adds up tokens by slot, lag and gap in little memory. Gaps are kept to the second until that takes too many entries,
/// then to wider and wider steps; what comes out does not depend on the order of what goes in.
class GapStore
{
public:
    /// A gap and the tokens that it lets be read.
    struct Gap {
        std::uint32_t seconds = 0; ///< 1 to GapPrecision::longest
        std::uint64_t tokens = 0;
    };
    struct Entry {
        std::uint64_t slot = 0;
        std::size_t lag = 0;
        std::uint32_t seconds = 0;
        std::uint64_t tokens = 0;
    };
    /// Steps grow wider beyond `entries`, fewer requests back are looked at beyond six times as many.
    explicit GapStore(std::size_t entries);

    /// The gaps of one request to the one before it, the one before that, and so on; at most GapPrecision::mostLags.
    void add(std::size_t slot, const Gap *gaps, std::size_t count);
    /// By slot, lag and seconds; nothing may be added afterwards.
    std::vector<Entry> finish();
    [[nodiscard]] GapPrecision precision() const { return m_precision; }
    /// A sum has outgrown its type.
    [[nodiscard]] bool overflowed() const { return m_overflow; }

private:
    /// Slot, lag and number of the step, from 1, in one number that is never 0.
    struct Place {
        std::uint64_t key = 0;
        std::uint64_t tokens = 0;
    };
    [[nodiscard]] std::uint32_t stepOf(std::uint32_t seconds) const
    {
        return m_stepOf.empty() ? seconds : m_stepOf[seconds];
    }
    [[nodiscard]] std::uint32_t endOf(std::uint32_t step) const { return m_endOf.empty() ? step : m_endOf[step]; }
    void put(std::uint64_t key, std::uint64_t tokens);
    [[nodiscard]] bool isTooLarge() const;
    void grow();
    void losePrecision();
    void makeSteps();
    void addTo(std::uint64_t &sum, std::uint64_t tokens)
    {
        m_overflow = __builtin_add_overflow(sum, tokens, &sum) || m_overflow;
    }

    GapPrecision m_precision;
    std::size_t m_budget;
    bool m_overflow = false;
    // Where gaps are kept to wider steps than seconds; else empty.
    std::vector<std::uint32_t> m_stepOf; ///< number of the step, by seconds
    std::vector<std::uint32_t> m_endOf;  ///< seconds, by number of the step

    std::vector<Place> m_table; ///< open addressing, at most three quarters full
    std::size_t m_places = 0;   ///< in use
};

} // namespace perunit
