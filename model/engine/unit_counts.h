// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline_impl.h"

#include <stop_token>

namespace perunit {

/// How many units of a denominator the baseline period holds, in total and by calendar month. Distinct
/// values are counted once in the total, even when they occur in several months. Kept by the baseline.
Result<std::shared_ptr<const UnitCounts>> countUnits(const Baseline::Impl &baseline, const EconomicUnit &unit,
                                                     std::stop_token stop);

/// What the counts of a unit are kept under: units that count alike share them.
std::string unitCountKey(const EconomicUnit &unit);

/// Rows of the period that a scope speaks of, one flag per row from Profile::firstRow; dimensions that name
/// single units are understood here too.
std::vector<char> rowsMatching(const Baseline::Impl &baseline, const Scope &scope);

/// Whether a scope names only dimensions that segments know, so that scenarios can follow it.
bool isSegmentScope(const Scope &scope);

} // namespace perunit
