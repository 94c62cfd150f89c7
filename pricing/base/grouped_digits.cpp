// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/grouped_digits.h"

#include <algorithm>

namespace perunit {

std::string groupedDigits(std::string_view plain)
{
    const std::size_t whole = std::min(plain.find('.'), plain.size());
    std::string result;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            result += ',';
        result += plain[i];
    }
    return result;
}

std::string groupedCount(std::int64_t count)
{
    return groupedDigits(std::to_string(count));
}

} // namespace perunit
