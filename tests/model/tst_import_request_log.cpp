// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

class TestImportRequestLog : public QObject
{
    Q_OBJECT
private slots:
    void readsEveryField();
    void openAiInputIncludesCached();
    void anthropicInputExcludesCached();
    void promptTokensContainEverything();
    void dataCorrectTheGuess();
    void theUsersMappingIsNotCorrected();
    void reasoningBesideOutput();
    void ourOwnNamesOfUsage();
    void statusWords();
    void unknownTierIsRefused();
    void promptsAndKeysAreNeverStored();
    void mappingsAreRemembered();
    void mappingsAsJson();
    void refusesBadMappings_data();
    void refusesBadMappings();
    void unknownColumnsAskForAMapping();
    void foreignReportsAreNamed();
    void tagsFillDimensions();
    void aggregatedRequests();
    void mixedCurrencies();
    void ambiguousCostsAreAsked();
    void titleLinesAreSkipped();
    void publishedFiles_data();
    void publishedFiles();
    void localeFiles_data();
    void localeFiles();

private:
    LedgerFolder m_folder;
};

void TestImportRequestLog::readsEveryField()
{
    const auto store = m_folder.workspace("fields.perunit");
    TAKE(source, importFile(*store, testData("ledgers/request_log.csv").toStdString(), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("request-log"));
    QCOMPARE(source.role, SourceRole::Usage);
    QVERIFY2(source.rowsRejected == 2, complaints(source).constData());
    QCOMPARE(source.rowsRead, 6);
    QCOMPARE(source.rowsAccepted, 4);
    QCOMPARE(source.currency, std::string("USD"));
    QCOMPARE(amountText(source.billed), QStringLiteral("0.0302"));
    QCOMPARE(source.tokens[UsageClass::Input], 6000 + 1200 + 0 + 500);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 6400 + 0 + 0 + 500);
    QCOMPARE(source.tokens[UsageClass::Output], 260 + 80 + 0 + 40);
    QCOMPARE(source.rejects[0], (RejectedRow{6, "prompt_tokens", "12x", "is not a number"}));
    QCOMPARE(source.rejects[1], (RejectedRow{7, "", "", "the row has 3 fields, the header has 16"}));

    TAKE(ledger, store->readLedger({}));
    const Workload &w = *ledger.workload;
    QCOMPARE(w.size(), std::size_t{4});
    // In order of time, not of the file.
    QCOMPARE(w.sourceRow, (std::vector<std::int64_t>{3, 1, 2, 6}));
    QCOMPARE(w.time[1], instantOf(2026, 8, 3, 10, 1).micros + 250000);
    QCOMPARE(w.text("model", 1), std::string("gpt-4o-mini"));
    QCOMPARE(w.text("provider", 1), std::string("openai"));
    QCOMPARE(w.text("session", 1), std::string("conv-1"));
    QCOMPARE(w.text("workload", 1), std::string("support, chat"));
    QCOMPARE(w.text("team", 2), std::string("cx"));
    QCOMPARE(w.text("environment", 2), std::string("prod"));
    QCOMPARE(w.text("status", 0), std::string("rate_limited"));
    QCOMPARE(w.text("tag:project_name", 3), std::string("Pilot"));
    QCOMPARE(w.tier[3], ServiceTier::Batch);
    QCOMPARE(w.count(UsageClass::Request, 2), 1);
    QVERIFY(!w.isBilled(0));
    QVERIFY(w.isBilled(1));
}

