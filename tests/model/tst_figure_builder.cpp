// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/reconciliation/reconciliation.h"
#include "tests/support/sample_outcomes.h"

#include <QTest>

using namespace perunit;
using samples::usd;

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

} // namespace

class TestFigureBuilder : public QObject
{
    Q_OBJECT
private slots:
    void writesMoney_data();
    void writesMoney();
    void writesCounts();
    void writesChanges();
    void componentsLeaveOutWhatNobodyUses();
    void titlesNameTheCheapest();
    void titlesSayWhenUnpricedUsageDiffers();
    void monthsWithoutUnitsAreGaps();
    void unknownUnitIsEmptyWithAReason();
    void waterfallKeepsTheExactParts();
    void invoiceWaterfallGoesFromListToBilled();
    void invoiceWaterfallLeavesOutWhatIsNothing();
    void daysWithoutUnitsAreGaps();
    void marksQuantiles();
    void marksUnusualDays();
    void breakdownAddsUpTheRest();
    void breakdownSaysWhatHasNoPrice();
    void stacksByMonth();
};

void TestFigureBuilder::writesMoney_data()
{
    QTest::addColumn<QString>("amount");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("inShort");
    QTest::newRow("zero") << "0"
                          << "USD"
                          << "$0"
                          << "$0";
    QTest::newRow("no cents above 10,000") << "25512.49"
                                           << "USD"
                                           << "$25,512"
                                           << "$25.5k";
    QTest::newRow("cents below") << "9120.5"
                                 << "USD"
                                 << "$9,120.50"
                                 << "$9.1k";
    QTest::newRow("rounds up to 10,000") << "9999.996"
                                         << "USD"
                                         << "$10,000"
                                         << "$10.0k";
    QTest::newRow("three digits below one") << "0.041249"
                                            << "USD"
                                            << "$0.0412"
                                            << "$0.0412";
    QTest::newRow("tie to even") << "0.04125"
                                 << "USD"
                                 << "$0.0412"
                                 << "$0.0412";
    QTest::newRow("rounding gains a digit") << "0.09996"
                                            << "USD"
                                            << "$0.100"
                                            << "$0.100";
    QTest::newRow("rounds up to one") << "0.99996"
                                      << "USD"
                                      << "$1.00"
                                      << "$1.00";
    QTest::newRow("very small") << "0.000000123456"
                                << "USD"
                                << "$0.000000123"
                                << "$0.000000123";
    QTest::newRow("one femto-unit") << "0.000000000000001"
                                    << "USD"
                                    << "$0.000000000000001"
                                    << "$0.000000000000001";
    QTest::newRow("negative") << "-4100"
                              << "EUR"
                              << "\u2212\u20ac4,100.00"
                              << "\u2212\u20ac4.1k";
    QTest::newRow("code instead of a symbol") << "12.5"
                                              << "CHF"
                                              << "CHF 12.50"
                                              << "CHF 12.50";
    QTest::newRow("millions") << "1254000"
                              << "USD"
                              << "$1,254,000"
                              << "$1.25M";
    QTest::newRow("just below a million") << "999960"
                                          << "USD"
                                          << "$999,960"
                                          << "$1.00M";
    QTest::newRow("milliards") << "12540000000"
                               << "USD"
                               << "$12,540,000,000"
                               << "$12.5bn";
}

void TestFigureBuilder::writesMoney()
{
    QFETCH(QString, amount);
    QFETCH(QString, currency);
    QFETCH(QString, shown);
    QFETCH(QString, inShort);
    const Femto femto = usd(amount.toStdString().c_str());
    QCOMPARE(text(moneyText(femto, currency.toStdString())), shown);
    QCOMPARE(text(shortMoneyText(femto, currency.toStdString())), inShort);
    QCOMPARE(text(perUnitText(femto, currency.toStdString())), shown);
}

