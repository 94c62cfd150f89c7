// SPDX-License-Identifier: GPL-3.0-or-later
// Catalogues and price sheets on the command line: check, import and price with them, through the built program.
#include "tests/app/workspace_fixture.h"

#include "app/document/file_kind.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace perunit;

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
    process.start(qEnvironmentVariable("PERUNIT_BINARY"), arguments);
    process.waitForFinished(120'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

QString data(const char *name)
{
    return testData("pricing/") + QLatin1String(name);
}

} // namespace

class TestCatalogueCommand : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] QString written(const char *name, const QByteArray &content) const
    {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", name);
        return path;
    }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void checkWithoutFilesLooksAtTheShippedOnes()
    {
        const Ran checked = run({"catalogue", "check", "--json"});
        const QJsonArray files = checked.json().value("files").toArray();
        QVERIFY(files.size() >= 15);
        bool ok = true;
        for (const auto &file : files)
            ok = ok && file.toObject().value("ok").toBool();
        QCOMPARE(checked.status, ok ? 0 : 1);
    }

    void checkFindsFaults_data()
    {
        QTest::addColumn<QByteArray>("rate");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("kind");
        QTest::newRow("clean") << QByteArray(R"("per_million_tokens":{"input":"1","output":"2"})") << 0 << "";
        QTest::newRow("warning alone") << QByteArray(R"("per_million_tokens":{"input":"2","output":"1"})") << 0
                                       << "output-below-input";
        QTest::newRow("error") << QByteArray(R"("per_million_tokens":{"input":"2000","output":"2000"})") << 1 << "unit";
        QTest::newRow("unreadable") << QByteArray(R"("tire":"batch")") << 1 << "unreadable";
    }
    void checkFindsFaults()
    {
        QFETCH(QByteArray, rate);
        QFETCH(int, status);
        QFETCH(QString, kind);
        const QString path =
            written("own.json", R"({"format":"perunit/catalogue","version":1,"id":"x","as_of":"2026-01-01","models":[
                {"provider":"openai","model":"a","rates":[{"id":"r1","source":"s","checked":"2026-01-01","grade":"A",)"
                                    + rate + "}]}]}");
        const Ran checked = run({"catalogue", "check", "--json", path});
        QCOMPARE(checked.status, status);
        const QJsonObject file = checked.json().value("files").toArray().at(0).toObject();
        QCOMPARE(file.value("ok").toBool(), status == 0);
        const QJsonObject finding = file.value("findings").toArray().at(0).toObject();
        QCOMPARE(finding.value("kind").toString(), kind);
        if (kind.isEmpty())
            return;
        QVERIFY(finding.value("path").toString().startsWith("/models/0/rates/0"));
        const Ran text = run({"catalogue", "check", path});
        QCOMPARE(text.status, status);
        QVERIFY2(text.out.contains("/models/0/rates/0"), text.out);
        QVERIFY2(text.out.contains("1 file checked"), text.out);
    }

    void checkNamesAFileThatIsNotThere()
    {
        const Ran checked = run({"catalogue", "check", "/nowhere/x.json"});
        QCOMPARE(checked.status, 1);
        QVERIFY(checked.err.contains("/nowhere/x.json"));
    }

    void checkReadsSheets()
    {
        const Ran good = run({"catalogue", "check", "--json", data("price_sheet_with_units.csv")});
        QVERIFY(good.json().value("files").toArray().at(0).toObject().contains("findings"));
        const Ran bad = run({"catalogue", "check", data("price_sheet.csv")});
        QCOMPARE(bad.status, 1);
        QVERIFY2(bad.out.contains("no unit says"), bad.out);
    }

    void pricesWithASheet()
    {
        const Ran priced =
            run({"price", "--provider", "openai", "--model", "house-large", "--usage",
                 R"({"input":1000000,"output":1000000})", "--catalogue", data("price_sheet_with_units.csv"), "--json"});
        QCOMPARE(priced.status, 0);
        QCOMPARE(priced.json().value("cost").toString(), QString("7.5"));
    }

    void aDryRunAndAFailureLeaveNothingBehind()
    {
        const QString workspace = m_folder.filePath("never.perunit");
        const QString good = written("good.json", R"({"m-1":{"litellm_provider":"openai","mode":"chat",
            "input_cost_per_token":1e-6,"output_cost_per_token":2e-6}})");
        const Ran dry = run({"catalogue", "import", "-w", workspace, "--dry-run", "--json", good});
        QCOMPARE(dry.status, 0);
        QCOMPARE(dry.json().value("models").toInt(), 1);
        QVERIFY(!dry.json().value("added").toBool());
        QVERIFY(!QFile::exists(workspace));
        const QString bad = written("bad.json", R"({"m-1":{"litellm_provider":"openai","mode":"chat",
            "input_cost_per_token":"many","output_cost_per_token":-2e-6}})");
        const Ran failed = run({"catalogue", "import", "-w", workspace, bad});
        QCOMPARE(failed.status, 1);
        QVERIFY(failed.out.isEmpty());
        QVERIFY2(failed.err.contains("bad.json, /m-1/input_cost_per_token: "), failed.err);
        QVERIFY(!QFile::exists(workspace));
        const QString cut = written("cut.json", "[{");
        const Ran unreadable = run({"catalogue", "import", "-w", workspace, cut});
        QCOMPARE(unreadable.status, 1);
        QVERIFY2(unreadable.err.contains("cut.json, line 1, column"), unreadable.err);
    }

    void importsASheetThroughAMapping()
    {
        const QString workspace = m_folder.filePath("w.perunit");
        // Without the mapping nothing says what the prices are for, and nothing is guessed.
        const Ran refused = run({"catalogue", "import", "-w", workspace, data("price_sheet.csv")});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("no unit says"), refused.err);
        const Ran imported = run({"catalogue", "import", "-w", workspace, "--mapping", data("price_sheet_mapping.json"),
                                  "--json", data("price_sheet.csv")});
        QCOMPARE(imported.status, 3);
        QCOMPARE(imported.json().value("models").toInt(), 2);
        const QJsonArray issues = imported.json().value("issues").toArray();
        QCOMPARE(issues.size(), imported.json().value("left_out").toInt());
        QCOMPARE(issues.at(0).toObject().value("path").toString(), QString("line 4, column Input price"));
        // The workspace keeps the sheet with its mapping.
        const Ran shown = run({"catalogue", "show", "-w", workspace, "--json", "openai/house-large"});
        QCOMPARE(shown.status, 0);
        const QJsonArray rates = shown.json().value("rates").toArray();
        QCOMPARE(rates.size(), 2);
        QCOMPARE(rates.at(1).toObject().value("prices_per_million").toObject().value("cache_read").toString(),
                 QString("0.12"));
        QCOMPARE(rates.at(1).toObject().value("from").toString(), QString("2026-07-01T00:00:00Z"));
    }

    void mappingIsForSheetsOnly()
    {
        const QString workspace = m_folder.filePath("json.perunit");
        const Ran refused = run({"catalogue", "import", "-w", workspace, "--mapping", data("price_sheet_mapping.json"),
                                 data("openrouter_sample.json")});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("mapping"), refused.err);
        const Ran imported = run({"catalogue", "import", "-w", workspace, data("openrouter_sample.json")});
        QCOMPARE(imported.status, 3);
        QVERIFY2(imported.err.contains("/data/1/pricing/prompt"), imported.err);
    }

    void sheetsInOtherEncodingsAreKept()
    {
        const QString path = written("umlaut.csv", "Anbieter;Modell;Eingabe $/1K\nMistral AI;gro\xDF;0,0018\n");
        auto added = readAddedCatalogue(path.toStdString(), alwaysBefore);
        QVERIFY2(added.ok(), added ? "" : added.error().text().c_str());
        QCOMPARE(added->content->models.front().key.model, std::string("groß"));
        const QString workspace = m_folder.filePath("umlaut.perunit");
        QCOMPARE(run({"catalogue", "import", "-w", workspace, path}).status, 0);
        const auto store = WorkspaceStore::open(workspace.toStdString(), WorkspaceStore::Mode::OpenExisting);
        QVERIFY(store.ok());
        const auto state = readState(**store);
        QVERIFY2(state.ok(), state ? "" : state.error().text().c_str());
        QCOMPARE(state->catalogues.front().content->models.front().key.model, std::string("groß"));
    }

    void anotherCurrencyIsRefused()
    {
        const QString path = written("euro.csv", "Anbieter;Modell;Eingabe \x80/1K\nMistral AI;groot;0,0018\n");
        const Ran refused = run({"catalogue", "import", "-w", m_folder.filePath("euro.perunit"), path});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("EUR") && refused.err.contains("convert"), refused.err);
    }

    void importSaysWhatWouldChange()
    {
        const QString workspace = m_folder.filePath("diff.perunit");
        makeSmallWorkspace(workspace);
        const QString file = testData("workspace/litellm.json");
        const Ran dry = run({"catalogue", "import", "-w", workspace, "--json", "--dry-run", file});
        QCOMPARE(dry.status, 3);
        QCOMPARE(dry.json().value("added").toBool(true), false);
        QCOMPARE(dry.json().value("format").toString(), QString("litellm"));
        QCOMPARE(dry.json().value("diff").toObject().value("new").toArray().size(), 1);
        QCOMPARE(dry.json().value("held_back").toArray().size(), 1);
        QVERIFY2(dry.err.contains("--effective-from"), dry.err);
        auto store = WorkspaceStore::open(fromQt(workspace), WorkspaceStore::Mode::OpenExisting);
        QVERIFY(store);
        QVERIFY(readState(**store)->catalogues.empty());
        const Ran taken = run({"catalogue", "import", "-w", workspace, "--json", "--accept-suspicious",
                               "--effective-from", "always", file});
        QCOMPARE(taken.status, 3); // one entry is far too dear and left out
        QCOMPARE(taken.json().value("held_back").toArray().size(), 0);
        const QJsonObject effect = taken.json().value("effect").toObject();
        QCOMPARE(effect.value("before").toString(), QString("0.0432"));
        QCOMPARE(effect.value("after").toString(), QString("0.0216"));
        QCOMPARE(run({"evaluate", "-w", workspace, "--json"})
                     .json()
                     .value("scenarios")
                     .toArray()
                     .at(0)
                     .toObject()
                     .value("total")
                     .toString(),
                 QString("0.0216"));
    }

    void diffComparesFilesAndPricesTheTraffic()
    {
        const QString workspace = m_folder.filePath("traffic.perunit");
        makeSmallWorkspace(workspace);
        const Ran diff = run({"catalogue", "diff", "bundled", testData("workspace/litellm.json"), "-w", workspace,
                              "--json", "--at", "2026-11-21"});
        QCOMPARE(diff.status, 0);
        QVERIFY(diff.err.isEmpty());
        const QJsonArray changes = diff.json().value("changes").toArray();
        const auto input = std::find_if(changes.begin(), changes.end(), [](const QJsonValue &change) {
            return change["class"] == "input" && change["tier"] == "standard" && change["region"].isNull();
        });
        QVERIFY(input != changes.end());
        const QJsonObject found = (*input).toObject();
        QCOMPARE(found.value("before_per_million").toString(), QString("2"));
        QCOMPARE(found.value("after_per_million").toString(), QString("1"));
        QCOMPARE(found.value("suspicious").toBool(), true);
        QVERIFY(diff.json().value("gone").toArray().size() > 100);
        QCOMPARE(diff.json().value("effect").toObject().value("after").toString(), QString("0.0216"));
        QVERIFY(run({"catalogue", "diff", "bundled", "bundled"}).out.startsWith("0 new models, 0 gone"));
        QCOMPARE(run({"catalogue", "diff", "bundled", "/nowhere.json"}).status, 1);
        QCOMPARE(run({"catalogue", "diff", "bundled", "workspace"}).status, 1);
    }

    void recordedNamesAreMapped()
    {
        const QString workspace = m_folder.filePath("names.perunit");
        makeSmallWorkspace(workspace);
        const auto first = [&workspace] {
            return run({"catalogue", "names", "-w", workspace, "--json"})
                .json()
                .value("names")
                .toArray()
                .at(0)
                .toObject();
        };
        QCOMPARE(first().value("model").toString(), QString("openai/gpt-4.1"));
        QCOMPARE(first().value("rule").toString(), QString("exact"));
        QCOMPARE(
            run({"catalogue", "map", "-w", workspace, "--provider", "openai", "gpt-4.1", "openai/gpt-4.1-mini"}).status,
            0);
        QCOMPARE(first().value("model").toString(), QString("openai/gpt-4.1-mini"));
        QCOMPARE(first().value("rule").toString(), QString("mapping"));
        QCOMPARE(run({"catalogue", "unmap", "-w", workspace, "--provider", "openai", "gpt-4.1"}).status, 0);
        QCOMPARE(first().value("model").toString(), QString("openai/gpt-4.1"));
        QCOMPARE(run({"catalogue", "unmap", "-w", workspace, "gpt-4.1"}).status, 1);
        QCOMPARE(run({"catalogue", "map", "-w", workspace, "gpt-4.1", "openai/no-such-model"}).status, 1);
        QCOMPARE(run({"catalogue", "map", "-w", workspace, "gpt-4.1", "gpt-4.1-mini"}).status, 1);
    }

    void kindsOfFiles_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, const QString &path, FileKind kind) {
            QTest::newRow(name) << path << static_cast<int>(kind);
        };
        row("price sheet", data("price_sheet.csv"), FileKind::Catalogue);
        row("price sheet with semicolons", data("price_sheet_with_units.csv"), FileKind::Catalogue);
        row("models.dev", data("models_dev_sample.json"), FileKind::Catalogue);
        row("OpenRouter", data("openrouter_sample.json"), FileKind::Catalogue);
        row("llm-prices", data("llm_prices_historical.json"), FileKind::Catalogue);
        row("ledger", testData("workspace/requests.csv"), FileKind::Ledger);
        row("trace", testData("workspace/trace.csv"), FileKind::Ledger);
        row("scenario", testData("workspace/route_half.perunit-scenario"), FileKind::Scenario);
        row("nothing", "/nowhere/x.csv", FileKind::Ledger);
    }
    void kindsOfFiles()
    {
        QFETCH(QString, path);
        QFETCH(int, kind);
        QCOMPARE(static_cast<int>(kindOfFile(path.toStdString())), kind);
    }
};

QTEST_MAIN(TestCatalogueCommand)
#include "tst_catalogue_command.moc"
