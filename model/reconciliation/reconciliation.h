// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "pricing/overlay/price_overlay.h"

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Why priced usage and an invoice differ. A difference is split over the buckets; they sum to it exactly.
/// The rules, in the order in which they are tried, are in README.md beside this file.
enum class DifferenceBucket : std::uint8_t {
    Unpriced,   ///< billed for models or classes that have no price here
    NoUsage,    ///< billed for what the usage of the baseline does not contain: other services, models not recorded
    NotBilled,  ///< usage of a provider, month or model that no usage charge bills
    Tax,        ///< charges of category tax
    Credit,     ///< charges of category credit
    Purchase,   ///< one-time purchases and commitments, not usage
    Adjustment, ///< charges of category adjustment, and corrections
    Tier,       ///< usage that another service tier or region price explains
    Contract,   ///< list price is billed where an overlay expects less, or the invoice itself states a discount on it
    Rounding,   ///< at most one unit of the last digit that the invoice shows, per charge
    Unknown
};

inline constexpr std::size_t differenceBucketCount = 11;
inline constexpr std::array<std::string_view, differenceBucketCount> differenceBucketNames{
    "unpriced",   "no_usage", "not_billed", "tax",      "credit", "purchase",
    "adjustment", "tier",     "contract",   "rounding", "unknown"};
inline constexpr std::array<std::string_view, differenceBucketCount> differenceBucketLabels{
    "No price",   "No usage", "Not billed", "Tax",      "Credit", "Purchase",
    "Adjustment", "Tier",     "Contract",   "Rounding", "Unknown"};

constexpr std::string_view nameOf(DifferenceBucket bucket)
{
    return differenceBucketNames[static_cast<std::size_t>(bucket)];
}

/// Amount per bucket.
struct DifferenceParts {
    std::array<Money, differenceBucketCount> amounts{};
    Money &operator[](DifferenceBucket bucket) { return amounts[static_cast<std::size_t>(bucket)]; }
    Money operator[](DifferenceBucket bucket) const { return amounts[static_cast<std::size_t>(bucket)]; }
    [[nodiscard]] Money total() const
    {
        Money sum;
        for (const Money amount : amounts)
            sum += amount;
        return sum;
    }
    DifferenceParts &operator+=(const DifferenceParts &other)
    {
        for (std::size_t i = 0; i < differenceBucketCount; ++i)
            amounts[i] += other.amounts[i];
        return *this;
    }
    bool operator==(const DifferenceParts &) const = default;
};

/// Usage priced against invoice billed: one provider, month and model. An empty model: charges that name none, with the
/// usage of all models that only they can bill (`models`).
struct ReconciliationLine {
    std::string provider;
    Month month;
    std::string model;               ///< catalogue id, or as recorded where it is in no catalogue
    std::vector<std::string> models; ///< of an empty model: whose usage is tied here, by name
    std::optional<Femto> priced;     ///< contracted price of the usage; no value: nothing of it has a price
    std::optional<Femto> list;       ///< the same at list price
    std::optional<Money> billed;     ///< no value: no charge
    std::int64_t requests = 0;
    std::int64_t charges = 0; ///< charge rows with a part in this line
    std::int64_t unpricedTokens = 0;
    DifferenceParts parts; ///< billed − priced, by reason; what is absent counts as nothing
    std::string reason;    ///< why a tier, region or contract part was found, for people; may be empty
    [[nodiscard]] Money difference() const { return parts.total(); }
};

struct Reconciliation {
    std::string currency;
    Period period;
    std::vector<ReconciliationLine> lines; ///< by provider, month, model; an empty model comes last
    std::vector<std::string> notes;        ///< what could not take part, and why
    /// Overlays that would make priced usage tie to the invoice, one per provider or model whose unexplained
    /// difference is a steady share of its price. An offer: nobody applies it but the user.
    std::vector<PriceOverlay> calibration;

    [[nodiscard]] Femto priced() const;
    [[nodiscard]] Femto list() const;
    [[nodiscard]] Money billed() const;
    /// Sums of all lines; their total is billed − priced.
    [[nodiscard]] DifferenceParts parts() const;
};

/// Lines with fewer requests say nothing about whether a share is steady.
inline constexpr std::int64_t calibrationRequests = 30;

/// Ties the priced usage of a baseline to the invoices of its ledger. Errors: NotFound when there is no invoice in the
/// ledger, Unsupported when the invoices are in another currency than the prices, Overflow.
Result<Reconciliation> reconcile(const Baseline &baseline, std::stop_token stop);

} // namespace perunit
