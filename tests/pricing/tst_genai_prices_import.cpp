// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/charge/price_request.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QTest>

#include <memory>

using namespace perunit;

namespace {

constexpr const char *fileName = "genai_prices_2026-09-01.json";

constexpr const char *sample = R"json([
 {"id": "deepseek", "name": "Deepseek", "api_pattern": "api\\.deepseek\\.com", "extractors": [],
  "model_match": {"starts_with": "deepseek"}, "models": [
   {"id": "deepseek-chat", "match": {"or": [{"equals": "deepseek-chat"}, {"starts_with": "deepseek-chat-v3"}]},
    "context_window": 64000, "prices": [
      {"prices": {"input_mtok": 1, "cache_read_mtok": 0.1, "output_mtok": 2}},
      {"constraint": {"start_time": "22:30:00Z", "end_time": "06:30:00Z"},
       "prices": {"input_mtok": 4, "output_mtok": 8}},
      {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 3, "output_mtok": 6}},
      {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 9, "output_mtok": 18}}]},
   {"id": "deepseek-window", "match": {"equals": "deepseek-window"}, "prices": [
      {"prices": {"input_mtok": 1}},
      {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 2}},
      {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}, "prices": {"input_mtok": 5}}]},
   {"id": "deepseek-free", "match": {"equals": "deepseek-free"}, "prices": {}}]},
 {"id": "openai", "name": "OpenAI", "api_pattern": "api\\.openai\\.com", "provider_match": {"contains": "openai"},
  "models": [
   {"id": "gpt-x", "match": {"or": [{"equals": "gpt-x"}, {"equals": "GPT-X-2"},
                                    {"regex": "^gpt-x-\\d{4}$"}]},
    "prices": {"input_mtok": {"base": 2.5, "tiers": [{"start": 1000, "price": 5}, {"start": 5000, "price": 7}]},
               "output_mtok": {"base": 10, "tiers": [{"start": 5000, "price": 15}]},
               "cache_write_mtok": 3, "cache_write_1h_mtok": 6, "web_searches_kcount": 10,
               "input_audio_mtok": 40, "requests_kcount": 5, "input_bogus_gpixels": 1}},
   {"id": "gpt-scan", "match": {"equals": "gpt-scan"},
    "prices": {"input_document_kpages": 2, "audio_hours": 0.36, "storage_searches_kcount": 2.5}}]},
 {"id": "azure", "name": "Azure", "api_pattern": "azure", "fallback_model_providers": ["openai"], "models": [
   {"id": "phi", "match": {"and": [{"contains": "phi"}, {"ends_with": "mini"}]}, "prices": {"input_mtok": 1}}]}
])json";

const CatalogueImport &read(CatalogueReading reading)
{
    static const auto import = [](CatalogueReading each) {
        auto result = readCatalogue(sample, fileName, {alwaysBefore, each});
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return *result;
    };
    static const CatalogueImport stated = import(CatalogueReading::Stated);
    static const CatalogueImport library = import(CatalogueReading::AsItsLibrary);
    return reading == CatalogueReading::Stated ? stated : library;
}

const PriceBook &book(CatalogueReading reading)
{
    static const PriceBook stated({std::make_shared<const Catalogue>(read(CatalogueReading::Stated).catalogue)}, {});
    static const PriceBook library({std::make_shared<const Catalogue>(read(CatalogueReading::AsItsLibrary).catalogue)},
                                   {});
    return reading == CatalogueReading::Stated ? stated : library;
}

PricedRequest priced(CatalogueReading reading, const char *provider, const char *model, const char *at,
                     const std::vector<std::pair<UsageClass, std::int64_t>> &counts)
{
    RequestToPrice request;
    request.provider = provider;
    request.model = model;
    request.at = *parseInstant(at);
    for (const auto &[usageClass, count] : counts)
        request.usage[usageClass] = count;
    return priceRequest(book(reading), request);
}

