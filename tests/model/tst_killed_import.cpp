// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace perunit;

/// A process that is killed in the middle of an import leaves the workspace as it was before, or with the
/// whole import in it, and nothing between.
class TestKilledImport : public QObject
{
    Q_OBJECT
private slots:
    void beforeTheCommit();
    void atAnyMoment();

private:
    LedgerFolder m_folder;
};

namespace {

constexpr int rowCount = 200000;

QByteArray ledger()
{
    QByteArray text = "timestamp,model,prompt_tokens,completion_tokens,session_id\n";
    for (int i = 0; i < rowCount; ++i)
        text += "2026-08-01T00:00:00Z,m," + QByteArray::number(i) + ",1,s" + QByteArray::number(i / 3) + "\n";
    return text;
}

/// Runs in the child: imports, then tells the parent through the pipe that it has come to an end.
[[noreturn]] void importAndReport(const std::string &workspace, const std::string &file, int pipe)
{
    auto store = WorkspaceStore::open(workspace, WorkspaceStore::Mode::OpenExisting);
    const bool done = store.ok() && importFile(**store, file, {}, nullptr, {}).ok();
    const char outcome = done ? 'y' : 'n';
    const bool told = ::write(pipe, &outcome, 1) == 1;
    ::_exit(told ? 0 : 1);
}

} // namespace

void TestKilledImport::beforeTheCommit()
{
    const std::string path = m_folder.path("killed.perunit");
    m_folder.workspace("killed.perunit").reset();
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        auto store = WorkspaceStore::open(path, WorkspaceStore::Mode::OpenExisting);
        auto writer = store.ok() ? (*store)->beginSource() : decltype((*store)->beginSource())(store.error());
        RequestRow row;
        row.usage[UsageClass::Input] = 1;
        for (int i = 0; writer.ok() && i < rowCount; ++i)
            (void)(*writer)->add(row, i + 1).ok();
        const char outcome = writer.ok() ? 'y' : 'n';
        const bool told = ::write(ready[1], &outcome, 1) == 1;
        while (told)
            ::pause();
        ::_exit(1);
    }
    char outcome = 0;
    QCOMPARE(::read(ready[0], &outcome, 1), ssize_t{1});
    QCOMPARE(outcome, 'y');
    ::kill(child, SIGKILL);
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status));
    TAKE(store, WorkspaceStore::open(path, WorkspaceStore::Mode::OpenExisting));
    TAKE(sources, store->sources());
    QVERIFY(sources.empty());
    TAKE(read, store->readLedger({}));
    QCOMPARE(read.workload->size(), std::size_t{0});
    ::close(ready[0]);
    ::close(ready[1]);
}

void TestKilledImport::atAnyMoment()
{
    const std::string file = m_folder.write("ledger.csv", ledger());
    const std::string path = m_folder.path("moments.perunit");
    m_folder.workspace("moments.perunit").reset();
    int whole = 0;
    int nothing = 0;
    // Each child lives a little longer than the one before, until one of them ends on its own.
    for (int round = 0; round < 60 && whole == 0; ++round) {
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0)
            importAndReport(path, file, ready[1]);
        ::close(ready[1]);
        fd_set set;
        FD_ZERO(&set);
        FD_SET(ready[0], &set);
        timeval patience{};
        patience.tv_sec = round / 10;
        patience.tv_usec = (round % 10) * 100'000 + 3'000;
        (void)::select(ready[0] + 1, &set, nullptr, nullptr, &patience);
        ::kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        ::close(ready[0]);
        TAKE(store, WorkspaceStore::open(path, WorkspaceStore::Mode::OpenExisting));
        TAKE(sources, store->sources());
        TAKE(read, store->readLedger({}));
        if (sources.empty()) {
            QCOMPARE(read.workload->size(), std::size_t{0});
            ++nothing;
        } else {
            QCOMPARE(sources.size(), std::size_t{1});
            QCOMPARE(sources[0].rowsAccepted, rowCount);
            QCOMPARE(read.workload->size(), std::size_t{rowCount});
            ++whole;
        }
    }
    QVERIFY(nothing > 0);
    QCOMPARE(whole, 1);
}

QTEST_APPLESS_MAIN(TestKilledImport)
#include "tst_killed_import.moc"
