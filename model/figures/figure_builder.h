// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"
#include "model/figures/figure.h"

#include <string>
#include <vector>

namespace perunit {

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

/// Short text for an amount by the rules of design-language.md: "$25,512", "$0.0412", "1.2 M".
std::string moneyText(Femto amount, const std::string &currency);
std::string perUnitText(Femto amount, const std::string &currency);
std::string signedMoneyText(Femto amount, const std::string &currency);
std::string countText(std::int64_t count);
/// (b − a) ÷ a as signed text with one decimal; "–" when a is zero.
std::string changeText(Femto a, Femto b);
std::string shareText(Femto part, Femto whole);
std::string currencySymbol(const std::string &currency);

} // namespace perunit
