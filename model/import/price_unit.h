// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/usage_class.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// For how much of what a price is: one million tokens, one page, one hour of audio.
struct PriceUnit {
    std::int64_t quantity = 1; ///< so many things cost the price
    /// What is counted: the noun as it was recognised ("token", "request", "hour", …); empty when only a quantity is
    /// said ("per 1M"): then the usage class says what is counted.
    std::string noun;
    bool operator==(const PriceUnit &) const = default;
};

/// "1M tokens", "per 1K", "/ million", "each page", "hour", "mtok": the unit that a text says, if it says one.
std::optional<PriceUnit> priceUnitIn(std::string_view text);

/// How many tokens or events of the class the price is for, as a fraction: an hour of audio is 3600 seconds. Nothing
/// when the unit does not go with the class (pages for tokens).
std::optional<std::int64_t> countPriced(const PriceUnit &unit, UsageClass usageClass);

/// What a column header or the name of a meter says about prices.
struct PriceWords {
    std::optional<UsageClass> usageClass;
    std::optional<PriceUnit> unit;
    std::optional<ServiceTier> tier;
    std::string currency;    ///< ISO code, empty when none is named
    bool namesPrice = false; ///< "price", "cost", a currency or a unit is named
    bool understood = true;  ///< false: there are words that say something else ("max output tokens")
};
PriceWords priceWordsIn(std::string_view text);

/// ISO code of a currency sign or code standing in a text ("$ 1.25", "EUR"); empty when there is none.
std::string currencyIn(std::string_view text);

} // namespace perunit
