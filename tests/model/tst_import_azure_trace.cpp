// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

class TestImportAzureTrace : public QObject
{
    Q_OBJECT
private slots:
    void readsThePublishedTrace();
    void keepsQuirks();
    void constantsNameTheModel();
    void refusesUnknownTier();

private:
    LedgerFolder m_folder;
};

void TestImportAzureTrace::readsThePublishedTrace()
{
    const QString file = sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz");
    REQUIRE_SHARED(file);
    const auto store = m_folder.workspace("trace.perunit");
    TAKE(preview, previewImport(file.toStdString(), {}, store.get(), nullptr, {}));
    QCOMPARE(preview.format, std::string("azure-llm-trace"));
    QVERIFY(preview.mappingComplete);
    QVERIFY(!preview.alreadyImported);
    TAKE(source, importFile(*store, file.toStdString(), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 19366);
    QCOMPARE(source.rowsAccepted, 19366);
    QCOMPARE(source.rowsRejected, 0);
    QCOMPARE(source.requests, 19366);
    QCOMPARE(source.tokens[UsageClass::Input], 22361870);
    QCOMPARE(source.tokens[UsageClass::Output], 4088665);
    QVERIFY(!source.billed);
    QCOMPARE(source.period.from.micros, instantOf(2023, 11, 16, 18, 15, 46).micros + 680590);
    QCOMPARE((source.period.to.micros - source.period.from.micros) / microsPerSecond, 3501);

    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{19366});
    std::int64_t input = 0;
    for (std::size_t row = 0; row < ledger.workload->size(); ++row)
        input += ledger.workload->count(UsageClass::Input, row);
    QCOMPARE(input, 22361870);

    TAKE(again, importFile(*store, file.toStdString(), {}, nullptr, {}));
    QCOMPARE(again.id, source.id);
    TAKE(sources, store->sources());
    QCOMPARE(sources.size(), std::size_t{1});
}

void TestImportAzureTrace::keepsQuirks()
{
    // CRLF, seven digits, no line break at the end, one bad row of each kind.
    const std::string file = m_folder.write("quirks.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
                                                          "2023-11-16 18:15:46.6805900,374,44\r\n"
                                                          "yesterday,1,1\r\n"
                                                          "2023-11-16 18:15:47,,1\r\n"
                                                          "2023-11-16 18:15:47,5,-1\r\n"
                                                          "2023-11-16 18:15:50.9951690,396,109");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(facts.rowsRead, 5);
    QCOMPARE(facts.rowsAccepted, 2);
    QCOMPARE(facts.rowsRejected, 3);
    QCOMPARE(facts.tokens[UsageClass::Input], 770);
    QCOMPARE(facts.rejects[0], (RejectedRow{3, "TIMESTAMP", "yesterday", "is not a date and time"}));
    QCOMPARE(facts.rejects[1], (RejectedRow{4, "ContextTokens", "", "is empty"}));
    QCOMPARE(facts.rejects[2], (RejectedRow{5, "GeneratedTokens", "-1", "is negative"}));
}

void TestImportAzureTrace::constantsNameTheModel()
{
    const std::string file =
        m_folder.write("constants.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,374,44\n");
    ImportOptions options;
    options.mapping = ColumnMapping{};
    options.mapping->constants = {{"provider", "openai"}, {"model", "gpt-4o"}, {"workload", "chat"}, {"tier", "batch"}};
    const auto store = m_folder.workspace("constants.perunit");
    TAKE(source, importFile(*store, file, options, nullptr, {}));
    QCOMPARE(source.format, std::string("azure-llm-trace"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("model", 0), std::string("gpt-4o"));
    QCOMPARE(ledger.workload->text("provider", 0), std::string("openai"));
    QCOMPARE(ledger.workload->text("workload", 0), std::string("chat"));
    QCOMPARE(ledger.workload->tier[0], ServiceTier::Batch);
    QCOMPARE(ledger.currency, std::string("USD"));
}

void TestImportAzureTrace::refusesUnknownTier()
{
    const std::string file =
        m_folder.write("tier.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,374,44\n");
    ImportOptions options;
    options.mapping = ColumnMapping{};
    options.mapping->constants = {{"tier", "business class"}};
    const auto preview = previewImport(file, options, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("business class") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestImportAzureTrace)
#include "tst_import_azure_trace.moc"