constexpr auto stated = CatalogueReading::Stated;
constexpr auto library = CatalogueReading::AsItsLibrary;
constexpr const char *someDay = "2026-08-20T12:00:00Z";

} // namespace

class TestGenaiPricesImport : public QObject
{
    Q_OBJECT
private slots:
    void recognised();
    void timeOfPrices_data();
    void timeOfPrices();
    void exactlyOneSetHolds();
    void announcedPricesAreNoFacts();
    void bandsAreAboveTheirStart_data();
    void bandsAreAboveTheirStart();
    void unitsOfOtherKinds();
    void freeAndUnpriced();
    void names_data();
    void names();
    void whatHasNoClassIsSaid();
    void wholeFiles_data();
    void wholeFiles();
};

void TestGenaiPricesImport::recognised()
{
    QCOMPARE(read(stated).format, std::string("genai-prices"));
    QVERIFY(read(stated).dated);
    QCOMPARE(read(stated).catalogue.asOf, std::string("2026-09-01"));
    QVERIFY(looksLikeCatalogue(std::string_view(sample).substr(0, 120)));
    QVERIFY(!looksLikeCatalogue(R"([{"id": "row-1", "model": "gpt-4o"}])"));
}

void TestGenaiPricesImport::timeOfPrices_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("cost"); // of a million input tokens
    const auto row = [](const char *name, const char *model, const char *at, const char *cost) {
        QTest::newRow(name) << model << at << cost;
    };
    row("base", "deepseek-chat", "2026-05-31T12:00:00Z", "1");
    row("before the evening window", "deepseek-chat", "2026-05-31T22:29:59Z", "1");
    row("window begins", "deepseek-chat", "2026-05-31T22:30:00Z", "4");
    row("window goes on after midnight", "deepseek-chat", "2026-05-20T00:00:00Z", "4");
    row("last instant of the window", "deepseek-chat", "2026-05-20T06:29:59Z", "4");
    row("window ends", "deepseek-chat", "2026-05-20T06:30:00Z", "1");
    row("a later entry beats the window", "deepseek-chat", "2026-06-01T00:00:00Z", "3");
    row("all day long", "deepseek-chat", "2026-07-01T23:00:00Z", "3");
    row("a window that comes last beats dates", "deepseek-window", "2026-05-01T02:00:00Z", "5");
    row("also after the date", "deepseek-window", "2026-07-01T03:59:59Z", "5");
    row("outside, before the date", "deepseek-window", "2026-05-31T23:59:59Z", "1");
    row("outside, from the date on", "deepseek-window", "2026-06-01T00:00:00Z", "2");
}

void TestGenaiPricesImport::timeOfPrices()
{
    QFETCH(QString, model);
    QFETCH(QString, at);
    QFETCH(QString, cost);
    for (const auto reading : {stated, library}) {
        const PricedRequest result =
            priced(reading, "deepseek", qPrintable(model), qPrintable(at), {{UsageClass::Input, 1'000'000}});
        QCOMPARE(result.cost.text(), cost.toStdString());
    }
    // The set that wins is a whole one: where it has no price for cached tokens another set lends none.
    const PricedRequest cached =
        priced(library, "deepseek", "deepseek-chat", "2026-05-20T00:00:00Z", {{UsageClass::CacheRead, 1'000'000}});
    QCOMPARE(cached.cost.text(), std::string("4"));
    QCOMPARE(cached.lines.front().state, PriceState::Assumed);
}

void TestGenaiPricesImport::exactlyOneSetHolds()
{
    for (const CatalogueModel &model : read(library).catalogue.models) {
        for (const char *at : {"2020-01-01T00:00:00Z", "2026-05-20T03:00:00Z", "2026-05-20T06:30:00Z",
                               "2026-06-01T00:00:00Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"}) {
            int base = 0;
            for (const Rate &rate : model.rates) {
                const Instant instant = *parseInstant(at);
                base += !rate.context && rate.valid.contains(instant) && (!rate.daily || rate.daily->contains(instant))
                            ? 1
                            : 0;
            }
            QVERIFY2(base == 1, (model.key.model + " at " + at).c_str());
        }
    }
}

