// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <vector>

namespace perunit {

/// What a list of named things becomes when we turn `before` into `after` while others may have turned it into
/// `present`. Ours goes before theirs where both changed the same thing; what others added stands in front of what we
/// added, as if they had been first. `nameOf` tells which things are the same.
template <typename Thing, typename NameOf>
std::vector<Thing> merged(const std::vector<Thing> &before, const std::vector<Thing> &after,
                          const std::vector<Thing> &present, const NameOf &nameOf)
{
    const auto find = [&nameOf](const std::vector<Thing> &things, const Thing &like) -> const Thing * {
        const auto found =
            std::find_if(things.begin(), things.end(), [&](const Thing &each) { return nameOf(each) == nameOf(like); });
        return found == things.end() ? nullptr : &*found;
    };
    std::vector<Thing> result;
    bool addedTheirs = false;
    const auto addTheirs = [&] {
        for (const Thing &theirs : present) {
            if (!addedTheirs && !find(before, theirs) && !find(after, theirs))
                result.push_back(theirs);
        }
        addedTheirs = true;
    };
    for (const Thing &ours : after) {
        const Thing *old = find(before, ours);
        const Thing *theirs = find(present, ours);
        if (!old)
            addTheirs();
        if (!old || !(*old == ours))
            result.push_back(ours);
        else if (theirs)
            result.push_back(*theirs);
    }
    addTheirs();
    return result;
}

} // namespace perunit
