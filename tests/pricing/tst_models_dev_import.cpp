// SPDX-License-Identifier: GPL-3.0-or-later
// models.dev's api.json. Expected prices of the sample are read off the file by hand; those of the whole file were
// counted with another program.
#include "pricing/catalogue/provider_names.h"
#include "tests/support/imported_catalogue.h"
#include "tests/support/shared_data.h"

#include <set>

using namespace perunit;
using enum UsageClass;

namespace {

QString wholePath()
{
    return sharedData("catalogues/models_dev_api_2026-07-02.json");
}

const ImportedCatalogue &sample()
{
    static const auto result = ImportedCatalogue::ofFile(testData("pricing/models_dev_sample.json"));
    return result;
}

const ImportedCatalogue &whole()
{
    static const auto result = ImportedCatalogue::ofFile(wholePath());
    return result;
}

} // namespace

class TestModelsDevImport : public QObject
{
    Q_OBJECT
private slots:
    void recognised();
    void prices_data();
    void prices();
    void issues_data();
    void issues();
    void asItsLibraryKeepsEverything();
    void doorsOfOneSeller();
    void nothingToRead();
    void wholeFile();
    void wholeFileHasNoPriceOfPlans();
};

void TestModelsDevImport::recognised()
{
    QCOMPARE(sample().import.format, std::string("models.dev"));
    QVERIFY(!sample().import.dated);
    const std::string text = textOfFile(testData("pricing/models_dev_sample.json"));
    QVERIFY(looksLikeCatalogue(std::string_view(text).substr(0, 500)));
    QVERIFY(looksLikeCatalogue(text));
    QVERIFY(!looksLikeCatalogue(R"({"openai":{"models":{"a":{"limit":{}}}}})"));
    QVERIFY(!looksLikeCatalogue(R"({"openai":{"cost":{"input":1}}})"));
}

