// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/scenario.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace perunit {

namespace {

bool shareValue(const std::vector<std::string> &a, const std::vector<std::string> &b)
{
    return std::any_of(a.begin(), a.end(),
                       [&b](const std::string &value) { return std::find(b.begin(), b.end(), value) != b.end(); });
}

/// "stem-1", "stem-2", …: the first that is not taken.
std::string numbered(const std::string &stem, const std::set<std::string> &taken)
{
    for (int i = 1;; ++i) {
        std::string id = stem + "-" + std::to_string(i);
        if (!taken.contains(id))
            return id;
    }
}

} // namespace

bool Scope::overlaps(const Scope &other) const
{
    return std::all_of(conditions.begin(), conditions.end(), [&other](const auto &condition) {
        const auto same = other.conditions.find(condition.first);
        return same == other.conditions.end() || shareValue(condition.second, same->second);
    });
}

std::string Scope::text() const
{
    std::string result;
    for (const auto &[dimension, values] : conditions) {
        std::string list;
        for (const std::string &value : values)
            list += (list.empty() ? "" : " or ") + (value.empty() ? std::string("(none)") : value);
        result += (result.empty() ? "" : ", ") + dimension + " = " + (values.empty() ? "nothing" : list);
    }
    return result.empty() ? "everything" : result;
}

std::int64_t Lever::number(std::string_view name) const
{
    if (const auto found = numbers.find(std::string(name)); found != numbers.end())
        return found->second;
    const ParameterSpec *spec = leverSpec(kind).parameter(name);
    return spec ? spec->neutral : 0;
}

std::string Lever::text(std::string_view name) const
{
    const auto found = texts.find(std::string(name));
    return found == texts.end() ? std::string() : found->second;
}

ModelKey modelKeyOf(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return {"", std::string(text)};
    return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

bool isSized(const Lever &lever)
{
    return lever.kind == LeverKind::Provisioned && lever.text("sizing") == "optimal";
}

OfferAndTerm offerAndTermOf(const Lever &lever)
{
    OfferAndTerm result{lever.text("offer"), lever.text("term")};
    const std::size_t slash = result.offer.find('/');
    if (slash != std::string::npos) {
        if (result.term.empty())
            result.term = result.offer.substr(slash + 1);
        result.offer.resize(slash);
    }
    return result;
}

const Scenario *ScenarioSet::find(std::string_view id) const
{
    const auto found =
        std::find_if(scenarios.begin(), scenarios.end(), [id](const auto &scenario) { return scenario.id == id; });
    return found == scenarios.end() ? nullptr : &*found;
}

Scenario *ScenarioSet::find(std::string_view id)
{
    const auto found =
        std::find_if(scenarios.begin(), scenarios.end(), [id](const auto &scenario) { return scenario.id == id; });
    return found == scenarios.end() ? nullptr : &*found;
}

const Scenario *ScenarioSet::findByName(std::string_view name) const
{
    const auto found = std::find_if(scenarios.begin(), scenarios.end(),
                                    [name](const auto &scenario) { return scenario.name == name; });
    return found == scenarios.end() ? nullptr : &*found;
}

std::vector<const Scenario *> ScenarioSet::chain(std::string_view id) const
{
    std::vector<const Scenario *> result;
    for (const Scenario *scenario = find(id); scenario; scenario = find(scenario->parent)) {
        if (std::find(result.begin(), result.end(), scenario) != result.end())
            break;
        result.push_back(scenario);
        if (scenario->parent.empty())
            break;
    }
    std::reverse(result.begin(), result.end());
    return result;
}

std::vector<EffectiveLever> ScenarioSet::effectiveLevers(std::string_view id) const
{
    std::vector<EffectiveLever> result;
    int layer = 0;
    for (const Scenario *scenario : chain(id)) {
        for (const Lever &lever : scenario->levers) {
            const auto inherited = std::find_if(result.begin(), result.end(), [&](const EffectiveLever &known) {
                return known.lever.id == lever.id && known.layer < layer;
            });
            if (inherited != result.end())
                *inherited = {lever, scenario->id, layer};
            else
                result.push_back({lever, scenario->id, layer});
        }
        ++layer;
    }
    std::stable_sort(result.begin(), result.end(), [](const EffectiveLever &a, const EffectiveLever &b) {
        return std::tie(a.lever.kind, a.lever.id) < std::tie(b.lever.kind, b.lever.id);
    });
    return result;
}

std::vector<std::string> ScenarioSet::childrenOf(std::string_view id) const
{
    std::vector<std::string> result;
    for (const Scenario &scenario : scenarios) {
        if (scenario.parent == id)
            result.push_back(scenario.id);
    }
    return result;
}

std::string freeScenarioId(const ScenarioSet &set)
{
    std::set<std::string> taken;
    for (const Scenario &scenario : set.scenarios)
        taken.insert(scenario.id);
    return numbered("scenario", taken);
}

std::string freeLeverId(const ScenarioSet &set, std::string_view scenarioId, LeverKind kind)
{
    // Descendants count as well: an id that one of them uses would turn its lever into an override.
    std::set<std::string> taken;
    for (const Scenario &scenario : set.scenarios) {
        const auto related = [&](std::string_view leaf, std::string_view ancestor) {
            const auto line = set.chain(leaf);
            return std::any_of(line.begin(), line.end(), [ancestor](const auto *link) { return link->id == ancestor; });
        };
        if (!related(scenarioId, scenario.id) && !related(scenario.id, scenarioId))
            continue;
        for (const Lever &lever : scenario.levers)
            taken.insert(lever.id);
    }
    return numbered(std::string(leverSpec(kind).name), taken);
}

std::string freeScenarioName(const ScenarioSet &set, std::string_view wanted)
{
    std::string name(wanted);
    for (int i = 2; set.findByName(name); ++i)
        name = std::string(wanted) + " " + std::to_string(i);
    return name;
}

} // namespace perunit
