// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace perunit {

/// Text as a spreadsheet may take it: what would become a formula (it begins with = + - @, a tab or a carriage return)
/// gets an apostrophe in front; numbers stay numbers.
std::string withoutFormula(std::string_view text);

/// One field of a CSV file: without formula, quoted where it must be.
std::string csvField(std::string_view text);

/// One cell of tab-separated text: without formula, on one line.
std::string tsvField(std::string_view text);

} // namespace perunit
