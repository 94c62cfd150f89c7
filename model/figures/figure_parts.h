// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/outcome.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// Pieces that several figures share.

/// x of a month on a time axis: seconds since 1970 at its start.
double timeOf(Month month);
/// x of an instant on a time axis.
double timeOf(Instant at);
/// A point whose y is an amount; `exact` shows all its digits.
FigurePoint moneyPoint(double x, Femto amount, const std::string &currency);
/// A point whose y is an average amount.
FigurePoint averagePoint(double x, Femto amount, const std::string &currency);
/// A gap with the reason that the tooltip shows.
FigurePoint missingPoint(double x, const std::string &reason);
/// Role of an outcome among several: the baseline is grey, scenarios are numbered in order.
void assignRole(FigureSeries &series, const std::vector<Outcome> &outcomes, std::size_t position);
/// Name to show for an outcome; never empty.
std::string nameOf(const Outcome &outcome);
/// One note per group of outcomes that have tokens without a price.
std::vector<std::string> unpricedNotes(const std::vector<Outcome> &outcomes);
/// Prompt and generated tokens of an outcome, in millionths.
Millionths tokensOf(const Outcome &outcome);
/// "from Jun 2026 to May 2027" of the months of an outcome; empty without months.
std::string spanText(const Outcome &outcome);
/// The unit of an outcome by name; null when it is not there.
const UnitOutcome *unitNamed(const Outcome &outcome, const std::string &name);
/// Cost of one unit; empty when there are none.
std::optional<Femto> costOfOne(Femto cost, Millionths count);
/// First letter as a capital; other text unchanged.
std::string capitalised(std::string text);
/// "a, b and c".
std::string joinedList(const std::vector<std::string> &items);
/// The texts that are not empty, with a centred dot between them.
std::string dotted(const std::vector<std::string> &parts);

} // namespace perunit
