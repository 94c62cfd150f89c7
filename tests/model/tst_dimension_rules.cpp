// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dimensions/apply_dimensions.h"

#include <QTest>

using namespace perunit;

namespace {

RequestRow request(std::int64_t time, const std::string &model, Tags tags, const std::string &team = {})
{
    RequestRow row;
    row.time = {time};
    row.model = model;
    row.team = team;
    row.tags = std::move(tags);
    row.usage[UsageClass::Request] = 1;
    return row;
}

std::shared_ptr<Workload> workloadOf(const std::vector<RequestRow> &rows)
{
    WorkloadBuilder builder;
    for (std::size_t i = 0; i < rows.size(); ++i)
        builder.add(rows[i], 1, static_cast<std::int64_t>(i) + 1);
    // Nobody else has it yet.
    return std::const_pointer_cast<Workload>(builder.build());
}

QString tagText(const Tags &tags)
{
    QStringList texts;
    for (const auto &[key, value] : tags)
        texts << QString::fromStdString(key + "=" + value);
    return texts.join(QLatin1Char(','));
}

/// The values of a dimension row by row; "none" when there is no such dimension.
QString column(const Workload &workload, const char *name)
{
    if (!workload.dimension(name))
        return QStringLiteral("none");
    QStringList values;
    for (std::size_t row = 0; row < workload.size(); ++row)
        values << QString::fromStdString(workload.text(name, row));
    return values.join(QLatin1Char('|'));
}

} // namespace

class TestDimensionRules : public QObject
{
    Q_OBJECT
private slots:
    void patterns_data();
    void patterns();
    void spellingsOfOneTag();
    void aliasesAndValues();
    void firstNamedTagCounts();
    void virtualDimensions();
    void chargesLikeRequests();
    void writesWhatItReads();
    void refuses_data();
    void refuses();
};

void TestDimensionRules::patterns_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("fits");
    QTest::newRow("same") << "prod"
                          << "prod" << true;
    QTest::newRow("case") << "PROD"
                          << "prod" << true;
    QTest::newRow("longer") << "production"
                            << "prod" << false;
    QTest::newRow("star") << "production"
                          << "prod*" << true;
    QTest::newRow("star in front") << "eu-prod"
                                   << "*prod" << true;
    QTest::newRow("two stars") << "a-support-bot-2"
                               << "*support*2" << true;
    QTest::newRow("comes back") << "aXbXc"
                                << "*X*c" << true;
    QTest::newRow("comes back in vain") << "aXbXd"
                                        << "*X*c" << false;
    QTest::newRow("one character") << "gpt-5"
                                   << "gpt-?" << true;
    QTest::newRow("one character of two bytes") << QStringLiteral("pr\u00E9") << "pr?" << true;
    QTest::newRow("nothing fits the empty pattern") << ""
                                                    << "" << true;
    QTest::newRow("nothing fits a star") << ""
                                         << "*" << true;
    QTest::newRow("something is not nothing") << "x"
                                              << "" << false;
}

void TestDimensionRules::patterns()
{
    QFETCH(QString, text);
    QFETCH(QString, pattern);
    QTEST(fitsPattern(text.toStdString(), pattern.toStdString()), "fits");
}

void TestDimensionRules::spellingsOfOneTag()
{
    const auto workload =
        workloadOf({request(1, "m", {{"Cost Center", "a"}}), request(2, "m", {{"cost_center", "b"}}),
                    request(3, "m", {{"user:COST-CENTER", "c"}}),
                    request(4, "m", {{"Cost Center", "d"}, {"cost_center", "e"}}), request(5, "m", {{"other", "f"}})});
    const DimensionReport report = applyDimensions(*workload, {}, {});
    QCOMPARE(column(*workload, "tag:Cost Center"), QStringLiteral("a|b|c|d|"));
    QCOMPARE(column(*workload, "tag:other"), QStringLiteral("||||f"));
    QCOMPARE(column(*workload, "tag:cost_center"), QStringLiteral("none"));
    QCOMPARE(report.conflicts, 1);
    QCOMPARE(report.conflictExample, std::string("tag:Cost Center: 'd' and 'e'"));
}

void TestDimensionRules::aliasesAndValues()
{
    DimensionRules rules;
    rules.tags = {{"team", {"squad", "Kostenstelle"}, {{"CX", {"customer*", "cx-?"}}}}, {"contract", {"deal"}, {}}};
    const auto workload = workloadOf({request(1, "m", {{"Squad", "Customer care"}}), request(2, "m", {}, "cx-1"),
                                      request(3, "m", {{"kostenstelle", "IT"}, {"deal", "D1"}}, "legal"),
                                      request(4, "m", {{"contract", "D2"}})});
    const DimensionReport report = applyDimensions(*workload, {}, rules);
    QCOMPARE(column(*workload, "team"), QStringLiteral("CX|CX|legal|"));
    QCOMPARE(column(*workload, "tag:contract"), QStringLiteral("||D1|D2"));
    QCOMPARE(column(*workload, "tag:deal"), QStringLiteral("none"));
    QCOMPARE(report.conflicts, 1);
}

