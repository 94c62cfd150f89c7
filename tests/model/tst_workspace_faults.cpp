// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/rescue.h"
#include "model/store/sqlite.h"
#include "model/store/workspace_lock.h"
#include "tests/support/stored_rows.h"

#include <QTest>

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace perunit;
using Mode = WorkspaceStore::Mode;

/// What disks and kills do to a workspace: never a crash, never another number without a word, and what was committed
/// stays.
class TestWorkspaceFaults : public QObject
{
    Q_OBJECT
private slots:
    void flippedBitsAreNoticed();
    void truncatedFilesAreNoticed();
    void damagedSourceCanBeLeftOut();
    void everySourceThatIsWholeIsRescued();
    void fullDiskChangesNothing_data();
    void fullDiskChangesNothing();
    void lockDiesWithItsHolder();
    void lockNamesItsHolder();
    void readOnlyFolder();
    void oldWorkspaceIsReadWithoutChangingIt();

private:
    LedgerFolder m_folder;
    QByteArray m_whole; ///< bytes of a workspace with everything in it

    QByteArray wholeWorkspace();
};

namespace {

constexpr int rowCount = 3000;

/// All that a workspace says, as one text; or the error.
std::string everything(const std::string &path)
{
    auto workspace = WorkspaceStore::open(path, Mode::ReadOnly);
    if (!workspace)
        return "error: " + workspace.error().text();
    auto sources = (*workspace)->sources();
    if (!sources)
        return "error: " + sources.error().text();
    auto ledger = (*workspace)->readLedger({});
    if (!ledger)
        return "error: " + ledger.error().text();
    std::string text = ledger->digest + ledger->currency;
    for (const Source &source : *sources) {
        text += source.file + source.sha256 + std::to_string(source.rowsAccepted) + std::to_string(source.active)
                + std::to_string(source.period.from.micros) + (source.billed ? source.billed->text() : "none");
        for (const std::string &warning : source.warnings)
            text += warning;
    }
    for (std::size_t row = 0; row < ledger->workload->size(); ++row) {
        text += std::to_string(ledger->workload->time[row]);
        for (const std::int64_t count : ledger->workload->usageAt(row).counts)
            text += ',' + std::to_string(count);
        for (const DimensionColumn &column : ledger->workload->dimensions)
            text.append(column.name).append(column.dictionary.text(column.ids[row]));
        text += ledger->workload->billed(row).text();
    }
    for (const ChargeRow &charge : *ledger->invoices)
        text += charge.provider + (charge.billed ? charge.billed->text() : "none");
    for (const char *kind : {"scenario", "unit", "settings", "catalogue"}) {
        auto documents = (*workspace)->documents(kind);
        if (!documents)
            return "error: " + documents.error().text();
        for (const auto &document : *documents)
            text += kind + document.name + document.content;
    }
    return text;
}

void writeFile(const std::string &path, const QByteArray &bytes)
{
    for (const char *suffix : {"-wal", "-shm"})
        QFile::remove(QString::fromStdString(path + suffix));
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
        qFatal("the test file cannot be written");
}

/// The first value that a query yields.
QByteArray storedBytes(const std::string &path, const char *sql)
{
    const auto database = Database::open(path, Database::Access::ReadOnly);
    auto statement = database ? Statement::prepare(*database, sql) : Result<Statement>(database.error());
    if (!statement || !statement->step())
        qFatal("the workspace cannot be looked into");
    const std::string_view bytes = statement->bytes(0);
    return {bytes.data(), static_cast<qsizetype>(bytes.size())};
}

/// Runs `work` in a process of its own; what it returns becomes the exit status.
template <typename Work>
int inChild(const Work &work)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

} // namespace

