// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"
#include "model/report/report_document.h"
#include "model/scenario/scenario.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// One scenario of a comparison with what it assumes.
struct ComparedScenario {
    Outcome outcome;
    std::vector<EffectiveLever> levers;
};

struct ComparisonInput {
    std::string workspaceName;
    std::vector<ComparedScenario> scenarios; ///< the first one is the reference (normally the baseline)
    std::vector<Bridge> bridges;             ///< reference -> each of the others, same order
    std::string unitName;                    ///< unit whose cost is followed; may be empty
    BaselineSettings settings;
    Period period;
    std::string baselineDigest;
    std::string catalogueAsOf;
    std::int64_t requests = 0;
    /// What the report says of reserved units; no section when it is empty.
    std::vector<ReportBlock> capacity;
};

/// Scenarios × metrics with Δ and Δ % against the reference.
ReportTable comparisonTable(const std::vector<Outcome> &outcomes);
/// What differs in the assumptions, one row per lever and parameter, one column per scenario.
ReportTable assumptionsTable(const std::vector<ComparedScenario> &scenarios);
/// The whole comparison report: summary, table, charts, bridges, assumptions, method and checks.
ReportDocument comparisonReport(const ComparisonInput &input);

/// A lever in one line: "60 % to anthropic/claude-haiku-4-5 · workload = support-chatbot".
std::string leverText(const Lever &lever);
/// One parameter for people: "60 %", "×1.6", "+3 % a month", "180 PTU".
std::string parameterText(const ParameterSpec &spec, const Lever &lever);

} // namespace perunit
