// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace, several programs: the window, commands, and those that are killed.
#include "app/document/workspace_document.h"
#include "widgets/text/text.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace perunit;

namespace {

struct Ran {
    int status = -1;
    QByteArray out;
    QByteArray err;
    [[nodiscard]] QJsonArray sources() const
    {
        return QJsonDocument::fromJson(out).object().value("sources").toArray();
    }
};

Ran run(const QStringList &arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("PERUNIT_BINARY"), arguments);
    process.waitForFinished(120'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

constexpr const char *header = "time,provider,model,input,output,cost\n";
constexpr const char *firstDay = "2026-05-01T08:00:00Z,openai,gpt-4.1,1000000,0,2\n";
constexpr const char *secondDay = "2026-05-02T08:00:00Z,openai,gpt-4.1,2000000,0,4\n";

} // namespace

class TestTwoPrograms : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] QString inFolder(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString write(const QString &name, const QByteArray &content) const
    {
        QFile file(inFolder(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test file cannot be written");
        return file.fileName();
    }
    /// Files of the folder whose names start like this.
    [[nodiscard]] QStringList files(const QString &start) const
    {
        return QDir(m_folder.path()).entryList({start + QLatin1Char('*')}, QDir::Files);
    }

private slots:
    void failedImportLeavesNothing()
    {
        const QString workspace = inFolder("nothing.perunit");
        const QString odd = write("odd.bin", QByteArray("PAR1") + QByteArray(600, '\x01'));
        const Ran failed = run({"import", "-w", workspace, odd, inFolder("absent.csv")});
        QCOMPARE(failed.status, 1);
        QVERIFY(failed.err.contains("absent.csv"));
        QVERIFY(failed.out.isEmpty());
        QCOMPARE(files("nothing"), QStringList{});
        QCOMPARE(run({"overlay", "-w", workspace, "set", odd}).status, 1);
        QCOMPARE(run({"unit", "-w", workspace, "define", odd}).status, 1);
        QCOMPARE(files("nothing"), QStringList{});
    }

    void emptyFileStaysEmpty()
    {
        const QString workspace = write("empty.perunit", {});
        const QString ledger = write("ledger.csv", QByteArray(header) + firstDay);
        const Ran refused = run({"import", "-w", workspace, ledger});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("the file is empty, not a workspace"), refused.err);
        QCOMPARE(QFileInfo(workspace).size(), 0);
        QCOMPARE(files("empty"), QStringList{"empty.perunit"});
    }

    void remarksGoToStandardError()
    {
        const QString ledger = write("rejects.csv", QByteArray(header) + firstDay + "never,openai,gpt-4.1,1,1,1\n");
        const Ran imported = run({"import", "-w", inFolder("remarks.perunit"), ledger});
        QCOMPARE(imported.status, 3);
        QVERIFY2(imported.err.contains("line 3, column time"), imported.err);
        QVERIFY2(!imported.out.contains("never"), imported.out);
        QCOMPARE(files("remarks"), QStringList{"remarks.perunit"});
    }

    void overlapIsAskedAbout_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("total");
        // gpt-4.1 costs 2 dollars per million input tokens: 2 for the first day, 4 for the second.
        QTest::newRow("no answer is refused") << "" << 1 << "2";
        QTest::newRow("skip") << "skip" << 0 << "2";
        QTest::newRow("replace") << "replace" << 0 << "6";
        QTest::newRow("keep") << "keep" << 0 << "8";
    }
    void overlapIsAskedAbout()
    {
        QFETCH(QString, answer);
        QFETCH(int, status);
        QFETCH(QString, total);
        const QString workspace = inFolder("overlap-" + answer + ".perunit");
        QCOMPARE(run({"import", "-w", workspace, write("may.csv", QByteArray(header) + firstDay)}).status, 0);
        const QString more = write("more.csv", QByteArray(header) + firstDay + secondDay);
        QStringList arguments{"import", "-w", workspace, more};
        if (!answer.isEmpty())
            arguments << "--on-overlap" << answer;
        const Ran ran = run(arguments);
        QVERIFY2(ran.status == status, ran.err);
        QVERIFY2(ran.err.contains("'may.csv' and 'more.csv' both cover 2026-05-01"), ran.err);
        QVERIFY2(ran.err.contains("they cost 6 with 'replace', 2 with 'skip', 8 with 'keep'"), ran.err);
        const Ran evaluated = run({"evaluate", "-w", workspace, "--json"});
        const QJsonObject base =
            QJsonDocument::fromJson(evaluated.out).object().value("scenarios").toArray().at(0).toObject();
        QCOMPARE(base.value("total").toString(), total);
        const QJsonArray sources = run({"sources", "-w", workspace, "--json"}).sources();
        const QByteArray warnings = QJsonDocument(sources.at(0).toObject().value("warnings").toArray()).toJson();
        QCOMPARE(warnings.contains("both cover"), answer == "keep");
    }

    void packedLedgerIsTheSame()
    {
        const QString workspace = inFolder("packed.perunit");
        const QString folder = QStringLiteral(PERUNIT_TEST_DATA "/ledgers/containers/");
        QCOMPARE(run({"import", "-w", workspace, folder + "table.csv"}).status, 0);
        const Ran again = run({"import", "-w", workspace, folder + "table.csv.gz", folder + "table.zip"});
        QCOMPARE(again.status, 0);
        QVERIFY(again.err.contains("table.csv.gz: already in the workspace"));
        QVERIFY(again.err.contains("table.zip: already in the workspace"));
        QCOMPARE(run({"sources", "-w", workspace, "--json"}).sources().size(), 1);
    }

    void windowHoldsTheWorkspace()
    {
        const QString workspace = inFolder("held.perunit");
        const QString ledger = write("held.csv", QByteArray(header) + firstDay);
        QCOMPARE(run({"import", "-w", workspace, ledger}).status, 0);
        const QString more = write("later.csv", QByteArray(header) + secondDay);
        {
            WorkspaceDocument window;
            QVERIFY(window.open(workspace));
            QVERIFY(!window.isReadOnly());
            const Ran reading = run({"sources", "-w", workspace, "--json"});
            QCOMPARE(reading.status, 0);
            QCOMPARE(reading.sources().size(), 1);
            const Ran refused = run({"import", "-w", workspace, more});
            QCOMPARE(refused.status, 1);
            QVERIFY2(refused.err.contains("open for writing in a Perunit window (process "
                                          + QByteArray::number(QCoreApplication::applicationPid())),
                     refused.err);
        }
        QCOMPARE(run({"import", "-w", workspace, more}).status, 0);
        QCOMPARE(files("held"), (QStringList{"held.csv", "held.perunit"}));
    }

    void secondWindowOnlyReads()
    {
        const QString workspace = inFolder("shared.perunit");
        WorkspaceDocument first;
        QVERIFY(first.create(workspace));
        WorkspaceDocument second;
        QVERIFY(second.open(workspace));
        QVERIFY2(second.readOnlyReason().contains("a Perunit window"), qPrintable(second.readOnlyReason()));
        QSignalSpy refused(&second, &WorkspaceDocument::editRefused);
        WorkspaceState next = second.state();
        next.settings.horizonMonths = 7;
        second.edit("Change the horizon", next);
        QCOMPARE(refused.count(), 1);
        QVERIFY(second.state().settings.horizonMonths != 7);
        second.import({{write("refused.csv", QByteArray(header) + firstDay), {}}});
        QCOMPARE(refused.count(), 2);
        QVERIFY(!second.isImporting());
        // A copy is the user's own.
        QVERIFY(second.saveAs(inFolder("copy.perunit")));
        QVERIFY(!second.isReadOnly());
        second.edit("Change the horizon", next);
        QCOMPARE(second.state().settings.horizonMonths, 7);
        // What the first one has open cannot be written over.
        QVERIFY(!second.saveAs(workspace));
        first.close();
        QVERIFY(second.open(workspace));
        QVERIFY(!second.isReadOnly());
        QVERIFY(second.state().settings.horizonMonths != 7);
    }

    void killedImportLeavesNoTrace()
    {
        const QString workspace = inFolder("killed.perunit");
        QCOMPARE(run({"import", "-w", workspace, write("kept.csv", QByteArray(header) + firstDay)}).status, 0);
        QByteArray rows = header;
        for (int i = 0; i < 120'000; ++i)
            rows += "2026-06-01T08:00:00Z,openai,gpt-4.1," + QByteArray::number(i) + ",1,1\n";
        const QString large = write("large.csv", rows);
        int killed = 0;
        bool complete = false;
        // Each import lives a little longer than the one before, until one comes to its end.
        for (int round = 0; round < 60 && !complete; ++round) {
            QProcess process;
            process.start(qEnvironmentVariable("PERUNIT_BINARY"), {"import", "-w", workspace, large});
            QVERIFY(process.waitForStarted());
            complete = process.waitForFinished(2 + round * 40);
            if (!complete) {
                process.kill();
                QVERIFY(process.waitForFinished());
                ++killed;
            }
            const Ran after = run({"sources", "-w", workspace, "--json"});
            QVERIFY2(after.status == 0, after.err);
            const QJsonArray sources = after.sources();
            QVERIFY(sources.size() == 1 || sources.at(1).toObject().value("rows_accepted").toInt() == 120'000);
            QCOMPARE(sources.at(0).toObject().value("file").toString(), "kept.csv");
            // The kill may have hit between the commit and the end.
            complete = complete || sources.size() == 2;
        }
        QVERIFY(complete);
        QVERIFY(killed > 0);
        // The lock of a killed program locks nobody out, and nothing else is left.
        QCOMPARE(run({"sources", "-w", workspace, "--undo", "2"}).status, 0);
        QCOMPARE(files("killed"), QStringList{"killed.perunit"});
    }

    void killedFirstImportLeavesNoWorkspace()
    {
        const QString workspace = inFolder("first.perunit");
        QByteArray rows = header;
        for (int i = 0; i < 200'000; ++i)
            rows += "2026-06-01T08:00:00Z,openai,gpt-4.1," + QByteArray::number(i) + ",1,1\n";
        const QString large = write("large-first.csv", rows);
        QProcess process;
        process.start(qEnvironmentVariable("PERUNIT_BINARY"), {"import", "-w", workspace, large});
        QVERIFY(process.waitForStarted());
        (void)process.waitForFinished(60);
        process.kill();
        QVERIFY(process.waitForFinished());
        const Ran again = run({"import", "-w", workspace, large});
        QVERIFY2(again.status == 0, again.err);
        QCOMPARE(run({"sources", "-w", workspace, "--json"}).sources().size(), 1);
    }
};

QTEST_MAIN(TestTwoPrograms)
#include "tst_two_programs.moc"
