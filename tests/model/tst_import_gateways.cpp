// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/provider_ledgers.h"

#include <QTest>

using namespace perunit;

/// OpenRouter, LiteLLM, Helicone, Portkey, Vercel and the log of Bedrock.
class TestImportGateways : public QObject
{
    Q_OBJECT
private slots:
    void publishedTotals_data();
    void publishedTotals();
    void publishedLogsKeepNoPrompts_data();
    void publishedLogsKeepNoPrompts();
    void openRouter();
    void openRouterDays();
    void openRouterInGerman();
    void liteLlmTable();
    void liteLlmRecords();
    void liteLlmProxy();
    void liteLlmDays();
    void liteLlmDaysBeside();
    void helicone();
    void heliconeTotalsTellWhatIsCached();
    void portkey();
    void vercel();
    void vercelWithoutDays();
    void bedrock();
    void emptyPeriods();
    void aRequestCountsOnce_data();
    void aRequestCountsOnce();

private:
    LedgerFolder m_folder;
};

void TestImportGateways::publishedTotals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<QList<qint64>>("tokens"); // input, cache read, written, output, embedding
    QTest::addColumn<QString>("remark");
    const auto row = [](const char *file, const char *format, qint64 rows, const char *billed,
                        const QList<qint64> &tokens, const char *remark) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format) << rows
                            << QString::fromLatin1(billed) << tokens << QString::fromLatin1(remark);
    };
    row("documented_shapes/openrouter/activity.csv", "openrouter-activity", 3, "0.0044925", {10520, 1800, 0, 850, 0},
        "0.018 USD of inference was paid to the providers");
    row("documented_shapes/litellm/spendlogs.csv", "litellm-log", 5, "0.0246394", {2700, 11000, 3900, 960, 470},
        "5200 prompt and 700 output tokens are demand");
    row("litellm/proxy_log.jsonl", "litellm-log", 14, "0.13086", {47007, 0, 0, 1719, 0}, "do not say how many tokens");
    row("helicone/requests.csv", "helicone-requests", 10, "none", {46479, 0, 0, 1454, 0},
        "how many tokens were cached");
    row("documented_shapes/aws/bedrock_model_invocation_log.jsonl", "bedrock-invocations", 3, "none",
        {2095, 8200, 5000, 540, 0}, "application inference profiles");
}

void TestImportGateways::publishedTotals()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    QFETCH(qint64, rows);
    QFETCH(QString, billed);
    QFETCH(QList<qint64>, tokens);
    QFETCH(QString, remark);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(QString::fromStdString(preview.format), format);
    QCOMPARE(facts.role, SourceRole::Usage);
    QVERIFY2(facts.rowsAccepted == rows && facts.rowsRead == rows, complaints(facts).constData());
    QCOMPARE(amountText(facts.billed), billed);
    const QList<qint64> seen{facts.tokens[UsageClass::Input], facts.tokens[UsageClass::CacheRead],
                             facts.tokens[UsageClass::CacheWrite5m], facts.tokens[UsageClass::Output],
                             facts.tokens[UsageClass::Embedding]};
    QCOMPARE(seen, tokens);
    QCOMPARE(facts.requests, rows);
    QVERIFY2(hasWarning(facts, remark.toLatin1().constData()), complaints(facts).constData());
    QVERIFY(!preview.usageConvention.empty());
}

void TestImportGateways::publishedLogsKeepNoPrompts_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("Helicone") << QStringLiteral("ledgers/helicone/requests.csv");
    QTest::newRow("LiteLLM") << QStringLiteral("ledgers/litellm/proxy_log.jsonl");
}

void TestImportGateways::publishedLogsKeepNoPrompts()
{
    QFETCH(QString, file);
    const QString path = sharedData(file.toLatin1().constData());
    REQUIRE_SHARED(path);
    const auto store = m_folder.workspace("private.perunit");
    TAKE(source, importFile(*store, path.toStdString(), {}, nullptr, {}));
    TAKE(ledger, store->readLedger({}));
    const std::string all = keptTexts(ledger) + complaints(source).toStdString();
    for (const char *words : {"customer support ticket", "Translate", "sentiment", "Fibonacci", "obligation"})
        QVERIFY2(all.find(words) == std::string::npos, words);
    // Failures keep what they used, and are told apart.
    std::size_t failed = 0;
    for (std::size_t i = 0; i < ledger.workload->size(); ++i)
        failed += ledger.workload->text("status", i) == "ok" ? 0 : 1;
    QVERIFY(failed > 0);
}

