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
    void unknownsOfOffers();
    void weightsOfOffers();
    void knownPrices_data();
    void knownPrices();
    void everyClassAndTierHasPrices();
    void harness();
};

void TestBundledCatalogue::coversWhatPeopleUse_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<int>("atLeast");
    const std::map<const char *, int> expected{
        {"openai", 90},   {"anthropic", 25}, {"google", 80},    {"azure", 130},  {"bedrock", 95},
        {"mistral", 50},  {"deepseek", 5},   {"xai", 20},       {"cohere", 18},  {"groq", 14},
        {"together", 13}, {"fireworks", 35}, {"perplexity", 6}, {"voyage", 20},  {"moonshot", 14},
        {"minimax", 12},  {"zai", 15},       {"cerebras", 6},   {"alibaba", 10}, {"ai21", 5},
        {"deepinfra", 2}, {"nebius", 2},     {"jina", 1},       {"deepgram", 5}, {"elevenlabs", 2}};
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
    QVERIFY(models.size() >= 700);
    QCOMPARE(bundledCatalogue().currency, std::string("USD"));
    QVERIFY(bundledCatalogue().asOf >= "2026-11-04");
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
    std::set<std::string> missing;
    for (const ProvisionedOffer *offer : book.offers()) {
        QVERIFY2(!offer->source.empty() && !offer->checked.empty() && !offer->grade.empty(), offer->id.c_str());
        QVERIFY2(!offer->terms.empty(), offer->id.c_str());
        for (const ProvisionedThroughput &each : offer->throughput) {
            const bool calculable = each.inputTokensPerMinute > 0 && each.weightsKnown;
            if (!book.resolve(offer->provider, each.model).model.found() && calculable)
                missing.insert(offer->provider + "/" + each.model);
            QVERIFY2(each.stepUnits > 0, each.model.c_str());
        }
    }
    // Sold as units alone, or without a price per token in any source.
    std::string names;
    for (const std::string &each : missing)
        names += each + " ";
    QCOMPARE(QString::fromStdString(names),
             QStringLiteral("google/gemini-live-2.5-flash-native-audio google/llama-3.3-70b "));
}

void TestBundledCatalogue::unknownsOfOffers()
{
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    for (const char *id :
         {"google-gsu-partner", "bedrock-mu", "bedrock-reserved", "openai-reserved", "databricks-reserved"}) {
        const ProvisionedOffer *offer = book.offer(id);
        QVERIFY2(offer, id);
        for (const ProvisionedTerm &term : offer->terms)
            QVERIFY2(!term.priceKnown && term.femto == 0, id);
    }
    for (const char *id : {"azure-fireworks-ptu-global", "azure-fireworks-ptu-datazone"}) {
        const ProvisionedOffer *offer = book.offer(id);
        QVERIFY2(offer, id);
        QCOMPARE(offer->throughput.size(), std::size_t{35});
        for (const ProvisionedThroughput &each : offer->throughput)
            QVERIFY2(each.inputTokensPerMinute > 0 && !each.weightsKnown, each.model.c_str());
    }
    // A price of 0 would be a gift.
    for (const ProvisionedOffer *offer : book.offers()) {
        for (const ProvisionedTerm &term : offer->terms)
            QVERIFY2(term.priceKnown == (term.femto > 0), offer->id.c_str());
    }
}

