// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/completed_choice.h"

#include "app/pages/capacity/own_figures.h"

#include "model/capacity/capacity_setup.h"

#include <algorithm>

namespace perunit {

namespace {

/// The last term with a public price; of an offer without any the last of all.
std::string lastPriced(const Baseline &baseline, const std::string &offer, const std::vector<std::string> &terms)
{
    const ProvisionedOffer *found = baseline.book().offer(offer);
    std::string last = terms.empty() ? std::string() : terms.back();
    for (const ProvisionedTerm &term : found ? found->terms : std::vector<ProvisionedTerm>{}) {
        if (term.priceKnown && term.valid.contains(unitsBegin(baseline)))
            last = term.term;
    }
    return last;
}

} // namespace

std::optional<CapacityChoice> completedChoice(const Baseline &baseline, const std::vector<SizableModel> &models,
                                              CapacityChoice choice)
{
    auto model =
        std::find_if(models.begin(), models.end(), [&](const SizableModel &each) { return each.name == choice.model; });
    if (model == models.end())
        model = models.begin();
    if (model == models.end())
        return std::nullopt;
    choice.model = model->name;
    if (choice.offer.empty() || !model->canBeSizedOn(choice.offer))
        choice.offer = !model->offers.empty()    ? model->offers.front()
                       : !model->askable.empty() ? model->askable.front()
                                                 : std::string();
    const std::vector<std::string> terms = termsOf(baseline.book(), choice.offer, unitsBegin(baseline));
    // The longest commitment whose price is known is what a reservation is usually compared by.
    if (std::find(terms.begin(), terms.end(), choice.term) == terms.end())
        choice.term = lastPriced(baseline, choice.offer, terms);
    return choice;
}

CapacityWish capacityWish(std::shared_ptr<const Baseline> baseline, std::vector<EffectiveLever> levers,
                          const CapacityChoice &choice, Instant today)
{
    CapacityWish wish;
    wish.baseline = std::move(baseline);
    wish.levers = std::move(levers);
    std::erase_if(wish.levers, [](const EffectiveLever &each) { return each.lever.kind == LeverKind::Provisioned; });
    wish.question = questionOf(choice);
    wish.question.today = today;
    return wish;
}

} // namespace perunit
