// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"

#include <chrono>

namespace perunit {

/// The present. Only commands and pages ask for the time: the layers below take it as an argument.
inline Instant now()
{
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(sinceEpoch).count()};
}

/// Midnight of the present day, UTC.
inline Instant startOfToday()
{
    return {dayOf(now()) * microsPerDay};
}

} // namespace perunit