void TestBundledCatalogue::weightsOfOffers()
{
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    const auto rowOf = [&book](const char *offer, const char *model) {
        const auto &rows = book.offer(offer)->throughput;
        const auto found =
            std::find_if(rows.begin(), rows.end(), [model](const auto &row) { return row.model == model; });
        return found == rows.end() ? ProvisionedThroughput{} : *found;
    };
    const ProvisionedThroughput sol = rowOf("azure-ptu-global", "gpt-6-sol");
    QCOMPARE(sol.cacheReadWeight, onePpm / 10);
    QVERIFY(sol.longPrompt);
    QCOMPARE(*sol.longPrompt,
             (LongPromptWeights{{272'000, false}, 2 * onePpm, onePpm / 5, 2'500'000, 2'500'000, 7'500'000}));
    const ProvisionedThroughput sonnet = rowOf("google-gsu-partner", "claude-sonnet-4-5");
    QCOMPARE(sonnet.inputTokensPerMinute, std::int64_t{350 * 60});
    QCOMPARE(sonnet.cacheWriteWeight, PartsPerMillion{1'250'000});
    QCOMPARE(sonnet.cacheWrite1hWeight, 2 * onePpm);
    QCOMPARE(sonnet.longPrompt->from, (ContextThreshold{200'000, false}));
    QCOMPARE(sonnet.longPrompt->cacheWrite1hWeight, 4 * onePpm);
    QCOMPARE(sonnet.minimumUnits, std::int64_t{25});
    const ProvisionedThroughput flash = rowOf("google-gsu-nonglobal", "gemini-2.5-flash");
    QCOMPARE(flash.otherWeights, (std::vector<ClassWeight>{{UsageClass::AudioIn, 4 * onePpm}}));
    QCOMPARE(rowOf("azure-ptu-global", "DeepSeek-R1").valid.to, *parseInstant("2026-09-23"));
    const ProvisionedOffer *xai = book.offer("xai-provisioned");
    QVERIFY(xai->separateOutputUnits);
    QCOMPARE(xai->terms[0].femto, std::int64_t{416'666'666'666'667}); // 10 a day, per hour
    QCOMPARE(xai->terms[0].minimumDays, std::int64_t{30});
    QCOMPARE(xai->throughput[0].outputTokensPerMinute, std::int64_t{12'500});
}

void TestBundledCatalogue::knownPrices_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("tier");
    QTest::addColumn<QString>("region");
    QTest::addColumn<qlonglong>("prompt");
    QTest::addColumn<QString>("usageClass");
    QTest::addColumn<QString>("price"); ///< of a million tokens, or of one event
    const auto row = [](const char *name, const char *provider, const char *model, const char *at, const char *tier,
                        const char *region, qlonglong prompt, const char *usageClass, const char *price) {
        QTest::newRow(name) << provider << model << at << tier << region << prompt << usageClass << price;
    };
    row("haiku 5.5, short prompt", "anthropic", "claude-haiku-5-5", "2026-11-01", "standard", "", 100'000, "input",
        "0.1");
    row("haiku 5.5, long prompt", "anthropic", "claude-haiku-5-5", "2026-11-01", "standard", "", 100'001, "output",
        "2.5");
    row("sonnet 5.5 before its cut", "anthropic", "claude-sonnet-5-5", "2026-10-06", "standard", "", 1, "cache_read",
        "0.2");
    row("sonnet 5.5 after its cut", "anthropic", "claude-sonnet-5-5", "2026-10-07", "standard", "", 1, "cache_read",
        "0.1");
    row("sonnet 5 never rose", "anthropic", "claude-sonnet-5", "2026-10-01", "standard", "", 1, "output", "10");
    row("fast mode six times", "anthropic", "claude-opus-4-6", "2026-08-01", "fast", "", 1, "input", "30");
    row("fast mode twice", "anthropic", "claude-opus-5", "2026-11-01", "fast", "", 1, "cache_write_1h", "20");
    row("fast mode of opus 5.5", "anthropic", "claude-opus-5-5", "2026-11-01", "fast", "", 1, "output", "40");
    row("fable 5.2", "anthropic", "claude-fable-5-2", "2026-11-20", "standard", "", 1, "cache_read", "0.2");
    row("inference in the US", "anthropic", "claude-opus-5", "2026-11-01", "standard", "us", 1, "output", "27.5");
    row("batch in the US", "anthropic", "claude-opus-5", "2026-11-01", "batch", "us", 1, "output", "13.75");
    row("luna before its cut", "openai", "gpt-5.6-luna", "2026-07-29", "standard", "", 1, "input", "1");
    row("luna after its cut", "openai", "gpt-5.6-luna", "2026-07-30", "standard", "", 1, "input", "0.2");
    row("sol, long prompt", "openai", "gpt-5.6-sol", "2026-08-21", "standard", "", 272'000, "output", "30");
    row("priority by its new name", "openai", "gpt-5.5", "2026-08-01", "fast", "", 1, "output", "75");
    row("data residency", "openai", "gpt-6.1-terra", "2026-11-01", "standard", "eu", 1, "output", "5.5");
    row("data residency with batch", "openai", "gpt-5.4", "2026-11-01", "batch", "jp", 1, "input", "1.375");
    row("file search", "openai", "gpt-5.4", "2026-11-01", "standard", "", 1, "file_search", "0.0025");
    row("code interpreter", "openai", "gpt-5.4", "2026-11-01", "standard", "", 1, "code_execution", "0.03");
    row("speech by character", "openai", "tts-1", "2026-11-01", "standard", "", 1, "characters", "0.000015");
    row("transcription by second", "openai", "whisper-1", "2026-11-01", "standard", "", 1, "audio_seconds", "0.0001");
    row("cached audio", "openai", "gpt-realtime", "2026-11-01", "standard", "", 1, "cache_read_audio", "0.4");
    row("cache storage, pro", "google", "gemini-2.5-pro", "2026-11-01", "standard", "", 1, "cache_storage",
        "0.0000045");
    row("cache storage, flash", "google", "gemini-3.8-flash", "2026-11-01", "standard", "", 1, "cache_storage",
        "0.0000005");
    row("an image", "google", "imagen-4.0-generate-001", "2026-11-01", "standard", "", 1, "image", "0.04");
    row("a second of video", "google", "veo-3.1-generate-001", "2026-11-01", "standard", "", 1, "video_seconds", "0.4");
    row("Claude on a regional endpoint", "google", "claude-opus-5", "2026-11-01", "standard", "europe-west1", 1,
        "input", "5.5");
    row("Azure, Data Zone", "azure", "gpt-4.1", "2026-11-01", "standard", "datazone", 1, "input", "2.2");
    row("Bedrock, Nova in Europe", "bedrock", "amazon.nova-lite-v1:0", "2026-11-01", "standard", "eu", 1, "input",
        "0.078");
    row("Bedrock, global", "bedrock", "openai.gpt-5.6-sol", "2026-11-01", "standard", "global", 1, "input", "4");
    row("Bedrock, bare id", "bedrock", "openai.gpt-5.6-sol", "2026-11-01", "standard", "", 1, "input", "4.4");
    row("a rerank request", "bedrock", "amazon.rerank-v1:0", "2026-11-01", "standard", "", 1, "request", "0.001");
    row("a page", "mistral", "mistral-ocr-4-1", "2026-11-01", "standard", "", 1, "page", "0.004");
    row("reasoning apart", "perplexity", "sonar-deep-research", "2026-11-01", "standard", "", 1, "reasoning", "3");
    row("reranking by token", "voyage", "rerank-2.5", "2026-11-01", "standard", "", 1, "input", "0.05");
    row("DeepSeek, peak hour", "deepseek", "deepseek-v4-flash", "2026-09-07T02:00:00Z", "standard", "", 1, "input",
        "0.44");
    row("DeepSeek, weekend", "deepseek", "deepseek-v4-flash", "2026-09-06T02:00:00Z", "standard", "", 1, "input",
        "0.22");
    row("DeepSeek, renamed to V4.1", "deepseek", "deepseek-v4-flash", "2026-11-02T07:00:00Z", "standard", "", 1,
        "output", "1.2");
    row("DeepSeek, the old name", "deepseek", "deepseek-chat", "2026-05-01", "standard", "", 1, "input", "0.14");
    row("xAI from the threshold on", "xai", "grok-4.5", "2026-11-01", "standard", "", 200'000, "input", "4");
}

void TestBundledCatalogue::knownPrices()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QFETCH(QString, at);
    QFETCH(QString, tier);
    QFETCH(QString, region);
    QFETCH(qlonglong, prompt);
    QFETCH(QString, usageClass);
    QFETCH(QString, price);
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    const ModelMatch match = book.resolve(provider.toStdString(), model.toStdString());
    QVERIFY(match.model.found());
    const auto counted = *usageClassNamed(usageClass.toStdString());
    const RateCard card = book.rateCard(match.model, *serviceTierNamed(tier.toStdString()), region.toStdString(),
                                        *parseInstant(at.toStdString()));
    const PriceBand *band = card.bandFor(prompt);
    QVERIFY(band);
    const ClassPrice found = band->prices[static_cast<std::size_t>(counted)];
    // Stated, not taken over from another class or tier.
    QCOMPARE(found.state, PriceState::Priced);
    const std::int64_t million = isTokenClass(counted) ? 1'000'000 : 1;
    QCOMPARE(formatDecimal(static_cast<Int128>(found.femto) * million, Femto::scale), price.toStdString());
}

void TestBundledCatalogue::everyClassAndTierHasPrices()
{
    std::array<int, usageClassCount> classes{};
    std::array<int, serviceTierCount> tiers{};
    int regional = 0;
    for (const CatalogueModel &model : bundledCatalogue().models) {
        for (const Rate &rate : model.rates) {
            ++tiers[static_cast<std::size_t>(rate.tier)];
            regional += rate.region.empty() ? 0 : 1;
            for (std::size_t i = 0; i < usageClassCount; ++i)
                classes[i] += rate.prices[i] ? 1 : 0;
        }
    }
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        QVERIFY2(classes[i] > 0, std::string(usageClassNames[i]).c_str());
    }
    for (const ServiceTier tier :
         {ServiceTier::Standard, ServiceTier::Batch, ServiceTier::Flex, ServiceTier::Priority, ServiceTier::Fast})
        QVERIFY2(tiers[static_cast<std::size_t>(tier)] >= 10, std::string(nameOf(tier)).c_str());
    QVERIFY(regional > 500);
}

void TestBundledCatalogue::harness()
{
    const auto &prices = bundledCatalogue().harness;
    QVERIFY(prices.size() >= 40);
    std::set<std::string> ids;
    std::set<HarnessComponent> components;
    for (const HarnessPrice &price : prices) {
        QVERIFY2(ids.insert(price.id).second, price.id.c_str());
        components.insert(price.component);
        QVERIFY2(price.lowest.femto > 0 && price.highest.femto >= price.lowest.femto, price.id.c_str());
        QVERIFY2(!price.source.empty() && !price.unit.empty() && parseInstant(price.checked).ok(), price.id.c_str());
        QVERIFY2(price.grade == "A" || price.grade == "B" || price.grade == "C", price.id.c_str());
        if (price.component == HarnessComponent::Egress)
            QVERIFY2(!price.toRegion.empty(), price.id.c_str());
    }
    QCOMPARE(components.size(), harnessComponentNames.size());
    const auto found =
        std::find_if(prices.begin(), prices.end(), [](const HarnessPrice &price) { return price.id == "gpu/h100"; });
    QVERIFY(found != prices.end());
    QCOMPARE(Femto::ofUnits(found->lowest.femto).text(), std::string("2.5"));
    QCOMPARE(Femto::ofUnits(found->highest.femto).text(), std::string("4"));
}

QTEST_APPLESS_MAIN(TestBundledCatalogue)
#include "tst_bundled_catalogue.moc"
