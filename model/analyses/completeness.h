// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/request_costs.h"
#include "model/ledger/source.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// What is known about a day of a series. The rules are in README.md beside this file.
enum class DayState : std::uint8_t {
    Full,       ///< nothing speaks against it
    Quiet,      ///< nothing there, as usual on that weekday
    Missing,    ///< nothing there, though there usually is
    Low,        ///< less than half of what is usual on that weekday
    Partial,    ///< the first or last day, of which some hours are missing
    Provisional ///< bills of that day could still change when they were imported
};

/// One day of one series.
struct SeriesDay {
    Instant day; ///< its start, UTC
    std::int64_t rows = 0;
    std::int64_t requests = 0; ///< of usage
    std::int64_t tokens = 0;   ///< of lines of bills, spread like money
    Instant rowsFrom;          ///< when the earliest of its rows begins, which may be days before
    Money money;               ///< usage: priced; charges: their cost; spread evenly over the period of a line
    std::int64_t unpricedTokens = 0;
    std::optional<Int128> usual; ///< of what is compared: requests, tokens, money units of charges, rows of outcomes
    DayState state = DayState::Full;
};

/// The days of one kind of rows, from the first to the last one that has any.
struct DaySeries {
    SourceRole role = SourceRole::Usage;
    std::int64_t source = 0; ///< of usage; charges and outcomes do not know theirs
    std::string name;        ///< provider; of outcomes the metric
    bool isBill = false;     ///< usage from lines of a bill: nobody knows its requests, so its tokens are compared
    std::vector<SeriesDay> days;
    std::int64_t rows = 0;
    Money money;
    /// Everything before is complete but for the days that are missing or low; no value when no day is.
    std::optional<Instant> completeUntil;
    [[nodiscard]] std::int64_t count(DayState state) const;
};

struct Completeness {
    std::vector<DaySeries> series; ///< by role, source, name
    Period period;                 ///< of all days
    /// Unit costs from here on are provisional: some usage, harness cost or unit count is still to come.
    std::optional<Instant> settledUntil;
    /// Usage, harness or outcomes that decide it, by name.
    std::vector<std::string> settledBy;
    /// Charges that say nothing about days (taxes, credits, purchases, adjustments) are left out.
    std::int64_t otherCharges = 0;
    Money otherAmount;
};

/// Bills may lag so long behind what they bill.
inline constexpr std::int64_t billingLag = 72 * microsPerHour;

/// The first day of a period that may still change, of those series that `counts` says take part; nothing when no day
/// of them does.
std::optional<Instant> provisionalFrom(const Completeness &days, const Period &period,
                                       const std::function<bool(const DaySeries &)> &counts);

/// Which days of the ledger are there. `sources` say when they were imported. Errors: Cancelled.
Result<Completeness> completenessOf(const RequestCosts &costs, const std::vector<Source> &sources,
                                    RowProgress *progress, std::stop_token stop);

} // namespace perunit
