// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/figure_response.h"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// One assumption, and what a figure becomes at both ends of its range, everything else as it is.
struct TornadoRow {
    LeverParameter parameter;
    std::string leverLabel;
    std::int64_t present = 0;
    bool isOwnRange = false; ///< somebody stated the range; else plausibleRange()
    FigureAt low;
    FigureAt high;
    /// Largest less smallest of the figures at low, present and high, in the steps of FigureValue::rounded(); none when
    /// one end has no figure.
    std::optional<Int128> swing;
};

struct Tornado {
    OutcomeFigure figure;
    FigureValue present;
    std::vector<TornadoRow> rows; ///< largest swing first; without one last
    FigureRemarks remarks;        ///< of the scenario as it is
    int evaluations = 0;
};

/// Moves each number of each lever that is switched on over its own range. `ranges` holds those that somebody stated,
/// by "ID.PARAMETER". Errors: those of the scenario as it is, NotFound for ranges of unknown numbers, BadInput for a
/// range that ends before it begins or outside the limits of its number, Cancelled.
Result<Tornado> tornado(const Baseline &baseline, const EvaluationRequest &scenario, const OutcomeFigure &figure,
                        const std::map<std::string, PlausibleRange> &ranges, const EvaluationProgress &progress,
                        std::stop_token stop);

} // namespace perunit
