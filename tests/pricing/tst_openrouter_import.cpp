// SPDX-License-Identifier: GPL-3.0-or-later
// OpenRouter's list of models. Expected prices of the sample are read off the file by hand.
#include "tests/support/imported_catalogue.h"
#include "tests/support/shared_data.h"

using namespace perunit;
using enum UsageClass;

namespace {

QString wholePath()
{
    return sharedData("catalogues/openrouter_models_2026-08-01.json");
}

const ImportedCatalogue &sample()
{
    static const auto result = ImportedCatalogue::ofFile(testData("pricing/openrouter_sample.json"));
    return result;
}

const CatalogueModel *modelNamed(const ImportedCatalogue &catalogue, std::string_view id)
{
    for (const CatalogueModel &model : catalogue.import.catalogue.models) {
        if (model.key.model == id)
            return &model;
    }
    return nullptr;
}

} // namespace

class TestOpenRouterImport : public QObject
{
    Q_OBJECT
private slots:
    void recognised();
    void prices_data();
    void prices();
    void longPrompts_data();
    void longPrompts();
    void partOfTheDay_data();
    void partOfTheDay();
    void dynamicPricesAreUnknown();
    void zeros();
    void expiration();
    void aliases();
    void issues_data();
    void issues();
    void asItsLibraryKeepsWrongPrices();
    void wholeFile();
};

void TestOpenRouterImport::recognised()
{
    QCOMPARE(sample().import.format, std::string("openrouter"));
    QVERIFY(!sample().import.dated);
    const std::string text = textOfFile(testData("pricing/openrouter_sample.json"));
    QVERIFY(looksLikeCatalogue(std::string_view(text).substr(0, 400)));
    QVERIFY(!looksLikeCatalogue(R"({"data":[{"id":"x","prompt":"1"}]})"));
}

void TestOpenRouterImport::prices_data()
{
    QTest::addColumn<int>("usageClass");
    QTest::addColumn<qint64>("count");
    QTest::addColumn<QString>("cost");
    // The fee of a call, 0.005, is on top of each.
    QTest::newRow("input") << int(Input) << qint64{1000} << "0.00625";
    QTest::newRow("output") << int(Output) << qint64{1000} << "0.015";
    QTest::newRow("cached") << int(CacheRead) << qint64{1000} << "0.005125";
    QTest::newRow("write") << int(CacheWrite5m) << qint64{1000} << "0.0065625";
    QTest::newRow("write for an hour") << int(CacheWrite1h) << qint64{1000} << "0.0075";
    QTest::newRow("reasoning") << int(Reasoning) << qint64{1000} << "0.017";
    QTest::newRow("search") << int(WebSearch) << qint64{2} << "0.025";
    QTest::newRow("audio in") << int(AudioIn) << qint64{1000} << "0.007";
    QTest::newRow("audio out") << int(AudioOut) << qint64{1000} << "0.045";
    QTest::newRow("cached audio") << int(CacheReadAudio) << qint64{1000} << "0.0052";
    QTest::newRow("image tokens in") << int(ImageIn) << qint64{1000} << "0.00625";
    QTest::newRow("image tokens out") << int(ImageOut) << qint64{1000} << "0.035";
    QTest::newRow("two calls") << int(Request) << qint64{2} << "0.01";
}

void TestOpenRouterImport::prices()
{
    QFETCH(int, usageClass);
    QFETCH(qint64, count);
    QFETCH(QString, cost);
    QCOMPARE(sample().cost("openrouter", "maker/plain", {{static_cast<UsageClass>(usageClass), count}}),
             cost.toStdString());
}

