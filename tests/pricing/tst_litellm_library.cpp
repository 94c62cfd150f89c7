// SPDX-License-Identifier: GPL-3.0-or-later
// What LiteLLM would charge, and the members of its file that became classes.
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/litellm_prices.h"
#include "pricing/charge/price_request.h"

#include <QTest>

#include <memory>

using namespace perunit;

namespace {

constexpr const char *sample = R"json({
 "m": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6,
       "input_cost_per_token_priority": 4e-6, "cache_read_input_token_cost": 1e-6,
       "input_cost_per_token_above_200k_tokens": 3e-6, "output_cost_per_token_above_200k_tokens": 9e-6,
       "cache_creation_input_token_cost": 5e-6, "search_context_cost_per_query":
       {"search_context_size_low": 0.01, "search_context_size_medium": 0.02, "search_context_size_high": 0.03},
       "input_cost_per_request": 0.5},
 "bare": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6},
 "batched": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-6,
             "output_cost_per_token": 8e-6, "input_cost_per_token_batches": 1.5e-6,
             "output_cost_per_token_batches": 3e-6, "cache_read_input_token_cost": 1e-7},
 "thinks": {"litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
            "output_cost_per_reasoning_token": 7e-6, "output_cost_per_token_priority": 4e-6},
 "alike": {"litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
           "output_cost_per_reasoning_token": 2e-6, "output_cost_per_token_priority": 4e-6},
 "ranged": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [
     {"range": [0, 1000], "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
     {"range": [1000, 5000], "input_cost_per_token": 3e-6, "output_cost_per_token": 6e-6,
      "output_cost_per_reasoning_token": 9e-6}]},
 "wrong": {"litellm_provider": "wandb", "mode": "chat", "input_cost_per_token": 0.015, "output_cost_per_token": 0.06},
 "uplifted": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
              "regional_processing_uplift_multiplier_eu": 1.1},
 "quick": {"litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6,
           "cache_read_input_token_cost": 1e-7, "provider_specific_entry": {"us": 1.1, "fast": 6.0}},
 "night": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 4e-6, "output_cost_per_token": 8e-6,
           "off_peak_pricing": {"hours_utc": "16:30-00:30", "input_cost_per_token": 2e-6,
             "windows": [{"hours_utc": "20:00-22:00", "weekdays": ["mon"]}]}},
 "weekend": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 4e-6,
             "off_peak_pricing": {"windows": [{"hours_utc": ["00:00-24:00"], "weekdays": [6]}],
                                  "input_cost_per_token": 1e-6}},
 "saturday": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 4e-6,
              "off_peak_pricing": {"windows": [{"hours_utc": "14:00-18:00", "weekdays": [6]}],
                                   "weekday_timezone": "Asia/Shanghai", "input_cost_per_token": 1e-6}},
 "speak": {"litellm_provider": "openai", "mode": "audio_speech", "input_cost_per_character": 1.5e-5},
 "openai/container": {"litellm_provider": "openai", "mode": "chat", "code_interpreter_cost_per_session": 0.03},
 "hd/1024-x-1792/paint": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_pixel": 6.539e-08},
 "film": {"litellm_provider": "openai", "mode": "video_generation", "output_cost_per_video_per_second": 0.1},
 "hear": {"litellm_provider": "soniox", "mode": "audio_transcription", "input_cost_per_second": 0.0,
          "output_cost_per_second": 0.0001},
 "cachedaudio": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 4e-6,
                 "input_cost_per_audio_token": 3e-5, "cache_read_input_audio_token_cost": 4e-7,
                 "cache_read_input_image_token_cost": 5e-7}
})json";

const PriceBook &book(CatalogueReading reading)
{
    static const auto made = [](CatalogueReading each) {
        auto import = readCatalogue(sample, "litellm_2026-08-01.json", {alwaysBefore, each});
        if (!import)
            qFatal("%s", import.error().text().c_str());
        return std::make_shared<const Catalogue>(std::move(import->catalogue));
    };
    static const PriceBook stated({made(CatalogueReading::Stated)}, {});
    static const PriceBook library({made(CatalogueReading::AsItsLibrary)}, {});
    return reading == CatalogueReading::Stated ? stated : library;
}

std::string costOf(CatalogueReading reading, const RequestToPrice &request)
{
    const PricedRequest priced = priceRequest(book(reading), request);
    return priced.unpriced.empty() ? priced.cost.text() : "unpriced";
}

} // namespace

