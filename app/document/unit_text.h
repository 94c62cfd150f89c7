// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/units/economic_unit.h"

#include <string>

namespace perunit {

/// What a unit's cost is made of, in words: "inference + harness where workload = support-chatbot".
std::string numeratorText(const EconomicUnit &unit);
/// What it is divided by: "distinct session", "requests", "outcome contracts_reviewed".
std::string denominatorText(const EconomicUnit &unit);

} // namespace perunit
