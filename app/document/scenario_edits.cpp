// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/scenario_edits.h"

#include <algorithm>

namespace perunit {

namespace {

std::string keyText(const ModelKey &key)
{
    return key.provider + "/" + key.model;
}

/// Among the models that the ledger uses, the one with the lowest cost per token.
std::string cheapestModelInUse(const Baseline &ledger)
{
    const PriceBook &book = ledger.book();
    std::string best;
    std::int64_t bestPerToken = 0;
    for (const Baseline::Resolution &resolution : ledger.resolutions()) {
        if (!resolution.match.model.found() || resolution.tokens <= 0 || resolution.unpricedTokens > 0)
            continue;
        const auto perToken = static_cast<std::int64_t>(divideHalfEven(resolution.cost.units(), resolution.tokens));
        if (best.empty() || perToken < bestPerToken) {
            best = keyText(book.model(resolution.match.model).key);
            bestPerToken = perToken;
        }
    }
    return best;
}

/// The most used model of the ledger that some offer can serve, with that offer.
void proposePool(Lever &lever, const PriceBook &book, const Baseline &ledger)
{
    for (const Baseline::Resolution &resolution : ledger.resolutions()) {
        if (!resolution.match.model.found())
            continue;
        const ModelKey &key = ledger.book().model(resolution.match.model).key;
        for (const ProvisionedOffer *offer : book.offers()) {
            const auto served = std::find_if(offer->throughput.begin(), offer->throughput.end(),
                                             [&](const ProvisionedThroughput &each) {
                                                 return each.model == key.model && each.valid.to == alwaysAfter
                                                        && whyNotCalculable(*offer, each).empty();
                                             });
            const auto term = std::find_if(offer->terms.rbegin(), offer->terms.rend(),
                                           [](const ProvisionedTerm &each) { return each.priceKnown; });
            if (offer->provider != key.provider || served == offer->throughput.end() || term == offer->terms.rend())
                continue;
            lever.texts["model"] = keyText(key);
            lever.texts["offer"] = offer->id;
            lever.texts["term"] = term->term;
            lever.numbers["units"] = served->minimumUnits;
            return;
        }
    }
}

} // namespace

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

Lever proposedLever(const WorkspaceState &state, const std::string &scenarioId, LeverKind kind, const PriceBook &book,
                    const Baseline *ledger)
{
    constexpr std::int64_t half = onePpm / 2;
    Lever lever;
    lever.id = freeLeverId(state.scenarios, scenarioId, kind);
    lever.kind = kind;
    switch (kind) {
    case LeverKind::Routing:
        lever.numbers["share"] = half;
        if (ledger)
            lever.texts["to"] = cheapestModelInUse(*ledger);
        break;
    case LeverKind::PriceChange:
        lever.numbers["factor"] = onePpm - onePpm / 5;
        break;
    case LeverKind::Trimming:
    case LeverKind::OutputLength:
        lever.numbers["factor"] = onePpm - onePpm / 4;
        break;
    case LeverKind::Volume:
    case LeverKind::ContextGrowth:
        lever.numbers["factor"] = onePpm + onePpm / 5;
        break;
    case LeverKind::AnswerCache:
        lever.numbers["hit_share"] = onePpm / 4;
        break;
    case LeverKind::PromptCache:
        lever.numbers["hit_share"] = half;
        break;
    case LeverKind::Batch:
        lever.numbers["share"] = half;
        break;
    case LeverKind::ConversationLength:
        // Ten short turns with a prompt of a page: a place to start from, to be replaced by one's own.
        lever.numbers = {{"turns_before", 10},
                         {"turns_after", 15},
                         {"system_tokens", 1500},
                         {"user_tokens", 200},
                         {"answer_tokens", 300}};
        break;
    case LeverKind::AgentSteps:
        lever.numbers = {{"mean", 4 * onePpm}};
        break;
    case LeverKind::Retries:
        lever.numbers["retry_share"] = onePpm / 20;
        break;
    case LeverKind::EndpointSchedule:
        lever.numbers = {{"hours_per_day", 12 * onePpm}, {"days_per_week", 5 * onePpm}};
        break;
    case LeverKind::HumanReview:
        lever.numbers = {{"share", onePpm / 20}, {"minutes", 3 * onePpm}, {"hourly_rate", 40'000'000'000}};
        break;
    case LeverKind::Training:
    case LeverKind::ExchangeRate:
        break;
    case LeverKind::Provisioned:
        if (ledger)
            proposePool(lever, book, *ledger);
        break;
    }
    return lever;
}

} // namespace perunit