QByteArray TestWorkspaceFaults::wholeWorkspace()
{
    if (!m_whole.isEmpty())
        return m_whole;
    const std::string path = m_folder.path("whole.perunit");
    {
        const auto workspace = m_folder.workspace("whole.perunit");
        std::vector<RequestRow> requests;
        for (int i = 0; i < rowCount; ++i) {
            requests.push_back(request(i));
            requests.back().billed = money("0.25");
        }
        store(*workspace, "requests", SourceRole::Usage, requests, "USD");
        std::vector<ChargeRow> charges(40);
        for (ChargeRow &charge : charges) {
            charge.provider = "openai";
            charge.billed = money("12.5");
        }
        store(*workspace, "bill", SourceRole::Invoice, charges, "USD");
        for (int i = 0; i < 40; ++i) {
            const std::string name = "scenario " + std::to_string(i);
            if (!workspace->putDocument("scenario", name, std::string(900, static_cast<char>('a' + i % 26))))
                qFatal("the scenario cannot be stored");
        }
        if (!workspace->putDocument("unit", "conversation", "{}")
            || !workspace->putDocument("settings", "baseline", "{}"))
            qFatal("the unit cannot be stored");
    }
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the workspace cannot be read");
    m_whole = file.readAll();
    return m_whole;
}

void TestWorkspaceFaults::flippedBitsAreNoticed()
{
    const QByteArray whole = wholeWorkspace();
    const std::string path = m_folder.path("flipped.perunit");
    writeFile(path, whole);
    const std::string expected = everything(path);
    QVERIFY(!expected.starts_with("error"));
    int noticed = 0;
    int harmless = 0;
    // Every byte of the header, then places all over the file: a prime distance meets every kind of page and cell.
    std::vector<qsizetype> places;
    for (qsizetype place = 16; place < 300; ++place)
        places.push_back(place);
    for (qsizetype place = 300; place < whole.size(); place += 211)
        places.push_back(place);
    for (const qsizetype place : places) {
        QByteArray damaged = whole;
        damaged[place] = static_cast<char>(damaged[place] ^ (1 << (place % 8)));
        writeFile(path, damaged);
        const std::string found = everything(path);
        if (found == expected) {
            ++harmless;
            continue;
        }
        ++noticed;
        QVERIFY2(found.starts_with("error"), qPrintable(QStringLiteral("byte %1: another number").arg(place)));
    }
    QVERIFY(noticed > 100);
    QVERIFY(harmless > 0);
}

void TestWorkspaceFaults::truncatedFilesAreNoticed()
{
    const QByteArray whole = wholeWorkspace();
    const std::string path = m_folder.path("truncated.perunit");
    writeFile(path, whole);
    const std::string expected = everything(path);
    for (int i = 0; i < 200; ++i) {
        const qsizetype size = whole.size() * i / 200 + (i % 7);
        writeFile(path, whole.left(size));
        const std::string found = everything(path);
        QVERIFY2(found == expected || found.starts_with("error"),
                 qPrintable(QStringLiteral("cut to %1 bytes").arg(size)));
    }
    // A file of nothing is not turned into a workspace by looking at it.
    writeFile(path, {});
    QVERIFY(everything(path).starts_with("error"));
    QCOMPARE(QFileInfo(QString::fromStdString(path)).size(), 0);
}

void TestWorkspaceFaults::damagedSourceCanBeLeftOut()
{
    const std::string path = m_folder.path("left-out.perunit");
    {
        const auto workspace = m_folder.workspace("left-out.perunit");
        std::vector<RequestRow> requests;
        for (int i = 0; i < rowCount; ++i)
            requests.push_back(request(i * i));
        store<RequestRow>(*workspace, "good", SourceRole::Usage, {request(1), request(2)});
        store(*workspace, "bad", SourceRole::Usage, requests);
    }
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    const QByteArray packed = storedBytes(path, "SELECT substr(data, 200, 32) FROM cols WHERE source=2 AND "
                                                "column='i:usage.input'");
    const auto place = bytes.indexOf(packed);
    QVERIFY(packed.size() == 32 && place > 0);
    bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
    QVERIFY(file.seek(0));
    QCOMPARE(file.write(bytes), bytes.size());
    file.close();
    const std::string found = everything(path);
    QVERIFY2(found.starts_with("error") && found.find("bad.csv") != std::string::npos, found.substr(0, 300).c_str());
    QVERIFY2(found.find("undo this import") != std::string::npos, found.substr(0, 300).c_str());
    const std::string rescued = m_folder.path("rescued.perunit");
    TAKE(rescue, rescueWorkspace(path, rescued));
    QCOMPARE(rescue.saved, std::vector<std::string>{"source 1 'good.csv'"});
    QCOMPARE(rescue.lost, std::vector<std::string>{"source 2 'bad.csv'"});
    TAKE(copy, WorkspaceStore::open(rescued, Mode::OpenExisting));
    TAKE(good, copy->readLedger({}));
    QCOMPARE(good.workload->size(), std::size_t{2});
    QVERIFY(!rescueWorkspace(path, rescued).ok());

    TAKE(workspace, WorkspaceStore::open(path, Mode::OpenExisting));
    VERIFY_OK(workspace->setSourceActive(2, false));
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{2});
}

