// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QRandomGenerator>
#include <QTest>

#include <sqlite3.h>

using namespace perunit;

/// What an import makes of a file must not depend on how many threads did it, nor on how the file was cut.
class TestParallelImport : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void sameForAnyCut_data();
    void sameForAnyCut();
    void exactTotals();
    void laterRowsOverruleTheBeginning_data();
    void laterRowsOverruleTheBeginning();
    void windows1252Late();
    void rowsOfOneRequest_data();
    void rowsOfOneRequest();
    void tooManyTagNames();
    void openQuoteIsNamedByLine();
    void stoppedImportLeavesNothing();
    void sameContentAgain();

private:
    LedgerFolder m_folder;
    QByteArray m_ledger;
    QByteArray m_expected;
};

namespace {

/// Everything that was stored and said about a file, but for the time of the import.
QByteArray stored(const LedgerFolder &folder, const std::string &file, const ImportOptions &options)
{
    const char *name = "stored.perunit";
    for (const char *suffix : {"", "-wal", "-shm"})
        QFile::remove(QString::fromStdString(folder.path(name) + suffix));
    QByteArray all;
    {
        const auto store = folder.workspace(name);
        const auto source = importFile(*store, file, options, nullptr, {});
        if (!source)
            return "error: " + QByteArray::fromStdString(source.error().text());
        const auto line = [&all](const char *what, const std::string &text) {
            all += QByteArray(what) + '=' + QByteArray::fromStdString(text) + '\n';
        };
        line("digest", source->sha256);
        line("mapping", source->mapping);
        line("rows", std::to_string(source->rowsRead) + "/" + std::to_string(source->rowsAccepted) + "/"
                         + std::to_string(source->rowsRejected));
        line("billed", source->billed ? source->billed->text() : "none");
        line("currency", source->currency);
        line("period", formatInstant(source->period.from) + " " + formatInstant(source->period.to));
        for (std::size_t i = 0; i < usageClassCount; ++i)
            line("tokens", std::to_string(source->tokens.counts[i]));
        for (const std::string &warning : source->warnings)
            line("warning", warning);
        for (const RejectedRow &reject : source->rejects)
            line("reject",
                 std::to_string(reject.line) + "|" + reject.column + "|" + reject.value + "|" + reject.reason);
    }
    sqlite3 *database = nullptr;
    sqlite3_open(folder.path(name).c_str(), &database);
    sqlite3_stmt *statement = nullptr;
    sqlite3_prepare_v2(database, "SELECT chunk, column, n, hex(data) FROM cols ORDER BY 1, 2", -1, &statement, nullptr);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int column = 0; column < 4; ++column)
            all += QByteArray(reinterpret_cast<const char *>(sqlite3_column_text(statement, column))) + ' ';
        all += '\n';
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return all;
}

} // namespace

