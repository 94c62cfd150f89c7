// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"
#include "model/figures/figure.h"

#include <string>
#include <vector>

namespace perunit {

struct Reconciliation;

/// Chart contents from outcomes. All titles state the message in words ("Routing saves $10.9k …").

/// Grouped bars: one group per component, one bar per outcome.
Figure componentBars(const std::vector<Outcome> &outcomes);
/// Cost per unit over the months, one line per outcome; gaps where a month has no units.
Figure unitOverMonths(const std::vector<Outcome> &outcomes, const std::string &unitName);
/// Total cost over the months, one line per outcome.
Figure totalOverMonths(const std::vector<Outcome> &outcomes);
/// Waterfall of a bridge.
Figure bridgeWaterfall(const Bridge &bridge, const std::string &currency);
/// Cost per unit per day in the baseline, with month means.
Figure unitOverDays(const UnitActuals &unit, const std::string &currency);
/// Histogram of the cost of one unit with P50, P90, P99 marked.
Figure unitDistribution(const UnitActuals &unit, const std::string &currency);
/// One stacked bar per month by component.
Figure componentsOverMonths(const Outcome &outcome);
/// Daily spend with unusual days marked.
Figure spendOverDays(const DailySpend &spend, const std::string &currency);
/// Bars of the largest values of a dimension, the rest as "other".
Figure breakdownBars(const Outcome &outcome, const std::string &dimension, std::size_t most);
/// Cost of one unit by component.
Figure unitComposition(const UnitActuals &unit, const std::string &currency);
/// List prices of a model over time, stepwise, with announced ones dashed; at least the two years before `today`.
Figure priceHistory(const PriceBook &book, ModelIndex model, Instant today);
/// Waterfall from list price over the contracted price of the usage and the reasons of the difference to what is
/// billed.
Figure reconciliationWaterfall(const Reconciliation &result);

/// A total by the rules of design-language.md: cents below 10,000, none above, and at least three significant
/// digits below one ("$25,512", "$9,120.50", "$0.0412"). Zero is only ever a real zero.
std::string moneyText(Femto amount, const std::string &currency);
/// Money per unit: at least three significant digits ("$0.0412", "$12.40").
std::string perUnitText(Femto amount, const std::string &currency);
/// As moneyText() with "+" or "−" in front of the currency; zero has no sign.
std::string signedMoneyText(Femto amount, const std::string &currency);
/// All digits below a million ("812,004"), millions above ("12.4 M").
std::string countText(std::int64_t count);
/// (b − a) ÷ |a| as signed text with one decimal ("−8.1 %"); "–" when a is zero. A change that is too small
/// to show reads "+<0.1 %", never "0.0 %".
std::string changeText(Femto a, Femto b);
/// part ÷ whole with one decimal ("83.0 %"); "–" when the whole is zero.
std::string shareText(Femto part, Femto whole);
/// "$" for "USD"; the code itself for currencies without a symbol of their own.
std::string currencySymbol(const std::string &currency);

} // namespace perunit
