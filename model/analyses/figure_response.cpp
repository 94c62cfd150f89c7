// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/figure_response.h"

#include <algorithm>

namespace perunit {

Result<FigureValue> figureOf(const Baseline &baseline, const EvaluationRequest &scenario, const OutcomeFigure &figure,
                             std::stop_token stop, FigureRemarks *remarks)
{
    const auto request = requestForFigure(scenario, figure);
    if (!request)
        return request.error();
    const auto outcome = evaluate(baseline, *request, std::move(stop));
    if (!outcome)
        return outcome.error();
    if (remarks) {
        remarks->unpricedTokens = outcome->unpriced.tokens;
        remarks->failedChecks.clear();
        std::copy_if(outcome->checks.begin(), outcome->checks.end(), std::back_inserter(remarks->failedChecks),
                     [](const OutcomeCheck &check) { return !check.ok; });
    }
    return readFigure(*outcome, figure);
}

FigureResponse::FigureResponse(const Baseline &baseline, EvaluationRequest request, LeverParameter parameter,
                               OutcomeFigure figure, std::stop_token stop)
    : m_baseline(&baseline)
    , m_request(std::move(request))
    , m_parameter(std::move(parameter))
    , m_figure(std::move(figure))
    , m_stop(std::move(stop))
{}

Result<FigureResponse> FigureResponse::make(const Baseline &baseline, const EvaluationRequest &scenario,
                                            LeverParameter parameter, const OutcomeFigure &figure, std::stop_token stop)
{
    auto request = requestForFigure(scenario, figure);
    if (!request)
        return request.error();
    return FigureResponse(baseline, std::move(*request), std::move(parameter), figure, std::move(stop));
}

Result<FigureAt> FigureResponse::at(std::int64_t value)
{
    if (const auto known = m_known.find(value); known != m_known.end())
        return known->second.at;
    if (m_stop.stop_requested())
        return Error{ErrorCode::Cancelled, "stopped", "", ""};
    EvaluationRequest request = m_request;
    request.levers = withNumber(std::move(request.levers), m_parameter, value);
    Known known;
    known.at.value = value;
    auto figure = figureOf(*m_baseline, request, m_figure, m_stop, &known.remarks);
    known.at.unpricedTokens = known.remarks.unpricedTokens;
    if (figure)
        known.at.figure = *figure;
    else if (figure.error().code == ErrorCode::Cancelled)
        return figure.error();
    else
        known.at.problem = figure.error().text();
    return m_known.emplace(value, std::move(known)).first->second.at;
}

std::vector<OutcomeCheck> FigureResponse::failedChecks(std::int64_t value) const
{
    const auto known = m_known.find(value);
    return known == m_known.end() ? std::vector<OutcomeCheck>() : known->second.remarks.failedChecks;
}

} // namespace perunit
