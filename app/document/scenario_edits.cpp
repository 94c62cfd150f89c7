// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/scenario_edits.h"

#include <algorithm>

namespace perunit {

std::string addScenario(WorkspaceState &state, const std::string &name, const std::string &parent)
{
    Scenario scenario;
    scenario.id = freeScenarioId(state.scenarios);
    scenario.name = freeScenarioName(state.scenarios, name);
    scenario.parent = parent;
    state.scenarios.scenarios.push_back(scenario);
    return scenario.id;
}

std::string addRoutingScenario(WorkspaceState &state, const std::string &name, const Scope &scope,
                               const std::string &model)
{
    const std::string id = addScenario(state, name, {});
    Lever lever;
    lever.id = freeLeverId(state.scenarios, id, LeverKind::Routing);
    lever.kind = LeverKind::Routing;
    lever.scope = scope;
    lever.numbers["share"] = onePpm;
    lever.texts["to"] = model;
    setLever(state, id, lever);
    return id;
}

std::string duplicateScenario(WorkspaceState &state, const std::string &id)
{
    const Scenario *original = state.scenarios.find(id);
    if (!original)
        return {};
    Scenario copy = *original;
    copy.id = freeScenarioId(state.scenarios);
    copy.name = freeScenarioName(state.scenarios, "Copy of " + original->name);
    state.scenarios.scenarios.push_back(copy);
    return copy.id;
}

bool renameScenario(WorkspaceState &state, const std::string &id, const std::string &name)
{
    Scenario *scenario = state.scenarios.find(id);
    if (!scenario || name.empty() || scenario->name == name)
        return false;
    scenario->name.clear(); // its own old name must not count as taken
    scenario->name = freeScenarioName(state.scenarios, name);
    return true;
}

std::vector<std::string> scenarioAndDerived(const ScenarioSet &set, const std::string &id)
{
    std::vector<std::string> result{id};
    for (std::size_t i = 0; i < result.size(); ++i) {
        for (const std::string &child : set.childrenOf(result[i])) {
            if (std::find(result.begin(), result.end(), child) == result.end())
                result.push_back(child);
        }
    }
    return result;
}

void removeScenario(WorkspaceState &state, const std::string &id)
{
    const std::vector<std::string> gone = scenarioAndDerived(state.scenarios, id);
    std::erase_if(state.scenarios.scenarios, [&gone](const Scenario &scenario) {
        return std::find(gone.begin(), gone.end(), scenario.id) != gone.end();
    });
}

void setLever(WorkspaceState &state, const std::string &scenarioId, const Lever &lever)
{
    Scenario *scenario = state.scenarios.find(scenarioId);
    if (!scenario)
        return;
    const auto own = std::find_if(scenario->levers.begin(), scenario->levers.end(),
                                  [&lever](const Lever &each) { return each.id == lever.id; });
    if (own != scenario->levers.end())
        *own = lever;
    else
        scenario->levers.push_back(lever);
}

bool removeLever(WorkspaceState &state, const std::string &scenarioId, const std::string &leverId)
{
    Scenario *scenario = state.scenarios.find(scenarioId);
    return scenario && std::erase_if(scenario->levers, [&](const Lever &lever) { return lever.id == leverId; }) > 0;
}

const Lever *inheritedLever(const WorkspaceState &state, const std::string &scenarioId, const std::string &leverId)
{
    const std::vector<const Scenario *> chain = state.scenarios.chain(scenarioId);
    const Lever *result = nullptr;
    for (const Scenario *scenario : chain) {
        if (scenario->id == scenarioId)
            break;
        for (const Lever &lever : scenario->levers) {
            if (lever.id == leverId)
                result = &lever;
        }
    }
    return result;
}

std::string inheritedFrom(const WorkspaceState &state, const std::string &scenarioId, const std::string &leverId)
{
    std::string result;
    for (const Scenario *scenario : state.scenarios.chain(scenarioId)) {
        if (scenario->id == scenarioId)
            break;
        const bool sets = std::any_of(scenario->levers.begin(), scenario->levers.end(),
                                      [&leverId](const Lever &lever) { return lever.id == leverId; });
        if (sets)
            result = scenario->name;
    }
    return result;
}

std::optional<LeverProblem> leverProblemOf(const Error &error)
{
    constexpr std::string_view start = "lever '";
    const auto begin = error.where.find(start);
    const auto end = begin == std::string::npos ? begin : error.where.find('\'', begin + start.size());
    if (end == std::string::npos)
        return std::nullopt;
    LeverProblem problem;
    problem.leverId = error.where.substr(begin + start.size(), end - begin - start.size());
    constexpr std::string_view separator = ", ";
    if (error.where.compare(end + 1, separator.size(), separator) == 0)
        problem.parameter = error.where.substr(end + 1 + separator.size());
    // A month may follow.
    problem.parameter = problem.parameter.substr(0, problem.parameter.find(separator));
    problem.what = error.remedy.empty() ? error.what : error.what + "; " + error.remedy;
    return problem;
}

} // namespace perunit
