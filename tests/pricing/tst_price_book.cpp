// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/price_book.h"
#include "tests/support/catalogue_samples.h"

#include <QTest>

using namespace perunit;

namespace {

const PriceBook &bundledBook()
{
    static const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    return book;
}

std::string matchText(const PriceBook &book, const QString &provider, const QString &model)
{
    const ModelMatch match = book.resolve(provider.toStdString(), model.toStdString());
    if (!match.model.found())
        return "-";
    const ModelKey &key = book.model(match.model).key;
    return key.provider + " " + key.model + (match.region.empty() ? "" : " in " + match.region);
}

const ClassPrice &priceIn(const PriceBand &band, UsageClass usageClass)
{
    return band.prices[static_cast<std::size_t>(usageClass)];
}

/// "3 priced", "3 assumed", "unpriced": one price of a band per million tokens.
QString priceText(const PriceBand &band, const char *usageClass)
{
    static const char *const states[] = {"unpriced", "priced", "assumed", "free", "covered"};
    const ClassPrice &price = priceIn(band, *usageClassNamed(usageClass));
    const QString state = QString::fromLatin1(states[static_cast<int>(price.state)]);
    return price.state == PriceState::Unpriced ? state
                                               : QString::fromStdString(formatDecimal(price.femto, 9)) + " " + state;
}

const Instant now = *parseInstant("2026-09-01");

ModelIndex indexOf(const PriceBook &book, const char *provider, const char *model)
{
    return book.resolve(provider, model).model;
}

} // namespace

class TestPriceBook : public QObject
{
    Q_OBJECT
private slots:
    void resolves_data();
    void resolves();
    void saysHow_data();
    void saysHow();
    void neverGuesses_data();
    void neverGuesses();
    void userMappingsComeFirst();
    void ambiguousAliasNamesNothing();
    void inheritsBetweenClasses_data();
    void inheritsBetweenClasses();
    void tiers();
    void bandsInheritFromTheBase();
    void regionsBeforeNoRegion();
    void statusDecides();
    void laterRateWins();
    void layers();
    void layersNeverChangeThePast();
    void namesOutliveALayer_data();
    void namesOutliveALayer();
    void newEntriesContinueWhatTheirNameMeant_data();
    void newEntriesContinueWhatTheirNameMeant();
    void overlaysOfASnapshotAreItsOwn();
    void anotherCurrencyTakesNoPart();
    void digestFollowsWhatDecidesPrices();
    void changesAreInsideThePeriod();
    void dailyChanges();
};

