// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

#include <string>

namespace perunit {

/// True when the parameter of the lever changes nothing: its neutral number, or no text.
bool isNeutral(const ParameterSpec &spec, const Lever &lever);

/// How units are sized: their number is written as "180 PTU" or "as many as cost least", which says it.
bool isSaidByUnits(const ParameterSpec &spec);

/// "Routing", or "Routing 2" for the lever "routing-2": what tells two levers of one kind apart.
std::string leverTitle(const Lever &lever);

} // namespace perunit
