// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/meter_text.h"
#include "model/import/table_file.h"

#include "pricing/catalogue/price_book.h"
#include "tests/support/catalogue_samples.h"
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

class TestMeterText : public QObject
{
    Q_OBJECT
private slots:
    void meters_data();
    void meters();
    void namesResolve_data();
    void namesResolve();
    void unknownNamesStay_data();
    void unknownNamesStay();
    void regionsOfUsageTypes();
    void unitMultiples_data();
    void unitMultiples();
    void unitsOfTheReference();
    void harnessClasses_data();
    void harnessClasses();
    void pythonBecomesJson_data();
    void pythonBecomesJson();
};

namespace {

QString said(const MeterReading &reading)
{
    QString text = QString::fromStdString(reading.model) + QLatin1Char('|');
    if (reading.usageClass)
        text += QString::fromLatin1(nameOf(*reading.usageClass).data());
    text += QLatin1Char('|') + QString::fromLatin1(nameOf(reading.tier).data()) + QLatin1Char('|')
            + QString::fromStdString(reading.servingScope);
    if (reading.cacheStorage)
        text += QStringLiteral("|storage");
    if (reading.fineTuned)
        text += QStringLiteral("|tuned");
    return text;
}

} // namespace

void TestMeterText::meters_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *meter, const char *expected) {
        QTest::newRow(meter) << QString::fromLatin1(expected);
    };
    // Bedrock, behind the region.
    row("Claude4.5Sonnet-input-tokens", "claude-sonnet-4-5|input|standard|");
    row("Claude4.5Sonnet-cache-read-input-token-count", "claude-sonnet-4-5|cache_read|standard|");
    row("Claude4.5Sonnet-cache-write-input-token-count", "claude-sonnet-4-5|cache_write_5m|standard|");
    row("ClaudeHaiku4.5-cache-write-input-token-count-1-hour", "claude-haiku-4-5|cache_write_1h|standard|");
    row("Claude4.5Sonnet-input-tokens-cross-region-global", "claude-sonnet-4-5|input|standard|global");
    row("Claude3.5SonnetV2-output-tokens-batch", "claude-3-5-sonnet|output|batch|");
    row("NovaLite-output-tokens-batch", "nova-lite|output|batch|");
    row("Nova2.0Lite-output-tokens-priority", "nova-2-lite|output|priority|");
    row("Llama3-1-70B-input-tokens", "meta.llama3-1-70b-instruct|input|standard|");
    row("xai.grok-4.3-mantle-cache-read-tokens-flex", "xai.grok-4.3|cache_read|flex|");
    row("anthropic.claude-opus-5-mantle-cache-write-tokens-global-standard",
        "anthropic.claude-opus-5|cache_write_5m|standard|global");
    row("Claude3Sonnet-ProvisionedThroughput-ModelUnits", "claude-3-sonnet||provisioned|");
    row("Guardrail-ContentPolicyUnitsConsumed", "guardrail-contentpolicyunitsconsumed||standard|");
    // Azure.
    row("gpt 4o 1120 Inp glbl Tokens", "gpt-4o-2024-11-20|input|standard|global");
    row("gpt 4o 1120 cached Inp glbl Tokens", "gpt-4o-2024-11-20|cache_read|standard|global");
    row("gpt-4o-0513-Outp-regnl Tokens", "gpt-4o-2024-05-13|output|standard|regional");
    row("gpt-4o-mini-0718-Inp-glbl Tokens", "gpt-4o-mini-2024-07-18|input|standard|global");
    row("gpt 4.1 mini Batch Inp Data Zone Tokens", "gpt-4.1-mini|input|batch|data_zone");
    row("o3 0416 Outp DZone Tokens", "o3|output|standard|data_zone");
    row("gpt 5 pp Outp glbl Tokens", "gpt-5|output|priority|global");
    row("gpt-4o-rt-aud-inp-glbl Tokens", "gpt-4o-rt|audio_in|standard|global");
    row("gpt-4o-rt-txt-cchd-inp-glbl Tokens", "gpt-4o-rt|cache_read|standard|global");
    row("gpt-image-1-img-Outp-glbl Tokens", "gpt-image-1|image_out|standard|global");
    row("text-embedding-3-small-glbl Tokens", "text-embedding-3-small|embedding|standard|global");
    row("gpt 4.1 ft Training regnl Tokens", "gpt-4.1||standard|regional|tuned");
    row("Provisioned Managed Global Unit", "||provisioned|global");
    row("Provisioned Managed Data Zone Unit", "||provisioned|data_zone");
    // Google.
    row("Gemini 2.5 Pro Text Input - Predictions", "gemini-2.5-pro|input|standard|");
    row("Gemini 2.5 Pro Thinking Text Output - Predictions", "gemini-2.5-pro|output|standard|");
    row("Gemini 2.5 Pro Input Text Caching", "gemini-2.5-pro|cache_read|standard|");
    row("Gemini 2.5 Flash Input Audio Caching", "gemini-2.5-flash|cache_read_audio|standard|");
    row("Gemini 2.5 Pro Input Text Caching Storage", "gemini-2.5-pro||standard||storage");
    row("Gemini 2.5 Flash Batch Text Output - Predictions", "gemini-2.5-flash|output|batch|");
    row("Gemini 2.5 Flash Audio Input - Predictions", "gemini-2.5-flash|audio_in|standard|");
    row("Gemini 2.5 Flash Image Input - Predictions", "gemini-2.5-flash|image_in|standard|");
    row("Claude Sonnet 4.5 Input - Predictions", "claude-sonnet-4-5|input|standard|");
    row("Provisioned Throughput GSU 1 month - global", "||provisioned|global");
}

