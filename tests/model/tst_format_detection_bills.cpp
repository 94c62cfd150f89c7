// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"
#include "model/import/price_sheet.h"
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Every bill is taken by its own format, beyond doubt, and by no other one.
class TestFormatDetectionBills : public QObject
{
    Q_OBJECT
private slots:
    void sharedSamples_data();
    void sharedSamples();
    void ownSamples_data();
    void ownSamples();
    void filesBesideBillsAreRefused_data();
    void filesBesideBillsAreRefused();

private:
    void check(const std::string &path, const std::string &format);
    LedgerFolder m_folder;
};

void TestFormatDetectionBills::check(const std::string &path, const std::string &format)
{
    TAKE(shape, probeTable(path, {}));
    std::vector<std::string> sure;
    for (const auto &each : ledgerFormats()) {
        if (each->match(shape).score >= 80)
            sure.emplace_back(each->id());
    }
    QCOMPARE(sure, std::vector<std::string>{format});
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!looksLikePriceSheet(file.read(65536).toStdString()));
}

void TestFormatDetectionBills::sharedSamples_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    const auto row = [](const char *format, std::initializer_list<const char *> files) {
        for (const char *file : files)
            QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format);
    };
    row("aws-cur", {"aws_cur/athena_style_columns_2022-07.csv", "aws_cur/empty_header_only.csv",
                    "aws_cur/legacy_cur_anonymous_2023-11.csv.gz", "aws_cur/legacy_cur_savingsplan_nok_2023-06.csv",
                    "aws_cur/cur_with_manifest_2018-08/20180801-20180901/861af42f-713c-4a42-9562-9158a7625630/"
                    "my-report-1.csv.gz",
                    "documented_shapes/aws/cur2_bedrock_sagemaker.csv"});
    row("azure-cost",
        {"azure/ea_actual_small_2023-09.csv", "azure/ea_amortized_small_2023-09.csv",
         "azure/ea_anonymous_cad_2023-09.csv", "azure/ea_header_only.csv", "azure/ea_v2_2020-09.csv",
         "azure/headerset_BOM.csv", "azure/headerset_Enterprise.csv", "azure/headerset_EnterpriseCamel.csv",
         "azure/headerset_German.csv", "azure/lowercase_headers_template_2021-02.csv", "azure/payg_bom_2019-07.csv",
         "azure/tags_missing_brackets.csv", "documented_shapes/azure/openai_ptu_actual.csv",
         "documented_shapes/azure/openai_ptu_amortized.csv", "documented_shapes/locale/azure_double_bom.csv"});
    row("google-billing", {"gcp/bq_export_2020-11.csv", "documented_shapes/gcp/vertex_bq_export.ndjson",
                           "documented_shapes/gcp/vertex_bq_export_flat.csv"});
    row("oci-cost", {"oci/oci_cost_report_2023-11.csv.gz"});
    row("cloudzero-cbf", {"documented_shapes/cloudzero/cbf.csv"});
    row("opencost", {"documented_shapes/opencost/allocation_export.csv"});
    row("focus", {"focus/focus_0.5_all_pass.csv", "focus/focus_1.0_sample_1000.csv",
                  "focus/spec_1.2_examples/commitment/commitment_discount_usage_scenario_3.csv",
                  "focus/spec_1.2_examples/commitment/flexibility_100pct_2_resources.csv",
                  "focus/spec_1.2_examples/saas/saas_spend_agreements_a1.csv",
                  "focus/spec_1.2_examples/saas/virtual_currency_pricing_model_a1.csv",
                  "focus/spec_1.5_draft_ai_examples/ai_prompt_caching_a.csv",
                  "focus/spec_1.5_draft_ai_examples/closed_period_correction_ledger.csv",
                  "focus/negative/focus_invalid_unknown_column.csv"});
    row("refused", {"focus/spec_1.5_draft_ai_examples/contract_commitment_scenario_1.csv",
                    "aws_cur/cur_with_manifest_2018-08/20180801-20180901/my-report-Manifest.json"});
}

void TestFormatDetectionBills::sharedSamples()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    const QString path = sharedData(("ledgers/" + file).toLatin1().constData());
    REQUIRE_SHARED(path);
    check(path.toStdString(), format.toStdString());
}

void TestFormatDetectionBills::ownSamples_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("format");
    const auto row = [](const char *file, const char *format) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(format);
    };
    row("aws_cur/legacy.csv", "aws-cur");
    row("aws_cur/version2.csv", "aws-cur");
    row("azure_cost/actual.csv", "azure-cost");
    row("azure_cost/amortised.csv", "azure-cost");
    row("google_billing/export.csv", "google-billing");
    row("google_billing/export.ndjson", "google-billing");
    row("oci_cost/report.csv", "oci-cost");
    row("cloudzero/bill.csv", "cloudzero-cbf");
    row("opencost/allocation.csv", "opencost");
    row("opencost/allocation.json", "opencost");
    row("focus/export.ndjson", "focus");
}

void TestFormatDetectionBills::ownSamples()
{
    QFETCH(QString, file);
    QFETCH(QString, format);
    check(testData(("ledgers/" + file).toLatin1().constData()).toStdString(), format.toStdString());
}

void TestFormatDetectionBills::filesBesideBillsAreRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    QTest::newRow("contracts") << QByteArray("ContractCommitmentId,ContractCommitmentCost,ContractId\nc1,100,k1\n")
                               << "contracts and no charges";
    QTest::newRow("manifest of AWS") << QByteArray(
        "{\"assemblyId\": \"a\", \"reportKeys\": [\"x/y-1.csv.gz\"], \"billingPeriod\": {\"start\": \"20260801\"}}")
                                     << "manifest of an AWS";
    QTest::newRow("manifest of Azure") << QByteArray(
        "{\"manifestVersion\": \"2024-04-01\", \"blobs\": [{\"blobName\": \"a/part_0_0001.csv\"}]}")
                                       << "manifest of an Azure";
    QTest::newRow("usage without cost") << QByteArray(
        "lineItem/referenceNo,lineItem/intervalUsageStart,usage/consumedQuantity\nr1,2026-08-01T00:00Z,5\n")
                                        << "holds no costs";
}

void TestFormatDetectionBills::filesBesideBillsAreRefused()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    const char *name = content.startsWith('{') ? "beside.json" : "beside.csv";
    const auto preview = previewImport(m_folder.write(name, content), {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY2(preview.error().text().find(reason.toStdString()) != std::string::npos, preview.error().text().c_str());
    for (const FormatCandidate &known : knownFormats())
        QVERIFY(known.format != "refused");
}

QTEST_APPLESS_MAIN(TestFormatDetectionBills)
#include "tst_format_detection_bills.moc"
