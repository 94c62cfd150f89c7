// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"
#include "pricing/base/result.h"
#include "pricing/money/money.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// How the number of units is found.
struct UnitDenominator {
    enum class Kind : std::uint8_t {
        DistinctValues, ///< distinct values of a dimension: sessions, documents, "tag:contract"
        Requests,       ///< number of requests in scope
        Outcome         ///< sum of an imported outcome series
    };
    Kind kind = Kind::DistinctValues;
    std::string name; ///< the dimension, or the metric of the series
    bool operator==(const UnitDenominator &) const = default;
};

/// What one conversation, document or contract is, and which cost belongs to it (model.md §4).
struct EconomicUnit {
    std::string name;      ///< "conversation"; what one unit is called
    Scope scope;           ///< which requests and harness charges count
    bool inference = true; ///< everything that requests cost: tokens, lookups, reserved units
    bool training = true;
    bool humanReview = true;
    bool harness = true;
    UnitDenominator denominator;
    std::optional<Money> value;            ///< what one unit earns, if known
    std::optional<Money> humanAlternative; ///< what one unit costs without AI, if known
    std::string note;
    bool operator==(const EconomicUnit &) const = default;
};

std::string writeUnit(const EconomicUnit &unit);
Result<EconomicUnit> readUnit(std::string_view json, std::string_view where);

} // namespace perunit
