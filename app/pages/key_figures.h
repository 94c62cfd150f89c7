// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"
#include "widgets/feedback/key_figure_card.h"

#include <optional>
#include <string>

namespace perunit {

/// Whether an amount is shown as a total or as the cost of one unit.
enum class AmountKind : std::uint8_t { Total, PerUnit };

/// A cost as key figure with its change against a former one: less is favourable. No amount: "–".
KeyFigure costFigure(const QString &label, std::optional<Femto> amount, std::optional<Femto> former,
                     const std::string &currency, AmountKind kind);

/// Cost per unit of the ledger's past: whole period as value, change of the last month, months as trend.
KeyFigure unitHistoryFigure(const UnitActuals &unit, Period ledger, const std::string &currency);

/// Whether a period covers a month from its first to its last day: others cannot be compared.
bool isWholeMonth(Month month, Period period);

/// Cost per unit in a scenario against the baseline, which may be the same outcome.
KeyFigure unitOutcomeFigure(const UnitOutcome &unit, const Outcome &shown, const Outcome &base);

/// Total of an outcome; nothing when none of its usage has a price: then it is unknown, not zero.
std::optional<Femto> knownTotal(const Outcome &outcome);

/// Cost ÷ count, rounded half to even to a femto-unit; nothing when there is nothing to divide by.
std::optional<Femto> costPerUnit(Femto cost, std::int64_t count);

/// "▼ −8.1 %" of a change, "unchanged" when there is none.
QString changeWithArrow(Femto before, Femto after);

/// "1 month", "12 months".
QString monthsText(int months);

/// "Oct 2026".
QString shortMonthName(Month month);
/// "October 2026".
QString monthName(Month month);

} // namespace perunit
