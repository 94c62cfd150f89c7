// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/overlap.h"
#include "model/import/source_checks.h"
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// Two ledgers that count the same money. Expected numbers are counted by hand in the texts below.
class TestOverlap : public QObject
{
    Q_OBJECT
private slots:
    void packedAndUnpackedAreOneLedger();
    void comparesRowByRow_data();
    void comparesRowByRow();
    void moneyOfEachAnswer();
    void replacesInOneStep();
    void remembersTheAnswer();
    void longListsAreCut();
    void otherRolesNeverOverlap();

private:
    LedgerFolder m_folder;
};

namespace {

const QByteArray header = "time,provider,model,workload,input,output,cost\n";
const QByteArray firstOfMay = "2026-05-01T08:00:00Z,openai,gpt-4.1,chat,100,10,1.5\n";
const QByteArray secondOfMay = "2026-05-02T08:00:00Z,openai,gpt-4.1,chat,200,20,2.5\n";
const QByteArray thirdOfMay = "2026-05-03T08:00:00Z,openai,gpt-4.1,chat,300,30,4\n";

Source imported(WorkspaceStore &store, const std::string &path, const ImportOptions &options = {})
{
    auto source = importFile(store, path, options, nullptr, {});
    if (!source)
        qFatal("%s", source.error().text().c_str());
    return *source;
}

Result<std::vector<Overlap>> overlapsOf(const WorkspaceStore &store, const std::string &path)
{
    const auto preview = previewImport(path, {}, &store, nullptr, {});
    if (!preview)
        return preview.error();
    return findOverlaps(store, path, {}, *preview, {}, {});
}

} // namespace

void TestOverlap::packedAndUnpackedAreOneLedger()
{
    const auto workspace = m_folder.workspace("packed.perunit");
    const std::string plain = QStringLiteral(PERUNIT_TEST_DATA "/ledgers/containers/table.csv").toStdString();
    const std::string packed = QStringLiteral(PERUNIT_TEST_DATA "/ledgers/containers/table.csv.gz").toStdString();
    if (!QFileInfo::exists(QString::fromStdString(plain)) || !QFileInfo::exists(QString::fromStdString(packed)))
        QFAIL("the samples are missing");
    const Source first = imported(*workspace, plain);
    QCOMPARE(first.contentSha256, first.sha256);
    TAKE(preview, previewImport(packed, {}, workspace.get(), nullptr, {}));
    QVERIFY(preview.alreadyImported);
    QVERIFY(preview.facts.sha256 != first.sha256);
    QCOMPARE(preview.facts.contentSha256, first.contentSha256);
    QCOMPARE(imported(*workspace, packed).id, first.id);
    TAKE(sources, workspace->sources());
    QCOMPARE(sources.size(), std::size_t{1});
}

