// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/lever_names.h"

#include <algorithm>

namespace perunit {

std::string distinction(const Scope &own, const std::vector<const Scope *> &ofKind)
{
    std::string result;
    for (const auto &condition : own.conditions) {
        const bool shared = std::all_of(ofKind.begin(), ofKind.end(), [&](const Scope *other) {
            const auto found = other->conditions.find(condition.first);
            return found != other->conditions.end() && found->second == condition.second;
        });
        if (shared)
            continue;
        for (const std::string &value : condition.second)
            result += (result.empty() ? "" : ", ") + value;
    }
    return result;
}

} // namespace perunit
