// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/completed_choice.h"

#include <algorithm>

namespace perunit {

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
    const auto &offers = model->offers;
    if (std::find(offers.begin(), offers.end(), choice.offer) == offers.end())
        choice.offer = offers.empty() ? std::string() : offers.front();
    const std::vector<std::string> terms = sizableTerms(baseline, choice.offer);
    // The longest commitment that is sold is what a reservation is usually compared by.
    if (std::find(terms.begin(), terms.end(), choice.term) == terms.end())
        choice.term = terms.empty() ? std::string() : terms.back();
    return choice;
}

CapacityWish capacityWish(std::shared_ptr<const Baseline> baseline, std::vector<EffectiveLever> levers,
                          const CapacityChoice &choice, Instant today)
{
    CapacityWish wish;
    wish.baseline = std::move(baseline);
    wish.levers = std::move(levers);
    std::erase_if(wish.levers, [](const EffectiveLever &each) { return each.lever.kind == LeverKind::Provisioned; });
    wish.question.model = choice.model;
    wish.question.offer = choice.offer;
    wish.question.term = choice.term;
    wish.question.units = choice.units;
    wish.question.binSeconds = choice.binSeconds;
    wish.question.today = today;
    return wish;
}

} // namespace perunit
