// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/store/sqlite.h"

#include <cstdint>
#include <string_view>

namespace perunit {

// Seals find what a damaged disk or a broken copy has changed in a workspace file. A database says nothing about a
// flipped bit inside of a value, and a pointer that leads elsewhere makes rows vanish without a word: both would be a
// different number on the screen.

/// Columns of `sources` in the order in which sealOfSource() reads them.
inline constexpr const char *sealedSourceColumns =
    "id, file, bytes, sha256, format, why, mapping, imported_at, role, rows_read, rows_accepted, rows_rejected, "
    "rows_duplicate, period_from, period_to, currency, requests, row_kind, row_count, facts, active, content_sha256, "
    "pieces";

/// The same in a workspace from before there were seals.
inline constexpr const char *unsealedSourceColumns =
    "id, file, bytes, sha256, format, why, mapping, imported_at, role, rows_read, rows_accepted, rows_rejected, "
    "rows_duplicate, period_from, period_to, currency, requests, row_kind, row_count, facts, active, '', 0";
inline constexpr int sealedColumnCount = 23;
inline constexpr int factsColumn = 19;
/// Which of them hold text or bytes; the others are numbers.
constexpr bool isSealedText(int column)
{
    return column == 1 || (column >= 3 && column <= 6) || column == 15 || column == factsColumn || column == 21;
}

/// Of a row that was selected with sealedSourceColumns.
std::int64_t sealOfSource(const Statement &row);
/// Of one stored piece of rows. Those of a source are added up, so their order does not matter.
std::int64_t sealOfPiece(std::int64_t chunk, std::string_view column, std::int64_t n, std::string_view data);
std::int64_t sealOfDocument(std::string_view kind, std::string_view name, std::int64_t position,
                            std::string_view content);

/// Name under which the sources are counted; documents are counted under their kind.
inline constexpr std::string_view sourcesTally = "#sources";

/// Writes the seal of a source and counts the sources again. Part of every transaction that changes a source.
Status sealSource(const Database &database, std::int64_t id);
/// Writes the seals of the documents of a kind that have none, and counts them again. Part of every transaction that
/// changes documents; they are written with the seal 0.
Status sealDocuments(const Database &database, std::string_view kind);
/// Seals a whole workspace that comes from a version without seals.
Status sealEverything(const Database &database);

/// How many there are of something, and the sum of their seals.
struct Tally {
    std::int64_t count = 0;
    std::int64_t sum = 0;
    void add(std::int64_t seal)
    {
        ++count;
        sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(seal));
    }
    bool operator==(const Tally &) const = default;
};
/// What the workspace should hold of a kind of documents, or of `sourcesTally`. Nothing was ever stored: zero.
Result<Tally> storedTally(const Database &database, std::string_view kind);

/// Whether the workspace is of a version with seals. Errors: BadInput for a file whose version was changed.
Result<bool> hasSeals(const Database &database);

} // namespace perunit
