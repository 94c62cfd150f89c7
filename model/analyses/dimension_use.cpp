// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/dimension_use.h"

#include "model/dimensions/apply_dimensions.h"
#include "model/engine/harness.h"

namespace perunit {

Result<DimensionUse> dimensionUse(const RequestCosts &costs, const DimensionRules &rules, RowProgress *progress,
                                  std::stop_token stop)
{
    DimensionUse use;
    use.rules = rules;
    use.currency = costs.baseline().currency();
    const auto charges = costs.recordedCounts() ? costs.baseline().ledger().harness : nullptr;
    for (const VirtualDimension &dimension : use.rules.dimensions) {
        const VirtualRule rule(costs.workload(), dimension, use.rules);
        std::vector<CaseUse> places(dimension.cases.size() + 1);
        for (std::size_t row = costs.first(); row < costs.end(); ++row) {
            if (!goesOn(row, progress, stop))
                return stoppedByUser();
            CaseUse &place = places[rule.caseOf(row)];
            place.money += costs.money(row);
            ++place.rows;
        }
        for (std::size_t i = 0; charges && i < charges->size(); ++i) {
            CaseUse &place = places[rule.caseOf((*charges)[i])];
            place.money += amountOf((*charges)[i]).value_or(Money());
            ++place.rows;
        }
        const CaseUse otherwise = places.back();
        places.pop_back();
        use.dimensions.push_back({dimension.name, std::move(places), otherwise});
    }
    return use;
}

} // namespace perunit