void TestDimensionRules::firstNamedTagCounts()
{
    // Neither the alphabet nor the order in which a file writes its tags chooses the value.
    DimensionRules rules;
    rules.tags = {{"team", {"squad", "crew"}, {}}, {"deal", {"case", "bid"}, {}}};
    const std::vector<std::pair<std::string, std::string>> tags{
        {"bid", "3"}, {"case", "2"}, {"crew", "hr"}, {"Deal", "1"}, {"squad", "cx"}};
    const auto workload = workloadOf({request(1, "m", {{"bid", "3"}, {"crew", "hr"}}), request(2, "m", tags)});
    ChargeRow charge;
    charge.tags = {tags.begin(), tags.end()};
    std::vector<ChargeRow> charges{charge};
    const DimensionReport report = applyDimensions(*workload, {&charges}, rules);
    QCOMPARE(column(*workload, "team"), QStringLiteral("hr|cx"));
    QCOMPARE(column(*workload, "tag:deal"), QStringLiteral("3|1"));
    QCOMPARE(charges[0].team, std::string("cx"));
    QCOMPARE(tagText(charges[0].tags), QStringLiteral("deal=1"));
    QVERIFY(report.tag("squad") && report.tag("bid"));
    QCOMPARE(report.tag("squad")->conflicts, 0);
    QCOMPARE(report.tag("bid")->example, std::string("'1' and '3'"));
}

void TestDimensionRules::virtualDimensions()
{
    DimensionRules rules;
    rules.tags = {{"team", {"squad"}, {}}};
    rules.dimensions = {
        {"vendor", {{"OpenAI", {{"model", {"gpt-*", "o?"}}}}, {"Anthropic", {{"model", {"claude*"}}}}}, ""},
        {"line",
         {{"CX on OpenAI", {{"vendor", {"OpenAI"}}, {"team", {"cx"}}}},
          {"nobody's", {{"team", {""}}}},
          {"special", {{"tag:Special", {"yes"}}}}},
         "rest"}};
    const auto workload = workloadOf({request(1, "gpt-5", {{"squad", "CX"}}), request(2, "claude-sonnet", {}, "legal"),
                                      request(3, "llama", {}), request(4, "o3", {{"special", "yes"}}, "legal")});
    applyDimensions(*workload, {}, rules);
    QCOMPARE(column(*workload, "vendor"), QStringLiteral("OpenAI|Anthropic||OpenAI"));
    QCOMPARE(column(*workload, "line"), QStringLiteral("CX on OpenAI|rest|nobody's|special"));
}

void TestDimensionRules::chargesLikeRequests()
{
    DimensionRules rules;
    rules.tags = {{"team", {"squad"}, {{"CX", {"customer*"}}}}};
    rules.dimensions = {{"area", {{"front", {{"team", {"cx"}}, {"tag:env", {"prod"}}}}}, "back"}};
    ChargeRow first;
    first.tags = {{"Env", "prod"}, {"Squad", "customer care"}, {"ENV", "test"}};
    ChargeRow second;
    second.tags = {{"env", "prod"}};
    std::vector<ChargeRow> charges{first, second};
    Workload none;
    const DimensionReport report = applyDimensions(none, {&charges}, rules);
    QCOMPARE(charges[0].team, std::string("CX"));
    QCOMPARE(tagText(charges[0].tags), QStringLiteral("Env=prod"));
    QCOMPARE(tagText(charges[0].virtualDimensions), QStringLiteral("area=front"));
    QCOMPARE(tagText(charges[1].tags), QStringLiteral("Env=prod"));
    QCOMPARE(tagText(charges[1].virtualDimensions), QStringLiteral("area=back"));
    QCOMPARE(report.conflicts, 1);
}

void TestDimensionRules::writesWhatItReads()
{
    DimensionRules rules;
    rules.tags = {{"team", {"squad"}, {{"CX", {"customer*"}}, {"IT", {}}}}};
    rules.dimensions = {{"area", {{"front", {{"team", {"cx", ""}}, {"tag:env", {"prod"}}}}}, "back"}};
    const auto read = parseDimensionRules(writeDimensionRules(rules));
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QVERIFY(*read == rules);
    const auto empty = parseDimensionRules("{}");
    QVERIFY(empty.ok() && empty->isEmpty());
}

void TestDimensionRules::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *json, const char *where) {
        QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(where);
    };
    row("no JSON", "{", "line 1");
    row("unknown member", R"({"tag": []})", "/tag");
    row("no name", R"({"tags": [{"keys": ["a"]}]})", "/tags/0/name");
    row("one key, two meanings", R"({"tags": [{"name": "a", "keys": ["x"]}, {"name": "b", "keys": ["X "]}]})",
        "/tags/1");
    row("said twice", R"({"tags": [{"name": "a"}, {"name": "a"}]})", "/tags/1/name");
    row("name of a dimension",
        R"({"dimensions": [{"name": "model", "cases": [{"value": "v", "when": {"team": ["x"]}}]}]})",
        "/dimensions/0/name");
    row("no cases", R"({"dimensions": [{"name": "d", "cases": []}]})", "/dimensions/0/cases");
    row("no condition", R"({"dimensions": [{"name": "d", "cases": [{"value": "v", "when": {}}]}]})",
        "/dimensions/0/cases/0/when");
    row("unknown dimension", R"({"dimensions": [{"name": "d", "cases": [{"value": "v", "when": {"colour": ["x"]}}]}]})",
        "/dimensions/0");
    row("itself", R"({"dimensions": [{"name": "d", "cases": [{"value": "v", "when": {"d": ["x"]}}]}]})",
        "/dimensions/0");
}

void TestDimensionRules::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, where);
    const auto read = parseDimensionRules(json.toStdString());
    QVERIFY(!read.ok());
    QVERIFY2(QString::fromStdString(read.error().text()).contains(where), read.error().text().c_str());
}

QTEST_APPLESS_MAIN(TestDimensionRules)
#include "tst_dimension_rules.moc"
