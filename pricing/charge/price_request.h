// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/price_book.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// One request to be priced: who served what, when, under which tier.
struct RequestToPrice {
    std::string provider;
    std::string model;
    std::string region;
    Instant at;
    ServiceTier tier = ServiceTier::Standard;
    Usage usage;
};

/// One line of a priced request; the lines add up to the cost exactly.
struct PricedLine {
    UsageClass usageClass = UsageClass::Input;
    std::int64_t count = 0;
    std::int64_t femtoEach = 0;
    PriceState state = PriceState::Priced;
    std::string entry;                         ///< id of the rate that the list price came from
    std::optional<std::int64_t> listFemtoEach; ///< without overlays the same as femtoEach; no value: no list price
    std::vector<std::string> overlays;         ///< names of the overlays that made the price, in their order
    [[nodiscard]] Femto cost() const { return Femto::ofUnits(static_cast<Int128>(count) * femtoEach); }
    [[nodiscard]] std::optional<Femto> listCost() const
    {
        if (!listFemtoEach)
            return std::nullopt;
        return Femto::ofUnits(static_cast<Int128>(count) * *listFemtoEach);
    }
};

struct PricedRequest {
    ModelMatch match;
    std::string model;    ///< catalogue id of the matched model
    std::string provider; ///< catalogue provider of the matched model
    std::vector<PricedLine> lines;
    std::vector<UsageClass> unpriced; ///< classes in use that have no price
    Femto cost;                       ///< of the priced lines only
    /// The same at list prices; no value where a line has no list price.
    std::optional<Femto> listCost;
};

/// Prices one request exactly. An unknown model is not an error: every class in use is then unpriced.
PricedRequest priceRequest(const PriceBook &book, const RequestToPrice &request);

/// The same when the model and its rate card at the instant, tier and region of the request are known already. An empty
/// card leaves everything unpriced.
PricedRequest chargeRequest(const PriceBook &book, ModelMatch match, const RateCard &card, const Usage &recorded);

} // namespace perunit
