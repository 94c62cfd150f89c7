// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/request_costs.h"

#include <map>
#include <string>
#include <vector>

namespace perunit {

/// A value of a dimension with what carries it.
struct TagValue {
    std::string text;
    Money money;
    std::int64_t rows = 0;
    bool operator==(const TagValue &) const = default;
};

/// Rows that lack a dimension and agree in the others: what to tag first.
struct UntaggedGroup {
    std::map<std::string, std::string> values; ///< provider, model, workload, …; may be empty
    bool isHarness = false;                    ///< charges beside the models; then provider and service
    Money money;
    std::int64_t rows = 0;
    bool operator==(const UntaggedGroup &) const = default;
};

/// How much of the cost says what it is for, in one dimension.
struct TagCoverage {
    std::string dimension; ///< as in a Workload: "team", "tag:contract"
    Money with;
    Money without;
    std::int64_t rowsWith = 0;
    std::int64_t rowsWithout = 0;
    std::size_t values = 0;              ///< different ones
    std::vector<TagValue> largest;       ///< by money, at most `mostListed`
    std::vector<UntaggedGroup> untagged; ///< by money, at most `mostListed`
    /// Values that are probably one: they differ in capitals, blanks, punctuation, or a usual short form.
    std::vector<std::vector<TagValue>> variants;
    static constexpr std::size_t mostListed = 20;
};

struct CoverageReport {
    std::string currency;
    Money total; ///< of requests (recorded, else priced) and harness charges
    std::int64_t rows = 0;
    std::int64_t rowsWithoutMoney = 0; ///< neither recorded nor priced: in no share
    std::int64_t unpricedTokens = 0;   ///< of those
    bool recordedLeftOut = false;      ///< recorded costs and charges are in another currency than the prices
    /// Taxes, credits, adjustments: nobody can tag them, and a credit would make a share of more than everything.
    std::int64_t otherCharges = 0;
    Money otherAmount;
    /// The usual dimensions, also those that nothing carries, then tags by name.
    std::vector<TagCoverage> dimensions;
    /// Dimensions and tag keys that are probably one: "environment", "tag:Env", "tag:env ".
    std::vector<std::vector<std::string>> keyVariants;
};

/// What two spellings of one key or value have in common: "Env ", "environment" and "ENVIRONMENT".
std::string spellingOf(std::string_view text);

/// How well the ledger is tagged, by money. Errors: Cancelled.
Result<CoverageReport> tagCoverage(const RequestCosts &costs, RowProgress *progress, std::stop_token stop);

} // namespace perunit