void TestImportGateways::openRouter()
{
    const auto store = m_folder.workspace("openrouter.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/openrouter.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rejects,
             (std::vector<RejectedRow>{{5, "tokens_cached", "121", "is more than tokens_prompt, which contains it"}}));
    QCOMPARE(amountText(source.billed), QStringLiteral("0.0101"));
    QVERIFY(hasWarning(source, "0.25 USD of inference was paid to the providers"));
    QVERIFY(hasWarning(source, "more reasoning tokens than output"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.text("provider", 0), std::string("openrouter"));
    QCOMPARE(workload.text("service", 0), std::string("Anthropic"));
    QCOMPARE(workload.usageAt(0).reasoning, 50);
    QCOMPARE(workload.count(UsageClass::Input, 0), 400);
    QCOMPARE(workload.text("customer", 0), std::string("user_1"));
    QCOMPARE(workload.text("tag:app_name", 0), std::string("Bot"));
    // Who served the request with the user's own key bills it.
    QCOMPARE(workload.text("provider", 1), std::string("openai"));
    QCOMPARE(workload.text("status", 2), std::string("cancelled"));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::openRouterDays()
{
    const std::string file = m_folder.write("activity.json", R"({"data":[
        {"date":"2026-09-01","model":"openai/gpt-5-mini","model_permaslug":"openai/gpt-5-mini-2025-08-07",
         "endpoint_id":"e","provider_name":"OpenAI","usage":0.015,"byok_usage_inference":0.012,"requests":5,
         "prompt_tokens":50,"completion_tokens":125,"reasoning_tokens":25},
        {"date":"2026-09-01","model":"openai/gpt-5","model_permaslug":"openai/gpt-5-2025-08-07","endpoint_id":"e",
         "provider_name":"OpenAI","usage":0,"byok_usage_inference":0.5,"requests":2,"prompt_tokens":10,
         "completion_tokens":5,"reasoning_tokens":0}]})");
    const auto store = m_folder.workspace("activity.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("openrouter-activity"));
    QCOMPARE(amountText(source.billed), QStringLiteral("0.015"));
    QCOMPARE(source.requests, 7);
    QCOMPARE(source.tokens[UsageClass::Input], 60);
    QVERIFY(hasWarning(source, "0.512 USD of inference was paid to the providers"));
    QVERIFY(hasWarning(source, "how many tokens were cached"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("provider", 0), std::string("openrouter"));
    QCOMPARE(ledger.workload->text("provider", 1), std::string("openai"));
}

void TestImportGateways::openRouterInGerman()
{
    const std::string file =
        m_folder.write("german.csv", "created_at;cost_total;byok_usage_inference;tokens_prompt;tokens_completion;"
                                     "tokens_reasoning;tokens_cached;model_permaslug;provider_name\r\n"
                                     "13.09.2026 10:00;0,0043725;0;3.200;210;0;1.800;a/b;C\r\n"
                                     "14.09.2026 10:00;1.000,5;0;1;1;0;0;a/b;C\r\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QVERIFY2(preview.facts.rowsAccepted == 2, complaints(preview.facts).constData());
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("1000.5043725"));
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 1401);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheRead], 1800);
    QCOMPARE(preview.facts.period.from.micros, instantOf(2026, 9, 13, 10).micros);
}

