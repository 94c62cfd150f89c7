// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// UTF-8 text without the difference between capitals and small letters: Latin, Greek and Cyrillic.
std::string foldedText(std::string_view text);

/// The folded words of what somebody searches for.
std::vector<std::string> searchWords(std::string_view text);

/// Folded text before other folded text as people sort names: 9 before 10.
bool comesBefore(std::string_view foldedA, std::string_view foldedB);

} // namespace perunit
