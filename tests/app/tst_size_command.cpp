// SPDX-License-Identifier: GPL-3.0-or-later
// `perunit size` as its users see it: published sizes, a trace, a workspace, and what cannot be sized.
#include "tests/support/perunit_process.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

class TestSizeCommand : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    /// Ten busy minutes, then fifty with next to nothing.
    QString trace() const
    {
        const QString path = m_folder.filePath("trace.csv");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Text))
            return {};
        file.write("TIMESTAMP,ContextTokens,GeneratedTokens\n");
        for (int minute = 0; minute < 60; ++minute) {
            for (int request = 0; request < (minute < 10 ? 50 : 1); ++request)
                file.write(QStringLiteral("2026-09-01 08:%1:%2.0000000,2000,250\n")
                               .arg(minute, 2, 10, QLatin1Char('0'))
                               .arg(request, 2, 10, QLatin1Char('0'))
                               .toUtf8());
        }
        return path;
    }
    [[nodiscard]] static QJsonObject rule(const QJsonObject &json, const char *name)
    {
        for (const QJsonValue each : json.value("rules").toArray()) {
            if (each.toObject().value("rule").toString() == QLatin1String(name))
                return each.toObject();
        }
        return {};
    }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void publishedSizes_data();
    void publishedSizes();
    void shapeOfTheAnswer();
    void traceOfTheAzureConversations();
    void traceInFrontOfEveryOffer();
    void noNumberIsAFloat_data();
    void noNumberIsAFloat();
    void classesWithoutAWeightAreSaid();
    void workspaceAfterItsLevers();
    void reportOfAPool();
    void refusals_data();
    void refusals();
};

void TestSizeCommand::publishedSizes_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("raw");
    QTest::addColumn<int>("units");
    // Microsoft, PTU sizing, 2026-05; a community calculator, 2026-02.
    QTest::newRow("gpt-5.2 data zone") << QStringList{"--rpm",   "1000",    "--usage", R"({"input":200,"output":20})",
                                                      "--model", "gpt-5.2", "--offer", "azure-ptu-datazone"}
                                       << "105.882353" << 110;
    QTest::newRow("gpt-5.2 half cached") << QStringList{"--rpm",   "1000",
                                                        "--usage", R"({"input":100,"cache_read":100,"output":20})",
                                                        "--model", "gpt-5.2",
                                                        "--offer", "azure-ptu-datazone"}
                                         << "76.470588" << 80;
    // Google, measuring throughput, 2025: audio weighs seven times as much as text.
    QTest::newRow("gemini-2.0-flash with audio")
        << QStringList{"--rpm",   "600",
                       "--usage", R"({"input":1000,"audio_in":500,"output":300})",
                       "--model", "gemini-2.0-flash-001",
                       "--offer", "google-gsu-global",
                       "--at",    "2026-01-01"}
        << "16.964286" << 17;
    QTest::newRow("gpt-4.1 global") << QStringList{"--rpm",   "100",     "--usage", R"({"input":1000,"output":500})",
                                                   "--model", "gpt-4.1", "--offer", "azure-ptu-global"}
                                    << "100" << 100;
}

void TestSizeCommand::publishedSizes()
{
    QFETCH(QStringList, arguments);
    const Ran ran = run(QStringList{"size", "--json"} + arguments);
    QVERIFY2(ran.status == 0, ran.err);
    QTEST(ran.json().value("raw_units").toString(), "raw");
    QTEST(ran.json().value("units").toInt(), "units");
}

