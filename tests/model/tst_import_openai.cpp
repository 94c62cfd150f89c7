// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/provider_ledgers.h"

#include <QTest>

using namespace perunit;

/// Costs, usage and activity of OpenAI, as its dashboards and its interface write them.
class TestImportOpenAi : public QObject
{
    Q_OBJECT
private slots:
    void publishedTotals_data();
    void publishedTotals();
    void costsNameModelAndClass();
    void lineItems_data();
    void lineItems();
    void costsInBothShapesAgree();
    void usageOfEveryKind();
    void usageOfTheDashboard();
    void activityWithCachedTokens();
    void activityWithTooManyCachedTokens();
    void reportsWithoutModelSaySo();
    void costsAreNoUsage();
    void emptyPeriods();
    void cutOffPageIsAnError();

private:
    LedgerFolder m_folder;
};

void TestImportOpenAi::publishedTotals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    QTest::addColumn<int>("role");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("cached");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<qint64>("requests");
    const auto row = [](const char *file, const char *format, SourceRole role, qint64 rows, const char *billed,
                        qint64 input, qint64 cached, qint64 output, qint64 requests) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format) << int(role) << rows
                            << QString::fromLatin1(billed) << input << cached << output << requests;
    };
    row("documented_shapes/openai/cost_dashboard_export.csv", "openai-costs", SourceRole::Invoice, 9, "11.69", 16800000,
        42000000, 2300000, 0);
    row("documented_shapes/openai/costs_api_page.json", "openai-costs", SourceRole::Invoice, 8, "11.69", 0, 0, 0, 0);
    row("documented_shapes/openai/usage_completions_api_page.json", "openai-usage", SourceRole::Usage, 2, "none",
        16800000, 42000000, 2300000, 19600);
    row("openai/activity_legacy.csv", "openai-activity", SourceRole::Usage, 4, "none", 8000, 0, 1150, 65);
    row("openai/activity_simplified.csv", "openai-activity", SourceRole::Usage, 5, "none", 3070000, 0, 21750000, 6250);
}

void TestImportOpenAi::publishedTotals()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    QFETCH(int, role);
    QFETCH(qint64, rows);
    QFETCH(QString, billed);
    QFETCH(qint64, input);
    QFETCH(qint64, cached);
    QFETCH(qint64, output);
    QFETCH(qint64, requests);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(QString::fromStdString(preview.format), format);
    QCOMPARE(int(facts.role), role);
    QCOMPARE(facts.rowsRead, rows);
    QVERIFY2(facts.rowsAccepted == rows, complaints(facts).constData());
    QCOMPARE(amountText(facts.billed), billed);
    QCOMPARE(facts.tokens[UsageClass::Input], input);
    QCOMPARE(facts.tokens[UsageClass::CacheRead], cached);
    QCOMPARE(facts.tokens[UsageClass::Output], output);
    QCOMPARE(facts.requests, requests);
}

