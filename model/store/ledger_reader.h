// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dimensions/dimension_rules.h"
#include "model/ledger/source.h"
#include "model/store/row_columns.h"
#include "model/store/sqlite.h"
#include "model/workload/workload.h"

#include <stop_token>
#include <vector>

namespace perunit {

/// A source as stored, with what only the store needs to know.
struct StoredSource {
    Source facts;
    RowKind kind = RowKind::None;
    std::int64_t rowCount = 0;
    std::int64_t pieces = 0; ///< what the seals of its pieces add up to
    bool sealed = false;     ///< false in a workspace from before there were seals
    bool setAside = false;   ///< damaged, and taken out of the figures by the user
};

/// Value of `sources.active` for a damaged source that the user took out of the figures: it cannot come back.
inline constexpr std::int64_t setAsideAsDamaged = -1;

/// What can be done about a workspace that is damaged as a whole.
inline constexpr const char *damagedRemedy = "restore it from a copy, or save what is still good with 'perunit rescue'";

/// Sources with their facts; all of them, or those that `where` ("sha256=?") selects with one text parameter.
Result<std::vector<StoredSource>> readSources(const Database &database, const char *where = nullptr,
                                              std::string_view parameter = {});

/// All rows of the active sources. Errors: BadInput for damaged rows, Io, Cancelled.
Result<Ledger> readActiveRows(const Database &database, const std::vector<StoredSource> &sources,
                              const DimensionRules &rules, std::stop_token stop);

/// The rows of one chunk of a charge or outcome source. Errors: BadInput for values that cannot be.
Status appendCharges(const ColumnChunk &chunk, ColumnReader &reader, std::vector<ChargeRow> &rows);
Status appendOutcomes(const ColumnChunk &chunk, ColumnReader &reader, std::vector<OutcomeRow> &rows);

/// Whether a source is a bill whose token lines are priced again; the rest of it is harness.
bool isBillAsUsage(const StoredSource &source);

/// Whether a source with these rows can play this role: series have one role. A bill that plays usage gives its token
/// lines to it and keeps the rest as harness.
bool canPlay(RowKind kind, SourceRole role);

} // namespace perunit