void TestSizeCommand::shapeOfTheAnswer()
{
    const Ran ran = run({"size", "--trace", trace(), "--model", "gpt-4.1", "--offer", "azure-ptu-global", "--term",
                         "1-year", "--units", "55", "--json"});
    QVERIFY2(ran.status == 0, ran.err);
    const QJsonObject json = ran.json();
    for (const char *key : {"model", "offer", "term", "raw_units", "units", "minimum", "step", "currency", "payg_cost",
                            "optimum", "at", "rules", "curve", "break_even", "bounds", "flags"})
        QVERIFY2(json.contains(QLatin1String(key)), key);
    // 50 requests of 2,000 + 4 × 250 load tokens in the busiest minute, 3,000 of which a unit serves.
    QCOMPARE(json.value("raw_units").toString(), "50");
    QCOMPARE(json.value("units").toInt(), 50);
    QCOMPARE(rule(json, "peak").value("units").toInt(), 50);
    // 550 requests at 2,000 × 2 + 250 × 8 USD per million.
    QCOMPARE(json.value("payg_cost").toString(), "3.3");
    const QJsonObject at = json.value("at").toObject();
    QCOMPARE(at.value("units").toInt(), 55);
    QCOMPARE(at.value("spill_cost").toString(), "0");
    // No size pays for ten busy minutes of an hour.
    QCOMPARE(json.value("optimum").toObject().value("units").toInt(), 0);
    QCOMPARE(json.value("optimum").toObject().value("cost").toString(), "3.3");
    const QJsonArray curve = json.value("curve").toArray();
    QVERIFY(curve.size() > 5);
    QCOMPARE(curve.at(0).toObject().value("units").toInt(), 0);
    for (const QJsonValue point : curve)
        QVERIFY(point.toObject().value("cost").toString().toDouble() >= 3.3);
}

void TestSizeCommand::traceOfTheAzureConversations()
{
    const QString path = sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz");
    REQUIRE_SHARED(path);
    const Ran ran = run(
        {"size", "--trace", path, "--model", "gpt-4.1", "--offer", "azure-ptu-global", "--term", "1-year", "--json"});
    QVERIFY2(ran.status == 0, ran.err);
    const QJsonObject json = ran.json();
    const auto cents = [](const QJsonValue &money) {
        return qRound(money.toString().toDouble() * 100);
    };
    QCOMPARE(json.value("optimum").toObject().value("units").toInt(), 180);
    QCOMPARE(cents(json.value("optimum").toObject().value("cost")), 6866);
    QCOMPARE(cents(json.value("payg_cost")), 7743);
    QCOMPARE(cents(rule(json, "p95").value("cost")), 9011);
    QCOMPARE(cents(rule(json, "peak").value("cost")), 10012);
    QVERIFY(json.value("bounds").toObject().value("spill_is_lower_bound").toBool());
}

void TestSizeCommand::traceInFrontOfEveryOffer()
{
    const Ran ran = run({"size", "--trace", trace(), "--model", "gpt-4.1", "--all", "--json"});
    QVERIFY2(ran.status == 0, ran.err);
    const QJsonArray offers = ran.json().value("offers").toArray();
    QSet<QString> names;
    for (const QJsonValue each : offers) {
        const QJsonObject offer = each.toObject();
        names.insert(offer.value("offer").toString());
        if (!offer.value("offer").toString().startsWith("azure-"))
            continue;
        // Every offer is compared with what its own provider charges for the same requests.
        const bool global = offer.value("offer").toString() == "azure-ptu-global";
        QCOMPARE(offer.value("payg_cost").toString(), global ? "3.3" : "3.63");
    }
    QVERIFY(names.contains("azure-ptu-global") && names.contains("azure-ptu-regional"));
}

void TestSizeCommand::noNumberIsAFloat_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("one offer") << QStringList{"--offer", "azure-ptu-global", "--term", "1-year", "--units", "55"};
    QTest::newRow("every offer") << QStringList{"--all"};
    QTest::newRow("an endpoint") << QStringList{"--tokens-per-second", "100", "--replica-hour", "2.5"};
}

