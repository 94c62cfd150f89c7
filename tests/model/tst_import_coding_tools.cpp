// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/provider_ledgers.h"

#include <QTest>

using namespace perunit;

/// Cursor and GitHub Copilot.
class TestImportCodingTools : public QObject
{
    Q_OBJECT
private slots:
    void cursor();
    void cursorWithNestedInput();
    void remarksAreCutBetweenCharacters();
    void cursorPublished();
    void copilot();
    void copilotPublished_data();
    void copilotPublished();
    void emptyPeriods();

private:
    LedgerFolder m_folder;
};

void TestImportCodingTools::cursor()
{
    const auto store = m_folder.workspace("cursor.perunit");
    TAKE(source, importFile(*store, ownLedger("coding_tools/cursor.csv"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("cursor-usage"));
    QCOMPARE(source.role, SourceRole::Usage);
    QCOMPARE(source.rowsAccepted, 6);
    QCOMPARE(source.rejects, (std::vector<RejectedRow>{{8, "Input (w/o Cache Write)", "-5", "is negative"}}));
    QCOMPARE(amountText(source.billed), QStringLiteral("1.57"));
    QCOMPARE(source.tokens[UsageClass::Input], 1000 + 42000 + 900 + 400 + 15 + 1);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 1200);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 5000);
    QCOMPARE(source.tokens[UsageClass::Output], 2186);
    QVERIFY(hasWarning(source, "requests worth 0.12 USD are included in the plan"));
    QVERIFY(hasWarning(source, "'Barter' is not known"));
    QVERIFY(hasWarning(source, "the rest counts as input"));
    TAKE(ledger, store->readLedger({}));
    const Workload &workload = *ledger.workload;
    QCOMPARE(workload.text("provider", 0), std::string("cursor"));
    QVERIFY(workload.billed(0).isZero());
    QCOMPARE(workload.text("session", 1), std::string("bc-1"));
    QCOMPARE(workload.text("status", 2), std::string("error"));
    QCOMPARE(workload.text("tag:kind", 3), std::string("Free"));
    verifyNothingPrivate(ledger, source);
}

void TestImportCodingTools::cursorWithNestedInput()
{
    // The totals say that the first column contains the second.
    const std::string file = m_folder.write(
        "nested.csv", "Date,User,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output "
                      "Tokens,Total Tokens,Cost\n2026-09-01T10:00:00Z,u,On-Demand,m,No,1200,1000,500,30,1730,$1.00\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 1000);
    QCOMPARE(preview.facts.tokens[UsageClass::CacheWrite5m], 200);
    QVERIFY(preview.usageConvention.find("the difference") != std::string::npos);
}

void TestImportCodingTools::remarksAreCutBetweenCharacters()
{
    const QByteArray kind = "x" + QString(100, QChar(0xFC)).toUtf8();
    const std::string file = m_folder.write(
        "long.csv", "Date,Kind,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Cost\n"
                    "2026-09-01,"
                        + kind + ",m,0,1,0,1,$1\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    const QByteArray remark = complaints(preview.facts);
    QVERIFY(remark.contains("is not known"));
    QVERIFY(!QString::fromUtf8(remark).contains(QChar(QChar::ReplacementCharacter)));
}

void TestImportCodingTools::cursorPublished()
{
    const QString path = sharedData("ledgers/documented_shapes/cursor/usage_events.csv");
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("cursor-usage"));
    QVERIFY2(preview.facts.rowsAccepted == 4, complaints(preview.facts).constData());
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("1.07"));
    QCOMPARE(preview.facts.tokens[UsageClass::Input] + preview.facts.tokens[UsageClass::CacheRead]
                 + preview.facts.tokens[UsageClass::CacheWrite5m] + preview.facts.tokens[UsageClass::Output],
             7500 + 43800 + 900 + 480);
}

void TestImportCodingTools::copilot()
{
    const auto store = m_folder.workspace("copilot.perunit");
    TAKE(source, importFile(*store, ownLedger("coding_tools/copilot.csv"), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("github-usage"));
    QCOMPARE(source.role, SourceRole::Harness);
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rejects.at(0).column, std::string("net_amount"));
    QCOMPARE(amountText(source.billed), QStringLiteral("0.6500000000000001"));
    QCOMPARE(amountText(source.list), QStringLiteral("0.9052"));
    QVERIFY(!source.contracted);
    QVERIFY(hasWarning(source, "aic_gross_amount (0.09541 USD in all)"));
    QVERIFY(hasWarning(source, "gross less discount is not net; net counts as billed (1 row, line 4)"));
    TAKE(ledger, store->readLedger({}));
    const auto &rows = *ledger.harness;
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].provider, std::string("github_copilot"));
    QCOMPARE(rows[0].model, std::string("Claude Haiku 4.5"));
    QCOMPARE(rows[0].consumedQuantity, std::string("3.63"));
    QCOMPARE(rows[0].consumedUnit, std::string("requests"));
    QCOMPARE(tagOf(rows[0], "cost_center"), std::string("Platform, EMEA"));
    QCOMPARE(rows[2].provider, std::string("github"));
    QCOMPARE(rows[2].service, std::string("actions"));
    verifyNothingPrivate(ledger, source);
}

void TestImportCodingTools::copilotPublished_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("remark");
    QTest::newRow("premium requests") << QStringLiteral("github_copilot/premium_requests_2025-10.csv") << qint64(1693)
                                      << QStringLiteral("461.7788000000000001") << QStringLiteral("1848.8244")
                                      << QStringLiteral("1757.67637");
    QTest::newRow("AI credits") << QStringLiteral("documented_shapes/github_copilot/ai_credits_native.csv") << qint64(2)
                                << QStringLiteral("0.35") << QStringLiteral("0.7772621300000001")
                                << QStringLiteral("input 90000, output 14000, cache_read 500000");
}

void TestImportCodingTools::copilotPublished()
{
    QFETCH(QString, file);
    QFETCH(qint64, rows);
    QFETCH(QString, billed);
    QFETCH(QString, list);
    QFETCH(QString, remark);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("github-usage"));
    QVERIFY2(preview.facts.rowsAccepted == rows, complaints(preview.facts).constData());
    QCOMPARE(amountText(preview.facts.billed), billed);
    QCOMPARE(amountText(preview.facts.list), list);
    QVERIFY2(hasWarning(preview.facts, remark.toLatin1().constData()), complaints(preview.facts).constData());
}

void TestImportCodingTools::emptyPeriods()
{
    verifyEmptyPeriod(m_folder, "coding_tools/cursor.csv", "cursor-usage");
    verifyEmptyPeriod(m_folder, "coding_tools/copilot.csv", "github-usage");
}

QTEST_APPLESS_MAIN(TestImportCodingTools)
#include "tst_import_coding_tools.moc"
