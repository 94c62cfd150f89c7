// SPDX-License-Identifier: GPL-3.0-or-later
// `perunit explain` as its users see it: the shape of --json, the table, and cells that do not exist.
#include "tests/support/perunit_process.h"
#include "tests/support/shared_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace {

QString data(const char *name)
{
    return QStringLiteral(PERUNIT_TEST_DATA "/workspace/") + QLatin1String(name);
}

} // namespace

class TestExplainCommand : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_workspace;

    [[nodiscard]] Ran explained(const QString &cell, const QStringList &more = {}) const
    {
        return run(QStringList{"explain", "-w", m_workspace, "--cell", cell} + more);
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_workspace = m_folder.filePath("w.perunit");
        const Ran imported =
            run({"import", "-w", m_workspace, "--mapping", data("mapping.json"), data("requests.csv")});
        QVERIFY2(imported.status == 3, imported.err);
        const Ran unit = run({"unit", "-w", m_workspace, "define", data("conversation.json")});
        QVERIFY2(unit.status == 0, unit.err);
    }

    void totalIsTokensTimesPrices()
    {
        const Ran ran = explained("total", {"--json", "--rows", "2"});
        QVERIFY2(ran.status == 0, ran.err);
        const QJsonObject json = ran.json();
        QCOMPARE(json.value("cell").toString(), "total");
        QCOMPARE(json.value("amount").toString(), "0.0432");
        QCOMPARE(json.value("sum").toString(), "0.0432");
        QVERIFY(json.value("levers").toArray().isEmpty());
        const QJsonArray lines = json.value("lines").toArray();
        QCOMPARE(lines.size(), 2);
        const QJsonObject input = lines.at(0).toObject();
        QCOMPARE(input.value("class").toString(), "input");
        QCOMPARE(input.value("rows").toInt(), 12);
        QCOMPARE(input.value("tokens").toInt(), 12'000);
        QCOMPARE(input.value("share").toString(), "1");
        QCOMPARE(input.value("price_per_million").toString(), "2");
        QVERIFY(!input.value("price_entry").toString().isEmpty());
        QCOMPARE(input.value("amount").toString(), "0.024");
        const QJsonArray rows = input.value("ledger_rows").toArray();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.at(0).toObject().value("file").toString(), "requests.csv");
        QCOMPARE(rows.at(0).toObject().value("time").toString(), "2026-09-01T08:00:00Z");
        QCOMPARE(rows.at(0).toObject().value("tokens").toInt(), 1000);
        QCOMPARE(lines.at(1).toObject().value("class").toString(), "output");
        QCOMPARE(lines.at(1).toObject().value("amount").toString(), "0.0192");
    }

    void scenarioNamesItsLever()
    {
        const Ran ran = explained("component:input, month:2026-09, workload=support",
                                  {"-s", data("route_half.perunit-scenario"), "--json"});
        QVERIFY2(ran.status == 0, ran.err);
        const QJsonObject json = ran.json();
        QCOMPARE(json.value("levers").toArray().size(), 1);
        const QJsonObject lever = json.value("levers").toArray().at(0).toObject();
        QCOMPARE(lever.value("kind").toString(), "routing");
        QVERIFY(lever.value("effect").toString().startsWith("50 % of the requests go to "));
        const QJsonArray lines = json.value("lines").toArray();
        QCOMPARE(lines.size(), 2);
        const QJsonObject factor = lines.at(0).toObject().value("factors").toArray().at(0).toObject();
        QCOMPARE(factor.value("label").toString(), "not routed");
        QCOMPARE(factor.value("value").toString(), "0.5");
        QCOMPARE(factor.value("lever").toString(), lever.value("id").toString());
        QCOMPARE(json.value("sum").toString(), json.value("amount").toString());
    }

    void unitsAreDivided()
    {
        const QJsonObject one = explained("unit:conversation", {"--json"}).json();
        QCOMPARE(one.value("amount").toString(), "0.0108");
        QCOMPARE(one.value("cost").toString(), "0.0432");
        QCOMPARE(one.value("count").toString(), "4");
        QCOMPARE(one.value("lines").toArray().at(0).toObject().value("amount").toString(), "0.006");
        QCOMPARE(one.value("lines").toArray().at(0).toObject().value("cost").toString(), "0.024");
        const QJsonObject count = explained("unit:conversation, figure:count", {"--json"}).json();
        QCOMPARE(count.value("amount").toString(), "4");
        QVERIFY(count.value("currency").isNull());
    }

    void tableForPeople()
    {
        const Ran ran = explained("component:output", {"--rows", "1"});
        QVERIFY2(ran.status == 0, ran.err);
        for (const char *text : {"0.0192 USD = 2400 output × 1 × 8 per million", "openai/gpt-4.1", "sum 0.0192",
                                 "the first 1 of 12 ledger rows", "requests.csv"})
            QVERIFY2(ran.out.contains(text), ran.out);
    }

    void wrongCellsSayWhatThereIs_data()
    {
        QTest::addColumn<QString>("cell");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("month") << "month:2020-01" << QByteArray("2026-09");
        QTest::newRow("component") << "component:inputs" << QByteArray("cache_read");
        QTest::newRow("unit") << "unit:ticket" << QByteArray("conversation");
        QTest::newRow("dimension") << "departement=x" << QByteArray("workload");
        QTest::newRow("value") << "workload=nobody" << QByteArray("support");
    }

    void wrongCellsSayWhatThereIs()
    {
        QFETCH(QString, cell);
        QFETCH(QByteArray, says);
        const Ran ran = explained(cell);
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.out.isEmpty());
        QVERIFY2(ran.err.contains(says), ran.err);
    }
};

QTEST_GUILESS_MAIN(TestExplainCommand)
#include "tst_explain_command.moc"
