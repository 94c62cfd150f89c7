// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/schema.h"
#include "tests/support/stored_rows.h"

#include <QTest>

#include <sqlite3.h>

using namespace perunit;
using Mode = WorkspaceStore::Mode;

class TestWorkspaceFile : public QObject
{
    Q_OBJECT
private slots:
    void documents();
    void copies();
    void copyReplacesAnOpenJournal();
    void refusesOtherFiles();
    void refusesNewerWorkspaces();
    void migratesAfterACopy();
    void failedMigrationChangesNothing();
    void readOnly();
    void twoPrograms();
    void secondWriterIsTold();
    void damagedRowsAreNamed();
    void stopsReading();

private:
    LedgerFolder m_folder;
};

namespace {

void sql(const std::string &path, const char *statement)
{
    sqlite3 *database = nullptr;
    if (sqlite3_open(path.c_str(), &database) != SQLITE_OK
        || sqlite3_exec(database, statement, nullptr, nullptr, nullptr) != SQLITE_OK)
        qFatal("%s", sqlite3_errmsg(database));
    sqlite3_close(database);
}

} // namespace

void TestWorkspaceFile::documents()
{
    const std::string path = m_folder.path("documents.perunit");
    {
        const auto workspace = m_folder.workspace("documents.perunit");
        VERIFY_OK(workspace->putDocument("scenario", "zebra", "{\"a\":1}"));
        VERIFY_OK(workspace->putDocument("scenario", "ant", ""));
        VERIFY_OK(workspace->putDocument("unit", "zebra", "other kind"));
        VERIFY_OK(workspace->putDocument("scenario", "zebra", "replaced \xC3\xBC"));
        VERIFY_OK(workspace->putDocument("scenario", "bee", "x"));
        VERIFY_OK(workspace->removeDocument("scenario", "ant"));
        VERIFY_OK(workspace->removeDocument("scenario", "nobody"));
    }
    TAKE(workspace, WorkspaceStore::open(path, Mode::OpenExisting));
    TAKE(list, workspace->documents("scenario"));
    QCOMPARE(list.size(), std::size_t{2});
    QCOMPARE(list[0].name, std::string("zebra"));
    QCOMPARE(list[0].content, std::string("replaced \xC3\xBC"));
    QCOMPARE(list[1].name, std::string("bee"));
    TAKE(one, workspace->document("unit", "zebra"));
    QCOMPARE(one.value_or("none"), std::string("other kind"));
    TAKE(none, workspace->document("unit", "ant"));
    QVERIFY(!none.has_value());
    VERIFY_OK(workspace->replaceDocuments("scenario", {{"c", "3"}, {"a", "1"}, {"b", "2"}}));
    TAKE(replaced, workspace->documents("scenario"));
    QCOMPARE(replaced.size(), std::size_t{3});
    QCOMPARE(replaced[0].name + replaced[1].name + replaced[2].name, std::string("cab"));
    TAKE(untouched, workspace->documents("unit"));
    QCOMPARE(untouched.size(), std::size_t{1});
}

void TestWorkspaceFile::copies()
{
    const auto workspace = m_folder.workspace("original.perunit");
    store<RequestRow>(*workspace, "a", SourceRole::Usage, {request(1), request(2)});
    const std::string target = m_folder.path("copy.perunit");
    VERIFY_OK(workspace->copyTo(target));
    {
        TAKE(copy, WorkspaceStore::open(target, Mode::OpenExisting));
        TAKE(ledger, copy->readLedger({}));
        QCOMPARE(ledger.workload->size(), std::size_t{2});
        VERIFY_OK(copy->putDocument("k", "only in the copy", "x"));
    }
    TAKE(none, workspace->document("k", "only in the copy"));
    QVERIFY(!none.has_value());
    QVERIFY(!workspace->copyTo(workspace->path()).ok());
    const auto nowhere = workspace->copyTo(m_folder.path("no/such/folder/x.perunit"));
    QVERIFY(!nowhere.ok());
    QVERIFY(!QFileInfo::exists(QString::fromStdString(target + ".part")));
}

void TestWorkspaceFile::copyReplacesAnOpenJournal()
{
    const auto workspace = m_folder.workspace("fresh.perunit");
    VERIFY_OK(workspace->putDocument("k", "n", "fresh"));
    const std::string target = m_folder.path("stale.perunit");
    {
        TAKE(stale, WorkspaceStore::open(target, Mode::OpenOrCreate));
        VERIFY_OK(stale->putDocument("k", "n", "stale"));
        // Open elsewhere: the copy must not pull the file away from under another program.
        const auto refused = workspace->copyTo(target);
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().text().find("another program") != std::string::npos);
        TAKE(kept, stale->document("k", "n"));
        QCOMPARE(kept.value_or(""), std::string("stale"));
    }
    VERIFY_OK(workspace->copyTo(target));
    TAKE(copy, WorkspaceStore::open(target, Mode::OpenExisting));
    TAKE(content, copy->document("k", "n"));
    QCOMPARE(content.value_or(""), std::string("fresh"));
}

