// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/choices.h"

#include "app/document/clock.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <set>

namespace perunit {

namespace {

/// Slider end for units of an offer whose minimum says nothing about a usual size.
constexpr std::int64_t stepsOnSlider = 40;

QString pricesInWords(const PriceBook &book, ModelIndex index)
{
    const RateCard card = book.rateCard(index, ServiceTier::Standard, {}, now());
    if (card.bands.empty())
        return QCoreApplication::translate("Choices", "no current price");
    const auto text = [&card](UsageClass usageClass) {
        const ClassPrice &price = card.bands.front().prices[static_cast<std::size_t>(usageClass)];
        return price.state == PriceState::Unpriced
                   ? QStringLiteral("–")
                   : toQt(formatDecimal(static_cast<Int128>(price.femto) * 1'000'000, Femto::scale));
    };
    return QCoreApplication::translate("Choices", "in %1, out %2 %3 per million tokens")
        .arg(text(UsageClass::Input), text(UsageClass::Output), toQt(book.currency()));
}

QString termInWords(const ProvisionedTerm &term, const std::string &currency)
{
    if (!term.priceKnown)
        return QCoreApplication::translate("Choices", "the price is not public");
    return QCoreApplication::translate("Choices", "%1 %2 for a unit %3")
        .arg(toQt(formatDecimal(term.femto, Femto::scale)), toQt(currency),
             term.perHour ? QCoreApplication::translate("Choices", "an hour")
                          : QCoreApplication::translate("Choices", "a month"));
}

} // namespace

std::vector<ChoiceItem> modelChoices(const PriceBook &book, const Baseline *ledger)
{
    std::vector<ChoiceItem> result;
    std::set<std::int32_t> listed;
    const auto add = [&](ModelIndex index, const QString &prefix) {
        if (!listed.insert(index.value).second)
            return;
        const CatalogueModel &model = book.model(index);
        result.push_back({model.key.provider + "/" + model.key.model, {}, prefix + pricesInWords(book, index)});
    };
    if (ledger) {
        // The ledger may still be priced with an older book, whose indices mean other models in this one.
        for (const Baseline::Resolution &resolution : ledger->resolutions()) {
            if (!resolution.match.model.found())
                continue;
            const ModelKey &key = ledger->book().model(resolution.match.model).key;
            const ModelMatch here = book.resolve(key.provider, key.model);
            if (here.model.found())
                add(here.model, QCoreApplication::translate("Choices", "in the ledger; "));
        }
    }
    for (std::size_t i = 0; i < book.modelCount(); ++i)
        add(ModelIndex{static_cast<std::int32_t>(i)}, {});
    return result;
}

std::vector<OfferChoice> offerChoices(const PriceBook &book)
{
    std::vector<OfferChoice> result;
    for (const ProvisionedOffer *offer : book.offers()) {
        OfferChoice choice;
        choice.value = offer->id;
        choice.label = toQt(offer->name);
        choice.unitName = toQt(offer->unitName);
        for (const ProvisionedTerm &term : offer->terms)
            choice.terms.push_back({term.term, toQt(term.term).replace(QLatin1Char('-'), QLatin1Char(' ')),
                                    termInWords(term, book.currency())});
        std::int64_t largestMinimum = 0;
        std::int64_t largestStep = 1;
        for (const ProvisionedThroughput &each : offer->throughput) {
            if (!whyNotCalculable(*offer, each).empty())
                continue;
            choice.models[offer->provider + "/" + each.model] = {each.minimumUnits, each.stepUnits};
            largestMinimum = std::max(largestMinimum, each.minimumUnits);
            largestStep = std::max(largestStep, each.stepUnits);
        }
        // An empty list of models would mean that all are served.
        if (choice.models.empty())
            continue;
        choice.sliderMaximum = largestMinimum + stepsOnSlider * largestStep;
        result.push_back(std::move(choice));
    }
    return result;
}

std::map<std::string, std::vector<ChoiceItem>> listedChoices()
{
    std::map<std::string, std::vector<ChoiceItem>> result;
    for (const LeverSpec &lever : leverSpecs()) {
        for (const ParameterSpec &parameter : lever.parameters) {
            for (const std::string_view choice : parameter.choices)
                result[std::string(parameter.name)].push_back(
                    {std::string(choice), toQt(choice).replace(QLatin1Char('-'), QLatin1Char(' ')), {}});
        }
    }
    return result;
}

ScopeValues scopeValues(const WorkspaceDocument &document)
{
    ScopeValues result;
    const auto all = document.dimensionValues();
    if (!all || !document.ledger())
        return result;
    const auto requests = static_cast<std::int64_t>(document.ledger()->workload->size());
    for (const auto &[dimension, values] : *all) {
        for (const auto &[value, rows] : values) {
            const std::int64_t perMille = requests > 0 ? (rows * 1000 + requests / 2) / requests : 0;
            result[dimension].emplace_back(
                value,
                QCoreApplication::translate("Choices", "%1.%2 % of requests").arg(perMille / 10).arg(perMille % 10));
        }
    }
    return result;
}

} // namespace perunit