void TestPriceBook::resolves_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("match");
    const auto row = [](const char *provider, const char *model, const char *match) {
        QTest::newRow(qPrintable(QString("%1 | %2").arg(provider, model))) << provider << model << match;
    };
    row("openai", "gpt-4o", "openai gpt-4o");
    row("OpenAI", "gpt-4o-2024-05-13", "openai gpt-4o-2024-05-13");
    row("openai", "gpt-4o-2024-11-20", "openai gpt-4o");
    row("openai", "gpt-4.1-2031-02-28", "openai gpt-4.1");
    row("openai", "openai/gpt-4o", "openai gpt-4o");
    row("azure_openai", "gpt-4o", "azure gpt-4o");
    row("azure.openai", "gpt-4o", "azure gpt-4o");
    row("Azure OpenAI Service", "openai/gpt-4o", "azure gpt-4o");
    row("azure", "azure/eu/gpt-4o-2024-08-06", "azure gpt-4o in eu");
    row("litellm", "azure/gpt-4.1", "azure gpt-4.1");
    row("", "azure/gpt-4.1", "azure gpt-4.1");
    row("anthropic", "claude-sonnet-4-5-20250929", "anthropic claude-sonnet-4-5");
    row("anthropic", "claude-sonnet-4-5-20251231", "anthropic claude-sonnet-4-5");
    row("anthropic", "anthropic/claude-4.5-haiku-20251001", "anthropic claude-haiku-4-5");
    row("anthropic", "claude-4.5-sonnet", "anthropic claude-sonnet-4-5");
    row("", "claude-4.5-sonnet", "anthropic claude-sonnet-4-5");
    row("", "anthropic/claude-4.5-haiku-20251001", "anthropic claude-haiku-4-5");
    row("anthropic", "claude-4-sonnet-20250514", "anthropic claude-sonnet-4");
    row("vertex_ai", "claude-sonnet-4-5@20250929", "google claude-sonnet-4-5");
    row("vertex_ai", "claude-sonnet-4-5@20251115", "google claude-sonnet-4-5");
    row("gemini", "models/gemini-2.5-pro", "google gemini-2.5-pro");
    row("google_ai", "gemini-2.5-pro", "google gemini-2.5-pro");
    row("", "publishers/google/models/gemini-2.5-pro", "google gemini-2.5-pro");
    row("vertex_ai", "projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro",
        "google gemini-2.5-pro in europe-west4");
    row("aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "bedrock anthropic.claude-sonnet-4-5-20250929-v1:0 in us");
    row("bedrock_converse", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "bedrock anthropic.claude-sonnet-4-5-20250929-v1:0 in us");
    row("bedrock", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-8",
        "bedrock anthropic.claude-opus-4-8 in eu");
    row("bedrock", "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
        "bedrock anthropic.claude-3-haiku-20240307-v1:0 in us-west-2");
    row("bedrock", "bedrock/eu-central-1/anthropic.claude-3-haiku-20240307-v1:0",
        "bedrock anthropic.claude-3-haiku-20240307-v1:0 in eu-central-1");
    row("bedrock", "anthropic.claude-opus-4-8-v1:0", "bedrock anthropic.claude-opus-4-8");
    row("openai", "ft:gpt-4o-mini-2024-07-18:acme::AbC123", "openai ft:gpt-4o-mini");
    row("openai", "ft:gpt-4o:acme", "openai ft:gpt-4o");
    row("", "gpt-4o", "openai gpt-4o");
    row("", "claude-sonnet-4-5", "anthropic claude-sonnet-4-5");
    row("", "gemini-2.5-flash", "google gemini-2.5-flash");
    row("groq", "openai/gpt-oss-120b", "groq openai/gpt-oss-120b");
}

void TestPriceBook::resolves()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QFETCH(QString, match);
    QCOMPARE(QString::fromStdString(matchText(bundledBook(), provider, model)), match);
}

void TestPriceBook::saysHow_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("rule");
    QTest::addColumn<QString>("detail");
    QTest::newRow("exact") << "openai"
                           << "gpt-4o" << static_cast<int>(MatchRule::Exact) << "exact";
    QTest::newRow("alias") << "openai"
                           << "gpt-4o-2024-08-06" << static_cast<int>(MatchRule::Alias) << "alias";
    QTest::newRow("date") << "anthropic"
                          << "claude-opus-4-8-20260601" << static_cast<int>(MatchRule::Pattern)
                          << "pattern: dated snapshot -20260601";
    QTest::newRow("region") << "bedrock"
                            << "us.anthropic.claude-opus-4-8" << static_cast<int>(MatchRule::Pattern)
                            << "pattern: region prefix us.";
    QTest::newRow("none") << "openai"
                          << "gpt-9" << static_cast<int>(MatchRule::None) << "no catalogue entry of openai has this id";
}

void TestPriceBook::saysHow()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QFETCH(int, rule);
    QFETCH(QString, detail);
    const ModelMatch match = bundledBook().resolve(provider.toStdString(), model.toStdString());
    QCOMPARE(static_cast<int>(match.rule), rule);
    QCOMPARE(QString::fromStdString(match.detail), detail);
}

