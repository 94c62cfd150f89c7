// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/file_set.h"
#include "model/import/text_decoder.h"
#include "tests/support/ledger_files.h"
#include "tests/support/shared_data.h"

#include <QTest>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

using namespace perunit;

/// Compressed files, encodings, and files that are no tables. Small archives are made byte by byte or come from
/// tests/data, so that the tests do not depend on programs that may be missing.
class TestImportContainers : public QObject
{
    Q_OBJECT
private slots:
    void readsCompressed_data();
    void readsCompressed();
    void digestIsOfTheFileItself();
    void membersMayBePackedOnceMore();
    void everyPublishedFileIsReadOrRefusedByName();
    void zipWithOneTableAndOtherFiles();
    void zipWithSeveralTablesIsRefused();
    void membersAreLedgersOfTheirOwn();
    void foldersAreReadCompletely();
    void sessionsOfAFolderAreOneLedger();
    void partsAreOneLedger();
    void damagedArchivesAreErrors();
    void refusesByName_data();
    void refusesByName();
    void publishedPointerIsRefused();
    void encodings_data();
    void encodings();
    void lateWindows1252();
    void missingFile();
    void stopsWhenAsked();
    void reportsProgress();

private:
    LedgerFolder m_folder;
};

namespace {

std::vector<std::string> pathsOf(const FileSet &set)
{
    std::vector<std::string> paths;
    for (const LedgerFile &file : set.files)
        paths.push_back(file.path);
    return paths;
}

const QByteArray table =
    "timestamp,model,prompt_tokens,completion_tokens\n2026-08-01,m\xC3\xBC,10,2\n2026-08-02,m,5,3\n";

QByteArray utf16(const QString &text, bool little, bool mark)
{
    QByteArray bytes = mark ? (little ? QByteArray("\xFF\xFE") : QByteArray("\xFE\xFF")) : QByteArray();
    for (const QChar unit : text) {
        const char low = static_cast<char>(unit.unicode() & 0xff);
        const char high = static_cast<char>(unit.unicode() >> 8);
        bytes += little ? low : high;
        bytes += little ? high : low;
    }
    return bytes;
}

} // namespace

