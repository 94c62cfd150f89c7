// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dimensions/dimension_rules.h"
#include "model/workload/workload.h"

#include <cstdint>
#include <string>
#include <vector>

namespace perunit {

/// What happened to a workload or to charges.
struct DimensionReport {
    /// Rows on which two tags that mean the same had different values; the first one counts.
    std::int64_t conflicts = 0;
    std::string conflictExample; ///< "team: 'cx' and 'support'"
};

/// Brings tags that mean the same together (also those that differ only in case and punctuation: the first spelling
/// stays), replaces spellings of values, fills dimensions from tags, and adds the virtual dimensions: columns of the
/// workload, ChargeRow::virtualDimensions of charges. Rows keep their order and number.
DimensionReport applyDimensions(Workload &workload, const std::vector<std::vector<ChargeRow> *> &charges,
                                const DimensionRules &rules);

} // namespace perunit
