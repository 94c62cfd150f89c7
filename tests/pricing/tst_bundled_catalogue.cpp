// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped prices checked against themselves and against what the specification names.
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/price_book.h"
#include "pricing/catalogue/provider_names.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace perunit;

namespace {

std::optional<std::int64_t> priceOf(const Rate &rate, UsageClass usageClass)
{
    const auto &price = rate.prices[static_cast<std::size_t>(usageClass)];
    return price ? std::optional(price->femto) : std::nullopt;
}

bool sameConditions(const Rate &a, const Rate &b)
{
    return a.tier == b.tier && a.region == b.region && a.context == b.context && a.status == b.status;
}

/// Windows of different weekdays or hours stand side by side.
bool windowsMeet(const Rate &a, const Rate &b)
{
    if (a.daily.has_value() != b.daily.has_value())
        return false;
    return !a.daily
           || ((a.daily->weekdays & b.daily->weekdays) != 0 && a.daily->fromMinute < b.daily->toMinute
               && b.daily->fromMinute < a.daily->toMinute);
}

std::string nameOf(const CatalogueModel &model)
{
    return model.key.provider + "/" + model.key.model;
}

} // namespace

class TestBundledCatalogue : public QObject
{
    Q_OBJECT
private slots:
    void coversWhatPeopleUse_data();
    void coversWhatPeopleUse();
    void namesAreUnique();
    void ratesNeverOverlap();
    void pricesAreInOrder();
    void everyRateHasAnOrigin();
    void aliasesNameOneModel();
    void announcedPricesAreInTheFuture();
    void offers();
    void everyOfferedModelCanBePriced();
};

void TestBundledCatalogue::coversWhatPeopleUse_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<int>("atLeast");
    const std::map<const char *, int> expected{{"openai", 70},  {"anthropic", 20}, {"google", 35},   {"azure", 40},
                                               {"bedrock", 40}, {"mistral", 25},   {"deepseek", 2},  {"xai", 15},
                                               {"cohere", 10},  {"groq", 10},      {"together", 10}, {"fireworks", 15}};
    for (const auto &[provider, count] : expected)
        QTest::newRow(provider) << provider << count;
}

void TestBundledCatalogue::coversWhatPeopleUse()
{
    QFETCH(QString, provider);
    QFETCH(int, atLeast);
    const auto &models = bundledCatalogue().models;
    const auto count = std::count_if(models.begin(), models.end(), [&provider](const CatalogueModel &model) {
        return model.key.provider == provider.toStdString() && !model.rates.empty();
    });
    QVERIFY2(count >= atLeast, qPrintable(QString::number(count)));
    QVERIFY(models.size() >= 350);
    QCOMPARE(bundledCatalogue().currency, std::string("USD"));
    QVERIFY(bundledCatalogue().asOf >= "2026-09-23");
}

void TestBundledCatalogue::namesAreUnique()
{
    std::set<std::string> ids;
    std::set<ModelKey> keys;
    for (const CatalogueModel &model : bundledCatalogue().models) {
        QCOMPARE(canonicalProvider(model.key.provider), model.key.provider);
        QVERIFY2(keys.insert({model.key.provider, lowered(model.key.model)}).second, nameOf(model).c_str());
        for (const Rate &rate : model.rates) {
            QVERIFY2(ids.insert(rate.id).second, rate.id.c_str());
            QVERIFY2(rate.id.rfind(nameOf(model), 0) == 0, rate.id.c_str());
        }
    }
}

void TestBundledCatalogue::ratesNeverOverlap()
{
    for (const CatalogueModel &model : bundledCatalogue().models) {
        for (std::size_t i = 0; i < model.rates.size(); ++i) {
            for (std::size_t j = i + 1; j < model.rates.size(); ++j) {
                const Rate &a = model.rates[i];
                const Rate &b = model.rates[j];
                const bool overlap = a.valid.from < b.valid.to && b.valid.from < a.valid.to;
                QVERIFY2(!overlap || !sameConditions(a, b) || !windowsMeet(a, b), (a.id + " and " + b.id).c_str());
            }
        }
    }
}

void TestBundledCatalogue::pricesAreInOrder()
{
    using enum UsageClass;
    constexpr std::int64_t dollarPerMillion = 1'000'000'000;
    // Facts that look wrong and are not: embeddings and small open models that charge both sides alike pass anyway.
    for (const CatalogueModel &model : bundledCatalogue().models) {
        for (const Rate &rate : model.rates) {
            const auto input = priceOf(rate, Input);
            const auto output = priceOf(rate, Output);
            if (input && output)
                QVERIFY2(*output >= *input || !rate.note.empty(), rate.id.c_str());
            if (const auto read = priceOf(rate, CacheRead); read && input)
                QVERIFY2(*read <= *input, rate.id.c_str());
            if (const auto write = priceOf(rate, CacheWrite1h); write && priceOf(rate, CacheWrite5m))
                QVERIFY2(*write >= *priceOf(rate, CacheWrite5m), rate.id.c_str());
            bool any = false;
            for (std::size_t i = 0; i < usageClassCount; ++i) {
                if (!rate.prices[i])
                    continue;
                any = true;
                // Only a third of a cent per hour of audio may lose digits; list prices never do.
                QVERIFY2(!rate.prices[i]->rounded || i == static_cast<std::size_t>(AudioSeconds), rate.id.c_str());
                if (isTokenClass(static_cast<UsageClass>(i)) && rate.prices[i]->femto != 0)
                    QVERIFY2(rate.prices[i]->femto < 1000 * dollarPerMillion
                                 && rate.prices[i]->femto > dollarPerMillion / 10'000,
                             rate.id.c_str());
            }
            QVERIFY2(any, rate.id.c_str());
            if (rate.tier != ServiceTier::Batch && rate.tier != ServiceTier::Flex)
                continue;
            for (const Rate &standard : model.rates) {
                const bool sameTime = standard.valid.from < rate.valid.to && rate.valid.from < standard.valid.to;
                if (standard.tier != ServiceTier::Standard || standard.region != rate.region
                    || standard.context != rate.context || standard.status != rate.status || !sameTime)
                    continue;
                for (const UsageClass each : tokenClasses) {
                    const auto i = static_cast<std::size_t>(each);
                    if (rate.prices[i] && standard.prices[i])
                        QVERIFY2(rate.prices[i]->femto <= standard.prices[i]->femto, rate.id.c_str());
                }
            }
        }
    }
}

