// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Billing exports of Google Cloud: CSV with nested cells, JSON lines.
class TestImportGoogle : public QObject
{
    Q_OBJECT
private slots:
    void totals_data();
    void totals();
    void creditsKeepTheirCategory();
    void readsSkus_data();
    void readsSkus();
    void nestedCellsOfOneColumn();
    void linesAndTableAreTheSame();
    void brokenFiles_data();
    void brokenFiles();

private:
    std::vector<ChargeRow> import(const std::string &path, Source &source, const char *workspace);
    LedgerFolder m_folder;
};

std::vector<ChargeRow> TestImportGoogle::import(const std::string &path, Source &source, const char *workspace)
{
    const auto store = m_folder.workspace(workspace);
    auto imported = importFile(*store, path, {}, nullptr, {});
    if (!imported)
        qFatal("%s", imported.error().text().c_str());
    source = *imported;
    const auto ledger = store->readLedger({});
    return source.role == SourceRole::Invoice ? *ledger->invoices : *ledger->harness;
}

void TestImportGoogle::totals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("gross");
    QTest::addColumn<QString>("credits");
    QTest::addColumn<QString>("net");
    QTest::newRow("flat table") << "documented_shapes/gcp/vertex_bq_export_flat.csv" << 8 << "EUR"
                                << "748.83"
                                << "-6.04"
                                << "742.79";
    QTest::newRow("JSON lines") << "documented_shapes/gcp/vertex_bq_export.ndjson" << 8 << "EUR"
                                << "748.83"
                                << "-6.04"
                                << "742.79";
    QTest::newRow("Python's lists") << "gcp/bq_export_2020-11.csv" << 25 << "USD"
                                    << "0.000032"
                                    << "-0.000032"
                                    << "0";
}

void TestImportGoogle::totals()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(QString, currency);
    QFETCH(QString, gross);
    QFETCH(QString, credits);
    QFETCH(QString, net);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    Source source;
    const auto charges = import(path.toStdString(), source,
                                (QByteArray(QTest::currentDataTag()).replace(' ', '_') + ".perunit").constData());
    QCOMPARE(source.format, std::string("google-billing"));
    QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
    QCOMPARE(source.rowsAccepted, rows);
    QCOMPARE(QString::fromStdString(source.currency), currency);
    QCOMPARE(amountText(source.billed), net);
    QCOMPARE(amountText(source.effective), net);
    Money ofCredits;
    Money ofOthers;
    for (const ChargeRow &charge : charges)
        (charge.category == ChargeCategory::Credit ? ofCredits : ofOthers) += *charge.billed;
    QCOMPARE(QString::fromStdString(ofCredits.text()), credits);
    QCOMPARE(QString::fromStdString(ofOthers.text()), gross);
}

void TestImportGoogle::creditsKeepTheirCategory()
{
    Source source;
    const auto rows = import(testData("ledgers/google_billing/export.csv").toStdString(), source, "credits.perunit");
    QCOMPARE(source.rowsRead, 11);
    QCOMPARE(source.rowsAccepted, 9);
    QCOMPARE(source.rowsRejected, 2);
    QCOMPARE(source.rejects[0].column, std::string("credits"));
    QCOMPARE(source.rejects[1].column, std::string("cost"));
    QCOMPARE(amountText(source.billed), QStringLiteral("2747.224999"));
    // Nine lines and two credits of the first one.
    QCOMPARE(rows.size(), std::size_t{11});
    QCOMPARE(rows[0].billed->text(), std::string("3"));
    QCOMPARE(rows[0].list->text(), std::string("3.5"));
    QCOMPARE(rows[1].category, ChargeCategory::Credit);
    QCOMPARE(rows[1].billed->text(), std::string("-0.5"));
    QCOMPARE(rows[1].pricingCategory, std::string("COMMITTED_USAGE_DISCOUNT"));
    QCOMPARE(rows[1].model, rows[0].model);
    QVERIFY(!rows[1].tokenClass && !rows[1].list);
    QCOMPARE(rows[2].billed->text(), std::string("-0.000001"));
    // They take off where the cost stands.
    QCOMPARE(rows[1].team, std::string("o'clock"));
    QCOMPARE(rows[9].category, ChargeCategory::Tax);
    QCOMPARE(rows[10].category, ChargeCategory::Adjustment);
    QVERIFY(rows[10].correction);
    // The last hour of July is on the invoice of August.
    QCOMPARE(rows[0].period.from.micros, instantOf(2026, 8, 1).micros - 3600 * microsPerSecond);
    QCOMPARE(rows[0].billingPeriod.from.micros, instantOf(2026, 8, 1).micros);
    QCOMPARE(rows[0].billingPeriod.to.micros, instantOf(2026, 9, 1).micros);
}

void TestImportGoogle::readsSkus_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("usageClass");
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<QString>("pricing");
    const auto row = [](const char *sku, const char *model, const char *usageClass, qint64 tokens,
                        const char *pricing) {
        QTest::newRow(sku) << QString::fromLatin1(model) << QString::fromLatin1(usageClass) << tokens
                           << QString::fromLatin1(pricing);
    };
    row("A1", "gemini-2.5-flash", "input", 10'000'000, "");
    row("A2", "gemini-2.5-flash", "output", 2'000'000, "Batch");
    row("A3", "gemini-2.5-flash", "cache_read_audio", 2'000'000, "");
    row("A4", "gemini-2.5-flash", "", 0, "");
    row("A5", "gemini-1.0-pro", "", 0, "");
    row("A6", "", "", 0, "Provisioned");
    row("A7", "", "", 0, "");
}