void TestWorkspaceFaults::everySourceThatIsWholeIsRescued()
{
    const QByteArray whole = wholeWorkspace();
    const std::string path = m_folder.path("wreck.perunit");
    const std::string rescued = m_folder.path("rescued-wreck.perunit");
    int complete = 0;
    int partial = 0;
    for (qsizetype place = 100; place < whole.size(); place += 4099) {
        QByteArray damaged = whole;
        damaged[place] = static_cast<char>(damaged[place] ^ 0x55);
        writeFile(path, damaged);
        QFile::remove(QString::fromStdString(rescued));
        const auto rescue = rescueWorkspace(path, rescued);
        if (!rescue)
            continue;
        ++(rescue->lost.empty() ? complete : partial);
        // What was saved can be read without a complaint.
        const std::string found = everything(rescued);
        QVERIFY2(!found.starts_with("error"), found.substr(0, 300).c_str());
    }
    QVERIFY(complete > 0);
    QVERIFY(partial > 0);
}

void TestWorkspaceFaults::fullDiskChangesNothing_data()
{
    QTest::addColumn<bool>("mounted");
    QTest::newRow("no file may grow") << false;
    QTest::newRow("small file system") << true;
}

void TestWorkspaceFaults::fullDiskChangesNothing()
{
    QFETCH(bool, mounted);
    constexpr int notPermitted = 77;
    const std::string folder = m_folder.path(mounted ? "small" : "limited");
    QVERIFY(QDir().mkpath(QString::fromStdString(folder)));
    const int outcome = inChild([&] {
        if (mounted) {
            if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
                return notPermitted;
            (void)::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
            if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=400k") != 0)
                return notPermitted;
        }
        const std::string path = folder + "/w.perunit";
        auto workspace = WorkspaceStore::open(path, Mode::OpenOrCreate);
        if (!workspace)
            return 1;
        store<RequestRow>(**workspace, "before", SourceRole::Usage, {request(1), request(2)});
        if (!mounted) {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{300'000, 300'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
        auto writer = (*workspace)->beginSource();
        if (!writer)
            return 2;
        bool refused = false;
        std::string message;
        for (int i = 0; i < 400'000 && !refused; ++i) {
            RequestRow row = request(i);
            row.session = std::to_string(i * 7919LL) + "-" + std::to_string(i * 104729LL);
            const auto status = (*writer)->add(row, i + 1);
            refused = !status.ok();
            if (refused)
                message = status.error().text();
        }
        if (!refused) {
            const auto source = (*writer)->finish(facts("large", SourceRole::Usage));
            refused = !source.ok();
            if (refused)
                message = source.error().text();
        }
        if (!refused)
            return 3;
        if (message.empty())
            return 4;
        writer->reset();
        workspace->reset();
        auto again = WorkspaceStore::open(path, Mode::ReadOnly);
        if (!again)
            return 5;
        const auto sources = (*again)->sources();
        if (!sources || sources->size() != 1)
            return 6;
        const auto ledger = (*again)->readLedger({});
        return ledger && ledger->workload->size() == 2 ? 0 : 7;
    });
    if (outcome == notPermitted)
        QSKIP("file systems cannot be mounted here");
    QCOMPARE(outcome, 0);
}

void TestWorkspaceFaults::lockDiesWithItsHolder()
{
    const std::string path = m_folder.path("locked.perunit");
    m_folder.workspace("locked.perunit").reset();
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        auto lock = WorkspaceLock::acquire(path, "the first", std::chrono::milliseconds(0));
        const char told = lock ? 'y' : 'n';
        while (::write(ready[1], &told, 1) == 1)
            ::pause();
        ::_exit(1);
    }
    char told = 0;
    QCOMPARE(::read(ready[0], &told, 1), ssize_t{1});
    QCOMPARE(told, 'y');
    const auto refused = WorkspaceLock::acquire(path, "the second", std::chrono::milliseconds(0));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(refused.error().text().find("the first (process " + std::to_string(child)) != std::string::npos,
             refused.error().text().c_str());
    // Readers need no lock.
    QVERIFY(WorkspaceStore::open(path, Mode::ReadOnly).ok());
    ::kill(child, SIGKILL);
    QCOMPARE(::waitpid(child, nullptr, 0), child);
    const auto after = WorkspaceLock::acquire(path, "the second", std::chrono::milliseconds(0));
    QVERIFY2(after.ok(), after.ok() ? "" : after.error().text().c_str());
    ::close(ready[0]);
    ::close(ready[1]);
}

void TestWorkspaceFaults::lockNamesItsHolder()
{
    const std::string path = m_folder.path("named.perunit");
    m_folder.workspace("named.perunit").reset();
    const std::string link = m_folder.path("link.perunit");
    std::filesystem::create_symlink(path, link);
    {
        TAKE(lock, WorkspaceLock::acquire(path, "a window", std::chrono::milliseconds(0)));
        QVERIFY(lock.isFor(link));
        const auto refused = WorkspaceLock::acquire(link, "a command", std::chrono::milliseconds(120));
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().text().find("a window") != std::string::npos, refused.error().text().c_str());
    }
    QVERIFY(!QFileInfo::exists(QString::fromStdString(path + ".lock")));
    QVERIFY(WorkspaceLock::acquire(link, "a command", std::chrono::milliseconds(0)).ok());
}