void TestGenaiPricesImport::announcedPricesAreNoFacts()
{
    const char *planned = "2027-02-01T12:00:00Z";
    QCOMPARE(priced(stated, "deepseek", "deepseek-chat", planned, {{UsageClass::Input, 1'000'000}}).cost.text(),
             std::string("3"));
    QCOMPARE(priced(library, "deepseek", "deepseek-chat", planned, {{UsageClass::Input, 1'000'000}}).cost.text(),
             std::string("9"));
    const ModelMatch match = book(stated).resolve("deepseek", "deepseek-chat");
    const RateCard plan = book(stated).rateCard(match.model, ServiceTier::Standard, "", *parseInstant(planned), true);
    QCOMPARE(plan.bands.front().prices[0].femto, std::int64_t{9'000'000'000});
}

void TestGenaiPricesImport::bandsAreAboveTheirStart_data()
{
    QTest::addColumn<int>("input");
    QTest::addColumn<QString>("cost"); // with 1,000 output tokens and 10 written ones
    QTest::newRow("below") << 989 << "0.0125025";
    QTest::newRow("at the start") << 990 << "0.012505";
    QTest::newRow("above the start") << 991 << "0.014985";
    QTest::newRow("at the second start") << 4990 << "0.03498";
    QTest::newRow("above the second start") << 4991 << "0.049967";
}

void TestGenaiPricesImport::bandsAreAboveTheirStart()
{
    QFETCH(int, input);
    QFETCH(QString, cost);
    for (const auto reading : {stated, library}) {
        PricedRequest result =
            priced(reading, "openai", "gpt-x", someDay,
                   {{UsageClass::Input, input}, {UsageClass::CacheWrite5m, 10}, {UsageClass::Output, 1000}});
        // The fee of the call stands beside the tokens: $5 for a thousand.
        QCOMPARE((result.cost - Femto::ofUnits(5'000'000'000'000)).text(), cost.toStdString());
        for (const PricedLine &line : result.lines)
            QCOMPARE(line.state, PriceState::Priced);
    }
}

void TestGenaiPricesImport::unitsOfOtherKinds()
{
    QCOMPARE(priced(stated, "openai", "gpt-scan", someDay, {{UsageClass::Page, 137}}).cost.text(),
             std::string("0.274"));
    QCOMPARE(priced(stated, "openai", "gpt-scan", someDay, {{UsageClass::AudioSeconds, 90}}).cost.text(),
             std::string("0.009"));
    QCOMPARE(priced(stated, "openai", "gpt-scan", someDay, {{UsageClass::FileSearch, 3}}).cost.text(),
             std::string("0.0075"));
    const PricedRequest searched =
        priced(stated, "openai", "gpt-x", someDay, {{UsageClass::WebSearch, 2}, {UsageClass::AudioIn, 100}});
    QCOMPARE(searched.cost.text(), std::string("0.029"));
}

void TestGenaiPricesImport::freeAndUnpriced()
{
    const PricedRequest free =
        priced(stated, "deepseek", "deepseek-free", someDay, {{UsageClass::Input, 5}, {UsageClass::Output, 5}});
    QCOMPARE(free.cost.text(), std::string("0"));
    QCOMPARE(free.lines.size(), std::size_t{2});
    QCOMPARE(free.lines.front().state, PriceState::Free);
    // No price for output: unpriced as stated, nothing to pay in the library.
    const PricedRequest out = priced(stated, "azure", "phi", someDay, {{UsageClass::Output, 5}});
    QCOMPARE(out.unpriced.size(), std::size_t{1});
    const PricedRequest theirs = priced(library, "azure", "phi-9-mini", someDay, {{UsageClass::Output, 5}});
    QVERIFY(theirs.unpriced.empty());
    QCOMPARE(theirs.lines.front().state, PriceState::Free);
}

void TestGenaiPricesImport::names_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("asStated");
    QTest::addColumn<QString>("asLibrary");
    const auto row = [](const char *provider, const char *name, const char *asStated, const char *asLibrary) {
        QTest::newRow(name) << provider << name << asStated << asLibrary;
    };
    row("openai", "gpt-x", "gpt-x", "gpt-x");
    row("openai", "Gpt-X", "gpt-x", "gpt-x");
    row("openai", "gpt-x-2", "gpt-x", "gpt-x");
    row("my-openai-proxy", "gpt-x-2026", "", "gpt-x");
    row("openai", "gpt-x-2026", "", "gpt-x");
    row("openai", "gpt-x-mini", "", "");
    row("deepseek", "deepseek-chat-v3.1", "", "deepseek-chat");
    row("", "deepseek-chat-v3.2", "", "deepseek-chat");
    row("azure", "phi-3-mini", "", "phi");
    row("azure", "phi-3-large", "", "");
    row("azure", "gpt-scan", "", "gpt-scan");
    row("litellm", "openai/gpt-scan", "gpt-scan", "gpt-scan");
}

void TestGenaiPricesImport::names()
{
    QFETCH(QString, provider);
    QFETCH(QString, name);
    QFETCH(QString, asStated);
    QFETCH(QString, asLibrary);
    const auto found = [&](CatalogueReading reading) {
        const ModelMatch match = book(reading).resolve(provider.toStdString(), name.toStdString());
        return match.model.found() ? book(reading).model(match.model).key.model : std::string();
    };
    QCOMPARE(found(stated), asStated.toStdString());
    QCOMPARE(found(library), asLibrary.toStdString());
    if (!asLibrary.isEmpty()) {
        const ModelMatch match = book(library).resolve(provider.toStdString(), name.toStdString());
        QVERIFY(!match.detail.empty());
        QCOMPARE(match.rule == MatchRule::Pattern, match.detail.find("pattern of the catalogue") == 0);
    }
}

void TestGenaiPricesImport::whatHasNoClassIsSaid()
{
    bool said = false;
    for (const CatalogueIssue &issue : read(stated).issues)
        said = said || issue.path.find("input_bogus_gpixels") != std::string::npos;
    QVERIFY(said);
}

void TestGenaiPricesImport::wholeFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("models");
    QTest::newRow("2026-08-21") << "genai_prices_v2_2026-08-21.json" << 1466;
    QTest::newRow("2026-09-23") << "genai_prices_v2_2026-09-23.json" << 1694;
}

