// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/unit_text.h"

namespace perunit {

std::string numeratorText(const EconomicUnit &unit)
{
    std::string parts;
    if (unit.inference)
        parts = "inference";
    if (unit.harness)
        parts += parts.empty() ? "harness" : " + harness";
    return parts + " where " + unit.scope.text();
}

std::string denominatorText(const EconomicUnit &unit)
{
    switch (unit.denominator.kind) {
    case UnitDenominator::Kind::DistinctValues:
        return "distinct " + unit.denominator.name;
    case UnitDenominator::Kind::Requests:
        return "requests";
    case UnitDenominator::Kind::Outcome:
        return "outcome " + unit.denominator.name;
    }
    return {};
}

} // namespace perunit