void TestBundledCatalogue::everyRateHasAnOrigin()
{
    for (const CatalogueModel &model : bundledCatalogue().models) {
        for (const Rate &rate : model.rates) {
            QVERIFY2(!rate.source.empty(), rate.id.c_str());
            QVERIFY2(parseInstant(rate.checked).ok(), rate.id.c_str());
            QVERIFY2(rate.grade == "A" || rate.grade == "B" || rate.grade == "C", rate.id.c_str());
        }
    }
}

void TestBundledCatalogue::aliasesNameOneModel()
{
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    QCOMPARE(book.modelCount(), bundledCatalogue().models.size());
    for (const CatalogueModel &model : bundledCatalogue().models) {
        for (const std::string &alias : model.aliases) {
            const ModelMatch match = book.resolve(model.key.provider, alias);
            QVERIFY2(match.model.found() && book.model(match.model).key == model.key,
                     (nameOf(model) + " " + alias).c_str());
        }
        const ModelMatch match = book.resolve(model.key.provider, model.key.model);
        QVERIFY2(match.rule == MatchRule::Exact && book.model(match.model).key == model.key, nameOf(model).c_str());
    }
}

void TestBundledCatalogue::announcedPricesAreInTheFuture()
{
    int announced = 0;
    for (const CatalogueModel &model : bundledCatalogue().models) {
        for (const Rate &rate : model.rates) {
            if (rate.status == RateStatus::Announced) {
                ++announced;
                QVERIFY2(rate.valid.from > *parseInstant(rate.checked), rate.id.c_str());
            } else {
                QVERIFY2(rate.valid.from <= *parseInstant(rate.checked), rate.id.c_str());
            }
        }
    }
    QVERIFY(announced > 0);
}

void TestBundledCatalogue::offers()
{
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    const auto price = [&book](const char *id, const char *term) {
        const ProvisionedOffer *offer = book.offer(id);
        if (!offer)
            return std::string("no offer");
        for (const ProvisionedTerm &each : offer->terms) {
            if (each.term == term)
                return Femto::ofUnits(each.femto).text() + (each.perHour ? " an hour" : " a month");
        }
        return std::string("no term");
    };
    QCOMPARE(price("azure-ptu-global", "hourly"), std::string("1 an hour"));
    QCOMPARE(price("azure-ptu-global", "1-month"), std::string("260 a month"));
    QCOMPARE(price("azure-ptu-global", "1-year"), std::string("221 a month"));
    QCOMPARE(price("azure-ptu-datazone", "1-year"), std::string("243 a month"));
    QCOMPARE(price("azure-ptu-regional", "hourly"), std::string("2 an hour"));
    QCOMPARE(price("azure-ptu-regional", "1-year"), std::string("243 a month"));
    QCOMPARE(price("google-gsu-global", "3-month"), std::string("2400 a month"));
    QCOMPARE(price("google-gsu-global", "1-week"), std::string("7.142857142857143 an hour"));
    QVERIFY(!book.offer("azure-ptu"));
    const auto &models = book.offer("azure-ptu-datazone")->throughput;
    const auto found =
        std::find_if(models.begin(), models.end(), [](const auto &each) { return each.model == "gpt-5.2"; });
    QVERIFY(found != models.end());
    QCOMPARE(found->inputTokensPerMinute, std::int64_t{3400});
    QCOMPARE(found->outputWeight, 8 * onePpm);
    QCOMPARE(found->cacheReadWeight, PartsPerMillion{0});
    QCOMPARE(found->minimumUnits, std::int64_t{15});
    QCOMPARE(found->stepUnits, std::int64_t{5});
}

void TestBundledCatalogue::everyOfferedModelCanBePriced()
{
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    int missing = 0;
    for (const ProvisionedOffer *offer : book.offers()) {
        QVERIFY(!offer->source.empty() && !offer->checked.empty());
        for (const ProvisionedThroughput &each : offer->throughput)
            missing += book.resolve(offer->provider, each.model).model.found() ? 0 : 1;
    }
    QCOMPARE(missing, 0);
}

QTEST_APPLESS_MAIN(TestBundledCatalogue)
#include "tst_bundled_catalogue.moc"
