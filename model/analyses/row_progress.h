// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/error.h"

#include <atomic>
#include <cstdint>
#include <stop_token>

namespace perunit {

/// How far a job over rows is; written by the job, read by whoever shows it.
struct RowProgress {
    std::atomic<std::int64_t> done{0};
    std::atomic<std::int64_t> total{0};
};

/// Rows between two looks at the stop token.
inline constexpr std::size_t rowsPerLook = 65'536;

/// Reports a row of a loop to the progress (may be null); false when the job has to end.
inline bool goesOn(std::size_t row, RowProgress *progress, const std::stop_token &stop)
{
    if (row % rowsPerLook != 0)
        return true;
    if (progress)
        progress->done.fetch_add(static_cast<std::int64_t>(rowsPerLook), std::memory_order_relaxed);
    return !stop.stop_requested();
}

inline Error stoppedByUser()
{
    return {ErrorCode::Cancelled, "stopped", "", ""};
}

} // namespace perunit
