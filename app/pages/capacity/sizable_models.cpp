// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/sizable_models.h"

#include "app/pages/capacity/own_figures.h"
#include "model/capacity/capacity_setup.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

std::string keyText(const ModelKey &key)
{
    return key.provider + "/" + key.model;
}

/// Some figure of the user makes it possible to calculate the offer.
bool canBeAsked(const PriceBook &book, const std::string &model, const std::string &offer, Instant at)
{
    CapacityChoice choice;
    choice.model = model;
    choice.offer = offer;
    const std::vector<std::string> terms = termsOf(book, offer, at);
    if (terms.empty())
        return false;
    choice.term = terms.front();
    return !missingFigures(book, choice, at).hopeless;
}

/// The offer speaks of the model, or of all models of its provider.
bool speaksOf(const ProvisionedOffer &offer, const PriceBook &book, const std::string &model, Instant at)
{
    const ModelKey key = modelKeyOf(model);
    const ModelIndex index = book.resolve(key.provider, key.model).model;
    return offer.throughput.empty() || (index.found() && throughputFor(offer, book, index, at));
}

/// Offers by whether they can be calculated.
void findOffers(const PriceBook &book, Instant at, SizableModel &model)
{
    // What a unit costs for what it serves, on its cheapest term; only for the order.
    std::map<std::string, double> prices;
    const std::string provider = modelKeyOf(model.name).provider;
    std::vector<std::string> silent;
    for (const ProvisionedOffer *offer : book.offers()) {
        CapacityQuestion question;
        question.model = model.name;
        question.offer = offer->id;
        const auto setup = setUpCapacity(book, question, at);
        if (setup) {
            model.offers.push_back(offer->id);
            prices[offer->id] =
                static_cast<double>(monthlyFemto(setup->term, 730))
                / static_cast<double>(std::max<std::int64_t>(setup->throughput.inputTokensPerMinute, 1));
            continue;
        }
        if (offer->provider != provider)
            continue;
        const bool speaks = speaksOf(*offer, book, model.name, at);
        if (canBeAsked(book, model.name, offer->id, at))
            (speaks ? model.askable : silent).push_back(offer->id);
        else if (setup.error().code != ErrorCode::NotFound)
            model.notOffered.push_back(setup.error().what);
    }
    std::stable_sort(model.offers.begin(), model.offers.end(),
                     [&prices](const std::string &a, const std::string &b) { return prices[a] < prices[b]; });
    // An offer that lists other models only may serve this one too, and its provider has not said so yet.
    if (model.offers.empty() && model.askable.empty())
        model.askable = std::move(silent);
}

} // namespace

bool SizableModel::canBeSizedOn(const std::string &offer) const
{
    return isOwnReplicas(offer) || std::find(offers.begin(), offers.end(), offer) != offers.end()
           || std::find(askable.begin(), askable.end(), offer) != askable.end();
}

std::vector<SizableModel> sizableModels(const Baseline &baseline, const std::vector<EffectiveLever> &levers)
{
    const PriceBook &book = baseline.book();
    std::vector<SizableModel> models;
    const auto modelNamed = [&models](const std::string &name) -> SizableModel & {
        const auto found =
            std::find_if(models.begin(), models.end(), [&](const SizableModel &each) { return each.name == name; });
        return found != models.end() ? *found : models.emplace_back(SizableModel{name, 0, {}, false, {}, {}, {}});
    };
    for (const Baseline::Resolution &resolution : baseline.resolutions()) {
        if (!resolution.match.model.found())
            continue;
        SizableModel &model = modelNamed(keyText(book.model(resolution.match.model).key));
        model.requests += resolution.requests;
        model.cost += resolution.cost;
    }
    for (const EffectiveLever &each : levers) {
        for (const ParameterSpec &parameter : leverSpec(each.lever.kind).parameters) {
            const std::string name = each.lever.text(parameter.name);
            if (parameter.unit == ParameterUnit::Model && !name.empty() && each.lever.enabled)
                modelNamed(name).routedTo = true;
        }
    }
    for (SizableModel &model : models)
        findOffers(book, unitsBegin(baseline), model);
    const auto rank = [](const SizableModel &model) {
        return !model.offers.empty() ? 0 : !model.askable.empty() ? 1 : 2;
    };
    std::stable_sort(models.begin(), models.end(), [rank](const SizableModel &a, const SizableModel &b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.cost > b.cost;
    });
    return models;
}

} // namespace perunit
