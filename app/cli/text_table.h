// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace perunit {

/// Columns of text for a terminal; columns named in `right` are right-aligned. The first row is the header.
std::string textTable(const std::vector<std::vector<std::string>> &rows, const std::vector<bool> &right);

} // namespace perunit
