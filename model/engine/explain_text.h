// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/explain.h"

#include <string>

namespace perunit {

/// The formula of a figure with its numbers put in, for people.
std::string formulaOf(const Explanation &explanation);
/// How units are counted: "distinct values of session".
std::string countedText(const EconomicUnit &unit);
/// "3.75 per million", "0.26 for a month".
std::string priceText(const PriceEntry &price);
/// Decimal text per million of a price for one.
std::string perMillionText(Int128 femto);

} // namespace perunit