void TestWorkspaceFile::refusesOtherFiles()
{
    const auto open = [](const std::string &path) {
        return WorkspaceStore::open(path, Mode::OpenExisting);
    };
    const auto text = open(m_folder.write("text.perunit", "this is a text file that is long enough to be looked at\n"));
    QVERIFY(!text.ok());
    QVERIFY2(text.error().text().find("not a workspace") != std::string::npos, text.error().text().c_str());
    const std::string other = m_folder.path("other.perunit");
    sql(other, "CREATE TABLE t(x)");
    const auto database = open(other);
    QVERIFY(!database.ok());
    QVERIFY(database.error().text().find("another program") != std::string::npos);
    // Opening for creation must not turn it into a workspace either.
    QVERIFY(!WorkspaceStore::open(other, Mode::OpenOrCreate).ok());
    const auto absent = open(m_folder.path("absent.perunit"));
    QVERIFY(!absent.ok());
    QCOMPARE(absent.error().code, ErrorCode::NotFound);
    QVERIFY(!QFileInfo::exists(QString::fromStdString(m_folder.path("absent.perunit"))));
    QVERIFY(!open(m_folder.write("empty.perunit", "")).ok());
    QVERIFY(!open(m_folder.path("")).ok());
    // Nobody asked to turn an empty file into a workspace, and it stays what it is.
    const auto empty = WorkspaceStore::open(m_folder.path("empty.perunit"), Mode::OpenOrCreate);
    QVERIFY(!empty.ok());
    QVERIFY2(empty.error().text().find("empty") != std::string::npos, empty.error().text().c_str());
    QCOMPARE(QFileInfo(QString::fromStdString(m_folder.path("empty.perunit"))).size(), 0);
}

void TestWorkspaceFile::refusesNewerWorkspaces()
{
    const std::string path = m_folder.path("newer.perunit");
    m_folder.workspace("newer.perunit").reset();
    sql(path, "PRAGMA user_version=99");
    for (const Mode mode : {Mode::OpenExisting, Mode::OpenOrCreate, Mode::ReadOnly}) {
        const auto newer = WorkspaceStore::open(path, mode);
        QVERIFY(!newer.ok());
        QCOMPARE(newer.error().code, ErrorCode::Unsupported);
        QVERIFY(newer.error().text().find("newer version") != std::string::npos);
    }
}

void TestWorkspaceFile::migratesAfterACopy()
{
    const std::string path = m_folder.path("old.perunit");
    {
        const auto workspace = m_folder.workspace("old.perunit");
        VERIFY_OK(workspace->putDocument("k", "n", "kept"));
    }
    const int from = workspaceSchemaVersion;
    const std::vector<Migration> steps{{from,
                                        [](const Database &database) {
                                            return database.run("CREATE TABLE added(x INTEGER) STRICT");
                                        }},
                                       {from + 1, [](const Database &database) {
                                            return database.run("INSERT INTO added VALUES(7)");
                                        }}};
    TAKE(database, Database::open(path, Database::Access::ReadWrite));
    VERIFY_OK(migrateSchema(database, path, from, from + 2, steps));
    QCOMPARE(*database.number("PRAGMA user_version"), from + 2);
    QCOMPARE(*database.number("SELECT x FROM added"), 7);
    TAKE(backup, WorkspaceStore::open(path + ".v" + std::to_string(from) + ".backup", Mode::OpenExisting));
    TAKE(content, backup->document("k", "n"));
    QCOMPARE(content.value_or(""), std::string("kept"));
}

void TestWorkspaceFile::failedMigrationChangesNothing()
{
    const std::string path = m_folder.path("stuck.perunit");
    m_folder.workspace("stuck.perunit").reset();
    const int from = workspaceSchemaVersion;
    const std::vector<Migration> steps{{from,
                                        [](const Database &database) {
                                            return database.run("CREATE TABLE added(x INTEGER) STRICT");
                                        }},
                                       {from + 1, [](const Database &database) {
                                            return database.run("INSERT INTO nowhere VALUES(7)");
                                        }}};
    TAKE(database, Database::open(path, Database::Access::ReadWrite));
    QVERIFY(!migrateSchema(database, path, from, from + 2, steps).ok());
    QCOMPARE(*database.number("PRAGMA user_version"), from);
    QCOMPARE(*database.number("SELECT count(*) FROM sqlite_schema WHERE name='added'"), 0);
    QVERIFY(WorkspaceStore::open(path, Mode::OpenExisting).ok());
}

void TestWorkspaceFile::readOnly()
{
    const std::string path = m_folder.path("readonly.perunit");
    {
        const auto workspace = m_folder.workspace("readonly.perunit");
        store<RequestRow>(*workspace, "a", SourceRole::Usage, {request(1)});
    }
    TAKE(reader, WorkspaceStore::open(path, Mode::ReadOnly));
    TAKE(ledger, reader->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{1});
    const auto refused = reader->putDocument("k", "n", "x");
    QVERIFY(!refused.ok());
    QVERIFY2(refused.error().text().find("cannot be written") != std::string::npos, refused.error().text().c_str());
}

