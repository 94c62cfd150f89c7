// SPDX-License-Identifier: GPL-3.0-or-later
// Small helpers for exact weights that may need more than 128 bits.
#pragma once

#include "model/engine/wide_integer.h"

namespace perunit {

/// Bits of a value of at least 0.
std::size_t bitsOf(Int128 value);
/// The value of a number that is known to fit into 127 bits.
UInt128 smallOf(const Wide &value);

} // namespace perunit
