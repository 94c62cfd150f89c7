// SPDX-License-Identifier: GPL-3.0-or-later
// `perunit solve` and `perunit analyse` as their users see them: twelve requests of gpt-4.1, whose total is 0.0432.
#include "tests/support/shared_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Ran {
    int status = -1;
    QByteArray out;
    QByteArray err;
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

Ran run(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(QLatin1String(name));
    process.setProcessEnvironment(environment);
    process.start(qEnvironmentVariable("PERUNIT_BINARY"), arguments);
    process.waitForFinished(120'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

QString data(const char *name)
{
    return QStringLiteral(PERUNIT_TEST_DATA "/workspace/") + QLatin1String(name);
}

} // namespace

class TestAnalyseCommand : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_workspace;
    QString m_scenario = data("route_half.perunit-scenario");

    [[nodiscard]] QString write(const char *name, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test file cannot be written");
        return file.fileName();
    }
    [[nodiscard]] Ran analyse(const QStringList &what, const QStringList &more = {}) const
    {
        return run(QStringList{"analyse"} + what + QStringList{"-w", m_workspace} + more);
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_workspace = m_folder.filePath("w.perunit");
        // One row of the file is rejected on purpose.
        QCOMPARE(run({"import", "-w", m_workspace, "--mapping", data("mapping.json"), data("requests.csv")}).status, 3);
        QCOMPARE(run({"unit", "-w", m_workspace, "define", data("conversation.json")}).status, 0);
    }

    void solveNamesTheMillionth()
    {
        // A request costs 0.0036 on gpt-4.1 (2 and 8 a million) and 0.00072 on gpt-4.1-mini (0.4 and 1.6), so that
        // 0.0432 − 0.03456 s ≤ 0.02 from s = 0.671296296….
        const Ran ran = run({"solve", "-w", m_workspace, "-s", m_scenario, "--lever", "routing-1.share", "--target",
                             "total<=0.02", "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        const QJsonObject json = ran.json();
        QCOMPARE(json.value("lever").toString(), "routing-1");
        QCOMPARE(json.value("parameter").toString(), "share");
        QCOMPARE(json.value("target").toString(), "total<=0.02");
        QCOMPARE(json.value("reached").toBool(), true);
        QCOMPARE(json.value("value").toString(), "0.671297");
        QCOMPARE(json.value("outcome").toString(), "0.01999997568");
        QCOMPARE(json.value("just_not").toObject().value("value").toString(), "0.671296");
        QCOMPARE(json.value("met_to").toString(), "1");
        QVERIFY(json.value("evaluations").toInt() > 2);
        QVERIFY(json.value("nearest").toArray().isEmpty());
        const Ran text = run({"solve", "-w", m_workspace, "-s", m_scenario, "--lever", "routing-1", "--target",
                              "unit:conversation<=0.005"});
        // Four conversations.
        QVERIFY2(text.out.contains("67.1297 %: 0.00499999392"), text.out);
    }

    void solveSaysWhatIsUnreachable()
    {
        const Ran ran = run({"solve", "-w", m_workspace, "-s", m_scenario, "--lever", "routing-1.share", "--target",
                             "group:workload=support<=0.001", "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("reached").toBool(), false);
        QVERIFY(ran.json().value("value").isNull());
        QVERIFY(ran.json().value("outcome").isNull());
        const QJsonObject best = ran.json().value("nearest").toArray().at(0).toObject();
        QCOMPARE(best.value("value").toString(), "1");
        QCOMPARE(best.value("outcome").toString(), "0.00432");
        QVERIFY(run({"solve", "-w", m_workspace, "-s", m_scenario, "--lever", "routing-1", "--target", "total<=0.001"})
                    .out.contains("unreachable, the best is"));
        const QJsonObject limited = run({"solve", "-w", m_workspace, "-s", m_scenario, "--lever", "routing-1.share",
                                         "--target", "total<=0.02", "--highest", "0.6", "--json"})
                                        .json();
        QCOMPARE(limited.value("nearest").toArray().at(0).toObject().value("value").toString(), "0.6");
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        const QStringList solve{"solve", "-s", data("route_half.perunit-scenario")};
        QTest::newRow("no target") << solve + QStringList{"--lever", "routing-1.share"} << 2 << "--target";
        QTest::newRow("target") << solve + QStringList{"--lever", "routing-1.share", "--target", "cost<=1"} << 1
                                << "understood are total";
        QTest::newRow("lever") << solve + QStringList{"--lever", "cache-1.share", "--target", "total<=1"} << 1
                               << "it has routing-1";
        QTest::newRow("scenario") << QStringList{"analyse", "tornado", "-s", "none"} << 1 << "no scenario file";
        QTest::newRow("analysis") << QStringList{"analyse"} << 2 << "";
        QTest::newRow("dimension") << QStringList{"analyse", "mix", "2026-09", "2026-09", "--by", "none"} << 1
                                   << "no dimension 'none'";
        QTest::newRow("period") << QStringList{"analyse", "mix", "2026-09", "September"} << 1 << "neither a month";
        QTest::newRow("empty period") << QStringList{"analyse", "mix", "2026-09", "2026-10"} << 1 << "no requests";
        QTest::newRow("floor") << QStringList{"analyse", "routing", "--floor", "90", "--accuracy", "none.csv"} << 1
                               << "between 0 and 1";
        QTest::newRow("range") << QStringList{"analyse", "tornado",
                                              "-s",      data("route_half.perunit-scenario"),
                                              "--range", "routing-1.share=0.3"}
                               << 1 << "LOW..HIGH";
    }

    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, says);
        const Ran ran = run(arguments + QStringList{"-w", m_workspace});
        QCOMPARE(ran.status, status);
        QVERIFY2(QString::fromUtf8(ran.err + ran.out).contains(says), ran.err);
    }

    void everyAnalysisHasHelp_data()
    {
        QTest::addColumn<QString>("analysis");
        for (const char *name : {"tornado", "kill", "savings", "minus", "mix", "routing"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void everyAnalysisHasHelp()
    {
        QFETCH(QString, analysis);
        const Ran ran = run({"analyse", analysis, "--help"});
        QCOMPARE(ran.status, 0);
        QVERIFY(ran.out.contains("--json"));
        QVERIFY(ran.err.isEmpty());
    }

    void tornado()
    {
        const Ran ran = analyse({"tornado", "-s", m_scenario, "--range", "routing-1.share=0..1", "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("present").toString(), "0.02592");
        const QJsonObject share = ran.json().value("rows").toArray().at(0).toObject();
        QCOMPARE(share.value("parameter").toString(), "share");
        QCOMPARE(share.value("at_low").toString(), "0.0432");
        QCOMPARE(share.value("at_high").toString(), "0.00864");
        QCOMPARE(share.value("swing").toString(), "0.03456");
        QCOMPARE(share.value("range").toString(), "stated");
        QVERIFY(analyse({"tornado", "-s", m_scenario}).out.contains("shares ± 10 points"));
    }

    void kill()
    {
        const Ran ran = analyse({"kill", "-s", m_scenario, "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("first_is_lower").toBool(), true);
        const QJsonArray rows = ran.json().value("rows").toArray();
        QCOMPARE(rows.size(), 3);
        for (const QJsonValue &row : rows) {
            if (row.toObject().value("parameter").toString() != "share")
                continue;
            QCOMPARE(row.toObject().value("down").toObject().value("value").toString(), "0");
            QCOMPARE(row.toObject().value("down").toObject().value("margin").toString(), "-1");
            QVERIFY(row.toObject().value("up").toObject().value("value").isNull());
        }
        QVERIFY(analyse({"kill", "-s", m_scenario}).out.contains("never, to 100 %"));
    }

    void savings()
    {
        const Ran ran = analyse({"savings", "-s", m_scenario, "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("joint").toString(), "0.01728");
        const QJsonObject item = ran.json().value("items").toArray().at(0).toObject();
        QCOMPARE(item.value("marginal").toString(), "0.01728");
        QCOMPARE(item.value("shapley").toString(), "0.01728");
        QVERIFY(analyse({"savings", "-s", m_scenario}).out.contains("routing-1"));
    }

    void minus()
    {
        const Ran ran = analyse({"minus", "-s", m_scenario, "--by", "workload", "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("total").toObject().value("difference").toString(), "-0.01728");
        QCOMPARE(ran.json().value("groups").toArray().size(), 2);
        const Ran self = analyse({"minus", "-s", m_scenario, "--minus", m_scenario, "--json"});
        QCOMPARE(self.json().value("total").toObject().value("difference").toString(), "0");
        QVERIFY(analyse({"minus", "-s", m_scenario}).out.contains("component:input"));
    }

    void mix()
    {
        // Six requests on the first two days; on the next two three of search, and three of staging.
        const Ran ran = analyse({"mix", "2026-09-01..2026-09-02", "2026-09-03..2026-09-04", "--by", "model", "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("difference").toString(), "0");
        const Ran workloads =
            analyse({"mix", "2026-09-01..2026-09-02", "2026-09-03..2026-09-04", "--by", "workload", "--json"});
        const QJsonObject effects = workloads.json().value("effects").toObject();
        QCOMPARE(effects.value("new").toString(), "0.0216");
        QCOMPARE(effects.value("ended").toString(), "-0.0216");
        QCOMPARE(workloads.json().value("groups").toArray().size(), 2);
        const Ran unit = analyse({"mix", "2026-09-01..2026-09-01", "2026-09-02..2026-09-02", "--unit", "conversation"});
        QVERIFY2(unit.out.contains("conversation: 1 → 1"), unit.out);
    }

    void routing()
    {
        const QString table = write("accuracy.csv", "class,model,accuracy\n"
                                                    "*,openai/gpt-4.1,0.9\n"
                                                    "*,openai/gpt-4.1-mini,0.8\n"
                                                    "search,openai/gpt-4.1-mini,0.88\n");
        const QString file = m_folder.filePath("routing.perunit-scenario");
        const Ran ran = analyse({"routing", "--floor", "0.87", "--accuracy", table, "--output", file, "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        const QJsonObject json = ran.json();
        QCOMPARE(json.value("reached").toBool(), true);
        // Search goes whole for two hundredths of accuracy; support may lose 0.04 of 0.1: 40 % of it.
        const QJsonArray classes = json.value("classes").toArray();
        QCOMPARE(classes.size(), 2);
        QCOMPARE(classes.at(0).toObject().value("class").toString(), "search");
        QCOMPARE(classes.at(0).toObject().value("model").toString(), "openai/gpt-4.1-mini");
        QCOMPARE(classes.at(1).toObject().value("share").toString(), "0.6");
        QCOMPARE(json.value("optimal").toBool(), true);
        QCOMPARE(json.value("cost").toString(), "0.019008");
        // The scenario that was written costs the same.
        const Ran evaluated = run({"evaluate", "-w", m_workspace, "-s", file, "--json"});
        QVERIFY2(evaluated.status == 0, evaluated.err);
        QCOMPARE(evaluated.json().value("scenarios").toArray().at(1).toObject().value("total").toString(), "0.019008");
        const Ran high = analyse({"routing", "--floor", "0.95", "--accuracy", table});
        QVERIFY(high.out.contains("unreachable, the best accuracy is 0.9"));
    }

    void saysWhenTheTrafficDiffers()
    {
        // Of a model without a price only what is routed away is seen: no saving can be read from that.
        const QString workspace = m_folder.filePath("unpriced.perunit");
        const QString ledger = write("unpriced.csv", "time,provider,model,workload,environment,session_id,input_tokens,"
                                                     "cache_read_tokens,output_tokens\n"
                                                     "2026-09-01T08:00:00Z,openai,nobody,a,prod,s1,1000,0,200\n"
                                                     "2026-09-01T08:01:00Z,openai,gpt-4.1,a,prod,s1,1000,0,200\n");
        QCOMPARE(run({"import", "-w", workspace, "--mapping", data("mapping.json"), ledger}).status, 0);
        const Ran seek = run(
            {"solve", "-w", workspace, "-s", m_scenario, "--lever", "routing-1.share", "--target", "total<=0.0015"});
        QVERIFY2(seek.err.contains("tokens without a price change from 600 to "), seek.err);
        for (const char *what : {"savings", "kill", "tornado"}) {
            const Ran ran = run({"analyse", what, "-w", workspace, "-s", m_scenario});
            QVERIFY2(ran.err.contains("tokens without a price change from"), ran.err);
        }
    }

    void ledgersOfOthers()
    {
        // A whole round over somebody else's ledger: every analysis ends, and its parts foot.
        const QString ledger = sharedData("ledgers/anthropic/console_usage.csv");
        REQUIRE_SHARED(ledger);
        const QString workspace = m_folder.filePath("other.perunit");
        const Ran imported = run({"import", "-w", workspace, ledger});
        QVERIFY2(imported.status == 0 || imported.status == 3, imported.err);
        for (const char *what : {"savings", "tornado", "kill"}) {
            const Ran ran = run({"analyse", what, "-w", workspace, "-s", m_scenario, "--json"});
            QVERIFY2(ran.status == 0, ran.err);
        }
        const Ran seek = run(
            {"solve", "-w", workspace, "-s", m_scenario, "--lever", "routing-1", "--target", "total<=0.5", "--json"});
        QVERIFY2(seek.json().value("reached").toBool(), seek.err);
        const Ran minus = run({"analyse", "minus", "-w", workspace, "-s", m_scenario, "--by", "model", "--json"});
        QVERIFY2(minus.status == 0, minus.err);
        QVERIFY(minus.json().contains("total"));
    }
};

QTEST_GUILESS_MAIN(TestAnalyseCommand)
#include "tst_analyse_command.moc"
