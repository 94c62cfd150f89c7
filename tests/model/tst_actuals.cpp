// SPDX-License-Identifier: GPL-3.0-or-later
// What units and days really cost: counts, distributions, harness, unusual days.
#include "tests/model/engine_world.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace perunit;
using enum UsageClass;

namespace {

std::shared_ptr<const PriceBook> oneDollar()
{
    return world::book({world::model("p", "a", {world::rate("a", {{Input, "1"}, {Output, "1"}})}),
                        world::model("p", "b", {world::rate("b", {{Input, "2"}})})});
}

/// A request of so many micro-dollars on model a.
RequestRow cents(Instant at, std::int64_t microDollars, const std::string &session,
                 const std::string &workload = "chat")
{
    RequestRow row = world::request(at, "a", microDollars, 0);
    row.session = session;
    row.workload = workload;
    return row;
}

std::shared_ptr<const Baseline> baselineOf(const Ledger &ledger, Period period, int horizon = 0)
{
    return Baseline::build(ledger, oneDollar(), world::settings(period, horizon), {}).value();
}

EconomicUnit conversation()
{
    EconomicUnit unit;
    unit.name = "conversation";
    unit.scope.conditions["workload"] = {"chat"};
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    return unit;
}

const Period march = world::months(2026, 3, 1);

Instant day(int number)
{
    return instantOf(2026, 3, number, 10);
}

} // namespace

class TestActuals : public QObject
{
    Q_OBJECT
private slots:
    void quantilesAreNearestRank();
    void histogramCountsEveryUnit();
    void daysAndMonthsFoot();
    void unitScopeMayNameSingleUnits();
    void problemsAreSaid();
    void requestCosts();
    void resolutionsAreLargestFirst();
    void equalsTheBaselineOutcome();
    void unusualDayIsFound();
    void quietLedgerHasNoUnusualDay();
    void growthIsNotUnusual();
};

void TestActuals::quantilesAreNearestRank()
{
    // 10 conversations of 1 … 10 micro-dollars, each in two requests.
    std::vector<RequestRow> rows;
    for (int i = 1; i <= 10; ++i) {
        rows.push_back(cents(day(i), i - 1, "s" + std::to_string(i)));
        rows.push_back(cents(day(i + 1), 1, "s" + std::to_string(i)));
    }
    rows.push_back(cents(day(3), 1000, ""));
    rows.push_back(cents(day(3), 5000, "mail", "mail"));
    const auto actuals = unitActuals(*baselineOf(world::ledger(rows), march), conversation(), {});
    QVERIFY(actuals.ok());
    QCOMPARE(actuals->count, 10);
    QCOMPARE(actuals->p50->text(), std::string("0.000005"));
    QCOMPARE(actuals->p90->text(), std::string("0.000009"));
    QCOMPARE(actuals->p99->text(), std::string("0.00001"));
    // Requests without a session cost their part, though they are nobody's conversation.
    QCOMPARE(actuals->cost.text(), std::string("0.001055"));
    QVERIFY(actuals->problem.empty());
    QCOMPARE(actuals->byModel.size(), std::size_t{1});
    QCOMPARE(actuals->byModel[0].key, std::string("a"));
}

void TestActuals::histogramCountsEveryUnit()
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 1000; ++i)
        rows.push_back(cents(day(1 + i % 28), i * 37 % 4001, "s" + std::to_string(i)));
    rows.push_back(cents(day(2), 90'000'000, "giant"));
    rows.push_back(cents(day(2), 0, "free"));
    const auto actuals = unitActuals(*baselineOf(world::ledger(rows), march), conversation(), {});
    QVERIFY(actuals.ok());
    const auto &bins = actuals->histogram;
    QVERIFY(bins.size() >= 12 && bins.size() <= 25);
    std::int64_t counted = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        counted += bins[i].count;
        QVERIFY(i == 0 || bins[i].upTo > bins[i - 1].upTo);
    }
    QCOMPARE(counted, actuals->count);
    QCOMPARE(bins.back().count, 1);
    QCOMPARE(bins.back().upTo.text(), std::string("90"));
    // Edges are round: whole multiples of 1, 2 or 5 of a power of ten. Here 200 micro-dollars.
    QCOMPARE(bins[0].upTo.text(), std::string("0.0002"));
    std::int64_t expected = 1;
    for (int i = 0; i < 1000; ++i)
        expected += i * 37 % 4001 <= 200 ? 1 : 0;
    QCOMPARE(bins[0].count, expected);
}

