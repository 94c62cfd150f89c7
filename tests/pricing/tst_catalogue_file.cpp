// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"
#include "tests/support/catalogue_samples.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace perunit;

namespace {

std::string readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll().toStdString();
}

const CatalogueImport &sample()
{
    static const CatalogueImport import = [] {
        auto read = readCatalogue(readAll(testData("pricing/litellm_sample.json")), "litellm_2026-08-01.json",
                                  {*parseInstant("2026-08-01")});
        if (!read)
            qFatal("%s", read.error().text().c_str());
        return std::move(*read);
    }();
    return import;
}

const CatalogueModel *modelIn(const Catalogue &catalogue, const char *provider, const char *model)
{
    const auto found = std::find_if(catalogue.models.begin(), catalogue.models.end(), [&](const CatalogueModel &each) {
        return each.key == ModelKey{provider, model};
    });
    return found == catalogue.models.end() ? nullptr : &*found;
}

/// Price per million of a class in the rate with this id, "-" when there is none.
QString priceOf(const CatalogueModel *model, const char *rateId, UsageClass usageClass)
{
    if (!model)
        return "no model";
    for (const Rate &rate : model->rates) {
        if (rate.id != rateId)
            continue;
        const auto &price = rate.prices[static_cast<std::size_t>(usageClass)];
        return price ? QString::fromStdString(formatDecimal(price->femto, 9)) : "-";
    }
    return "no rate";
}

bool hasIssue(const CatalogueImport &import, const char *path, const char *word)
{
    return std::any_of(import.issues.begin(), import.issues.end(), [&](const CatalogueIssue &issue) {
        return issue.path == path && issue.reason.find(word) != std::string::npos;
    });
}

} // namespace

class TestCatalogueFile : public QObject
{
    Q_OBJECT
private slots:
    void messagesEndBetweenCharacters_data();
    void messagesEndBetweenCharacters();
    void readsOurOwn();
    void readsOffers();
    void readsUnknownsOfOffers();
    void refusesOffers_data();
    void refusesOffers();
    void readsHarnessPrices();
    void refusesOurOwn_data();
    void refusesOurOwn();
    void refusesBrokenJson_data();
    void refusesBrokenJson();
    void recognises_data();
    void recognises();
    void liteLlmPrices_data();
    void liteLlmPrices();
    void liteLlmModels();
    void liteLlmQuarantine();
    void liteLlmIssues();
    void liteLlmResolves();
};

void TestCatalogueFile::messagesEndBetweenCharacters_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("shown");
    // The message shows at most 40 bytes of what was read last.
    QTest::newRow("characters of two bytes")
        << QByteArray("{\"") + QByteArray("\xC3\xA9").repeated(30) + QByteArray("\n")
        << QStringLiteral("é").repeated(19);
    QTest::newRow("characters of four bytes") << QByteArray("[\"") + QByteArray("\xF0\x9F\x98\x80").repeated(30) + "\n"
                                              << QString::fromUtf8("\xF0\x9F\x98\x80").repeated(9);
    QTest::newRow("no character") << QByteArray("[\"a\xFF\"]") << QStringLiteral("a?");
    QTest::newRow("half a character") << QByteArray("[\"a\xC3\"]") << QStringLiteral("a?");
}

void TestCatalogueFile::messagesEndBetweenCharacters()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, shown);
    const auto value = parseJson(json.toStdString());
    QVERIFY(!value.ok());
    const QString what = QString::fromStdString(value.error().what);
    QCOMPARE(what.toUtf8(), QByteArray::fromStdString(value.error().what));
    QVERIFY2(!what.contains(QChar::ReplacementCharacter), qPrintable(what));
    QVERIFY2(what.contains(shown), qPrintable(what));
}

