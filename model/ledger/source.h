// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// What a source is good for. A total never adds usage and invoice. Stored in files; never renumber.
enum class SourceRole : std::uint8_t {
    Usage = 0,   ///< requests to price; of a bill its token lines, while the rest of it is harness
    Invoice = 1, ///< charges of model providers, to tie against
    Harness = 2, ///< charges beside the models: vector database, egress, logs, GPU hours
    Outcome = 3  ///< unit counts
};

inline constexpr std::array<std::string_view, 4> sourceRoleNames{"usage", "invoice", "harness", "outcome"};

/// A row, or a field of it, that could not be used.
struct RejectedRow {
    std::int64_t line = 0; ///< 1-based line in the file on which the row starts
    std::string column;    ///< header name; empty when the whole row is bad
    std::string value;     ///< the offending text, cut to 200 characters
    std::string reason;
    bool operator==(const RejectedRow &) const = default;
};

/// Sums of one cost column; absent when no row had a value.
using CostTotal = std::optional<Money>;

/// What was imported, kept for ever beside the rows. The shape of `perunit sources --json`.
struct Source {
    std::int64_t id = 0;
    std::string file; ///< name without folder
    std::int64_t bytes = 0;
    std::string sha256; ///< of the file's bytes, hex
    /// Of the unpacked bytes, hex: the same ledger has the same one, packed or not. Empty for sources of workspaces
    /// from before it was kept.
    std::string contentSha256;
    std::string format;  ///< id of the format: "azure-llm-trace", "request-log", "focus", "outcome-series"
    std::string why;     ///< why this format was chosen
    std::string mapping; ///< JSON of the ColumnMapping that was used; empty for fixed formats
    Instant importedAt;
    SourceRole role = SourceRole::Usage;
    std::int64_t rowsRead = 0;
    std::int64_t rowsAccepted = 0;
    std::int64_t rowsRejected = 0;
    std::int64_t rowsDuplicate = 0;
    Period period; ///< of the accepted rows; empty when there are none
    std::string currency;
    CostTotal billed;
    CostTotal effective;
    CostTotal list;
    CostTotal contracted;
    Usage tokens; ///< sums per class
    std::int64_t requests = 0;
    bool isBill = false;         ///< its rows are charges
    std::int64_t tokenLines = 0; ///< charges that can be priced again (tokenLineOf); 0 also where nobody has counted
    std::vector<RejectedRow> rejects; ///< the first `maximumStoredRejects`
    std::vector<std::string> warnings;
    std::vector<std::string> droppedColumns; ///< that name persons and of which nothing was stored
    std::vector<std::string> hashedColumns;  ///< that are kept as opaque tokens
    bool active = true;                      ///< false after the import was undone
    /// What of it is damaged in the workspace file; empty for a whole source. A damaged source is in no figure, and
    /// figures are refused until it is switched off.
    std::string damage;
};

inline constexpr std::size_t maximumStoredRejects = 10'000;

} // namespace perunit