void TestMeterText::meters()
{
    QFETCH(QString, expected);
    QCOMPARE(said(readMeter(QTest::currentDataTag())), expected);
}

void TestMeterText::namesResolve_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    const auto row = [](const char *provider, const char *recorded, const char *model) {
        QTest::newRow(recorded) << QString::fromLatin1(provider) << QString::fromLatin1(model);
    };
    row("bedrock", "Claude4.5Sonnet", "anthropic.claude-sonnet-4-5-20250929-v1:0");
    row("bedrock", "Claude Haiku 4.5 (Amazon Bedrock Edition)", "anthropic.claude-haiku-4-5-20251001-v1:0");
    row("bedrock", "Claude 3.5 Sonnet", "anthropic.claude-3-5-sonnet-20241022-v2:0");
    row("bedrock", "Claude3Opus", "anthropic.claude-3-opus-20240229-v1:0");
    row("bedrock", "Claude4Opus", "anthropic.claude-opus-4-20250514-v1:0");
    row("bedrock", "NovaPro", "amazon.nova-pro-v1:0");
    row("bedrock", "Nova2.0Lite", "amazon.nova-2-lite-v1:0");
    row("bedrock", "Llama3-1-8B", "meta.llama3-1-8b-instruct-v1:0");
    row("azure", "gpt 4o 1120", "gpt-4o");
    row("azure", "gpt 4o 0513", "gpt-4o-2024-05-13");
    row("azure", "gpt-4o-mini-0718", "gpt-4o-mini");
    row("azure", "gpt 4.1 nano", "gpt-4.1-nano");
    row("azure", "gpt4.1 0414", "gpt-4.1");
    row("azure", "o4-mini 0416", "o4-mini");
    row("google", "Gemini 2.5 Pro", "gemini-2.5-pro");
    row("google", "Gemini 2.5 Flash Lite", "gemini-2.5-flash-lite");
}

void TestMeterText::namesResolve()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    static const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    const ModelMatch match = book.resolve(provider.toStdString(), catalogueModelName(QTest::currentDataTag()));
    QVERIFY(match.model.found());
    QCOMPARE(QString::fromStdString(book.model(match.model).key.model), model);
}

void TestMeterText::unknownNamesStay_data()
{
    QTest::addColumn<QString>("expected");
    QTest::newRow("Somebody's Model 7") << "somebody's-model-7";
    QTest::newRow("Claude Sonnet") << "claude-sonnet";
    QTest::newRow("mistral.pixtral-large-2502-v1:0") << "mistral.pixtral-large-2502-v1:0";
    QTest::newRow("Llama Guard") << "llama-guard";
}

void TestMeterText::unknownNamesStay()
{
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(catalogueModelName(QTest::currentDataTag())), expected);
}

void TestMeterText::regionsOfUsageTypes()
{
    std::string_view rest;
    QCOMPARE(awsRegionOf("EUC1-NovaLite-output-tokens", rest), std::string("eu-central-1"));
    QCOMPARE(std::string(rest), std::string("NovaLite-output-tokens"));
    // A model is no region.
    QCOMPARE(awsRegionOf("NovaLite-output-tokens", rest), std::string());
    QCOMPARE(std::string(rest), std::string("NovaLite-output-tokens"));
}

