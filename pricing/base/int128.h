// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace perunit {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

} // namespace perunit
