// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/goal_seek.h"
#include "model/analyses/kill_number.h"
#include "model/analyses/savings.h"
#include "model/analyses/tornado.h"
#include "model/figures/figure.h"

#include <string>

namespace perunit {

// What the analyses of scenarios look like: charts and sentences. Numbers are exact; nothing is computed here.

/// The name of a figure for people: "total cost", "cost per conversation", "cost of cache reads".
std::string figureLabel(const OutcomeFigure &figure);
/// A value of a figure for people, by the rules of amounts: "$25,512", "$0.0412", "12.4 M".
std::string figureValueText(const OutcomeFigure &figure, Int128 steps, const std::string &currency);
/// The same as a change, with its sign: "−$1.2k" never reads "0" unless it is.
std::string figureChangeText(const OutcomeFigure &figure, Int128 steps, const std::string &currency);
/// A value of a number of a lever for people: "60 %", "×1.6", "180 PTU".
std::string parameterValueText(const Lever &lever, const ParameterSpec &spec, std::int64_t value);
/// "Routing, Share of requests"; "Routing 2, …" for the second one.
std::string parameterLabel(const Lever &lever, const ParameterSpec &spec);

/// Bars to both sides of the present value, the assumption that matters most on top. `levers` are those of the
/// scenario, for the names of their values.
Figure tornadoFigure(const Tornado &tornado, const std::vector<EffectiveLever> &levers, const std::string &scenario,
                     const std::string &currency);
/// Waterfall from the cost without the levers of a scenario to the cost with them, each with what it saves given those
/// before it.
Figure savingsWaterfall(const SavingsList &savings, const std::string &scenario, const std::string &currency);

/// "Reached at 63.4 %: …" or "Cannot be reached: the best is …", in one or two sentences.
std::string goalSentence(const GoalSeekResult &result, const EvaluationRequest &scenario, const std::string &currency);
/// What a kill number says in one sentence: "Moved down to 42 %, A is no longer cheaper than B (now 60 %)."
std::string killSentence(const KillNumber &row, const KillNumbers &all, const Lever &lever, const std::string &first,
                         const std::string &second);

} // namespace perunit