void TestFigureBuilder::writesCounts()
{
    QCOMPARE(text(countText(0)), "0");
    QCOMPARE(text(countText(812004)), "812,004");
    QCOMPARE(text(countText(12'449'999)), "12.4 M");
    QCOMPARE(text(countText(1'234'567'890)), "1,235 M");
    QCOMPARE(text(exactCountText(3'214'567)), "3,214,567");
    QCOMPARE(text(expectedCountText(Millionths(1'499'999))), "1");
    QCOMPARE(text(expectedCountText(Millionths(3))), "<1");
    QCOMPARE(text(signedExpectedCountText(Millionths(-2'000'000))), "\u22122");
    QCOMPARE(text(exactMoneyText(usd("25512.031245"), "USD")), "$25,512.031245");
    QCOMPARE(text(exactMoneyText(usd("1.5"), "USD")), "$1.50");
    QCOMPARE(text(dayText(instantOf(2026, 2, 28))), "28 Feb 2026");
}

void TestFigureBuilder::writesChanges()
{
    QCOMPARE(text(changeText(usd("100"), usd("91.9"))), "\u22128.1 %");
    QCOMPARE(text(changeText(usd("100"), usd("100"))), "0.0 %");
    QCOMPARE(text(changeText(usd("0"), usd("5"))), "\u2013");
    QCOMPARE(text(changeText(usd("100000"), usd("100001"))), "+<0.1 %");
    QCOMPARE(text(changeText(usd("-100"), usd("-50"))), "+50.0 %");
    QCOMPARE(text(changeText(usd("1"), usd("20"))), "+1,900.0 %");
    QCOMPARE(text(shareText(usd("83"), usd("100"))), "83.0 %");
    QCOMPARE(text(shareText(usd("1"), usd("0"))), "\u2013");
    QCOMPARE(text(signedMoneyText(usd("0"), "USD")), "$0");
    QCOMPARE(text(signedMoneyText(usd("12.5"), "USD")), "+$12.50");
}

void TestFigureBuilder::componentsLeaveOutWhatNobodyUses()
{
    const Figure figure = componentBars(
        {samples::outcome("", "Baseline", "6000", "2500"), samples::outcome("s1", "Cheap", "2000", "790.25")});
    QCOMPARE(figure.categories, (std::vector<std::string>{"Uncached input", "Output"}));
    QCOMPARE(figure.series.size(), std::size_t{2});
    QCOMPARE(figure.series[0].role, SeriesRole::Baseline);
    QCOMPARE(figure.series[1].role, SeriesRole::Scenario);
    QCOMPARE(figure.series[1].roleIndex, 0);
    QCOMPARE(text(figure.series[1].points[1].exact), "$2,370.75");
    QCOMPARE(figure.series[1].points[1].y, 2370.75);
    QCOMPARE(text(figure.title), "Cheap costs $17.1k (67.2 %) less than Baseline from Jun 2026 to Aug 2026");
    QVERIFY(componentBars({}).isEmpty());
}

void TestFigureBuilder::titlesNameTheCheapest()
{
    const Outcome base = samples::outcome("", "Baseline", "6000", "2500");
    const Outcome dear = samples::outcome("s1", "Dear", "7000", "2500");
    const Outcome cheap = samples::outcome("s2", "Cheap", "5000", "2500");
    QCOMPARE(text(componentBars({base, dear, cheap}).title),
             "Cheap is cheapest: $3.0k (11.8 %) less than Baseline from Jun 2026 to Aug 2026");
    QCOMPARE(text(componentBars({base, dear}).title),
             "Dear costs $3.0k (11.8 %) more than Baseline from Jun 2026 to Aug 2026");
    QCOMPARE(text(componentBars({base, dear, dear}).title),
             "No scenario costs less than Baseline ($25.5k from Jun 2026 to Aug 2026)");
    QCOMPARE(text(totalOverMonths({base, dear, cheap}).title),
             "In Aug 2026 Cheap costs $7.5k, $1.0k (11.8 %) less than Baseline");
    QCOMPARE(text(unitOverMonths({base, cheap}, "conversation").title),
             "One conversation costs $75.00 with Cheap, $85.00 with Baseline (\u221211.8 %)");
}

void TestFigureBuilder::titlesSayWhenUnpricedUsageDiffers()
{
    const Outcome base = samples::outcome("", "Baseline", "6000", "2500");
    Outcome cheap = samples::outcome("s2", "Cheap", "5000", "2500");
    cheap.unpriced = {1'200'000, {"acme/new"}};
    const Figure figure = componentBars({base, cheap});
    QVERIFY(text(figure.title).endsWith("not counting tokens without a price"));
    QCOMPARE(figure.notes.size(), std::size_t{1});
    QCOMPARE(text(figure.notes[0]), "1.2 M tokens have no price and are not in these amounts: Cheap (acme/new).");
}

void TestFigureBuilder::monthsWithoutUnitsAreGaps()
{
    Outcome outcome = samples::outcome("", "Baseline", "1", "2");
    outcome.units[0].months[1].count = 0;
    const Figure figure = unitOverMonths({outcome}, "conversation");
    QVERIFY(figure.timeAxis);
    const std::vector<FigurePoint> &points = figure.series[0].points;
    QCOMPARE(points.size(), std::size_t{3});
    QVERIFY(!points[0].missing);
    QVERIFY(points[1].missing);
    QVERIFY(text(points[1].exact).startsWith(QChar(0x2013)));
    QCOMPARE(points[2].y, 0.03);
    QCOMPARE(points[2].x, static_cast<double>(Month::of(2026, 8).start().micros) / 1e6);
}

void TestFigureBuilder::unknownUnitIsEmptyWithAReason()
{
    const Figure figure = unitOverMonths({samples::outcome("", "Baseline", "1", "2")}, "contract");
    QVERIFY(figure.isEmpty());
    QVERIFY(text(figure.emptyText).contains("contract"));
    UnitActuals none;
    none.name = "contract";
    none.problem = "The ledger has no dimension contract.";
    for (const Figure &empty :
         {unitOverDays(none, "USD"), unitDistribution(none, "USD"), unitComposition(none, "USD")}) {
        QVERIFY(empty.isEmpty());
        QCOMPARE(text(empty.emptyText), text(none.problem));
    }
}

void TestFigureBuilder::waterfallKeepsTheExactParts()
{
    const Figure figure = bridgeWaterfall(samples::bridge(), "USD");
    QCOMPARE(figure.categories, (std::vector<std::string>{"Baseline", "Context growth", "Model routing", "Prompt cache",
                                                          "Route + cache"}));
    const std::vector<FigurePoint> &points = figure.series[0].points;
    QCOMPARE(points[0].y + points[1].y + points[2].y + points[3].y, points[4].y);
    QCOMPARE(text(points[2].label), "\u2212$10.9k");
    QCOMPARE(text(points[1].exact).section('\n', 0, 0), "+$5,188");
    QVERIFY(text(points[2].exact).contains("Between \u2212$14,000 and \u2212$5,000.00"));
    QCOMPARE(text(figure.title),
             "Route + cache saves $12.4k against Baseline (\u221248.5 %): Model routing saves $10.9k");
    QVERIFY(text(figure.summary).contains("Prompt cache \u2212$6,618.00"));
}

void TestFigureBuilder::invoiceWaterfallGoesFromListToBilled()
{
    Reconciliation result;
    result.currency = "USD";
    ReconciliationLine usage;
    usage.provider = "openai";
    usage.month = Month::of(2026, 9);
    usage.model = "gpt-4.1";
    usage.list = usd("40");
    usage.priced = usd("36");
    usage.billed = Money::of(usd("35"));
    usage.unpricedTokens = 1200;
    usage.parts[DifferenceBucket::Unknown] = Money::of(usd("-1"));
    ReconciliationLine tax;
    tax.month = Month::of(2026, 10);
    // One unit of the last digit that a bill can have, which no price can.
    tax.billed = Money::of(usd("6.65")) + Money::ofUnits(1);
    tax.parts[DifferenceBucket::Tax] = *tax.billed;
    ReconciliationLine agreed;
    agreed.month = Month::of(2026, 10);
    agreed.priced = usd("2");
    agreed.billed = Money::of(usd("2"));
    result.lines = {usage, tax, agreed};
    result.notes = {"2 charges lie outside the period"};
    const Figure figure = reconciliationWaterfall(result);
    QCOMPARE(figure.kind, FigureKind::Waterfall);
    QCOMPARE(figure.categories,
             (std::vector<std::string>{"At list price", "Your terms", "Contracted", "Tax", "Unknown", "Billed"}));
    const std::vector<FigurePoint> &points = figure.series[0].points;
    QCOMPARE(text(points[0].exact), "$40");
    // 36 and 2 contracted, of which the 2 have no list price.
    QCOMPARE(text(points[1].exact), "\u2212$2");
    QCOMPARE(text(points[2].exact), "$38");
    QCOMPARE(text(points[3].exact), "+6.650000000000000000000001 USD");
    QCOMPARE(text(points[4].label), "\u2212$1.00");
    QCOMPARE(text(points[5].exact), "43.650000000000000000000001 USD");
    std::vector<bool> subtotals;
    for (const FigurePoint &point : points)
        subtotals.push_back(point.subtotal);
    QCOMPARE(subtotals, (std::vector<bool>{false, false, true, false, false, false}));
    QCOMPARE(points[2].y + points[3].y + points[4].y, points[5].y);
    QCOMPARE(text(figure.title), "The invoices bill $5.65 more than the usage costs: Tax +$6.65");
    QVERIFY(text(figure.subtitle).contains("from Sep 2026 to Oct 2026"));
    QCOMPARE(figure.notes, (std::vector<std::string>{"1,200 tokens of the usage have no price here.",
                                                     "'Your terms' contains $2.00 for usage without a list price.",
                                                     "2 charges lie outside the period"}));
    QVERIFY(text(figure.summary).contains("Your terms \u2212$2.00, Tax +$6.65 and Unknown \u2212$1.00"));
}

void TestFigureBuilder::invoiceWaterfallLeavesOutWhatIsNothing()
{
    Reconciliation result;
    result.currency = "USD";
    QVERIFY(reconciliationWaterfall(result).isEmpty());
    QVERIFY(!reconciliationWaterfall(result).emptyText.empty());
    ReconciliationLine line;
    line.month = Month::of(2026, 9);
    line.list = usd("40");
    line.priced = usd("40");
    line.billed = Money::of(usd("40"));
    result.lines = {line};
    const Figure ties = reconciliationWaterfall(result);
    QCOMPARE(ties.categories, (std::vector<std::string>{"At list price", "Billed"}));
    QCOMPARE(text(ties.title), "The invoices bill exactly what the usage costs");
    // What cancels out in the sum is not nothing.
    result.lines[0].parts[DifferenceBucket::Tax] = Money::of(usd("3"));
    result.lines[0].parts[DifferenceBucket::Credit] = Money::of(usd("-3"));
    const Figure cancels = reconciliationWaterfall(result);
    QCOMPARE(cancels.categories, (std::vector<std::string>{"At list price", "Tax", "Credit", "Billed"}));
    QCOMPARE(text(cancels.title), "The invoices bill what the usage costs, though with Tax +$3.00");
    // What is unknown is not zero.
    result.lines[0].list.reset();
    result.lines[0].priced.reset();
    result.lines[0].parts = {};
    result.lines[0].parts[DifferenceBucket::Unpriced] = Money::of(usd("40"));
    const Figure unknown = reconciliationWaterfall(result);
    QCOMPARE(text(unknown.title), "The invoices bill $40.00, and no usage has a price");
    QVERIFY(unknown.series[0].points[0].missing);
    QCOMPARE(text(unknown.series[0].points[0].label), "\u2013");
    QVERIFY(!unknown.isEmpty());
}

void TestFigureBuilder::daysWithoutUnitsAreGaps()
{
    UnitActuals unit = samples::unitActuals();
    unit.days.erase(unit.days.begin() + 1);
    const Figure figure = unitOverDays(unit, "USD");
    const std::vector<FigurePoint> &points = figure.series[0].points;
    // 1 June, nothing on 2 June (no row), nothing on 3 June (no units), 4 June.
    QCOMPARE(points.size(), std::size_t{4});
    QVERIFY(points[1].missing && points[2].missing);
    QCOMPARE(points[3].y, 0.3);
    QCOMPARE(text(figure.title), "One document cost $0.173 on average, at most $0.300 on 4 Jun 2026");
}

void TestFigureBuilder::marksQuantiles()
{
    const Figure figure = unitDistribution(samples::unitActuals(), "USD");
    QCOMPARE(figure.marks.size(), std::size_t{3});
    QCOMPARE(figure.marks[0].at, 0.5); // upper edge of the first bin
    QCOMPARE(figure.marks[1].at, 1.0); // middle of the second
    QCOMPARE(figure.marks[2].at, 2.0); // the open bin has no width
    QCOMPARE(text(figure.marks[0].label), "P50 $0.100");
    QCOMPARE(figure.categories.size(), std::size_t{3});
    QCOMPARE(text(figure.categories.back()), "> $0.200");
    QCOMPARE(text(figure.series[0].points[0].exact), "150 (50.0 %)\n$0 to $0.100");
}

void TestFigureBuilder::marksUnusualDays()
{
    DailySpend spend;
    for (int day = 0; day < 5; ++day)
        spend.days.push_back(
            {instantOf(2026, 6, 1 + day), usd(day == 3 ? "900" : "100"), 10, day == 3, usd("100"), ""});
    spend.days[3].driver = "support-chatbot with claude";
    const Figure figure = spendOverDays(spend, "USD");
    QCOMPARE(figure.marks.size(), std::size_t{1});
    QCOMPARE(text(figure.title),
             "4 Jun 2026 cost $900.00, $800.00 more than usual, mostly from support-chatbot with claude");
    QVERIFY(text(figure.series[0].points[3].exact).contains("Unusual"));
    spend.days.erase(spend.days.begin() + 3);
    QVERIFY(text(spendOverDays(spend, "USD").title).startsWith("No day stands out"));
    QVERIFY(spendOverDays({}, "USD").isEmpty());
}

void TestFigureBuilder::breakdownAddsUpTheRest()
{
    Outcome outcome = samples::outcome("", "Baseline", "1", "2");
    const char *amounts[] = {"5", "40", "0.25", "4.75", "50"};
    for (int i = 0; i < 5; ++i) {
        GroupOutcome group;
        group.by = "team";
        group.key = i == 1 ? "" : "team-" + std::to_string(i);
        group.components[Component::Input] = usd(amounts[i]);
        outcome.groups.push_back(group);
    }
    const Figure figure = breakdownBars(outcome, "team", 2);
    QCOMPARE(figure.categories, (std::vector<std::string>{"team-4", "(no team)", "other (3)"}));
    QCOMPARE(text(figure.series[0].points[2].exact), "$10 \u00b7 10.0 %");
    QCOMPARE(text(figure.title), "team-4 costs $50.00, 50.0 % of $100.00");
    QVERIFY(breakdownBars(outcome, "customer", 2).isEmpty());
}

/// What has no price has no bar; what has one in part says so.
void TestFigureBuilder::breakdownSaysWhatHasNoPrice()
{
    Outcome outcome = samples::outcome("", "Baseline", "1", "2");
    const auto add = [&outcome](const char *key, const char *amount, std::int64_t unpricedTokens) {
        GroupOutcome group;
        group.by = "model";
        group.key = key;
        group.components[Component::Input] = usd(amount);
        group.unpricedTokens = unpricedTokens;
        outcome.groups.push_back(group);
    };
    add("own", "0", 1'200'000);
    add("known", "30", 0);
    add("half", "10", 500);
    add("free", "0", 0);
    QVERIFY(outcome.groups[0].isUnknown());
    QVERIFY(!outcome.groups[2].isUnknown());
    QVERIFY(!outcome.groups[3].isUnknown());
    const Figure figure = breakdownBars(outcome, "model", 8);
    QCOMPARE(figure.categories, (std::vector<std::string>{"known", "half *", "own (no price)", "free"}));
    const std::vector<FigurePoint> &points = figure.series[0].points;
    QVERIFY(points[2].missing);
    QVERIFY2(points[2].exact.find("1.2 M tokens have no price") != std::string::npos, points[2].exact.c_str());
    QVERIFY(!points[1].missing);
    QVERIFY2(points[1].exact.find("500 tokens have no price and are not in it") != std::string::npos,
             points[1].exact.c_str());
    QVERIFY(!points[3].missing);
    QCOMPARE(figure.notes.back(), std::string("* Some of its tokens have no price and are not in its cost."));
    // Nothing known at all.
    outcome.groups.resize(1);
    const Figure nothing = breakdownBars(outcome, "model", 8);
    QVERIFY(nothing.isEmpty());
    QCOMPARE(nothing.title, std::string("Nothing here has a price"));
}

void TestFigureBuilder::stacksByMonth()
{
    const Figure figure = componentsOverMonths(samples::outcome("", "Baseline", "6000", "2500"));
    QCOMPARE(figure.kind, FigureKind::StackedBars);
    QCOMPARE(figure.series.size(), std::size_t{2});
    QCOMPARE(figure.series[1].roleIndex, static_cast<int>(Component::Output));
    QCOMPARE(figure.totals, (std::vector<std::string>{"$8.5k", "$8.5k", "$8.5k"}));
    QCOMPARE(text(figure.title), "Uncached input is 70.6 % of the $25.5k that Baseline costs");
}

QTEST_APPLESS_MAIN(TestFigureBuilder)
#include "tst_figure_builder.moc"
