// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// All names that a regular expression stands for, when it is nothing but a list of names: letters, groups,
/// alternatives and optional parts between ^ and $. A point counts as itself, as those who write model ids mean it.
/// Empty when the expression names more than a list (repetitions, classes of letters) or more than 200 names.
std::vector<std::string> namesOfExpression(std::string_view expression);

} // namespace perunit