void TestImportRequestLog::openAiInputIncludesCached()
{
    const std::string file =
        m_folder.write("openai.csv", "created_at,model,prompt_tokens,cached_tokens,completion_tokens\n"
                                     "1785715200,gpt-5,1000,300,50\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QVERIFY(preview.mapping.inputIncludesCache);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 700);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheRead], 300);
    QVERIFY(preview.usageConvention.find("includes cached") != std::string::npos);
}

void TestImportRequestLog::anthropicInputExcludesCached()
{
    const std::string file = m_folder.write(
        "anthropic.csv",
        "timestamp,model,input_tokens,cache_creation_input_tokens,cache_read_input_tokens,output_tokens\n"
        "2026-08-03T10:00:00Z,claude-sonnet-4-5,3,12304,0,550\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QVERIFY(!preview.mapping.inputIncludesCache);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 3);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheWrite5m], 12304);
    QCOMPARE(preview.facts.tokens[UsageClass::Output], 550);
    QVERIFY(preview.facts.warnings.empty());
    QVERIFY(preview.usageConvention.find("excludes cached") != std::string::npos);
}

void TestImportRequestLog::promptTokensContainEverything()
{
    const std::string file =
        m_folder.write("prompt.csv", "t,p,r,w,a,o\n2026-08-03,1000,300,100,50,9\n2026-08-03,10,9,1,1,1\n");
    ImportOptions options;
    options.mapping = ColumnMapping{{{"time", "t"},
                                     {"prompt_tokens", "p"},
                                     {"cache_read", "r"},
                                     {"cache_write_5m", "w"},
                                     {"audio_in", "a"},
                                     {"output", "o"}},
                                    false,
                                    false,
                                    {}};
    TAKE(preview, previewImport(file, options, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsAccepted, 1);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 550);
    QCOMPARE(preview.facts.tokens.promptTokens(), 950);
    QCOMPARE(preview.facts.rejects[0].column, std::string("p"));
}

void TestImportRequestLog::dataCorrectTheGuess()
{
    // "input_tokens" with "cached_tokens" looks like OpenAI; the second row proves that it is not.
    const std::string file =
        m_folder.write("corrected.csv", "timestamp,model,input_tokens,cached_tokens,output_tokens\n"
                                        "2026-08-03T10:00:00Z,m,1000,300,50\n"
                                        "2026-08-03T10:01:00Z,m,20,900,50\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRejected, 0);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 1020);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheRead], 1200);
    QVERIFY(!preview.mapping.inputIncludesCache);
    QVERIFY(hasWarning(preview.facts, "taken to exclude"));
}

void TestImportRequestLog::theUsersMappingIsNotCorrected()
{
    const std::string file = m_folder.write("chosen.csv", "timestamp,model,input_tokens,cached_tokens,output_tokens\n"
                                                          "2026-08-03T10:00:00Z,m,1000,300,50\n"
                                                          "2026-08-03T10:01:00Z,m,20,900,50\n");
    TAKE(first, previewImport(file, {}, nullptr, nullptr, {}));
    ImportOptions options;
    options.mapping = first.mapping;
    options.mapping->inputIncludesCache = true;
    TAKE(preview, previewImport(file, options, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRejected, 1);
    QCOMPARE(preview.facts.rejects[0].line, 3);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 700);
    QVERIFY(hasWarning(preview.facts, "set input_includes_cache to false"));
}

void TestImportRequestLog::reasoningBesideOutput()
{
    const std::string inside =
        m_folder.write("inside.csv", "timestamp,prompt_tokens,completion_tokens,reasoning_tokens\n"
                                     "2026-08-03,10,100,64\n");
    TAKE(contained, previewImport(inside, {}, nullptr, nullptr, {}));
    QCOMPARE(contained.facts.tokens[UsageClass::Output], 100);
    QCOMPARE(contained.facts.tokens.reasoning, 64);
    const std::string beside =
        m_folder.write("beside.csv", "timestamp,prompt_tokens,completion_tokens,reasoning_tokens\n"
                                     "2026-08-03,10,100,164\n");
    TAKE(added, previewImport(beside, {}, nullptr, nullptr, {}));
    QCOMPARE(added.facts.tokens[UsageClass::Output], 264);
    QVERIFY(hasWarning(added.facts, "reasoning was added to output"));
    const std::string gemini =
        m_folder.write("gemini.csv", "timestamp,prompt_token_count,candidates_token_count,thoughts_token_count\n"
                                     "2026-08-03,10,100,30\n");
    TAKE(thoughts, previewImport(gemini, {}, nullptr, nullptr, {}));
    QCOMPARE(thoughts.facts.tokens[UsageClass::Output], 130);
}

void TestImportRequestLog::ourOwnNamesOfUsage()
{
    const auto store = m_folder.workspace("own.perunit");
    TAKE(source, importFile(*store,
                            m_folder.write("own.csv",
                                           "time,provider,model,input,cache_read,cache_write_5m,cache_write_1h,output,"
                                           "reasoning,audio_in,audio_out,image_in,image_out,cache_read_audio,"
                                           "cache_read_image,web_search,file_search,code_execution,num_characters\n"
                                           "2026-01-01T00:00:00Z,openai,m,1,2,3,4,500,60,7,8,9,10,11,12,13,14,15,16\n"),
                            {}, nullptr, {}));
    QCOMPARE(source.tokens.reasoning, 60);
    TAKE(ledger, store->readLedger({}));
    const Usage usage = ledger.workload->usageAt(0);
    using enum UsageClass;
    const std::array<std::pair<UsageClass, std::int64_t>, 15> expected{{{Input, 1},
                                                                        {CacheRead, 2},
                                                                        {CacheWrite5m, 3},
                                                                        {CacheWrite1h, 4},
                                                                        {Output, 500},
                                                                        {AudioIn, 7},
                                                                        {AudioOut, 8},
                                                                        {ImageIn, 9},
                                                                        {ImageOut, 10},
                                                                        {CacheReadAudio, 11},
                                                                        {CacheReadImage, 12},
                                                                        {WebSearch, 13},
                                                                        {FileSearch, 14},
                                                                        {CodeExecution, 15},
                                                                        {Characters, 16}}};
    for (const auto &[usageClass, count] : expected)
        QVERIFY2(usage[usageClass] == count, nameOf(usageClass).data());
    QCOMPARE(usage.reasoning, 60);
}

void TestImportRequestLog::statusWords()
{
    const auto store = m_folder.workspace("status.perunit");
    const std::string file = m_folder.write("status.csv", "timestamp,prompt_tokens,completion_tokens,status\n"
                                                          "2026-08-01,1,1,200\n2026-08-02,1,1,429\n2026-08-03,1,1,500\n"
                                                          "2026-08-04,1,1,Success\n2026-08-05,1,1,cancelled\n"
                                                          "2026-08-06,1,1,weird\n2026-08-07,1,1,\n");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 7);
    QVERIFY(hasWarning(source, "status 'weird' is not known and was taken as success (1 row, line 7)"));
    TAKE(ledger, store->readLedger({}));
    QStringList statuses;
    for (std::size_t row = 0; row < 7; ++row)
        statuses << QString::fromStdString(ledger.workload->text("status", row));
    QCOMPARE(statuses, (QStringList{"ok", "rate_limited", "error", "ok", "cancelled", "ok", "ok"}));
}

void TestImportRequestLog::unknownTierIsRefused()
{
    const std::string file = m_folder.write("tiers.csv", "timestamp,prompt_tokens,completion_tokens,service_tier\n"
                                                         "2026-08-01,1,1,default\n2026-08-02,1,1,flex\n"
                                                         "2026-08-03,1,1,gold\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QCOMPARE(preview.facts.rejects[0], (RejectedRow{4, "service_tier", "gold", "is not a service tier"}));
}

void TestImportRequestLog::promptsAndKeysAreNeverStored()
{
    const std::string file = m_folder.write(
        "secret.csv",
        "timestamp,model,prompt_tokens,completion_tokens,request_body,messages,api_key,user_email\n"
        "2026-08-01,m,1,1,\"{\"\"content\"\": \"\"TOPSECRET\"\"}\",TOPSECRET,TOPSECRET,TOPSECRET@x.example\n");
    const auto store = m_folder.workspace("secret.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 1);
    for (const auto &[field, column] :
         source.mapping.empty() ? ColumnMapping().columns : parseColumnMapping(source.mapping)->columns)
        QVERIFY2(column != "request_body" && column != "messages" && column != "api_key" && column != "user_email",
                 field.c_str());
    TAKE(ledger, store->readLedger({}));
    for (const DimensionColumn &dimension : ledger.workload->dimensions) {
        for (std::size_t id = 0; id < dimension.dictionary.size(); ++id)
            QVERIFY(dimension.dictionary.text(std::uint32_t(id)).find("TOPSECRET") == std::string::npos);
    }
    for (const char *column : {"request_body", "messages", "api_key", "user_email"}) {
        ImportOptions options;
        options.mapping =
            ColumnMapping{{{"time", "timestamp"}, {"input", "prompt_tokens"}, {"tag:x", column}}, false, false, {}};
        const auto refused = previewImport(file, options, nullptr, nullptr, {});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    }
}

void TestImportRequestLog::mappingsAreRemembered()
{
    const QByteArray header = "wann;was;viel\n";
    const std::string first = m_folder.write("first.csv", header + "2026-08-01;m;5\n");
    const std::string second = m_folder.write("second.csv", header + "2026-08-02;m;7\n");
    const auto store = m_folder.workspace("remember.perunit");
    TAKE(asked, previewImport(first, {}, store.get(), nullptr, {}));
    QVERIFY(!asked.mappingComplete);
    QVERIFY(!importFile(*store, first, {}, nullptr, {}).ok());
    ImportOptions options;
    options.mapping =
        ColumnMapping{{{"time", "wann"}, {"model", "was"}, {"output", "viel"}}, false, false, {{"team", "x"}}};
    TAKE(source, importFile(*store, first, options, nullptr, {}));
    QCOMPARE(*parseColumnMapping(source.mapping), *options.mapping);
    TAKE(preview, previewImport(second, {}, store.get(), nullptr, {}));
    QVERIFY(preview.mappingRemembered);
    QCOMPARE(preview.headerSignature, asked.headerSignature);
    QCOMPARE(preview.mapping, *options.mapping);
    TAKE(other, importFile(*store, second, {}, nullptr, {}));
    QCOMPARE(other.tokens[UsageClass::Output], 7);
    // A remembered mapping says nothing when the user names another format.
    ImportOptions series;
    series.format = "outcome-series";
    QVERIFY(!previewImport(second, series, store.get(), nullptr, {}).ok());
}

void TestImportRequestLog::mappingsAsJson()
{
    TAKE(mapping,
         parseColumnMapping(
             R"({"columns":{"time":"created_at","tag:a":"b"},"input_includes_cache":true,"constants":{"model":"m"}})"));
    QCOMPARE(mapping.columns.at("time"), std::string("created_at"));
    QVERIFY(mapping.inputIncludesCache);
    QCOMPARE(mapping.constants.at("model"), std::string("m"));
    QCOMPARE(*parseColumnMapping(writeColumnMapping(mapping)), mapping);
    mapping.outputExcludesReasoning = true;
    QCOMPARE(*parseColumnMapping(writeColumnMapping(mapping)), mapping);
    for (const char *bad : {"", "[]", "{\"columns\": []}", "{\"columns\": {\"time\": 3}}", "{\"column\": {}}",
                            "{\"input_includes_cache\": \"yes\"}"})
        QVERIFY2(!parseColumnMapping(bad).ok(), bad);
}

void TestImportRequestLog::refusesBadMappings_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("column");
    QTest::newRow("no such column") << "time"
                                    << "when";
    QTest::newRow("no such field") << "tokens"
                                   << "b";
    QTest::newRow("tag without a name") << "tag:"
                                        << "b";
}

void TestImportRequestLog::refusesBadMappings()
{
    QFETCH(QString, field);
    QFETCH(QString, column);
    const std::string file = m_folder.write("bad.csv", "a,b,c\n2026-08-01,1,x\n");
    ImportOptions options;
    options.mapping = ColumnMapping{{{"time", "a"}, {"input", "b"}}, false, false, {}};
    options.mapping->columns[field.toStdString()] = column.toStdString();
    const auto preview = previewImport(file, options, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find(field.toStdString()) != std::string::npos);
}

void TestImportRequestLog::unknownColumnsAskForAMapping()
{
    const std::string file = m_folder.write("unknown.csv", "a,b,c\nx,y,z\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("request-log"));
    QVERIFY(!preview.mappingComplete);
    QCOMPARE(preview.missing, (std::vector<std::string>{"time", "input, output or billed_cost"}));
    QCOMPARE(preview.header, (std::vector<std::string>{"a", "b", "c"}));
    QCOMPARE(preview.sample.size(), std::size_t{1});
    const auto store = m_folder.workspace("unknown.perunit");
    const auto refused = importFile(*store, file, {}, nullptr, {});
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().text().find("time") != std::string::npos);
}

void TestImportRequestLog::foreignReportsAreNamed()
{
    const std::string file = m_folder.write(
        "cur.csv", "identity/LineItemId,lineItem/UsageType,lineItem/UnblendedCost,lineItem/UsageStartDate\n"
                   "a,b,1.5,2026-08-01T00:00:00Z\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QVERIFY(!preview.mappingComplete);
    QVERIFY(preview.why.find("AWS Cost and Usage Report") != std::string::npos);
}

void TestImportRequestLog::tagsFillDimensions()
{
    const std::string file =
        m_folder.write("tags.csv", "timestamp,prompt_tokens,completion_tokens,tags,feature\n"
                                   "2026-08-01,1,1,\"{\"\"feature\"\":\"\"search\"\",\"\"ab\"\":\"\"B\"\"}\",\n"
                                   "2026-08-02,1,1,\"{\"\"feature\"\":\"\"search\"\"}\",own\n"
                                   "2026-08-03,1,1,oops,\n");
    const auto store = m_folder.workspace("tagdim.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 3);
    QVERIFY(hasWarning(source, "no JSON object"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("feature", 0), std::string("search"));
    QCOMPARE(ledger.workload->text("feature", 1), std::string("own"));
    QCOMPARE(ledger.workload->text("tag:ab", 0), std::string("B"));
    QCOMPARE(ledger.workload->text("tag:ab", 1), std::string());
}

void TestImportRequestLog::aggregatedRequests()
{
    const std::string file =
        m_folder.write("aggregated.csv", "timestamp,model,n_context_tokens_total,n_generated_tokens_total,n_requests\n"
                                         "2026-06-01T00:00:00,gpt-4o,420000,1200000,900\n"
                                         "2026-06-02T00:00:00,gpt-4o,410000.0,1150000,\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.requests, 901);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 830000);
}

void TestImportRequestLog::mixedCurrencies()
{
    const std::string file = m_folder.write("currency.csv", "timestamp,prompt_tokens,completion_tokens,cost,currency\n"
                                                            "2026-08-01,1,1,0.5,usd\n2026-08-02,1,1,0.25,USD\n"
                                                            "2026-08-03,1,1,3,EUR\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.currency, std::string("USD"));
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("0.75"));
    QCOMPARE(preview.facts.rejects[0].line, 4);
    QCOMPARE(preview.facts.rejects[0].column, std::string("currency"));
}

void TestImportRequestLog::ambiguousCostsAreAsked()
{
    const std::string file = m_folder.write("ambiguous.csv", "timestamp,prompt_tokens,completion_tokens,cost_usd\n"
                                                             "2026-08-01,1,1,1.234\n2026-08-02,1,1,2.345\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.questions.size(), std::size_t{1});
    QCOMPARE(preview.questions[0].column, std::string("cost_usd"));
    QCOMPARE(preview.questions[0].readings[0].total, std::string("3.579"));
    QCOMPARE(preview.questions[0].readings[1].total, std::string("3579"));
}

void TestImportRequestLog::titleLinesAreSkipped()
{
    const std::string file =
        m_folder.write("title.csv", "Usage report August\n\ntimestamp,prompt_tokens,completion_tokens\n"
                                    "2026-08-01,1,2\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsAccepted, 1);
    QVERIFY(hasWarning(preview.facts, "above the header (line 3)"));
}

void TestImportRequestLog::publishedFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("cacheRead");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<qint64>("requests");
    const auto row = [](const char *file, int rows, qint64 input, qint64 cacheRead, qint64 output, const char *billed,
                        qint64 requests) {
        QTest::newRow(file) << QStringLiteral("ledgers/") + QLatin1String(file) << rows << input << cacheRead << output
                            << QString::fromLatin1(billed) << requests;
    };
    row("anthropic/console_usage.csv", 3, 208671, 50000, 39451, "none", 3);
    // Its usage_type says "text" or "dalle" and names no tier.
    row("openai/activity_legacy.csv", 4, 8000, 0, 1150, "none", 65);
    row("helicone/requests.csv", 10, 46479, 0, 1454, "none", 10);
    row("documented_shapes/litellm/spendlogs.csv", 5, -1, 0, -1, "0.0246394", 5);
    row("documented_shapes/openrouter/activity.csv", -1, -1, -1, -1, "0.0044925", -1);
    row("generic/telemetry_small.csv", 96, 0, 0, 0, "139.56", 96);
}

void TestImportRequestLog::publishedFiles()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(qint64, input);
    QFETCH(qint64, cacheRead);
    QFETCH(qint64, output);
    QFETCH(QString, billed);
    QFETCH(qint64, requests);
    const QString path = sharedData(file.toLatin1().constData());
    REQUIRE_SHARED(path);
    // Most have formats of their own; their columns can be mapped by name all the same.
    ImportOptions options;
    options.format = "request-log";
    TAKE(preview, previewImport(path.toStdString(), options, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(preview.format, std::string("request-log"));
    QVERIFY2(facts.rowsRejected == 0, complaints(facts).constData());
    QVERIFY(facts.rowsRead > 0);
    if (rows >= 0)
        QCOMPARE(facts.rowsAccepted, rows);
    if (input >= 0)
        QCOMPARE(facts.tokens[UsageClass::Input], input);
    if (cacheRead >= 0)
        QCOMPARE(facts.tokens[UsageClass::CacheRead], cacheRead);
    if (output >= 0)
        QCOMPARE(facts.tokens[UsageClass::Output], output);
    if (requests >= 0)
        QCOMPARE(facts.requests, requests);
    QCOMPARE(amountText(facts.billed), billed);
}

void TestImportRequestLog::localeFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("time");
    QTest::addColumn<QString>("cost");
    QTest::addColumn<QString>("total");
    QTest::newRow("german, UTF-8") << "de_semicolon_utf8_bom.csv"
                                   << "Datum"
                                   << "Kosten (EUR)"
                                   << "1029.02";
    QTest::newRow("german, Windows-1252") << "de_semicolon_windows1252.csv"
                                          << "Datum"
                                          << "Kosten (EUR)"
                                          << "1029.02";
    QTest::newRow("german, UTF-16") << "de_excel_unicode_text_utf16le.txt"
                                    << "Datum"
                                    << "Kosten (EUR)"
                                    << "1029.02";
    QTest::newRow("thousands and parentheses") << "en_thousands_currency_parens.csv"
                                               << "date"
                                               << "cost"
                                               << "1029.02";
    QTest::newRow("CR only") << "en_cr_only.csv"
                             << "date"
                             << "cost"
                             << "1029.02";
    QTest::newRow("french") << "fr_nbsp_thousands.csv"
                            << "Date" << QString::fromUtf8("Co\xC3\xBBt (\xE2\x82\xAC)") << "1030.78";
    QTest::newRow("separator line") << "sep_hint.csv"
                                    << "date"
                                    << "cost"
                                    << "18.48";
    QTest::newRow("damaged by Excel") << "excel_mangled_ids_and_dates.csv"
                                      << "created_at"
                                      << "cost_total"
                                      << "0.0087425";
    QTest::newRow("azure export with two marks") << "azure_double_bom.csv"
                                                 << "Date"
                                                 << "CostInBillingCurrency"
                                                 << "12109.876";
}

void TestImportRequestLog::localeFiles()
{
    QFETCH(QString, file);
    QFETCH(QString, time);
    QFETCH(QString, cost);
    QFETCH(QString, total);
    const QString path = sharedData(("ledgers/documented_shapes/locale/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    ImportOptions options;
    options.mapping = ColumnMapping{
        {{"time", time.toStdString()}, {"billed_cost", cost.toStdString()}}, false, false, {{"currency", "EUR"}}};
    TAKE(preview, previewImport(path.toStdString(), options, nullptr, nullptr, {}));
    QVERIFY2(preview.facts.rowsRejected == 0, complaints(preview.facts).constData());
    QCOMPARE(amountText(preview.facts.billed), total);
    QCOMPARE(preview.facts.currency, std::string("EUR"));
    QCOMPARE(QString::fromStdString(formatDate(preview.facts.period.from)).left(8), QStringLiteral("2026-08-"));
}

QTEST_APPLESS_MAIN(TestImportRequestLog)
#include "tst_import_request_log.moc"
