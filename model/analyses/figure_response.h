// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/outcome_figure.h"
#include "model/analyses/parameter_range.h"

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace perunit {

/// A figure at one value of a parameter.
struct FigureAt {
    std::int64_t value = 0;
    std::optional<FigureValue> figure;
    std::string problem; ///< why there is no figure: what cannot be bought, what has no price
    /// Tokens of the whole outcome that have no price. Figures with different ones do not compare the same traffic.
    std::int64_t unpricedTokens = 0;
};

/// What has to be known beside a figure.
struct FigureRemarks {
    std::vector<OutcomeCheck> failedChecks;
    std::int64_t unpricedTokens = 0;
};

/// Told after every evaluation how many there were.
using EvaluationProgress = std::function<void(int evaluations)>;

/// How one figure of a scenario answers to one number of its levers. Every value is evaluated once.
class FigureResponse
{
public:
    /// Errors: NotFound when the figure needs a unit that the request does not have.
    static Result<FigureResponse> make(const Baseline &baseline, const EvaluationRequest &scenario,
                                       LeverParameter parameter, const OutcomeFigure &figure, std::stop_token stop);

    /// Values that are impossible are results with a problem. Errors: Cancelled.
    Result<FigureAt> at(std::int64_t value);
    /// Of the outcome at a value that was looked at: the checks that failed.
    [[nodiscard]] std::vector<OutcomeCheck> failedChecks(std::int64_t value) const;
    [[nodiscard]] int evaluations() const { return static_cast<int>(m_known.size()); }

private:
    struct Known {
        FigureAt at;
        FigureRemarks remarks;
    };
    FigureResponse(const Baseline &baseline, EvaluationRequest request, LeverParameter parameter, OutcomeFigure figure,
                   std::stop_token stop);

    const Baseline *m_baseline;
    EvaluationRequest m_request;
    LeverParameter m_parameter;
    OutcomeFigure m_figure;
    std::stop_token m_stop;
    std::map<std::int64_t, Known> m_known;
};

/// The figure of a scenario as it is. Errors: those of evaluate() and readFigure().
Result<FigureValue> figureOf(const Baseline &baseline, const EvaluationRequest &scenario, const OutcomeFigure &figure,
                             std::stop_token stop, FigureRemarks *remarks = nullptr);

} // namespace perunit