void TestModelsDevImport::prices_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("usageClass");
    QTest::addColumn<qint64>("count");
    QTest::addColumn<QString>("tier");
    QTest::addColumn<QString>("cost");
    const auto row = [](const char *name, const char *model, UsageClass usageClass, qint64 count, const char *cost,
                        const char *tier = "standard") {
        QTest::newRow(name) << model << static_cast<int>(usageClass) << count << tier << cost;
    };
    row("input", "long-one", Input, 1000, "0.00125");
    row("cached", "long-one", CacheRead, 1000, "0.000125");
    row("reasoning apart", "long-one", Reasoning, 1000, "0.0125");
    row("audio in", "long-one", AudioIn, 1000, "0.04");
    row("audio out", "long-one", AudioOut, 1000, "0.08");
    row("at the threshold", "long-one", Input, 272'000, "0.34");
    row("above the threshold", "long-one", Input, 272'001, "0.6800025");
    row("the older member is not believed", "long-one", Input, 200'001, "0.25000125");
    row("fast", "long-one", Output, 1000, "0.02", "fast");
    row("the older member alone", "legacy", Input, 200'001, "0.400002");
    row("xAI at the threshold", "grok-long", Input, 128'000, "0.768");
    row("xAI below the threshold", "grok-long", Input, 127'999, "0.383997");
    row("noise of floats", "noise", Input, 1'000'000, "0.3");
    row("noise in scientific form", "noise", Output, 1'000'000, "0.299999");
    row("embedding", "embed-small", Embedding, 1'000'000, "0.02");
    row("free cache", "free-reads", CacheRead, 1'000'000, "0");
    row("without cost", "without-cost", Input, 1, "unpriced");
    row("wrong unit", "wrong-unit", Input, 1, "unpriced");
    row("dear cache", "dear-cache", Input, 1, "unpriced");
}

void TestModelsDevImport::prices()
{
    QFETCH(QString, model);
    QFETCH(int, usageClass);
    QFETCH(qint64, count);
    QFETCH(QString, tier);
    QFETCH(QString, cost);
    const char *provider = model.startsWith("grok") ? "xai" : "openai";
    QCOMPARE(sample().cost(provider, qPrintable(model), {{static_cast<UsageClass>(usageClass), count}},
                           "2026-11-21T12:00:00Z", *serviceTierNamed(tier.toStdString())),
             cost.toStdString());
}

void TestModelsDevImport::issues_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("says");
    QTest::newRow("no cost") << "/openai/models/without-cost"
                             << "no price";
    QTest::newRow("plan") << "/alibaba-coding-plan/models/qwen-plan/cost"
                          << "subscription";
    QTest::newRow("free by name") << "/alibaba-coding-plan/models/qwen-free/cost"
                                  << "read as free";
    QTest::newRow("unknown member") << "/openai/models/new-member/cost/per_moon"
                                    << "no class";
    QTest::newRow("unknown mode") << "/openai/models/long-one/experimental/modes/odd"
                                  << "no service tier";
    QTest::newRow("unit") << "/openai/models/wrong-unit"
                          << "cannot be right";
    QTest::newRow("cache") << "/openai/models/dear-cache"
                           << "cached token costs more";
    QTest::newRow("free reads") << "/openai/models/free-reads/cost"
                                << "cache_read is 0";
    QTest::newRow("doors") << "/google-vertex/models/gemini-other"
                           << "another price";
}

void TestModelsDevImport::issues()
{
    QFETCH(QString, path);
    QFETCH(QString, says);
    const std::string reasons = sample().issuesAt(path.toStdString());
    QVERIFY2(reasons.find(says.toStdString()) != std::string::npos, reasons.c_str());
    // Embeddings generate nothing: their 0 is not an issue, and not free either.
    QCOMPARE(sample().issuesAt("/openai/models/embed-small/cost"), std::string());
    QVERIFY(sample().state("openai", "embed-small", Output) != PriceState::Free);
}

void TestModelsDevImport::asItsLibraryKeepsEverything()
{
    const auto all = ImportedCatalogue::ofFile(testData("pricing/models_dev_sample.json"),
                                               {alwaysBefore, CatalogueReading::AsItsLibrary});
    QCOMPARE(all.cost("openai", "wrong-unit", {{Input, 1'000'000}}), std::string("15000"));
    QCOMPARE(all.cost("openai", "dear-cache", {{CacheRead, 1'000'000}}), std::string("1.5"));
    QCOMPARE(all.cost("alibaba-coding-plan", "qwen-plan", {{Input, 1'000'000}}), std::string("0"));
    QCOMPARE(all.state("alibaba-coding-plan", "qwen-plan", Input), PriceState::Free);
    QCOMPARE(sample().cost("alibaba-coding-plan", "qwen-plan", {{Input, 1'000'000}}), std::string("unpriced"));
}

void TestModelsDevImport::doorsOfOneSeller()
{
    // The seller's own name speaks for the model, wherever it stands in the file.
    QCOMPARE(sample().cost("google", "gemini-other", {{Input, 1'000'000}}), std::string("1"));
    QCOMPARE(sample().cost("google-vertex", "gemini-other", {{Input, 1'000'000}}), std::string("3"));
    const auto &models = sample().import.catalogue.models;
    QCOMPARE(
        std::count_if(models.begin(), models.end(), [](const auto &model) { return model.key.model == "gemini-same"; }),
        std::ptrdiff_t{1});
}

void TestModelsDevImport::nothingToRead()
{
    const auto none = readCatalogue(R"({"x":{"models":{"a":{"cost":{"input":0,"output":0}}}}})", "x.json");
    QVERIFY(!none);
    QVERIFY(none.error().what.find("no model") != std::string::npos);
}

void TestModelsDevImport::wholeFile()
{
    REQUIRE_SHARED(wholePath());
    verifySound(whole());
    QCOMPARE(whole().import.catalogue.asOf, std::string("2026-07-02"));
    // 5,276 models, of which 382 have no cost.
    QCOMPARE(whole().issuesSaying("states no price"), std::ptrdiff_t{382});
    QVERIFY2(whole().import.catalogue.models.size() > 4200,
             qPrintable(QString::number(whole().import.catalogue.models.size())));
    QCOMPARE(whole().cost("anthropic", "claude-opus-4-6", {{Input, 1'000'000}, {Output, 1'000'000}}),
             std::string("30"));
    QCOMPARE(whole().cost("anthropic", "claude-opus-4-6", {{Input, 1'000'000}, {CacheWrite5m, 1'000'000}},
                          "2026-11-21T12:00:00Z", ServiceTier::Fast),
             std::string("67.5"));
    std::set<std::string> ids;
    for (const CatalogueModel &model : whole().import.catalogue.models) {
        for (const Rate &rate : model.rates)
            QVERIFY2(ids.insert(rate.id).second, rate.id.c_str());
    }
}

void TestModelsDevImport::wholeFileHasNoPriceOfPlans()
{
    REQUIRE_SHARED(wholePath());
    // 432 models are at 0/0; the ones that are called free stay free.
    const auto left = whole().issuesSaying("subscription or an allowance");
    QVERIFY2(left >= 340 && left <= 432, qPrintable(QString::number(left)));
    for (const CatalogueModel &model : whole().import.catalogue.models) {
        for (const Rate &rate : model.rates) {
            const bool free = std::all_of(rate.prices.begin(), rate.prices.end(),
                                          [](const auto &price) { return !price || price->femto == 0; });
            QVERIFY2(!free || lowered(model.key.model).find("free") != std::string::npos, rate.id.c_str());
        }
    }
}

QTEST_APPLESS_MAIN(TestModelsDevImport)
#include "tst_models_dev_import.moc"
