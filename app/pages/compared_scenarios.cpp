// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/compared_scenarios.h"

namespace perunit {

std::vector<ComparedScenario> comparedScenarios(const ScenarioOutcomes &outcomes, const Selection &selection)
{
    std::vector<ComparedScenario> result;
    const std::string &reference = selection.referenceId();
    const auto add = [&](const std::string &id) {
        const Outcome *outcome = outcomes.outcome(id);
        if (!outcome)
            return;
        const ScenarioOutcomes::Entry *entry = outcomes.find(id);
        result.push_back({*outcome, entry ? entry->levers : std::vector<EffectiveLever>{}});
    };
    // Without its reference a comparison would measure against something else than it says.
    if (!outcomes.outcome(reference))
        return result;
    add(reference);
    if (!reference.empty() && selection.isCompared({}))
        add({});
    for (const ScenarioOutcomes::Entry &entry : outcomes.scenarios) {
        if (entry.scenarioId != reference && selection.isCompared(entry.scenarioId))
            add(entry.scenarioId);
    }
    return result;
}

std::vector<Outcome> outcomesOf(const std::vector<ComparedScenario> &compared)
{
    std::vector<Outcome> result;
    result.reserve(compared.size());
    for (const ComparedScenario &scenario : compared)
        result.push_back(scenario.outcome);
    return result;
}

} // namespace perunit
