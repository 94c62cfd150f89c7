// SPDX-License-Identifier: GPL-3.0-or-later
// Request by request what provisioned units admit (levers.md §2.3).
#pragma once

#include "model/capacity/load_curve.h"

#include <cstdint>
#include <vector>

namespace perunit {

/// One request as a deployment sees it.
struct ArrivingRequest {
    std::int64_t time = 0;     ///< microseconds
    std::int64_t finished = 0; ///< microseconds; when the estimate is replaced by what it took
    std::int64_t load = 0;     ///< load parts
    std::int64_t estimate = 0; ///< load parts that are held while it runs
    Int128 cost = 0;           ///< at pay-as-you-go, in 10^-24 of the currency
};

/// How units admit requests.
enum class Admission : std::uint8_t {
    LeakyBucket, ///< admitted while the bucket is below its depth (Azure)
    FixedWindow  ///< admitted when the estimate fits into what is left of a clock-aligned window (Google)
};

struct BucketRule {
    Admission admission = Admission::LeakyBucket;
    std::int64_t partsPerMinute = 0; ///< load parts that one unit serves in a minute
    int depthSeconds = 60;           ///< of the bucket, or length of the window
};

/// What the units admitted of a list of requests.
struct BucketOutcome {
    Int128 load = 0;
    Int128 spilledLoad = 0;
    Femto spillCost;
    std::int64_t requests = 0;
    std::int64_t spilledRequests = 0;
    std::int64_t longestRetrySeconds = 0; ///< longest wait that a refused request is told, rounded up
    [[nodiscard]] PartsPerMillion spillShare() const;
};

/// Runs requests, in order of time, through `units`. With 0 units everything spills. O(n log n).
BucketOutcome runBucket(const std::vector<ArrivingRequest> &requests, const BucketRule &rule, std::int64_t units);

/// Seconds of the window of a Google reservation of a size: 40 to 120 up to 3 units, 5 to 30, 1 to 5 from 50 units on.
/// The longest and the shortest of the documented range.
struct WindowRange {
    int shortest = 1;
    int longest = 60;
};
WindowRange windowOf(std::int64_t units);

} // namespace perunit
