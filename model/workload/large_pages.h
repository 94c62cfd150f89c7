// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace perunit {

/// Tells the system that `bytes` bytes from `from` on will be filled soon and whole: where it can it hands them out in
/// large pages, which takes a fraction of the time. Without effect on small blocks and other systems.
void expectToFill(const void *from, std::size_t bytes);

} // namespace perunit
