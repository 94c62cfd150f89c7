// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/file_set.h"
#include "tests/support/ledger_files.h"

#include <QDir>
#include <QTest>

using namespace perunit;

/// Cost exports of Azure in all their dialects.
class TestImportAzureCost : public QObject
{
    Q_OBJECT
private slots:
    void totals_data();
    void totals();
    void actualAndAmortisedAreTold_data();
    void actualAndAmortisedAreTold();
    void readsMetersAndReservations();
    void amortisedCostIsEffective();
    void bothViewsInOneFileCountOnce();
    void readsTagsWithoutBraces();
    void identicalRowsStay();
    void readsGermanExports();
    void datesByColumn();
    void brokenFiles_data();
    void brokenFiles();
    void manifestBringsAllParts();
    void newestRunCounts();

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

const QByteArray header =
    "Date,MeterCategory,MeterName,UnitOfMeasure,Quantity,CostInBillingCurrency,BillingCurrencyCode,ChargeType,"
    "PricingModel\n";

} // namespace

std::vector<ChargeRow> TestImportAzureCost::import(const std::string &path, Source &source, const char *workspace)
{
    const auto store = m_folder.workspace(workspace);
    auto imported = importFile(*store, path, {}, nullptr, {});
    if (!imported)
        qFatal("%s", imported.error().text().c_str());
    source = *imported;
    const auto ledger = store->readLedger({});
    return source.role == SourceRole::Invoice ? *ledger->invoices : *ledger->harness;
}

void TestImportAzureCost::totals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("billed");
    QTest::addColumn<QString>("effective");
    const auto row = [](const char *file, int rows, const char *currency, const char *billed, const char *effective) {
        QTest::newRow(file) << QString::fromLatin1(file) << rows << QString::fromLatin1(currency)
                            << QString::fromLatin1(billed) << QString::fromLatin1(effective);
    };
    row("azure/ea_actual_small_2023-09.csv", 11, "USD", "8.5450077867419368", "none");
    row("azure/ea_amortized_small_2023-09.csv", 28, "USD", "15.797780136168644627485419",
        "16.296932136636644627485419");
    row("azure/ea_anonymous_cad_2023-09.csv", 27, "CAD", "1.26136926505726", "1.26136926505726");
    row("azure/ea_header_only.csv", 0, "", "none", "none");
    row("azure/ea_v2_2020-09.csv", 5, "MC", "19.998413754", "19.998413754");
    row("azure/headerset_Enterprise.csv", 1, "CAD", "0", "none");
    row("azure/headerset_EnterpriseCamel.csv", 1, "USD", "0.012", "0.012");
    row("azure/headerset_German.csv", 1, "USD", "0.075", "0.075");
    row("azure/lowercase_headers_template_2021-02.csv", 87, "", "16.393506212224391", "16.393506212224391");
    row("azure/payg_bom_2019-07.csv", 3, "USD", "0.00011016", "0.00011016");
    row("azure/tags_missing_brackets.csv", 1, "", "4", "4");
    row("documented_shapes/azure/openai_ptu_actual.csv", 21, "EUR", "12109.876", "none");
    row("documented_shapes/azure/openai_ptu_amortized.csv", 21, "EUR", "409.876", "1542.134068");
    row("documented_shapes/locale/azure_double_bom.csv", 21, "EUR", "12109.876", "none");
}

void TestImportAzureCost::totals()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(QString, currency);
    QFETCH(QString, billed);
    QFETCH(QString, effective);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("azure-cost"));
    QVERIFY2(preview.facts.rowsRejected == 0, complaints(preview.facts).constData());
    QCOMPARE(preview.facts.rowsAccepted, rows);
    QCOMPARE(QString::fromStdString(preview.facts.currency), currency);
    QCOMPARE(amountText(preview.facts.billed), billed);
    QCOMPARE(amountText(preview.facts.effective), effective);
}

