// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace perunit {

/// Thousands separators in the whole part of plain decimal text without a sign: "1,234.5678".
std::string groupedDigits(std::string_view plain);
/// All digits of a count that is not negative, with separators: "3,214,567".
std::string groupedCount(std::int64_t count);

} // namespace perunit
