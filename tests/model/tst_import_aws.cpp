// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/file_set.h"
#include "tests/support/ledger_files.h"

#include <QDir>
#include <QTest>

using namespace perunit;

/// AWS Cost and Usage Reports: legacy, Athena's names, 2.0.
class TestImportAws : public QObject
{
    Q_OBJECT
private slots:
    void totals_data();
    void totals();
    void readsTheSharedReportOf2026();
    void readsModelsAndCommitments();
    void readsVersion2();
    void withoutEffectiveColumnsOnlyCashCounts();
    void brokenFiles_data();
    void brokenFiles();
    void manifestOfTheSharedReport();
    void manifestsJoinParts();
    void newestVersionCounts();
    void dataExportsHaveTheirManifestsApart();
    void missingPartIsAnError();
    void partsMustLookAlike();
    void partsWithOtherBytesAreReadAgain();

private:
    LedgerFolder m_folder;
};

namespace {

std::vector<ChargeRow> chargesOf(const WorkspaceStore &store)
{
    const auto ledger = store.readLedger({});
    if (!ledger)
        return {};
    std::vector<ChargeRow> rows = *ledger->invoices;
    rows.insert(rows.end(), ledger->harness->begin(), ledger->harness->end());
    return rows;
}

const ChargeRow *chargeOf(const std::vector<ChargeRow> &rows, const char *sku, ChargeCategory category)
{
    for (const ChargeRow &row : rows) {
        if (row.sku == sku && row.category == category)
            return &row;
    }
    return nullptr;
}

std::string tagOf(const ChargeRow &row, const char *key)
{
    for (const auto &[name, value] : row.tags) {
        if (name == key)
            return value;
    }
    return "none";
}

void put(const QDir &folder, const char *name, const QByteArray &content)
{
    const QFileInfo info(folder.filePath(QLatin1String(name)));
    QVERIFY(QDir().mkpath(info.path()));
    QFile file(info.filePath());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

const QByteArray header =
    "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageType,lineItem/CurrencyCode,lineItem/UnblendedCost\n";

QByteArray usage(const char *cost)
{
    return QByteArray("Usage,2026-07-01T00:00:00Z,Requests,USD,") + cost + "\n";
}

QByteArray manifest(const QByteArray &assembly, std::initializer_list<const char *> parts)
{
    QByteArray keys;
    for (const char *part : parts)
        keys +=
            QByteArray(keys.isEmpty() ? "" : ", ") + "\"bills/own/20260701-20260801/" + assembly + "/" + part + "\"";
    return "{\"assemblyId\": \"" + assembly + "\", \"reportId\": \"own\", \"reportKeys\": [" + keys
           + "], \"billingPeriod\": {\"start\": \"20260701T000000.000Z\"}}";
}

} // namespace

void TestImportAws::totals_data()
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
    row("aws_cur/legacy_cur_anonymous_2023-11.csv.gz", 1281, "USD", "1.6823086974", "1.6823086974");
    row("aws_cur/legacy_cur_savingsplan_nok_2023-06.csv", 3, "NOK", "30", "0.3");
    row("aws_cur/athena_style_columns_2022-07.csv", 2, "USD", "0", "0");
    row("aws_cur/empty_header_only.csv", 0, "", "none", "none");
    row("aws_cur/cur_with_manifest_2018-08/20180801-20180901/861af42f-713c-4a42-9562-9158a7625630/my-report-1.csv.gz",
        6190, "USD", "29684.780682464855373934184", "29684.780682464855373934184");
    row("documented_shapes/aws/cur2_bedrock_sagemaker.csv", 17, "USD", "241.905", "241.905");
}

void TestImportAws::totals()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(QString, currency);
    QFETCH(QString, billed);
    QFETCH(QString, effective);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("aws-cur"));
    QVERIFY2(preview.facts.rowsRejected == 0, complaints(preview.facts).constData());
    QCOMPARE(preview.facts.rowsAccepted, rows);
    QCOMPARE(QString::fromStdString(preview.facts.currency), currency);
    QCOMPARE(amountText(preview.facts.billed), billed);
    QCOMPARE(amountText(preview.facts.effective), effective);
}