void TestPriceBook::neverGuesses_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    const auto row = [](const char *provider, const char *model) {
        QTest::newRow(qPrintable(QString("%1 | %2").arg(provider, model))) << provider << model;
    };
    row("openai", "gpt-5.4-mini-turbo");
    row("openai", "gpt-4o-ultra");
    row("openai", "gpt-4o-20240806x");
    row("openai", "gpt-4.1-2025-02-30");            // no calendar date
    row("openai", "gpt-4.1-2031-01-01-2031-01-01"); // one date only
    row("openai", "gpt-4.1-0414");
    row("openai", "gpt-4.1-x-20250414"); // something stands between name and date
    row("openai", "claude-sonnet-4-5");  // another seller's model
    row("openai", "azure/gpt-4o");       // the wrapper contradicts the provider
    row("anthropic", "claude-opus-4-9");
    row("anthropic", "claude-opus");
    row("deepseek", "deepseek-v4-pro-max");
    row("openai", "ft:babbage-002:acme::x");
    row("bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123");
    row("openrouter", "gpt-4o");
    row("unheard-of", "gpt-4o");
    row("", "claude-opus-4-8-20260601"); // a pattern needs a seller
    row("", "openai/gpt-oss-120b");      // openai sells no gpt-oss
    row("openai", "");
    row("", "");
}

void TestPriceBook::neverGuesses()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QCOMPARE(QString::fromStdString(matchText(bundledBook(), provider, model)), QString("-"));
    const ModelMatch match = bundledBook().resolve(provider.toStdString(), model.toStdString());
    QVERIFY(!match.detail.empty());
}

void TestPriceBook::userMappingsComeFirst()
{
    const std::vector<ModelMapping> mappings{{"azure", "my-deployment", {"azure", "gpt-4.1"}},
                                             {"", "gpt-4o", {"azure", "gpt-4o"}},
                                             {"openai", "gone", {"openai", "gpt-9"}}};
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, mappings);
    QCOMPARE(matchText(book, "Azure OpenAI", "my-deployment"), std::string("azure gpt-4.1"));
    QCOMPARE(matchText(book, "openai", "my-deployment"), std::string("-"));
    QCOMPARE(matchText(book, "openai", "gpt-4o"), std::string("azure gpt-4o"));
    QVERIFY(book.resolve("openai", "gpt-4o").rule == MatchRule::UserMapping);
    QVERIFY(!book.resolve("openai", "gone").model.found());
}

void TestPriceBook::ambiguousAliasNamesNothing()
{
    const std::string rates = R"([{"id":"%","per_million_tokens":{"input":"1"}}])";
    const auto withId = [&rates](const char *id) {
        return std::string(rates).replace(rates.find('%'), 1, id);
    };
    const PriceBook book = bookOf("[" + modelText("openai", "a", withId("1"), R"(["both","b"])") + ","
                                  + modelText("openai", "b", withId("2"), R"(["both"])") + "]");
    QCOMPARE(matchText(book, "openai", "both"), std::string("-"));
    QCOMPARE(matchText(book, "openai", "b"), std::string("openai b"));
}

void TestPriceBook::inheritsBetweenClasses_data()
{
    QTest::addColumn<QString>("prices");
    QTest::addColumn<QString>("usageClass");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *prices, const char *usageClass, const char *expected) {
        QTest::newRow(qPrintable(QString("%1 of %2").arg(usageClass, prices))) << prices << usageClass << expected;
    };
    row(R"("input":"3","cache_read":"0.3")", "cache_read", "0.3 priced");
    row(R"("input":"3")", "cache_read", "3 assumed");
    row(R"("input":"3")", "cache_write_5m", "3 assumed");
    row(R"("input":"3")", "cache_write_1h", "3 assumed");
    row(R"("input":"3","cache_write_5m":"3.75")", "cache_write_1h", "3.75 assumed");
    row(R"("input":"3")", "audio_in", "3 assumed");
    row(R"("input":"3")", "image_in", "3 assumed");
    row(R"("output":"15")", "audio_out", "15 assumed");
    row(R"("output":"15")", "image_out", "15 assumed");
    row(R"("input":"0.02")", "embedding", "0.02 assumed");
    row(R"("embedding":"0.02")", "input", "0.02 assumed");
    row(R"("input":"0")", "input", "0 free");
    row(R"("input":"0")", "cache_read", "0 assumed");
    row(R"("input":"3")", "output", "unpriced");
    row(R"("output":"15")", "input", "unpriced");
    row(R"("output":"15")", "cache_read", "unpriced");
    row(R"("input":null,"output":"15")", "input", "unpriced");
    row(R"("input":"3")", "web_search", "unpriced");
    row(R"("input":"3")", "page", "unpriced");
}