void TestImportGateways::liteLlmTable()
{
    const auto store = m_folder.workspace("litellm.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/litellm.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 4);
    QCOMPARE(source.rejects, (std::vector<RejectedRow>{{6, "metadata", "{not json", "is no JSON"}}));
    QCOMPARE(amountText(source.billed), QStringLiteral("0.00501"));
    QCOMPARE(source.tokens[UsageClass::Input], 400);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 600);
    QCOMPARE(source.tokens[UsageClass::Output], 100);
    QCOMPARE(source.tokens.reasoning, 40);
    QCOMPARE(source.tokens[UsageClass::Embedding], 500);
    QCOMPARE(source.requests, 4);
    QVERIFY(hasWarning(source, "1000 prompt and 100 output tokens are demand and no consumption"));
    QVERIFY(hasWarning(source, "estimate"));
    QVERIFY(!hasWarning(source, "do not say how many tokens were cached"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.text("feature", 0), std::string("answer"));
    QCOMPARE(workload.text("environment", 0), std::string("prod"));
    QCOMPARE(workload.text("tag:beta", 0), std::string("yes"));
    QCOMPARE(workload.text("session", 0), std::string("conv-1"));
    QCOMPARE(workload.text("team", 0), std::string("team-1"));
    QCOMPARE(workload.text("customer", 0), std::string("cust_1"));
    QCOMPARE(workload.text("tag:api_key_name", 0), std::string("prod"));
    QCOMPARE(workload.text("tag:gateway_cache", 1), std::string("hit"));
    QCOMPARE(workload.count(UsageClass::Request, 1), 1);
    QCOMPARE(workload.count(UsageClass::Output, 1), 0);
    QCOMPARE(workload.text("status", 3), std::string("error"));
    QCOMPARE(workload.text("provider", 3), std::string("azure"));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::liteLlmRecords()
{
    const auto store = m_folder.workspace("litellm_json.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/litellm.json"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("litellm-log"));
    QCOMPARE(source.tokens[UsageClass::Input], 400);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 600);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("team", 0), std::string("Support"));
    QCOMPARE(ledger.workload->text("feature", 0), std::string("answer"));
    QCOMPARE(ledger.workload->text("tag:api_key_name", 0), std::string("prod"));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::liteLlmProxy()
{
    const std::string file = m_folder.write(
        "proxy.jsonl",
        R"({"request_id":"1","call_type":"acompletion","model":"claude-sonnet-4-5","custom_llm_provider":"anthropic","usage":{"prompt_tokens":12304,"completion_tokens":550,"total_tokens":12854,"cache_creation_input_tokens":12301,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_1h_input_tokens":301}},"startTime":"2026-09-01T09:00:00","endTime":"2026-09-01T09:00:02","response_cost":0.0543,"status":"success"}
{"request_id":"2","call_type":"acompletion","model":"gpt-5-mini","usage":{"prompt_tokens":10,"completion_tokens":-1},"startTime":"2026-09-01T09:00:00","response_cost":0.1,"status":"success"}
)");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsAccepted, 1);
    QCOMPARE(preview.facts.rowsRejected, 1);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 3);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheWrite5m], 12000);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheWrite1h], 301);
}

