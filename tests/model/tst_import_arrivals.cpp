// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Published traces of arrivals, training runs, and outcomes with one row a unit.
class TestImportArrivals : public QObject
{
    Q_OBJECT
private slots:
    void publishedTraces_data();
    void publishedTraces();
    void ratesAreRefused_data();
    void ratesAreRefused();
    void burstGptKeepsFailures();
    void startIsTheUsersToSay();
    void prefixesOfMooncakeAreMeasured();
    void azureTraceKeepsImages();
    void runsOfMlflow();
    void publishedRuns_data();
    void publishedRuns();
    void eventsBecomeSeries();

private:
    std::vector<OutcomeRow> outcomesOf(const std::string &file, const char *workspace);
    LedgerFolder m_folder;
};

std::vector<OutcomeRow> TestImportArrivals::outcomesOf(const std::string &file, const char *workspace)
{
    const auto store = m_folder.workspace(workspace);
    const auto source = importFile(*store, file, {}, nullptr, {});
    if (!source)
        qFatal("%s", source.error().text().c_str());
    const auto ledger = store->readLedger({});
    return ledger && ledger->outcomes ? *ledger->outcomes : std::vector<OutcomeRow>{};
}

namespace {

QString valueOf(const std::vector<OutcomeRow> &rows, std::string_view metric, std::string_view label)
{
    for (const OutcomeRow &row : rows) {
        if (row.metric == metric && row.label == label)
            return QString::fromStdString(row.value.text());
    }
    return QStringLiteral("none");
}

} // namespace

void TestImportArrivals::publishedTraces_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");
    QTest::newRow("burstgpt") << "documented_shapes/burstgpt/burstgpt_head_documented.csv"
                              << "burstgpt-trace" << qint64{3} << qint64{1976} << qint64{524};
    QTest::newRow("mooncake") << "llm_traces/mooncake/conversation_trace.jsonl.gz"
                              << "mooncake-trace" << qint64{12031} << qint64{144793823} << qint64{4122048};
    QTest::newRow("arxiv") << "llm_traces/arxiv_summarization/arxiv_summarization_token_lengths.csv.gz"
                           << "document-lengths" << qint64{28257} << qint64{73131321} << qint64{8234948};
}

void TestImportArrivals::publishedTraces()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    QFETCH(qint64, rows);
    QFETCH(qint64, input);
    QFETCH(qint64, output);
    const QString path = sharedData(("ledgers/" + file.toStdString()).c_str());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(QString::fromStdString(preview.format), format);
    QCOMPARE(preview.facts.rowsAccepted, rows);
    QCOMPARE(preview.facts.rowsRejected, 0);
    QCOMPARE(preview.facts.requests, rows);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], input);
    QCOMPARE(preview.facts.tokens[UsageClass::Output], output);
    QVERIFY(hasWarning(preview.facts, "names no model") != (format == QLatin1String("burstgpt-trace")));
    QVERIFY(hasWarning(preview.facts, "2024-01-01"));
    QCOMPARE(hasWarning(preview.facts, "would have held 37.36 % of it"), format == QLatin1String("mooncake-trace"));
}

void TestImportArrivals::ratesAreRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("aggregate") << QByteArray("window_start_s,window_length_s,requests_per_s\n0,600,14.8\n");
    QTest::newRow("without header") << QByteArray("0,0.105,0.92,Gamma,1.1,8.0\n600,0.15,0.88,Gamma,1.2,5.0\n");
    QTest::newRow("empty windows") << QByteArray("0,0,0,,0,0\n600,0,0,,0,0\n");
    QTest::newRow("distributions") << QByteArray(R"({"0": {"input_tokens": "{45: 0.5}", "output_tokens": "{7: 1}"}})");
}