void TestImportOpenAi::costsNameModelAndClass()
{
    const auto store = m_folder.workspace("costs.perunit");
    TAKE(source, importFile(*store, ownLedger("openai/costs.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 10);
    QCOMPARE(source.rowsAccepted, 8); // a day without spend among them
    QCOMPARE(source.rejects[0], (RejectedRow{10, "amount_value", "oops", "is not a number"}));
    QCOMPARE(source.rejects[1].column, std::string("amount_currency"));
    QCOMPARE(source.rowsRejected, 2);
    QCOMPARE(source.currency, std::string("USD"));
    QCOMPARE(amountText(source.billed), QStringLiteral("-2.97"));
    QCOMPARE(source.tokens[UsageClass::AudioIn], 10000);
    QVERIFY(hasWarning(source, "name no model"));
    TAKE(ledger, store->readLedger({}));
    const auto &rows = *ledger.invoices;
    QCOMPARE(rows.size(), std::size_t{7});
    QCOMPARE(rows[1].model, std::string("gpt-5-mini"));
    QCOMPARE(rows[1].tokenClass, std::optional(UsageClass::CacheRead));
    QCOMPARE(rows[1].tokens, 10000000);
    QCOMPARE(rows[1].provider, std::string("openai"));
    QCOMPARE(rows[1].period.from.micros, instantOf(2026, 9, 1).micros);
    QCOMPARE(rows[1].period.to.micros, instantOf(2026, 9, 2).micros);
    QCOMPARE(tagOf(rows[1], "project"), std::string("Chat"));
    QCOMPARE(tagOf(rows[1], "api_key_id"), std::string("key_a"));
    QCOMPARE(rows[2].model, std::string("gpt-5-mini"));
    QCOMPARE(rows[2].pricingCategory, std::string("batch"));
    QVERIFY(rows[4].model.empty());
    QCOMPARE(rows[4].tokenClass, std::optional(UsageClass::CodeExecution));
    QCOMPARE(rows[4].tokens, 2);
    QCOMPARE(rows[4].consumedUnit, std::string("sessions"));
    // Money back for a model corrects its usage, other money back is a credit.
    QVERIFY(rows[5].correction);
    QCOMPARE(rows[5].category, ChargeCategory::Usage);
    QCOMPARE(rows[6].category, ChargeCategory::Credit);
    verifyNothingPrivate(ledger, source);
}

void TestImportOpenAi::lineItems_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("usageClass");
    QTest::addColumn<QString>("tier");
    const auto row = [](const char *item, const char *model, const char *usageClass, const char *tier) {
        QTest::newRow(item) << QString::fromLatin1(item) << QString::fromLatin1(model)
                            << QString::fromLatin1(usageClass) << QString::fromLatin1(tier);
    };
    row("gpt-5-mini-2025-08-07, input", "gpt-5-mini-2025-08-07", "input", "");
    row("gpt-5-mini, cached input", "gpt-5-mini", "cache_read", "");
    row("gpt-5-mini, output", "gpt-5-mini", "output", "");
    row("gpt-6-sol, cache write input", "gpt-6-sol", "cache_write_5m", "");
    row("gpt-realtime, cached audio input", "gpt-realtime", "cache_read_audio", "");
    row("gpt-realtime, audio output", "gpt-realtime", "audio_out", "");
    row("gpt-image-1, image output", "gpt-image-1", "image_out", "");
    row("text-embedding-3-small, input", "text-embedding-3-small", "embedding", "");
    row("gpt-5-mini batch, input", "gpt-5-mini", "input", "batch");
    row("gpt-5-mini, batch output", "gpt-5-mini", "output", "batch");
    row("gpt-5-mini (flex), cached input", "gpt-5-mini", "cache_read", "flex");
    row("web search tool calls", "", "web_search", "");
    row("assistants api | file search", "", "file_search", "");
    row("file search storage", "", "", "");
    row("gpt-4o-2024-08-06, training", "gpt-4o-2024-08-06", "", "");
    row("Image models", "", "", "");
}

void TestImportOpenAi::lineItems()
{
    QFETCH(QString, item);
    QFETCH(QString, model);
    QFETCH(QString, usageClass);
    QFETCH(QString, tier);
    const QByteArray text = "start_time,end_time,amount_value,amount_currency,line_item,project_id\n"
                            "1788220800,1788307200,0.5,usd,\""
                            + item.toLatin1() + "\",p\n";
    const auto store = m_folder.workspace("item.perunit");
    TAKE(source, importFile(*store, m_folder.write("item.csv", text), {}, nullptr, {}));
    TAKE(ledger, store->readLedger({}));
    const ChargeRow &row = ledger.invoices->at(0);
    QCOMPARE(QString::fromStdString(row.model), model);
    QCOMPARE(row.tokenClass ? QString::fromLatin1(nameOf(*row.tokenClass).data()) : QString(), usageClass);
    QCOMPARE(QString::fromStdString(row.pricingCategory), tier);
    QCOMPARE(amountText(row.billed), QStringLiteral("0.5"));
    QCOMPARE(QString::fromStdString(row.description), item);
    QVERIFY(store->setSourceActive(source.id, false).ok());
}

void TestImportOpenAi::costsInBothShapesAgree()
{
    const std::string page =
        m_folder.write("costs.json", R"({"object":"page","data":[{"object":"bucket","start_time":1788220800,
        "end_time":1788307200,"results":[
        {"object":"organization.costs.result","amount":{"value":1.0,"currency":"usd"},"line_item":"gpt-5-mini, input"},
        {"object":"organization.costs.result","amount":{"value":"0.250","currency":"usd"},
         "line_item":"gpt-5-mini, cached input"},
        {"object":"organization.costs.result","amount":{"value":5e-7,"currency":"usd"},
         "line_item":"text-embedding-3-small, input"}]}],"has_more":false,"next_page":null})");
    const auto store = m_folder.workspace("page.perunit");
    TAKE(source, importFile(*store, page, {}, nullptr, {}));
    QCOMPARE(amountText(source.billed), QStringLiteral("1.2500005"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.invoices->at(0).tokenClass, std::optional(UsageClass::Input));
    QCOMPARE(ledger.invoices->at(2).tokenClass, std::optional(UsageClass::Embedding));
    QCOMPARE(ledger.invoices->at(2).model, std::string("text-embedding-3-small"));
}