void TestPriceBook::inheritsBetweenClasses()
{
    QFETCH(QString, prices);
    QFETCH(QString, usageClass);
    QFETCH(QString, expected);
    const PriceBook book = bookOf(
        "[" + modelText("openai", "m", R"([{"id":"r","per_million_tokens":{)" + prices.toStdString() + "}}]") + "]");
    const RateCard card = book.rateCard(indexOf(book, "openai", "m"), ServiceTier::Standard, "", now);
    QCOMPARE(card.bands.size(), std::size_t{1});
    QCOMPARE(priceText(card.bands.front(), usageClass.toLatin1().constData()), expected);
}

void TestPriceBook::tiers()
{
    const PriceBook book =
        bookOf("["
               + modelText("openai", "m",
                           R"([{"id":"s","per_million_tokens":{"input":"2","output":"8","cache_read":"0.5"},
                             "per_event":{"web_search":"0.01"}},
                            {"id":"sl","context":{"gt":1000},"per_million_tokens":{"input":"4","output":"16"}},
                            {"id":"b","tier":"batch","per_million_tokens":{"input":"1","output":"4"}}])")
               + "]");
    const ModelIndex model = indexOf(book, "openai", "m");
    const RateCard batch = book.rateCard(model, ServiceTier::Batch, "", now);
    QCOMPARE(priceText(batch.bands[0], "input"), QString("1 priced"));
    QCOMPARE(priceText(batch.bands[0], "cache_read"), QString("0.5 assumed")); // not the batch price of input
    QCOMPARE(priceText(batch.bands[0], "cache_write_5m"), QString("1 assumed"));
    QCOMPARE(priceIn(batch.bands[0], UsageClass::WebSearch).femto, std::int64_t{10'000'000'000'000});
    // The batch rates say nothing about long prompts: their base price holds, marked.
    QCOMPARE(batch.bands.size(), std::size_t{2});
    QCOMPARE(priceText(batch.bands[1], "input"), QString("1 assumed"));
    QVERIFY(book.hasTier(model, ServiceTier::Batch, "", now));

    const RateCard flex = book.rateCard(model, ServiceTier::Flex, "", now);
    QVERIFY(!book.hasTier(model, ServiceTier::Flex, "", now));
    QCOMPARE(priceText(flex.bands[0], "input"), QString("2 assumed"));
    QCOMPARE(priceText(flex.bands[1], "input"), QString("4 assumed"));

    const RateCard provisioned = book.rateCard(model, ServiceTier::Provisioned, "", now);
    QCOMPARE(provisioned.bands.size(), std::size_t{1});
    QCOMPARE(priceText(provisioned.bands[0], "output"), QString("0 covered"));
}

void TestPriceBook::bandsInheritFromTheBase()
{
    const PriceBook book =
        bookOf("["
               + modelText("openai", "m",
                           R"([{"id":"base","per_million_tokens":{"input":"1","output":"5","cache_read":"0.1"}},
                            {"id":"far","context":{"gt":500},"per_million_tokens":{"input":"4"}},
                            {"id":"near","context":{"gte":200},"per_million_tokens":{"input":"2"}}])")
               + "]");
    const RateCard card = book.rateCard(indexOf(book, "openai", "m"), ServiceTier::Standard, "", now);
    QCOMPARE(card.bands.size(), std::size_t{3});
    QCOMPARE(card.bands[1].from->tokens, std::int64_t{200});
    QCOMPARE(priceText(card.bands[1], "input"), QString("2 priced"));
    QCOMPARE(priceText(card.bands[1], "output"), QString("5 assumed"));
    QCOMPARE(priceText(card.bands[2], "cache_read"), QString("0.1 assumed"));
    QVERIFY(card.bandFor(199) == &card.bands[0]);
    QVERIFY(card.bandFor(200) == &card.bands[1]);
    QVERIFY(card.bandFor(500) == &card.bands[1]);
    QVERIFY(card.bandFor(501) == &card.bands[2]);
    QVERIFY(RateCard{}.bandFor(1) == nullptr);
}