void TestImportArrivals::ratesAreRefused()
{
    QFETCH(QByteArray, content);
    const auto preview = previewImport(m_folder.write("rates.csv", content), {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY2(preview.error().text().find("rates of arrival") != std::string::npos, preview.error().text().c_str());
    QVERIFY(preview.error().text().find("draw a trace of requests") != std::string::npos);
}

void TestImportArrivals::burstGptKeepsFailures()
{
    const std::string file = m_folder.write(
        "burst.csv", "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
                     "5,7,1.25,ChatGPT,472,18,490,Conversation log\n"
                     "45.5,7,2,GPT-4,1087,0,1087,API log\n"
                     "46,8,2,GPT-4,10,5,99,API log\n"
                     "soon,8,2,GPT-4,10,5,15,API log\n"
                     "-1,8,2,GPT-4,10,5,15,API log\n"
                     "50,8,2,GPT-4,,5,15,API log\n");
    const auto store = m_folder.workspace("burst.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rowsRejected, 3);
    QVERIFY(hasWarning(source, "the request has no response tokens: it failed (1 row"));
    QVERIFY(hasWarning(source, "the total is not the sum"));
    TAKE(ledger, store->readLedger({}));
    const Workload &rows = *ledger.workload;
    QCOMPARE(rows.time[0], instantOf(2024, 1, 1, 0, 0, 5).micros);
    QCOMPARE(rows.time[1], instantOf(2024, 1, 1, 0, 0, 45).micros + 500'000);
    QCOMPARE(rows.text("status", 1), std::string("error"));
    QCOMPARE(rows.text("feature", 1), std::string("API log"));
    QCOMPARE(rows.text("session", 0), std::string("7"));
    QCOMPARE(rows.text("model", 0), std::string("ChatGPT"));
}

void TestImportArrivals::startIsTheUsersToSay()
{
    const std::string file =
        m_folder.write("vidur.csv", "arrived_at,num_prefill_tokens,num_decode_tokens\n0,100,5\n0.25,200,6\n");
    ImportOptions options;
    options.mapping = ColumnMapping{};
    options.mapping->constants = {{"start", "2026-08-03T00:00:00Z"}, {"model", "gpt-4o"}, {"tier", "batch"}};
    const auto store = m_folder.workspace("vidur.perunit");
    TAKE(source, importFile(*store, file, options, nullptr, {}));
    QCOMPARE(source.format, std::string("vidur-trace"));
    QVERIFY(!hasWarning(source, "names no model"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->time[1], instantOf(2026, 8, 3).micros + 250'000);
    QCOMPARE(ledger.workload->tier[1], ServiceTier::Batch);
    options.mapping->constants = {{"start", "Monday"}};
    QVERIFY(!previewImport(file, options, nullptr, nullptr, {}).ok());
    options.mapping->constants = {{"tier", "business class"}};
    QVERIFY(!previewImport(file, options, nullptr, nullptr, {}).ok());

    const std::string documents = m_folder.write(
        "documents.csv", "num_prefill_tokens,num_decode_tokens,num_total_tokens\n100,5,105\n100,5,105\n200,6,206\n");
    const auto other = m_folder.workspace("documents.perunit");
    TAKE(lengths, importFile(*other, documents, {}, nullptr, {}));
    QCOMPARE(lengths.format, std::string("document-lengths"));
    TAKE(laid, other->readLedger({}));
    // Equal rows are documents of their own.
    QCOMPARE(laid.workload->text("document", 0), std::string("1"));
    QCOMPARE(laid.workload->text("document", 2), std::string("3"));
    QCOMPARE(laid.workload->time[2] - laid.workload->time[0], 2 * 60 * microsPerSecond);
}

void TestImportArrivals::prefixesOfMooncakeAreMeasured()
{
    const std::string file = m_folder.write(
        "mooncake.jsonl", "{\"timestamp\":0,\"input_length\":1000,\"output_length\":5,\"hash_ids\":[1,2]}\n"
                          "{\"timestamp\":1500,\"input_length\":1000,\"output_length\":5,\"hash_ids\":[1,3]}\n"
                          "{\"timestamp\":1500,\"input_length\":900,\"output_length\":5,\"hash_ids\":[4,2]}\n"
                          "{\"timestamp\":1600,\"input_length\":700,\"output_length\":5,\"hash_ids\":[1,2]}\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("mooncake-trace"));
    QCOMPARE(preview.facts.period.to.micros - preview.facts.period.from.micros, 1'600'000 + 1);
    // 0 + 512 + 0 + 700 of 3600: a block behind a new one is none of its beginning, and no prompt has more than it
    // sends.
    QVERIFY2(hasWarning(preview.facts, "would have held 33.67 % of it"), complaints(preview.facts).constData());
    QCOMPARE(preview.facts.tokens[UsageClass::CacheRead], 0);
}

void TestImportArrivals::azureTraceKeepsImages()
{
    const std::string file = m_folder.write("images.csv", "TIMESTAMP,ContextTokens,GeneratedTokens,NumImages\n"
                                                          "2025-11-16 18:15:46,374,44,2\n"
                                                          "2025-11-16 18:15:47,10,4,0\n"
                                                          "2025-11-16 18:15:48,10,4,-1\n");
    const auto store = m_folder.workspace("images.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("azure-llm-trace"));
    QCOMPARE(source.rowsRejected, 1);
    QVERIFY(hasWarning(source, "the request has images"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("tag:images", 0), std::string("2"));
    QCOMPARE(ledger.workload->text("tag:images", 1), std::string());
}

void TestImportArrivals::runsOfMlflow()
{
    const std::string file =
        m_folder.write("runs.csv", "run_id,experiment_id,status,start_time,end_time,metrics.rmse,tags.mlflow.runName\n"
                                   "r1,1,FINISHED,2026-08-03 10:00:00,2026-08-03 10:01:30.5,0.5,small\n"
                                   "r2,1,FAILED,2026-08-03 11:00:00,,,large\n");
    const auto rows = outcomesOf(file, "mlflow.perunit");
    QCOMPARE(rows.size(), std::size_t{4});
    QCOMPARE(valueOf(rows, "training_runs", "FINISHED"), QStringLiteral("1"));
    QCOMPARE(valueOf(rows, "training_runs", "FAILED"), QStringLiteral("1"));
    QCOMPARE(valueOf(rows, "training_seconds", "small"), QStringLiteral("90.5"));
    QCOMPARE(valueOf(rows, "rmse", "small"), QStringLiteral("0.5"));
}

void TestImportArrivals::publishedRuns_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("run");
    QTest::addColumn<QString>("seconds");
    QTest::addColumn<qint64>("day");
    QTest::newRow("databricks") << "run_export_databricks.json"
                                << "white_2"
                                << "7.105" << qint64{instantOf(2024, 6, 5).micros};
    // A copy: the times of the original stand in its tags.
    QTest::newRow("copied") << "run_export_wine.json"
                            << "wine run"
                            << "3.803" << qint64{instantOf(2023, 5, 20).micros};
}

void TestImportArrivals::publishedRuns()
{
    QFETCH(QString, file);
    QFETCH(QString, run);
    QFETCH(QString, seconds);
    QFETCH(qint64, day);
    const QString path = sharedData(("ledgers/mlflow/" + file.toStdString()).c_str());
    REQUIRE_SHARED(path);
    const auto rows = outcomesOf(path.toStdString(), file.toStdString().c_str());
    QCOMPARE(valueOf(rows, "training_runs", "FINISHED"), QStringLiteral("1"));
    QCOMPARE(valueOf(rows, "training_seconds", run.toStdString()), seconds);
    QVERIFY(valueOf(rows, "rmse", run.toStdString()) != QLatin1String("none"));
    QCOMPARE(rows.front().day.micros, day);
}

void TestImportArrivals::eventsBecomeSeries()
{
    const std::string file = m_folder.write(
        "events.csv", "unit_type,unit_id,started_at,ended_at,outcome,value_usd,reviewer_seconds,session_id,customer\n"
                      "conversation,c1,2026-08-03T10:01:00Z,2026-08-03T10:04:10Z,escalated,,420,c1,k1\n"
                      "conversation,c2,2026-08-03T23:59:00Z,2026-08-04T00:04:10Z,resolved,,0,c2,k1\n"
                      "conversation,c1,2026-08-03T10:01:00Z,2026-08-05T10:04:10Z,resolved,,60,c1,k1\n"
                      "contract,ctr-1,2026-08-03T11:00:00Z,,,120.00,900,ctr-1,k2\n"
                      ",x,2026-08-03T11:00:00Z,,open,,,,\n");
    const auto store = m_folder.workspace("events.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("outcome-events"));
    QCOMPARE(source.role, SourceRole::Outcome);
    QCOMPARE(source.rowsDuplicate, 1); // reopened: it counts as it ended last
    QCOMPARE(source.rowsRejected, 1);
    QCOMPARE(source.rowsAccepted, 3);
    TAKE(ledger, store->readLedger({}));
    Money resolved;
    Money minutes;
    int contracts = 0;
    for (const OutcomeRow &row : *ledger.outcomes) {
        if (row.metric == "conversation_resolved")
            resolved += row.value;
        if (row.metric == "reviewer_seconds")
            minutes += row.value;
        contracts += row.metric == "contract" ? 1 : 0;
        QVERIFY(row.metric != "conversation_escalated");
        if (row.metric == "conversation" && row.label == "resolved")
            QVERIFY(row.day >= instantOf(2026, 8, 4));
    }
    QCOMPARE(QString::fromStdString(resolved.text()), QStringLiteral("2"));
    QCOMPARE(QString::fromStdString(minutes.text()), QStringLiteral("960"));
    QCOMPARE(contracts, 1);
    const QString published = sharedData("ledgers/documented_shapes/business_metrics/outcome_events.csv");
    REQUIRE_SHARED(published);
    const auto rows = outcomesOf(published.toStdString(), "published.perunit");
    QCOMPARE(valueOf(rows, "conversation_resolved", ""), QStringLiteral("1"));
    QCOMPARE(valueOf(rows, "value_usd", "contract"), QStringLiteral("120"));
}

QTEST_APPLESS_MAIN(TestImportArrivals)
#include "tst_import_arrivals.moc"
