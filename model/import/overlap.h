// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/importer.h"
#include "model/store/workspace_store.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What one request costs, in the currency of the figures; nothing when it has no price.
using RequestCost = std::function<std::optional<Money>(const RequestRow &row)>;

/// One of two sources, in the part of it that the other one speaks of as well: same time, same provider, account,
/// workload and so on, as far as both say.
struct OverlapSide {
    std::int64_t sourceId = 0; ///< 0: not imported
    std::string file;
    std::int64_t rows = 0;   ///< of the common part
    CostTotal cost;          ///< of those rows: billed, or priced where the rows are usage
    CostTotal wholeCost;     ///< of all rows of the source
    std::int64_t tokens = 0; ///< of those rows
};

/// Two sources of one role that may count the same money twice.
struct Overlap {
    SourceRole role = SourceRole::Usage;
    bool bills = false; ///< both are bills
    Period period;      ///< in which both have rows
    OverlapSide known;  ///< the one that was there first
    OverlapSide fresh;
    /// Rows that are on both sides to the last field, each counted as often as it occurs on both.
    std::int64_t sameRows = 0;
    /// Rows about the same request, charge or count on both sides, whatever else they say about it.
    std::int64_t sameEvents = 0;
    bool covers = false; ///< one side covers the whole period of the other, in the same format: an export made again
    bool kept = false;   ///< the user wants both

    /// Whether anything is common at all.
    [[nodiscard]] bool exists() const { return known.rows > 0 && fresh.rows > 0; }
    /// Whether the money may be counted twice, so that somebody has to say what is meant.
    [[nodiscard]] bool needsAnswer() const;
    /// "'may.csv' and 'may-2.csv' both cover 2026-05-03 to 2026-05-09: 120 rows are the same."
    [[nodiscard]] std::string text() const;
};

/// Active sources that share their period with, and are added up with, one that is to be imported, the older first.
std::vector<Source> overlapCandidates(const std::vector<Source> &sources, const Source &fresh);

/// Compares a file that is about to be imported, as `preview` read it, with what is in the workspace. Reads the file
/// and the sources concerned once more, but only when periods touch. `cost` may be empty: then requests count with the
/// cost that they recorded.
Result<std::vector<Overlap>> findOverlaps(const WorkspaceStore &store, const std::string &path,
                                          const ImportOptions &options, const ImportPreview &preview,
                                          const RequestCost &cost, const std::stop_token &stop);

/// Keeps what was found out about two sources, so that nobody has to read them again. `overlap.fresh` needs its id.
Status rememberOverlap(WorkspaceStore &store, const Overlap &overlap);

/// All overlaps between the active sources of a workspace. Reads the rows of sources that were never compared.
Result<std::vector<Overlap>> storedOverlaps(const WorkspaceStore &store, const std::stop_token &stop);

} // namespace perunit