void TestPriceBook::regionsBeforeNoRegion()
{
    const PriceBook book = bookOf("["
                                  + modelText("azure", "m",
                                              R"([{"id":"any","per_million_tokens":{"input":"1","output":"5"}},
                            {"id":"zone","region":"datazone","per_million_tokens":{"input":"1.1"}},
                            {"id":"mars","region":"mars","tier":"batch","per_million_tokens":{"input":"9"}}])")
                                  + "]");
    const ModelIndex model = indexOf(book, "azure", "m");
    const auto text = [&](const char *region, const char *usageClass) {
        return priceText(book.rateCard(model, ServiceTier::Standard, region, now).bands[0], usageClass);
    };
    QCOMPARE(text("", "input"), QString("1 priced"));
    QCOMPARE(text("venus", "input"), QString("1 priced"));
    QCOMPARE(text("datazone", "input"), QString("1.1 priced"));
    QCOMPARE(text("Data Zone", "input"), QString("1.1 priced"));
    QCOMPARE(text("datazone", "output"), QString("5 assumed"));
    QVERIFY(book.hasTier(model, ServiceTier::Batch, "Mars", now));
    QVERIFY(!book.hasTier(model, ServiceTier::Batch, "", now));
}

void TestPriceBook::statusDecides()
{
    const PriceBook book = bookOf(
        "["
        + modelText("openai", "m",
                    R"([{"id":"now","per_million_tokens":{"input":"1"}},
                            {"id":"soon","status":"announced","valid_from":"2026-08-01","per_million_tokens":{"input":"2"}},
                            {"id":"never","status":"cancelled","valid_from":"2026-08-02","per_million_tokens":{"input":"3"}}])")
        + "," + modelText("openai", "e", R"([{"id":"est","status":"estimated","per_million_tokens":{"input":"7"}}])")
        + "," + modelText("openai", "c", R"([{"id":"x","status":"cancelled","per_million_tokens":{"input":"7"}}])")
        + "]");
    const ModelIndex model = indexOf(book, "openai", "m");
    QCOMPARE(priceText(book.rateCard(model, ServiceTier::Standard, "", now).bands[0], "input"), QString("1 priced"));
    QCOMPARE(priceText(book.rateCard(model, ServiceTier::Standard, "", now, true).bands[0], "input"),
             QString("2 priced"));
    QCOMPARE(priceText(book.rateCard(indexOf(book, "openai", "e"), ServiceTier::Standard, "", now).bands[0], "input"),
             QString("7 priced"));
    QVERIFY(book.rateCard(indexOf(book, "openai", "c"), ServiceTier::Standard, "", now, true).bands.empty());
}

void TestPriceBook::laterRateWins()
{
    const PriceBook book =
        bookOf("["
               + modelText("openai", "m",
                           R"([{"id":"new","valid_from":"2026-08-01","per_million_tokens":{"input":"2"}},
                            {"id":"old","per_million_tokens":{"input":"1"}}])")
               + "]");
    const ModelIndex model = indexOf(book, "openai", "m");
    const RateCard card = book.rateCard(model, ServiceTier::Standard, "", now);
    QCOMPARE(priceText(card.bands[0], "input"), QString("2 priced"));
    QCOMPARE(book.model(model).rates[static_cast<std::size_t>(priceIn(card.bands[0], UsageClass::Input).rate)].id,
             std::string("new"));
}

