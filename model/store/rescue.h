// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <string>
#include <vector>

namespace perunit {

/// What came out of a damaged workspace, one line for people each.
struct Rescue {
    std::vector<std::string> saved;
    std::vector<std::string> lost;
};

/// Copies what is still good in a workspace into a new one: every source and every document that fits its seal. The
/// damaged file is not changed. Errors: Conflict when the new file exists, those of opening and of writing.
Result<Rescue> rescueWorkspace(const std::string &damaged, const std::string &rescued);

} // namespace perunit