class TestLiteLlmLibrary : public QObject
{
    Q_OBJECT
private slots:
    void charges_data();
    void charges();
    void offPeak_data();
    void offPeak();
    void everyGapIsFilled();
    void malformedOffPeak_data();
    void malformedOffPeak();
};

void TestLiteLlmLibrary::charges_data()
{
    QTest::addColumn<QString>("model"); // provider/model@region
    QTest::addColumn<QString>("tier");
    QTest::addColumn<QString>("usage");
    QTest::addColumn<QString>("asLibrary");
    QTest::addColumn<QString>("asStated");
    const auto row = [](const char *name, const char *model, const char *tier, const char *usage, const char *library,
                        const char *stated) {
        QTest::newRow(name) << model << tier << usage << library << stated;
    };
    row("plain", "openai/bare", "standard", "input=1000 output=100", "0.0028", "0.0028");
    row("no read price", "openai/bare", "standard", "cache_read=1000", "0", "0.002");
    row("no write price", "openai/bare", "standard", "cache_write_5m=1000", "0", "0.002");
    // As stated every call of this model has a fee of 0.5, which LiteLLM does not charge.
    row("no hour price", "openai/m", "standard", "cache_write_1h=1000", "0", "0.505");
    row("tier falls back by key", "openai/m", "priority", "input=1000 cache_read=1000 output=100", "0.0058", "0.5058");
    row("fast is priority", "openai/m", "fast", "input=1000", "0.004", "0.502");
    row("flex has no key", "openai/m", "flex", "input=1000", "0.002", "0.502");
    row("above the threshold", "openai/m", "standard", "input=200000 cache_read=1 output=10", "0.600091", "1.100091");
    row("at the threshold", "openai/m", "standard", "input=199999 cache_read=1", "0.399999", "0.899999");
    // A tier without a price above a threshold has the standard one there.
    row("tier above the threshold", "openai/m", "priority", "input=200001", "0.600003", "1.300004");
    row("search of medium size", "openai/m", "standard", "web_search=2", "0.04", "unpriced");
    row("half a batch", "openai/m", "batch", "input=1000 cache_read=1000 cache_write_5m=1000 output=100", "0.0029",
        "0.5088");
    row("batch keys", "openai/batched", "batch", "input=1000 cache_read=1000 output=100", "0.0033", "0.0019");
    row("reasoning has a price", "gemini/thinks", "standard", "output=1000 reasoning=400", "0.004", "0.004");
    row("reasoning in a tier", "gemini/thinks", "priority", "output=1000 reasoning=400", "0.004", "0.0052");
    row("reasoning like output in a tier", "gemini/alike", "priority", "output=1000 reasoning=400", "0.004", "0.004");
    row("first range", "dashscope/ranged", "standard", "input=1000 cache_read=0", "0.001", "0.001");
    row("second range", "dashscope/ranged", "standard", "input=901 cache_read=100 output=10", "0.003063", "0.003063");
    row("reasoning of a range", "dashscope/ranged", "standard", "input=1001 output=10 reasoning=4", "0.003075",
        "0.003075");
    row("a wrong price is a price", "wandb/wrong", "standard", "input=1", "0.015", "unpriced");
    row("uplift", "openai/uplifted@eu", "standard", "input=1000 output=100", "0.00132", "0.00132");
    row("no uplift elsewhere", "openai/uplifted@us", "standard", "input=1000 output=100", "0.0012", "0.0012");
    row("fast factor", "anthropic/quick", "fast", "input=1000 cache_read=1000 output=100", "0.0096", "0.0096");
    row("fast in a place", "anthropic/quick@us", "fast", "input=1000", "0.0066", "0.0066");
    row("characters", "openai/speak", "standard", "characters=100", "0.0015", "0.0015");
    row("code session", "openai/container", "standard", "code_execution=2", "0.06", "0.06");
    row("pixels", "openai/hd/1024-x-1792/paint", "standard", "image=1", "0.11999117312", "0.11999117312");
    row("video", "openai/film", "standard", "video_seconds=8", "0.8", "0.8");
    row("transcription by its output", "soniox/hear", "standard", "audio_seconds=10", "0.001", "0.001");
    row("cached audio and image", "openai/cachedaudio", "standard", "cache_read_audio=10 cache_read_image=10",
        "0.000009", "0.000009");
}