void TestPriceBook::layers()
{
    const auto lower = catalogueOf(catalogueText(
        "[" + modelText("openai", "m", R"([{"id":"low","per_million_tokens":{"input":"1"}}])", R"(["short"])") + ","
        + modelText("openai", "only-low", R"([{"id":"l2","per_million_tokens":{"input":"1"}}])") + "]"));
    const auto upper = catalogueOf(
        catalogueText("[" + modelText("OpenAI", "M", R"([{"id":"high","per_million_tokens":{"input":"2"}}])") + "]"));
    const PriceBook book({lower, upper}, {});
    QCOMPARE(book.modelCount(), std::size_t{2});
    for (const char *name : {"m", "short"}) {
        const RateCard card = book.rateCard(indexOf(book, "openai", name), ServiceTier::Standard, "", now);
        QCOMPARE(priceText(card.bands[0], "input"), QString("2 priced"));
    }
    QVERIFY(indexOf(book, "openai", "only-low").found());
    QCOMPARE(book.asOf(), std::string("2026-01-01"));
    QCOMPARE(PriceBook({}, {}).modelCount(), std::size_t{0});
    QCOMPARE(PriceBook({}, {}).currency(), std::string("USD"));
}

namespace {

/// A seller's model with two snapshots and regional prices, and a layer that knows other ids of it.
PriceBook bookOfTwoLayers(std::vector<PriceOverlay> overlays = {})
{
    const std::string below =
        "["
        + modelText("bedrock", "anthropic.claude-x-v1:0",
                    R"([{"id":"x","per_million_tokens":{"input":"3","cache_write_1h":"6"}},
                     {"id":"x/us","region":"us","per_million_tokens":{"input":"3.3","cache_write_1h":"6.6"}}])",
                    R"(["claude-x"])")
        + ","
        + modelText("openai", "gpt-x",
                    R"([{"id":"g","per_million_tokens":{"input":"2"}},
                     {"id":"g/batch","tier":"batch","per_million_tokens":{"input":"1"}}])",
                    R"(["gpt-x-latest","gpt-x-2026-01-01","chat-x","gpt-y"])")
        + "," + modelText("openai", "gpt-v", R"([{"id":"v","per_million_tokens":{"input":"1"}},
                     {"id":"v/batch","tier":"batch","per_million_tokens":{"input":"0.5"}}])")
        + "," + modelText("openai", "gpt-v-latest", R"([{"id":"vl","per_million_tokens":{"input":"1"}}])") + "]";
    const std::string above =
        "[" + modelText("openai", "gpt-x", R"([{"id":"new:g","per_million_tokens":{"input":"1.8"}}])", R"(["chat-x"])")
        + "," + modelText("openai", "gpt-x-2026-01-01", R"([{"id":"new:g1","per_million_tokens":{"input":"2.2"}}])")
        + "," + modelText("openai", "gpt-x-2026-05-05", R"([{"id":"new:g2","per_million_tokens":{"input":"2.4"}}])")
        + ","
        + modelText("openai", "gpt-z", R"([{"id":"new:z","per_million_tokens":{"input":"9"}}])",
                    R"(["gpt-x-latest","twice"])")
        + ","
        + modelText("openai", "gpt-w", R"([{"id":"new:w","per_million_tokens":{"input":"7"}}])",
                    R"(["twice","gpt-v","gpt-v-latest"])")
        + ","
        + modelText("bedrock", "us.anthropic.claude-x-v1:0",
                    R"([{"id":"new:us","per_million_tokens":{"input":"3.4"}}])")
        + "]";
    return PriceBook({catalogueOf(catalogueText(below)), catalogueOf(catalogueText(above))}, {}, std::move(overlays));
}

} // namespace

void TestPriceBook::namesOutliveALayer_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("expected");
    QTest::newRow("alias of both layers") << "openai"
                                          << "chat-x"
                                          << "openai gpt-x";
    QTest::newRow("alias below beside a snapshot above") << "openai"
                                                         << "gpt-y"
                                                         << "openai gpt-x";
    QTest::newRow("alias that became an id") << "openai"
                                             << "gpt-x-2026-01-01"
                                             << "openai gpt-x-2026-01-01";
    QTest::newRow("alias that the layer above gives another model") << "openai"
                                                                    << "gpt-x-latest"
                                                                    << "openai gpt-z";
    QTest::newRow("alias that two models of a layer claim") << "openai"
                                                            << "twice"
                                                            << "-";
    QTest::newRow("alias at another seller") << "bedrock"
                                             << "claude-x"
                                             << "bedrock anthropic.claude-x-v1:0";
}

