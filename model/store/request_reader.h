// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/store/sqlite.h"
#include "model/workload/workload.h"

#include <optional>
#include <stop_token>

namespace perunit {

/// All requests of one source. Chunks are fetched by the calling thread and unpacked by all processors straight into
/// the columns of a workload. `seal` is what the seals of its pieces add up to (sealOfPiece), if that is known. Errors:
/// BadInput for damaged or missing rows, Io, Cancelled.
Result<RequestColumns> readRequests(const Database &database, std::int64_t sourceId, std::size_t rowCount,
                                    const std::optional<std::int64_t> &seal, const std::stop_token &stop);

} // namespace perunit
