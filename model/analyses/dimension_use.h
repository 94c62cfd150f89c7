// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/request_costs.h"
#include "model/dimensions/dimension_rules.h"

#include <string>
#include <vector>

namespace perunit {

/// What a rule of a virtual dimension catches.
struct CaseUse {
    Money money; ///< of requests (recorded, else priced) and harness charges
    std::int64_t rows = 0;
    bool operator==(const CaseUse &) const = default;
};

/// The virtual dimensions of a ledger with what each of their cases catches. Only the first case that fits a row has
/// it.
struct DimensionUse {
    struct Virtual {
        std::string name;
        std::vector<CaseUse> cases; ///< in their order
        CaseUse otherwise;          ///< what falls through
    };
    DimensionRules rules; ///< that were asked
    std::string currency;
    std::vector<Virtual> dimensions; ///< in the order of the rules
};

/// Errors: Cancelled.
Result<DimensionUse> dimensionUse(const RequestCosts &costs, const DimensionRules &rules, RowProgress *progress,
                                  std::stop_token stop);

} // namespace perunit
