// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_lever.h"

#include "app/document/scenario_edits.h"

namespace perunit {

const Lever *poolOf(const std::vector<EffectiveLever> &levers, const std::string &model)
{
    for (const EffectiveLever &each : levers) {
        if (each.lever.kind == LeverKind::Provisioned && each.lever.text("model") == model)
            return &each.lever;
    }
    return nullptr;
}

void useSize(WorkspaceState &state, const std::string &scenarioId, const SizeToUse &size)
{
    const std::vector<EffectiveLever> inForce = state.scenarios.effectiveLevers(scenarioId);
    Lever lever;
    if (const Lever *there = poolOf(inForce, size.model)) {
        lever = *there;
    } else {
        lever.kind = LeverKind::Provisioned;
        lever.id = freeLeverId(state.scenarios, scenarioId, LeverKind::Provisioned);
    }
    lever.enabled = true;
    lever.texts["model"] = size.model;
    lever.texts["offer"] = size.offer;
    lever.texts["term"] = size.term;
    lever.numbers["units"] = size.units;
    if (size.keepOptimal)
        lever.texts["sizing"] = "optimal";
    else
        lever.texts.erase("sizing");
    setLever(state, scenarioId, lever);
}

std::string addSizeScenario(WorkspaceState &state, const std::string &name, const std::string &parent,
                            const SizeToUse &size)
{
    const std::string id = addScenario(state, name, parent);
    useSize(state, id, size);
    return id;
}

} // namespace perunit