void TestLiteLlmLibrary::charges()
{
    QFETCH(QString, model);
    QFETCH(QString, tier);
    QFETCH(QString, usage);
    QFETCH(QString, asLibrary);
    QFETCH(QString, asStated);
    RequestToPrice request;
    request.provider = model.section('/', 0, 0).toStdString();
    request.model = model.section('/', 1).section('@', 0, 0).toStdString();
    request.region = model.section('@', 1).toStdString();
    request.tier = *serviceTierNamed(tier.toStdString());
    for (const QString &each : usage.split(' ')) {
        const std::string name = each.section('=', 0, 0).toStdString();
        const std::int64_t count = each.section('=', 1).toLongLong();
        (name == "reasoning" ? request.usage.reasoning : request.usage[*usageClassNamed(name)]) = count;
    }
    QCOMPARE(costOf(CatalogueReading::AsItsLibrary, request), asLibrary.toStdString());
    QCOMPARE(costOf(CatalogueReading::Stated, request), asStated.toStdString());
}

void TestLiteLlmLibrary::offPeak_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("cost"); // of a million input tokens
    QTest::newRow("day") << "night"
                         << "2026-08-05T16:29:59Z"
                         << "4";
    QTest::newRow("night begins") << "night"
                                  << "2026-08-05T16:30:00Z"
                                  << "2";
    QTest::newRow("after midnight") << "night"
                                    << "2026-08-05T00:29:59Z"
                                    << "2";
    QTest::newRow("night ends") << "night"
                                << "2026-08-05T00:30:00Z"
                                << "4";
    QTest::newRow("hours that do not exist") << "weekend"
                                             << "2026-08-08T12:00:00Z"
                                             << "4";
    // 2026-08-08 is a Saturday; in Shanghai it begins at 16:00Z of Friday.
    QTest::newRow("Saturday there, Saturday here") << "saturday"
                                                   << "2026-08-08T15:00:00Z"
                                                   << "1";
    QTest::newRow("Sunday there, Saturday here") << "saturday"
                                                 << "2026-08-08T16:00:00Z"
                                                 << "4";
    QTest::newRow("Saturday there, Friday here") << "saturday"
                                                 << "2026-08-07T17:00:00Z"
                                                 << "1";
    QTest::newRow("Friday there, Friday here") << "saturday"
                                               << "2026-08-07T15:00:00Z"
                                               << "4";
}

void TestLiteLlmLibrary::offPeak()
{
    QFETCH(QString, model);
    QFETCH(QString, at);
    QFETCH(QString, cost);
    RequestToPrice request;
    request.provider = "deepseek";
    request.model = model.toStdString();
    request.at = *parseInstant(at.toStdString());
    request.usage[UsageClass::Input] = 1'000'000;
    QCOMPARE(costOf(CatalogueReading::AsItsLibrary, request), cost.toStdString());
    QCOMPARE(costOf(CatalogueReading::Stated, request), cost.toStdString());
}

void TestLiteLlmLibrary::everyGapIsFilled()
{
    const auto import = readCatalogue(sample, "litellm.json", {alwaysBefore, CatalogueReading::AsItsLibrary});
    QVERIFY(import.ok());
    for (const CatalogueModel &model : import->catalogue.models) {
        for (const Rate &rate : model.rates) {
            QVERIFY2(rate.note.find("LiteLLM") != std::string::npos, rate.id.c_str());
            for (const auto &price : rate.prices)
                QVERIFY2(price.has_value(), rate.id.c_str());
        }
    }
}

void TestLiteLlmLibrary::malformedOffPeak_data()
{
    QTest::addColumn<QString>("json");
    QTest::newRow("no object") << "[]";
    QTest::newRow("no hour") << R"({"hours_utc": "25:00-01:00", "input_cost_per_token": 1})";
    QTest::newRow("no window") << R"({"hours_utc": "noon"})";
    QTest::newRow("summer time") << R"({"weekday_timezone": "Europe/Berlin", "windows": []})";
    QTest::newRow("no rule") << R"({"windows": ["16:30-00:30"]})";
}

void TestLiteLlmLibrary::malformedOffPeak()
{
    QFETCH(QString, json);
    const auto value = parseJson(json.toStdString());
    QVERIFY(value.ok());
    LiteLlmPrices prices;
    std::vector<CatalogueIssue> issues;
    readLiteLlmOffPeak(*value, "/m/off_peak_pricing", prices, issues);
    QCOMPARE(issues.size(), std::size_t{1});
    QVERIFY(prices.offPeakWindows.empty());
}

QTEST_APPLESS_MAIN(TestLiteLlmLibrary)
#include "tst_litellm_library.moc"