void TestImportGateways::liteLlmDays()
{
    const auto store = m_folder.workspace("litellm_daily.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/litellm_daily.csv"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("litellm-daily"));
    QCOMPARE(amountText(source.billed), QStringLiteral("1.75"));
    QCOMPARE(source.tokens[UsageClass::Input], 500);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 700);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 300);
    QCOMPARE(source.requests, 14);
    QVERIFY(hasWarning(source, "1 of 14 requests failed"));
    TAKE(ledger, store->readLedger({}));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::liteLlmDaysBeside()
{
    // One row that cannot contain its cached tokens settles it for all rows of the table.
    const std::string file = m_folder.write(
        "beside.csv", "date,model,custom_llm_provider,prompt_tokens,completion_tokens,cache_read_input_tokens,"
                      "cache_creation_input_tokens,spend,api_requests,tag\n"
                      "2026-09-01,claude-sonnet-4-5,anthropic,100,10,50,0,0.1,2,a\n"
                      "2026-09-02,claude-sonnet-4-5,anthropic,100,10,500,0,0.1,2,a\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 200);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheRead], 550);
    QVERIFY(preview.usageConvention.find("stand beside") != std::string::npos);
    QVERIFY(hasWarning(preview.facts, "once for each of its tags"));
}

void TestImportGateways::helicone()
{
    const auto store = m_folder.workspace("helicone.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/helicone.json"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("helicone-requests"));
    QCOMPARE(source.rowsAccepted, 4);
    QCOMPARE(amountText(source.billed), QStringLiteral("0.03"));
    // OpenAI: 1000 contain 600; Anthropic: 700 stand beside 650; a cached answer; 80 of a refused request.
    QCOMPARE(source.tokens[UsageClass::Input], 400 + 700 + 80);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 1200);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 50);
    QVERIFY(hasWarning(source, "1 request was answered from the gateway's own cache"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.text("session", 0), std::string("conv-1"));
    QCOMPARE(workload.text("environment", 0), std::string("prod"));
    QCOMPARE(workload.text("tag:plan", 0), std::string("gold"));
    QCOMPARE(workload.text("customer", 0), std::string("cust_1"));
    QCOMPARE(workload.text("status", 3), std::string("rate_limited"));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::heliconeTotalsTellWhatIsCached()
{
    const std::string file = m_folder.write(
        "beside.csv", "request_id,created_at,model,prompt_tokens,prompt_cache_read_tokens,completion_tokens,"
                      "total_tokens,status,latency_ms,request_body\n"
                      "1,2026-09-01,gpt-5-mini,100,50,10,160,200,5,{}\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 100);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheRead], 50);
}

void TestImportGateways::portkey()
{
    const auto store = m_folder.workspace("portkey.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/portkey.jsonl"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("portkey-log"));
    QCOMPARE(source.rowsRead, 5);
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rejects.at(0), (RejectedRow{4, "req_units", "many", "is not a number"}));
    QCOMPARE(source.rejects.at(1).line, 5);
    QCOMPARE(amountText(source.billed), QStringLiteral("0.0175")); // 1.5 and 0.25 cents
    QCOMPARE(source.tokens[UsageClass::Input], 750 + 400);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 250);
    QVERIFY(hasWarning(source, "900 prompt and 90 output tokens are demand"));
    QVERIFY(hasWarning(source, "1 requests do not say how many tokens were cached"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.text("customer", 0), std::string("cust_1"));
    QCOMPARE(workload.text("environment", 0), std::string("prod"));
    QCOMPARE(workload.text("session", 0), std::string("conv-1"));
    QCOMPARE(workload.text("team", 1), std::string("Support"));
    QCOMPARE(workload.text("status", 1), std::string("rate_limited"));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::vercel()
{
    const auto store = m_folder.workspace("vercel.perunit");
    TAKE(source, importFile(*store, ownLedger("gateways/vercel.json"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("vercel-gateway"));
    QCOMPARE(amountText(source.billed), QStringLiteral("12.5"));
    QCOMPARE(source.tokens[UsageClass::Input], 4200 - 1600 - 380 + 620);
    QCOMPARE(source.tokens.reasoning, 520);
    QCOMPARE(source.requests, 96);
    QVERIFY(hasWarning(source, "worth 1.75 USD"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("provider", 0), std::string("vercel"));
    QCOMPARE(ledger.workload->text("provider", 1), std::string("openai"));
}

void TestImportGateways::vercelWithoutDays()
{
    const std::string file =
        m_folder.write("days.json", R"({"results":[{"tag":"a","total_cost":1,"market_cost":1,"input_tokens":5,
        "output_tokens":5,"request_count":2}]})");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRejected, 1);
    QVERIFY(preview.facts.rejects[0].reason.find("date_part=day") != std::string::npos);
}

void TestImportGateways::bedrock()
{
    const auto store = m_folder.workspace("bedrock.perunit");
    TAKE(source, importFile(*store, ownLedger("bedrock/invocations.jsonl"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("bedrock-invocations"));
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rejects, (std::vector<RejectedRow>{{4, "timestamp", "yesterday", "is not a date and time"}}));
    QCOMPARE(source.tokens[UsageClass::Input], 820);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 4100);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 12);
    QCOMPARE(source.tokens[UsageClass::Embedding], 77);
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.text("provider", 0), std::string("bedrock"));
    QCOMPARE(workload.text("session", 0), std::string("conv-1"));
    QCOMPARE(workload.text("feature", 0), std::string("answer"));
    QCOMPARE(workload.text("customer", 0), std::string("cust_1"));
    QCOMPARE(workload.text("tag:release", 0), std::string("7"));
    QCOMPARE(workload.text("tag:role", 0), std::string("support-bot"));
    QCOMPARE(workload.text("region", 0), std::string("us-west-2"));
    QCOMPARE(workload.text("region", 1), std::string("us-east-1"));
    QCOMPARE(workload.text("deployment", 2), std::string("abc"));
    QCOMPARE(workload.text("status", 2), std::string("rate_limited"));
    verifyNothingPrivate(ledger, source);
}

