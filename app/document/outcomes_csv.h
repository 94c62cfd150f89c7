// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/outcome.h"

#include <string>
#include <vector>

namespace perunit {

/// All figures of the outcomes as CSV (RFC 4180), one value a line with columns scenario, measure, by, key, month,
/// value, unit, so that any spreadsheet can pivot it. Exact amounts; an unknown value is empty, never 0.
std::string outcomesAsCsv(const std::vector<Outcome> &outcomes);

} // namespace perunit