void TestImportAws::readsTheSharedReportOf2026()
{
    const QString path = sharedData("ledgers/documented_shapes/aws/cur2_bedrock_sagemaker.csv");
    REQUIRE_SHARED(path);
    const auto store = m_folder.workspace("cur2.perunit");
    TAKE(source, importFile(*store, path.toStdString(), {}, nullptr, {}));
    QCOMPARE(source.role, SourceRole::Invoice);
    QCOMPARE(source.tokens[UsageClass::Input], 9'400'000);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 21'300'000);
    QCOMPARE(source.tokens[UsageClass::CacheWrite5m], 2'600'000);
    QCOMPARE(source.tokens[UsageClass::Output], 1'650'000);
    std::map<ChargeCategory, Money> sums;
    for (const ChargeRow &row : chargesOf(*store))
        sums[row.category] += row.billed.value_or(Money());
    QCOMPARE(sums[ChargeCategory::Usage].text(), std::string("245.255"));
    QCOMPARE(sums[ChargeCategory::Purchase].text(), std::string("1"));
    QCOMPARE(sums[ChargeCategory::Credit].text(), std::string("-10"));
    QCOMPARE(sums[ChargeCategory::Adjustment].text(), std::string("-1.25"));
    QCOMPARE(sums[ChargeCategory::Tax].text(), std::string("6.9"));
}