void TestOpenRouterImport::longPrompts_data()
{
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("cached");
    QTest::addColumn<QString>("cost");
    // The documentation of min_prompt_tokens: strictly greater than this threshold.
    QTest::newRow("at the first") << qint64{32'000} << qint64{0} << "0.045";
    QTest::newRow("above the first") << qint64{32'001} << qint64{0} << "0.0850025";
    QTest::newRow("cached tokens count and keep the base price") << qint64{31'001} << qint64{1'000} << "0.0826275";
    QTest::newRow("at the second") << qint64{256'000} << qint64{0} << "0.645";
    QTest::newRow("above the second") << qint64{255'001} << qint64{1'000} << "1.280505";
}

void TestOpenRouterImport::longPrompts()
{
    QFETCH(qint64, input);
    QFETCH(qint64, cached);
    QFETCH(QString, cost);
    QCOMPARE(sample().cost("openrouter", "maker/plain", {{Input, input}, {CacheRead, cached}}), cost.toStdString());
}

void TestOpenRouterImport::partOfTheDay_data()
{
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("cost");
    QTest::newRow("before") << "2026-11-21T22:29:59Z"
                            << "2";
    QTest::newRow("from") << "2026-11-21T22:30:00Z"
                          << "1";
    QTest::newRow("past midnight") << "2026-11-22T00:00:00Z"
                                   << "1";
    QTest::newRow("last") << "2026-11-22T05:59:59Z"
                          << "1";
    QTest::newRow("to") << "2026-11-22T06:00:00Z"
                        << "2";
}

void TestOpenRouterImport::partOfTheDay()
{
    QFETCH(QString, at);
    QFETCH(QString, cost);
    QCOMPARE(sample().cost("openrouter", "maker/night", {{Input, 1'000'000}}, qPrintable(at)), cost.toStdString());
    QCOMPARE(sample().cost("openrouter", "maker/night", {{Output, 1'000'000}}, qPrintable(at)), std::string("4"));
}

void TestOpenRouterImport::dynamicPricesAreUnknown()
{
    QCOMPARE(sample().cost("openrouter", "maker/auto", {{Input, 1}}), std::string("unpriced"));
    QCOMPARE(sample().cost("openrouter", "maker/half-auto", {{Input, 1'000'000}}), std::string("1"));
    QCOMPARE(sample().cost("openrouter", "maker/half-auto", {{Output, 1}}), std::string("unpriced"));
    QVERIFY(sample().issuesAt("/data/1/pricing/prompt").find("not fixed") != std::string::npos);
}

void TestOpenRouterImport::zeros()
{
    QCOMPARE(sample().state("openrouter", "maker/gift:free", Input), PriceState::Free);
    QCOMPARE(sample().issuesAt("/data/3/pricing/prompt"), std::string());
    QCOMPARE(sample().state("openrouter", "maker/preview", Input), PriceState::Free);
    QVERIFY(sample().issuesAt("/data/5/pricing/prompt").find("read as free") != std::string::npos);
    // A surcharge of 0 makes neither reasoning nor images nor searches free.
    QCOMPARE(sample().cost("openrouter", "maker/old-style", {{Reasoning, 1'000'000}}), std::string("2"));
    QCOMPARE(sample().cost("openrouter", "maker/old-style", {{ImageIn, 1'000'000}}), std::string("1"));
    QCOMPARE(sample().cost("openrouter", "maker/old-style", {{WebSearch, 1}}), std::string("unpriced"));
}

void TestOpenRouterImport::expiration()
{
    QCOMPARE(sample().cost("openrouter", "maker/ending", {{Input, 1'000'000}}, "2026-08-10T23:59:59Z"),
             std::string("1"));
    QCOMPARE(sample().cost("openrouter", "maker/ending", {{Input, 1}}, "2026-08-11T00:00:00Z"),
             std::string("unpriced"));
    const auto late = ImportedCatalogue::ofFile(testData("pricing/openrouter_sample.json"),
                                                {*parseInstant("2026-09-01"), CatalogueReading::Stated});
    QVERIFY(!modelNamed(late, "maker/ending"));
    QVERIFY(late.issuesAt("/data/8/expiration_date").find("ends before") != std::string::npos);
}

void TestOpenRouterImport::aliases()
{
    QCOMPARE(modelNamed(sample(), "maker/plain")->aliases, std::vector<std::string>{"maker/plain-20260101"});
    // A slug that two models share names neither.
    QVERIFY(modelNamed(sample(), "maker/gift")->aliases.empty());
    QVERIFY(modelNamed(sample(), "maker/gift:free")->aliases.empty());
}

void TestOpenRouterImport::issues_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("says");
    QTest::newRow("fee of an image") << "/data/7/pricing/image"
                                     << "fee of an input image";
    QTest::newRow("unknown price") << "/data/7/pricing/dreams"
                                   << "no class";
    QTest::newRow("discount") << "/data/7/pricing/discount"
                              << "as they are listed";
    QTest::newRow("unit") << "/data/9/pricing"
                          << "cannot be right";
    QTest::newRow("unknown condition") << "/data/11/pricing/overrides/0"
                                       << "no condition";
    QTest::newRow("no number") << "/data/12/pricing/completion"
                               << "not a number";
    QTest::newRow("no id") << "/data/13"
                           << "no id";
    QTest::newRow("twice") << "/data/14"
                           << "twice";
}

void TestOpenRouterImport::issues()
{
    QFETCH(QString, path);
    QFETCH(QString, says);
    const std::string reasons = sample().issuesAt(path.toStdString());
    QVERIFY2(reasons.find(says.toStdString()) != std::string::npos, reasons.c_str());
    QCOMPARE(sample().cost("openrouter", "maker/by-image", {{Image, 2}}), std::string("0.08"));
    // 83,333,333.33… femto-dollars a token.
    const auto &price = modelNamed(sample(), "maker/rounded")->rates.front().prices[static_cast<std::size_t>(Input)];
    QCOMPARE(price->femto, std::int64_t{83'333'333});
    QVERIFY(price->rounded);
}

void TestOpenRouterImport::asItsLibraryKeepsWrongPrices()
{
    const auto all = ImportedCatalogue::ofFile(testData("pricing/openrouter_sample.json"),
                                               {alwaysBefore, CatalogueReading::AsItsLibrary});
    QCOMPARE(all.cost("openrouter", "maker/slip", {{Input, 2}}), std::string("2.5"));
    QCOMPARE(sample().cost("openrouter", "maker/slip", {{Input, 2}}), std::string("unpriced"));
}

void TestOpenRouterImport::wholeFile()
{
    REQUIRE_SHARED(wholePath());
    const auto whole = ImportedCatalogue::ofFile(wholePath());
    verifySound(whole);
    // 336 models, 5 of them at -1.
    QCOMPARE(whole.import.catalogue.models.size(), std::size_t{331});
    QCOMPARE(whole.issuesSaying("not fixed"), std::ptrdiff_t{10});
    QCOMPARE(whole.import.catalogue.asOf, std::string("2026-08-01"));
    std::ptrdiff_t longPrompts = 0;
    std::ptrdiff_t bands = 0;
    for (const CatalogueModel &model : whole.import.catalogue.models) {
        const auto count = std::count_if(model.rates.begin(), model.rates.end(),
                                         [](const Rate &rate) { return rate.context.has_value(); });
        longPrompts += count > 0 ? 1 : 0;
        bands += count;
    }
    QCOMPARE(longPrompts, std::ptrdiff_t{44});
    QCOMPARE(bands, std::ptrdiff_t{49});
    QCOMPARE(whole.cost("openrouter", "google/gemini-2.5-pro", {{Input, 200'001}, {Output, 1'000}}),
             std::string("0.5150025"));
    QCOMPARE(whole.cost("openrouter", "perplexity/sonar-deep-research", {{Reasoning, 1'000'000}, {WebSearch, 1}}),
             std::string("3.005"));
}

QTEST_APPLESS_MAIN(TestOpenRouterImport)
#include "tst_openrouter_import.moc"
