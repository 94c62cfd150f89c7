// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Oracle Cloud, CloudZero, OpenCost, and FOCUS in JSON lines.
class TestImportOtherBills : public QObject
{
    Q_OBJECT
private slots:
    void sharedTotals_data();
    void sharedTotals();
    void readsOracle();
    void readsCloudZero();
    void readsOpenCost_data();
    void readsOpenCost();
    void readsFocusInJson();
    void readsFocusOfClouds();
    void listCostOfPrepaidUsageIsRemarked();
    void threadsChangeNothing_data();
    void threadsChangeNothing();
    void headerOnly_data();
    void headerOnly();
    void cutOffJsonIsAnError();

private:
    std::vector<ChargeRow> import(const std::string &path, Source &source, const char *workspace);
    LedgerFolder m_folder;
};

namespace {

std::string tagOf(const ChargeRow &row, const char *key)
{
    for (const auto &[name, value] : row.tags) {
        if (name == key)
            return value;
    }
    return "none";
}

} // namespace

std::vector<ChargeRow> TestImportOtherBills::import(const std::string &path, Source &source, const char *workspace)
{
    const auto store = m_folder.workspace(workspace);
    auto imported = importFile(*store, path, {}, nullptr, {});
    if (!imported)
        qFatal("%s", imported.error().text().c_str());
    source = *imported;
    const auto ledger = store->readLedger({});
    return source.role == SourceRole::Invoice ? *ledger->invoices : *ledger->harness;
}

void TestImportOtherBills::sharedTotals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<QString>("effective");
    const auto row = [](const char *file, int rows, const char *role, const char *billed, const char *effective) {
        QTest::newRow(file) << QString::fromLatin1(file) << rows << QString::fromLatin1(role)
                            << QString::fromLatin1(billed) << QString::fromLatin1(effective);
    };
    row("oci/oci_cost_report_2023-11.csv.gz", 506, "harness", "2.523589325400648027", "2.523589325400648027");
    row("documented_shapes/cloudzero/cbf.csv", 2, "invoice", "14.78", "14.78");
    row("documented_shapes/opencost/allocation_export.csv", 3, "harness", "none", "85.99");
}

void TestImportOtherBills::sharedTotals()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(QString, role);
    QFETCH(QString, billed);
    QFETCH(QString, effective);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QVERIFY2(preview.facts.rowsRejected == 0, complaints(preview.facts).constData());
    QCOMPARE(preview.facts.rowsAccepted, rows);
    QCOMPARE(QString::fromLatin1(sourceRoleNames[static_cast<std::size_t>(preview.facts.role)].data()), role);
    QCOMPARE(amountText(preview.facts.billed), billed);
    QCOMPARE(amountText(preview.facts.effective), effective);
}

void TestImportOtherBills::readsOracle()
{
    Source source;
    const auto rows = import(testData("ledgers/oci_cost/report.csv").toStdString(), source, "oci.perunit");
    QCOMPARE(source.rowsRejected, 2);
    QCOMPARE(amountText(source.billed), QStringLiteral("0.000000000000000000000125"));
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].serviceCategory, std::string("AI and Machine Learning"));
    QCOMPARE(rows[0].team, std::string("claims"));
    QCOMPARE(tagOf(rows[0], "Own.OwnerEmail"), std::string("none"));
    QCOMPARE(tagOf(rows[0], "compartment"), std::string("assist"));
    QCOMPARE(rows[0].period.to.micros - rows[0].period.from.micros, 3600 * microsPerSecond);
    QCOMPARE(tagOf(rows[1], "harness"), std::string("gpu compute"));
    QVERIFY(rows[2].correction && !rows[1].correction);
}

void TestImportOtherBills::readsCloudZero()
{
    Source source;
    const auto rows = import(testData("ledgers/cloudzero/bill.csv").toStdString(), source, "cbf.perunit");
    QCOMPARE(source.rowsRejected, 1);
    QCOMPARE(source.rejects[0].column, std::string("time/usage_start"));
    // The purchase counts as billed, its use as effective cost.
    QCOMPARE(amountText(source.billed), QStringLiteral("902.75"));
    QCOMPARE(amountText(source.effective), QStringLiteral("32.75"));
    QVERIFY(hasWarning(source, "names no currency"));
    QVERIFY(hasWarning(source, "'Oddity' is not known"));
    QCOMPARE(rows[0].provider, std::string("OpenAI"));
    QCOMPARE(rows[0].model, std::string("gpt-5"));
    QCOMPARE(*rows[0].tokenClass, UsageClass::Input);
    QCOMPARE(rows[0].tokens, 3'000'000);
    QCOMPARE(rows[0].team, std::string("claims"));
    QCOMPARE(rows[1].category, ChargeCategory::Purchase);
    QVERIFY(rows[1].effective->isZero() && !rows[1].list);
    QCOMPARE(rows[2].list->text(), std::string("40"));
}

