// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"

#include <optional>
#include <string_view>

namespace perunit {

/// What a charge is worth as usage.
enum class TokenLine : std::uint8_t {
    No,     ///< counts no tokens of a known model and class
    Yes,    ///< can be priced again
    Covered ///< counts tokens that a commitment or provisioned capacity pays: other prices would not change its amount
};

TokenLine tokenLineOf(const ChargeRow &charge);

/// The requests that a line with tokens stands for: their number is unknown (0), their time is the start of the line.
RequestRow requestOf(const ChargeRow &charge);

/// The tier that a pricing category names ("Batch", "priority"); standard where it names none.
ServiceTier tierOfPricing(std::string_view pricingCategory);

/// Effective cost, else billed cost: what a line costs, a commitment counted once.
std::optional<Money> paidAmount(const ChargeRow &charge);

/// Whether a bill of one seller may charge for requests that were recorded under the other name. A log may name the
/// maker of a model that a cloud sells, or a gateway; an unknown or empty name may be anybody's.
bool mayBill(std::string_view billProvider, std::string_view logProvider);

} // namespace perunit
