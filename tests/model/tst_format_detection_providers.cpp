// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"
#include "model/import/price_sheet.h"
#include "tests/support/provider_ledgers.h"

#include <QTest>

#include <QDirIterator>

using namespace perunit;

/// Each export of a provider, gateway or coding tool fits exactly one format; nobody else's file fits any of them.
class TestFormatDetectionProviders : public QObject
{
    Q_OBJECT
private slots:
    void fitsOneFormat_data();
    void fitsOneFormat();
    void othersFitNone_data();
    void othersFitNone();
    void exportsAreNoPriceSheets();

private:
    LedgerFolder m_folder;
};

namespace {

const std::initializer_list<const char *> ownFormats{
    "anthropic-costs", "anthropic-usage", "bedrock-invocations", "claude-code-report", "cursor-usage",
    "deepseek-amount", "deepseek-cost",   "github-usage",        "helicone-requests",  "litellm-daily",
    "litellm-log",     "openai-activity", "openai-costs",        "openai-usage",       "openrouter-activity",
    "portkey-log",     "vercel-gateway"};

bool isOwn(const std::string &format)
{
    return std::find(ownFormats.begin(), ownFormats.end(), format) != ownFormats.end();
}

/// Formats that claim a table, without the one that any columns can be mapped for.
std::vector<std::string> claimants(const TableShape &shape)
{
    std::vector<std::string> result;
    for (const auto &format : ledgerFormats()) {
        if (format->id() != "request-log" && format->match(shape).score >= 80)
            result.emplace_back(format->id());
    }
    return result;
}

} // namespace

void TestFormatDetectionProviders::fitsOneFormat_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("format");
    const auto shared = [](const char *file, const char *format) {
        QTest::newRow(file) << sharedData((QByteArray("ledgers/") + file).constData()) << QString::fromLatin1(format);
    };
    const auto own = [](const char *file, const char *format) {
        QTest::newRow(file) << testData((QByteArray("ledgers/") + file).constData()) << QString::fromLatin1(format);
    };
    shared("openai/activity_legacy.csv", "openai-activity");
    shared("openai/activity_simplified.csv", "openai-activity");
    shared("documented_shapes/openai/cost_dashboard_export.csv", "openai-costs");
    shared("documented_shapes/openai/costs_api_page.json", "openai-costs");
    shared("documented_shapes/openai/usage_completions_api_page.json", "openai-usage");
    shared("anthropic/console_cost.csv", "anthropic-costs");
    shared("anthropic/console_usage.csv", "anthropic-usage");
    shared("documented_shapes/anthropic/console_cost_14col.csv", "anthropic-costs");
    shared("documented_shapes/anthropic/cost_report.json", "anthropic-costs");
    shared("documented_shapes/anthropic/usage_report_messages.json", "anthropic-usage");
    shared("documented_shapes/openrouter/activity.csv", "openrouter-activity");
    shared("documented_shapes/litellm/spendlogs.csv", "litellm-log");
    shared("litellm/proxy_log.jsonl", "litellm-log");
    shared("helicone/requests.csv", "helicone-requests");
    shared("documented_shapes/aws/bedrock_model_invocation_log.jsonl", "bedrock-invocations");
    shared("documented_shapes/cursor/usage_events.csv", "cursor-usage");
    shared("documented_shapes/deepseek/amount-2026-08.csv", "deepseek-amount");
    shared("documented_shapes/deepseek/cost-2026-08.csv", "deepseek-cost");
    shared("github_copilot/premium_requests_2025-10.csv", "github-usage");
    shared("documented_shapes/github_copilot/ai_credits_native.csv", "github-usage");
    own("openai/costs.csv", "openai-costs");
    own("openai/usage.json", "openai-usage");
    own("openai/usage_dashboard.csv", "openai-usage");
    own("anthropic/costs.csv", "anthropic-costs");
    own("anthropic/usage.csv", "anthropic-usage");
    own("anthropic/claude_code.json", "claude-code-report");
    own("gateways/openrouter.csv", "openrouter-activity");
    own("gateways/litellm.csv", "litellm-log");
    own("gateways/litellm.json", "litellm-log");
    own("gateways/litellm_daily.csv", "litellm-daily");
    own("gateways/helicone.json", "helicone-requests");
    own("gateways/portkey.jsonl", "portkey-log");
    own("gateways/vercel.json", "vercel-gateway");
    own("bedrock/invocations.jsonl", "bedrock-invocations");
    own("coding_tools/cursor.csv", "cursor-usage");
    own("coding_tools/copilot.csv", "github-usage");
    own("deepseek/amount.csv", "deepseek-amount");
    own("deepseek/cost.csv", "deepseek-cost");
}

void TestFormatDetectionProviders::fitsOneFormat()
{
    QFETCH(QString, path);
    QFETCH(QString, format);
    REQUIRE_SHARED(path);
    TAKE(shape, probeTable(path.toStdString(), {}));
    QCOMPARE(claimants(shape), std::vector<std::string>{format.toStdString()});
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(QString::fromStdString(preview.format), format);
    QVERIFY(!preview.why.empty());
    QVERIFY(preview.mappingComplete);
    QCOMPARE(preview.facts.rowsAccepted + preview.facts.rowsDuplicate + preview.facts.rowsRejected,
             preview.facts.rowsRead);
}

void TestFormatDetectionProviders::othersFitNone_data()
{
    QTest::addColumn<QString>("path");
    const QString root = sharedData("ledgers");
    QDirIterator files(root, {"*.csv", "*.csv.gz", "*.json", "*.jsonl", "*.ndjson", "*.txt"}, QDir::Files,
                       QDirIterator::Subdirectories);
    const QStringList mine{"openai/",   "anthropic/",      "openrouter/",
                           "litellm/",  "helicone/",       "cursor/",
                           "deepseek/", "github_copilot/", "bedrock_model_invocation_log"};
    while (files.hasNext()) {
        const QString path = files.next();
        const QString name = path.mid(root.size() + 1);
        const bool own =
            std::any_of(mine.begin(), mine.end(), [&name](const QString &part) { return name.contains(part); });
        // Whole days of traces are read by tests of their own.
        if (!own && QFileInfo(path).size() < 1'000'000)
            QTest::newRow(qPrintable(name)) << path;
    }
    QTest::newRow("own request log") << testData("ledgers/request_log.csv");
}

void TestFormatDetectionProviders::othersFitNone()
{
    QFETCH(QString, path);
    const auto shape = probeTable(path.toStdString(), {});
    if (!shape)
        return; // not a table at all
    for (const std::string &claimant : claimants(*shape))
        QVERIFY2(!isOwn(claimant), claimant.c_str());
}

void TestFormatDetectionProviders::exportsAreNoPriceSheets()
{
    for (const char *file : {"deepseek/amount.csv", "deepseek/cost.csv", "coding_tools/copilot.csv",
                             "coding_tools/cursor.csv", "anthropic/costs.csv", "openai/costs.csv"}) {
        QFile text(QString::fromStdString(ownLedger(file)));
        QVERIFY(text.open(QIODevice::ReadOnly));
        QVERIFY2(!looksLikePriceSheet(text.readAll().toStdString()), file);
    }
}

QTEST_APPLESS_MAIN(TestFormatDetectionProviders)
#include "tst_format_detection_providers.moc"