void TestImportOtherBills::readsOpenCost_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("rejected");
    QTest::addColumn<QString>("effective");
    QTest::newRow("table") << "opencost/allocation.csv" << 4 << 1 << "30.1";
    QTest::newRow("interface") << "opencost/allocation.json" << 3 << 0 << "30";
}

void TestImportOtherBills::readsOpenCost()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(int, rejected);
    QFETCH(QString, effective);
    Source source;
    const auto charges = import(testData(("ledgers/" + file).toLatin1().constData()).toStdString(), source,
                                (QByteArray(QTest::currentDataTag()) + ".perunit").constData());
    QCOMPARE(source.format, std::string("opencost"));
    QCOMPARE(source.role, SourceRole::Harness);
    QCOMPARE(source.rowsAccepted, rows);
    QCOMPARE(source.rowsRejected, rejected);
    QCOMPARE(amountText(source.billed), QStringLiteral("none"));
    QCOMPARE(amountText(source.effective), effective);
    QVERIFY(hasWarning(source, "the same money is in the bill of the cloud"));
    QVERIFY(hasWarning(source, "idle capacity of 6 "));
    QCOMPARE(tagOf(charges[0], "namespace"), std::string("search"));
    QCOMPARE(tagOf(charges[0], "harness"), std::string("vector database"));
    QCOMPARE(charges[0].team, std::string("claims"));
    QCOMPARE(charges[0].period.from.micros, instantOf(2026, 7, 1).micros);
    QCOMPARE(charges[0].period.to.micros, instantOf(2026, 7, 2).micros);
    QCOMPARE(tagOf(charges[1], "harness"), std::string("gpu compute"));
    QCOMPARE(charges[1].environment, std::string("prod"));
    QCOMPARE(tagOf(charges[1], "allocation"), std::string("none"));
    QCOMPARE(tagOf(charges[2], "allocation"), std::string("idle"));
    QCOMPARE(charges[2].resource, std::string("__idle__"));
    if (charges.size() > 3)
        QCOMPARE(tagOf(charges[3], "allocation"), std::string("unallocated"));
}