void TestImportOpenAi::usageOfEveryKind()
{
    const auto store = m_folder.workspace("usage.perunit");
    TAKE(source, importFile(*store, ownLedger("openai/usage.json"), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 10);
    QCOMPARE(source.rowsAccepted, 9);
    QCOMPARE(source.rejects.at(0).reason, std::string("there are more cached and written tokens than input_tokens"));
    // 1000 less 400 cached and 100 written, 200 of the batch, 80 moderated.
    QCOMPARE(source.tokens[UsageClass::Input], 780);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 400);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 100);
    QCOMPARE(source.tokens[UsageClass::AudioIn], 30);
    QCOMPARE(source.tokens[UsageClass::AudioOut], 7);
    QCOMPARE(source.tokens[UsageClass::Embedding], 900);
    QCOMPARE(source.tokens[UsageClass::Image], 4);
    QCOMPARE(source.tokens[UsageClass::Characters], 1200);
    QCOMPARE(source.tokens[UsageClass::AudioSeconds], 61);
    QCOMPARE(source.tokens[UsageClass::CodeExecution], 11);
    QCOMPARE(source.requests, 34);
    QVERIFY(hasWarning(source, "more pages follow"));
    QVERIFY(hasWarning(source, "vector stores"));
    QVERIFY(!source.billed);
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.size(), std::size_t{8});
    QCOMPARE(workload.tier[0], ServiceTier::Flex);
    QCOMPARE(workload.tier[1], ServiceTier::Batch);
    QCOMPARE(workload.text("model", 0), std::string("gpt-5-mini-2025-08-07"));
    QCOMPARE(workload.text("tag:project", 0), std::string("proj_a"));
    QCOMPARE(workload.text("tag:operation", 4), std::string("images"));
    QVERIFY(keptTexts(ledger).find("user-1") == std::string::npos);
}

