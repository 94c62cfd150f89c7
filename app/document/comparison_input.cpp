// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/comparison_input.h"

namespace perunit {

Result<Bridge> bestBridge(const Baseline &baseline, const EvaluationRequest &from, const EvaluationRequest &to,
                          std::stop_token stop)
{
    auto result = bridge(baseline, from, to, BridgeMethod::Shapley, stop);
    if (!result && result.error().code == ErrorCode::Unsupported)
        return bridge(baseline, from, to, BridgeMethod::Sequential, stop);
    return result;
}

Result<ComparisonInput> comparisonInput(std::string workspaceName, const Baseline &baseline,
                                        std::vector<ComparedScenario> compared, const std::string &unitName,
                                        std::stop_token stop)
{
    ComparisonInput input;
    input.workspaceName = std::move(workspaceName);
    input.unitName = unitName;
    input.settings = baseline.settings();
    input.period = baseline.period();
    input.baselineDigest = baseline.digest();
    input.catalogueAsOf = baseline.book().asOf();
    input.requests = baseline.requestCount();

    const auto requestOf = [](const ComparedScenario &scenario) {
        EvaluationRequest request;
        request.scenarioId = scenario.outcome.scenarioId;
        request.name = scenario.outcome.name;
        request.levers = scenario.levers;
        return request;
    };
    for (std::size_t i = 1; i < compared.size(); ++i) {
        auto parts = bestBridge(baseline, requestOf(compared.front()), requestOf(compared[i]), stop);
        if (!parts)
            return parts.error();
        input.bridges.push_back(std::move(*parts));
    }
    input.scenarios = std::move(compared);
    return input;
}

} // namespace perunit
