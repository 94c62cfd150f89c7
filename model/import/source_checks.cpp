// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/source_checks.h"

#include "model/import/overlap.h"

#include <algorithm>

namespace perunit {

namespace {

/// Overlaps that a check names one by one.
constexpr std::size_t mostNamed = 5;

} // namespace

Result<std::vector<OutcomeCheck>> sourceChecks(const WorkspaceStore &store, std::stop_token stop)
{
    const auto sources = store.sources();
    if (!sources)
        return sources.error();
    const auto overlaps = storedOverlaps(store, std::move(stop));
    if (!overlaps)
        return overlaps.error();
    OutcomeCheck twice{"Counted twice", true, "no two sources cover the same money"};
    std::vector<const Overlap *> found;
    for (const Overlap &overlap : *overlaps) {
        if (overlap.needsAnswer() || overlap.kept)
            found.push_back(&overlap);
    }
    // What nobody has answered stands first, because a long list is cut.
    const auto answered =
        std::stable_partition(found.begin(), found.end(), [](const auto *each) { return !each->kept; });
    twice.ok = answered == found.begin();
    for (std::size_t i = 0; i < found.size() && i < mostNamed; ++i)
        twice.detail =
            (i == 0 ? "" : twice.detail + "; ") + found[i]->text() + (found[i]->kept ? ", kept on purpose" : "");
    if (found.size() > mostNamed)
        twice.detail += "; and " + std::to_string(found.size() - mostNamed) + " more pairs of sources";
    OutcomeCheck whole{"Undamaged sources", true, ""};
    for (const Source &source : *sources) {
        if (source.damage.empty())
            continue;
        whole.ok = false;
        whole.detail += (whole.detail.empty() ? "" : "; ") + source.file + " is damaged and left out";
    }
    if (whole.ok)
        whole.detail = "every source fits its checksum";
    return std::vector<OutcomeCheck>{std::move(twice), std::move(whole)};
}

} // namespace perunit
