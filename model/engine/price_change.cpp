// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/price_change.h"

#include "pricing/base/decimal.h"

#include <array>

namespace perunit {

namespace {

struct PricedClass {
    UsageClass usageClass;
    UsageClass base; ///< the class whose new price it follows
    const char *parameter;
};

constexpr std::array<PricedClass, 6> pricedClasses{
    {{UsageClass::Input, UsageClass::Input, "input_price"},
     {UsageClass::CacheRead, UsageClass::CacheRead, "cache_read_price"},
     {UsageClass::CacheWrite5m, UsageClass::CacheWrite5m, "cache_write_price"},
     {UsageClass::CacheWrite1h, UsageClass::CacheWrite5m, "cache_write_price"},
     {UsageClass::Output, UsageClass::Output, "output_price"},
     {UsageClass::Reasoning, UsageClass::Output, "output_price"}}};

/// What the class cost before: short prompts, standard tier; 0 when unknown or free.
std::int64_t priceBefore(const PricedCard &standard, UsageClass usageClass)
{
    if (standard.card.bands.empty())
        return 0;
    const ClassPrice &price = standard.card.bands.front().prices[static_cast<std::size_t>(usageClass)];
    return price.state == PriceState::Unpriced ? 0 : price.femto;
}

} // namespace

PricedCard withNewPrices(const PricedCard &card, const PricedCard &standard, ServiceTier tier, const Lever &lever)
{
    PricedCard result = card;
    if (result.card.bands.empty() && tier == ServiceTier::Standard)
        result.card.bands.emplace_back();
    for (PriceBand &band : result.card.bands) {
        for (const PricedClass &each : pricedClasses) {
            // A price per million tokens in 10^-9 is a price per token in 10^-15.
            const std::int64_t wanted = lever.number(each.parameter);
            if (wanted == 0)
                continue;
            ClassPrice &price = band.prices[static_cast<std::size_t>(each.usageClass)];
            const std::int64_t before = priceBefore(standard, each.base);
            if (before > 0 && price.state != PriceState::Unpriced) {
                price.femto =
                    static_cast<std::int64_t>(divideHalfEven(static_cast<Int128>(price.femto) * wanted, before));
                price.state = PriceState::Priced;
            } else if (before == 0) {
                price.femto = wanted;
                price.state = PriceState::Priced;
            }
        }
    }
    return result;
}

} // namespace perunit
