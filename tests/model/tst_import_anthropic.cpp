// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/anthropic_report.h"
#include "tests/support/provider_ledgers.h"

#include <QTest>

using namespace perunit;

/// Costs and usage of Anthropic, as its console and its Admin API write them, and the report on Claude Code.
class TestImportAnthropic : public QObject
{
    Q_OBJECT
private slots:
    void publishedTotals_data();
    void publishedTotals();
    void namesForPeopleBecomeIds_data();
    void namesForPeopleBecomeIds();
    void requestsFitIntoTheWindow_data();
    void requestsFitIntoTheWindow();
    void consoleCosts();
    void costsOfTheInterfaceAreCents();
    void consoleUsage();
    void tiersOfTheInterface();
    void claudeCode();
    void emptyPeriods();

private:
    LedgerFolder m_folder;
};

void TestImportAnthropic::publishedTotals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    QTest::addColumn<int>("role");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<QString>("list");
    QTest::addColumn<QList<qint64>>("tokens"); // input, cache read, written for 5 minutes and an hour, output
    const auto row = [](const char *file, const char *format, SourceRole role, qint64 rows, const char *billed,
                        const char *list, const QList<qint64> &tokens) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format) << int(role) << rows
                            << QString::fromLatin1(billed) << QString::fromLatin1(list) << tokens;
    };
    row("anthropic/console_cost.csv", "anthropic-costs", SourceRole::Invoice, 4, "14", "none", {0, 0, 0, 0, 0});
    row("documented_shapes/anthropic/console_cost_14col.csv", "anthropic-costs", SourceRole::Invoice, 15, "40.7",
        "48.84", {0, 0, 0, 0, 0});
    row("documented_shapes/anthropic/cost_report.json", "anthropic-costs", SourceRole::Invoice, 18, "41.4375", "none",
        {0, 0, 0, 0, 0});
    row("anthropic/console_usage.csv", "anthropic-usage", SourceRole::Usage, 3, "none", "none",
        {208671, 50000, 0, 1000, 39451});
    row("documented_shapes/anthropic/usage_report_messages.json", "anthropic-usage", SourceRole::Usage, 3, "none",
        "none", {3600000, 27000000, 1500000, 900000, 1260000});
}

void TestImportAnthropic::publishedTotals()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    QFETCH(int, role);
    QFETCH(qint64, rows);
    QFETCH(QString, billed);
    QFETCH(QString, list);
    QFETCH(QList<qint64>, tokens);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(QString::fromStdString(preview.format), format);
    QCOMPARE(int(facts.role), role);
    QVERIFY2(facts.rowsAccepted == rows && facts.rowsRead == rows, complaints(facts).constData());
    QCOMPARE(amountText(facts.billed), billed);
    QCOMPARE(amountText(facts.list), list);
    const QList<qint64> seen{facts.tokens[UsageClass::Input], facts.tokens[UsageClass::CacheRead],
                             facts.tokens[UsageClass::CacheWrite5m], facts.tokens[UsageClass::CacheWrite1h],
                             facts.tokens[UsageClass::Output]};
    QCOMPARE(seen, tokens);
}

void TestImportAnthropic::namesForPeopleBecomeIds_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("id");
    for (const auto &[name, id] : std::initializer_list<std::pair<const char *, const char *>>{
             {"Claude Haiku 4.5", "claude-haiku-4-5"},
             {"Claude Opus 4.8", "claude-opus-4-8"},
             {"Claude Sonnet 4", "claude-sonnet-4"},
             {"Claude Sonnet 3.7", "claude-3-7-sonnet"},
             {"Claude 3.5 Haiku", "claude-3-5-haiku"},
             {"Claude Haiku 3", "claude-3-haiku"},
             {"claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929"},
             {"", ""}})
        QTest::newRow(*name ? name : "none") << QString::fromLatin1(name) << QString::fromLatin1(id);
}

void TestImportAnthropic::namesForPeopleBecomeIds()
{
    QFETCH(QString, name);
    QFETCH(QString, id);
    QCOMPARE(QString::fromStdString(anthropicModelId(name.toStdString())), id);
}

