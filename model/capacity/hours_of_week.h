// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/capacity/capacity_study.h"
#include "model/engine/pool_traffic.h"

#include <cstddef>
#include <cstdint>

namespace perunit {

inline constexpr std::size_t hoursOfWeek = 168;

/// The hour of the week of an instant: Monday 00:00 UTC is 0.
std::size_t hourOfWeek(std::int64_t micros);

/// Moves what arrives while the replicas do not run to where nothing serves it. Days count from Monday, the hours of a
/// day from the endpoint's first; none run beyond midnight.
void closeOutsideHours(const CapacityQuestion::Endpoint &endpoint, PoolTraffic &traffic);

} // namespace perunit
