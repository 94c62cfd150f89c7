// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/comparison_report.h"
#include "tests/support/sample_outcomes.h"

#include <QTest>

#include <algorithm>

using namespace perunit;
using samples::usd;

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

const std::vector<std::string> *rowNamed(const ReportTable &table, const std::string &name)
{
    for (const auto &row : table.rows) {
        if (row.front() == name)
            return &row;
    }
    return nullptr;
}

template <typename Block>
std::vector<Block> blocksOf(const ReportDocument &document)
{
    std::vector<Block> found;
    for (const ReportBlock &block : document.blocks) {
        if (const auto *one = std::get_if<Block>(&block))
            found.push_back(*one);
    }
    return found;
}

qint64 plainNumber(const std::string &cell)
{
    QString plain = text(cell).remove(',').remove('+');
    plain.replace(QChar(0x2212), '-');
    bool ok = false;
    const qint64 number = plain.toLongLong(&ok);
    return ok ? number : -999'999'999;
}

} // namespace

class TestReport : public QObject
{
    Q_OBJECT
private slots:
    void comparesWithTheReference();
    void amountsFootDownAndAcross();
    void smallAmountsDoNotReadAsZero();
    void unknownUnitCostsAreNotZero();
    void writesLevers();
    void listsOnlyWhatDiffers();
    void tellsTheWholeStory();
    void failedChecksComeFirst();
    void manyScenariosTakeSeveralTables();
    void assumptionsOfManyAreCut();
    void standsWithoutScenariosOrBridges();
};

void TestReport::comparesWithTheReference()
{
    const ReportTable table = comparisonTable(
        {samples::outcome("", "Baseline", "6000", "2500"), samples::outcome("s1", "Cheap", "2000", "790")});
    QCOMPARE(table.header, (std::vector<std::string>{"Amounts in USD", "Baseline", "Cheap", "\u0394", "\u0394 %"}));
    QCOMPARE(*rowNamed(table, "Total cost"),
             (std::vector<std::string>{"Total cost", "25,500", "8,370", "\u221217,130", "\u221267.2 %"}));
    QCOMPARE(*rowNamed(table, "Cost per conversation"),
             (std::vector<std::string>{"Cost per conversation", "85.00", "27.90", "\u221257.10", "\u221267.2 %"}));
    QCOMPARE(*rowNamed(table, "Requests"), (std::vector<std::string>{"Requests", "3,000", "3,000", "0", "0.0 %"}));
    QCOMPARE((*rowNamed(table, "Prompt tokens"))[1], std::string("6,000,000"));
    QVERIFY(!rowNamed(table, "Cache read"));
    QVERIFY(rowNamed(table, "Tokens without a price"));
    QCOMPARE(table.emphasised.size(), table.rows.size());
    QCOMPARE(table.rightAligned.size(), table.header.size());
}

void TestReport::amountsFootDownAndAcross()
{
    Outcome a = samples::outcome("", "A", "3333.4", "3333.4");
    a.components[Component::CacheRead] = usd("0.4");
    a.components[Component::Harness] = usd("0.4");
    Outcome b = samples::outcome("s", "B", "3400.17", "100.49");
    b.components[Component::Harness] = usd("1.49");
    const ReportTable table = comparisonTable({a, b});
    for (std::size_t column = 1; column <= 3; ++column) {
        qint64 sum = 0;
        for (const std::string name : {"Uncached input", "Cache read", "Output", "Harness"}) {
            const std::string &cell = (*rowNamed(table, name))[column];
            sum += text(cell).contains('<') ? 0 : plainNumber(cell);
        }
        QCOMPARE(sum, plainNumber((*rowNamed(table, "Total cost"))[column]));
    }
    for (const auto &row : table.rows) {
        if (row.front() == "Total cost" || row.front() == "Output")
            QCOMPARE(plainNumber(row[2]) - plainNumber(row[1]), plainNumber(row[3]));
    }
}

void TestReport::smallAmountsDoNotReadAsZero()
{
    Outcome a = samples::outcome("", "A", "6000", "6000");
    a.components[Component::CacheRead] = usd("0.001");
    Outcome b = a;
    b.components[Component::CacheRead] = Femto();
    const ReportTable table = comparisonTable({a, b});
    const std::vector<std::string> &row = *rowNamed(table, "Cache read");
    QCOMPARE(row[1], std::string("<1"));
    QCOMPARE(row[2], std::string("0"));
    QCOMPARE(row[3], std::string("\u2212<1"));
    Outcome tiny = samples::outcome("", "Tiny", "0.0001", "0.00002");
    QCOMPARE((*rowNamed(comparisonTable({tiny}), "Total cost"))[1], std::string("0.000360"));
}

void TestReport::unknownUnitCostsAreNotZero()
{
    Outcome a = samples::outcome("", "A", "1", "1");
    Outcome b = samples::outcome("s", "B", "1", "1");
    b.units[0].count = 0;
    const std::vector<std::string> row = *rowNamed(comparisonTable({a, b}), "Cost per conversation");
    QCOMPARE(row, (std::vector<std::string>{"Cost per conversation", "0.0200", "\u2013", "\u2013", "\u2013"}));
}

