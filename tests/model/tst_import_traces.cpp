// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Traces of Langfuse and OpenTelemetry, and sessions of coding agents.
class TestImportTraces : public QObject
{
    Q_OBJECT
private slots:
    void publishedFiles_data();
    void publishedFiles();
    void langfuseCountsLeavesOnly();
    void langfuseTableHasTheSameMeaning();
    void spansCountCallsOnly();
    void interfacesMeanTheirProvider();
    void wrappersCountWhereTheirCallsAreMissing();
    void claudeCodeCountsAMessageOnce();
    void sessionsOfAFolderShareTheirMessages();
    void codexAddsTurnsAndNoSums();
    void opencodeTokensStandBesideEachOther();
    void promptsAreNeverCells();

private:
    LedgerFolder m_folder;
};

namespace {

std::string sample(const char *name)
{
    return testData((std::string("ledgers/traces/") + name).c_str()).toStdString();
}

} // namespace

void TestImportTraces::publishedFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    QTest::addColumn<qint64>("read");
    QTest::addColumn<qint64>("duplicate");
    QTest::addColumn<qint64>("calls");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<QString>("billed");
    const auto langfuse = [](const char *name, qint64 read, qint64 duplicate, qint64 calls, qint64 input, qint64 output,
                             const char *billed) {
        QTest::newRow(name) << QStringLiteral("langfuse/%1.trace.json").arg(QLatin1String(name))
                            << QStringLiteral("langfuse") << read << duplicate << calls << input << output
                            << QString::fromLatin1(billed);
    };
    langfuse("claude-agent-2025-12-22", 7, 0, 4, 34, 232, "0.003582");
    langfuse("crewai-2025-07-11", 6, 0, 1, 190, 164, "0.0001269");
    langfuse("google-adk-2025-08-28", 5, 0, 2, 67, 9, "0.0000103");
    langfuse("langgraph-python-2025-08-22", 9, 0, 2, 168, 66, "0.000234");
    langfuse("openai-agents-2025-09-30", 5, 0, 2, 140, 44, "0.000632");
    langfuse("pydantic-ai-with-gemini-2025-12-24", 1, 0, 1, 40, 159, "0.0004095");
    langfuse("vercel-aisdk-2025-11-17", 3, 1, 1, 62, 85, "0.000927499999");
    langfuse("vertex-ai-2025-08-01", 1, 0, 1, 5, 845, "0.00085");
    const auto other = [](const char *file, const char *format, qint64 read, qint64 duplicate, qint64 calls,
                          qint64 input, qint64 output, const char *billed) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format) << read << duplicate << calls
                            << input << output << QString::fromLatin1(billed);
    };
    other("otel/otlp_genai_support_agent.json", "otel-genai", 7, 0, 5, 16300, 1750, "none");
    other("otel/vercel_ai_sdk_v6_spans.json", "otel-genai", 10, 5, 5, 142, 297, "none");
    other("claude_code/project-alpha_session-alpha.jsonl", "claude-code", 3, 0, 3, 600, 250, "1.02");
    other("documented_shapes/claude_code/streaming_duplicates.jsonl", "claude-code", 7, 3, 3, 9, 211, "none");
    other("codex/session-alpha.jsonl", "codex", 3, 0, 2, 2750, 425, "none");
    other("opencode/msg_test001.json", "opencode", 1, 0, 1, 1000, 500, "none");
}

void TestImportTraces::publishedFiles()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    QFETCH(qint64, read);
    QFETCH(qint64, duplicate);
    QFETCH(qint64, calls);
    QFETCH(qint64, input);
    QFETCH(qint64, output);
    QFETCH(QString, billed);
    const QString path = sharedData(("ledgers/" + file.toStdString()).c_str());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(QString::fromStdString(preview.format), format);
    QCOMPARE(facts.role, SourceRole::Usage);
    QCOMPARE(facts.rowsRead, read);
    QCOMPARE(facts.rowsDuplicate, duplicate);
    QVERIFY2(facts.rowsRejected == 0, complaints(facts).constData());
    QCOMPARE(facts.rowsAccepted, read - duplicate);
    QCOMPARE(facts.requests, calls);
    QCOMPARE(facts.tokens[UsageClass::Input], input);
    QCOMPARE(facts.tokens[UsageClass::Output], output);
    QCOMPARE(amountText(facts.billed), billed);
    QVERIFY(!preview.usageConvention.empty());
    // Tokens that only the total of the trace has are said and not lost.
    QCOMPARE(hasWarning(facts, "1173 tokens of 1 call are in no class"), file.contains(QLatin1String("vertex-ai")));
}

