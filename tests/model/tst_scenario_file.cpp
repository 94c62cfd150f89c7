// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/scenario_file.h"
#include "model/units/economic_unit.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

#include <random>

using namespace perunit;

namespace {

ScenarioFile sampleFile()
{
    Lever route;
    route.id = "route-1";
    route.kind = LeverKind::Routing;
    route.scope.conditions = {{"workload", {"chat", "mail"}}, {"environment", {""}}};
    route.numbers = {{"share", 600'000}, {"token_ratio", 1'000'001}, {"output_ratio", onePpm}};
    route.texts = {{"to", "openai/gpt-4.1-mini"}};
    route.start = Month::of(2026, 10);
    route.rampMonths = 3;
    route.enabled = false;
    route.note = "Line one\nline \"two\" – ünïcode";
    route.owner = "finance";
    route.grade = "B";
    Lever growth;
    growth.id = "growth";
    growth.kind = LeverKind::ContextGrowth;
    growth.numbers = {{"monthly_growth", -30'000}};
    Lever pool;
    pool.id = "pool";
    pool.kind = LeverKind::Provisioned;
    pool.numbers = {{"units", 180}};
    pool.texts = {{"model", "azure/gpt-4.1"}, {"offer", "azure-ptu-global"}, {"term", "1-year"}};
    ScenarioFile file;
    file.origin = {"aa", "bb", "1"};
    file.chain = {{"parent", "Parent", "", "", {growth}}, {"child", "Child", "parent", "Why", {route, pool}}};
    return file;
}

std::string errorOf(const std::string &json)
{
    const auto read = readScenarioFile(json, "s.perunit-scenario");
    return read.ok() ? std::string("no error") : read.error().text();
}

/// A file of one scenario with one lever, whose members are given as JSON text.
std::string fileWith(const std::string &lever)
{
    return R"({"format":"perunit-scenario","version":1,"scenarios":[{"id":"a","name":"A","levers":[)" + lever + "]}]}";
}

} // namespace

class TestScenarioFile : public QObject
{
    Q_OBJECT
private slots:
    void writesCanonically();
    void comesBackTheSame();
    void comesBackTheSameAtRandom();
    void readsNumbersExactly();
    void readsOneScenarioWrittenByHand();
    void refuses_data();
    void refuses();
    void survivesGarbage();
    void schemaKnowsEveryParameter();
    void unitsComeBackTheSame();
    void unitsRefuse_data();
    void unitsRefuse();
};

void TestScenarioFile::writesCanonically()
{
    const std::string expected = R"({
  "format": "perunit-scenario",
  "version": 1,
  "origin": {
    "ledger_digest": "aa",
    "catalogue_digest": "bb",
    "engine_version": "1"
  },
  "scenarios": [
    {
      "id": "parent",
      "name": "Parent",
      "levers": [
        {
          "id": "growth",
          "kind": "context_growth",
          "parameters": {
            "monthly_growth": "-0.03"
          }
        }
      ]
    },
    {
      "id": "child",
      "name": "Child",
      "parent": "parent",
      "note": "Why",
      "levers": [
        {
          "id": "route-1",
          "kind": "routing",
          "scope": {
            "environment": [
              ""
            ],
            "workload": [
              "chat",
              "mail"
            ]
          },
          "parameters": {
            "share": "0.6",
            "to": "openai/gpt-4.1-mini",
            "token_ratio": "1.000001",
            "output_ratio": "1"
          },
          "start": "2026-10",
          "ramp_months": 3,
          "enabled": false,
          "note": "Line one\nline \"two\" – ünïcode",
          "owner": "finance",
          "grade": "B"
        },
        {
          "id": "pool",
          "kind": "provisioned",
          "parameters": {
            "units": 180,
            "model": "azure/gpt-4.1",
            "offer": "azure-ptu-global",
            "term": "1-year"
          }
        }
      ]
    }
  ]
}
)";
    QCOMPARE(QString::fromStdString(writeScenarioFile(sampleFile())), QString::fromStdString(expected));
}

void TestScenarioFile::comesBackTheSame()
{
    const ScenarioFile file = sampleFile();
    const auto read = readScenarioFile(writeScenarioFile(file), "x");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QVERIFY(*read == file);
    for (const Scenario &scenario : file.chain) {
        const auto one = readScenario(writeScenario(scenario), "workspace");
        QVERIFY2(one.ok(), one.ok() ? "" : one.error().text().c_str());
        QVERIFY(*one == scenario);
    }
}

void TestScenarioFile::comesBackTheSameAtRandom()
{
    std::mt19937_64 engine(11);
    for (int i = 0; i < 500; ++i) {
        Scenario scenario;
        scenario.id = "s";
        scenario.name = "S";
        for (int n = static_cast<int>(engine() % 5); n > 0; --n) {
            Lever lever;
            lever.id = "lever-" + std::to_string(n);
            lever.kind = static_cast<LeverKind>(engine() % leverKindCount);
            for (const ParameterSpec &spec : leverSpec(lever.kind).parameters) {
                if (engine() % 3 == 0)
                    continue;
                if (isNumeric(spec.unit))
                    lever.numbers[std::string(spec.name)] =
                        spec.minimum
                        + static_cast<std::int64_t>(engine()
                                                    % static_cast<std::uint64_t>(spec.maximum - spec.minimum + 1));
                else
                    lever.texts[std::string(spec.name)] =
                        spec.choices.empty() ? "x/y z" : std::string(spec.choices[engine() % spec.choices.size()]);
            }
            if (engine() % 2 == 0)
                lever.start = Month::of(2020, 1).plus(static_cast<int>(engine() % 200));
            lever.rampMonths = static_cast<int>(engine() % 13);
            scenario.levers.push_back(lever);
        }
        const auto read = readScenario(writeScenario(scenario), "x");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QVERIFY(*read == scenario);
    }
}

void TestScenarioFile::readsNumbersExactly()
{
    // 0.1 + 0.2 style noise would show in the last of six digits.
    const auto read = readScenarioFile(
        fileWith(R"({"id":"r","kind":"routing","parameters":{"share":0.123457,"token_ratio":1.3e0,"output_ratio":2}})"),
        "x");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    const Lever &lever = read->chain.front().levers.front();
    QCOMPARE(lever.number("share"), 123'457);
    QCOMPARE(lever.number("token_ratio"), 1'300'000);
    QCOMPARE(lever.number("output_ratio"), 2'000'000);
}

void TestScenarioFile::readsOneScenarioWrittenByHand()
{
    const auto read = readScenarioFile(R"({"format":"perunit-scenario","version":1,"id":"b","name":"B","parent":"a",
        "levers":[{"id":"x","kind":"batch","parameters":{"share":"0.5"}}],
        "parents":[{"id":"a","name":"A","parent":"","levers":[]}]})",
                                       "x");
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QCOMPARE(read->chain.size(), std::size_t{2});
    QCOMPARE(read->chain[0].id, std::string("a"));
    QCOMPARE(read->chain[1].id, std::string("b"));
    QCOMPARE(read->chain[1].levers.front().number("share"), 500'000);
}

void TestScenarioFile::refuses_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const std::string &json, const char *error) {
        QTest::newRow(name) << QString::fromStdString(json) << QString::fromLatin1(error);
    };
    row("not JSON", "{\n  \"format\": oops}", "line 2, column 13");
    row("nothing", "", "this is not JSON");
    row("not an object", "[]", "must be an object");
    row("another format", R"({"format":"other","version":1})", "/format: this is not a Perunit scenario");
    row("no version", R"({"format":"perunit-scenario","scenarios":[]})", "/version: is missing");
    row("newer version", R"({"format":"perunit-scenario","version":2,"scenarios":[]})", "newer version of Perunit");
    row("no scenarios", R"({"format":"perunit-scenario","version":1,"scenarios":[]})", "/scenarios: must be a list");
    row("unknown member", R"({"format":"perunit-scenario","version":1,"scenarios":[{"id":"a","name":"A"}],"x":1})",
        "/x: is not known here");
    row("key twice", R"({"format":"perunit-scenario","format":"perunit-scenario"})", "'format' occurs twice");
    row("too deep", std::string(40, '[') + std::string(40, ']'), "nested more than 32");
    row("scenario without a name", R"({"format":"perunit-scenario","version":1,"scenarios":[{"id":"a"}]})",
        "/scenarios/0/name: is missing");
    row("first with a parent",
        R"({"format":"perunit-scenario","version":1,"scenarios":[{"id":"a","name":"A","parent":"z"}]})",
        "/scenarios/0/parent");
    row("wrong chain",
        R"({"format":"perunit-scenario","version":1,"scenarios":[{"id":"a","name":"A"},{"id":"b","name":"B"}]})",
        "/scenarios/1/parent: must be the scenario before it, 'a'");
    row("unknown kind", fileWith(R"({"id":"x","kind":"magic"})"), "/scenarios/0/levers/0/kind: there is no lever");
    row("unknown parameter", fileWith(R"({"id":"x","kind":"batch","parameters":{"depth":1}})"),
        "/scenarios/0/levers/0/parameters/depth");
    row("share above one", fileWith(R"({"id":"x","kind":"batch","parameters":{"share":"1.1"}})"),
        "/scenarios/0/levers/0/parameters/share: must be from 0 to 1");
    row("too many digits", fileWith(R"({"id":"x","kind":"batch","parameters":{"share":"0.1234567"}})"),
        "more than 6 digits");
    row("not a number", fileWith(R"({"id":"x","kind":"batch","parameters":{"share":"half"}})"), "is not a number");
    row("half a unit", fileWith(R"({"id":"x","kind":"provisioned","parameters":{"units":1.5}})"),
        "must be a whole number");
    row("unknown lifetime", fileWith(R"({"id":"x","kind":"prompt_cache","parameters":{"ttl":"2h"}})"),
        "is not one of its values");
    row("bad month", fileWith(R"({"id":"x","kind":"batch","start":"2026-13"})"), "'2026-13' is not a month");
    row("bad ramp", fileWith(R"({"id":"x","kind":"batch","ramp_months":-1})"), "must be from 0 to 120");
    row("empty scope values", fileWith(R"({"id":"x","kind":"batch","scope":{"team":[]}})"),
        "/scope/team: must be a list of at least one value");
    row("lever twice", fileWith(R"({"id":"x","kind":"batch"},{"id":"x","kind":"routing"})"),
        "two levers have the id 'x'");
    row("wrong type", fileWith(R"({"id":"x","kind":"batch","enabled":"yes"})"), "must be true or false");
}

