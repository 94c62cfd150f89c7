// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

namespace perunit {

/// True when the parameter of the lever changes nothing: its neutral number, or no text.
bool isNeutral(const ParameterSpec &spec, const Lever &lever);

} // namespace perunit