void TestImportAnthropic::requestsFitIntoTheWindow_data()
{
    QTest::addColumn<qint64>("prompt");
    QTest::addColumn<QString>("window");
    QTest::addColumn<qint64>("requests");
    QTest::newRow("short") << qint64(10) << QStringLiteral("≤ 200k") << qint64(1);
    QTest::newRow("nothing") << qint64(0) << QStringLiteral("≤ 200k") << qint64(1);
    QTest::newRow("just full") << qint64(200000) << QStringLiteral("0-200k") << qint64(1);
    QTest::newRow("one more") << qint64(200001) << QStringLiteral("0-200k") << qint64(2);
    QTest::newRow("long") << qint64(900000) << QStringLiteral("> 200k") << qint64(1);
    QTest::newRow("long, bounded") << qint64(2500000) << QStringLiteral("200k-1M") << qint64(3);
    QTest::newRow("unknown") << qint64(400001) << QString() << qint64(3);
}

void TestImportAnthropic::requestsFitIntoTheWindow()
{
    QFETCH(qint64, prompt);
    QFETCH(QString, window);
    QFETCH(qint64, requests);
    QCOMPARE(fewestRequests(prompt, window.toStdString()), requests);
}

void TestImportAnthropic::consoleCosts()
{
    const auto store = m_folder.workspace("costs.perunit");
    TAKE(source, importFile(*store, ownLedger("anthropic/costs.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 5);
    QCOMPARE(source.rejects, (std::vector<RejectedRow>{{7, "cost_usd", "", "is empty"}}));
    QCOMPARE(amountText(source.billed), QStringLiteral("4.4"));
    QCOMPARE(amountText(source.list), QStringLiteral("4.5"));
    QVERIFY(hasWarning(source, "'input_cache_teleport' is not known"));
    QVERIFY(hasWarning(source, "\"Claude Opus 4.8\" is claude-opus-4-8"));
    QVERIFY(hasWarning(source, "rounds every line to a cent"));
    TAKE(ledger, store->readLedger({}));
    const auto &rows = *ledger.invoices;
    QCOMPARE(rows.size(), std::size_t{5});
    QCOMPARE(rows[0].model, std::string("claude-opus-4-8"));
    QCOMPARE(rows[0].tokenClass, std::optional(UsageClass::Input));
    QCOMPARE(rows[0].region, std::string("us"));
    QCOMPARE(tagOf(rows[0], "workspace"), std::string("Chat"));
    QCOMPARE(tagOf(rows[0], "api_key_name"), std::string("prod"));
    QCOMPARE(rows[1].pricingCategory, std::string("fast"));
    QCOMPARE(rows[2].model, std::string("claude-3-7-sonnet"));
    QCOMPARE(rows[2].tokenClass, std::optional(UsageClass::CacheWrite1h));
    QCOMPARE(rows[2].pricingCategory, std::string("batch"));
    QVERIFY(rows[2].region.empty());
    QCOMPARE(rows[2].period.to.micros - rows[2].period.from.micros, microsPerDay / 24);
    QCOMPARE(rows[3].tokenClass, std::optional(UsageClass::WebSearch));
    QVERIFY(!rows[4].tokenClass);
    QCOMPARE(rows[4].period.to.micros - rows[4].period.from.micros, microsPerDay);
}

void TestImportAnthropic::costsOfTheInterfaceAreCents()
{
    const std::string file = m_folder.write(
        "report.json", R"({"data":[{"starting_at":"2026-09-01T00:00:00Z","ending_at":"2026-09-02T00:00:00Z","results":[
        {"amount":"123.78912","currency":"USD","cost_type":"tokens","model":"claude-opus-4-8",
         "token_type":"cache_creation.ephemeral_1h_input_tokens","service_tier":"batch","context_window":"0-200k",
         "description":"Claude Opus 4.8 Usage","workspace_id":"w1","inference_geo":"global"},
        {"amount":"5","currency":"USD","cost_type":"code_execution","token_type":null,"model":null,"description":null},
        {"amount":"7","currency":"USD","cost_type":null,"token_type":null,"model":null,"description":null},
        {"amount":"-1","currency":"USD","cost_type":"tokens","token_type":"output_tokens","model":"claude-opus-4-8"},
        {"amount":"1","currency":"EUR","cost_type":"tokens","token_type":"output_tokens","model":"claude-opus-4-8"}
        ]}],"has_more":false,"next_page":null})");
    const auto store = m_folder.workspace("report.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsRejected, 1);
    QCOMPARE(amountText(source.billed), QStringLiteral("1.3478912"));
    QVERIFY(hasWarning(source, "1 token lines name no model"));
    TAKE(ledger, store->readLedger({}));
    const auto &rows = *ledger.invoices;
    QCOMPARE(rows[0].tokenClass, std::optional(UsageClass::CacheWrite1h));
    QCOMPARE(rows[0].pricingCategory, std::string("batch"));
    QCOMPARE(rows[1].tokenClass, std::optional(UsageClass::CodeExecution));
    QVERIFY(rows[3].correction);
}

