// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/scenario_report.h"

#include "app/document/best_bridge.h"
#include "app/document/clock.h"
#include "app/report/capacity_section.h"

namespace perunit {

namespace {

EvaluationRequest requestOf(const ComparedScenario &scenario)
{
    EvaluationRequest request;
    request.scenarioId = scenario.outcome.scenarioId;
    request.name = scenario.outcome.name;
    request.levers = scenario.levers;
    return request;
}

} // namespace

Result<ReportDocument> scenarioReport(const std::string &workspaceName, const std::shared_ptr<const Baseline> &baseline,
                                      const std::vector<ComparedScenario> &compared, const std::string &unitName,
                                      const std::stop_token &stop)
{
    ComparisonInput input;
    input.workspaceName = workspaceName;
    input.scenarios = compared;
    input.unitName = unitName;
    input.settings = baseline->settings();
    input.period = baseline->period();
    input.baselineDigest = baseline->digest();
    input.catalogueAsOf = baseline->book().asOf();
    input.requests = baseline->requestCount();
    for (std::size_t i = 1; i < compared.size(); ++i) {
        auto parts = bestBridge(*baseline, requestOf(compared.front()), requestOf(compared[i]), stop);
        if (!parts)
            return parts.error();
        input.bridges.push_back(std::move(*parts));
    }
    auto capacity = capacitySection(baseline, compared, startOfToday(), stop);
    if (!capacity)
        return capacity.error();
    input.capacity = std::move(*capacity);
    return comparisonReport(input);
}

} // namespace perunit