void TestImportOtherBills::readsFocusInJson()
{
    Source source;
    const auto rows = import(testData("ledgers/focus/export.ndjson").toStdString(), source, "focus.perunit");
    QCOMPARE(source.format, std::string("focus"));
    QCOMPARE(source.role, SourceRole::Invoice);
    QCOMPARE(source.rowsRejected, 1);
    QCOMPARE(source.rejects[0].column, std::string("BilledCost"));
    QCOMPARE(amountText(source.billed), QStringLiteral("3.5"));
    QCOMPARE(rows[0].model, std::string("own-model"));
    QCOMPARE(*rows[0].tokenClass, UsageClass::Input);
    QCOMPARE(rows[0].tokens, 500'000);
    QCOMPARE(rows[0].team, std::string("claims"));
    QCOMPARE(rows[0].environment, std::string("prod"));
    QCOMPARE(rows[0].provider, std::string("Own AI"));
    QVERIFY(rows[1].tags.empty());
}

void TestImportOtherBills::readsFocusOfClouds()
{
    const std::string file = m_folder.write(
        "clouds.csv",
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ProviderName,ServiceName,SkuMeter,"
        "ConsumedQuantity,"
        "ConsumedUnit,x_SkuMeterName,SkuId\n"
        "1.9,EUR,Usage,2026-07-01T00:00Z,Microsoft,Azure OpenAI,gpt 4.1 mini Inp Data Zone Tokens,5000000,Units,,-2\n"
        "2.5,EUR,Usage,2026-07-01T00:00Z,AWS,Amazon Bedrock,USE1-ClaudeHaiku4.5-input-tokens,2500,1K tokens,,a\n"
        "3.5,EUR,Usage,2026-07-01T00:00Z,AWS,Amazon OpenSearch Service,ESInstance:r6g.large,24,Hrs,,Unassigned\n");
    Source source;
    const auto rows = import(file, source, "clouds.perunit");
    QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
    QCOMPARE(rows[0].model, std::string("gpt-4.1-mini"));
    QCOMPARE(*rows[0].tokenClass, UsageClass::Input);
    QCOMPARE(rows[0].tokens, 5'000'000);
    QVERIFY(rows[0].sku.empty());
    QCOMPARE(rows[1].model, std::string("claude-haiku-4-5"));
    QCOMPARE(rows[1].tokens, 2'500'000);
    QCOMPARE(rows[1].sku, std::string("a"));
    QCOMPARE(tagOf(rows[2], "harness"), std::string("vector database"));
    QVERIFY(rows[2].sku.empty() && !rows[2].tokenClass);
}

void TestImportOtherBills::listCostOfPrepaidUsageIsRemarked()
{
    const QByteArray header = "BilledCost,EffectiveCost,ListCost,BillingCurrency,ChargeCategory,ChargePeriodStart\n";
    const QByteArray bought = "500,0,500,USD,Purchase,2026-07-01\n";
    const QByteArray used = "0,20,25,USD,Usage,2026-07-01\n";
    TAKE(both, previewImport(m_folder.write("both.csv", header + bought + used), {}, nullptr, nullptr, {}));
    QVERIFY(hasWarning(both.facts, "both state list and contracted cost"));
    TAKE(one, previewImport(m_folder.write("one.csv", header + used), {}, nullptr, nullptr, {}));
    QVERIFY(!hasWarning(one.facts, "both state list and contracted cost"));
}

void TestImportOtherBills::threadsChangeNothing_data()
{
    QTest::addColumn<QString>("file");
    for (const char *file : {"aws_cur/legacy.csv", "aws_cur/version2.csv", "oci_cost/report.csv", "cloudzero/bill.csv"})
        QTest::newRow(file) << testData((QByteArray("ledgers/") + file).constData());
    // Prepaid usage, model services and others, more decimals than are kept.
    const QByteArray focus = "BilledCost,EffectiveCost,ListCost,BillingCurrency,ChargeCategory,ChargePeriodStart,"
                             "ServiceName\n500,0,500,USD,Purchase,2026-07-01,Amazon Bedrock\n"
                             "0,20,25,USD,Usage,2026-07-01,Amazon Bedrock\n"
                             "1.0000000000000000000000000005,1,1,USD,Usage,2026-07-01,Amazon S3\n"
                             "1,1,1,USD,Gift,2026-07-01,Amazon S3\n";
    QTest::newRow("focus") << QString::fromStdString(m_folder.write("threads.csv", focus));
}

void TestImportOtherBills::threadsChangeNothing()
{
    QFETCH(QString, file);
    const std::string path = file.toStdString();
    const auto read = [&path](unsigned threads, std::size_t pieceSize) {
        ImportOptions options;
        options.threads = threads;
        options.pieceSize = pieceSize;
        return previewImport(path, options, nullptr, nullptr, {});
    };
    TAKE(one, read(1, 0));
    TAKE(many, read(3, 200));
    const Source &a = one.facts;
    const Source &b = many.facts;
    QVERIFY(a.rowsRead > 0);
    QCOMPARE(b.rowsRead, a.rowsRead);
    QCOMPARE(b.rowsAccepted, a.rowsAccepted);
    QCOMPARE(b.rejects, a.rejects);
    QCOMPARE(b.warnings, a.warnings);
    QCOMPARE(b.role, a.role);
    QCOMPARE(b.currency, a.currency);
    QCOMPARE(b.tokens, a.tokens);
    QCOMPARE(amountText(b.billed), amountText(a.billed));
    QCOMPARE(amountText(b.effective), amountText(a.effective));
    QCOMPARE(amountText(b.list), amountText(a.list));
    QCOMPARE(amountText(b.contracted), amountText(a.contracted));
}

void TestImportOtherBills::headerOnly_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("oci-cost") << QByteArray("lineItem/referenceNo,lineItem/intervalUsageStart,cost/myCost\n");
    QTest::newRow("cloudzero-cbf") << QByteArray("lineitem/type,time/usage_start,resource/service,cost/cost\n");
    QTest::newRow("opencost") << QByteArray("Date,Namespace,CPUCost,RAMCost,TotalCost\n");
}

void TestImportOtherBills::headerOnly()
{
    QFETCH(QByteArray, header);
    TAKE(preview, previewImport(m_folder.write("header.csv", header), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string(QTest::currentDataTag()));
    QCOMPARE(preview.facts.rowsRead, 0);
    QVERIFY2(preview.facts.warnings.empty(), complaints(preview.facts).constData());
    QCOMPARE(amountText(preview.facts.effective), QStringLiteral("none"));
}

void TestImportOtherBills::cutOffJsonIsAnError()
{
    QFile file(testData("ledgers/opencost/allocation.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    const auto preview =
        previewImport(m_folder.write("cut.json", whole.left(whole.size() / 2)), {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("the file ends inside") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestImportOtherBills)
#include "tst_import_other_bills.moc"