void TestImportAnthropic::consoleUsage()
{
    const auto store = m_folder.workspace("usage.perunit");
    TAKE(source, importFile(*store, ownLedger("anthropic/usage.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rejects, (std::vector<RejectedRow>{{5, "usage_input_tokens_no_cache", "ten", "is not a number"}}));
    QCOMPARE(source.tokens[UsageClass::Input], 1200010);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 100000);
    QCOMPARE(source.tokens[UsageClass::CacheWrite1h], 50);
    QCOMPARE(source.tokens[UsageClass::WebSearch], 3);
    QVERIFY(hasWarning(source, "counts no requests"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    // The first row must not look like one prompt of 400,001 tokens, the second one must look long.
    QCOMPARE(workload.count(UsageClass::Request, 0), 3);
    QVERIFY(workload.promptTokens(0) <= 200000);
    const std::size_t batch = workload.tier[1] == ServiceTier::Batch ? 1 : 2;
    QCOMPARE(workload.tier[batch], ServiceTier::Batch);
    QVERIFY(workload.promptTokens(batch) > 200000);
    QCOMPARE(workload.tier[3 - batch], ServiceTier::Fast);
    QCOMPARE(workload.text("region", 3 - batch), std::string("us"));
    QCOMPARE(workload.text("region", 0), std::string());
    QCOMPARE(workload.text("tag:workspace", 0), std::string("Chat"));
}

void TestImportAnthropic::tiersOfTheInterface()
{
    QByteArray results;
    for (const char *tier : {"standard", "batch", "priority", "priority_on_demand", "flex", "flex_discount", "cosmic"})
        results += (results.isEmpty() ? "" : ",")
                   + QByteArray(R"({"uncached_input_tokens":1,"model":"m","service_tier":")") + tier + "\"}";
    const std::string file = m_folder.write(
        "tiers.json", R"({"data":[{"starting_at":"2026-09-01T00:00:00Z","ending_at":"2026-09-02T00:00:00Z","results":[)"
                          + results + "]}]}");
    const auto store = m_folder.workspace("tiers.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QVERIFY(hasWarning(source, "'cosmic' is not known"));
    QVERIFY(!hasWarning(source, "priority"));
    QVERIFY(hasWarning(source, "not grouped by context window"));
    TAKE(ledger, store->readLedger({}));
    using enum ServiceTier;
    const std::vector<ServiceTier> expected{Standard, Batch, Priority, Standard, Flex, Flex, Standard};
    QCOMPARE(ledger.workload->size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(ledger.workload->tier[i], expected[i]);
}

void TestImportAnthropic::claudeCode()
{
    const auto store = m_folder.workspace("claude_code.perunit");
    TAKE(source, importFile(*store, ownLedger("anthropic/claude_code.json"), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 4);
    QCOMPARE(source.rowsAccepted, 3); // one of them a day without any model
    QCOMPARE(source.rejects.at(0).column, std::string("model_breakdown"));
    QCOMPARE(amountText(source.billed), QStringLiteral("10.255")); // 1025 and 0.5 cents
    QCOMPARE(source.tokens[UsageClass::Input], 100107);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 5000);
    QVERIFY(hasWarning(source, "usage worth 0.42 USD is covered by subscriptions"));
    QVERIFY(hasWarning(source, "estimate"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{3});
    QCOMPARE(ledger.workload->text("tag:api_key_name", 2), std::string("ci"));
    verifyNothingPrivate(ledger, source);
}

void TestImportAnthropic::emptyPeriods()
{
    verifyEmptyPeriod(m_folder, "anthropic/costs.csv", "anthropic-costs");
    verifyEmptyPeriod(m_folder, "anthropic/usage.csv", "anthropic-usage");
}

QTEST_APPLESS_MAIN(TestImportAnthropic)
#include "tst_import_anthropic.moc"