void TestScenarioFile::refuses()
{
    QFETCH(QString, json);
    QFETCH(QString, error);
    const std::string found = errorOf(json.toStdString());
    QVERIFY2(QString::fromStdString(found).contains(error), found.c_str());
    QVERIFY2(QString::fromStdString(found).startsWith(QLatin1String("s.perunit-scenario")), found.c_str());
}

void TestScenarioFile::survivesGarbage()
{
    const std::string good = writeScenarioFile(sampleFile());
    std::mt19937_64 engine(3);
    for (int i = 0; i < 3000; ++i) {
        std::string bad = good.substr(0, engine() % good.size());
        if (i % 2 == 0)
            bad = good;
        for (std::size_t n = engine() % 4 + 1; n > 0 && !bad.empty(); --n)
            bad[engine() % bad.size()] = static_cast<char>(engine());
        const auto read = readScenarioFile(bad, "x");
        // Whatever still reads must also write and read again.
        if (read.ok())
            QVERIFY(readScenarioFile(writeScenarioFile(*read), "x").ok());
    }
}

void TestScenarioFile::schemaKnowsEveryParameter()
{
    QFile file(QStringLiteral(QT_TESTCASE_SOURCEDIR)
               + QStringLiteral("/../model/scenario/perunit-scenario.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto schema = nlohmann::json::parse(file.readAll().toStdString());
    const auto &lever = schema["$defs"]["lever"];
    for (const LeverSpec &spec : leverSpecs()) {
        const auto &kinds = lever["properties"]["kind"]["enum"];
        QVERIFY(std::find(kinds.begin(), kinds.end(), std::string(spec.name)) != kinds.end());
        for (const auto &branch : lever["allOf"]) {
            if (branch["if"]["properties"]["kind"]["const"] != std::string(spec.name))
                continue;
            const std::string reference = branch["then"]["properties"]["parameters"]["$ref"];
            const auto &properties = schema["$defs"][reference.substr(reference.rfind('/') + 1)]["properties"];
            QCOMPARE(properties.size(), spec.parameters.size());
            for (const ParameterSpec &parameter : spec.parameters)
                QVERIFY2(properties.contains(std::string(parameter.name)), parameter.name.data());
        }
    }
}

void TestScenarioFile::unitsComeBackTheSame()
{
    EconomicUnit unit;
    unit.name = "conversation";
    unit.scope.conditions = {{"workload", {"chat"}}, {"tag:contract", {"x"}}};
    unit.harness = false;
    unit.denominator = {UnitDenominator::Kind::Outcome, "tickets"};
    unit.value = Money::ofUnits(1);
    unit.humanAlternative = Money::ofUnits(Int128{13} * 1'000'000'000'000 * 500'000'000'000);
    unit.note = "why";
    for (const auto kind : {UnitDenominator::Kind::Outcome, UnitDenominator::Kind::DistinctValues}) {
        unit.denominator.kind = kind;
        const auto read = readUnit(writeUnit(unit), "x");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QVERIFY(*read == unit);
    }
    unit = {};
    unit.name = "request";
    unit.denominator.kind = UnitDenominator::Kind::Requests;
    QVERIFY(*readUnit(writeUnit(unit), "x") == unit);
    const auto read = readUnit(R"({"name":"c","denominator":{"kind":"distinct","name":"session"},"value":0.1})", "x");
    QVERIFY(read.ok());
    QVERIFY(read->inference && read->harness && read->scope.isEverything());
    QCOMPARE(read->value->text(), std::string("0.1"));
}

void TestScenarioFile::unitsRefuse_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("error");
    QTest::newRow("no name") << R"({"denominator":{"kind":"requests"}})"
                             << "/name: is missing";
    QTest::newRow("no denominator") << R"({"name":"c"})"
                                    << "/denominator: is missing";
    QTest::newRow("unknown kind") << R"({"name":"c","denominator":{"kind":"many"}})"
                                  << "'many' is not a way to count units";
    QTest::newRow("no dimension") << R"({"name":"c","denominator":{"kind":"distinct_values"}})"
                                  << "/denominator/name: is missing";
    QTest::newRow("bad value") << R"({"name":"c","denominator":{"kind":"requests"},"value":"1,5"})"
                               << "/value: '1,5' is not a number";
    QTest::newRow("unknown member") << R"({"name":"c","denominator":{"kind":"requests"},"sucess":1})"
                                    << "/sucess: is not known here";
}

void TestScenarioFile::unitsRefuse()
{
    QFETCH(QString, json);
    QFETCH(QString, error);
    const auto read = readUnit(json.toStdString(), "unit.json");
    QVERIFY(!read.ok());
    QVERIFY2(QString::fromStdString(read.error().text()).contains(error), read.error().text().c_str());
}

QTEST_APPLESS_MAIN(TestScenarioFile)
#include "tst_scenario_file.moc"
