// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/request_costs.h"
#include "model/scenario/scenario.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// Which rows of a ledger somebody looks at. Everything that is said must hold.
struct RowFilter {
    /// Ids of sources; empty: all.
    std::vector<std::int64_t> sources;
    /// Requests: their time; charges: any part of their period.
    std::optional<Period> period;
    /// Values of dimensions; the empty text is a row without one.
    Scope scope;
    /// Every word occurs in some text of the row, capitals or not.
    std::string text;
    /// Limits of the cost, both included: of the price of a request, of what a charge bills, or
    /// costs where it bills nothing. Unknown costs are outside.
    std::optional<Money> leastCost;
    std::optional<Money> mostCost;
    /// Only requests of which some tokens have no price, and charges without any amount.
    bool onlyUnpriced = false;

    [[nodiscard]] bool isEverything() const { return *this == RowFilter{}; }
    bool operator==(const RowFilter &) const = default;
};

/// What rows add up to, exactly. Amounts are absent where no row has one.
struct RowSums {
    std::int64_t rows = 0;
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    std::optional<Money> priced;     ///< requests: tokens × price
    std::int64_t unpricedTokens = 0; ///< of the requests, beside that
    std::optional<Money> recorded;   ///< requests: as the source recorded it, in the currency of the ledger
    std::optional<Money> billed;     ///< charges
    std::optional<Money> effective;
    std::optional<Money> list;
    std::optional<Money> contracted;
    bool operator==(const RowSums &) const = default;
};

/// Some rows in an order: numbers of rows, or a run of consecutive ones that needs no list.
struct RowSelection {
    std::size_t first = 0;
    std::size_t count = 0;
    std::vector<std::uint32_t> listed; ///< empty: consecutive from `first`
    bool isListed = false;
    [[nodiscard]] std::size_t row(std::size_t place) const { return isListed ? listed[place] : first + place; }
};

/// Rows that were found, and what they add up to.
struct FilteredRows {
    RowSelection rows;
    RowSums sums;
};

/// Requests that a filter keeps, in order of time. Errors: Cancelled, Overflow (more than 2^32 rows).
Result<FilteredRows> filterRequests(const RequestCosts &costs, const RowFilter &filter, RowProgress *progress,
                                    std::stop_token stop);

/// Charges that a filter keeps, in their order. Errors: as above.
Result<FilteredRows> filterCharges(const std::vector<ChargeRow> &charges, const RowFilter &filter,
                                   RowProgress *progress, std::stop_token stop);

/// Text of a dimension of a charge: "provider", "service", "service_category", "sku", "description", "region",
/// "resource", "account", "category", "pricing_category", "model", "class", "workload", "environment", "team",
/// "feature", "customer", "tag:KEY"; empty when it has none.
std::string chargeText(const ChargeRow &charge, std::string_view dimension);

/// The names of all of them that occur in some charge.
std::vector<std::string> chargeDimensions(const std::vector<ChargeRow> &charges);

} // namespace perunit
