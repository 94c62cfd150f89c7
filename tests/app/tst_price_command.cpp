// SPDX-License-Identifier: GPL-3.0-or-later
// `perunit price` as its users see it: lists of requests, providers' own usage blocks, catalogues of others.
#include "tests/support/shared_data.h"

#include <QFile>
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
    /// One object a line, as lists are answered.
    [[nodiscard]] QList<QJsonObject> lines() const
    {
        QList<QJsonObject> result;
        for (const QByteArray &line : out.trimmed().split('\n'))
            result << QJsonDocument::fromJson(line).object();
        return result;
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

constexpr const char *liteLlm = R"json({
 "small": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6,
           "input_cost_per_token_priority": 4e-6},
 "wandb/wrong": {"litellm_provider": "wandb", "mode": "chat", "input_cost_per_token": 0.015,
                 "output_cost_per_token": 0.06}
})json";

} // namespace

class TestPriceCommand : public QObject
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
    [[nodiscard]] Ran priceList(const QByteArray &lines, const QStringList &more = {}) const
    {
        return run(QStringList{"price", "--requests", write("requests.jsonl", lines)} + more);
    }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void aLineForALine()
    {
        const Ran ran =
            priceList("{\"provider\":\"openai\",\"model\":\"gpt-4.1\",\"usage\":{\"input\":1000}}\n"
                      "\n"
                      "{\"provider\":\"openai\",\"model\":\"gpt-4.1\",\"usage\":{\"input\":1,\"input\":2}}\n"
                      "{\"provider\":\"openai\",\"model\":4}\n"
                      "{\"usage\":\n"
                      "{\"provider\":\"openai\",\"model\":\"gpt-4.1\",\"usage\":{\"output\":-1}}\n"
                      "{\"provider\":\"openai\",\"model\":\"gpt-4.1\",\"usage\":{\"output\":1000}}\n");
        QCOMPARE(ran.status, 3);
        const QList<QJsonObject> lines = ran.lines();
        QCOMPARE(lines.size(), 6);
        QCOMPARE(lines.at(0).value("cost").toString(), "0.002");
        QCOMPARE(lines.at(5).value("cost").toString(), "0.008");
        const QList<QByteArray> says{"line 3, /usage/input: the member 'input' stands twice",
                                     "line 4, /model: must be a text, not a number", "line 5, column",
                                     "line 6, /usage/output: a count must be a whole number of at least 0"};
        for (int i = 0; i < says.size(); ++i) {
            const QJsonObject line = lines.at(i + 1);
            QVERIFY(line.contains("cost") && line.value("cost").isNull());
            QVERIFY2(line.value("error").toString().contains(says.at(i)), qPrintable(line.value("error").toString()));
            QVERIFY2(ran.err.contains(says.at(i)), ran.err);
        }
        QVERIFY2(!ran.err.contains("json.exception"), ran.err);
    }

    void whatALineLacksIsADefault()
    {
        const QByteArray line = "{\"model\":\"small\",\"usage\":{\"input\":1000}}\n"
                                "{\"model\":\"small\",\"tier\":\"standard\",\"usage\":{\"input\":1000}}\n";
        const QString catalogue = write("litellm.json", liteLlm);
        const Ran plain = priceList(line, {"--catalogue", catalogue, "--provider", "openai"});
        QCOMPARE(plain.lines().at(0).value("cost").toString(), "0.002");
        const Ran tier = priceList(line, {"--catalogue", catalogue, "--provider", "openai", "--tier", "priority",
                                          "--at", "2026-01-01T00:00:00Z"});
        QCOMPARE(tier.lines().at(0).value("cost").toString(), "0.004");
        QCOMPARE(tier.lines().at(1).value("cost").toString(), "0.002");
        const Ran fast = priceList(line, {"--catalogue", catalogue, "--provider", "openai", "--tier", "fast"});
        QCOMPARE(fast.status, 0);
        QCOMPARE(fast.lines().at(0).value("cost").toString(), "0.004");
    }

    void readings()
    {
        const QString catalogue = write("litellm.json", liteLlm);
        const QByteArray lines =
            "{\"provider\":\"openai\",\"model\":\"small\",\"usage\":{\"input\":10,\"cache_read\":1000}}\n"
            "{\"provider\":\"wandb\",\"model\":\"wrong\",\"usage\":{\"input\":2}}\n";
        const Ran library = priceList(lines, {"--catalogue", catalogue});
        QCOMPARE(library.status, 0);
        const QJsonObject cached = library.lines().at(0);
        QCOMPARE(cached.value("cost").toString(), "0.00002");
        QCOMPARE(cached.value("lines").toArray().at(1).toObject().value("state").toString(), "free");
        const QJsonObject differs = cached.value("differs").toArray().at(0).toObject();
        QCOMPARE(differs.value("class").toString(), "cache_read");
        QCOMPARE(differs.value("cost").toString(), "0.002");
        QVERIFY(differs.value("reason").toString().contains("states no price"));
        const QJsonObject wrong = library.lines().at(1);
        QCOMPARE(wrong.value("cost").toString(), "0.03");
        QVERIFY(wrong.value("differs").toArray().at(0).toObject().value("cost").isNull());

        const Ran stated = priceList(lines, {"--catalogue", catalogue, "--reading", "stated"});
        QCOMPARE(stated.lines().at(0).value("cost").toString(), "0.00202");
        QCOMPARE(stated.lines().at(0).value("lines").toArray().at(1).toObject().value("state").toString(), "assumed");
        QVERIFY(!stated.lines().at(0).contains("differs"));
        QVERIFY(stated.lines().at(1).value("cost").isNull());

        const Ran text = run({"price", "--provider", "openai", "--model", "small", "--catalogue", catalogue, "--usage",
                              "{\"cache_read\":1000}"});
        QCOMPARE(text.status, 0);
        QVERIFY2(text.err.contains("cache_read: read as stated this is 0.002, not 0"), text.err);
        QVERIFY2(text.out.contains("cost 0 USD"), text.out);
    }

    void aProvidersOwnBlock()
    {
        const Ran ran = run({"price", "--provider", "anthropic", "--json", "--at", "2026-08-21T12:00:00Z", "--usage",
                             "{\"model\":\"claude-sonnet-4-5-20250929\",\"usage\":{\"input_tokens\":3,"
                             "\"cache_creation_input_tokens\":418,\"cache_read_input_tokens\":1111,"
                             "\"output_tokens\":33}}",
                             "--model", "claude-sonnet-4-5-20250929"});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.json().value("cost").toString(), "0.0024048");
        QVERIFY(ran.json().value("usage_read_as").toString().startsWith("Anthropic"));
        QCOMPARE(ran.json().value("notes").toArray().size(), 1);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("a folder") << QStringList{"price", "--requests", m_folder.path()} << 1 << QByteArray("folder");
        QTest::newRow("no such list") << QStringList{"price", "--requests", "/nowhere/r.jsonl"} << 1
                                      << QByteArray("/nowhere/r.jsonl");
        QTest::newRow("no such catalogue")
            << QStringList{"price", "--model", "m", "--usage", "{\"input\":1}", "--catalogue", "/nowhere/c.json"} << 1
            << QByteArray("/nowhere/c.json");
        QTest::newRow("no such tier") << QStringList{"price", "--model", "m", "--usage", "{}", "--tier", "slow"} << 2
                                      << QByteArray("slow");
        QTest::newRow("no such time") << QStringList{"price", "--model", "m", "--usage", "{}", "--at", "soon"} << 1
                                      << QByteArray("--at");
        QTest::newRow("a reading without a catalogue")
            << QStringList{"price", "--model", "m", "--usage", "{}", "--reading", "stated"} << 2
            << QByteArray("--catalogue");
        QTest::newRow("a count twice") << QStringList{"price", "--model", "m", "--usage", "{\"input\":1,\"input\":1}"}
                                       << 1 << QByteArray("stands twice");
    }
    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QByteArray, says);
        const Ran ran = run(arguments);
        QCOMPARE(ran.status, status);
        QVERIFY2(ran.err.contains(says), ran.err);
    }

    void casesOfOthers_data()
    {
        QTest::addColumn<QJsonObject>("priceCase");
        const QString path = sharedData("catalogues/price_cases_sample.json");
        REQUIRE_SHARED(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList handful{"A0129", "A0280", "B0045", "B0099", "C0311", "C0328", "D0041", "D0114"};
        const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).object().value("cases").toArray();
        for (const auto &each : cases) {
            const QString id = each.toObject().value("id").toString();
            if (handful.contains(id))
                QTest::newRow(qPrintable(id)) << each.toObject();
        }
    }
    void casesOfOthers()
    {
        QFETCH(QJsonObject, priceCase);
        QJsonObject line = priceCase;
        if (priceCase.contains("usage_buckets_exclusive"))
            line["usage"] = priceCase.value("usage_buckets_exclusive");
        const Ran ran = priceList(QJsonDocument(line).toJson(QJsonDocument::Compact) + "\n",
                                  {"--catalogue", sharedData("catalogues/") + priceCase.value("catalogue").toString()});
        QVERIFY2(ran.status == 0, ran.err);
        QCOMPARE(ran.lines().at(0).value("cost").toString(), priceCase.value("expected_usd").toString());
    }
};

QTEST_APPLESS_MAIN(TestPriceCommand)
#include "tst_price_command.moc"
