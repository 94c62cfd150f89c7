// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/int128.h"
#include "pricing/base/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace perunit {

/// What was found at one place of a range.
struct SearchedPlace {
    bool possible = false; ///< false: there is no figure here, and nothing is met
    bool meets = false;    ///< decided exactly
    Int128 gap = 0;        ///< how much is missing, negative inside; only guides the search
};

/// Looks for the places of a range, nearest first, at which something begins or ceases to hold. Responses need not be
/// monotone: the range is scanned at evenly spaced places (33 unless told) and at distances 1, 4, 16, … from the
/// beginning, dips between them are followed down, and what lies between two places that differ is halved until they
/// are neighbours. So the answer is proven by its neighbour; a range of values that is narrower than the scan and on
/// which no dip points to it can be missed.
class ParameterSearch
{
public:
    /// Errors of the probe end the search; places where there is no figure are results.
    using Probe = std::function<Result<SearchedPlace>(std::int64_t index)>;
    ParameterSearch(std::int64_t count, Probe probe, int evenParts = 32);

    /// The place, each looked at once.
    Result<SearchedPlace> at(std::int64_t index);

    /// A place, and its neighbour on the way there, at which it is not yet so.
    struct Crossing {
        std::int64_t index = 0;
        std::int64_t before = 0;
    };
    /// The nearest place beyond `from` (at which it is not so), upwards or downwards, at most `farthest` places away,
    /// at which `meets` is as wanted.
    Result<std::optional<Crossing>> nearest(std::int64_t from, bool upwards, bool wanted, std::int64_t farthest);

    /// Of the places looked at the one with the smallest gap; ties: closest to `from`. None when none is possible.
    [[nodiscard]] std::optional<std::int64_t> best(std::int64_t from) const;
    [[nodiscard]] int evaluations() const { return static_cast<int>(m_known.size()); }

private:
    Result<bool> isAsWanted(std::int64_t index, bool wanted);
    Result<Crossing> halved(std::int64_t before, std::int64_t index, bool wanted);
    Result<std::optional<std::int64_t>> followed(std::int64_t one, std::int64_t other, bool wanted);
    [[nodiscard]] bool isLower(std::int64_t a, std::int64_t b, bool wanted) const;

    std::int64_t m_count;
    Probe m_probe;
    int m_evenParts;
    std::map<std::int64_t, SearchedPlace> m_known;
};

} // namespace perunit