void TestImportGoogle::readsSkus()
{
    QFETCH(QString, model);
    QFETCH(QString, usageClass);
    QFETCH(qint64, tokens);
    QFETCH(QString, pricing);
    Source source;
    const auto rows = import(testData("ledgers/google_billing/export.csv").toStdString(), source,
                             (QByteArray(QTest::currentDataTag()) + ".perunit").constData());
    QVERIFY(hasWarning(source, "billed by characters"));
    const auto found =
        std::find_if(rows.begin(), rows.end(), [](const ChargeRow &row) { return row.sku == QTest::currentDataTag(); });
    QVERIFY(found != rows.end());
    QCOMPARE(QString::fromStdString(found->model), model);
    QCOMPARE(found->tokenClass ? QString::fromLatin1(nameOf(*found->tokenClass).data()) : QString(), usageClass);
    QCOMPARE(qint64(found->tokens), tokens);
    QCOMPARE(QString::fromStdString(found->pricingCategory), pricing);
    QCOMPARE(found->region, std::string("europe-west4"));
    QCOMPARE(found->provider, std::string("Google Cloud"));
}

void TestImportGoogle::nestedCellsOfOneColumn()
{
    const std::string file = m_folder.write(
        "nested.csv",
        "billing_account_id,service,sku,usage_start_time,cost,currency,usage,invoice,labels\n"
        "a,\"{'id': 's', 'description': 'Vertex AI'}\",\"{'id': 'k', 'description': 'Gemini 2.5 Pro Text Output - "
        "Predictions'}\",2026-08-03 07:00:00 UTC,1.5,USD,\"{'amount': 150000.0, 'unit': 'count'}\",\"{'month': "
        "'202608'}\",[]\n");
    Source source;
    const auto rows = import(file, source, "nested.perunit");
    QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
    QCOMPARE(rows[0].service, std::string("Vertex AI"));
    QCOMPARE(rows[0].sku, std::string("k"));
    QCOMPARE(rows[0].model, std::string("gemini-2.5-pro"));
    QCOMPARE(rows[0].tokens, 150'000);
    QCOMPARE(rows[0].billingPeriod.from.micros, instantOf(2026, 8, 1).micros);
}

void TestImportGoogle::linesAndTableAreTheSame()
{
    Source lines;
    Source table;
    const auto ofLines = import(testData("ledgers/google_billing/export.ndjson").toStdString(), lines, "lines.perunit");
    const auto ofTable = import(testData("ledgers/google_billing/export.csv").toStdString(), table, "table.perunit");
    QCOMPARE(amountText(lines.billed), amountText(table.billed));
    QCOMPARE(amountText(lines.list), amountText(table.list));
    QCOMPARE(lines.tokens, table.tokens);
    QCOMPARE(ofLines.size(), ofTable.size());
    for (std::size_t i = 0; i < ofLines.size(); ++i) {
        QCOMPARE(ofLines[i].description, ofTable[i].description);
        QCOMPARE(ofLines[i].billed->text(), ofTable[i].billed->text());
        QCOMPARE(ofLines[i].tags, ofTable[i].tags);
        QCOMPARE(ofLines[i].billingPeriod.from.micros, ofTable[i].billingPeriod.from.micros);
    }
}

void TestImportGoogle::brokenFiles_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<int>("accepted");
    QTest::addColumn<int>("rejected");
    QTest::newRow("header only") << QByteArray() << 0 << 0;
    QTest::newRow("cut off") << QByteArray("a,s,k,d,2026-08-03 07:00:00 UTC,1,USD,[]\na,s,k") << 1 << 1;
    QTest::newRow("credits without amount")
        << QByteArray("a,s,k,d,2026-08-03 07:00:00 UTC,1,USD,\"[{'name': 'x'}]\"\n") << 0 << 1;
    QTest::newRow("credit in words") << QByteArray("a,s,k,d,2026-08-03 07:00:00 UTC,1,USD,\"[{'amount': 'much'}]\"\n")
                                     << 0 << 1;
    QTest::newRow("other currency") << QByteArray("a,s,k,d,2026-08-03 07:00:00 UTC,1,USD,[]\n"
                                                  "a,s,k,d,2026-08-03 07:00:00 UTC,1,EUR,[]\n")
                                    << 1 << 1;
}

void TestImportGoogle::brokenFiles()
{
    QFETCH(QByteArray, rows);
    QFETCH(int, accepted);
    QFETCH(int, rejected);
    const QByteArray header = "billing_account_id,service.description,sku.id,sku.description,usage_start_time,cost,"
                              "currency,credits\n";
    TAKE(preview, previewImport(m_folder.write("broken.csv", header + rows), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("google-billing"));
    QCOMPARE(preview.facts.rowsAccepted, accepted);
    QCOMPARE(preview.facts.rowsRejected, rejected);
}

QTEST_APPLESS_MAIN(TestImportGoogle)
#include "tst_import_google.moc"