void TestImportAzureCost::actualAndAmortisedAreTold_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const char *columns, const char *said) {
        QTest::newRow(name) << QByteArray("2026-07-01,Virtual Machines,B1s,1 Hour,1,") + columns
                            << QString::fromLatin1(said);
    };
    row("bought", "5,USD,Purchase,Reservation\n", "actual cost:");
    row("covered at nothing", "0.000,USD,Usage,SavingsPlan\n", "actual cost:");
    row("covered at a price", "0.5,USD,Usage,Reservation\n", "amortised cost:");
    row("a tiny price", "5E-08,USD,Usage,Reservation\n", "amortised cost:");
    row("unused", "0.5,USD,UnusedSavingsPlan,SavingsPlan\n", "amortised cost:");
    row("neither", "5,USD,Usage,OnDemand\n", "nothing in the file tells");
    // A purchase in the marketplace is no commitment.
    row("other purchase", "5,USD,Purchase,OnDemand\n", "nothing in the file tells");
}

void TestImportAzureCost::actualAndAmortisedAreTold()
{
    QFETCH(QByteArray, row);
    QFETCH(QString, said);
    TAKE(preview, previewImport(m_folder.write("view.csv", header + row), {}, nullptr, nullptr, {}));
    int views = 0;
    for (const char *view : {"actual cost:", "amortised cost:", "nothing in the file tells", "holds purchases"})
        views += hasWarning(preview.facts, view) ? 1 : 0;
    QCOMPARE(views, 1);
    QVERIFY2(hasWarning(preview.facts, said.toLatin1().constData()), complaints(preview.facts).constData());
}