void TestImportAws::readsModelsAndCommitments()
{
    const auto store = m_folder.workspace("legacy.perunit");
    TAKE(source, importFile(*store, testData("ledgers/aws_cur/legacy.csv").toStdString(), {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 16);
    QVERIFY2(source.rowsRejected == 3, complaints(source).constData());
    QCOMPARE(source.rejects[0].column, std::string("lineItem/UsageStartDate"));
    QCOMPARE(source.rejects[1].column, std::string("lineItem/UnblendedCost"));
    QCOMPARE(source.rejects[2].column, std::string("lineItem/CurrencyCode"));
    QCOMPARE(amountText(source.billed), QStringLiteral("3410.4405"));
    // 39.2305 + 0.7 (reserved) + 1.75 (unused) + 100 + 4.8 + 6 (marketplace input) + 0.01; the upfront fee is spread.
    QCOMPARE(amountText(source.effective), QStringLiteral("152.4905"));
    QVERIFY(hasWarning(source, "'Mystery' is not known"));
    QVERIFY(hasWarning(source, "does not say how many"));
    const auto rows = chargesOf(*store);

    const ChargeRow *input = chargeOf(rows, "EUC1-ClaudeHaiku4.5-input-tokens", ChargeCategory::Usage);
    QVERIFY(input);
    QCOMPARE(input->model, std::string("claude-haiku-4-5"));
    QCOMPARE(input->provider, std::string("AWS"));
    QCOMPARE(input->service, std::string("Amazon Bedrock"));
    QCOMPARE(input->region, std::string("eu-central-1"));
    QCOMPARE(input->tokens, 2'500'500);
    QCOMPARE(input->contracted->text(), std::string("2.0004"));
    QCOMPARE(input->team, std::string("claims"));
    QCOMPARE(tagOf(*input, "team"), std::string("claims"));
    QCOMPARE(tagOf(*input, "owner_email"), std::string("none"));
    QCOMPARE(input->billingPeriod.to.micros, instantOf(2026, 8, 1).micros);

    const ChargeRow *write =
        chargeOf(rows, "EUC1-ClaudeHaiku4.5-cache-write-input-token-count-1-hour", ChargeCategory::Usage);
    QVERIFY(write && write->tokenClass);
    QCOMPARE(*write->tokenClass, UsageClass::CacheWrite1h);
    QCOMPARE(write->tokens, 3'000'000);
    const ChargeRow *flex = chargeOf(rows, "EUC1-NovaLite-output-tokens-flex", ChargeCategory::Usage);
    QVERIFY(flex);
    QCOMPARE(flex->pricingCategory, std::string("Flex"));
    const ChargeRow *guard = chargeOf(rows, "EUC1-Guardrail-ContentPolicyUnitsConsumed", ChargeCategory::Usage);
    QVERIFY(guard && guard->model.empty() && !guard->tokenClass);
    const ChargeRow *sold = chargeOf(rows, "EUC1-MP:EUC1_OutputTokenCount-Units", ChargeCategory::Usage);
    QVERIFY(sold && sold->tokenClass);
    QCOMPARE(sold->model, std::string("claude-3-5-sonnet"));
    QCOMPARE(*sold->tokenClass, UsageClass::Output);
    QCOMPARE(sold->tokens, 2'000'000);
    const ChargeRow *unsure = chargeOf(rows, "EUC1-MP:EUC1_InputTokenCount-Units", ChargeCategory::Usage);
    QVERIFY(unsure && !unsure->tokenClass && unsure->model == "claude-3-5-sonnet");

    const ChargeRow *reserved = chargeOf(rows, "EUC1-BoxUsage:g5.xlarge", ChargeCategory::Usage);
    QVERIFY(reserved);
    QCOMPARE(reserved->billed->text(), std::string("0"));
    QCOMPARE(reserved->effective->text(), std::string("0.7"));
    QCOMPARE(tagOf(*reserved, "harness"), std::string("gpu compute"));
    const ChargeRow *search = chargeOf(rows, "EUC1-ESInstance:r6g.large", ChargeCategory::Usage);
    QVERIFY(search);
    QCOMPARE(tagOf(*search, "harness"), std::string("vector database"));
    QCOMPARE(search->serviceCategory, std::string("Databases"));
    const ChargeRow *upfront = chargeOf(rows, "EUC1-HeavyUsage:g5.xlarge", ChargeCategory::Purchase);
    QVERIFY(upfront && upfront->effective->isZero() && !upfront->list);
    QVERIFY(chargeOf(rows, "EUC1-ClaudeHaiku4.5-input-tokens", ChargeCategory::Adjustment));
}

void TestImportAws::readsVersion2()
{
    const auto store = m_folder.workspace("version2.perunit");
    TAKE(source, importFile(*store, testData("ledgers/aws_cur/version2.csv").toStdString(), {}, nullptr, {}));
    QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
    // Cash: 75 + 2 - 2 + 1.5 + 500 - 3; accrual: 75 + 1.2 + 0.3 - 3.
    QCOMPARE(amountText(source.billed), QStringLiteral("573.5"));
    QCOMPARE(amountText(source.effective), QStringLiteral("73.5"));
    QCOMPARE(amountText(source.list), QStringLiteral("77"));
    QVERIFY(hasWarning(source, "resource_tags"));
    const auto rows = chargesOf(*store);
    const ChargeRow *output = chargeOf(rows, "USW2-Claude4Opus-output-tokens", ChargeCategory::Usage);
    QVERIFY(output);
    QCOMPARE(output->model, std::string("claude-opus-4"));
    QCOMPARE(output->tokens, 1'000'000);
    QCOMPARE(output->region, std::string("us-west-2"));
    QCOMPARE(output->feature, std::string("summary"));
    QCOMPARE(output->team, std::string("legal"));
    QCOMPARE(tagOf(*output, "cost_env"), std::string("prod"));
    // The role, not the person behind it.
    QCOMPARE(tagOf(*output, "iam_role"), std::string("contract-bot"));
    const ChargeRow *refund = chargeOf(rows, "USW2-Claude4Opus-output-tokens", ChargeCategory::Adjustment);
    QVERIFY(refund && refund->correction && !refund->tokenClass);
}

void TestImportAws::withoutEffectiveColumnsOnlyCashCounts()
{
    const std::string file =
        m_folder.write("cash.csv", header + usage("1")
                                       + "SavingsPlanCoveredUsage,2026-07-01T00:00:00Z,Box,USD,2\n"
                                         "SavingsPlanNegation,2026-07-01T00:00:00Z,Box,USD,-2\n"
                                         "SavingsPlanRecurringFee,2026-07-01T00:00:00Z,Plan,USD,1.5\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("2.5"));
    QCOMPARE(amountText(preview.facts.effective), QStringLiteral("1"));
    QVERIFY(hasWarning(preview.facts, "count when they are billed"));
}

void TestImportAws::brokenFiles_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<int>("accepted");
    QTest::addColumn<int>("rejected");
    QTest::newRow("header only") << QByteArray() << 0 << 0;
    QTest::newRow("cut off in the last row") << usage("1") + "Usage,2026-07-01T0" << 1 << 1;
    QTest::newRow("words for an amount") << usage("free of charge") << 0 << 1;
    QTest::newRow("no time") << QByteArray("Usage,,Requests,USD,1\n") << 0 << 1;
}

void TestImportAws::brokenFiles()
{
    QFETCH(QByteArray, rows);
    QFETCH(int, accepted);
    QFETCH(int, rejected);
    TAKE(preview, previewImport(m_folder.write("broken.csv", header + rows), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("aws-cur"));
    QCOMPARE(preview.facts.rowsAccepted, accepted);
    QCOMPARE(preview.facts.rowsRejected, rejected);
}

void TestImportAws::manifestOfTheSharedReport()
{
    const QString folder = sharedData("ledgers/aws_cur/cur_with_manifest_2018-08");
    REQUIRE_SHARED(folder);
    TAKE(all, ledgerFilesIn(folder.toStdString()));
    QCOMPARE(all.files.size(), std::size_t{1});
    QVERIFY(all.files[0].path.ends_with("my-report-1.csv.gz"));
    QCOMPARE(all.skipped.size(), std::size_t{2});
    TAKE(top, ledgerFilesIn(folder.toStdString() + "/20180801-20180901/my-report-Manifest.json"));
    QCOMPARE(top.files.size(), std::size_t{1});
    QVERIFY(QFileInfo(QString::fromStdString(top.files[0].path))
            == QFileInfo(QString::fromStdString(all.files[0].path)));
}

void TestImportAws::manifestsJoinParts()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "20260701-20260801/a1/own-1.csv", header + usage("1"));
    put(folder, "20260701-20260801/a1/own-2.csv", header + usage("2") + "Usage,never,Requests,USD,9\n");
    put(folder, "20260701-20260801/a1/own-3.csv", header + usage("4"));
    const QByteArray content = manifest("a1", {"own-1.csv", "own-2.csv", "own-3.csv"});
    put(folder, "20260701-20260801/a1/own-Manifest.json", content);
    put(folder, "20260701-20260801/own-Manifest.json", content);
    put(folder, "other.csv", header + usage("100"));
    TAKE(set, ledgerFilesIn(temporary.path().toStdString()));
    QCOMPARE(set.files.size(), std::size_t{2});
    QVERIFY(set.files[0].path.ends_with("own-1.csv"));
    QCOMPARE(set.skipped.size(), std::size_t{4});
    TAKE(top, ledgerFilesIn(temporary.path().toStdString() + "/20260701-20260801/own-Manifest.json"));
    QCOMPARE(top.files.size(), std::size_t{1});

    const auto store = m_folder.workspace("parts.perunit");
    TAKE(source, importFile(*store, set.files[0].path, {}, nullptr, {}));
    QCOMPARE(amountText(source.billed), QStringLiteral("7"));
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.rowsRejected, 1);
    QVERIFY(source.rejects[0].reason.find("part 2") != std::string::npos);
    // The same bill by its manifest is the same content.
    TAKE(again, importFile(*store, top.files[0].path, {}, nullptr, {}));
    QCOMPARE(again.id, source.id);
    TAKE(sources, store->sources());
    QCOMPARE(sources.size(), std::size_t{1});
    // A part alone is a part, and says so.
    TAKE(part, previewImport(folder.filePath(QStringLiteral("20260701-20260801/a1/own-3.csv")).toStdString(), {},
                             nullptr, nullptr, {}));
    QCOMPARE(amountText(part.facts.billed), QStringLiteral("4"));
    QVERIFY(hasWarning(part.facts, "one of the 3 files of a bill"));
}