void TestReport::writesLevers()
{
    const ComparisonInput input = samples::comparison();
    Lever routing = input.scenarios[1].levers[0].lever;
    QCOMPARE(text(leverText(routing)), "60 % to anthropic/claude-haiku-4-5 \u00b7 workload = support-chatbot");
    routing.scope = {};
    routing.enabled = false;
    routing.start = Month::of(2026, 8);
    routing.rampMonths = 3;
    QCOMPARE(text(leverText(routing)),
             "60 % to anthropic/claude-haiku-4-5 \u00b7 from Aug 2026, over 3 months \u00b7 switched off");
    ParameterSpec spec;
    spec.name = "x";
    Lever lever;
    lever.numbers["x"] = 1'600'000;
    spec.unit = ParameterUnit::Factor;
    QCOMPARE(text(parameterText(spec, lever)), "\u00d71.6");
    lever.numbers["x"] = 30'000;
    spec.unit = ParameterUnit::Growth;
    QCOMPARE(text(parameterText(spec, lever)), "+3 % a month");
    lever.numbers["x"] = -5'000;
    QCOMPARE(text(parameterText(spec, lever)), "\u22120.5 % a month");
    spec.unit = ParameterUnit::Share;
    lever.numbers["x"] = 333'333;
    QCOMPARE(text(parameterText(spec, lever)), "33.3333 %");
    Lever reserved;
    reserved.kind = LeverKind::Provisioned;
    reserved.numbers["units"] = 180;
    reserved.texts["offer"] = "azure-ptu-global";
    for (const ParameterSpec &own : leverSpec(LeverKind::Provisioned).parameters) {
        if (own.unit == ParameterUnit::Units)
            QCOMPARE(text(parameterText(own, reserved)), "180 PTU");
    }
    QCOMPARE(text(leverText(reserved)), "180 PTU, azure-ptu-global");
    // The number that is left from before is not what is computed with.
    reserved.texts["sizing"] = "optimal";
    QCOMPARE(text(leverText(reserved)), "as many as cost least, azure-ptu-global");
}

void TestReport::listsOnlyWhatDiffers()
{
    ComparisonInput input = samples::comparison();
    const ReportTable table = assumptionsTable(input.scenarios);
    QCOMPARE(table.header, (std::vector<std::string>{"Lever", "Assumption", "Baseline", "Route + cache"}));
    // Share, target and scope; neither the neutral factors nor "from the beginning".
    QCOMPARE(table.rows.size(), std::size_t{3});
    QCOMPARE(table.rows[0][2], std::string("\u2013"));
    QCOMPARE(table.rows[0][3], std::string("60 %"));
    QVERIFY(assumptionsTable({input.scenarios[1], input.scenarios[1]}).rows.empty());
    ComparedScenario other = input.scenarios[1];
    other.levers[0].lever.numbers["share"] = 300'000;
    const ReportTable two = assumptionsTable({input.scenarios[1], other});
    QCOMPARE(two.rows.size(), std::size_t{1});
    QCOMPARE(two.rows[0][3], std::string("30 %"));
    QCOMPARE(two.rows[0][0], std::string("Routing"));
    // Two levers of a kind are told apart by what they speak of.
    EffectiveLever second = input.scenarios[1].levers[0];
    second.lever.id = "other";
    second.lever.scope.conditions["workload"] = {"search"};
    other.levers.push_back(second);
    QStringList names;
    for (const auto &row : assumptionsTable({input.scenarios[0], other}).rows)
        names << text(row[0]);
    names.removeDuplicates();
    QCOMPARE(names, (QStringList{"Routing: support-chatbot", "Routing: search"}));
}

void TestReport::tellsTheWholeStory()
{
    const ReportDocument document = comparisonReport(samples::comparison());
    QCOMPARE(text(document.title), "Support, autumn");
    QVERIFY(text(document.footer).contains("0123456789ab"));
    QVERIFY(text(document.footer).contains("prices as of 2026-05-30"));
    const auto keys = blocksOf<ReportKeyFigures>(document);
    QCOMPARE(keys.size(), std::size_t{1});
    QCOMPARE(text(keys[0].figures[1].value), "$8,370.00");
    QCOMPARE(keys[0].figures[1].direction, -1);
    QCOMPARE(text(keys[0].figures[3].value), "$27.90");
    QStringList paragraphs;
    for (const ReportParagraph &paragraph : blocksOf<ReportParagraph>(document))
        paragraphs.append(text(paragraph.text));
    const QString all = paragraphs.join('\n');
    QVERIFY2(all.contains("Route + cache costs $8,370.00 from Jun 2026 to Aug 2026, $17,130 (67.2 %) less than "
                          "Baseline, on average $5,710.00 a month."),
             qPrintable(all));
    QVERIFY(all.contains("The largest lever is Model routing, which saves $10,940"));
    QVERIFY(all.contains("3,214,567 requests"));
    QVERIFY(all.contains("730 hours"));
    QVERIFY(all.contains("Shapley"));
    QVERIFY(all.contains("The 3 months after the baseline"));
    const auto figures = blocksOf<ReportFigure>(document);
    QCOMPARE(figures.size(), std::size_t{4});
    QCOMPARE(figures[3].figure.kind, FigureKind::Waterfall);
    bool noted = false;
    for (const ReportTable &table : blocksOf<ReportTable>(document)) {
        for (const auto &row : table.rows)
            noted = noted || (row.size() == 5 && row[2] == "B" && row[4] == "Pilot of September");
    }
    QVERIFY(noted);
}