void TestParallelImport::initTestCase()
{
    QRandomGenerator random(11);
    m_ledger = "timestamp,provider,model,conversation_id,input_tokens,cached_input_tokens,output_tokens,latency_ms,"
               "status,cost_usd,tags\n";
    for (int i = 0; i < 3000; ++i) {
        const int input = random.bounded(20'000);
        const QByteArray model = "model-" + QByteArray::number(random.bounded(9));
        const QByteArray day = QByteArray::number(1 + i / 150).rightJustified(2, '0');
        m_ledger += "2026-03-" + day + "T0" + QByteArray::number(random.bounded(10)) + ":15:0"
                    + QByteArray::number(random.bounded(10)) + "." + QByteArray::number(random.bounded(1000)) + "Z,";
        m_ledger += (random.bounded(3) ? "openai," : "\"anth,ropic\",") + model + ",conv-"
                    + QByteArray::number(i / 3 + random.bounded(40)) + ',';
        if (i % 97 == 0)
            m_ledger += "much,0,1,2,200,1,\n"; // rejected
        else if (i % 101 == 0)
            m_ledger += "1,2\n"; // ragged
        else
            m_ledger += QByteArray::number(input) + ',' + QByteArray::number(random.bounded(input + 1)) + ','
                        + QByteArray::number(random.bounded(900)) + ',' + QByteArray::number(random.bounded(9000)) + ','
                        + (i % 50    ? "200"
                           : i % 100 ? "429"
                                     : "odd")
                        + ",0." + QByteArray::number(random.bounded(100'000)) + ",\"{\"\"feature\"\":\"\"f"
                        + QByteArray::number(random.bounded(5)) + "\"\",\n \"\"ab\"\":\"\"x\"\"}\"\n";
        if (i % 500 == 0)
            m_ledger += i % 1000 ? "\n" : ",,,,,,,,,,\r\n";
    }
    ImportOptions options;
    options.threads = 1;
    m_expected = stored(m_folder, m_folder.write("ledger.csv", m_ledger), options);
    QVERIFY2(m_expected.contains("rows=3000/2940/60"), m_expected.left(600).constData());
    QVERIFY(m_expected.contains("|input_tokens|much|is not a number"));
    QVERIFY(m_expected.contains("status 'odd' is not known and was taken as success (29 rows, first on line "));
}

void TestParallelImport::sameForAnyCut_data()
{
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("pieceSize");
    for (const int threads : {1, 2, 5}) {
        for (const int size : {100, 1000, 4099, 65536, 1 << 20})
            QTest::addRow("%d threads, %d bytes", threads, size) << threads << size;
    }
}

void TestParallelImport::sameForAnyCut()
{
    QFETCH(int, threads);
    QFETCH(int, pieceSize);
    ImportOptions options;
    options.threads = unsigned(threads);
    options.pieceSize = std::size_t(pieceSize);
    QVERIFY(stored(m_folder, m_folder.path("ledger.csv"), options) == m_expected);
}

void TestParallelImport::exactTotals()
{
    // Against sums that are made here, from the text itself.
    std::int64_t input = 0;
    std::int64_t millionths = 0;
    int rows = 0;
    const QList<QByteArray> lines =
        QByteArray(m_ledger).replace(",\n \"", ", \"").replace("anth,ropic", "").split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> cells = line.split(',');
        if (cells.size() < 11 || !cells[0].startsWith("2026") || cells[4] == "much")
            continue;
        ++rows;
        input += cells[4].toLongLong() - cells[5].toLongLong();
        millionths += cells[9].mid(2).leftJustified(6, '0').toLongLong();
    }
    ImportOptions options;
    options.pieceSize = 5000;
    const auto store = m_folder.workspace("totals.perunit");
    TAKE(source, importFile(*store, m_folder.path("ledger.csv"), options, nullptr, {}));
    QCOMPARE(source.rowsAccepted, rows);
    QCOMPARE(source.tokens[UsageClass::Input], input);
    QCOMPARE(source.billed->units(), Money::ofUnits(Int128{millionths} * 1'000'000'000'000'000'000).units());
    TAKE(ledger, store->readLedger({}));
    std::int64_t read = 0;
    Int128 billed = 0;
    for (std::size_t row = 0; row < ledger.workload->size(); ++row) {
        read += ledger.workload->count(UsageClass::Input, row);
        billed += ledger.workload->billed(row).units();
    }
    QCOMPARE(read, input);
    QVERIFY(billed == source.billed->units());
}

void TestParallelImport::laterRowsOverruleTheBeginning_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("later");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("decimal commas") << QByteArray("2026-01-01;m;1.234;1;2,5")
                                    << QByteArray("2026-01-02;m;1.234.567,0;1;2,5") << QByteArray("rows=401/401/0");
    QTest::newRow("cached tokens apart from input")
        << QByteArray("2026-01-01;m;500;100;2") << QByteArray("2026-01-02;m;10;100;2")
        << QByteArray("input was taken to exclude cached tokens");
    QTest::newRow("day first") << QByteArray("03/04/2026;m;500;100;2") << QByteArray("25/04/2026;m;500;100;2")
                               << QByteArray("period=2026-04-03T");
}

void TestParallelImport::laterRowsOverruleTheBeginning()
{
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, later);
    QFETCH(QByteArray, says);
    QByteArray text("time;model;input_tokens;cached_input_tokens;cost_usd\n");
    for (int i = 0; i < 400; ++i)
        text += begin + '\n';
    const std::string file = m_folder.write("later.csv", text + later + '\n');
    ImportOptions whole;
    const QByteArray expected = stored(m_folder, file, whole);
    QVERIFY2(expected.contains(says), expected.left(2000).constData());
    ImportOptions cut;
    cut.pieceSize = 64;
    cut.threads = 3;
    QCOMPARE(stored(m_folder, file, cut), expected);
}

