// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/pool_run.h"

#include <array>
#include <vector>

namespace perunit {

/// By place in m_classes: money of one after all levers, in 10^-24 × 2^-priceBits; 0 where it has no price or is not to
/// be charged.
struct PoolRun::Rates {
    ClassCounts<Int128> each{};
    ClassCounts<bool> priced{};
};

/// What a month knows of its streams before it fills bins.
struct PoolRun::TrafficMonth {
    /// Binary places of a price beyond 10^-24: a million tokens are then right to the last of these units.
    static constexpr unsigned priceBits = 16;
    std::vector<std::vector<Rates>> byStream; ///< then by price band
    bool first = true;                        ///< of the months: rows are counted once
    std::int64_t shift = 0;                   ///< microseconds by which requests come later than recorded

    /// Null where the model has no prices.
    [[nodiscard]] const Rates *of(const Taking &taking) const
    {
        return taking.band < 0 ? nullptr : &byStream[taking.stream][static_cast<std::size_t>(taking.band)];
    }
};

/// Fills the bins of a month. Made, used once, thrown away.
template <typename Number>
class PoolRun::Bins
{
public:
    Bins(const PoolRun &run, const TrafficWanted &wanted, const TrafficMonth &rates, PoolTraffic &result)
        : m_run(run)
        , m_wanted(wanted)
        , m_rates(rates)
        , m_result(result)
    {}
    /// Request by request, rows [first, end) of the workload.
    Status addRows(std::size_t first, std::size_t end);
    /// From what requests that cost and weigh alike use in each minute.
    Status addMinutes(const std::vector<Priced> &kinds, const MinuteSums &sums, std::uint32_t firstMinute,
                      std::uint32_t endMinute);

private:
    Status addRow(const Row &row, const Cell &cell);
    /// Where a request of the trace goes that a stream takes.
    Status addRequest(const Row &row, const Taking &taking, std::int64_t parts, Int128 cost, ArrivingRequest &request);
    Status close();

    const PoolRun &m_run;
    const TrafficWanted &m_wanted;
    const TrafficMonth &m_rates;
    PoolTraffic &m_result;
    LoadBin m_bin;
    Number m_load{};
    std::int64_t m_number = 0; ///< of the bin that is open, in bins since 1970
    bool m_any = false;        ///< something in it
};

} // namespace perunit