void TestReport::failedChecksComeFirst()
{
    const ReportDocument document = comparisonReport(samples::comparison());
    const ReportTable checks = blocksOf<ReportTable>(document).back();
    // What is said of both scenarios is said once.
    QCOMPARE(text(checks.title), "1 of 2 checks failed");
    QCOMPARE(checks.rows[0],
             (std::vector<std::string>{"FAILED", checks.rows[0][1], "5 tokens too many", "Route + cache"}));
    QCOMPARE(checks.rows[1], (std::vector<std::string>{"passed", "lines add up to the total", "6 lines", "all"}));
    QVERIFY(checks.emphasised[0]);
    QVERIFY(text(blocksOf<ReportParagraph>(document).front().text).contains("checks failed"));
    ComparisonInput input = samples::comparison();
    input.scenarios[1].outcome.checks.clear();
    const ReportDocument passed = comparisonReport(input);
    QCOMPARE(text(blocksOf<ReportTable>(passed).back().title), "All checks passed: 1 of 1");
    QVERIFY(!text(blocksOf<ReportParagraph>(passed).front().text).contains("failed"));
}

void TestReport::manyScenariosTakeSeveralTables()
{
    ComparisonInput input = samples::comparison();
    for (int i = 0; i < 3; ++i)
        input.scenarios.push_back(
            {samples::outcome("x" + std::to_string(i), "Other " + std::to_string(i), "1", "2"), {}});
    QStringList compared;
    for (const ReportTable &table : blocksOf<ReportTable>(comparisonReport(input))) {
        if (table.header.front() != "Amounts in USD")
            continue;
        QVERIFY(table.header.size() <= 8);
        QCOMPARE(table.header[1], std::string("Baseline"));
        for (std::size_t column = 2; column < table.header.size(); column += 3)
            compared.append(text(table.header[column]));
    }
    QCOMPARE(compared, (QStringList{"Route + cache", "Other 0", "Other 1", "Other 2"}));
}

void TestReport::assumptionsOfManyAreCut()
{
    ComparisonInput input = samples::comparison();
    const std::vector<EffectiveLever> routing = input.scenarios[1].levers;
    for (int i = 0; i < 4; ++i) {
        auto levers = routing;
        levers[0].lever.numbers["share"] = 100'000 * (i + 1);
        input.scenarios.push_back(
            {samples::outcome("x" + std::to_string(i), "Other " + std::to_string(i), "1", "2"), std::move(levers)});
    }
    const ReportTable whole = assumptionsTable(input.scenarios);
    std::vector<ReportTable> parts;
    for (const ReportTable &table : blocksOf<ReportTable>(comparisonReport(input))) {
        if (table.header.size() > 1 && table.header[1] == "Assumption")
            parts.push_back(table);
    }
    // Nothing is said of the baseline, so that five scenarios are left; every statement is kept.
    QCOMPARE(parts.size(), std::size_t{2});
    QStringList names;
    for (const ReportTable &part : parts) {
        QVERIFY(part.header.size() <= 5);
        for (std::size_t column = 2; column < part.header.size(); ++column) {
            names << text(part.header[column]);
            const auto in = std::find(whole.header.begin(), whole.header.end(), part.header[column]);
            const auto place = static_cast<std::size_t>(in - whole.header.begin());
            std::vector<std::string> said;
            std::vector<std::string> expected;
            for (const auto &row : part.rows)
                said.push_back(row[1] + row[column]);
            for (const auto &row : whole.rows)
                expected.push_back(row[1] + row[place]);
            QVERIFY(said == expected);
        }
    }
    QCOMPARE(names, (QStringList{"Route + cache", "Other 0", "Other 1", "Other 2", "Other 3"}));
}

void TestReport::standsWithoutScenariosOrBridges()
{
    QCOMPARE(blocksOf<ReportParagraph>(comparisonReport({})).size(), std::size_t{1});
    ComparisonInput input = samples::comparison();
    input.bridges.clear();
    input.scenarios.resize(1);
    input.unitName.clear();
    const ReportDocument document = comparisonReport(input);
    QCOMPARE(text(blocksOf<ReportParagraph>(document).front().text),
             "Baseline costs $25,500 from Jun 2026 to Aug 2026.");
    QCOMPARE(blocksOf<ReportFigure>(document).size(), std::size_t{2});
    // A single month has no course.
    for (ComparedScenario &scenario : input.scenarios)
        scenario.outcome.months.resize(1);
    QCOMPARE(blocksOf<ReportFigure>(comparisonReport(input)).size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestReport)
#include "tst_report.moc"