void TestImportTraces::langfuseCountsLeavesOnly()
{
    const auto store = m_folder.workspace("langfuse.perunit");
    TAKE(source, importFile(*store, sample("langfuse_trace.json"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("langfuse"));
    QCOMPARE(source.rowsRead, 9);
    QCOMPARE(source.rowsDuplicate, 1);
    QCOMPARE(source.rowsRejected, 2);
    QCOMPARE(source.rowsAccepted, 6);
    QCOMPARE(source.requests, 4);
    // o3: 1000 with 400 cached inside, as its total says. o4: 900 cached beside 100. o7: a total that is too large.
    QCOMPARE(source.tokens[UsageClass::Input], 600 + 100 + 5);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 400 + 900);
    QCOMPARE(source.tokens[UsageClass::Output], 50 + 10 + 15);
    QCOMPARE(source.tokens.reasoning, 20);
    QCOMPARE(source.tokens[UsageClass::Embedding], 30);
    QCOMPARE(amountText(source.billed), QStringLiteral("0.002515"));
    QCOMPARE(source.currency, std::string("USD"));
    QVERIFY2(hasWarning(source, "25 tokens of 1 call are in no class"), complaints(source).constData());
    QVERIFY(hasWarning(source, "has tokens but is no call of a model"));
    QVERIFY(hasWarning(source, "contains other generations"));
    QVERIFY(hasWarning(source, "worked out from its price list"));
    TAKE(ledger, store->readLedger({}));
    const Workload &rows = *ledger.workload;
    QCOMPARE(rows.size(), std::size_t{4});
    QCOMPARE(rows.text("session", 0), std::string("s-1"));
    QCOMPARE(rows.text("feature", 0), std::string("answer ticket"));
    QCOMPARE(rows.text("team", 0), std::string("support"));
    QCOMPARE(rows.text("prompt_template", 0), std::string("support-v2"));
    const std::size_t gemini = rows.text("model", 1) == "gemini-2.5-flash" ? 1 : 2;
    QCOMPARE(rows.text("model", gemini), std::string("gemini-2.5-flash"));
    QCOMPARE(rows.text("region", gemini), std::string("europe-west4"));
    QCOMPARE(rows.text("provider", gemini), std::string("google"));
}

void TestImportTraces::langfuseTableHasTheSameMeaning()
{
    TAKE(preview, previewImport(sample("langfuse_observations.csv"), {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(preview.format, std::string("langfuse"));
    QCOMPARE(facts.rowsRead, 4);
    QCOMPARE(facts.rowsDuplicate, 1);
    QCOMPARE(facts.rowsRejected, 1);
    QCOMPARE(facts.rejects[0].column, std::string("usageDetails"));
    QCOMPARE(facts.tokens[UsageClass::Input], 1010);
    QCOMPARE(facts.tokens[UsageClass::CacheRead], 200);
    QCOMPARE(facts.tokens[UsageClass::Output], 55);
    // Langfuse writes 0 for a model without a price: that cost is unknown.
    QCOMPARE(amountText(facts.billed), QStringLiteral("0.0035"));
    const std::string empty = m_folder.write("empty.csv", "id,type,startTime,traceId,usageDetails\n");
    TAKE(nothing, previewImport(empty, {}, nullptr, nullptr, {}));
    QCOMPARE(nothing.format, std::string("langfuse"));
    QCOMPARE(nothing.facts.rowsRead, 0);
}

void TestImportTraces::spansCountCallsOnly()
{
    const auto store = m_folder.workspace("otel.perunit");
    TAKE(source, importFile(*store, sample("otlp_lines.jsonl"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("otel-genai"));
    QCOMPARE(source.rowsRead, 6);
    QCOMPARE(source.rowsDuplicate, 1); // the agent around the calls
    QCOMPARE(source.rowsRejected, 1);
    QCOMPARE(source.rejects[0].value, std::string("many"));
    QCOMPARE(source.requests, 2);
    // OpenAI's 1000 contain 600 cached; Anthropic's 900 stand beside its 300.
    QCOMPARE(source.tokens[UsageClass::Input], 400 + 300);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 600 + 900);
    QCOMPARE(source.tokens[UsageClass::Output], 90);
    QCOMPARE(source.tokens.reasoning, 30);
    QVERIFY(hasWarning(source, "no call of a model but has tokens"));
    TAKE(ledger, store->readLedger({}));
    const Workload &rows = *ledger.workload;
    QCOMPARE(rows.text("model", 0), std::string("gpt-4o-2024-08-06"));
    QCOMPARE(rows.text("session", 0), std::string("conv-1"));
    QCOMPARE(rows.text("workload", 0), std::string("helpdesk"));
    QCOMPARE(rows.text("environment", 0), std::string("production"));
    QCOMPARE(rows.text("session", 1), std::string("aa"));
    QCOMPARE(rows.text("status", 1), std::string("error"));
    TAKE(preview, previewImport(sample("otlp_lines.jsonl"), {}, nullptr, nullptr, {}));
    QVERIFY(preview.usageConvention.find("anthropic") != std::string::npos);
}

void TestImportTraces::interfacesMeanTheirProvider()
{
    const QString file = sharedData("ledgers/otel/vercel_ai_sdk_v6_spans.json");
    REQUIRE_SHARED(file);
    const auto store = m_folder.workspace("interfaces.perunit");
    TAKE(source, importFile(*store, file.toStdString(), {}, nullptr, {}));
    QCOMPARE(source.requests, 5);
    TAKE(ledger, store->readLedger({}));
    for (std::size_t row = 0; row < ledger.workload->size(); ++row)
        QCOMPARE(ledger.workload->text("provider", row), std::string("openai"));
}

void TestImportTraces::wrappersCountWhereTheirCallsAreMissing()
{
    const QByteArray outer = R"({"name":"ai.generateText","spanContext":{"traceId":"t","spanId":"1"},)"
                             R"("startTime":[1785751200,5000000],"endTime":[1785751201,0],"attributes":{)"
                             R"("ai.operationId":"ai.generateText","ai.model.id":"gpt-4o","ai.usage.promptTokens":14,)"
                             R"("ai.usage.completionTokens":20,"ai.prompt":"secret words"}})";
    TAKE(alone, previewImport(m_folder.write("outer.json", outer), {}, nullptr, nullptr, {}));
    QCOMPARE(alone.facts.requests, 1);
    QCOMPARE(alone.facts.tokens[UsageClass::Input], 14);
    QCOMPARE(alone.facts.period.from.micros, instantOf(2026, 8, 3, 10).micros + 5000);
    QVERIFY(hasWarning(alone.facts, "the call inside this span is not in the file"));
    QByteArray inner = outer;
    inner.replace("ai.generateText\"", "ai.generateText.doGenerate\"").replace("\"spanId\":\"1\"", "\"spanId\":\"2\"");
    TAKE(both, previewImport(m_folder.write("both.json", "[" + outer + "," + inner + "]"), {}, nullptr, nullptr, {}));
    QCOMPARE(both.facts.requests, 1);
    QCOMPARE(both.facts.rowsDuplicate, 1);
    QCOMPARE(both.facts.tokens[UsageClass::Output], 20);
}

void TestImportTraces::claudeCodeCountsAMessageOnce()
{
    const auto store = m_folder.workspace("claude.perunit");
    TAKE(source, importFile(*store, sample("claude_code.jsonl"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("claude-code"));
    QCOMPARE(source.rowsRead, 9);
    QCOMPARE(source.rowsDuplicate, 1);
    QCOMPARE(source.rowsRejected, 2); // a negative count, and a line that was cut off
    QCOMPARE(source.rowsAccepted, 6);
    QCOMPARE(source.requests, 2);
    QCOMPARE(source.tokens[UsageClass::Input], 8);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 900);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 40);
    QCOMPARE(source.tokens[UsageClass::CacheWrite1h], 60);
    QCOMPARE(source.tokens[UsageClass::Output], 166);
    QCOMPARE(source.tokens[UsageClass::WebSearch], 2);
    QVERIFY(hasWarning(source, "under a subscription"));
    TAKE(ledger, store->readLedger({}));
    const Workload &rows = *ledger.workload;
    QCOMPARE(rows.text("session", 0), std::string("s1"));
    QCOMPARE(rows.text("provider", 0), std::string("anthropic"));
    QCOMPARE(rows.text("tag:project", 0), std::string("shop"));
    QCOMPARE(rows.text("tag:sidechain", 1), std::string("true"));
    QCOMPARE(rows.tier[1], ServiceTier::Fast);
}

void TestImportTraces::sessionsOfAFolderShareTheirMessages()
{
    // A session that is taken up again copies its messages into a new file.
    const QByteArray line =
        R"({"sessionId":"s1","type":"assistant","uuid":"u1","timestamp":"2026-08-03T10:00:01Z",)"
        R"("message":{"id":"m1","model":"claude-opus-4-6","usage":{"input_tokens":3,"output_tokens":9}}})";
    const std::string first = m_folder.write("first.jsonl", line + "\n");
    QByteArray next = line;
    next.replace("\"m1\"", "\"m2\"");
    ImportOptions options;
    options.furtherParts = {m_folder.write("second.jsonl", line + "\n" + next + "\n")};
    TAKE(preview, previewImport(first, options, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRead, 3);
    QCOMPARE(preview.facts.rowsDuplicate, 1);
    QCOMPARE(preview.facts.tokens[UsageClass::Output], 18);
}

void TestImportTraces::codexAddsTurnsAndNoSums()
{
    const auto store = m_folder.workspace("codex.perunit");
    TAKE(source, importFile(*store, sample("codex.jsonl"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("codex"));
    QCOMPARE(source.rowsRead, 7);
    QCOMPARE(source.rowsDuplicate, 1); // the same turn reported twice
    QCOMPARE(source.requests, 2);
    QCOMPARE(source.tokens[UsageClass::Input], 750 + 1000);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 250 + 1000);
    QCOMPARE(source.tokens[UsageClass::Output], 225);
    QCOMPARE(source.tokens.reasoning, 75);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("model", 1), std::string("gpt-5-codex"));
    QCOMPARE(ledger.workload->text("session", 0), std::string("c1"));
    QCOMPARE(ledger.workload->text("tag:project", 0), std::string("shop"));
}

void TestImportTraces::opencodeTokensStandBesideEachOther()
{
    const auto store = m_folder.workspace("opencode.perunit");
    TAKE(source, importFile(*store, sample("opencode.json"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("opencode"));
    QCOMPARE(source.rowsRead, 3);
    QCOMPARE(source.requests, 2);
    QCOMPARE(source.tokens[UsageClass::Input], 11);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 300);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 40);
    QCOMPARE(source.tokens[UsageClass::Output], 25);
    QCOMPARE(source.tokens.reasoning, 5);
    QCOMPARE(amountText(source.billed), QStringLiteral("0.0125"));
    QVERIFY(hasWarning(source, "the cost is 0"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("status", 1), std::string("cancelled"));
}

void TestImportTraces::promptsAreNeverCells()
{
    for (const char *name : {"langfuse_trace.json", "otlp_lines.jsonl", "claude_code.jsonl", "codex.jsonl"}) {
        TAKE(preview, previewImport(sample(name), {}, nullptr, nullptr, {}));
        for (const auto &row : preview.sample) {
            for (const std::string &cell : row) {
                QVERIFY2(cell.find("secret words") == std::string::npos, name);
                QVERIFY2(cell.find("the prompt") == std::string::npos, name);
                QVERIFY2(cell.find("please help") == std::string::npos, name);
                QVERIFY2(cell.find("someone@example.com") == std::string::npos, name);
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestImportTraces)
#include "tst_import_traces.moc"
