// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/session.h"
#include "model/analyses/figure_response.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <vector>

namespace perunit {

/// What the analyses over scenarios read.
struct AnalysisInput {
    Session session;
    std::shared_ptr<const Ledger> ledger;
    std::shared_ptr<const Baseline> baseline;
};

/// Opens a workspace and arranges its ledger.
Result<AnalysisInput> openForAnalysis(const std::string &workspace);

/// A scenario by file, name or id; "baseline" is the one without levers, unless a scenario has that name. It asks for
/// all units of the workspace.
Result<EvaluationRequest> requestNamed(const AnalysisInput &input, const std::string &argument);

/// Checks that failed go to standard error, as for `evaluate`.
void printFailedChecks(const std::string &name, const std::vector<OutcomeCheck> &checks);

/// Says on standard error that two figures do not compare the same traffic, where they do not.
void printUnpricedDifference(const std::string &name, std::int64_t before, std::int64_t after);

/// Fails for a dimension that the ledger does not have, and names those that it has.
Status checkDimension(const Ledger &ledger, const std::string &dimension);

// Shapes that the analyses share in `--json`.

/// A figure, or a difference of figures: money as a decimal string, usage as a whole number, null without one.
nlohmann::ordered_json figureJson(const std::optional<Int128> &steps, bool isMoney);
nlohmann::ordered_json figureJson(const std::optional<FigureValue> &figure);
/// A number of a lever as in scenario files: shares as decimal strings, whole numbers as such.
nlohmann::ordered_json numberJson(const ParameterSpec &spec, std::int64_t value);
nlohmann::ordered_json checksJson(const std::vector<OutcomeCheck> &checks);

/// A number of a lever for people: "45 %", "15 PTU".
std::string shownNumber(const EffectiveLever &lever, const ParameterSpec &spec, std::int64_t value);
/// A figure for people, exactly; "–" without one.
std::string shownFigure(const std::optional<Int128> &steps, bool isMoney);
std::string shownFigure(const std::optional<FigureValue> &figure);

} // namespace perunit