void TestWorkspaceFaults::readOnlyFolder()
{
    const std::string folder = m_folder.path("sealed");
    QVERIFY(QDir().mkpath(QString::fromStdString(folder)));
    const std::string path = folder + "/w.perunit";
    {
        TAKE(workspace, WorkspaceStore::open(path, Mode::OpenOrCreate));
        store<RequestRow>(*workspace, "a", SourceRole::Usage, {request(1)});
    }
    std::filesystem::permissions(folder, std::filesystem::perms(0555));
    std::filesystem::permissions(m_folder.path(""), std::filesystem::perms(0755));
    const int outcome = inChild([&] {
        // Root may write everywhere.
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
            return 77;
        const auto lock = WorkspaceLock::acquire(path, "a command", std::chrono::milliseconds(0));
        if (lock || lock.error().code != ErrorCode::Io)
            return 1;
        auto workspace = WorkspaceStore::open(path, Mode::ReadOnly);
        if (!workspace)
            return 2;
        const auto ledger = (*workspace)->readLedger({});
        if (!ledger || ledger->workload->size() != 1)
            return 3;
        return (*workspace)->putDocument("k", "n", "x") ? 4 : 0;
    });
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
    if (outcome == 77)
        QSKIP("another user cannot be impersonated here");
    QCOMPARE(outcome, 0);
    QCOMPARE(QDir(QString::fromStdString(folder)).entryList(QDir::Files), QStringList{QStringLiteral("w.perunit")});
}

void TestWorkspaceFaults::oldWorkspaceIsReadWithoutChangingIt()
{
    const std::string sample = PERUNIT_TEST_DATA "/workspace/version1.perunit";
    const std::string path = m_folder.path("version1.perunit");
    QVERIFY(QFile::copy(QString::fromStdString(sample), QString::fromStdString(path)));
    QFile::setPermissions(QString::fromStdString(path), QFile::ReadOwner | QFile::WriteOwner);
    const std::string before = everything(path);
    QVERIFY2(!before.starts_with("error"), before.c_str());
    QFile old(QString::fromStdString(sample));
    QFile now(QString::fromStdString(path));
    QVERIFY(old.open(QIODevice::ReadOnly) && now.open(QIODevice::ReadOnly));
    QCOMPARE(now.readAll(), old.readAll());
    {
        TAKE(workspace, WorkspaceStore::open(path, Mode::OpenExisting));
        TAKE(sources, workspace->sources());
        QCOMPARE(sources.size(), std::size_t{1});
        QVERIFY(sources[0].contentSha256.empty());
        // Its content is known by the digest of the file; packed or not is the same ledger.
        TAKE(same, workspace->sourceWithDigest(sources[0].sha256));
        QVERIFY(same.has_value());
    }
    QVERIFY(QFileInfo::exists(QString::fromStdString(path + ".v1.backup")));
    QCOMPARE(everything(path), before);
}

QTEST_APPLESS_MAIN(TestWorkspaceFaults)
#include "tst_workspace_faults.moc"