void TestSizeCommand::noNumberIsAFloat()
{
    // Money, shares and parts of a unit are decimal texts; what is a number in the document is a count.
    QFETCH(QStringList, arguments);
    const Ran ran = run(QStringList{"size", "--trace", trace(), "--model", "gpt-4.1", "--json"} + arguments);
    QVERIFY2(ran.status == 0, ran.err);
    static const QRegularExpression quoted(QStringLiteral(R"re("(\\.|[^"\\])*")re"));
    static const QRegularExpression number(QStringLiteral("-?[0-9][0-9.eE+-]*"));
    QString rest = QString::fromUtf8(ran.out);
    rest.remove(quoted);
    int counts = 0;
    for (auto found = number.globalMatch(rest); found.hasNext(); ++counts) {
        const QString text = found.next().captured();
        bool whole = false;
        (void)text.toLongLong(&whole);
        QVERIFY2(whole, qPrintable(text));
    }
    QVERIFY(counts > 5);
    const QJsonObject document = ran.json();
    const QJsonObject answer =
        document.contains("offers") ? document.value("offers").toArray().at(0).toObject() : document;
    for (const char *share : {"spill_share", "utilisation", "cost"})
        QVERIFY(answer.value("optimum").toObject().value(QLatin1String(share)).isString());
    QVERIFY(answer.value("break_even").toObject().value("utilisation_vs_payg").isString());
}

void TestSizeCommand::classesWithoutAWeightAreSaid()
{
    // gpt-4.1 is sold by its text alone: 1,000 tokens at 2 USD a million are served, audio is not.
    const Ran ran = run({"size", "--rpm", "100", "--usage", R"({"input":1000,"audio_in":500})", "--model", "gpt-4.1",
                         "--offer", "azure-ptu-global", "--json"});
    QVERIFY2(ran.status == 0, ran.err);
    const QJsonObject beside = ran.json().value("beside_units").toObject();
    QCOMPARE(beside.value("classes").toArray(), QJsonArray{"audio_in"});
    QVERIFY(ran.json().value("flag_ids").toArray().contains("other-classes"));
    // 100 × 1,000 tokens a minute for 43,800 minutes.
    QCOMPARE(ran.json().value("payg_cost").toString(), "8760");
    const Ran weighed = run({"size", "--rpm", "600", "--usage", R"({"input":1000,"audio_in":500})", "--model",
                             "gemini-2.0-flash-001", "--offer", "google-gsu-global", "--at", "2026-01-01", "--json"});
    QVERIFY2(weighed.status == 0, weighed.err);
    QVERIFY(weighed.json().value("beside_units").toObject().value("classes").toArray().isEmpty());
    QVERIFY(!weighed.json().value("flag_ids").toArray().contains("other-classes"));
}

void TestSizeCommand::workspaceAfterItsLevers()
{
    const QString folder = QStringLiteral(PERUNIT_TEST_DATA "/workspace/");
    const QString workspace = m_folder.filePath("w.perunit");
    const Ran imported =
        run({"import", "-w", workspace, "--mapping", folder + "mapping.json", folder + "requests.csv"});
    QVERIFY2(imported.status == 3, imported.err);
    const QStringList question{
        "size",           "-w", workspace, "--model", "openai/gpt-4.1", "--tokens-per-second", "100",
        "--replica-hour", "2",  "--json"};
    const Ran before = run(question);
    QVERIFY2(before.status == 0, before.err);
    QCOMPARE(before.json().value("payg_cost").toString(), "0.0432");
    const Ran after = run(question + QStringList{"-s", folder + "route_half.perunit-scenario"});
    QVERIFY2(after.status == 0, after.err);
    QCOMPARE(after.json().value("payg_cost").toString(), "0.0216");
}

void TestSizeCommand::reportOfAPool()
{
    // The traffic of trace(), served by gpt-4.1 on Azure.
    QByteArray csv =
        "time,provider,model,workload,environment,session_id,input_tokens,cache_read_tokens,output_tokens\n";
    for (int minute = 0; minute < 60; ++minute) {
        for (int request = 0; request < (minute < 10 ? 50 : 1); ++request)
            csv += QStringLiteral("2026-09-01T08:%1:%2Z,azure,gpt-4.1,chat,prod,,2000,0,250\n")
                       .arg(minute, 2, 10, QLatin1Char('0'))
                       .arg(request, 2, 10, QLatin1Char('0'))
                       .toUtf8();
    }
    const QString source = m_folder.filePath("requests.csv");
    const QString scenario = m_folder.filePath("pool.perunit-scenario");
    const QByteArray pool =
        R"({"format": "perunit-scenario", "version": 1, "scenarios": [{"id": "pool", "name": "Reserved",
        "levers": [{"id": "units", "kind": "provisioned", "parameters": {"units": 15, "model": "azure/gpt-4.1",
        "offer": "azure-ptu-global", "term": "1-year"}}]}]})";
    for (const auto &[path, content] : {std::pair{source, csv}, std::pair{scenario, pool}}) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    const QString workspace = m_folder.filePath("pool.perunit");
    const Ran imported = run(
        {"import", "-w", workspace, "--mapping", QStringLiteral(PERUNIT_TEST_DATA "/workspace/mapping.json"), source});
    QVERIFY2(imported.status == 0, imported.err);
    const Ran sized = run({"size", "-w", workspace, "--model", "azure/gpt-4.1", "--offer", "azure-ptu-global", "--term",
                           "1-year", "--units", "15", "--json"});
    QVERIFY2(sized.status == 0, sized.err);
    const QString path = m_folder.filePath("report.pdf");
    const auto textOf = [&path](const QStringList &scenarios) {
        const Ran report = run(QStringList{"report", "--output", path} + scenarios);
        QProcess reader;
        reader.start("pdftotext", {"-layout", path, "-"});
        reader.waitForFinished(30'000);
        return report.status == 0 ? QString::fromUtf8(reader.readAllStandardOutput()).simplified()
                                  : QString::fromUtf8(report.err);
    };
    if (QStandardPaths::findExecutable("pdftotext").isEmpty())
        QSKIP("pdftotext is not installed");
    const QString without = textOf({"-w", workspace});
    QVERIFY2(without.contains("Baseline") && !without.contains("PTU"), qPrintable(without));
    const QString text = textOf({"-w", workspace, "-s", scenario});
    QVERIFY2(text.contains("Reserved reserves 15 PTU for azure/gpt-4.1, for a term of 1 year."), qPrintable(text));
    // The money of `size`, to the cent.
    for (const char *part : {"fixed_cost", "spill_cost"}) {
        const QString exact = sized.json().value("at").toObject().value(QLatin1String(part)).toString();
        const QString cents = QString::number(exact.toDouble(), 'f', 2);
        QVERIFY2(exact.toDouble() > 1 && text.contains(cents), qPrintable(part + QLatin1Char(' ') + exact));
    }
    for (const char *expected : {"No size of this offer costs less", "Sizes by rule", "Waste", "Three break-evens",
                                 "To keep in mind", "peak 50"})
        QVERIFY2(text.contains(QLatin1String(expected)), expected);
}