void TestGenaiPricesImport::wholeFiles()
{
    QFETCH(QString, file);
    QFETCH(int, models);
    const QString path = sharedData(qPrintable("catalogues/" + file));
    REQUIRE_SHARED(path);
    QFile content(path);
    QVERIFY(content.open(QIODevice::ReadOnly));
    const std::string text = content.readAll().toStdString();
    for (const auto reading : {stated, library}) {
        const auto import = readCatalogue(text, file.toStdString(), {alwaysBefore, reading});
        QVERIFY2(import.ok(), import.ok() ? "" : import.error().text().c_str());
        QCOMPARE(import->format, std::string("genai-prices"));
        // Every model of the file is there or is said to be left out.
        int leftOut = 0;
        for (const CatalogueIssue &issue : import->issues) {
            QVERIFY(!issue.path.empty() && !issue.reason.empty());
            leftOut += issue.reason.find("states no price; left out") != std::string::npos
                               || issue.reason.find("the first one counts") != std::string::npos
                           ? 1
                           : 0;
        }
        QCOMPARE(static_cast<int>(import->catalogue.models.size()) + leftOut, models);
        const PriceBook whole({std::make_shared<const Catalogue>(import->catalogue)}, {});
        QCOMPARE(whole.modelCount(), import->catalogue.models.size());
    }
}

QTEST_APPLESS_MAIN(TestGenaiPricesImport)
#include "tst_genai_prices_import.moc"
