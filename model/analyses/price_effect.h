// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/traffic.h"

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What other prices would make of the traffic of a ledger: all of it at the prices of one instant, before and after.
struct PriceEffect {
    /// One model name as recorded.
    struct Line {
        std::string provider;
        std::string recorded;
        ModelMatch matchBefore;
        ModelMatch matchAfter;
        std::int64_t requests = 0;
        std::int64_t tokens = 0;
        TrafficCost before;
        TrafficCost after;
    };
    std::string currency;
    Period period; ///< of the requests
    Instant at;    ///< whose prices
    TrafficCost before;
    TrafficCost after;
    std::vector<Line> lines; ///< largest change first
    /// The prices of the book after that would change, by any request's model, tier and class.
    [[nodiscard]] bool changesNothing() const;
};

/// Prices every request of the period at the prices that hold at `at` in two books. The hour of the week of each
/// request is kept where prices depend on it. Errors: Cancelled, Overflow.
Result<PriceEffect> priceEffect(const Workload &workload, const PriceBook &before, const PriceBook &after,
                                Period period, Instant at, std::stop_token stop);

} // namespace perunit
