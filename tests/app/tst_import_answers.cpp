// SPDX-License-Identifier: GPL-3.0-or-later
// What a file leaves open, as its users are asked: on the import page and on the command line.
#include "tests/app/workspace_fixture.h"

#include "app/pages/import_page.h"
#include "app/pages/import_questions.h"
#include "app/shell/main_window.h"
#include "widgets/theme/theme.h"

#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>

using namespace perunit;

namespace {

struct Ran {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

Ran run(const QStringList &arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("PERUNIT_BINARY"), arguments);
    process.waitForFinished(120'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

} // namespace

class TestImportAnswers : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] QString write(const char *name, const QByteArray &content) const
    {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }
    static QPushButton *answerButton(ImportQuestionsCard &card, const QString &start)
    {
        for (QPushButton *button : card.findChildren<QPushButton *>()) {
            if (button->accessibleName().startsWith(start) && button->isVisible())
                return button;
        }
        return nullptr;
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests-answers");
        QSettings().clear();
        QVERIFY(m_folder.isValid());
    }

    void commandLineWaitsForTheAnswer()
    {
        const QString file = write("open.csv", "date,model,cost_usd\n3/8/2026,gpt-4o,1.234\n");
        const QString workspace = m_folder.filePath(QStringLiteral("cli.perunit"));
        const Ran refused = run({"import", "-w", workspace, file});
        QCOMPARE(refused.status, 2);
        QVERIFY2(refused.err.contains("--decimal-mark point|comma and --date-order month-first|day-first"),
                 refused.err.constData());
        QVERIFY(refused.err.contains("comma makes it 1234 and the column 1234"));
        QCOMPARE(run({"import", "-w", workspace, file, "--decimal-mark", "dot"}).status, 2);
        const Ran done =
            run({"import", "-w", workspace, file, "--decimal-mark", "comma", "--date-order", "day-first", "--json"});
        QCOMPARE(done.status, 0);
        QVERIFY(done.out.contains("\"1234\""));
        QVERIFY(done.out.contains("2026-08-03"));
        // One broken file makes it a failure, whatever the other one waits for.
        QCOMPARE(run({"import", "-w", workspace, write("broken.csv", ""),
                      write("again.csv", "day,model,cost_usd\n2026-08-03,gpt-4o,1.234\n")})
                     .status,
                 1);
    }

    void budgetsAreKeptAndListed()
    {
        const QString workspace = m_folder.filePath(QStringLiteral("budget.perunit"));
        const QString file =
            write("plan.csv", "month,amount,currency,team\n2026-08,1500.50,USD,search\n2026-09,many,USD,\n");
        const Ran import = run({"import", "-w", workspace, file});
        QCOMPARE(import.status, 1);
        QVERIFY(import.err.contains("perunit budget import"));
        const Ran kept = run({"budget", "import", "-w", workspace, file});
        QCOMPARE(kept.status, 3);
        QVERIFY2(kept.err.contains("line 3, column amount"), kept.err.constData());
        const Ran list = run({"budget", "list", "-w", workspace, "--json"});
        QCOMPARE(list.status, 0);
        QVERIFY(list.out.contains("\"1500.5\"") && list.out.contains("2026-08") && list.out.contains("search"));
        QCOMPARE(run({"budget", "remove", "-w", workspace, "plan.csv"}).status, 0);
        QVERIFY(!run({"budget", "list", "-w", workspace, "--json"}).out.contains("1500.5"));
        QCOMPARE(run({"budget", "remove", "-w", workspace, "plan.csv"}).status, 1);
    }

    /// What a budget leaves open is refused until it is said, and then known for the next one.
    void openBudgetsAreRefusedOnce()
    {
        const QString workspace = m_folder.filePath(QStringLiteral("open-budget.perunit"));
        const QString first = write("first.csv", "month,budget\n2026-08,1.500\n");
        const Ran refused = run({"budget", "import", "-w", workspace, first});
        QVERIFY(refused.status != 0);
        QVERIFY2(refused.err.contains("--decimal-mark"), refused.err.constData());
        QVERIFY(!QFile::exists(workspace));
        QCOMPARE(run({"budget", "import", "-w", workspace, "--decimal-mark", "comma", first}).status, 0);
        QCOMPARE(
            run({"budget", "import", "-w", workspace, write("second.csv", "month,budget\n2026-09,2.250\n")}).status, 0);
        const Ran list = run({"budget", "list", "-w", workspace, "--json"});
        QVERIFY2(list.out.contains("\"1500\"") && list.out.contains("\"2250\""), list.out.constData());
    }

    void pageAsksAndTakesTheAnswer()
    {
        MainWindow window;
        window.resize(1440, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const QString workspace = m_folder.filePath(QStringLiteral("window.perunit"));
        makeSmallWorkspace(workspace);
        window.openWorkspace(workspace);
        QTRY_COMPARE_WITH_TIMEOUT(window.document().sources().size(), std::size_t{1}, jobTimeout);
        window.showPage(PageId::Import);
        auto *page = static_cast<ImportPage *>(window.page(PageId::Import));
        page->addFiles({write("page.csv", "date,model,cost_usd\n3/8/2026,gpt-4o,1.234\n")});
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady(), jobTimeout);
        auto *card = page->findChild<ImportQuestionsCard *>();
        QVERIFY(card);
        QTRY_VERIFY(card->isVisible());
        // Nothing is imported while something is open.
        page->importAll();
        QCOMPARE(window.document().sources().size(), std::size_t{1});
        QTRY_VERIFY(answerButton(*card, QStringLiteral("Decimal comma")));
        // Nor is a reading shown that nobody chose.
        const auto shown = [page](const char *text) {
            const auto labels = page->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [text](const QLabel *label) {
                return label->isVisible() && label->textFormat() == Qt::RichText
                       && label->text().contains(QLatin1String(text));
            });
        };
        QVERIFY(!shown("1.234") && !shown("1234") && !shown("2026-03-08") && !shown("2026-08-03"));
        answerButton(*card, QStringLiteral("Decimal comma"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady() && answerButton(*card, QStringLiteral("Day first")), jobTimeout);
        QTRY_VERIFY(!answerButton(*card, QStringLiteral("Decimal comma")));
        answerButton(*card, QStringLiteral("Day first"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady() && !answerButton(*card, QStringLiteral("Day first")), jobTimeout);
        QVERIFY(shown("1234") && shown("2026-08-03"));
        page->importAll();
        QTRY_COMPARE_WITH_TIMEOUT(window.document().sources().size(), std::size_t{2}, jobTimeout);
        const Source &source = window.document().sources().back();
        QCOMPARE(source.billed->text(), std::string("1234"));
        QCOMPARE(source.period.from.micros, instantOf(2026, 8, 3).micros);
    }
};

QTEST_MAIN(TestImportAnswers)
#include "tst_import_answers.moc"