void TestCatalogueFile::readsOurOwn()
{
    const auto read = readCatalogue(
        "\xef\xbb\xbf"
            + catalogueText(R"([{"provider":"p","model":"m","display_name":"M","family":"f","aliases":["a","b"],
        "context_window":1000,"cache_minimum_tokens":64,"source":"list","checked":"2026-11-21","grade":"B","rates":[
        {"id":"r1","valid_from":"2026-01-01","valid_to":"2026-02-01T12:00:00+01:00","tier":"batch","region":"eu",
         "context":{"gte":272000},"daily_utc":{"weekdays":[1,7],"from":"09:30","to":"24:00"},"status":"contract",
         "per_million_tokens":{"input":"3","output":"0","cache_read":null,"cache_write_5m":"1.0000000005"},
         "per_event":{"page":"0.002"},"per_hour":{"audio_seconds":"0.36"},"grade":"A","note":"n"}]}])"),
        "x.json");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QCOMPARE(read->format, std::string("perunit"));
    QVERIFY(read->issues.empty());
    QCOMPARE(read->catalogue.models.size(), std::size_t{1});
    const CatalogueModel &model = read->catalogue.models.front();
    QVERIFY((model.key == ModelKey{"p", "m"}));
    QCOMPARE(model.aliases, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(model.contextWindow, std::int64_t{1000});
    QCOMPARE(model.cacheMinimumTokens, std::int64_t{64});
    const Rate &rate = model.rates.front();
    QCOMPARE(rate.valid.from, *parseInstant("2026-01-01"));
    QCOMPARE(rate.valid.to, *parseInstant("2026-02-01T11:00:00Z"));
    QVERIFY(rate.tier == ServiceTier::Batch && rate.status == RateStatus::Contract && rate.region == "eu");
    QVERIFY((rate.context == ContextThreshold{272000, true}));
    QVERIFY((rate.daily == DailyWindow{0x41, 570, 1440}));
    const auto price = [&rate](UsageClass usageClass) {
        return rate.prices[static_cast<std::size_t>(usageClass)];
    };
    QVERIFY((price(UsageClass::Input) == UnitPrice{3'000'000'000, false}));
    QVERIFY((price(UsageClass::Output) == UnitPrice{0, false})); // free
    QVERIFY(!price(UsageClass::CacheRead));                      // unknown
    QVERIFY((price(UsageClass::CacheWrite5m) == UnitPrice{1'000'000'000, true}));
    QVERIFY((price(UsageClass::Page) == UnitPrice{2'000'000'000'000, false}));
    QVERIFY((price(UsageClass::AudioSeconds) == UnitPrice{100'000'000'000, false}));
    QCOMPARE(rate.source, std::string("list"));
    QCOMPARE(rate.checked, std::string("2026-11-21"));
    QCOMPARE(rate.grade, std::string("A"));
}

void TestCatalogueFile::readsOffers()
{
    const auto read = readCatalogue(
        catalogueText("[]", R"([{"id":"o","provider":"azure","unit":"PTU","terms":[{"term":"hourly","per_hour":"1.1"},
        {"term":"1-year","per_year":"2652"},{"term":"1-week","per_week":"1200"}],
        "throughput":[{"model":"m","input_tokens_per_minute":3000,"output_weight":"7.5","minimum_units":15,
        "step_units":5,"maximum_prompt_tokens":128000}]}])"),
        "x.json");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    const ProvisionedOffer &offer = read->catalogue.offers.front();
    QCOMPARE(offer.terms[0].femto, std::int64_t{1'100'000'000'000'000});
    QVERIFY(offer.terms[0].perHour);
    QCOMPARE(offer.terms[1].femto, std::int64_t{221'000'000'000'000'000});
    QVERIFY(!offer.terms[1].perHour);
    QCOMPARE(offer.terms[2].femto, std::int64_t{7'142'857'142'857'143});
    QVERIFY(offer.terms[2].perHour);
    const ProvisionedThroughput &model = offer.throughput.front();
    QCOMPARE(model.outputWeight, PartsPerMillion{7'500'000});
    QCOMPARE(model.inputWeight, onePpm);
    QCOMPARE(model.cacheReadWeight, PartsPerMillion{0});
    QCOMPARE(model.maximumPromptTokens, std::int64_t{128000});
}

void TestCatalogueFile::readsUnknownsOfOffers()
{
    const auto read = readCatalogue(
        catalogueText("[]", R"([{"id":"o","provider":"p","unit":"u","overflow":"rejected","separate_output_units":true,
        "terms":[{"term":"reserved","per_month":null},{"term":"daily","per_day":"24","minimum_days":30}],
        "throughput":[{"model":"m","input_tokens_per_minute":null,"output_tokens_per_minute":500,
        "weights_unknown":true,"valid_from":"2026-02-01"},
        {"model":"n","input_tokens_per_minute":60,"cache_write_weight":"1.25","other_weights":{"audio_in":"4"},
        "long_prompt":{"context":{"gte":1000},"input_weight":"2"}}]}])"),
        "x.json");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    const ProvisionedOffer &offer = read->catalogue.offers.front();
    QCOMPARE(offer.overflow, OfferOverflow::Rejected);
    QVERIFY(offer.separateOutputUnits);
    QVERIFY(!offer.terms[0].priceKnown);
    QVERIFY(offer.terms[1].priceKnown && offer.terms[1].perHour);
    QCOMPARE(offer.terms[1].femto, Femto::ofUnits(1'000'000'000'000'000).units());
    QCOMPARE(offer.terms[1].minimumDays, std::int64_t{30});
    QCOMPARE(offer.throughput[0].inputTokensPerMinute, std::int64_t{0});
    QVERIFY(!offer.throughput[0].weightsKnown);
    QCOMPARE(offer.throughput[0].outputTokensPerMinute, std::int64_t{500});
    QCOMPARE(offer.throughput[0].valid.from, *parseInstant("2026-02-01"));
    const ProvisionedThroughput &known = offer.throughput[1];
    QCOMPARE(known.cacheWrite1hWeight, PartsPerMillion{1'250'000}); // as the shorter lifetime
    QCOMPARE(known.otherWeights, (std::vector<ClassWeight>{{UsageClass::AudioIn, 4 * onePpm}}));
    QCOMPARE(*known.longPrompt,
             (LongPromptWeights{{1000, true}, 2 * onePpm, 0, 1'250'000, 1'250'000, onePpm})); // the rest stays
}

void TestCatalogueFile::refusesOffers_data()
{
    QTest::addColumn<QString>("members");
    QTest::newRow("a term without a word on its price") << R"("terms":[{"term":"t"}])";
    QTest::newRow("two prices") << R"("terms":[{"term":"t","per_hour":"1","per_month":"2"}])";
    QTest::newRow("throughput left out") << R"("throughput":[{"model":"m"}])";
    QTest::newRow("no throughput at all") << R"("throughput":[{"model":"m","input_tokens_per_minute":0}])";
    QTest::newRow("an unknown class")
        << R"("throughput":[{"model":"m","input_tokens_per_minute":1,"other_weights":{"audio":"4"}}])";
    QTest::newRow("a class with a weight of its own")
        << R"("throughput":[{"model":"m","input_tokens_per_minute":1,"other_weights":{"reasoning":"4"}}])";
    QTest::newRow("a weight that is no text")
        << R"("throughput":[{"model":"m","input_tokens_per_minute":1,"other_weights":{"audio_in":4}}])";
    QTest::newRow("long prompts of no length")
        << R"("throughput":[{"model":"m","input_tokens_per_minute":1,"long_prompt":{"input_weight":"2"}}])";
}

void TestCatalogueFile::refusesOffers()
{
    QFETCH(QString, members);
    const std::string offer = R"([{"id":"o","provider":"p","unit":"u",)" + members.toStdString() + "}]";
    const auto read = readCatalogue(catalogueText("[]", offer.c_str()), "x.json");
    QVERIFY(!read.ok());
    QVERIFY2(read.error().where.rfind("/offers/0/", 0) == 0, read.error().text().c_str());
}

void TestCatalogueFile::readsHarnessPrices()
{
    const auto file = [](const std::string &prices) {
        return readCatalogue(R"({"format":"perunit/catalogue","version":1,"id":"h","as_of":"2026-11-21",)"
                             R"("source":"list","checked":"2026-11-21","harness":[)"
                                 + prices + "]}",
                             "x.json");
    };
    const auto read = file(R"({"id":"a","component":"egress","provider":"aws","product":"out","region":"us-east-1",
        "to_region":"internet","unit":"GB","price":"0.085","above":10240},
        {"id":"b","component":"gpu","provider":"any","product":"H100","unit":"GPU-hour","lowest":"2.5","highest":"4"})");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    const HarnessPrice &out = read->catalogue.harness[0];
    QCOMPARE(out.component, HarnessComponent::Egress);
    QCOMPARE(out.lowest.femto, std::int64_t{85'000'000'000'000});
    QCOMPARE(out.highest, out.lowest);
    QCOMPARE(out.above, std::int64_t{10240});
    QCOMPARE(out.source, std::string("list"));
    QCOMPARE(read->catalogue.harness[1].highest.femto, std::int64_t{4'000'000'000'000'000});
    const std::string head = R"({"id":"a","component":"gpu","provider":"p","product":"x","unit":"u")";
    QVERIFY(!file(head + "}").ok());
    QVERIFY(!file(head + R"(,"price":"1","lowest":"1","highest":"2"})").ok());
    QVERIFY(!file(head + R"(,"lowest":"1"})").ok());
    QVERIFY(!file(head + R"(,"lowest":"3","highest":"2"})").ok());
    QVERIFY(!file(R"({"id":"a","component":"tea","provider":"p","product":"x","unit":"u","price":"1"})").ok());
    QVERIFY(!file(head + R"(,"price":"1"},)" + head + R"(,"price":"1"})").ok());
}

void TestCatalogueFile::refusesOurOwn_data()
{
    QTest::addColumn<QString>("models");
    QTest::addColumn<QString>("where");
    const auto rate = [](const char *name, const char *members, const char *where) {
        QTest::newRow(name) << QString::fromStdString("[" + modelText("p", "m", std::string("[") + members + "]") + "]")
                            << where;
    };
    rate("number for a price", R"({"id":"r","per_million_tokens":{"input":3}})",
         "/models/0/rates/0/per_million_tokens/input");
    rate("misspelt class", R"({"id":"r","per_million_tokens":{"inputs":"3"}})",
         "/models/0/rates/0/per_million_tokens/inputs");
    rate("event among tokens", R"({"id":"r","per_million_tokens":{"page":"3"}})",
         "/models/0/rates/0/per_million_tokens/page");
    rate("tokens among events", R"({"id":"r","per_event":{"input":"3"}})", "/models/0/rates/0/per_event/input");
    rate("negative", R"({"id":"r","per_million_tokens":{"input":"-3"}})", "/models/0/rates/0/per_million_tokens/input");
    rate("not a number", R"({"id":"r","per_million_tokens":{"input":"3 USD"}})",
         "/models/0/rates/0/per_million_tokens/input");
    rate("far too large", R"({"id":"r","per_event":{"page":"99999"}})", "/models/0/rates/0/per_event/page");
    rate("misspelt member", R"({"id":"r","valid_form":"2026-01-01"})", "/models/0/rates/0/valid_form");
    rate("member twice", R"({"id":"r","id":"s"})", "/models/0/rates/0/id");
    rate("no id", R"({"tier":"batch"})", "/models/0/rates/0/id");
    rate("id twice", R"({"id":"r"},{"id":"r"})", "/models/0/rates/1/id");
    rate("bad date", R"({"id":"r","valid_from":"2026-02-30"})", "/models/0/rates/0/valid_from");
    rate("ends before it begins", R"({"id":"r","valid_from":"2026-02-02","valid_to":"2026-02-02"})",
         "/models/0/rates/0");
    rate("unknown tier", R"({"id":"r","tier":"slow"})", "/models/0/rates/0/tier");
    rate("provisioned is no price per token", R"({"id":"r","tier":"provisioned"})", "/models/0/rates/0/tier");
    rate("unknown status", R"({"id":"r","status":"maybe"})", "/models/0/rates/0/status");
    rate("both thresholds", R"({"id":"r","context":{"gt":1,"gte":1}})", "/models/0/rates/0/context");
    rate("threshold as text", R"({"id":"r","context":{"gt":"1"}})", "/models/0/rates/0/context/gt");
    rate("window over midnight", R"({"id":"r","daily_utc":{"from":"22:00","to":"02:00"}})",
         "/models/0/rates/0/daily_utc");
    rate("no such weekday", R"({"id":"r","daily_utc":{"weekdays":[0]}})", "/models/0/rates/0/daily_utc/weekdays");
    QTest::newRow("model twice") << QString::fromStdString("[" + modelText("p", "m", "[]") + ","
                                                           + modelText("p", "m", "[]") + "]")
                                 << "/models/1";
    QTest::newRow("model without rates") << R"([{"provider":"p","model":"m"}])"
                                         << "/models/0/rates";
    QTest::newRow("alias that is no text") << R"([{"provider":"p","model":"m","aliases":[1],"rates":[]}])"
                                           << "/models/0/aliases";
    QTest::newRow("models are no list") << "{}"
                                        << "/models";
}

void TestCatalogueFile::refusesOurOwn()
{
    QFETCH(QString, models);
    QFETCH(QString, where);
    const auto read = readCatalogue(catalogueText(models.toStdString()), "x.json");
    QVERIFY(!read.ok());
    QCOMPARE(QString::fromStdString(read.error().where), where);
    QVERIFY(!read.error().what.empty());
}

void TestCatalogueFile::refusesBrokenJson_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<int>("code");
    QTest::newRow("empty") << ""
                           << "line 1, column 1" << static_cast<int>(ErrorCode::BadInput);
    QTest::newRow("cut off") << "{\"format\":\n \"perunit/catalogue\","
                             << "line 2, column 21" << static_cast<int>(ErrorCode::BadInput);
    QTest::newRow("too deep") << QString("[").repeated(100000) << "/0/0/0/0/…" << static_cast<int>(ErrorCode::BadInput);
    QTest::newRow("another JSON") << R"({"a": {"b": 1}})"
                                  << "" << static_cast<int>(ErrorCode::Unsupported);
    QTest::newRow("a list") << "[1, 2]"
                            << "" << static_cast<int>(ErrorCode::Unsupported);
    QTest::newRow("a newer version") << R"({"format":"perunit/catalogue","version":2})"
                                     << "/version" << static_cast<int>(ErrorCode::Unsupported);
}

void TestCatalogueFile::refusesBrokenJson()
{
    QFETCH(QString, text);
    QFETCH(QString, where);
    QFETCH(int, code);
    const auto read = readCatalogue(text.toStdString(), "x.json");
    QVERIFY(!read.ok());
    QCOMPARE(static_cast<int>(read.error().code), code);
    QCOMPARE(QString::fromStdString(read.error().where), where);
}

void TestCatalogueFile::recognises_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("catalogue");
    QTest::newRow("ours") << QByteArray(R"({"$schema":"x","format":"perunit/catalogue","ver)") << true;
    QTest::newRow("ours with a mark") << QByteArray("\xef\xbb\xbf\n {\"format\": \"perunit/catalogue\"}") << true;
    QTest::newRow("LiteLLM, cut off") << QByteArray(
        R"({"m": {"max_tokens": 1, "output_cost_per_token": 1e-6, "litellm_provider": "openai", "mo)")
                                      << true;
    QTest::newRow("scenario") << QByteArray(R"({"format":"perunit/scenario","version":1})") << false;
    QTest::newRow("gateway log line") << QByteArray(
        R"({"id":"1","model":"m","model_info":{"litellm_provider":"openai","x":{"input_cost_per_token":1}}})")
                                      << false;
    QTest::newRow("log line with numbers first")
        << QByteArray(R"({"a":1,"b":2,"c":3,"d":{"litellm_provider":"openai","input_cost_per_token":1e-6}})") << false;
    QTest::newRow("names inside a text") << QByteArray(
        R"({"m":{"note":"\"litellm_provider\": \"x\", \"input_cost_per_token\": 1"}})")
                                         << false;
    QTest::newRow("csv") << QByteArray("time,model,input_cost_per_token\n") << false;
    QTest::newRow("list") << QByteArray("[{\"litellm_provider\":1}]") << false;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("open quote") << QByteArray("{\"abc\\") << false;
}

void TestCatalogueFile::recognises()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, catalogue);
    QCOMPARE(looksLikeCatalogue(text.toStdString()), catalogue);
}

void TestCatalogueFile::liteLlmPrices_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("rate");
    QTest::addColumn<QString>("usageClass");
    QTest::addColumn<QString>("price");
    const auto row = [](const char *model, const char *rate, const char *usageClass, const char *price) {
        QTest::newRow(qPrintable(QString("%1 %2").arg(rate, usageClass))) << model << rate << usageClass << price;
    };
    row("openai/gpt-sample", "litellm:gpt-sample", "input", "2.99999"); // binary noise rounded away
    row("openai/gpt-sample", "litellm:gpt-sample", "cache_read", "0.3");
    row("openai/gpt-sample", "litellm:gpt-sample", "cache_write_5m", "-");
    row("openai/gpt-sample", "litellm:gpt-sample", "web_search", "10000");
    row("openai/gpt-sample", "litellm:gpt-sample>200000", "output", "22.5");
    row("openai/gpt-sample", "litellm:gpt-sample#batch", "input", "1.5");
    row("openai/gpt-sample", "litellm:gpt-sample#priority>200000", "input", "12");
    row("openai/gpt-sample", "litellm:gpt-sample#flex>200000", "cache_write_1h", "4");
    row("openai/ft:gpt-sample", "litellm:ft:gpt-sample", "output", "0");
    row("azure/gpt-sample", "litellm:azure/eu/gpt-sample", "input", "3.3");
    row("bedrock/anthropic.claude-sample-v1:0", "litellm:us.anthropic.claude-sample-v1:0", "input", "3.3");
    row("google/gemini-sample", "litellm:gemini-sample", "input", "0.15");
    row("google/gemini/gemini-sample", "litellm:gemini/gemini-sample", "input", "0.1");
    row("alibaba/qwen-sample", "litellm:dashscope/qwen-sample", "input", "0.05");
    row("alibaba/qwen-sample", "litellm:dashscope/qwen-sample>256000", "output", "2");
    row("openai/text-embedding-sample", "litellm:text-embedding-sample", "embedding", "0.02");
    row("openai/text-embedding-sample", "litellm:text-embedding-sample", "input", "0.02");
    row("cohere/rerank-sample", "litellm:rerank-sample", "request", "2000");
    row("groq/whisper-sample", "litellm:whisper-sample", "audio_seconds", "30.83");
    row("mistral/ocr-sample", "litellm:ocr-sample", "page", "2000");
}

void TestCatalogueFile::liteLlmPrices()
{
    QFETCH(QString, model);
    QFETCH(QString, rate);
    QFETCH(QString, usageClass);
    QFETCH(QString, price);
    const std::string provider = model.section('/', 0, 0).toStdString();
    const CatalogueModel *found =
        modelIn(sample().catalogue, provider.c_str(), model.section('/', 1).toStdString().c_str());
    QCOMPARE(priceOf(found, rate.toStdString().c_str(), *usageClassNamed(usageClass.toStdString())), price);
}

void TestCatalogueFile::liteLlmModels()
{
    const Catalogue &catalogue = sample().catalogue;
    QCOMPARE(sample().format, std::string("litellm"));
    QCOMPARE(catalogue.asOf, std::string("2026-08-01"));
    QCOMPARE(catalogue.models.size(), std::size_t{14});
    const CatalogueModel *model = modelIn(catalogue, "openai", "gpt-sample");
    QVERIFY(model);
    QCOMPARE(model->contextWindow, std::int64_t{128000});
    QCOMPARE(model->rates.front().valid.from, *parseInstant("2026-08-01"));
    QCOMPARE(model->rates.front().note, std::string("https://example.com/prices"));
    const CatalogueModel *grok = modelIn(catalogue, "xai", "grok-sample");
    QVERIFY(grok);
    QVERIFY((grok->rates.back().context == ContextThreshold{200000, true}));
    QVERIFY((modelIn(catalogue, "openai", "gpt-sample")->rates[1].context == ContextThreshold{200000, false}));
    QVERIFY(!modelIn(catalogue, "openai", "sample_spec"));
    QVERIFY(!modelIn(catalogue, "openai", "fallback_generalizations"));
    QCOMPARE(modelIn(catalogue, "azure", "gpt-sample")->rates.size(), std::size_t{2});
}

void TestCatalogueFile::liteLlmQuarantine()
{
    const Catalogue &catalogue = sample().catalogue;
    QVERIFY(!modelIn(catalogue, "wandb", "wrong-unit"));
    QVERIFY(hasIssue(sample(), "/wandb~1wrong-unit", "cannot be right"));
    QVERIFY(!modelIn(catalogue, "wandb", "too-cheap"));
    QVERIFY(hasIssue(sample(), "/wandb~1too-cheap", "cannot be right"));
    QVERIFY(!modelIn(catalogue, "openai", "dear-cache"));
    QVERIFY(hasIssue(sample(), "/openai~1dear-cache", "cached token"));
    QCOMPARE(modelIn(catalogue, "openai", "dear-batch")->rates.size(), std::size_t{1});
    QVERIFY(hasIssue(sample(), "/openai~1dear-batch", "batch costs more"));
    QCOMPARE(modelIn(catalogue, "openai", "slipped-priority")->rates.size(), std::size_t{1});
    QVERIFY(hasIssue(sample(), "/openai~1slipped-priority", "ten times"));
}

void TestCatalogueFile::liteLlmIssues()
{
    QVERIFY(!hasIssue(sample(), "/gpt-sample/output_cost_per_reasoning_token", ""));
    const Rate &standard = modelIn(sample().catalogue, "openai", "gpt-sample")->rates.front();
    QCOMPARE(standard.prices[static_cast<std::size_t>(UsageClass::Reasoning)]->femto, std::int64_t{20'000'000'000});
    QCOMPARE(standard.prices[static_cast<std::size_t>(UsageClass::Characters)]->femto, std::int64_t{1'000'000'000});
    QVERIFY(hasIssue(sample(), "/ft:gpt-sample/output_cost_per_token", "free"));
    QVERIFY(hasIssue(sample(), "/bedrock~1us-east-1~11-month-commitment~1anthropic.claude-sample", "commitment"));
    QVERIFY(hasIssue(sample(), "/gemini~1gemini-sample", "another price"));
    QVERIFY(hasIssue(sample(), "/no-price", "no price"));
    QVERIFY(hasIssue(sample(), "/no-provider", "litellm_provider"));
}

void TestCatalogueFile::liteLlmResolves()
{
    const PriceBook book({std::make_shared<const Catalogue>(sample().catalogue)}, {});
    const auto match = [&book](const char *provider, const char *model) {
        const ModelMatch found = book.resolve(provider, model);
        return found.model.found() ? book.model(found.model).key.model + "|" + found.region : std::string("-");
    };
    QCOMPARE(match("gemini", "gemini-sample"), std::string("gemini/gemini-sample|"));
    QCOMPARE(match("gemini", "gemini/gemini-sample"), std::string("gemini/gemini-sample|"));
    QCOMPARE(match("vertex_ai", "gemini-sample"), std::string("gemini-sample|"));
    QCOMPARE(match("bedrock", "us.anthropic.claude-sample-v1:0"), std::string("anthropic.claude-sample-v1:0|us"));
    QCOMPARE(match("azure", "azure/eu/gpt-sample"), std::string("gpt-sample|eu"));
    QCOMPARE(match("dashscope", "dashscope/qwen-sample"), std::string("qwen-sample|"));
    QCOMPARE(match("openai", "ft:gpt-sample:org::id"), std::string("ft:gpt-sample|"));
}

QTEST_APPLESS_MAIN(TestCatalogueFile)
#include "tst_catalogue_file.moc"
