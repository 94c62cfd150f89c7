// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/provider_ledgers.h"

#include <QTest>

using namespace perunit;

/// The two exports of DeepSeek: the same money, once as usage and once as an invoice.
class TestImportDeepSeek : public QObject
{
    Q_OBJECT
private slots:
    void bothExportsAreTheSameMoney();
    void rowsOfOneKeyAreOneRowOfUsage();
    void aBadRowLosesNoOther();
    void currencyOfTheAccount();
    void grantedBalanceIsNotBilled();
    void savedByAGermanSpreadsheet();
    void emptyPeriods();

private:
    LedgerFolder m_folder;
};

void TestImportDeepSeek::bothExportsAreTheSameMoney()
{
    const QString amount = sharedData("ledgers/documented_shapes/deepseek/amount-2026-08.csv");
    const QString cost = sharedData("ledgers/documented_shapes/deepseek/cost-2026-08.csv");
    REQUIRE_SHARED(amount);
    const auto store = m_folder.workspace("published.perunit");
    TAKE(usage, importFile(*store, amount.toStdString(), {}, nullptr, {}));
    TAKE(invoice, importFile(*store, cost.toStdString(), {}, nullptr, {}));
    QCOMPARE(usage.format, std::string("deepseek-amount"));
    QCOMPARE(invoice.format, std::string("deepseek-cost"));
    QCOMPARE(usage.role, SourceRole::Usage);
    QCOMPARE(invoice.role, SourceRole::Invoice);
    QCOMPARE(amountText(usage.billed), QStringLiteral("6.33"));
    QCOMPARE(amountText(invoice.billed), QStringLiteral("6.33"));
    QCOMPARE(usage.currency, std::string("CNY"));
    QCOMPARE(invoice.currency, std::string("CNY"));
    QCOMPARE(usage.requests, 200);
    QCOMPARE(usage.tokens[UsageClass::Input], 800000);
    QCOMPARE(usage.tokens[UsageClass::CacheRead], 2000000);
    QCOMPARE(usage.tokens[UsageClass::Output], 180000);
    QCOMPARE(usage.period.from.micros, instantOf(2026, 8, 3).micros); // 8 o'clock in Beijing
}

void TestImportDeepSeek::rowsOfOneKeyAreOneRowOfUsage()
{
    const auto store = m_folder.workspace("rows.perunit");
    TAKE(source, importFile(*store, ownLedger("deepseek/amount.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 6);
    QCOMPARE(source.rowsAccepted, 5);
    QCOMPARE(source.rejects, (std::vector<RejectedRow>{{7, "amount", "many", "is not a number"}}));
    // 5 × 0.00002 + 1000 × 0.0000002 + 500 × 0.000002 + 2 × 0.5
    QCOMPARE(amountText(source.billed), QStringLiteral("1.0013"));
    QVERIFY(hasWarning(source, "'telepathy_tokens' is not known; only its cost is read"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.size(), std::size_t{2});
    const std::size_t support = workload.text("tag:api_key_name", 0) == "Support" ? 0 : 1;
    QCOMPARE(workload.count(UsageClass::Request, support), 10);
    QCOMPARE(workload.count(UsageClass::CacheRead, support), 1000);
    QCOMPARE(workload.count(UsageClass::Input, support), 500);
    QCOMPARE(workload.text("provider", support), std::string("deepseek"));
    verifyNothingPrivate(ledger, source);
}

void TestImportDeepSeek::aBadRowLosesNoOther()
{
    // The last row of a group is bad: what was read before it must not vanish.
    const std::string file = m_folder.write("bad.csv", "user_id,utc_date,model,api_key_name,api_key,type,price,amount\n"
                                                       "u,2026-09-01,m,k,x,output_tokens,0.5,2\n"
                                                       "u,2026-09-01,m,k,x,input_cache_miss_tokens,lots,2\n"
                                                       "u,nodate,m,k,x,output_tokens,0.5,2\n"
                                                       "u,2026-09-01,m,k,x,output_tokens,0.5,-2\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRead, 4);
    QCOMPARE(preview.facts.rowsAccepted, 1);
    QCOMPARE(preview.facts.rowsRejected, 3);
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("1"));
    QCOMPARE(preview.facts.tokens[UsageClass::Output], 2);
}

void TestImportDeepSeek::currencyOfTheAccount()
{
    const std::string file = m_folder.write(
        "usd.csv", "user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount\n"
                   "u,2026-09-01T00:00:00+03:00,2026-09-02T00:00:00+03:00,m,k,x,output_tokens,0.0000042,1000000\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.currency, std::string("USD"));
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("4.2"));
    QVERIFY(hasWarning(preview.facts, "names no currency"));
    ImportOptions options;
    options.mapping = ColumnMapping{};
    options.mapping->constants = {{"currency", "cny"}};
    TAKE(told, previewImport(file, options, nullptr, nullptr, {}));
    QCOMPARE(told.format, std::string("deepseek-amount"));
    QCOMPARE(told.facts.currency, std::string("CNY"));
    QVERIFY(!hasWarning(told.facts, "names no currency"));
}

void TestImportDeepSeek::grantedBalanceIsNotBilled()
{
    const auto store = m_folder.workspace("cost.perunit");
    TAKE(source, importFile(*store, ownLedger("deepseek/cost.csv"), {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 2);
    QCOMPARE(source.rejects.at(0).column, std::string("currency"));
    QCOMPARE(amountText(source.billed), QStringLiteral("1.2013"));
    QCOMPARE(amountText(source.list), QStringLiteral("1.5013"));
    QVERIFY(hasWarning(source, "0.3 CNY was paid from granted balance"));
    TAKE(ledger, store->readLedger({}));
    QVERIFY(ledger.invoices->empty() || ledger.invoices->at(0).model == "deepseek-chat");
}

void TestImportDeepSeek::savedByAGermanSpreadsheet()
{
    const std::string file =
        m_folder.write("german.csv", "user_id;utc_date;model;api_key_name;api_key;type;price;amount\r\n"
                                     "u;2026-09-01;m;k;x;output_tokens;0,00000075;2.000.000\r\n"
                                     "u;2026-09-01;m;k;x;request_count;;1.234\r\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QVERIFY2(preview.facts.rowsAccepted == 2, complaints(preview.facts).constData());
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("1.5"));
    QCOMPARE(preview.facts.tokens[UsageClass::Output], 2000000);
    QCOMPARE(preview.facts.requests, 1234);
}

void TestImportDeepSeek::emptyPeriods()
{
    verifyEmptyPeriod(m_folder, "deepseek/amount.csv", "deepseek-amount");
    verifyEmptyPeriod(m_folder, "deepseek/cost.csv", "deepseek-cost");
}

QTEST_APPLESS_MAIN(TestImportDeepSeek)
#include "tst_import_deepseek.moc"