void TestParallelImport::windows1252Late()
{
    QByteArray text("time,model,input_tokens,team\n");
    for (int i = 0; i < 500; ++i)
        text += "2026-01-01,m,5,plain\n";
    text += "2026-01-01,m,5,K\xF6ln\n";
    ImportOptions cut;
    cut.pieceSize = 128;
    const auto store = m_folder.workspace("1252.perunit");
    TAKE(source, importFile(*store, m_folder.write("1252.csv", text), cut, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 501);
    QVERIFY(
        std::find(source.warnings.begin(), source.warnings.end(), "the file is not UTF-8; it was read as Windows-1252")
        != source.warnings.end());
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("team", 500), std::string("K\xC3\xB6ln"));
}

void TestParallelImport::rowsOfOneRequest_data()
{
    QTest::addColumn<int>("corrections"); // of 200 rows: again at the end, with other figures
    QTest::addColumn<int>("copies");      // again at the end as they were
    QTest::addColumn<QByteArray>("column");
    QTest::addColumn<bool>("byHand");
    QTest::addColumn<int>("duplicates");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<QString>("remark");
    const auto row = [](const char *name, int corrections, int copies, const char *column, bool byHand, int duplicates,
                        qint64 output, const char *remark) {
        QTest::newRow(name) << corrections << copies << QByteArray(column) << byHand << duplicates << output
                            << QString(remark);
    };
    // 200 rows with 10 tokens each; a correction says 1,000.
    row("none", 0, 0, "request_id", false, 0, 2000, "");
    row("copied", 0, 7, "request_id", false, 7, 2000, "7 rows have the request id of a later row and the same");
    row("exported twice", 0, 200, "request_id", false, 200, 2000, "200 rows have the request id of a later row");
    row("corrected", 3, 0, "request_id", false, 3, 1970 + 3000,
        "3 rows have the request id of a later row and other content");
    row("both", 2, 5, "id", false, 7, 1980 + 2000, "2 rows have the request id of a later row and other content");
    row("calls of one visit", 40, 2, "request_id", false, 2, 2000 + 40'000, "40 rows share their request id");
    row("corrected by hand", 40, 2, "request_id", true, 42, 1600 + 40'000, "40 rows have the request id of a later");
    row("no id of requests", 3, 7, "visit_number", false, 0, 2000 + 3000 + 70, "");
}

/// Rows with one request id are one request, however the file is cut; ids that name groups of requests are not.
void TestParallelImport::rowsOfOneRequest()
{
    QFETCH(int, corrections);
    QFETCH(int, copies);
    QFETCH(QByteArray, column);
    QFETCH(bool, byHand);
    QFETCH(int, duplicates);
    QFETCH(qint64, output);
    QFETCH(QString, remark);
    QByteArray text = "timestamp,model,input_tokens,output_tokens," + column + "\n";
    const auto add = [&text](int i, int tokens) {
        text += "2026-03-0" + QByteArray::number(1 + i / 50) + "T10:00:00Z,m," + QByteArray::number(i) + ','
                + QByteArray::number(tokens) + ",req-" + QByteArray::number(i) + '\n';
    };
    for (int i = 0; i < 200; ++i)
        add(i, 10);
    for (int i = 0; i < corrections; ++i)
        add(i, 1000);
    for (int i = 0; i < copies; ++i)
        add(199 - i, 10);
    // Rows without an id are nobody's repetition, and what a spreadsheet made of one is no id.
    text += "2026-03-05T10:00:00Z,m,1,0,\n2026-03-05T10:00:00Z,m,1,0,\n"
            "2026-03-05T10:00:00Z,m,1,0,1.23457E+15\n2026-03-05T10:00:00Z,m,1,0,1.23457E+15\n";
    const std::string file = m_folder.write("ids.csv", text);
    ImportOptions options;
    if (byHand) {
        TAKE(suggested, previewImport(file, {}, nullptr, nullptr, {}));
        options.mapping = suggested.mapping;
        options.format = suggested.format;
    }
    QByteArray first;
    for (const std::size_t pieceSize : {std::size_t{0}, std::size_t{300}}) {
        options.pieceSize = pieceSize;
        options.threads = 3;
        const QByteArray result = stored(m_folder, file, options);
        if (pieceSize == 0)
            first = result;
        QCOMPARE(result, first);
    }
    const QByteArray name = QByteArray(QTest::currentDataTag()) + ".perunit";
    const auto store = m_folder.workspace(name.constData());
    TAKE(source, importFile(*store, file, options, nullptr, {}));
    QCOMPARE(source.rowsDuplicate, std::int64_t{duplicates});
    QCOMPARE(source.rowsAccepted, std::int64_t{200 + corrections + copies + 4 - duplicates});
    QCOMPARE(source.tokens[UsageClass::Output], std::int64_t{output});
    QStringList remarks;
    for (const std::string &warning : source.warnings)
        remarks << QString::fromStdString(warning);
    if (remark.isEmpty())
        QVERIFY2(remarks.filter("request id").isEmpty(), qPrintable(remarks.join('\n')));
    else
        QVERIFY2(!remarks.filter(remark).isEmpty(), qPrintable(remarks.join('\n')));
    // The preview says the same.
    TAKE(preview, previewImport(file, options, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsDuplicate, std::int64_t{duplicates});
}

void TestParallelImport::tooManyTagNames()
{
    QByteArray text("time,model,input_tokens,tags\n");
    for (int i = 0; i < 300; ++i)
        text += "2026-01-01,m,5,\"{\"\"key" + QByteArray::number(i) + "\"\":\"\"v\"\"}\"\n";
    const std::string file = m_folder.write("tags.csv", text);
    const QByteArray expected = stored(m_folder, file, {});
    QVERIFY(expected.contains("there are more than 200 tag names"));
    QVERIFY(expected.contains("t:tag:key199 ") && !expected.contains("t:tag:key200 "));
    ImportOptions cut;
    cut.pieceSize = 200;
    QCOMPARE(stored(m_folder, file, cut), expected);
}

void TestParallelImport::openQuoteIsNamedByLine()
{
    QByteArray text("time,model,input_tokens\n");
    for (int i = 0; i < 200; ++i)
        text += "2026-01-01,m,5\n";
    text += "2026-01-01,\"m,5\n2026-01-01,m,5\n";
    ImportOptions cut;
    cut.pieceSize = 100;
    const QByteArray said = stored(m_folder, m_folder.write("open.csv", text), cut);
    QVERIFY2(said.contains("line 202") && said.contains("never closed"), said.constData());
}

void TestParallelImport::stoppedImportLeavesNothing()
{
    std::stop_source stop;
    stop.request_stop();
    const auto store = m_folder.workspace("stopped.perunit");
    ImportOptions cut;
    cut.pieceSize = 1000;
    const auto outcome = importFile(*store, m_folder.path("ledger.csv"), cut, nullptr, stop.get_token());
    QVERIFY(!outcome.ok());
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    TAKE(sources, store->sources());
    QVERIFY(sources.empty());
    // The store is free for the next import.
    TAKE(source, importFile(*store, m_folder.path("ledger.csv"), cut, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 2940);
}

void TestParallelImport::sameContentAgain()
{
    const auto store = m_folder.workspace("again.perunit");
    TAKE(first, importFile(*store, m_folder.path("ledger.csv"), {}, nullptr, {}));
    TAKE(second, importFile(*store, m_folder.path("ledger.csv"), {}, nullptr, {}));
    QCOMPARE(second.id, first.id);
    TAKE(sources, store->sources());
    QCOMPARE(sources.size(), std::size_t{1});
    // A digest is enough to know it: nothing is converted.
    ImportProgress progress;
    TAKE(third, importFile(*store, m_folder.path("ledger.csv"), {}, &progress, {}));
    QCOMPARE(third.id, first.id);
    QCOMPARE(progress.rows.load(), std::int64_t{0});
    // Undone, it comes back the same way.
    VERIFY_OK(store->setSourceActive(first.id, false));
    TAKE(fourth, importFile(*store, m_folder.path("ledger.csv"), {}, &progress, {}));
    QCOMPARE(fourth.id, first.id);
    QVERIFY(fourth.active);
    QCOMPARE(progress.rows.load(), std::int64_t{0});
    // With other decisions it is read again and takes the old place.
    TAKE(preview, previewImport(m_folder.path("ledger.csv"), {}, store.get(), nullptr, {}));
    ImportOptions options;
    options.mapping = preview.mapping;
    options.mapping->constants["team"] = "another";
    options.mapping->columns.erase("team");
    TAKE(other, importFile(*store, m_folder.path("ledger.csv"), options, &progress, {}));
    QVERIFY(other.id != first.id);
    QVERIFY(progress.rows.load() > 0);
}

QTEST_APPLESS_MAIN(TestParallelImport)
#include "tst_parallel_import.moc"
