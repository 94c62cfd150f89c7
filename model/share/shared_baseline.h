// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/engine/cache_gaps.h"
#include "model/engine/outcome.h"
#include "model/ledger/rows.h"
#include "model/scenario/scenario.h"
#include "model/units/economic_unit.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// How finely a shared baseline tells requests apart. Finer ones make larger files.
struct SharedPrecision {
    /// Prompt lengths between one and its double are in so many steps; 0: only the lengths at which something changes.
    int stepsPerDouble = 0;
    bool days = false;    ///< requests of different days stay apart
    bool minutes = false; ///< and of different minutes: what pools need
};

/// What a shared scenario carries of its baseline: aggregates without any request, customer or session, from which a
/// colleague without the ledger sees the same numbers and moves the levers. Rules: README.
struct SharedBaseline {
    std::string ledgerDigest; ///< of the ledger it was made from: both have the same baseline
    std::string currency;
    BaselineSettings settings; ///< with its period
    SharedPrecision precision;

    /// Requests that agree in all of the dimensions that are shared.
    struct Group {
        std::vector<std::string> values; ///< by `dimensions`
        ServiceTier tier = ServiceTier::Standard;
        RequestStatus status = RequestStatus::Ok;
    };
    std::vector<std::string> dimensions;
    std::vector<Group> groups;
    /// Requests of a group added up, at an instant that speaks for all of them.
    struct Row {
        std::uint32_t group = 0;
        Instant at;
        Usage usage;
        std::optional<Money> recorded;
    };
    std::vector<Row> rows;

    /// A charge that is no request, with the dimensions it is spoken of by.
    struct Charge {
        Period period;
        std::map<std::string, std::string> dimensions;
        Money amount;
    };
    std::vector<Charge> charges;
    std::vector<OutcomeRow> outcomes;
    /// How many units there were, which nobody can count without sessions.
    struct Units {
        EconomicUnit unit;
        Millionths total = 0;
        std::vector<Millionths> months;
    };
    std::vector<Units> units;
    /// What prompt caches can achieve, by group.
    std::vector<CacheGaps::Facts> gaps;
    int gapLevel = GapPrecision::widestSteps; ///< of GapPrecision
    /// Prices, terms, units and settings of the workspace, as it keeps them (WorkspaceStore::Document with its kind).
    struct Document {
        std::string kind;
        std::string name;
        std::string content;
        bool operator==(const Document &) const = default;
    };
    std::vector<Document> documents;
    /// What could not be shared, in words.
    std::vector<std::string> leftOut;
};

/// Makes a shared baseline in which the given scenarios come to the numbers that they have. Errors: Conflict for a
/// lever that speaks of customers, sessions or tags; Overflow when even the coarsest aggregates are more than
/// `mostRows`.
Result<SharedBaseline> shareBaseline(const Baseline &baseline,
                                     const std::vector<std::vector<EffectiveLever>> &scenarios,
                                     const std::vector<EconomicUnit> &units, std::size_t mostRows,
                                     std::stop_token stop);
/// Kind of the document in which a workspace keeps a shared baseline; its own sources take its place.
inline constexpr std::string_view sharedBaselineKind = "shared_baseline";
inline constexpr std::size_t usualSharedRows = 50'000;

/// Canonical JSON; money as decimal strings, counts of a row in one line of text.
std::string writeSharedBaseline(const SharedBaseline &shared);
/// Errors name the JSON path.
Result<SharedBaseline> readSharedBaseline(std::string_view json);

/// The ledger that a shared baseline stands for: Baseline::build() makes the baseline of it.
Ledger ledgerOf(std::shared_ptr<const SharedBaseline> shared);

} // namespace perunit
