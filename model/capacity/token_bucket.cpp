// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/token_bucket.h"

#include <algorithm>
#include <queue>

namespace perunit {

namespace {

constexpr std::int64_t microsPerSecondHere = 1'000'000;
constexpr Int128 microsOfMinute = 60'000'000;
constexpr Int128 unitsPerFemto = 1'000'000'000;

/// An estimate that turns out wrong when its request has finished.
struct Correction {
    std::int64_t time = 0;
    Int128 amount = 0; ///< load parts, what it took minus what was held
    bool operator>(const Correction &other) const { return time > other.time; }
};

/// Load parts × microseconds of a minute, so that the drain per microsecond is a whole number.
class LeakyBucket
{
public:
    LeakyBucket(Int128 drain, int depthSeconds)
        : m_drain(drain)
        , m_depth(drain * depthSeconds * microsPerSecondHere)
    {}
    void passTo(std::int64_t time)
    {
        m_level = std::max<Int128>(0, m_level - m_drain * (time - m_time));
        m_time = time;
    }
    /// 0 when the request is admitted, else the seconds until there is room.
    std::int64_t admit(std::int64_t estimate)
    {
        if (m_level >= m_depth)
            return 1 + static_cast<std::int64_t>((m_level - m_depth) / (m_drain * microsPerSecondHere));
        m_level += estimate * microsOfMinute;
        return 0;
    }
    void correct(Int128 amount) { m_level = std::max<Int128>(0, m_level + amount * microsOfMinute); }

private:
    Int128 m_drain;
    Int128 m_depth;
    Int128 m_level = 0;
    std::int64_t m_time = 0;
};

/// A quota that begins anew with every window of the clock.
class FixedWindow
{
public:
    FixedWindow(Int128 drain, int seconds)
        : m_length(seconds * microsPerSecondHere)
        , m_quota(drain * m_length / microsOfMinute)
        , m_left(m_quota)
    {}
    void passTo(std::int64_t time)
    {
        const std::int64_t window = time / m_length - (time % m_length < 0 ? 1 : 0);
        if (window == m_window)
            return;
        m_window = window;
        m_end = (window + 1) * m_length;
        m_left = m_quota;
    }
    std::int64_t admit(std::int64_t estimate)
    {
        if (estimate > m_left)
            return m_length / microsPerSecondHere;
        m_left -= estimate;
        return 0;
    }
    void correct(Int128 amount) { m_left = std::min(m_quota, m_left - amount); }

private:
    std::int64_t m_length;
    Int128 m_quota;
    Int128 m_left;
    std::int64_t m_window = INT64_MIN;
    std::int64_t m_end = 0;
};

template <typename Bucket>
void run(const std::vector<ArrivingRequest> &requests, Bucket bucket, BucketOutcome &outcome)
{
    std::priority_queue<Correction, std::vector<Correction>, std::greater<>> running;
    Int128 spilledCost = 0;
    for (const ArrivingRequest &request : requests) {
        while (!running.empty() && running.top().time <= request.time) {
            bucket.passTo(running.top().time);
            bucket.correct(running.top().amount);
            running.pop();
        }
        bucket.passTo(request.time);
        ++outcome.requests;
        outcome.load += request.load;
        const std::int64_t wait = request.load == 0 && request.estimate == 0 ? 0 : bucket.admit(request.estimate);
        if (wait > 0) {
            ++outcome.spilledRequests;
            outcome.spilledLoad += request.load;
            spilledCost += request.cost;
            outcome.longestRetrySeconds = std::max(outcome.longestRetrySeconds, wait);
        } else if (request.estimate != request.load) {
            running.push({std::max(request.finished, request.time), Int128{request.load} - request.estimate});
        }
    }
    outcome.spillCost = Femto::ofUnits(divideHalfEven(spilledCost, unitsPerFemto));
}

} // namespace

PartsPerMillion BucketOutcome::spillShare() const
{
    return load == 0 ? 0 : static_cast<PartsPerMillion>(divideHalfEven(spilledLoad * onePpm, load));
}

BucketOutcome runBucket(const std::vector<ArrivingRequest> &requests, const BucketRule &rule, std::int64_t units)
{
    BucketOutcome outcome;
    const Int128 drain = static_cast<Int128>(units) * rule.partsPerMinute;
    if (drain <= 0) {
        Int128 cost = 0;
        for (const ArrivingRequest &request : requests) {
            outcome.load += request.load;
            cost += request.cost;
        }
        outcome.requests = outcome.spilledRequests = static_cast<std::int64_t>(requests.size());
        outcome.spilledLoad = outcome.load;
        outcome.spillCost = Femto::ofUnits(divideHalfEven(cost, unitsPerFemto));
        return outcome;
    }
    if (rule.admission == Admission::LeakyBucket)
        run(requests, LeakyBucket(drain, rule.depthSeconds), outcome);
    else
        run(requests, FixedWindow(drain, rule.depthSeconds), outcome);
    return outcome;
}

WindowRange windowOf(std::int64_t units)
{
    if (units <= 3)
        return {40, 120};
    if (units < 50)
        return {5, 30};
    return {1, 5};
}

} // namespace perunit