void TestImportGateways::emptyPeriods()
{
    verifyEmptyPeriod(m_folder, "gateways/openrouter.csv", "openrouter-activity");
    verifyEmptyPeriod(m_folder, "gateways/litellm.csv", "litellm-log");
    verifyEmptyPeriod(m_folder, "gateways/litellm_daily.csv", "litellm-daily");
}

void TestImportGateways::aRequestCountsOnce_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<qint64>("duplicates");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<QString>("remark");
    const QByteArray header = "generation_id,created_at,cost_total,tokens_prompt,tokens_completion,model_permaslug\n";
    const QByteArray first = "gen-1,2026-08-03 10:00:00.123,0.1,100,10,openai/gpt-5\n";
    const QByteArray later = "gen-1,2026-08-03 10:00:00.123,0.2,120,30,openai/gpt-5\n";
    const QByteArray other = "gen-2,2026-08-03 10:00:01,0.1,7,1,openai/gpt-5\n";
    const QByteArray nameless = ",2026-08-03 10:00:02,0.1,3,1,openai/gpt-5\n";
    const auto row = [](const char *name, const QByteArray &text, qint64 rows, qint64 duplicates, qint64 input,
                        const char *remark) {
        QTest::newRow(name) << text << rows << duplicates << input << QString(remark);
    };
    row("every id once", header + first + other, 2, 0, 107, "");
    row("exported twice", header + first + other + first, 2, 1, 107,
        "1 row has the request id of a later row and the same");
    row("written again", header + first + later + other, 2, 1, 127,
        "1 row has the request id of a later row and other");
    row("three times", header + first + first + other + later, 2, 2, 127, "2 rows have the request id of a later row");
    row("without ids", header + nameless + nameless, 2, 0, 6, "");
    const QByteArray lite =
        "request_id,startTime,endTime,spend,prompt_tokens,completion_tokens,model,custom_llm_provider,"
        "cache_hit,metadata\n";
    const QByteArray call = "a,2026-08-03 10:00:00,2026-08-03 10:00:01,0.1,50,5,gpt-5,openai,False,\n";
    const QByteArray hit = "a,2026-08-03 10:00:05,2026-08-03 10:00:05,0,50,5,gpt-5,openai,True,\n";
    row("LiteLLM, retried writing", lite + call + call, 1, 1, 50, "the same content");
    row("LiteLLM, answer of its own cache", lite + call + hit, 2, 0, 50, "");
}

void TestImportGateways::aRequestCountsOnce()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, rows);
    QFETCH(qint64, duplicates);
    QFETCH(qint64, input);
    QFETCH(QString, remark);
    const std::string path = m_folder.write("again.csv", text);
    TAKE(preview, previewImport(path, {}, nullptr, nullptr, {}));
    QVERIFY2(preview.facts.rowsAccepted == rows, complaints(preview.facts).constData());
    QCOMPARE(preview.facts.rowsDuplicate, duplicates);
    QCOMPARE(preview.facts.rowsRead, rows + duplicates);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], input);
    QCOMPARE(hasWarning(preview.facts, "request id of a later row"), !remark.isEmpty());
    QVERIFY2(hasWarning(preview.facts, remark.toLatin1().constData()) || remark.isEmpty(),
             complaints(preview.facts).constData());
}

QTEST_APPLESS_MAIN(TestImportGateways)
#include "tst_import_gateways.moc"
