// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/request_costs.h"
#include "model/reconciliation/reconciliation.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// How well priced usage and an invoice agree.
enum class TieState : std::uint8_t {
    Ties,      ///< no difference beyond rounding
    Explained, ///< the whole difference has a named reason: tax, credit, tier, …
    Open       ///< something has no price, no bill, no usage, or no explanation
};

/// The lines of a reconciliation of one provider and month, together.
struct ProviderTie {
    std::string provider;
    Month month;
    std::optional<Money> priced;
    std::optional<Money> billed;
    DifferenceParts parts;
    /// What nothing explains. Amounts of different lines do not cancel each other out.
    Money open;
    std::vector<std::string> openModels; ///< of the lines that are open
    std::int64_t requests = 0;
    std::int64_t charges = 0;
    std::int64_t unpricedTokens = 0;
    TieState state = TieState::Ties;
    [[nodiscard]] Money difference() const { return parts.total(); }
};

/// By provider, then month.
std::vector<ProviderTie> tiesByProvider(const Reconciliation &reconciliation);

/// What a source of requests recorded as cost, and what the same requests cost at our prices.
struct RecordedTie {
    std::int64_t source = 0;
    std::int64_t rows = 0;        ///< with a recorded cost and a price: these are compared
    std::int64_t rowsWithout = 0; ///< without a recorded cost
    Money recorded;
    Femto priced;
    std::int64_t rowsUnpriced = 0; ///< with a recorded cost, but some of their tokens have no price
    Money recordedUnpriced;        ///< of those; in neither of the two above
    [[nodiscard]] Money difference() const { return recorded - Money::of(priced); }
};

/// The sources that recorded any cost, by id; none when it is in another currency than the prices. Errors: Cancelled.
Result<std::vector<RecordedTie>> recordedTies(const RequestCosts &costs, RowProgress *progress, std::stop_token stop);

} // namespace perunit
