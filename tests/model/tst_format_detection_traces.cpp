// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"

#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Every sample of traces, tools, outcomes and dialects is known as exactly one format.
class TestFormatDetectionTraces : public QObject
{
    Q_OBJECT
private slots:
    void samples_data();
    void samples();
};

void TestFormatDetectionTraces::samples_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    const auto row = [](const char *file, const char *format) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format);
    };
    for (const char *name : {"claude-agent-2025-12-22", "crewai-2025-07-11", "google-adk-2025-08-28",
                             "langgraph-python-2025-08-22", "openai-agents-2025-09-30",
                             "pydantic-ai-with-gemini-2025-12-24", "vercel-aisdk-2025-11-17", "vertex-ai-2025-08-01"})
        row((std::string("langfuse/") + name + ".trace.json").c_str(), "langfuse");
    row("otel/otlp_genai_support_agent.json", "otel-genai");
    row("otel/vercel_ai_sdk_v6_spans.json", "otel-genai");
    row("claude_code/project-alpha_session-alpha.jsonl", "claude-code");
    row("documented_shapes/claude_code/streaming_duplicates.jsonl", "claude-code");
    row("codex/session-alpha.jsonl", "codex");
    row("opencode/msg_test001.json", "opencode");
    row("mlflow/run_export_databricks.json", "mlflow-runs");
    row("mlflow/run_export_wine.json", "mlflow-runs");
    row("llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz", "azure-llm-trace");
    row("llm_traces/mooncake/conversation_trace.jsonl.gz", "mooncake-trace");
    row("llm_traces/arxiv_summarization/arxiv_summarization_token_lengths.csv.gz", "document-lengths");
    row("llm_traces/servegen_aggregates/deepseek_r1_1day_aggregate.csv", "arrival-rates");
    row("llm_traces/servegen_aggregates/m_large_14day_per_client_rates.csv.gz", "arrival-rates");
    row("llm_traces/servegen_deepseek_r1/chunk-0-dataset.json.gz", "arrival-rates");
    row("documented_shapes/burstgpt/burstgpt_head_documented.csv", "burstgpt-trace");
    row("documented_shapes/business_metrics/daily_long.csv", "outcome-series");
    row("documented_shapes/business_metrics/daily_wide.csv", "outcome-series");
    row("documented_shapes/business_metrics/outcome_events.csv", "outcome-events");
}

void TestFormatDetectionTraces::samples()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    const QString path = sharedData(("ledgers/" + file.toStdString()).c_str());
    REQUIRE_SHARED(path);
    TAKE(shape, probeTable(path.toStdString(), {}));
    QStringList sure;
    for (const auto &candidate : ledgerFormats()) {
        const FormatMatch match = candidate->match(shape);
        // The request log takes any table of requests; a format that knows the file must be surer.
        if (match.score < 80 || (candidate->id() == "request-log" && match.score < 100))
            continue;
        sure << QString::fromUtf8(candidate->id().data(), static_cast<qsizetype>(candidate->id().size()));
        QVERIFY2(!match.why.empty(), "a match says why");
    }
    QCOMPARE(sure.join(QLatin1Char(' ')), format);
}

QTEST_APPLESS_MAIN(TestFormatDetectionTraces)
#include "tst_format_detection_traces.moc"
