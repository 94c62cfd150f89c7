// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/offer_comparison.h"

#include "app/pages/capacity/own_figures.h"
#include "model/capacity/capacity_setup.h"
#include "widgets/text/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace perunit {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Capacity", text);
}

/// Something that changes the size was stated for an offer.
bool isStated(const CapacityChoice &choice, const std::string &offer)
{
    const auto figures = choice.figures.find(ownFiguresKey(choice.model, offer));
    return figures != choice.figures.end() && !figures->second.empty();
}

ComparedOffer studied(const CapacityWish &wish, const CapacityChoice &choice, const std::stop_token &stop)
{
    const PriceBook &book = wish.baseline->book();
    ComparedOffer line;
    line.comparison.offer = choice.offer;
    line.comparison.term = choice.term;
    line.name = offerText(book, choice.offer);
    const MissingFigures missing = missingFigures(book, choice, unitsBegin(*wish.baseline));
    if (!missing.labels.isEmpty()) {
        line.comparison.whyNot =
            fromQt(tr("to be stated: %1").arg(missing.labels.join(QStringLiteral(", ")).toLower()));
        return line;
    }
    CapacityWish one = wish;
    one.question = questionOf(choice);
    one.question.today = wish.question.today;
    one.question.units.reset();
    one.question.simulate = false;
    line.ownFigures = one.hasOwnFigures() || one.question.endpoint;
    auto answer = studyCapacity(*one.baseline, one.levers, one.question, stop);
    if (answer)
        line.comparison.answer = std::move(*answer);
    else
        line.comparison.whyNot = answer.error().what;
    return line;
}

bool isCheaper(const ComparedOffer &a, const ComparedOffer &b)
{
    const auto &one = a.comparison.answer;
    const auto &other = b.comparison.answer;
    if (!one || !other)
        return one.has_value() && !other.has_value();
    return one->optimum.cost() < other->optimum.cost();
}

} // namespace

std::vector<OfferComparison> compareCatalogueOffers(const CapacityWish &wish, std::stop_token stop)
{
    CapacityQuestion question;
    question.model = wish.question.model;
    question.binSeconds = wish.question.binSeconds;
    question.today = wish.question.today;
    auto offers = compareOffers(*wish.baseline, wish.levers, question, std::move(stop));
    // What another provider does not say about a model is no reason against it.
    std::erase_if(offers, [&](const OfferComparison &each) {
        const ProvisionedOffer *offer = wish.baseline->book().offer(each.offer);
        return !each.answer && offer && offer->provider != modelKeyOf(question.model).provider;
    });
    return offers;
}

std::vector<ComparedOffer> compareWithOwnFigures(const CapacityWish &wish, const SizableModel &model,
                                                 const CapacityChoice &choice,
                                                 const std::vector<OfferComparison> &catalogue,
                                                 const std::stop_token &stop)
{
    const PriceBook &book = wish.baseline->book();
    std::vector<std::string> again{model.askable};
    for (const std::string &offer : model.offers) {
        if (isStated(choice, offer))
            again.push_back(offer);
    }
    if (isStated(choice, std::string(endpointOffer)))
        again.emplace_back(endpointOffer);
    std::vector<ComparedOffer> lines;
    for (const OfferComparison &each : catalogue) {
        if (std::find(again.begin(), again.end(), each.offer) == again.end())
            lines.push_back({each, offerText(book, each.offer), false, each.answer.has_value()});
    }
    for (const std::string &offer : again) {
        CapacityChoice one = choice;
        one.offer = offer;
        bool asks = false;
        for (const std::string &term : termsOf(book, offer, unitsBegin(*wish.baseline))) {
            one.term = term;
            ComparedOffer line = studied(wish, one, stop);
            // Terms of which nothing is known say the same: once is enough.
            const bool waits = !line.comparison.answer;
            if (!waits || !asks)
                lines.push_back(std::move(line));
            asks = asks || waits;
        }
    }
    std::stable_sort(lines.begin(), lines.end(), isCheaper);
    return lines;
}

std::optional<Femto> hourlyPriceOf(const std::vector<ComparedOffer> &offers, const std::string &offer)
{
    for (const ComparedOffer &each : offers) {
        const OfferComparison &line = each.comparison;
        if (line.offer == offer && line.term == "hourly" && line.answer)
            return line.answer->pricePerUnit;
    }
    return std::nullopt;
}

} // namespace perunit
