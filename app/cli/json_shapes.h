// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/session.h"
#include "pricing/charge/price_request.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

// The shapes of `--json` (product.md): a contract. Fields may be added, never renamed. Money is a decimal
// string, counts are integers, times are RFC 3339 UTC, a missing value is null and never 0.

nlohmann::ordered_json sourceJson(const Source &source);
nlohmann::ordered_json pricedJson(const PriceBook &book, const PricedRequest &priced);
nlohmann::ordered_json unitJson(const EconomicUnit &unit, const UnitActuals &actuals);
nlohmann::ordered_json outcomeJson(const Outcome &outcome);
nlohmann::ordered_json bridgeJson(const Bridge &bridge);
/// A list in the form of overlay files, in which it can be read again.
nlohmann::ordered_json overlaysJson(const std::vector<PriceOverlay> &overlays);
nlohmann::ordered_json evaluatedJson(const Evaluated &evaluated);

/// Hours of a week in the form of our catalogues ("daily_utc"); null for the whole day.
nlohmann::ordered_json dailyJson(const std::optional<DailyWindow> &daily);
/// The same for people: "Mon-Fri 01:00-04:00 UTC".
std::string hoursText(const DailyWindow &daily);

/// How a recorded name found its model: "exact", "alias", …
std::string_view matchName(MatchRule rule);

/// A count in millionths as a whole number, rounded half to even.
std::int64_t wholeCount(Millionths count);
/// A price per token as decimal text per million tokens.
std::string pricePerMillion(std::int64_t femto);

} // namespace perunit
