// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/capacity_chart.h"

#include "app/document/clock.h"
#include "app/pages/capacity/completed_choice.h"
#include "widgets/text/text.h"

namespace perunit {

Result<PlaneFigure> capacityChart(const Session &session, const CapacityChartWish &wish)
{
    std::vector<EffectiveLever> levers;
    QString name = QStringLiteral("Baseline");
    if (!wish.scenario.empty()) {
        auto scenario = findScenario(session, wish.scenario);
        if (!scenario)
            return scenario.error();
        levers = std::move(scenario->levers);
        name = toQt(scenario->name);
    }
    auto ledger = session.store->readLedger({});
    if (!ledger)
        return ledger.error();
    auto baseline = Baseline::build(*ledger, session.book, session.state.settings, {});
    if (!baseline)
        return baseline.error();
    CapacityChoice choice = wish.choice;
    if (const ModelKey key = modelKeyOf(choice.model); !choice.model.empty()) {
        const ModelMatch match = session.book->resolve(key.provider, key.model);
        if (!match.model.found())
            return Error{ErrorCode::NotFound, "the price catalogues have no model '" + choice.model + "'", "--model",
                         "write provider/model; 'perunit catalogue list' names them"};
        const ModelKey &found = session.book->model(match.model).key;
        choice.model = found.provider + "/" + found.model;
    }
    const auto complete = completedChoice(**baseline, sizableModels(**baseline, levers), choice);
    if (!complete || complete->offer.empty() || (!choice.model.empty() && complete->model != choice.model))
        return Error{ErrorCode::NotFound, "nothing that is reserved is offered for the models of this traffic",
                     "--page capacity", "'perunit catalogue list --offers' names the offers"};
    if (!choice.offer.empty() && complete->offer != choice.offer)
        return Error{ErrorCode::NotFound, "offer '" + choice.offer + "' cannot be calculated for " + complete->model,
                     "--offer", "'perunit size --all' says why"};
    if (!choice.term.empty() && complete->term != choice.term)
        return Error{ErrorCode::NotFound, "offer '" + complete->offer + "' has no term '" + choice.term + "'", "--term",
                     ""};
    SizingProgress progress;
    const auto sizing =
        sizeCapacity(capacityWish(*baseline, std::move(levers), *complete, startOfToday()), progress, {});
    if (!sizing)
        return sizing.error();
    const CapacitySizing &sized = **sizing;
    const SizeFigures shown = sized.at(complete->units.value_or(sized.answer.optimum.units));
    const CapacityWords words{name, costSpanOf((*baseline)->settings(), (*baseline)->period())};
    if (sized.isCoarse())
        return Error{ErrorCode::Unsupported, fromQt(coarseSentence(sized, words.span)), "--page capacity",
                     "import requests with their times"};
    return wish.figure == "cost" ? costOfSizeFigure(sized, shown, words) : loadDurationFigure(sized, shown, words);
}

} // namespace perunit