void TestImportContainers::readsCompressed_data()
{
    QTest::addColumn<QString>("file");
    for (const char *name :
         {"table.csv", "table.csv.gz", "table.csv.bz2", "table.csv.xz", "table.csv.zst", "table.zip"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestImportContainers::readsCompressed()
{
    QFETCH(QString, file);
    TAKE(preview,
         previewImport(testData(("ledgers/containers/" + file).toLatin1()).toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("request-log"));
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 15);
    QVERIFY2(preview.facts.warnings.empty(), complaints(preview.facts).constData());
    QCOMPARE(preview.file, file.toStdString());
}

void TestImportContainers::digestIsOfTheFileItself()
{
    const QString path = testData("ledgers/containers/table.csv.gz");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray expected = QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex();
    TAKE(preview, previewImport(path.toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.sha256, expected.toStdString());
    QCOMPARE(preview.facts.bytes, file.size());
}

void TestImportContainers::membersMayBePackedOnceMore()
{
    const std::string plain = testData("ledgers/containers/table.csv").toStdString();
    const std::string zip = testData("ledgers/containers/packed_twice.zip").toStdString();
    TAKE(unpacked, previewImport(plain, {}, nullptr, nullptr, {}));
    TAKE(whole, previewImport(zip, {}, nullptr, nullptr, {}));
    TAKE(member, previewImport(zip + "/export/table.csv.gz", {}, nullptr, nullptr, {}));
    for (const ImportPreview &preview : {whole, member}) {
        QCOMPARE(preview.facts.rowsAccepted, 2);
        QCOMPARE(preview.facts.tokens[UsageClass::Input], 15);
        QCOMPARE(preview.facts.contentSha256, unpacked.facts.contentSha256);
    }
    QVERIFY(whole.facts.sha256 != member.facts.sha256);
    TAKE(found, ledgerFilesIn(zip, {}));
    QCOMPARE(pathsOf(found), std::vector<std::string>{zip});
    const auto nested =
        previewImport(testData("ledgers/containers/zip_in_zip.zip").toStdString(), {}, nullptr, nullptr, {});
    QVERIFY(!nested.ok());
    QVERIFY2(nested.error().text().find("another archive: inner.zip") != std::string::npos,
             nested.error().text().c_str());
}

/// Of all ledgers that were collected none is taken for something it is not, and none is refused without a reason of
/// its own. What is no ledger is named here.
void TestImportContainers::everyPublishedFileIsReadOrRefusedByName()
{
    const QString folder = sharedData("ledgers");
    REQUIRE_SHARED(folder);
    const QStringList noLedgers{"README.md", "azure_focus_1.0_column_metadata.json",
                                "azure_focus_1.2_column_metadata.json", "models_dev_pricing_snapshot.json",
                                "reference_pricing_units.csv"};
    int files = 0;
    for (QDirIterator each(folder, QDir::Files, QDirIterator::Subdirectories); each.hasNext();) {
        const QFileInfo file(each.next());
        ++files;
        const auto preview = previewImport(file.filePath().toStdString(), {}, nullptr, nullptr, {});
        const std::string said = preview ? preview->why : preview.error().text();
        const bool unknown = said.find("no known format fits") != std::string::npos
                             || (preview && (preview->format.empty() || !preview->mappingComplete));
        QVERIFY2(unknown == noLedgers.contains(file.fileName()),
                 qPrintable(file.filePath() + ": " + QString::fromStdString(said)));
    }
    QVERIFY(files > 100);
}

void TestImportContainers::zipWithOneTableAndOtherFiles()
{
    TAKE(preview,
         previewImport(testData("ledgers/containers/with_readme.zip").toStdString(), {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QVERIFY(hasWarning(preview.facts, "not read: manifest.json"));
}

void TestImportContainers::zipWithSeveralTablesIsRefused()
{
    const auto preview =
        previewImport(testData("ledgers/containers/two_tables.zip").toStdString(), {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("a.csv, b.csv") != std::string::npos);
}

void TestImportContainers::membersAreLedgersOfTheirOwn()
{
    const std::string zip = testData("ledgers/containers/two_tables.zip").toStdString();
    TAKE(set, ledgerFilesIn(zip));
    QCOMPARE(pathsOf(set), (std::vector<std::string>{zip + "/a.csv", zip + "/b.csv"}));
    // The content of a member is the member, not its archive: unpacked it is the same ledger.
    const std::string unpacked = m_folder.write("unpacked.csv", table);
    TAKE(plain, previewImport(unpacked, {}, nullptr, nullptr, {}));
    for (const LedgerFile &file : set.files) {
        TAKE(member, previewImport(file.path, {}, nullptr, nullptr, {}));
        QCOMPARE(member.facts.rowsAccepted, 2);
        QCOMPARE(member.facts.sha256, plain.facts.sha256);
    }
    TAKE(alone, ledgerFilesIn(unpacked));
    QCOMPARE(alone.files, (std::vector<LedgerFile>{{unpacked, {}, "unpacked.csv"}}));
    const auto absent = previewImport(zip + "/c.csv", {}, nullptr, nullptr, {});
    QVERIFY(!absent.ok());
    QVERIFY(absent.error().text().find("no member") != std::string::npos);
}

void TestImportContainers::foldersAreReadCompletely()
{
    QTemporaryDir folder;
    const auto put = [&folder](const char *name, const QByteArray &content) {
        const QFileInfo info(folder.filePath(QLatin1String(name)));
        QVERIFY(QDir().mkpath(info.path()));
        QFile file(info.filePath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    };
    const std::string root = folder.path().toStdString();
    QVERIFY(!ledgerFilesIn(root).ok());
    put("b.csv", "x");
    put("a/z.JSONL", "x");
    put("a/.hidden.csv", "x");
    put("notes.pdf", "x");
    TAKE(set, ledgerFilesIn(root));
    QCOMPARE(pathsOf(set), (std::vector<std::string>{root + "/a/z.JSONL", root + "/b.csv"}));
    QCOMPARE(set.skipped, std::vector<std::string>{root + "/notes.pdf"});
}

void TestImportContainers::sessionsOfAFolderAreOneLedger()
{
    QTemporaryDir folder;
    const auto put = [&folder](const char *name, const QByteArray &content) {
        QFile file(folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    };
    const auto message = [](const char *id, int output) {
        return QByteArray("{\"sessionId\":\"s\",\"timestamp\":\"2026-08-03T10:00:00Z\",\"message\":{\"id\":\"") + id
               + "\",\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":3,\"output_tokens\":"
               + QByteArray::number(output) + "}}}\n";
    };
    put("a.jsonl", message("m1", 10) + message("m2", 20));
    put("b.jsonl", message("m2", 25) + message("m3", 40));
    put("other.csv", table);
    put("empty.jsonl", {});
    const std::string root = folder.path().toStdString();
    TAKE(set, ledgerFilesIn(root));
    QCOMPARE(pathsOf(set), (std::vector<std::string>{root + "/a.jsonl", root + "/other.csv"}));
    QCOMPARE(set.files[0].furtherParts, std::vector<std::string>{root + "/b.jsonl"});
    QVERIFY(set.files[0].name.ends_with(" (2 files)"));
    QVERIFY(set.files[1].furtherParts.empty());
    QCOMPARE(set.skipped, std::vector<std::string>{root + "/empty.jsonl"});
    // The same message in two files is one message.
    ImportOptions options;
    options.furtherParts = set.files[0].furtherParts;
    TAKE(preview, previewImport(set.files[0].path, options, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string("claude-code"));
    QCOMPARE(preview.facts.requests, 3);
    QCOMPARE(preview.facts.tokens[UsageClass::Output], 75);
    QCOMPARE(preview.facts.rowsDuplicate, 1);
}

void TestImportContainers::partsAreOneLedger()
{
    const QByteArray header = "timestamp,model,prompt_tokens,completion_tokens\n";
    const std::string first = m_folder.write("part1.csv", header + "2026-08-01,m,10,2\n2026-08-02,m,5\n");
    const std::string second = m_folder.write("part2.csv", header + "2026-08-03,m,7,1\n2026-08-04,m,x,1\n");
    ImportOptions options;
    options.furtherParts = {second};
    options.name = "both";
    const auto store = m_folder.workspace("parts.perunit");
    TAKE(source, importFile(*store, first, options, nullptr, {}));
    QCOMPARE(source.file, std::string("both"));
    QCOMPARE(source.rowsRead, 4);
    QCOMPARE(source.rowsAccepted, 2);
    QCOMPARE(source.tokens[UsageClass::Input], 17);
    QCOMPARE(source.rejects.size(), std::size_t{2});
    QCOMPARE(source.rejects[1].line, 3);
    QVERIFY(source.rejects[1].reason.find("in part 2") != std::string::npos);
    options.furtherParts = {m_folder.write("other.csv", "timestamp,model,input\n2026-08-03,m,7\n")};
    const auto other = previewImport(first, options, nullptr, nullptr, {});
    QVERIFY(!other.ok());
    QVERIFY(other.error().text().find("other columns") != std::string::npos);
    // Of JSON the columns of all parts count.
    const std::string json =
        m_folder.write("a.jsonl", "{\"time\":\"2026-08-01\",\"model\":\"m\",\"input_tokens\":3}\n");
    options.furtherParts = {
        m_folder.write("b.jsonl", "{\"time\":\"2026-08-02\",\"model\":\"m\",\"output_tokens\":4}\n")};
    TAKE(lines, importFile(*store, json, options, nullptr, {}));
    QCOMPARE(lines.rowsAccepted, 2);
    QCOMPARE(lines.tokens[UsageClass::Input], 3);
    QCOMPARE(lines.tokens[UsageClass::Output], 4);
}

void TestImportContainers::damagedArchivesAreErrors()
{
    for (const char *name : {"table.csv.gz", "table.csv.xz", "table.csv.zst", "table.csv.bz2"}) {
        QFile file(testData((QByteArray("ledgers/containers/") + name).constData()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        const std::string cut = m_folder.write(name, whole.left(whole.size() / 2));
        const auto preview = previewImport(cut, {}, nullptr, nullptr, {});
        QVERIFY2(!preview.ok(), name);
        QVERIFY2(preview.error().text().find("damaged") != std::string::npos, preview.error().text().c_str());
    }
}

void TestImportContainers::refusesByName_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("named");
    QTest::newRow("git-lfs pointer") << QByteArray(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")
                                     << "Git LFS";
    QTest::newRow("parquet") << QByteArray("PAR1\0\0\0\0PAR1", 12) << "Parquet";
    QTest::newRow("database") << QByteArray("SQLite format 3\0....", 20) << "SQLite";
    QTest::newRow("pdf") << QByteArray("%PDF-1.4 ...") << "PDF";
    QTest::newRow("cut-off json") << QByteArray("{\"a\": 1") << "cut off";
    QTest::newRow("empty page") << QByteArray("{\"object\": \"page\", \"data\": []}") << "no records";
    QTest::newRow("numbers in a list") << QByteArray("[1, 2]") << "no object";
    QTest::newRow("json list of numbers") << QByteArray("[[1], [2]]") << "no object";
    QTest::newRow("login page") << QByteArray("<!DOCTYPE html><html>") << "HTML";
    QTest::newRow("empty") << QByteArray() << "empty";
    QTest::newRow("blanks only") << QByteArray("\n\n  \n") << "empty";
    QTest::newRow("binary") << QByteArray("\x01\x02\0\x04\x05\x06\x07", 7) << "not a text file";
    QTest::newRow("no header") << QByteArray("1,2,3\n4,5,6\n") << "instead of column names";
    QTest::newRow("open quote") << QByteArray("a,b\n\"x,2\n3,4\n") << "never closed";
}

void TestImportContainers::refusesByName()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, named);
    ImportOptions options;
    options.mapping = ColumnMapping{{{"time", "a"}, {"input", "b"}}, false, false, {}};
    const auto preview = previewImport(m_folder.write("strange.csv", content), options, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY2(preview.error().text().find(named.toStdString()) != std::string::npos, preview.error().text().c_str());
    QVERIFY(preview.error().text().find("strange.csv") != std::string::npos);
}

void TestImportContainers::publishedPointerIsRefused()
{
    const QString path = sharedData("ledgers/documented_shapes/locale/git_lfs_pointer.csv");
    REQUIRE_SHARED(path);
    const auto preview = previewImport(path.toStdString(), {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QVERIFY(preview.error().text().find("Git LFS") != std::string::npos);
}

void TestImportContainers::encodings_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("warns");
    const QString text = QString::fromUtf8(table);
    QTest::newRow("UTF-8") << table << false;
    QTest::newRow("UTF-8 with mark") << "\xEF\xBB\xBF" + table << false;
    QTest::newRow("UTF-16 little endian") << utf16(text, true, true) << false;
    QTest::newRow("UTF-16 big endian") << utf16(text, false, true) << false;
    QTest::newRow("UTF-16 without mark") << utf16(text, true, false) << false;
    QTest::newRow("Windows-1252") << text.toLatin1() << true;
}

void TestImportContainers::encodings()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, warns);
    const auto store =
        m_folder.workspace((QByteArray(QTest::currentDataTag()).replace(' ', '_') + ".perunit").constData());
    TAKE(source, importFile(*store, m_folder.write("encoded.csv", content), {}, nullptr, {}));
    QCOMPARE(source.rowsAccepted, 2);
    QCOMPARE(hasWarning(source, "Windows-1252"), warns);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(QString::fromStdString(ledger.workload->text("model", 0)), QString::fromUtf8("m\xC3\xBC"));
}

void TestImportContainers::lateWindows1252()
{
    // The first bytes that are no UTF-8 come long after the part that is looked at first.
    QByteArray content = "timestamp,model,prompt_tokens,completion_tokens\n";
    while (content.size() < 600'000)
        content += "2026-08-01,plain,1,1\n";
    content += "2026-08-02,m\xFC,10,2\n";
    const auto store = m_folder.workspace("late.perunit");
    TAKE(source, importFile(*store, m_folder.write("late.csv", content), {}, nullptr, {}));
    QVERIFY(hasWarning(source, "Windows-1252"));
    QCOMPARE(source.rowsRejected, 0);
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(QString::fromStdString(ledger.workload->text("model", ledger.workload->size() - 1)),
             QString::fromUtf8("m\xC3\xBC"));
}

void TestImportContainers::missingFile()
{
    const auto preview = previewImport(m_folder.path("absent.csv"), {}, nullptr, nullptr, {});
    QVERIFY(!preview.ok());
    QCOMPARE(preview.error().code, ErrorCode::NotFound);
    const auto folder = previewImport(m_folder.path(""), {}, nullptr, nullptr, {});
    QVERIFY(!folder.ok());
}

void TestImportContainers::stopsWhenAsked()
{
    std::stop_source stop;
    stop.request_stop();
    const auto store = m_folder.workspace("stopped.perunit");
    const auto outcome = importFile(*store, m_folder.write("stop.csv", table), {}, nullptr, stop.get_token());
    QVERIFY(!outcome.ok());
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    TAKE(sources, store->sources());
    QVERIFY(sources.empty());
}

void TestImportContainers::reportsProgress()
{
    ImportProgress progress;
    const std::string file = m_folder.write("progress.csv", table);
    TAKE(preview, previewImport(file, {}, nullptr, &progress, {}));
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QCOMPARE(progress.rows.load(), 2);
    QCOMPARE(progress.bytesTotal.load(), table.size());
    QCOMPARE(progress.bytesDone.load(), progress.bytesTotal.load());
}

QTEST_APPLESS_MAIN(TestImportContainers)
#include "tst_import_containers.moc"