void TestImportAzureCost::readsMetersAndReservations()
{
    Source source;
    const auto rows = import(testData("ledgers/azure_cost/actual.csv").toStdString(), source, "actual.perunit");
    QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
    QCOMPARE(source.role, SourceRole::Invoice);
    QCOMPARE(rows.size(), std::size_t{11});
    QCOMPARE(amountText(source.billed), QStringLiteral("4355.77"));
    QCOMPARE(amountText(source.effective), QStringLiteral("none"));

    QCOMPARE(rows[0].model, std::string("gpt-4.1-mini"));
    QCOMPARE(*rows[0].tokenClass, UsageClass::Input);
    QCOMPARE(rows[0].tokens, 5'000'000);
    QCOMPARE(tagOf(rows[0], "serving_scope"), std::string("data_zone"));
    QCOMPARE(rows[0].team, std::string("claims"));
    QCOMPARE(rows[0].environment, std::string("prod"));
    QCOMPARE(rows[0].region, std::string("swedencentral"));
    QCOMPARE(rows[0].period.from.micros, instantOf(2026, 7, 13).micros);
    QCOMPARE(rows[0].period.to.micros, instantOf(2026, 7, 14).micros);
    // The last day of the billing period belongs to it.
    QCOMPARE(rows[0].billingPeriod.to.micros, instantOf(2026, 8, 1).micros);
    QCOMPARE(rows[1].model, std::string("gpt-4o-2024-11-20"));
    QCOMPARE(*rows[1].tokenClass, UsageClass::CacheRead);
    QCOMPARE(rows[1].tokens, 2'500'000);
    QCOMPARE(rows[2].pricingCategory, std::string("Batch"));
    QCOMPARE(rows[2].tokens, 400'000);
    QCOMPARE(*rows[3].tokenClass, UsageClass::Embedding);
    QCOMPARE(rows[3].tokens, 1'000'000);
    // Tokens of a training are no tokens of a request.
    QVERIFY(!rows[4].tokenClass);
    QCOMPARE(tagOf(rows[5], "harness"), std::string("vector database"));
    QCOMPARE(rows[5].serviceCategory, std::string("Databases"));
    QCOMPARE(tagOf(rows[6], "harness"), std::string("data transfer"));
    QCOMPARE(rows[7].category, ChargeCategory::Adjustment);
    QVERIFY(rows[7].correction && !rows[7].tokenClass);
    QCOMPARE(rows[8].category, ChargeCategory::Purchase);
    QCOMPARE(rows[8].billed->text(), std::string("4290"));
    QVERIFY(rows[8].model.empty());
    QVERIFY(rows[9].billed->isZero() && !rows[9].effective);
    QCOMPARE(rows[9].pricingCategory, std::string("Reservation"));
    QCOMPARE(rows[10].pricingCategory, std::string("Provisioned"));
    QCOMPARE(rows[10].consumedQuantity, std::string("24"));
}

void TestImportAzureCost::amortisedCostIsEffective()
{
    Source source;
    const auto rows = import(testData("ledgers/azure_cost/amortised.csv").toStdString(), source, "amortised.perunit");
    QCOMPARE(source.rowsRejected, 2);
    QCOMPARE(source.rejects[0].column, std::string("Quantity"));
    QCOMPARE(source.rejects[1].column, std::string("Date"));
    QCOMPARE(amountText(source.billed), QStringLiteral("65.77"));
    QCOMPARE(amountText(source.effective), QStringLiteral("203.77"));
    QVERIFY(rows[8].billed->isZero());
    QCOMPARE(rows[8].effective->text(), std::string("115"));
    QCOMPARE(rows[9].effective->text(), std::string("23"));
    QCOMPARE(rows[9].category, ChargeCategory::Usage);
    QCOMPARE(rows[10].billed->text(), std::string("26.4"));
}

void TestImportAzureCost::bothViewsInOneFileCountOnce()
{
    const std::string file =
        m_folder.write("both.csv", header
                                       + "2026-07-01,Virtual Machines,B1s,1 Hour,1,30,USD,Purchase,"
                                         "Reservation\n"
                                         "2026-07-01,Virtual Machines,B1s,1 Hour,1,1,USD,Usage,"
                                         "Reservation\n"
                                         "2026-07-01,Virtual Machines,B1s,1 Hour,1,4,USD,Usage,"
                                         "OnDemand\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("34"));
    QCOMPARE(amountText(preview.facts.effective), QStringLiteral("5"));
    QVERIFY(hasWarning(preview.facts, "holds purchases"));
}

void TestImportAzureCost::readsTagsWithoutBraces()
{
    const QString path = sharedData("ledgers/azure/tags_missing_brackets.csv");
    REQUIRE_SHARED(path);
    Source source;
    const auto rows = import(path.toStdString(), source, "tags.perunit");
    QCOMPARE(rows.size(), std::size_t{1});
    QCOMPARE(tagOf(rows[0], "resourceNameSuffix"), std::string("12345678"));
    QCOMPARE(rows[0].list->text(), std::string("5"));
}

void TestImportAzureCost::identicalRowsStay()
{
    const QByteArray row = "2026-07-01,Load Balancer,Rules,1 Hour,1,0.25,USD,Usage,OnDemand\n";
    TAKE(preview, previewImport(m_folder.write("same.csv", header + row + row), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QCOMPARE(preview.facts.rowsDuplicate, 0);
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("0.5"));
}

void TestImportAzureCost::readsGermanExports()
{
    Source source;
    const auto rows = import(testData("ledgers/azure_cost/german.csv").toStdString(), source, "german.perunit");
    QCOMPARE(source.format, std::string("azure-cost"));
    QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
    QCOMPARE(amountText(source.billed), QStringLiteral("1.775"));
    QCOMPARE(source.currency, std::string("EUR"));
    QCOMPARE(rows[0].model, std::string("gpt-5"));
    QCOMPARE(rows[0].tokens, 1'234'500);
    QCOMPARE(rows[0].period.from.micros, instantOf(2026, 7, 13).micros);
    QCOMPARE(rows[0].team, std::string("claims"));
}

void TestImportAzureCost::datesByColumn()
{
    // The usage shows by its thirteenth day how dates are written; the other columns follow.
    const std::string file = m_folder.write(
        "dates.csv", "Date,MeterCategory,CostInBillingCurrency,BillingPeriodStartDate,BillingPeriodEndDate\n"
                     "13/07/2026,Storage,1,01/07/2026,31/07/2026\n"
                     "02/07/2026,Storage,1,01/07/2026,31/07/2026\n");
    Source source;
    const auto rows = import(file, source, "dates.perunit");
    QCOMPARE(rows[1].period.from.micros, instantOf(2026, 7, 2).micros);
    QCOMPARE(rows[1].billingPeriod.from.micros, instantOf(2026, 7, 1).micros);
    QCOMPARE(rows[1].billingPeriod.to.micros, instantOf(2026, 8, 1).micros);
}

void TestImportAzureCost::brokenFiles_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<int>("accepted");
    QTest::addColumn<int>("rejected");
    QTest::addColumn<QString>("warning");
    const auto row = [](const char *name, const QByteArray &rows, int accepted, int rejected, const char *warning) {
        QTest::newRow(name) << rows << accepted << rejected << QString::fromLatin1(warning);
    };
    row("header only", "", 0, 0, "");
    row("cut off", "2026-07-01,Storage,A,1 GB,1,1,USD,Usage,OnDemand\n2026-07-01,Stor", 1, 1, "");
    row("no cost", "2026-07-01,Storage,A,1 GB,1,,USD,Usage,OnDemand\n", 0, 1, "");
    row("unknown type", "2026-07-01,Storage,A,1 GB,1,1,USD,Gift,OnDemand\n", 1, 0, "'Gift' is not known");
    row("tokens by the hour", "2026-07-01,Azure OpenAI,gpt 5 Inp glbl Tokens,1 Hour,1,1,USD,Usage,OnDemand\n", 1, 0,
        "does not say how many");
    row("a unit that cannot be", "2026-07-01,Azure OpenAI,gpt 5 Inp glbl Tokens,1K,84000000,1.25,USD,Usage,OnDemand\n",
        1, 0, "does not fit their quantity");
    row("tokens without direction", "2026-07-01,Azure OpenAI,gpt 5 glbl Tokens,1K,1,1,USD,Usage,OnDemand\n", 1, 0,
        "do not say which kind of token");
}

void TestImportAzureCost::brokenFiles()
{
    QFETCH(QByteArray, rows);
    QFETCH(int, accepted);
    QFETCH(int, rejected);
    QFETCH(QString, warning);
    TAKE(preview, previewImport(m_folder.write("broken.csv", header + rows), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("azure-cost"));
    QCOMPARE(preview.facts.rowsAccepted, accepted);
    QCOMPARE(preview.facts.rowsRejected, rejected);
    QVERIFY2(warning.isEmpty() || hasWarning(preview.facts, warning.toLatin1().constData()),
             complaints(preview.facts).constData());
}

namespace {

void put(const QDir &folder, const char *name, const QByteArray &content)
{
    const QFileInfo info(folder.filePath(QLatin1String(name)));
    QVERIFY(QDir().mkpath(info.path()));
    QFile file(info.filePath());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

QByteArray manifest(const char *submitted, const char *run, int parts)
{
    QByteArray blobs;
    for (int i = 0; i < parts; ++i)
        blobs += QByteArray(i ? ", " : "") + R"({"blobName": "exports/own/20260701-20260731/)" + run + "/part_"
                 + QByteArray::number(i) + R"(_0001.csv", "byteCount": 1})";
    return QByteArray(
               R"({"manifestVersion": "2024-04-01", "exportConfig": {"exportName": "own", "type": "ActualCost"},)")
           + R"("runInfo": {"submittedTime": ")" + submitted + R"(", "startDate": "2026-07-01T00:00:00"}, "blobs": [)"
           + blobs + "]}";
}

QByteArray usage(const char *cost)
{
    return QByteArray("2026-07-01,Storage,A,1 GB,1,") + cost + ",USD,Usage,OnDemand\n";
}

} // namespace

void TestImportAzureCost::manifestBringsAllParts()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "20260701-20260731/r1/part_0_0001.csv", header + usage("1"));
    put(folder, "20260701-20260731/r1/part_1_0001.csv", header + usage("2"));
    put(folder, "20260701-20260731/r1/manifest.json", manifest("2026-08-01T05:00:00Z", "r1", 2));
    TAKE(set, ledgerFilesIn(temporary.path().toStdString()));
    QCOMPARE(set.files.size(), std::size_t{1});
    TAKE(preview, previewImport(set.files[0].path, {}, nullptr, nullptr, {}));
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("3"));
    QCOMPARE(preview.facts.bytes, 2 * (header.size() + usage("1").size()));
}

void TestImportAzureCost::newestRunCounts()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "20260701-20260731/r2/part_0_0001.csv", header + usage("2"));
    put(folder, "20260701-20260731/r2/manifest.json", manifest("2026-08-03T05:00:00Z", "r2", 1));
    put(folder, "20260701-20260731/r1/part_0_0001.csv", header + usage("1"));
    put(folder, "20260701-20260731/r1/manifest.json", manifest("2026-08-01T05:00:00Z", "r1", 1));
    TAKE(set, ledgerFilesIn(temporary.path().toStdString()));
    QCOMPARE(set.files.size(), std::size_t{1});
    QVERIFY(set.files[0].path.ends_with("r2/part_0_0001.csv"));
}

QTEST_APPLESS_MAIN(TestImportAzureCost)
#include "tst_import_azure_cost.moc"