void TestActuals::daysAndMonthsFoot()
{
    ChargeRow charge = world::charge(instantOf(2026, 3, 1), instantOf(2026, 4, 1), "1");
    charge.workload = "chat";
    const ChargeRow shared = world::charge(instantOf(2026, 3, 1), instantOf(2026, 4, 1), "7");
    const OutcomeRow tickets{instantOf(2026, 3, 5), "tickets", "resolved",
                             Money::ofUnits(world::exact("3", Money::scale))};
    const Ledger ledger = world::ledger({cents(day(5), 100, "s1"), cents(day(5), 50, "s1"), cents(day(6), 25, "s1"),
                                         cents(instantOf(2026, 4, 2), 10, "s2")},
                                        {charge, shared}, {tickets});
    EconomicUnit unit = conversation();
    const auto baseline = baselineOf(ledger, world::months(2026, 3, 2));
    const auto actuals = unitActuals(*baseline, unit, {});
    QVERIFY(actuals.ok());
    QCOMPARE(actuals->cost.text(), std::string("1.000185"));
    QCOMPARE(actuals->components[Component::Harness].text(), std::string("1"));
    QCOMPARE(actuals->days.size(), std::size_t{61});
    QCOMPARE(actuals->months.size(), std::size_t{2});
    const auto sum = [](const std::vector<UnitActuals::Step> &steps) {
        Femto result;
        for (const auto &step : steps)
            result += step.cost;
        return result;
    };
    QVERIFY(sum(actuals->days) == actuals->cost);
    QVERIFY(sum(actuals->months) == actuals->cost);
    QCOMPARE(actuals->months[0].cost.text(), std::string("1.000175"));
    QCOMPARE(actuals->months[0].count, 1);
    QCOMPARE(actuals->months[1].count, 1);
    QCOMPARE(actuals->days[4].count, 1);
    QCOMPARE(actuals->days[5].count, 1);
    QCOMPARE(actuals->days[6].count, 0);

    unit.denominator = {UnitDenominator::Kind::Outcome, "tickets"};
    const auto resolved = unitActuals(*baseline, unit, {});
    QCOMPARE(resolved->count, 3);
    QCOMPARE(resolved->days[4].count, 3);
    QVERIFY(!resolved->p50);
    unit.denominator = {UnitDenominator::Kind::Requests, ""};
    QCOMPARE(unitActuals(*baseline, unit, {})->count, 4);
    unit.inference = false;
    QCOMPARE(unitActuals(*baseline, unit, {})->cost.text(), std::string("1"));
    // Looking ahead changes nothing about what happened.
    const auto ahead = unitActuals(*baselineOf(ledger, world::months(2026, 3, 2), 12), conversation(), {});
    QVERIFY(ahead->cost == actuals->cost);
    QCOMPARE(ahead->count, actuals->count);
}

void TestActuals::unitScopeMayNameSingleUnits()
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 6; ++i) {
        rows.push_back(cents(day(3), 10 + i, "s" + std::to_string(i % 3)));
        rows.back().tags = {{"contract", i < 4 ? "gold" : "silver"}};
    }
    const auto baseline = baselineOf(world::ledger(rows), march);
    EconomicUnit unit = conversation();
    unit.scope.conditions["tag:contract"] = {"gold"};
    const auto gold = unitActuals(*baseline, unit, {});
    QCOMPARE(gold->cost.text(), std::string("0.000046"));
    QCOMPARE(gold->count, 3);
    unit.scope.conditions = {{"session", {"s1"}}};
    QCOMPARE(unitActuals(*baseline, unit, {})->cost.text(), std::string("0.000025"));
    unit.scope.conditions = {{"tag:missing", {""}}};
    QCOMPARE(unitActuals(*baseline, unit, {})->count, 3);
}

void TestActuals::problemsAreSaid()
{
    RequestRow odd = cents(day(3), 10, "s1");
    odd.model = "omega";
    const auto baseline = baselineOf(world::ledger({odd}), march);
    EconomicUnit unit = conversation();
    QCOMPARE(unitActuals(*baseline, unit, {})->unpricedTokens, 10);
    unit.denominator.name = "document";
    QVERIFY(!unitActuals(*baseline, unit, {})->problem.empty());
    unit = conversation();
    unit.scope.conditions["workload"] = {"fax"};
    const auto nobody = unitActuals(*baseline, unit, {});
    QVERIFY(!nobody->problem.empty());
    QCOMPARE(nobody->count, 0);
    QVERIFY(!nobody->p50 && nobody->histogram.empty());
    unit.denominator = {UnitDenominator::Kind::Outcome, "tickets"};
    QVERIFY(unitActuals(*baseline, unit, {})->problem.find("tickets") != std::string::npos);
    // Nothing at all is no crash.
    const auto empty = Baseline::build(world::ledger({}), oneDollar(), {}, {});
    QVERIFY(unitActuals(**empty, conversation(), {})->days.empty());
    QVERIFY(dailySpend(**empty).days.empty());
}

