// SPDX-License-Identifier: GPL-3.0-or-later
// llm-prices: the two published files and the files of single vendors. Expected prices are read off the files by hand,
// or were computed by others (price_cases_sample.json).
#include "tests/support/imported_catalogue.h"
#include "tests/support/shared_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace perunit;
using enum UsageClass;

namespace {

QString wholePath(const char *name)
{
    return sharedData("catalogues/llm-prices/") + QLatin1String(name);
}

ImportedCatalogue historical(const char *name = "historical.json", CatalogueReading reading = CatalogueReading::Stated)
{
    return ImportedCatalogue::of(textOfFile(testData("pricing/llm_prices_historical.json")), name,
                                 {alwaysBefore, reading});
}

} // namespace

class TestLlmPricesImport : public QObject
{
    Q_OBJECT
private slots:
    void recognised_data();
    void recognised();
    void dates_data();
    void dates();
    void unknownIsNotFree();
    void announcedPrices();
    void vendorFile();
    void currentFile();
    void issues_data();
    void issues();
    void wholeFiles_data();
    void wholeFiles();
    void pricesOfOthers_data();
    void pricesOfOthers();
};

void TestLlmPricesImport::recognised_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("catalogue");
    QTest::newRow("historical") << R"({"prices":[{"id":"a","vendor":"v","input":1,"from_date":null)" << true;
    QTest::newRow("current") << R"({"updated_at":"2026-01-01","prices":[{"id":"a","vendor":"v","input":1},{"id")"
                             << true;
    QTest::newRow("vendor") << R"({"vendor":"v","models":[{"id":"a","price_history":[{"input":1)" << true;
    QTest::newRow("prices of shares") << R"({"prices":[{"id":"a","close":1}]})" << false;
    QTest::newRow("models without history") << R"({"vendor":"v","models":[{"id":"a"}]})" << false;
}

void TestLlmPricesImport::recognised()
{
    QFETCH(QString, text);
    QFETCH(bool, catalogue);
    QCOMPARE(looksLikeCatalogue(text.toStdString()), catalogue);
}

void TestLlmPricesImport::dates_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("cost");
    QTest::newRow("long ago") << "alpha"
                              << "2020-01-01"
                              << "4";
    QTest::newRow("last instant of the old price") << "alpha"
                                                   << "2026-07-29T23:59:59.999999Z"
                                                   << "4";
    QTest::newRow("first instant of the new price") << "alpha"
                                                    << "2026-07-30T00:00:00Z"
                                                    << "2";
    QTest::newRow("open end") << "alpha"
                              << "2030-01-01"
                              << "2";
    QTest::newRow("another id, not a band") << "alpha-272k"
                                            << "2026-11-21"
                                            << "6";
}

void TestLlmPricesImport::dates()
{
    QFETCH(QString, model);
    QFETCH(QString, at);
    QFETCH(QString, cost);
    const ImportedCatalogue catalogue = historical();
    QVERIFY(catalogue.import.dated);
    QCOMPARE(catalogue.import.format, std::string("llm-prices"));
    QCOMPARE(catalogue.cost("moonshot", qPrintable(model), {{Input, 1'000'000}}, qPrintable(at)), cost.toStdString());
    QCOMPARE(catalogue.cost("moonshot", "alpha", {{Input, 300'000}, {Output, 1'000}}), std::string("0.6085"));
}

void TestLlmPricesImport::unknownIsNotFree()
{
    QCOMPARE(historical().state("moonshot", "alpha-272k", CacheRead), PriceState::Assumed);
    QCOMPARE(historical().state("moonshot", "alpha", CacheRead), PriceState::Priced);
    QCOMPARE(historical().state("moonshot", "alpha", WebSearch), PriceState::Unpriced);
    QCOMPARE(historical().state("openai", "delta", Output), PriceState::Free);
}

void TestLlmPricesImport::announcedPrices()
{
    // A file from before the first day of a price can only have announced it.
    const ImportedCatalogue stated = historical("prices_2026-08-05.json");
    QCOMPARE(stated.cost("openai", "beta", {{Input, 1'000'000}}, "2026-09-02"), std::string("unpriced"));
    QVERIFY(stated.issuesAt("/prices/3/from_date").find("announced") != std::string::npos);
    const ImportedCatalogue library = historical("prices_2026-08-05.json", CatalogueReading::AsItsLibrary);
    QCOMPARE(library.cost("openai", "beta", {{Input, 1'000'000}}, "2026-09-02"), std::string("1"));
    // The row whose cached tokens cost more than uncached ones is only there as the library has it.
    QCOMPARE(library.cost("openai", "beta", {{CacheRead, 1'000'000}}, "2026-08-31"), std::string("5"));
    QCOMPARE(stated.cost("openai", "beta", {{CacheRead, 1'000'000}}, "2026-08-31"), std::string("unpriced"));
    // A file that does not say when it was written announces nothing.
    QCOMPARE(historical().cost("openai", "beta", {{Input, 1'000'000}}, "2026-09-02"), std::string("1"));
}

void TestLlmPricesImport::vendorFile()
{
    const auto catalogue = ImportedCatalogue::of(
        R"({"vendor":"qwen","models":[
            {"id":"q","name":"Q","price_history":[{"input":1,"output":2,"input_cached":null,"from_date":"2026-03-01","to_date":null},
                                                  {"input":3,"output":4,"input_cached":0.3,"from_date":null,"to_date":"2026-03-01"}]},
            {"id":"r","name":"R","price_history":[]}]})",
        "qwen.json");
    QCOMPARE(catalogue.import.format, std::string("llm-prices"));
    QCOMPARE(catalogue.import.catalogue.models.size(), std::size_t{1});
    QCOMPARE(catalogue.import.catalogue.models.front().key.provider, std::string("alibaba"));
    QCOMPARE(catalogue.cost("qwen", "q", {{CacheRead, 1'000'000}}, "2026-02-28"), std::string("0.3"));
    QCOMPARE(catalogue.cost("qwen", "q", {{Input, 1'000'000}}, "2026-03-01"), std::string("1"));
    QVERIFY(catalogue.issuesAt("/models/1").find("price_history") != std::string::npos);
}