void TestImportAws::newestVersionCounts()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "20260701-20260801/b2/own-1.csv", header + usage("5"));
    put(folder, "20260701-20260801/b2/own-Manifest.json", manifest("b2", {"own-1.csv"}));
    put(folder, "20260701-20260801/own-Manifest.json", manifest("b2", {"own-1.csv"}));
    // Written later, but the manifest above names the version that counts.
    put(folder, "20260701-20260801/a1/own-1.csv", header + usage("3"));
    put(folder, "20260701-20260801/a1/own-Manifest.json", manifest("a1", {"own-1.csv"}));
    TAKE(set, ledgerFilesIn(temporary.path().toStdString()));
    QCOMPARE(set.files.size(), std::size_t{1});
    QVERIFY(set.files[0].path.ends_with("b2/own-1.csv"));
    QCOMPARE(set.skipped.size(), std::size_t{4});
}

void TestImportAws::dataExportsHaveTheirManifestsApart()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    for (const QByteArray month : {"2026-07", "2026-08"}) {
        const QByteArray data = "data/BILLING_PERIOD=" + month + "/";
        put(folder, data + "own-00001.csv", header + usage("1"));
        put(folder, data + "own-00002.csv", header + usage("2"));
        put(folder, "metadata/BILLING_PERIOD=" + month + "/own-Manifest.json",
            R"({"exportArn": "arn:own", "executionId": "x", "dataFiles": ["s3://bucket/bills/own/)" + data
                + R"(own-00001.csv", "s3://bucket/bills/own/)" + data + R"(own-00002.csv"]})");
    }
    TAKE(set, ledgerFilesIn(temporary.path().toStdString()));
    // Two months of one report are two bills.
    QCOMPARE(set.files.size(), std::size_t{2});
    for (const LedgerFile &file : set.files) {
        TAKE(preview, previewImport(file.path, {}, nullptr, nullptr, {}));
        QCOMPARE(amountText(preview.facts.billed), QStringLiteral("3"));
    }
}

