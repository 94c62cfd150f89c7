// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "pricing/overlay/price_overlay.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// Why priced usage and an invoice differ. A difference is split over the buckets; they sum to it exactly.
enum class DifferenceBucket : std::uint8_t {
    Unpriced,   ///< billed for models or classes that have no price here
    Tax,        ///< charges of category tax
    Credit,     ///< charges of category credit
    Purchase,   ///< one-time purchases and commitments, not usage
    Adjustment, ///< charges of category adjustment, and corrections
    Tier,       ///< usage that another service tier or region price would explain exactly
    Contract,   ///< list price is billed where an overlay expects less, or the other way round
    Rounding,   ///< at most one unit of the last digit that the invoice shows, per charge
    Unknown
};

inline constexpr std::size_t differenceBucketCount = 9;
inline constexpr std::array<std::string_view, differenceBucketCount> differenceBucketNames{
    "unpriced", "tax", "credit", "purchase", "adjustment", "tier", "contract", "rounding", "unknown"};

/// Usage priced against invoice billed: one provider, month and model (an empty model: charges that name none).
struct ReconciliationLine {
    std::string provider;
    Month month;
    std::string model;           ///< catalogue id, or as recorded where it has no price
    std::optional<Femto> priced; ///< contracted price of the usage; no value: nothing of it has a price
    std::optional<Femto> list;   ///< the same at list price
    std::optional<Money> billed; ///< no value: no charge
    std::int64_t requests = 0;
    std::int64_t unpricedTokens = 0;
    std::array<Money, differenceBucketCount> difference{}; ///< billed − priced, by reason
};

struct Reconciliation {
    std::string currency;
    std::vector<ReconciliationLine> lines; ///< by provider, month, model
    std::vector<std::string> notes;        ///< what could not take part, and why
    /// Overlays that would make priced usage tie to the invoice, one per provider or model whose unknown difference is
    /// a steady share of its price. An offer: nobody applies it but the user.
    std::vector<PriceOverlay> calibration;
};

/// Ties the priced usage of a baseline to the invoices of its ledger. Errors: none of them is an invoice.
Result<Reconciliation> reconcile(const Baseline &baseline, std::stop_token stop);

} // namespace perunit