void TestPriceBook::namesOutliveALayer()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QTEST(QString::fromStdString(matchText(bookOfTwoLayers(), provider, model)), "expected");
}

void TestPriceBook::newEntriesContinueWhatTheirNameMeant_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("tier");
    QTest::addColumn<QString>("usageClass");
    QTest::addColumn<QString>("expected");
    QTest::newRow("stated above") << "openai/gpt-x" << 0 << "input"
                                  << "1.8 priced";
    QTest::newRow("batch of the same id") << "openai/gpt-x" << 1 << "input"
                                          << "1 priced";
    QTest::newRow("batch of an alias below") << "openai/gpt-x-2026-01-01" << 1 << "input"
                                             << "1 priced";
    QTest::newRow("batch of a dated snapshot") << "openai/gpt-x-2026-05-05" << 1 << "input"
                                               << "1 priced";
    QTest::newRow("model that names an id below") << "openai/gpt-w" << 1 << "input"
                                                  << "0.5 priced";
    QTest::newRow("model that an alias moved to") << "openai/gpt-z" << 1 << "input"
                                                  << "9 assumed";
    QTest::newRow("region in the id") << "bedrock/us.anthropic.claude-x-v1:0" << 0 << "input"
                                      << "3.4 priced";
    QTest::newRow("what the region costs") << "bedrock/us.anthropic.claude-x-v1:0" << 0 << "cache_write_1h"
                                           << "6.6 priced";
    QTest::newRow("nothing elsewhere") << "bedrock/anthropic.claude-x-v1:0" << 0 << "cache_write_1h"
                                       << "6 priced";
}

void TestPriceBook::newEntriesContinueWhatTheirNameMeant()
{
    QFETCH(QString, model);
    QFETCH(int, tier);
    QFETCH(QString, usageClass);
    const PriceBook book = bookOfTwoLayers();
    const ModelMatch match = book.resolve(model.section('/', 0, 0).toStdString(), model.section('/', 1).toStdString());
    QVERIFY(match.model.found());
    const RateCard card = book.rateCard(match.model, static_cast<ServiceTier>(tier), match.region, now);
    QTEST(priceText(card.bands.front(), usageClass.toLatin1().constData()), "expected");
}

void TestPriceBook::overlaysOfASnapshotAreItsOwn()
{
    PriceOverlay overlay;
    overlay.name = "snapshot";
    overlay.change = 500'000;
    overlay.models = {"gpt-x-2026-01-01"};
    const PriceBook book = bookOfTwoLayers({overlay});
    QVERIFY(book.overlaysOf(indexOf(book, "openai", "gpt-x")).empty());
    QCOMPARE(book.overlaysOf(indexOf(book, "openai", "gpt-x-2026-01-01")).size(), std::size_t{1});
    QVERIFY(book.unknownNames(overlay).empty());
}

void TestPriceBook::layersNeverChangeThePast()
{
    const auto lower = catalogueOf(catalogueText(
        "[" + modelText("openai", "m", R"([{"id":"low","per_million_tokens":{"input":"1"}}])", R"(["m-2026-01-01"])")
        + "]"));
    const auto upper = catalogueOf(catalogueText(
        "["
        + modelText("openai", "m", R"([{"id":"high","valid_from":"2026-08-01","per_million_tokens":{"input":"2"}}])")
        + ","
        + modelText("openai", "m-2026-01-01",
                    R"([{"id":"dated","valid_from":"2026-08-01","per_million_tokens":{"input":"3"}}])")
        + "]"));
    const PriceBook book({lower, upper}, {});
    const auto at = [&book](const char *name, const char *time) {
        return priceText(
            book.rateCard(indexOf(book, "openai", name), ServiceTier::Standard, "", *parseInstant(time)).bands[0],
            "input");
    };
    QCOMPARE(at("m", "2026-07-31T23:59:59Z"), QString("1 priced"));
    QCOMPARE(at("m", "2026-08-01"), QString("2 priced"));
    QCOMPARE(at("m-2026-01-01", "2026-07-31"), QString("1 priced"));
    QCOMPARE(at("m-2026-01-01", "2026-08-01"), QString("3 priced"));
    QCOMPARE(book.changesWithin(indexOf(book, "openai", "m"), {*parseInstant("2026-01-01"), now}),
             std::vector<Instant>{*parseInstant("2026-08-01")});
}

