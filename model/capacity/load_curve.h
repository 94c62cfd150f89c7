// SPDX-License-Identifier: GPL-3.0-or-later
// The load of a horizon, sorted once, so that every size of a reservation is answered at once (levers.md §2.4, §2.5).
#pragma once

#include "pricing/base/int128.h"
#include "pricing/base/result.h"
#include "pricing/money/money.h"

#include <cstdint>
#include <vector>

namespace perunit {

/// Loads are whole numbers of this many parts of a token: millionths for the weights, thirds so that a minute can be
/// divided into seconds.
inline constexpr std::int64_t loadPartsPerToken = 3'000'000;

/// What arrived in one minute (or another bin of time).
struct LoadBin {
    std::int64_t load = 0; ///< input-equivalent tokens × loadPartsPerToken
    Int128 cost = 0;       ///< of the same requests at pay-as-you-go, in 10^-24 of the currency
};

/// Everything that arrives over a horizon. Bins without any request may be left out.
struct LoadOfHorizon {
    std::vector<LoadBin> bins;
    std::int64_t binCount = 0;        ///< bins of the horizon, empty ones included
    std::int64_t capacityPerUnit = 0; ///< load parts that one unit serves in a bin
    /// Requests that no size can serve (their prompt is too long): pay-as-you-go whatever is reserved.
    Int128 neverServedCost = 0;
    Int128 neverServedLoad = 0;
};

/// What a number of units does with the load.
struct LoadAtSize {
    std::int64_t units = 0;
    Femto spillCost;                 ///< pay-as-you-go for what the units could not serve
    PartsPerMillion spillShare = 0;  ///< of the load, requests that no size can serve included
    PartsPerMillion utilisation = 0; ///< served load ÷ capacity of the horizon
    Int128 servedLoad = 0;           ///< load parts, rounded down
    bool operator==(const LoadAtSize &) const = default;
};

/// The load-duration curve with running sums: cost(N) = price × N + Σ cost × max(0, 1 - N K / load). Convex and
/// piecewise linear on N > 0. Exact sums of rationals to 2^-100 of the dearest bin, rounded once, half to even, to a
/// femto-unit. Immutable.
class LoadCurve
{
public:
    LoadCurve() = default;
    /// Sorts the bins. Errors: BadInput for a negative load or cost or a capacity below 1, Overflow for a load that is
    /// too large to be summed.
    static Result<LoadCurve> make(LoadOfHorizon load);

    /// No units at all: everything at pay-as-you-go.
    [[nodiscard]] Femto payAsYouGo() const;
    /// Cost of bins that have a price but no load: a deployment serves them for nothing, so that they count only at 0.
    [[nodiscard]] Femto freeWithUnits() const;
    /// Pay-as-you-go cost of what `units` do not serve. Of 0 units: payAsYouGo().
    [[nodiscard]] Femto spillCost(std::int64_t units) const;
    [[nodiscard]] LoadAtSize at(std::int64_t units) const;
    /// The same without the last rounding, in 10^-24 of the currency: for comparisons.
    [[nodiscard]] Int128 exactSpillCost(std::int64_t units) const;

    /// Bins with a load above zero, largest first: the load-duration curve.
    [[nodiscard]] const std::vector<std::int64_t> &loads() const { return m_loads; }
    [[nodiscard]] std::int64_t binCount() const { return m_binCount; }
    [[nodiscard]] std::int64_t capacityPerUnit() const { return m_capacityPerUnit; }
    /// Sum of all loads that units could serve, in load parts.
    [[nodiscard]] Int128 load() const { return m_load; }
    [[nodiscard]] Int128 neverServedLoad() const { return m_neverServedLoad; }
    /// The smallest load that at least `share` of the bins do not exceed (nearest rank); 950'000 is P95. Empty bins
    /// count as loads of 0 unless `onlyBusyBins`.
    [[nodiscard]] std::int64_t quantile(PartsPerMillion share, bool onlyBusyBins) const;
    [[nodiscard]] std::int64_t peak() const { return m_loads.empty() ? 0 : m_loads.front(); }
    /// Load of an average bin, rounded up.
    [[nodiscard]] std::int64_t mean(bool onlyBusyBins) const;
    /// How many bins have a load above a capacity.
    [[nodiscard]] std::size_t binsAbove(Int128 capacity) const;

private:
    /// What has to be known of all bins before they are sorted.
    struct Survey {
        std::size_t loadedBins = 0;
        std::int64_t largestLoad = 0;
        Int128 dearest = 0;
        double highestRate = 0; ///< about
    };
    /// How a rate, cost ÷ load, becomes a whole number with as many binary places as fit.
    struct RateScale {
        unsigned costShift = 0; ///< the upper bits of a cost, without these, fit into 62 bits
        unsigned quotientShift = 0;
        double upperScale = 1; ///< 2^quotientShift
        double lowerScale = 1; ///< the same for what costShift leaves
        static RateScale of(const Survey &survey);
        [[nodiscard]] UInt128 rateOf(Int128 cost, std::int64_t load) const;
    };
    /// Sums over the largest bins.
    struct Sums {
        Int128 cost = 0;
        UInt128 rate = 0;
        Int128 load = 0;
        void add(const LoadBin &bin, const RateScale &scale);
    };
    Result<Survey> survey();
    void sortBins(const Survey &survey);
    template <typename Key>
    void takeOver(const std::vector<Key> &keys);
    [[nodiscard]] Sums sumsOf(std::size_t bins) const;

    std::vector<LoadBin> m_bins; ///< as they came
    std::vector<std::int64_t> m_loads;
    std::vector<std::uint32_t> m_order; ///< which bin each of these loads is
    std::vector<Sums> m_sums;           ///< before every so many loads
    std::int64_t m_binCount = 0;
    std::int64_t m_capacityPerUnit = 1;
    Int128 m_cost = 0; ///< of all bins with a load
    Int128 m_freeCost = 0;
    Int128 m_neverServedCost = 0;
    Int128 m_neverServedLoad = 0;
    Int128 m_load = 0;
    RateScale m_scale;
};

} // namespace perunit