void TestImportOpenAi::usageOfTheDashboard()
{
    const auto store = m_folder.workspace("dashboard.perunit");
    TAKE(source, importFile(*store, ownLedger("openai/usage_dashboard.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 5);
    QCOMPARE(source.rowsAccepted, 4);
    QCOMPARE(source.rejects.at(0).reason,
             std::string("the text, audio and image tokens do not add up to input_tokens"));
    QCOMPARE(source.tokens[UsageClass::Input], 53440 + 500 + 10);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 5760 + 200);
    QCOMPARE(source.tokens[UsageClass::AudioIn], 150);
    QCOMPARE(source.tokens[UsageClass::CacheReadAudio], 100);
    QCOMPARE(source.tokens[UsageClass::ImageIn], 50);
    QCOMPARE(source.tokens[UsageClass::Output], 10646 + 100 + 5);
    QCOMPARE(source.tokens[UsageClass::AudioOut], 200);
    QVERIFY(hasWarning(source, "'galactic' is not known"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->tier[1], ServiceTier::Priority);
    QCOMPARE(ledger.workload->text("tag:api_key_name", 1), std::string("prod"));
    verifyNothingPrivate(ledger, source);
    // Where the kinds contain their cached tokens the sums say so, too.
    const std::string inside = m_folder.write(
        "inside.csv", "start_time,num_model_requests,model,input_tokens,input_cached_tokens,input_text_tokens,"
                      "input_cached_text_tokens,input_audio_tokens,input_cached_audio_tokens,output_tokens\n"
                      "1788220800,1,gpt-realtime,1000,300,700,200,300,100,50\n");
    TAKE(other, previewImport(inside, {}, nullptr, nullptr, {}));
    QCOMPARE(other.facts.tokens[UsageClass::Input], 500);
    QCOMPARE(other.facts.tokens[UsageClass::CacheRead], 200);
    QCOMPARE(other.facts.tokens[UsageClass::AudioIn], 200);
    QCOMPARE(other.facts.tokens[UsageClass::CacheReadAudio], 100);
}

void TestImportOpenAi::activityWithCachedTokens()
{
    const std::string file = m_folder.write(
        "activity.csv", "timestamp,model,n_context_tokens_total,n_cached_context_tokens_total,n_generated_tokens_total,"
                        "num_requests,request_type,api_key_name,project_name,user,num_images,num_characters\n"
                        "1788220800,gpt-4o-2024-08-06,5000.0,2000.0,250.0,20,batch,prod,Chat,someone@example.com,,\n"
                        "1788220800,dall-e-3,,,,10,,prod,Chat,someone@example.com,12.0,\n"
                        "1788220800,tts-1,,,,5,,prod,Chat,someone@example.com,,12345.0\n"
                        "1788220800,text-embedding-3-small,700.0,0.0,0.0,7,,prod,Chat,someone@example.com,,\n");
    const auto store = m_folder.workspace("activity.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("openai-activity"));
    QCOMPARE(source.tokens[UsageClass::Input], 3000);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 2000);
    QCOMPARE(source.tokens[UsageClass::Embedding], 700);
    QCOMPARE(source.tokens[UsageClass::Image], 12);
    QCOMPARE(source.tokens[UsageClass::Characters], 12345);
    QCOMPARE(source.requests, 42);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->tier[0], ServiceTier::Batch);
    verifyNothingPrivate(ledger, source);
}

void TestImportOpenAi::activityWithTooManyCachedTokens()
{
    const std::string file = m_folder.write("cached.csv", "timestamp,model,n_context_tokens_total,"
                                                          "n_cached_context_tokens_total,n_requests\n"
                                                          "2026-09-01,gpt-4o,100,101,1\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRejected, 1);
    QCOMPARE(preview.facts.rejects[0].column, std::string("n_cached_context_tokens_total"));
}

void TestImportOpenAi::reportsWithoutModelSaySo()
{
    const std::string file = m_folder.write(
        "ungrouped.json", R"({"object":"page","data":[{"object":"bucket","start_time":1788220800,"end_time":1788307200,
        "results":[{"object":"organization.usage.completions.result","input_tokens":10,"output_tokens":5,
        "num_model_requests":1,"model":null}]}]})");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 10);
    QVERIFY(hasWarning(preview.facts, "group the report by model"));
    QVERIFY(preview.usageConvention.find("contain cached tokens") != std::string::npos);
}

void TestImportOpenAi::costsAreNoUsage()
{
    // Pages of both kinds put together: the half that is something else is refused, and says what it is.
    const std::string file = m_folder.write(
        "both.json", R"({"object":"page","data":[{"object":"bucket","start_time":1788220800,"end_time":1788307200,
        "results":[{"object":"organization.costs.result","amount":{"value":1,"currency":"usd"},
        "line_item":"gpt-5-mini, input"}]}]}
        {"object":"page","data":[{"object":"bucket","start_time":1788220800,"end_time":1788307200,
        "results":[{"object":"organization.usage.completions.result","input_tokens":10,"num_model_requests":1}]}]})");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("openai-costs"));
    QCOMPARE(preview.facts.rowsAccepted, 1);
    QCOMPARE(preview.facts.rowsRejected, 1);
    QVERIFY(preview.facts.rejects[0].reason.find("files of their own") != std::string::npos);
}

void TestImportOpenAi::emptyPeriods()
{
    verifyEmptyPeriod(m_folder, "openai/costs.csv", "openai-costs");
    verifyEmptyPeriod(m_folder, "openai/usage_dashboard.csv", "openai-usage");
}

void TestImportOpenAi::cutOffPageIsAnError()
{
    QFile whole(QString::fromStdString(ownLedger("openai/usage.json")));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const std::string cut = m_folder.write("cut.json", whole.readAll().left(900));
    const auto preview = previewImport(cut, {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("ends inside") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestImportOpenAi)
#include "tst_import_openai.moc"