void TestPriceBook::anotherCurrencyTakesNoPart()
{
    const std::string models =
        "[" + modelText("openai", "m", R"([{"id":"r","per_million_tokens":{"input":"1"}}])") + "]";
    const PriceBook book(
        {catalogueOf(catalogueText("[]", "[]", "USD")), catalogueOf(catalogueText(models, "[]", "CNY"))}, {});
    QVERIFY(!indexOf(book, "openai", "m").found());
    QCOMPARE(book.leftOut(), std::vector<std::string>{"Sample"});
    const PriceBook yuan({catalogueOf(catalogueText(models, "[]", "CNY"))}, {});
    QCOMPARE(yuan.currency(), std::string("CNY"));
    QVERIFY(indexOf(yuan, "openai", "m").found());
}

void TestPriceBook::digestFollowsWhatDecidesPrices()
{
    const auto digest = [](const std::string &rate, const std::string &aliases = "[]",
                           std::vector<ModelMapping> mappings = {}) {
        return PriceBook({catalogueOf(catalogueText("[" + modelText("openai", "m", "[" + rate + "]", aliases) + "]"))},
                         std::move(mappings))
            .digest();
    };
    const std::string base = R"({"id":"r","per_million_tokens":{"input":"1"}})";
    QCOMPARE(digest(base).size(), std::size_t{64});
    QCOMPARE(digest(base), digest(R"({"id":"r","note":"a word","source":"s","per_million_tokens":{"input":"1.000"}})"));
    QVERIFY(digest(base) != digest(R"({"id":"r","per_million_tokens":{"input":"1.000000001"}})"));
    QVERIFY(digest(base) != digest(R"({"id":"r","per_million_tokens":{"output":"1"}})"));
    QVERIFY(digest(base) != digest(R"({"id":"r","tier":"batch","per_million_tokens":{"input":"1"}})"));
    QVERIFY(digest(base) != digest(R"({"id":"r","valid_from":"2026-01-01","per_million_tokens":{"input":"1"}})"));
    QVERIFY(digest(base) != digest(base, R"(["alias"])"));
    QVERIFY(digest(base) != digest(base, "[]", {{"", "x", {"openai", "m"}}}));
    QCOMPARE(digest(base, "[]", {{"", "x", {"openai", "m"}}, {"", "y", {"openai", "m"}}}),
             digest(base, "[]", {{"", "y", {"openai", "m"}}, {"", "x", {"openai", "m"}}}));
}

void TestPriceBook::changesAreInsideThePeriod()
{
    const ModelIndex o3 = indexOf(bundledBook(), "openai", "o3");
    const Instant cut = *parseInstant("2025-06-10");
    QCOMPARE(bundledBook().changesWithin(o3, {*parseInstant("2025-01-01"), now}), std::vector<Instant>{cut});
    QVERIFY(bundledBook().changesWithin(o3, {cut, now}).empty());
    QVERIFY(bundledBook().changesWithin(o3, {*parseInstant("2025-01-01"), cut}).empty());
}

void TestPriceBook::dailyChanges()
{
    const ModelIndex model = indexOf(bundledBook(), "deepseek", "deepseek-v4-pro");
    const Period weekend{*parseInstant("2026-09-04T12:00:00Z"), *parseInstant("2026-09-07T06:00:00Z")};
    QCOMPARE(bundledBook().changesWithin(model, weekend),
             (std::vector<Instant>{*parseInstant("2026-09-07T01:00:00Z"), *parseInstant("2026-09-07T04:00:00Z")}));
    // Without an end there is no last day to list; the dates of the rates still are.
    QCOMPARE(bundledBook().changesWithin(model, {alwaysBefore, alwaysAfter}).front(),
             *parseInstant("2026-08-16T16:00:00Z"));
}

QTEST_APPLESS_MAIN(TestPriceBook)
#include "tst_price_book.moc"