void TestImportAws::missingPartIsAnError()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "m/a1/own-1.csv", header + usage("1"));
    put(folder, "m/a1/own-Manifest.json", manifest("a1", {"own-1.csv", "own-2.csv"}));
    const std::string root = temporary.path().toStdString();
    for (const std::string &path : {root, root + "/m/a1/own-Manifest.json"}) {
        const auto set = ledgerFilesIn(path);
        QVERIFY(!set.ok());
        QVERIFY2(set.error().text().find("own-2.csv") != std::string::npos, set.error().text().c_str());
    }
    const auto preview = previewImport(root + "/m/a1/own-1.csv", {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("own-2.csv") != std::string::npos);
}

void TestImportAws::partsMustLookAlike()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "m/a1/own-1.csv", header + usage("1"));
    put(folder, "m/a1/own-2.csv", "lineItem/LineItemType,lineItem/UsageStartDate\nUsage,2026-07-01\n");
    put(folder, "m/a1/own-Manifest.json", manifest("a1", {"own-1.csv", "own-2.csv"}));
    const auto preview = previewImport(temporary.path().toStdString() + "/m/a1/own-1.csv", {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("another header") != std::string::npos);
}

void TestImportAws::partsWithOtherBytesAreReadAgain()
{
    QTemporaryDir temporary;
    const QDir folder(temporary.path());
    put(folder, "m/a1/own-1.csv", header + usage("1"));
    put(folder, "m/a1/own-2.csv", header + "Usage,2026-07-01T00:00:00Z,M\xFCnchen,USD,2\n");
    put(folder, "m/a1/own-Manifest.json", manifest("a1", {"own-1.csv", "own-2.csv"}));
    const auto store = m_folder.workspace("bytes.perunit");
    TAKE(source, importFile(*store, temporary.path().toStdString() + "/m/a1/own-1.csv", {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 2);
    QCOMPARE(amountText(source.billed), QStringLiteral("3"));
    QVERIFY(hasWarning(source, "Windows-1252"));
    QVERIFY(chargeOf(chargesOf(*store), "M\xC3\xBCnchen", ChargeCategory::Usage));
    QCOMPARE(source.bytes, 2 * header.size() + usage("1").size() + usage("2").size() - 1);
}

QTEST_APPLESS_MAIN(TestImportAws)
#include "tst_import_aws.moc"
