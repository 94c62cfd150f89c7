// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

#include <map>

using namespace perunit;

class TestImportOutcomes : public QObject
{
    Q_OBJECT
private slots:
    void readsLongSeries();
    void readsWideSeries();
    void publishedLongSeries();
    void publishedWideSeries();
    void badCellsRejectTheRow();
    void timesBecomeDays();
    void tokenColumnsAreARequestLog();
    void emptyDaysAreAccepted();
    void usageReportsAreNoSeries();

private:
    LedgerFolder m_folder;
};

namespace {

std::map<std::string, std::string> sums(const Ledger &ledger)
{
    std::map<std::string, Money> totals;
    for (const OutcomeRow &row : *ledger.outcomes)
        totals[row.metric + (row.label.empty() ? "" : "/" + row.label)] += row.value;
    std::map<std::string, std::string> result;
    for (const auto &[name, total] : totals)
        result[name] = total.text();
    return result;
}

} // namespace

void TestImportOutcomes::readsLongSeries()
{
    const std::string file =
        m_folder.write("long.csv", "date,metric,label,amount\n2026-08-03,resolved,chat,\"2,204\"\n"
                                   "2026-08-03,resolved,email,750\n2026-08-04,resolved,chat,0.5\n");
    const auto store = m_folder.workspace("long.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("outcome-series"));
    QCOMPARE(source.role, SourceRole::Outcome);
    QCOMPARE(source.rowsAccepted, 3);
    QCOMPARE(source.period.from.micros, instantOf(2026, 8, 3).micros);
    QCOMPARE(source.period.to.micros, instantOf(2026, 8, 5).micros);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.outcomes->size(), std::size_t{3});
    QCOMPARE(sums(ledger)["resolved/chat"], std::string("2204.5"));
    QCOMPARE(sums(ledger)["resolved/email"], std::string("750"));
}

void TestImportOutcomes::readsWideSeries()
{
    const std::string file = m_folder.write("wide.csv", "day;tickets;csat\n03.08.2026;1.234;4,31\n04.08.2026;;4,28\n");
    const auto store = m_folder.workspace("wide.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("outcome-series"));
    QCOMPARE(source.rowsRead, 2);
    QCOMPARE(source.rowsAccepted, 2);
    TAKE(ledger, store->readLedger({}));
    // The empty cell is no value: three values in two rows. The column beside it settles the decimal comma.
    QCOMPARE(ledger.outcomes->size(), std::size_t{3});
    QCOMPARE(sums(ledger)["tickets"], std::string("1234"));
    QCOMPARE(sums(ledger)["csat"], std::string("8.59"));
}

void TestImportOutcomes::publishedLongSeries()
{
    const QString path = sharedData("ledgers/documented_shapes/business_metrics/daily_long.csv");
    REQUIRE_SHARED(path);
    const auto store = m_folder.workspace("published_long.perunit");
    TAKE(source, importFile(*store, path.toStdString(), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("outcome-series"));
    QCOMPARE(source.rowsAccepted, 6);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(sums(ledger)["conversations_resolved/chat"], std::string("4584"));
    QCOMPARE(sums(ledger)["contracts_reviewed/nda"], std::string("14"));
}

void TestImportOutcomes::publishedWideSeries()
{
    const QString path = sharedData("ledgers/documented_shapes/business_metrics/daily_wide.csv");
    REQUIRE_SHARED(path);
    const auto store = m_folder.workspace("published_wide.perunit");
    TAKE(source, importFile(*store, path.toStdString(), {}, nullptr, {}));
    QCOMPARE(source.format, std::string("outcome-series"));
    QCOMPARE(source.rowsAccepted, 3);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.outcomes->size(), std::size_t{21});
    QCOMPARE(sums(ledger)["conversations_resolved_by_ai"], std::string("8792"));
    QCOMPARE(sums(ledger)["csat"], std::string("12.94"));
}

void TestImportOutcomes::badCellsRejectTheRow()
{
    const std::string file = m_folder.write(
        "bad.csv",
        "date,a,b\n2026-08-01,1,2\n2026-08-02,x,4\nnever,5,6\n2026-08-04,7,8\n2026-08-05,9,1\n2026-08-06,1,1\n");
    const auto store = m_folder.workspace("bad.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsRead, 6);
    QCOMPARE(source.rowsAccepted, 4);
    QCOMPARE(source.rejects[0], (RejectedRow{3, "a", "x", "is not a number"}));
    QCOMPARE(source.rejects[1], (RejectedRow{4, "date", "never", "is not a date and time"}));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(sums(ledger)["b"], std::string("12"));
}

void TestImportOutcomes::timesBecomeDays()
{
    const std::string file = m_folder.write("times.csv", "date,metric,value\n2026-08-03T23:59:59Z,m,1\n");
    const auto store = m_folder.workspace("times.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 1);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE((*ledger.outcomes)[0].day.micros, instantOf(2026, 8, 3).micros);
}

void TestImportOutcomes::tokenColumnsAreARequestLog()
{
    const std::string file = m_folder.write("tokens.csv", "date,input_tokens,output_tokens\n2026-08-03,1,2\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("request-log"));
}

void TestImportOutcomes::emptyDaysAreAccepted()
{
    const std::string file = m_folder.write("emptydays.csv", "date,a,b\n2026-08-01,1,2\n2026-08-02,,\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRead, 2);
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QCOMPARE(preview.facts.rowsRejected, 0);
}

void TestImportOutcomes::usageReportsAreNoSeries()
{
    const std::string file = m_folder.write("copilot.csv", "date,username,sku,quantity,unit_type,applied_cost_per_"
                                                           "quantity,net_amount\n2026-08-03,u,s,5,requests,0.04,0.2\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("github-usage"));
    const QString path = sharedData("ledgers/github_copilot/premium_requests_2025-10.csv");
    REQUIRE_SHARED(path);
    TAKE(published, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(published.format, std::string("github-usage"));
}

QTEST_APPLESS_MAIN(TestImportOutcomes)
#include "tst_import_outcomes.moc"