void TestSizeCommand::refusals_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    const QStringList shape{"--rpm", "10", "--usage", R"({"input":200,"output":20})"};
    QTest::newRow("no traffic") << QStringList{"--model", "gpt-5.2", "--offer", "azure-ptu-global"} << 2
                                << "whose traffic";
    QTest::newRow("no offer") << shape + QStringList{"--model", "gpt-5.2"} << 2 << "--offer";
    QTest::newRow("unknown offer") << shape + QStringList{"--model", "gpt-5.2", "--offer", "ptu"} << 1 << "'ptu'";
    QTest::newRow("unknown model") << shape + QStringList{"--model", "gpt-99", "--offer", "azure-ptu-global"} << 1
                                   << "'gpt-99'";
    QTest::newRow("unknown term") << shape + QStringList{"--model",          "gpt-5.2", "--offer",
                                                         "azure-ptu-global", "--term",  "3-year"}
                                  << 1 << "its terms are 1-month, 1-year, hourly";
    QTest::newRow("price that is not public")
        << shape + QStringList{"--model", "gpt-5.6-sol", "--offer", "openai-reserved"} << 1 << "not public";
    QTest::newRow("no such file") << QStringList{"--trace", "missing.csv", "--model",
                                                 "gpt-5.2", "--offer",     "azure-ptu-global"}
                                  << 1 << "missing.csv";
}

void TestSizeCommand::refusals()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const Ran ran = run(QStringList{"size"} + arguments);
    QTEST(ran.status, "status");
    QVERIFY2(QString::fromUtf8(ran.err).contains(says), ran.err);
    QVERIFY(ran.out.isEmpty());
}

QTEST_APPLESS_MAIN(TestSizeCommand)
#include "tst_size_command.moc"
