// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as its users see it: the program itself, its exit status, and the shapes of --json.
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
    // The commands must work where there is no display at all.
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

QJsonObject scenarioOf(const QJsonObject &evaluated, int index)
{
    return evaluated.value("scenarios").toArray().at(index).toObject();
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_workspace;

    [[nodiscard]] QString inFolder(const char *name) const { return m_folder.filePath(QLatin1String(name)); }

    /// Writes a file into the folder of the test and returns its path.
    [[nodiscard]] QString write(const char *name, const QByteArray &content) const
    {
        QFile file(inFolder(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test file cannot be written");
        return file.fileName();
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_workspace = m_folder.filePath("w.perunit");
        const Ran imported =
            run({"import", "-w", m_workspace, "--mapping", data("mapping.json"), "--json", data("requests.csv")});
        QVERIFY2(imported.status == 3, imported.err);
        const QJsonObject source = imported.json().value("sources").toArray().at(0).toObject();
        QCOMPARE(source.value("rows_read").toInt(), 13);
        QCOMPARE(source.value("rows_accepted").toInt(), 12);
        QCOMPARE(source.value("rows_rejected").toInt(), 1);
        const QJsonObject reject = source.value("rejects").toArray().at(0).toObject();
        QCOMPARE(reject.value("line").toInt(), 10);
        QCOMPARE(reject.value("column").toString(), "input_tokens");
        QCOMPARE(reject.value("value").toString(), "many");
        QVERIFY(!reject.value("reason").toString().isEmpty());
        const Ran unit = run({"unit", "-w", m_workspace, "define", data("conversation.json")});
        QVERIFY2(unit.status == 0, unit.err);
    }

    void importingAgainStoresNothing()
    {
        const Ran again =
            run({"import", "-w", m_workspace, "--mapping", data("mapping.json"), "--json", data("requests.csv")});
        QVERIFY(again.status == 0 || again.status == 3);
        const Ran sources = run({"sources", "-w", m_workspace, "--json"});
        QCOMPARE(sources.status, 0);
        QCOMPARE(sources.json().value("sources").toArray().size(), 1);
    }

    void offersSayWhatIsNotPublic()
    {
        const Ran ran = run({"catalogue", "list", "--offers", "--json"});
        QCOMPARE(ran.status, 0);
        QMap<QString, QJsonObject> offers;
        const QJsonArray list = ran.json().value("offers").toArray();
        for (const QJsonValue &each : list)
            offers.insert(each.toObject().value("offer").toString(), each.toObject());
        const QJsonObject global = offers.value("azure-ptu-global");
        QCOMPARE(global.value("terms").toArray().at(1).toObject().value("price").toString(), "260");
        const QJsonObject sol = global.value("throughput").toArray().at(0).toObject();
        QCOMPARE(sol.value("model").toString(), "gpt-6-sol");
        QCOMPARE(sol.value("weights").toObject().value("cache_read").toString(), "0.1");
        QCOMPARE(sol.value("long_prompt").toObject().value("gt").toInt(), 272000);
        QVERIFY(offers.value("google-gsu-partner").value("terms").toArray().at(0).toObject().value("price").isNull());
        const QJsonObject hosted =
            offers.value("azure-fireworks-ptu-global").value("throughput").toArray().at(0).toObject();
        QVERIFY(hosted.value("weights").isNull());
        QVERIFY(hosted.value("input_tokens_per_minute").toInt() > 0);
        const Ran table = run({"catalogue", "list", "--offers"});
        QVERIFY(table.out.contains("price, throughput"));
        QVERIFY(table.out.contains("throughput of 35"));
    }

    void harnessPrices()
    {
        const Ran ran = run({"catalogue", "list", "--harness", "--json"});
        QCOMPARE(ran.status, 0);
        const QJsonArray list = ran.json().value("harness").toArray();
        const auto found = std::find_if(list.begin(), list.end(), [](const QJsonValue &each) {
            return each.toObject().value("id").toString() == "aws/egress/internet/over-10tb";
        });
        QVERIFY(found != list.end());
        const QJsonObject price = (*found).toObject();
        QCOMPARE(price.value("component").toString(), "egress");
        QCOMPARE(price.value("lowest").toString(), "0.085");
        QCOMPARE(price.value("highest").toString(), "0.085");
        QCOMPARE(price.value("above").toInt(), 10240);
        QVERIFY(!price.value("source").toString().isEmpty());
        QVERIFY(run({"catalogue", "list", "--harness"}).out.contains("2.5 to 4"));
        QVERIFY(run({"catalogue", "list", "--harness", "--offers"}).status != 0);
    }

    void dryRunLeavesNothingBehind()
    {
        const QString workspace = inFolder("dry.perunit");
        const Ran dry = run({"import", "-w", workspace, "--mapping", data("mapping.json"), "--dry-run", "--json",
                             data("requests.csv")});
        QCOMPARE(dry.status, 3);
        QCOMPARE(dry.json().value("sources").toArray().at(0).toObject().value("rows_accepted").toInt(), 12);
        QVERIFY(!QFileInfo::exists(workspace));
    }

    void anotherMappingReplacesTheEarlierReading()
    {
        const QString workspace = inFolder("again.perunit");
        QCOMPARE(run({"import", "-w", workspace, data("trace.csv")}).status, 0);
        Ran evaluated = run({"evaluate", "-w", workspace, "--json"});
        // Nothing has a price: the total is unknown, not 0.
        QVERIFY(scenarioOf(evaluated.json(), 0).value("total").isNull());
        const QString csv = inFolder("unknown.csv");
        QCOMPARE(run({"export", "-w", workspace, "--output", csv}).status, 0);
        QFile exported(csv);
        QVERIFY(exported.open(QIODevice::ReadOnly));
        QVERIFY(exported.readAll().contains("Baseline,cost,total,,,,USD\r\n"));
        const QString mapping = inFolder("mapping.json");
        QFile file(mapping);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"columns":{},"constants":{"provider":"azure","model":"gpt-4.1"}})");
        file.close();
        const Ran again = run({"import", "-w", workspace, "--mapping", mapping, data("trace.csv")});
        QVERIFY2(again.status == 0, again.err);
        evaluated = run({"evaluate", "-w", workspace, "--json"});
        QCOMPARE(scenarioOf(evaluated.json(), 0).value("total").toString(), "0.0072");
    }

    void moneyThatIsInNoTotalIsSaid_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("check");
        QTest::newRow("recorded cost without tokens")
            << QByteArray("time,provider,model,session_id,cost\n2026-09-01T08:00:00Z,openai,gpt-4.1,s1,2\n"
                          "2026-09-02T08:00:00Z,openai,gpt-4.1,s2,3\n")
            << "Recorded cost";
    }
    void moneyThatIsInNoTotalIsSaid()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, check);
        const QString path = inFolder("money.csv");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const QString workspace = inFolder("money.perunit");
        const Ran imported = run({"import", "-w", workspace, path});
        QVERIFY2(imported.status == 0, imported.err);
        const Ran evaluated = run({"evaluate", "-w", workspace, "--json"});
        bool found = false;
        for (const QJsonValue &each : scenarioOf(evaluated.json(), 0).value("checks").toArray()) {
            if (each.toObject().value("name").toString() == check)
                found = !each.toObject().value("ok").toBool();
        }
        QVERIFY2(found, evaluated.out);
    }

    void addedUpRowsStayBelowTheCliff()
    {
        // Ten requests of 100,000 tokens each cost ten times one, not the price of one prompt of a million.
        const QString path = inFolder("added.csv");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("time,provider,model,num_requests,input_tokens,output_tokens\n"
                   "2026-09-01T08:00:00Z,google,gemini-2.5-pro,10,1000000,1000\n");
        file.close();
        const QString workspace = inFolder("added.perunit");
        QCOMPARE(run({"import", "-w", workspace, path}).status, 0);
        const Ran evaluated = run({"evaluate", "-w", workspace, "--json"});
        QCOMPARE(scenarioOf(evaluated.json(), 0).value("total").toString(), "1.26");
        QCOMPARE(scenarioOf(evaluated.json(), 0).value("requests").toInt(), 10);
    }

    void priceIsExact()
    {
        const Ran price = run({"price", "--provider", "openai", "--model", "gpt-4.1", "--at", "2026-09-01T08:00:00Z",
                               "--usage", R"({"input":1000,"cache_read":0,"output":200})", "--json"});
        QVERIFY2(price.status == 0, price.err);
        QCOMPARE(price.json().value("cost").toString(), "0.0036");
        QCOMPARE(price.json().value("matched_by").toString(), "exact");
        QCOMPARE(price.json().value("lines").toArray().size(), 2);
        QVERIFY(price.json().value("unpriced").toArray().isEmpty());
    }

    void unpricedIsNeverZero()
    {
        const Ran price = run({"price", "--provider", "openai", "--model", "nobody-knows-this-model", "--usage",
                               R"({"input":1000,"output":200})", "--json"});
        QVERIFY(price.json().value("cost").isNull());
        QCOMPARE(price.json().value("unpriced").toArray().size(), 2);
    }

    void unitListHasCostAndRanks()
    {
        const Ran list = run({"unit", "-w", m_workspace, "list", "--json"});
        QVERIFY2(list.status == 0, list.err);
        const QJsonObject unit = list.json().value("units").toArray().at(0).toObject();
        QCOMPARE(unit.value("name").toString(), "conversation");
        QCOMPARE(unit.value("count").toInt(), 4);
        QCOMPARE(unit.value("cost").toString(), "0.0432");
        QCOMPARE(unit.value("cost_per_unit").toString(), "0.0108");
        QCOMPARE(unit.value("p50").toString(), "0.0108");
        QCOMPARE(unit.value("p99").toString(), "0.0108");
    }

    void evaluateComparesWithTheBaseline()
    {
        const Ran evaluated = run({"evaluate", "-w", m_workspace, "-s", data("route_half.perunit-scenario"), "--by",
                                   "workload", "--bridge", "shapley", "--json"});
        QVERIFY2(evaluated.status == 0, evaluated.err);
        const QJsonObject json = evaluated.json();
        QCOMPARE(scenarioOf(json, 0).value("total").toString(), "0.0432");
        const QJsonObject routed = scenarioOf(json, 1);
        QCOMPARE(routed.value("name").toString(), "Route half to the small model");
        QCOMPARE(routed.value("total").toString(), "0.02592");
        QCOMPARE(routed.value("requests").toInt(), 12);
        QCOMPARE(routed.value("units").toArray().at(0).toObject().value("cost_per_unit").toString(), "0.00648");
        QCOMPARE(routed.value("groups").toArray().size(), 2);
        const QJsonObject bridge = json.value("bridge").toObject();
        QCOMPARE(bridge.value("total").toString(), "-0.01728");
        QCOMPARE(bridge.value("parts").toArray().at(0).toObject().value("amount").toString(), "-0.01728");
    }

    void scenarioOfTheWorkspaceIsFoundByName()
    {
        const Ran imported = run({"scenario", "-w", m_workspace, "import", data("route_half.perunit-scenario")});
        QVERIFY2(imported.status == 0, imported.err);
        const Ran evaluated = run({"evaluate", "-w", m_workspace, "-s", "Route half to the small model", "--json"});
        QVERIFY2(evaluated.status == 0, evaluated.err);
        QCOMPARE(scenarioOf(evaluated.json(), 1).value("total").toString(), "0.02592");
    }

    void contractTermsArePricedBesideTheList()
    {
        const QString workspace = inFolder("contract.perunit");
        QVERIFY(QFile::copy(m_workspace, workspace));
        const QString agreement = write("agreement.json", R"({"name":"Agreement","kind":"discount","percent":"12.5",
            "provider":"openai","valid_from":"2026-09-02"})");
        const QStringList request{"price",      "--provider", "openai",
                                  "--model",    "gpt-4.1",    "--at",
                                  "2026-09-03", "--usage",    R"({"input":1000,"output":200})",
                                  "--json"};
        for (const QStringList &from : {QStringList{"--overlays", agreement}, QStringList{"-w", workspace}}) {
            const Ran priced = run(request + from);
            QVERIFY2(priced.status == 0, priced.err);
            QCOMPARE(priced.json().value("cost").toString(), "0.00315");
            QCOMPARE(priced.json().value("list_cost").toString(), "0.0036");
            const QJsonObject line = priced.json().value("lines").toArray().at(0).toObject();
            QCOMPARE(line.value("price_per_million").toString(), "1.75");
            QCOMPARE(line.value("list_price_per_million").toString(), "2");
            QCOMPARE(line.value("list_cost").toString(), "0.002");
            QCOMPARE(line.value("overlays").toArray(), QJsonArray{"Agreement"});
            // For the second round the workspace has the same terms.
            const Ran set = run({"overlay", "-w", workspace, "set", agreement});
            QVERIFY2(set.status == 0, set.err);
        }
        const Ran list = run({"overlay", "-w", workspace, "list", "--json"});
        QCOMPARE(list.json().value("overlays").toArray().size(), 1);
        QCOMPARE(list.json().value("overlays").toArray().at(0).toObject().value("percent").toString(), "12.5");

        // 9 of 12 requests come after the date.
        const QJsonObject outcome = scenarioOf(run({"evaluate", "-w", workspace, "--json"}).json(), 0);
        QCOMPARE(outcome.value("total").toString(), "0.03915");
        QCOMPARE(outcome.value("list_total").toString(), "0.0432");
        QCOMPARE(run({"overlay", "-w", workspace, "remove", "Agreement"}).status, 0);
        const QJsonObject without = scenarioOf(run({"evaluate", "-w", workspace, "--json"}).json(), 0);
        QCOMPARE(without.value("total").toString(), "0.0432");
        QCOMPARE(without.value("list_total").toString(), "0.0432");
        QCOMPARE(run({"overlay", "-w", workspace, "remove", "Agreement"}).status, 1);
    }

    void contractTermsThatChangeNothingAreRefused()
    {
        const QString workspace = inFolder("refused.perunit");
        const auto refused = [&](const char *json, const QStringList &more = {}) {
            return run(QStringList{"overlay", "-w", workspace, "set", write("refused.json", json)} + more);
        };
        const Ran misspelt = refused(R"({"name":"a","kind":"discount","percent":"5","models":["gpt-4.l"]})");
        QCOMPARE(misspelt.status, 1);
        QVERIFY2(misspelt.err.contains("gpt-4.l"), misspelt.err);
        const Ran priced =
            run({"price", "--model", "gpt-4.1", "--usage", R"({"input":1})", "--overlays", inFolder("refused.json")});
        QCOMPARE(priced.status, 1);
        QVERIFY2(priced.err.contains("gpt-4.l"), priced.err);
        QCOMPARE(
            refused(R"({"name":"a","kind":"discount","percent":"5","models":["gpt-4.l"]})", {"--allow-unknown"}).status,
            0);
        const QJsonObject listed = run({"overlay", "-w", workspace, "list", "--json"}).json();
        QCOMPARE(listed.value("overlays").toArray().at(0).toObject().value("unknown").toArray(),
                 QJsonArray{"model 'gpt-4.l'"});
        const Ran damaged = refused(R"([{"name":"b","kind":"discount","percent":"500"}])");
        QCOMPARE(damaged.status, 1);
        QVERIFY2(damaged.err.contains("/0/percent"), damaged.err);
        QCOMPARE(run({"overlay", "-w", workspace, "list", "--json"}).json().value("overlays").toArray().size(), 1);
    }

    void invoicesAreTiedAndCalibrated()
    {
        const QString folder = QStringLiteral(PERUNIT_TEST_DATA "/reconciliation/");
        const QString workspace = inFolder("bill.perunit");
        QCOMPARE(run({"import", "-w", workspace, folder + "usage.csv"}).status, 0);
        QCOMPARE(run({"reconcile", "-w", workspace}).status, 1);
        QCOMPARE(run({"import", "-w", workspace, folder + "invoice.csv"}).status, 0);
        const QString file = inFolder("calibration.json");
        const Ran before = run({"reconcile", "-w", workspace, "--json", "--write-calibration", file});
        QVERIFY2(before.status == 0, before.err);
        const QJsonObject totals = before.json().value("totals").toObject();
        QCOMPARE(totals.value("contracted").toString(), "34.56");
        QCOMPARE(totals.value("billed").toString(), "36.4");
        QCOMPARE(totals.value("difference").toString(), "1.84");
        QCOMPARE(totals.value("buckets").toObject().value("tax").toString(), "5.9");
        QCOMPARE(totals.value("buckets").toObject().value("credit").toString(), "-1");
        QCOMPARE(totals.value("buckets").toObject().value("adjustment").toString(), "0.4");
        QCOMPARE(totals.value("buckets").toObject().value("unknown").toString(), "-3.46");
        const QJsonObject line = before.json().value("lines").toArray().at(1).toObject();
        QCOMPARE(line.value("provider").toString(), "openai");
        QCOMPARE(line.value("month").toString(), "2026-09");
        QCOMPARE(line.value("model").toString(), "gpt-4.1-mini");
        QCOMPARE(line.value("list").toString(), "2.88");
        QCOMPARE(line.value("billed").toString(), "2.59");
        QVERIFY(before.json().value("lines").toArray().at(2).toObject().value("model").isNull());
        QCOMPARE(before.json().value("calibration").toArray().at(0).toObject().value("percent").toString(), "10");

        // On offer is not applied.
        QCOMPARE(run({"reconcile", "-w", workspace, "--json"}).json().value("totals").toObject(), totals);
        QVERIFY(run({"reconcile", "-w", workspace}).out.contains("overlay -w"));
        QCOMPARE(run({"overlay", "-w", workspace, "set", file}).status, 0);
        const Ran after = run({"reconcile", "-w", workspace, "--json"});
        const QJsonObject buckets = after.json().value("totals").toObject().value("buckets").toObject();
        QCOMPARE(buckets.value("unknown").toString(), "0");
        QCOMPARE(buckets.value("rounding").toString(), "-0.004");
        QVERIFY(after.json().value("calibration").toArray().isEmpty());
        QCOMPARE(run({"reconcile", "-w", workspace, "--write-calibration", file}).status, 1);
    }

    void aRequestLogCanBeTheBill()
    {
        const QString workspace = inFolder("log.perunit");
        QCOMPARE(run({"import", "-w", workspace, QStringLiteral(PERUNIT_TEST_DATA "/reconciliation/usage.csv")}).status,
                 0);
        const QString bill = write("log.csv", "time,provider,model,session_id,cost\n"
                                              "2026-09-03T10:00:00Z,openai,gpt-4.1,s1,14.40\n"
                                              "2026-10-03T10:00:00Z,openai,gpt-4.1,s1,7.20\n");
        const Ran imported = run({"import", "-w", workspace, "--on-overlap", "keep", "--json", bill});
        QVERIFY2(imported.status == 0, imported.err);
        const int id = imported.json().value("sources").toArray().at(0).toObject().value("id").toInt();
        const Ran role = run({"sources", "-w", workspace, "--role", QStringLiteral("%1=invoice").arg(id)});
        QVERIFY2(role.status == 0, role.err);
        const QJsonArray lines = run({"reconcile", "-w", workspace, "--json"}).json().value("lines").toArray();
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines.at(0).toObject().value("difference").toString(), "0");
        QCOMPARE(lines.at(1).toObject().value("buckets").toObject().value("not_billed").toString(), "-2.88");
        QCOMPARE(lines.at(2).toObject().value("buckets").toObject().value("tier").toString(), "-7.2");
        QVERIFY(lines.at(2).toObject().value("reason").toString().contains("batch"));
        for (const char *wrong : {"7=invoice", "1=bill", "1=outcome", "1"})
            QCOMPARE(run({"sources", "-w", workspace, "--role", wrong}).status, 1);
    }

    void chartIsWritten_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("magic");
        QTest::newRow("pdf") << "chart.pdf" << QByteArray("%PDF-");
        QTest::newRow("svg") << "chart.svg" << QByteArray("<?xml");
        QTest::newRow("png") << "chart.png" << QByteArray("\x89PNG");
    }
    void chartIsWritten()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, magic);
        const QString path = m_folder.filePath(file);
        const Ran chart = run({"chart", "-w", m_workspace, "-s", data("route_half.perunit-scenario"), "--page",
                               "compare", "--output", path});
        QVERIFY2(chart.status == 0, chart.err);
        QFile written(path);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().startsWith(magic));
    }

    void everyFigureCanBeDrawn_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("figure");
        for (const auto &[page, figures] :
             {std::pair{"home", QStringList{"spend", "components", "breakdown"}},
              std::pair{"units", QStringList{"days", "distribution", "composition"}},
              std::pair{"scenarios", QStringList{"bridge", "months"}},
              std::pair{"compare", QStringList{"components", "unit", "months", "bridge"}}}) {
            for (const QString &figure : figures)
                QTest::addRow("%s %s", page, qPrintable(figure)) << page << figure;
        }
    }
    void everyFigureCanBeDrawn()
    {
        QFETCH(QString, page);
        QFETCH(QString, figure);
        const QString path = m_folder.filePath(page + figure + ".svg");
        const Ran chart = run({"chart", "-w", m_workspace, "-s", data("route_half.perunit-scenario"), "--page", page,
                               "--figure", figure, "--output", path});
        QVERIFY2(chart.status == 0, chart.err);
        QVERIFY(QFileInfo(path).size() > 1000);
    }

    void reportNamesItsFigures()
    {
        const QString path = m_folder.filePath("report.pdf");
        const Ran report =
            run({"report", "-w", m_workspace, "-s", data("route_half.perunit-scenario"), "--output", path});
        QVERIFY2(report.status == 0, report.err);
        QProcess reader;
        reader.start("pdftotext", {"-layout", path, "-"});
        if (!reader.waitForFinished(30'000))
            QSKIP("pdftotext is not installed");
        const QString text = QString::fromUtf8(reader.readAllStandardOutput());
        for (const char *expected : {"Route half to the small model", "Baseline", "conversation", "0.0108", "0.00648"})
            QVERIFY2(text.contains(QLatin1String(expected)), expected);
    }

    void exportIsTidy()
    {
        const QString path = m_folder.filePath("out.csv");
        const Ran exported =
            run({"export", "-w", m_workspace, "-s", data("route_half.perunit-scenario"), "--output", path});
        QVERIFY2(exported.status == 0, exported.err);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.startsWith("scenario,measure,by,key,month,value,unit\r\n"));
        QVERIFY(text.contains("Baseline,cost,total,,,0.0432,USD\r\n"));
        QVERIFY(text.contains("Route half to the small model,cost_per_unit,unit,conversation,,0.00648,USD\r\n"));
    }

    void errorsNameWhatAndWhere_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no such workspace")
            << QStringList{"sources", "-w", "/nowhere/w.perunit"} << 1 << QByteArray("/nowhere/w.perunit");
        QTest::newRow("no such scenario") << QStringList{"evaluate", "-w", "W", "-s", "Nothing of this name"} << 1
                                          << QByteArray("Nothing of this name");
        QTest::newRow("no such dimension")
            << QStringList{"evaluate", "-w", "W", "--by", "colour"} << 1 << QByteArray("colour");
        QTest::newRow("unknown command option") << QStringList{"evaluate", "--nonsense"} << 2 << QByteArray();
        QTest::newRow("missing workspace option") << QStringList{"evaluate"} << 2 << QByteArray("workspace");
        QTest::newRow("unknown format of export")
            << QStringList{"export", "-w", "W", "--output", "x.doc"} << 1 << QByteArray(".csv");
        QTest::newRow("unknown command") << QStringList{"evalute", "-w", "W"} << 2 << QByteArray("evalute");
        QTest::newRow("unknown unit of a report")
            << QStringList{"report", "-w", "W", "--unit", "nosuch", "--output", "x.pdf"} << 1 << QByteArray("nosuch");
        QTest::newRow("usage that is no JSON")
            << QStringList{"price", "--provider", "openai", "--model", "gpt-4.1", "--usage", "{"} << 1
            << QByteArray("usage");
    }
    void errorsNameWhatAndWhere()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QByteArray, says);
        arguments.replaceInStrings(QRegularExpression("^W$"), m_workspace);
        const Ran failed = run(arguments);
        QCOMPARE(failed.status, status);
        QVERIFY(!failed.err.isEmpty());
        QVERIFY2(failed.err.contains(says), failed.err);
    }

    void windowWithoutDisplayExplainsItself()
    {
        const Ran failed = run({m_workspace});
        QCOMPARE(failed.status, 1);
        QVERIFY2(failed.err.contains("display"), failed.err);
    }

    void realTraceFromTheCommandLine()
    {
        const QString path = sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz");
        REQUIRE_SHARED(path);
        const QString workspace = inFolder("trace.perunit");
        const Ran imported = run({"import", "-w", workspace, "--json", path});
        QVERIFY2(imported.status == 0, imported.err);
        QVERIFY(imported.json().value("sources").toArray().at(0).toObject().value("requests").toInteger() > 0);
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