void TestWorkspaceFile::twoPrograms()
{
    const std::string path = m_folder.path("shared.perunit");
    const auto first = m_folder.workspace("shared.perunit");
    TAKE(second, WorkspaceStore::open(path, Mode::OpenExisting));
    TAKE(writer, first->beginSource());
    for (int i = 0; i < 70000; ++i)
        VERIFY_OK(writer->add(request(i), i + 1));
    // A long import does not lock the other program out.
    VERIFY_OK(second->putDocument("k", "n", "from the second"));
    TAKE(done, writer->finish(facts("a", SourceRole::Usage)));
    QVERIFY(done.id > 0);
    TAKE(sources, second->sources());
    QCOMPARE(sources.size(), std::size_t{1});
    TAKE(content, first->document("k", "n"));
    QCOMPARE(content.value_or(""), std::string("from the second"));
    // Both import the same content at the same time: one of them wins.
    TAKE(mine, first->beginSource());
    TAKE(theirs, second->beginSource());
    VERIFY_OK(mine->add(request(1), 1));
    VERIFY_OK(theirs->add(request(1), 1));
    TAKE(won, theirs->finish(facts("b", SourceRole::Usage)));
    QVERIFY(won.id > 0);
    const auto lost = mine->finish(facts("b", SourceRole::Usage));
    QVERIFY(!lost.ok());
    QCOMPARE(lost.error().code, ErrorCode::Conflict);
    TAKE(all, first->sources());
    QCOMPARE(all.size(), std::size_t{2});
}

void TestWorkspaceFile::secondWriterIsTold()
{
    const std::string path = m_folder.path("busy.perunit");
    const auto workspace = m_folder.workspace("busy.perunit");
    sqlite3 *other = nullptr;
    QCOMPARE(sqlite3_open(path.c_str(), &other), SQLITE_OK);
    QCOMPARE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto refused = workspace->putDocument("k", "n", "x");
    QVERIFY(!refused.ok());
    QVERIFY2(refused.error().text().find("another program is writing") != std::string::npos,
             refused.error().text().c_str());
    QCOMPARE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    VERIFY_OK(workspace->putDocument("k", "n", "x"));
}

void TestWorkspaceFile::damagedRowsAreNamed()
{
    const std::string path = m_folder.path("damaged.perunit");
    {
        const auto workspace = m_folder.workspace("damaged.perunit");
        store<RequestRow>(*workspace, "a", SourceRole::Usage, {request(1), request(2)});
    }
    const auto reads = [&path] {
        auto workspace = WorkspaceStore::open(path, Mode::OpenExisting);
        if (!workspace)
            return workspace.error().text();
        auto ledger = (*workspace)->readLedger({});
        return ledger ? std::string("read") : ledger.error().text();
    };
    QCOMPARE(reads(), std::string("read"));
    sql(path, "UPDATE sources SET row_count = 3");
    QVERIFY2(reads().find("a.csv: what is known about this source is damaged") != std::string::npos, reads().c_str());
    sql(path, "UPDATE sources SET row_count = 2; CREATE TABLE lost AS SELECT * FROM cols WHERE column='i:usage.input'; "
              "DELETE FROM cols WHERE column='i:usage.input'");
    // A column that vanishes would otherwise be read as zeros.
    QVERIFY2(reads().find("a.csv: rows of the source are missing") != std::string::npos, reads().c_str());
    sql(path, "INSERT INTO cols SELECT * FROM lost; DROP TABLE lost");
    QCOMPARE(reads(), std::string("read"));
    sql(path, "UPDATE cols SET data = x'00112233' WHERE column='i:time'");
    QVERIFY2(reads().find("a.csv: stored rows are damaged") != std::string::npos, reads().c_str());
    // Garbage in the middle of the file.
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(16384));
    QVERIFY(file.write(QByteArray(static_cast<qsizetype>(file.size() - 16384), '\x5a')) > 0);
    file.close();
    QVERIFY2(reads().find("damaged") != std::string::npos, reads().c_str());
}

void TestWorkspaceFile::stopsReading()
{
    const auto workspace = m_folder.workspace("stop.perunit");
    std::vector<RequestRow> rows;
    for (int i = 0; i < 70000; ++i)
        rows.push_back(request(i));
    store(*workspace, "a", SourceRole::Usage, rows);
    std::stop_source stop;
    stop.request_stop();
    const auto ledger = workspace->readLedger(stop.get_token());
    QVERIFY(!ledger.ok());
    QCOMPARE(ledger.error().code, ErrorCode::Cancelled);
    VERIFY_OK(workspace->putDocument("k", "n", "still usable"));
}

QTEST_APPLESS_MAIN(TestWorkspaceFile)
#include "tst_workspace_file.moc"