void TestActuals::requestCosts()
{
    const auto book =
        world::book({world::model("p", "a",
                                  {world::during(alwaysBefore, day(5), world::rate("old", {{Input, "1"}})),
                                   world::during(day(5), alwaysAfter, world::rate("new", {{Input, "3"}})),
                                   world::above(1000, false, world::rate("long", {{Input, "10"}}))})});
    RequestRow audio = world::request(day(6), "omega", 0, 0);
    audio.usage[AudioIn] = 12;
    RequestRow covered = world::request(day(6), "a", 10, 0);
    covered.tier = ServiceTier::Provisioned;
    const Ledger ledger = world::ledger({world::request(day(4), "a", 1000, 0), world::request(day(5), "a", 1000, 0),
                                         world::request({day(5).micros + 1}, "a", 1001, 0), audio, covered});
    for (const int horizon : {0, 3}) {
        const auto baseline = Baseline::build(ledger, book, world::settings(march, horizon), {});
        QVERIFY(baseline.ok());
        std::int64_t unpriced = -1;
        QCOMPARE((*baseline)->requestCost(0, &unpriced).text(), std::string("0.001"));
        QCOMPARE(unpriced, 0);
        QCOMPARE((*baseline)->requestCost(1).text(), std::string("0.003"));
        QCOMPARE((*baseline)->requestCost(2).text(), std::string("0.01001"));
        QVERIFY((*baseline)->requestCost(3, &unpriced).isZero());
        QCOMPARE(unpriced, 12);
        QVERIFY((*baseline)->requestCost(4, &unpriced).isZero());
        QCOMPARE(unpriced, 0);
    }
}

void TestActuals::resolutionsAreLargestFirst()
{
    const Ledger ledger = world::ledger({world::request(day(1), "a", 10, 0), world::request(day(1), "omega", 500, 1),
                                         world::request(day(2), "a", 10, 5), world::request(day(2), "b", 5, 5)});
    const auto baseline = baselineOf(ledger, march);
    const auto &names = baseline->resolutions();
    QCOMPARE(names.size(), std::size_t{3});
    QCOMPARE(names[0].recorded, std::string("omega"));
    QVERIFY(!names[0].match.model.found());
    QCOMPARE(names[0].unpricedTokens, 501);
    QCOMPARE(names[1].recorded, std::string("a"));
    QCOMPARE(names[1].requests, 2);
    QCOMPARE(names[1].cost.text(), std::string("0.000025"));
    QCOMPARE(names[2].unpricedTokens, 5);
}

void TestActuals::equalsTheBaselineOutcome()
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 200; ++i)
        rows.push_back(cents(day(1 + i % 30), 13 * i, "s" + std::to_string(i % 9), i % 3 ? "chat" : "mail"));
    const auto baseline = baselineOf(world::ledger(rows), march);
    EvaluationRequest request;
    request.units = {conversation()};
    const Outcome outcome = evaluate(*baseline, request, {}).value();
    const UnitActuals actuals = unitActuals(*baseline, conversation(), {}).value();
    QVERIFY(outcome.unit("conversation")->components == actuals.components);
    QVERIFY(outcome.unit("conversation")->count == Millionths{actuals.count} * onePpm);
    Femto days;
    for (const auto &each : dailySpend(*baseline).days)
        days += each.cost;
    QVERIFY(days == outcome.total());
}

void TestActuals::unusualDayIsFound()
{
    std::vector<RequestRow> rows;
    for (int i = 1; i <= 31; ++i) {
        rows.push_back(cents(day(i), 1000 + 10 * (i % 7), "s", "chat"));
        rows.push_back(cents(day(i), 400, "s", "mail"));
    }
    // Day 3 has no history to compare with; day 20 stands out because of mail.
    rows.push_back(cents(day(3), 9000, "s", "chat"));
    rows.push_back(cents(day(20), 5000, "s", "mail"));
    rows.push_back(cents(day(20), 100, "s", "chat"));
    const DailySpend spend = dailySpend(*baselineOf(world::ledger(rows), march));
    QCOMPARE(spend.days.size(), std::size_t{31});
    for (std::size_t i = 0; i < spend.days.size(); ++i) {
        QCOMPARE(spend.days[i].unusual, i == 19);
        QCOMPARE(spend.days[i].requests, i == 19 ? 4 : i == 2 ? 3 : 2);
    }
    QCOMPARE(spend.days[19].driver, std::string("mail, a"));
    QCOMPARE(spend.days[19].usual.text(), std::string("0.00143"));
    QCOMPARE(formatDate(spend.days[19].day), std::string("2026-03-20"));
}

void TestActuals::quietLedgerHasNoUnusualDay()
{
    // Twice of next to nothing is still next to nothing beside a busy end of the month.
    std::vector<RequestRow> rows;
    for (int i = 1; i <= 20; ++i)
        rows.push_back(cents(day(i), i == 15 ? 30 : 1, "s"));
    for (int i = 21; i <= 31; ++i)
        rows.push_back(cents(day(i), 1'000'000, "s"));
    const DailySpend spend = dailySpend(*baselineOf(world::ledger(rows), march));
    QVERIFY(!spend.days[14].unusual);
    QVERIFY(spend.days[20].unusual);
}

void TestActuals::growthIsNotUnusual()
{
    std::vector<RequestRow> rows;
    for (int i = 1; i <= 31; ++i)
        rows.push_back(cents(day(i), 1000 + 30 * i, "s"));
    const DailySpend spend = dailySpend(*baselineOf(world::ledger(rows), march));
    QVERIFY(std::none_of(spend.days.begin(), spend.days.end(), [](const auto &each) { return each.unusual; }));
}

QTEST_APPLESS_MAIN(TestActuals)
#include "tst_actuals.moc"