void TestMeterText::unitMultiples_data()
{
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char *unit, qint64 expected) {
        QTest::newRow(unit) << expected;
    };
    row("1K", 1000);
    row("10M", 10'000'000);
    row("1B", 1'000'000'000);
    row("1 Month", 1);
    row("1 MB", 1);
    row("100 Hours", 100);
    row("Hours", 1);
    row("1,000 Tokens", 1000);
    row("99999999999999999999", 0);
    row("999999999999999K", 0);
}

void TestMeterText::unitMultiples()
{
    QFETCH(qint64, expected);
    QCOMPARE(qint64(unitMultiple(QTest::currentDataTag())), expected);
}

void TestMeterText::unitsOfTheReference()
{
    const QString path = sharedData("ledgers/azure/reference_pricing_units.csv");
    REQUIRE_SHARED(path);
    TAKE(shape, probeTable(path.toStdString(), {}));
    const int unit = shape.indexOf("unitofmeasure");
    const int block = shape.indexOf("pricingblocksize");
    int compared = 0;
    TAKE(facts, scanTable(path.toStdString(), shape, nullptr, {}, [&](const CsvRecord &record, std::int64_t) -> Status {
             const std::string text(record.fields[static_cast<std::size_t>(unit)]);
             const std::string size(record.fields[static_cast<std::size_t>(block)]);
             ++compared;
             if (QString::fromStdString(size).toLongLong() != unitMultiple(text))
                 return Error{ErrorCode::BadInput, text + " is not " + std::to_string(unitMultiple(text)), size, ""};
             return {};
         }));
    QCOMPARE(compared, 383);
    QCOMPARE(facts.rows, 383);
}

void TestMeterText::harnessClasses_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *words, const char *expected) {
        QTest::newRow(words) << QString::fromLatin1(expected);
    };
    row("AmazonSageMaker USE1-Train:ml.p4d.24xlarge", "training");
    row("AmazonSageMaker USE1-Host:ml.g5.xlarge", "model hosting");
    row("Amazon OpenSearch Service USE1-ESInstance:r6g.large", "vector database");
    row("Azure AI Search Standard S1 Unit", "vector database");
    row("AWS Data Transfer USE1-DataTransfer-Out-Bytes", "data transfer");
    row("Compute Engine Network Internet Egress from Americas to EMEA", "data transfer");
    row("AmazonCloudWatch USE1-DataProcessing-Bytes", "observability");
    row("Amazon Elastic Compute Cloud USE1-BoxUsage:g5.xlarge", "gpu compute");
    row("AWS Lambda Lambda-GB-Second", "orchestration");
    row("Amazon Textract DetectText", "document reading");
    row("Amazon Simple Storage Service Requests-Tier1", "");
}

void TestMeterText::harnessClasses()
{
    QFETCH(QString, expected);
    QCOMPARE(QString::fromLatin1(std::string(harnessClassOf(QTest::currentDataTag())).c_str()), expected);
}

void TestMeterText::pythonBecomesJson_data()
{
    QTest::addColumn<QString>("python");
    QTest::addColumn<QString>("json");
    QTest::newRow("words") << "[{'a': None, 'b': True, 'c': False}]"
                           << R"([{"a": null, "b": true, "c": false}])";
    QTest::newRow("quote in double quotes") << R"([{'a': "o'clock"}])"
                                            << R"([{"a": "o'clock"}])";
    QTest::newRow("double quote inside") << R"([{'a': 'say "x"'}])"
                                         << R"([{"a": "say \"x\""}])";
    QTest::newRow("escaped quote") << R"([{'a': 'o\'clock'}])"
                                   << R"([{"a": "o'clock"}])";
    QTest::newRow("words inside text") << "[{'a': 'None of it'}]"
                                       << R"([{"a": "None of it"}])";
    QTest::newRow("json stays") << R"([{"a": "it's"}])"
                                << R"([{"a": "it's"}])";
    QTest::newRow("empty list") << "[]"
                                << "[]";
}

void TestMeterText::pythonBecomesJson()
{
    QFETCH(QString, python);
    QFETCH(QString, json);
    QCOMPARE(QString::fromStdString(jsonOfPython(python.toStdString())), json);
}

QTEST_APPLESS_MAIN(TestMeterText)
#include "tst_meter_text.moc"