void TestOverlap::comparesRowByRow_data()
{
    QTest::addColumn<QByteArray>("known");
    QTest::addColumn<QByteArray>("fresh");
    QTest::addColumn<qlonglong>("knownRows");
    QTest::addColumn<qlonglong>("freshRows");
    QTest::addColumn<qlonglong>("sameRows");
    QTest::addColumn<qlonglong>("sameEvents");
    QTest::addColumn<bool>("ask");
    const QByteArray may = firstOfMay + secondOfMay + thirdOfMay;
    QTest::newRow("all of it again, in another order")
        << may << thirdOfMay + firstOfMay + secondOfMay << 3LL << 3LL << 3LL << 3LL << true;
    QTest::newRow("the last day again and one more")
        << may << thirdOfMay + "2026-05-04T08:00:00Z,openai,gpt-4.1,chat,7,7,7\n"
        << 1LL << 1LL << 1LL << 1LL << true;
    QTest::newRow("twice on one side counts once")
        << firstOfMay + firstOfMay + thirdOfMay << firstOfMay + thirdOfMay << 3LL << 2LL << 2LL << 2LL << true;
    QTest::newRow("the same requests with another cost")
        << may << QByteArray(may).replace(",2.5\n", ",2.6\n") << 3LL << 3LL << 2LL << 3LL << true;
    QTest::newRow("another provider") << may << QByteArray(may).replace("openai", "azure") << 0LL << 0LL << 0LL << 0LL
                                      << false;
    QTest::newRow("another workload") << may << QByteArray(may).replace("chat", "mail") << 0LL << 0LL << 0LL << 0LL
                                      << false;
    QTest::newRow("a workload that is not said may be any")
        << may << QByteArray(may).replace("chat", "") << 3LL << 3LL << 0LL << 3LL << true;
    QTest::newRow("one log ends while the next begins")
        << firstOfMay + "2026-05-02T08:00:01Z,openai,gpt-4.1,chat,5,5,5\n"
        << secondOfMay + "2026-05-03T08:00:00Z,openai,gpt-4.1,chat,6,6,6\n"
        << 1LL << 1LL << 0LL << 0LL << false;
    QTest::newRow("the same period made again, every number corrected")
        << may << QByteArray(may).replace(",100,", ",101,").replace(",200,", ",201,").replace(",300,", ",301,") << 3LL
        << 3LL << 0LL << 0LL << true;
}

void TestOverlap::comparesRowByRow()
{
    QFETCH(QByteArray, known);
    QFETCH(QByteArray, fresh);
    QFETCH(qlonglong, knownRows);
    QFETCH(qlonglong, freshRows);
    QFETCH(qlonglong, sameRows);
    QFETCH(qlonglong, sameEvents);
    QFETCH(bool, ask);
    const QByteArray name = QByteArray("compare") + QByteArray::number(qHash(QByteArray(QTest::currentDataTag())));
    const auto workspace = m_folder.workspace((name + ".perunit").constData());
    (void)imported(*workspace, m_folder.write("known.csv", header + known));
    const std::string path = m_folder.write("fresh.csv", header + fresh);
    TAKE(overlaps, overlapsOf(*workspace, path));
    QCOMPARE(overlaps.size(), std::size_t{1});
    const Overlap &overlap = overlaps[0];
    QCOMPARE(qlonglong(overlap.known.rows), knownRows);
    QCOMPARE(qlonglong(overlap.fresh.rows), freshRows);
    QCOMPARE(qlonglong(overlap.sameRows), sameRows);
    QCOMPARE(qlonglong(overlap.sameEvents), sameEvents);
    QCOMPARE(overlap.needsAnswer(), ask);
    // Stored rows are compared in the same way, and the check of the figures says so.
    (void)imported(*workspace, path);
    TAKE(stored, storedOverlaps(*workspace, {}));
    QCOMPARE(stored.size(), std::size_t{knownRows > 0 ? 1U : 0U});
    if (!stored.empty()) {
        QCOMPARE(qlonglong(stored[0].sameRows), sameRows);
        QCOMPARE(qlonglong(stored[0].sameEvents), sameEvents);
    }
    TAKE(checks, sourceChecks(*workspace, {}));
    QCOMPARE(checks[0].ok, !ask);
    if (ask)
        QVERIFY2(checks[0].detail.find("'known.csv' and 'fresh.csv' both cover 2026-05-0") != std::string::npos,
                 checks[0].detail.c_str());
}

void TestOverlap::moneyOfEachAnswer()
{
    const auto workspace = m_folder.workspace("money.perunit");
    (void)imported(*workspace, m_folder.write("known.csv", header + firstOfMay + secondOfMay));
    TAKE(overlaps, overlapsOf(*workspace, m_folder.write("fresh.csv", header + secondOfMay + thirdOfMay)));
    QCOMPARE(overlaps.size(), std::size_t{1});
    QCOMPARE(amountText(overlaps[0].known.cost), QStringLiteral("2.5"));
    QCOMPARE(amountText(overlaps[0].fresh.cost), QStringLiteral("2.5"));
    QCOMPARE(amountText(overlaps[0].known.wholeCost), QStringLiteral("4"));
    QCOMPARE(amountText(overlaps[0].fresh.wholeCost), QStringLiteral("6.5"));
    QCOMPARE(overlaps[0].known.tokens, 220);
    QCOMPARE(overlaps[0].text(),
             std::string("'known.csv' and 'fresh.csv' both cover 2026-05-02: the only row is the same"));
}