void TestLlmPricesImport::currentFile()
{
    const auto catalogue = ImportedCatalogue::of(
        R"({"updated_at":"2026-08-05","prices":[{"id":"a","vendor":"xai","name":"A","input":0.035,"output":2,"input_cached":null}]})",
        "current.json", {*parseInstant("2026-08-01"), CatalogueReading::Stated});
    QCOMPARE(catalogue.import.format, std::string("llm-prices-current"));
    QVERIFY(!catalogue.import.dated);
    QCOMPARE(catalogue.import.catalogue.asOf, std::string("2026-08-05"));
    QCOMPARE(catalogue.cost("xai", "a", {{Input, 1'000'000}}, "2026-08-01"), std::string("0.035"));
    QCOMPARE(catalogue.cost("xai", "a", {{Input, 1}}, "2026-07-31"), std::string("unpriced"));
    // A day after that of the file, chosen by who imports it, is no announcement.
    const auto later = ImportedCatalogue::of(
        R"({"updated_at":"2026-08-05","prices":[{"id":"a","vendor":"xai","name":"A","input":0.035,"output":2,"input_cached":null}]})",
        "current.json", {*parseInstant("2026-11-21"), CatalogueReading::Stated});
    QCOMPARE(later.cost("xai", "a", {{Input, 1'000'000}}, "2026-11-21"), std::string("0.035"));
}

void TestLlmPricesImport::issues_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("says");
    QTest::newRow("cache") << "/prices/4"
                           << "cached token costs more";
    QTest::newRow("date") << "/prices/5/from_date"
                          << "not a date";
    QTest::newRow("period") << "/prices/6"
                            << "not after";
    QTest::newRow("free") << "/prices/7/output"
                          << "read as free";
    QTest::newRow("unknown") << "/prices/7/batch"
                             << "no class";
    QTest::newRow("twice") << "/prices/8"
                           << "same day";
}

void TestLlmPricesImport::issues()
{
    QFETCH(QString, path);
    QFETCH(QString, says);
    const std::string reasons = historical().issuesAt(path.toStdString());
    QVERIFY2(reasons.find(says.toStdString()) != std::string::npos, reasons.c_str());
}

void TestLlmPricesImport::wholeFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("models");
    QTest::addColumn<int>("records");
    QTest::newRow("current") << "current-v1.json" << 142 << 142;
    // Seven models have two or more records; grok-4-fast has two without dates, of which one is left out or both agree.
    QTest::newRow("historical") << "historical-v1.json" << 142 << 148;
    QTest::newRow("anthropic") << "anthropic.json" << 17 << 18;
    QTest::newRow("amazon") << "amazon.json" << 4 << 4;
    QTest::newRow("xai") << "xai.json" << 22 << 22;
}

void TestLlmPricesImport::wholeFiles()
{
    QFETCH(QString, file);
    QFETCH(int, models);
    QFETCH(int, records);
    const QString path = wholePath(qPrintable(file));
    REQUIRE_SHARED(path);
    const auto whole = ImportedCatalogue::ofFile(path);
    verifySound(whole);
    std::size_t rates = 0;
    for (const CatalogueModel &model : whole.import.catalogue.models)
        rates += model.rates.size();
    // What is no rate is an issue.
    const auto leftOut = whole.issuesSaying("left out");
    QCOMPARE(static_cast<int>(rates) + static_cast<int>(leftOut), records);
    QVERIFY(static_cast<int>(whole.import.catalogue.models.size()) <= models);
    QVERIFY(static_cast<int>(whole.import.catalogue.models.size()) >= models - 2);
}

void TestLlmPricesImport::pricesOfOthers_data()
{
    QTest::addColumn<QJsonObject>("priceCase");
    const QString path = sharedData("catalogues/price_cases_sample.json");
    REQUIRE_SHARED(path);
    const QJsonArray cases =
        QJsonDocument::fromJson(QByteArray::fromStdString(textOfFile(path))).object().value("cases").toArray();
    for (const auto &each : cases) {
        const QJsonObject priceCase = each.toObject();
        if (priceCase.value("catalogue").toString().startsWith("llm-prices/"))
            QTest::newRow(qPrintable(priceCase.value("id").toString())) << priceCase;
    }
}

void TestLlmPricesImport::pricesOfOthers()
{
    QFETCH(QJsonObject, priceCase);
    const QString path = sharedData("catalogues/") + priceCase.value("catalogue").toString();
    REQUIRE_SHARED(path);
    const auto whole = ImportedCatalogue::ofFile(path, {alwaysBefore, CatalogueReading::AsItsLibrary});
    const QJsonObject usage = priceCase.value("usage").toObject();
    const auto count = [&usage](const char *name) {
        return static_cast<std::int64_t>(usage.value(QLatin1String(name)).toInteger());
    };
    QCOMPARE(whole.cost(qPrintable(priceCase.value("provider").toString()),
                        qPrintable(priceCase.value("model").toString()),
                        {{Input, count("input_tokens") - count("cache_read_tokens")},
                         {CacheRead, count("cache_read_tokens")},
                         {Output, count("output_tokens")}},
                        qPrintable(priceCase.value("timestamp").toString())),
             priceCase.value("expected_usd").toString().toStdString());
}

QTEST_APPLESS_MAIN(TestLlmPricesImport)
#include "tst_llm_prices_import.moc"
