// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/source_checks.h"

#include "model/import/overlap.h"

namespace perunit {

Result<std::vector<OutcomeCheck>> sourceChecks(const WorkspaceStore &store, std::stop_token stop)
{
    const auto sources = store.sources();
    if (!sources)
        return sources.error();
    const auto overlaps = storedOverlaps(store, std::move(stop));
    if (!overlaps)
        return overlaps.error();
    OutcomeCheck twice{"Counted twice", true, ""};
    for (const Overlap &overlap : *overlaps) {
        if (!overlap.needsAnswer() && !overlap.kept)
            continue;
        twice.ok = twice.ok && overlap.kept;
        twice.detail += (twice.detail.empty() ? "" : "; ") + overlap.text() + (overlap.kept ? ", kept on purpose" : "");
    }
    if (twice.detail.empty())
        twice.detail = "no two sources cover the same money";
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
