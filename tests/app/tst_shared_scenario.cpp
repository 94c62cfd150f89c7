// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario goes to a colleague who has no ledger: on the command line and into a workspace.
#include "app/document/shared_scenario.h"
#include "app/shell/main_window.h"
#include "tests/app/workspace_fixture.h"
#include "tests/support/perunit_process.h"
#include "tests/support/shared_data.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace perunit;

class TestSharedScenario : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_workspace;
    QString m_shared;

    [[nodiscard]] static QString data(const char *name)
    {
        return QStringLiteral(PERUNIT_TEST_DATA "/workspace/") + QLatin1String(name);
    }
    [[nodiscard]] static QJsonArray scenariosOf(const QString &workspace, const QStringList &more)
    {
        const Ran ran = run(QStringList{"evaluate", "-w", workspace, "--json", "--by", "workload"} + more);
        if (ran.status != 0)
            qWarning("%s", ran.err.constData());
        return ran.json().value("scenarios").toArray();
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests-shared");
        QSettings().clear();
        QVERIFY(m_folder.isValid());
        m_workspace = m_folder.filePath("own.perunit");
        m_shared = m_folder.filePath("shared.perunit-scenario");
        const Ran imported =
            run({"import", "-w", m_workspace, "--mapping", data("mapping.json"), data("requests.csv")});
        QVERIFY2(imported.status == 3, imported.err);
        for (const QStringList &step :
             {QStringList{"unit", "-w", m_workspace, "define", data("conversation.json")},
              QStringList{"scenario", "-w", m_workspace, "import", data("route_half.perunit-scenario")}}) {
            const Ran ran = run(step);
            QVERIFY2(ran.status == 0, ran.err);
        }
        const QJsonArray list =
            run({"scenario", "-w", m_workspace, "list", "--json"}).json().value("scenarios").toArray();
        const Ran shared = run({"scenario", "-w", m_workspace, "export", list.at(0).toObject().value("name").toString(),
                                "--with-baseline", "--output", m_shared});
        QVERIFY2(shared.status == 0, shared.err);
    }

    void sameNumbersWithoutTheLedger()
    {
        const QStringList scenario{"-s", m_shared};
        const QJsonArray own = scenariosOf(m_workspace, scenario);
        const QJsonArray theirs = scenariosOf(m_shared, scenario);
        QCOMPARE(own.size(), 2);
        QCOMPARE(theirs.size(), 2);
        for (int i = 0; i < own.size(); ++i) {
            for (const char *figure : {"total", "components", "months", "groups", "requests", "tokens", "units"})
                QCOMPARE(theirs.at(i).toObject().value(QLatin1String(figure)),
                         own.at(i).toObject().value(QLatin1String(figure)));
        }
        QVERIFY(own.at(0).toObject().value("total").toString() != own.at(1).toObject().value("total").toString());
        QCOMPARE(own.at(0).toObject().value("units").toArray().at(0).toObject().value("count").toInt(), 4);
    }

    void otherPricesAreSaid()
    {
        const auto failed = [](const QString &shared) {
            QStringList details;
            const QJsonArray scenarios = scenariosOf(shared, {"-s", shared});
            for (const QJsonValue check : scenarios.at(0).toObject().value("checks").toArray()) {
                const QJsonObject each = check.toObject();
                if (each.value("name").toString() == "Shared baseline" && !each.value("ok").toBool())
                    details << each.value("detail").toString();
            }
            return details;
        };
        QCOMPARE(failed(m_shared), QStringList());
        // As if its author had had the prices of another version.
        QFile file(m_shared);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
        QJsonObject origin = json.value("origin").toObject();
        QVERIFY(!origin.value("catalogue_digest").toString().isEmpty());
        origin["catalogue_digest"] = QStringLiteral("another");
        json["origin"] = origin;
        const QString other = m_folder.filePath("other.perunit-scenario");
        QFile changed(other);
        QVERIFY(changed.open(QIODevice::WriteOnly));
        changed.write(QJsonDocument(json).toJson());
        changed.close();
        QCOMPARE(failed(other).size(), 1);
        QVERIFY(failed(other).at(0).contains("totals may differ"));
    }

    void nobodyIsNamed()
    {
        QFile file(m_shared);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.contains("gpt-4.1"));
        QVERIFY(!text.contains("\"s1\"") && !text.contains("session_id") && !text.contains("requests.csv"));
    }

    void otherLeversCanBeMoved()
    {
        const QStringList question{"solve",           "-s",       m_shared,      "--lever",
                                   "routing-1.share", "--target", "total<=0.03", "--json"};
        const QJsonObject own = run(QStringList(question) << "-w" << m_workspace).json();
        const QJsonObject theirs = run(QStringList(question) << "-w" << m_shared).json();
        QCOMPARE(theirs.value("value"), own.value("value"));
        QCOMPARE(theirs.value("outcome"), own.value("outcome"));
    }

    void becomesAWorkspace()
    {
        const QString workspace = m_folder.filePath("theirs.perunit");
        const Ran imported = run({"scenario", "-w", workspace, "import", m_shared});
        QVERIFY2(imported.status == 0, imported.err);
        QCOMPARE(scenariosOf(workspace, {"-s", m_shared}), scenariosOf(m_shared, {"-s", m_shared}));
        // Sources of one's own take the place of the shared baseline.
        const Ran own = run({"import", "-w", workspace, "--mapping", data("mapping.json"), data("requests.csv")});
        QVERIFY2(own.status == 3, own.err);
        const QJsonArray now = scenariosOf(workspace, {});
        QCOMPARE(now.at(0).toObject().value("total"), scenariosOf(m_workspace, {}).at(0).toObject().value("total"));
        for (const QJsonValue check : now.at(0).toObject().value("checks").toArray())
            QVERIFY(check.toObject().value("name").toString() != "Shared baseline");
    }

    void canOnlyBeRead()
    {
        const Ran other = run({"settings", "-w", m_shared, "--horizon", "12"});
        QVERIFY(other.status == 1);
        QVERIFY2(other.err.contains("can only be read"), other.err);
    }

    void droppedOnAnEmptyWindow()
    {
        MainWindow own;
        QVERIFY(own.openWorkspace(m_workspace));
        QTRY_VERIFY_WITH_TIMEOUT(own.document().outcomes() != nullptr, jobTimeout);
        MainWindow window;
        window.resize(1440, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.openFiles({m_shared});
        QTRY_VERIFY_WITH_TIMEOUT(window.document().outcomes() && window.document().history(), jobTimeout);
        QVERIFY(window.document().isShared());
        QVERIFY(window.document().hasLedger());
        const auto &theirs = *window.document().outcomes();
        QCOMPARE(theirs.scenarios.size(), std::size_t{1});
        QVERIFY(theirs.scenarios[0].outcome);
        QVERIFY(theirs.scenarios[0].outcome->total() == own.document().outcomes()->scenarios[0].outcome->total());
        QVERIFY(theirs.base.units[0].count == own.document().outcomes()->base.units[0].count);
        // Levers move, and everything is undone again.
        WorkspaceState next = window.document().state();
        next.scenarios.scenarios[0].levers[0].numbers["share"] = 0;
        window.document().edit(QStringLiteral("none"), next);
        QTRY_VERIFY_WITH_TIMEOUT(window.document().outcomes()
                                     && window.document().outcomes()->scenarios[0].outcome->total()
                                            == window.document().outcomes()->base.total(),
                                 jobTimeout);
        // A window with figures of its own takes the scenario only.
        own.openFiles({m_shared});
        QTRY_COMPARE_WITH_TIMEOUT(own.document().state().scenarios.scenarios.size(), std::size_t{1}, jobTimeout);
        QVERIFY(!own.document().isShared());
    }

    void withoutABaseline()
    {
        const Ran ran = run({"evaluate", "-w", data("route_half.perunit-scenario"), "--json"});
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.err.contains("carries no baseline"), ran.err);
    }
};

QTEST_MAIN(TestSharedScenario)
#include "tst_shared_scenario.moc"
