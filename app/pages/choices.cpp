// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/choices.h"

#include "app/document/clock.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
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
    const auto tr = [](const char *text) {
        return QCoreApplication::translate("Choices", text);
    };
    // Where the stored word alone says too little.
    const std::map<std::pair<std::string_view, std::string_view>, ChoiceItem> worded{
        {{"ttl", "5m"}, {"5m", tr("5 minutes"), tr("charged at the lower cache write price")}},
        {{"ttl", "1h"}, {"1h", tr("1 hour"), tr("charged at the higher cache write price, where there is one")}},
        {{"mode", "set"}, {"set", tr("as set above"), tr("the share is an assumption")}},
        {{"mode", "measured"}, {"measured", tr("measured"), tr("what the gaps between the requests allow")}},
        {{"shape", "compound"}, {"compound", tr("compound"), tr("growth on growth")}},
        {{"shape", "linear"}, {"linear", tr("linear"), tr("the same number more every month")}},
        {{"shape", "s-curve"}, {"s-curve", tr("S-curve"), tr("slow, fast, slow over the ramp")}},
        {{"shape", "spike"},
         {"spike", tr("spike"), tr("the factor at the start, then half of the excess each month")}}};
    std::map<std::string, std::vector<ChoiceItem>> result;
    for (const LeverSpec &lever : leverSpecs()) {
        for (const ParameterSpec &parameter : lever.parameters) {
            for (const std::string_view choice : parameter.choices) {
                const auto found = worded.find({parameter.name, choice});
                result[std::string(parameter.name)].push_back(
                    found != worded.end() ? found->second
                                          : ChoiceItem{std::string(choice),
                                                       toQt(choice).replace(QLatin1Char('-'), QLatin1Char(' ')),
                                                       {}});
            }
        }
    }
    return result;
}

std::vector<ChoiceItem> currencyChoices(const Ledger *ledger)
{
    std::vector<ChoiceItem> result;
    const auto add = [&result](const std::string &code, const QString &detail) {
        const bool known =
            std::any_of(result.begin(), result.end(), [&code](const ChoiceItem &item) { return item.value == code; });
        if (!known && !code.empty())
            result.push_back({code, {}, detail});
    };
    if (ledger)
        add(ledger->currency, QCoreApplication::translate("Choices", "of the charges in the ledger"));
    for (const char *code : {"EUR", "GBP", "USD", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "SEK",
                             "NOK", "DKK", "PLN", "CZK", "BRL", "MXN", "KRW", "SGD", "HKD", "ZAR"})
        add(code, {});
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