void TestOverlap::replacesInOneStep()
{
    const auto workspace = m_folder.workspace("replace.perunit");
    const Source known = imported(*workspace, m_folder.write("known.csv", header + firstOfMay));
    ImportOptions options;
    options.replaces = {known.id};
    const Source fresh = imported(*workspace, m_folder.write("fresh.csv", header + firstOfMay + secondOfMay), options);
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{2});
    TAKE(sources, workspace->sources());
    QCOMPARE(sources.size(), std::size_t{2});
    QVERIFY(!sources[0].active);
    QVERIFY(sources[1].active);
    QCOMPARE(sources[1].id, fresh.id);
    TAKE(stored, storedOverlaps(*workspace, {}));
    QVERIFY(stored.empty());
}

void TestOverlap::remembersTheAnswer()
{
    const auto workspace = m_folder.workspace("keep.perunit");
    (void)imported(*workspace, m_folder.write("known.csv", header + firstOfMay));
    const std::string path = m_folder.write("fresh.csv", header + firstOfMay + secondOfMay);
    TAKE(overlaps, overlapsOf(*workspace, path));
    overlaps[0].kept = true;
    overlaps[0].fresh.sourceId = imported(*workspace, path).id;
    VERIFY_OK(rememberOverlap(*workspace, overlaps[0]));
    TAKE(stored, storedOverlaps(*workspace, {}));
    QCOMPARE(stored.size(), std::size_t{1});
    QVERIFY(stored[0].kept);
    QVERIFY(!stored[0].needsAnswer());
    QCOMPARE(stored[0].sameRows, 1);
    TAKE(checks, sourceChecks(*workspace, {}));
    QVERIFY(checks[0].ok);
    QVERIFY(checks[0].detail.find("kept on purpose") != std::string::npos);
}

void TestOverlap::longListsAreCut()
{
    const auto workspace = m_folder.workspace("many.perunit");
    for (int i = 0; i < 5; ++i)
        (void)imported(*workspace, m_folder.write(qPrintable(QStringLiteral("log%1.csv").arg(i)),
                                                  header + firstOfMay + QByteArray(i, '\n')));
    // Ten pairs; the first one is answered, so that it stands behind those that are not.
    TAKE(stored, storedOverlaps(*workspace, {}));
    QCOMPARE(stored.size(), std::size_t{10});
    stored[0].kept = true;
    VERIFY_OK(rememberOverlap(*workspace, stored[0]));
    TAKE(checks, sourceChecks(*workspace, {}));
    QVERIFY(!checks[0].ok);
    const QString detail = QString::fromStdString(checks[0].detail);
    QCOMPARE(detail.count(QLatin1String("both cover")), 5);
    QVERIFY2(detail.endsWith(QLatin1String("and 5 more pairs of sources")), qPrintable(detail));
    QVERIFY(!detail.contains(QLatin1String("kept on purpose")));
}

void TestOverlap::otherRolesNeverOverlap()
{
    const auto workspace = m_folder.workspace("roles.perunit");
    ImportOptions asBill;
    asBill.role = SourceRole::Invoice;
    (void)imported(*workspace, m_folder.write("bill.csv", header + firstOfMay), asBill);
    TAKE(overlaps, overlapsOf(*workspace, m_folder.write("usage.csv", header + firstOfMay + secondOfMay)));
    QVERIFY(overlaps.empty());
}

QTEST_APPLESS_MAIN(TestOverlap)
#include "tst_overlap.moc"
