// SPDX-License-Identifier: GPL-3.0-or-later
// Levers and prices, one rule at a time, in amounts that can be checked by hand.
#include "model/analyses/outcome_difference.h"
#include "model/analyses/outcome_figure.h"
#include "tests/model/simple_world.h"

#include <QTest>

#include <map>

using namespace simple;

class TestEvaluate : public QObject
{
    Q_OBJECT
private slots:
    void anthropicUsage();
    void neutralLeversChangeNothing_data();
    void neutralLeversChangeNothing();
    void routingUsesRatios();
    void cacheReplacesTheSplit();
    void cliffIsComparedExactly_data();
    void cliffIsComparedExactly();
    void rampAndStart();
    void growthCompounds();
    void deeperLayerWins();
    void horizonRepeatsTheAverageMonth();
    void partialBaselineIsRepeatedAsItIs();
    void announcedPricesOnlyAhead();
    void pricesChangeInsideTheMonth();
    void hoursOfTheWeekAhead();
    void recordedTiers();
    void batchNeedsAPrice();
    void unpricedIsNeverNothing();
    void groupsKnowWhatHasNoPrice();
    void impossibleLeversAreNamed();
};

void TestEvaluate::anthropicUsage()
{
    RequestRow row = world::request(someDay, "a", 3, 550);
    row.usage[CacheWrite5m] = 12'304;
    const Outcome outcome = evaluated(world::ledger({row}), world::settings(march));
    QCOMPARE(outcome.total().text(), std::string("0.054399"));
    QCOMPARE(outcome.components[Component::Input].text(), std::string("0.000009"));
    QCOMPARE(outcome.components[Component::CacheWrite].text(), std::string("0.04614"));
    QCOMPARE(outcome.components[Component::Output].text(), std::string("0.00825"));
    QCOMPARE(outcome.currency, std::string("USD"));
}

void TestEvaluate::neutralLeversChangeNothing_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("explicitly");
    QTest::addColumn<int>("horizon");
    for (const LeverSpec &spec : leverSpecs()) {
        for (const bool explicitly : {false, true}) {
            for (const int horizon : {0, 4})
                QTest::addRow("%s, %s, horizon %d", spec.name.data(), explicitly ? "written out" : "absent", horizon)
                    << static_cast<int>(spec.kind) << explicitly << horizon;
        }
    }
}

void TestEvaluate::neutralLeversChangeNothing()
{
    QFETCH(int, kind);
    QFETCH(bool, explicitly);
    QFETCH(int, horizon);
    std::vector<RequestRow> rows;
    for (int i = 0; i < 40; ++i) {
        rows.push_back(world::request({someDay.micros + i * microsPerHour}, i % 3 ? "a" : "cliff", 997 * i, 31 * i));
        rows.back().usage[CacheRead] = 13 * i;
        rows.back().usage[CacheWrite1h] = 7 * i;
    }
    const Ledger ledger = world::ledger(rows);
    const BaselineSettings settings = world::settings(world::months(2026, 1, 3), horizon);
    EffectiveLever lever = world::lever("it", static_cast<LeverKind>(kind), {});
    for (const ParameterSpec &spec : leverSpec(lever.lever.kind).parameters) {
        if (explicitly && isNumeric(spec.unit))
            lever.lever.numbers[std::string(spec.name)] = spec.neutral;
    }
    if (lever.lever.kind == LeverKind::Routing && explicitly)
        lever.lever.texts["to"] = "p/b";
    const Outcome baseline = evaluated(ledger, settings);
    const Outcome same = evaluated(ledger, settings, {lever});
    QVERIFY(!baseline.total().isZero());
    QVERIFY(baseline.components == same.components);
    for (std::size_t i = 0; i < baseline.months.size(); ++i) {
        QVERIFY(baseline.months[i].components == same.months[i].components);
        QVERIFY(baseline.months[i].usage == same.months[i].usage);
    }
    // Before its start a lever with values is as neutral as one without.
    lever = world::lever("it", LeverKind::ContextGrowth, {{"factor", 2'000'000}, {"monthly_growth", 100'000}});
    lever.lever.start = Month::of(2030, 1);
    QVERIFY(evaluated(ledger, settings, {lever}).components == baseline.components);
}

void TestEvaluate::routingUsesRatios()
{
    // 1,000,000 in and 100,000 out: 3 + 1.5 = 4.5 on a; on b 1.2 × 0.25 + 0.8 × 0.125 = 0.4.
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1'000'000, 100'000)});
    const auto lever =
        world::lever("r", LeverKind::Routing,
                     {{"share", 600'000}, {"token_ratio", 1'200'000}, {"output_ratio", 800'000}}, {{"to", "p/b"}});
    const Outcome outcome = evaluated(ledger, world::settings(march), {lever});
    QCOMPARE(outcome.total().text(), std::string("2.04"));
    QCOMPARE(outcome.usage[static_cast<std::size_t>(Input)], Millionths{1'120'000} * onePpm);
    QCOMPARE(outcome.usage[static_cast<std::size_t>(Output)], Millionths{88'000} * onePpm);
    QCOMPARE(outcome.usage[static_cast<std::size_t>(Request)], Millionths{onePpm});
}

void TestEvaluate::cacheReplacesTheSplit()
{
    RequestRow row = world::request(someDay, "a", 600'000, 0);
    row.usage[CacheRead] = 400'000;
    const Ledger ledger = world::ledger({row});
    QCOMPARE(evaluated(ledger, world::settings(march)).total().text(), std::string("1.92"));
    auto lever = world::lever("c", LeverKind::PromptCache, {{"hit_share", 500'000}, {"write_share", 200'000}});
    // 500,000 read, 100,000 written, 400,000 input.
    Outcome outcome = evaluated(ledger, world::settings(march), {lever});
    QCOMPARE(outcome.components[Component::CacheRead].text(), std::string("0.15"));
    QCOMPARE(outcome.components[Component::CacheWrite].text(), std::string("0.375"));
    QCOMPARE(outcome.components[Component::Input].text(), std::string("1.2"));
    QCOMPARE(outcome.usage[static_cast<std::size_t>(CacheWrite5m)], Millionths{100'000} * onePpm);
    QVERIFY(!hasCheck(outcome, "Cache writes", "premium", false));
    lever.lever.texts["ttl"] = "1h";
    outcome = evaluated(ledger, world::settings(march), {lever});
    QCOMPARE(outcome.components[Component::CacheWrite].text(), std::string("0.6"));
    lever.lever.numbers["write_share"] = 0;
    QVERIFY(hasCheck(evaluated(ledger, world::settings(march), {lever}), "Cache writes", "premium", false));
}

void TestEvaluate::cliffIsComparedExactly_data()
{
    QTest::addColumn<qlonglong>("prompt");
    QTest::addColumn<qlonglong>("factor");
    QTest::addColumn<QString>("total");
    // Above 200,000 tokens all of them cost 4 instead of 2 per million.
    QTest::newRow("at the threshold") << 200'000LL << 1'000'000LL << "0.4";
    QTest::newRow("one above") << 200'001LL << 1'000'000LL << "0.800004";
    QTest::newRow("grown exactly to it") << 125'000LL << 1'600'000LL << "0.4";
    QTest::newRow("grown a fraction of a token above it") << 199'999LL << 1'000'006LL << "0.800000799976";
    QTest::newRow("grown a fraction of a token below it") << 199'999LL << 1'000'004LL << "0.399999599992";
    QTest::newRow("shrunk below it") << 300'000LL << 500'000LL << "0.3";
}

void TestEvaluate::cliffIsComparedExactly()
{
    QFETCH(qlonglong, prompt);
    QFETCH(qlonglong, factor);
    QFETCH(QString, total);
    const Ledger ledger = world::ledger({world::request(someDay, "cliff", prompt, 0)});
    const auto lever = world::lever("g", LeverKind::ContextGrowth, {{"factor", factor}});
    QCOMPARE(QString::fromStdString(evaluated(ledger, world::settings(march), {lever}).total().text()), total);
}

void TestEvaluate::rampAndStart()
{
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1'000'000, 0)});
    auto lever = world::lever("b", LeverKind::Batch, {{"share", 1'000'000}});
    lever.lever.start = Month::of(2026, 5);
    lever.lever.rampMonths = 4;
    const Outcome outcome = evaluated(ledger, world::settings(march, 6), {lever});
    const std::vector<std::string> expected{"3", "2.625", "2.25", "1.875", "1.5", "1.5"};
    QCOMPARE(outcome.months.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(outcome.months[i].components.total().text(), expected[i]);
    QCOMPARE(outcome.months[0].month.text(), std::string("2026-04"));
    // A third of a share: rounded once to a millionth.
    lever.lever.rampMonths = 3;
    lever.lever.start = Month::of(2026, 4);
    QCOMPARE(evaluated(ledger, world::settings(march, 1), {lever}).total().text(), std::string("2.5000005"));
}

void TestEvaluate::growthCompounds()
{
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1'000'000, 0)});
    const auto lever =
        world::lever("g", LeverKind::ContextGrowth, {{"factor", 1'500'000}, {"monthly_growth", 100'000}});
    const Outcome outcome = evaluated(ledger, world::settings(march, 4), {lever});
    // 3 × 1.5 × 1.1^k; the factor of the last month is 1.9965.
    const std::vector<std::string> expected{"4.5", "4.95", "5.445", "5.9895"};
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(outcome.months[i].components.total().text(), expected[i]);
    const std::string error = errorOf(ledger, world::settings(march, 120),
                                      {world::lever("g", LeverKind::ContextGrowth, {{"monthly_growth", 1'000'000}})});
    QVERIFY2(error.find("lever 'g', monthly_growth") != std::string::npos, error.c_str());
}

void TestEvaluate::deeperLayerWins()
{
    const Ledger ledger = world::ledger({inWorkload(world::request(someDay, "a", 1'000'000, 0), "chat"),
                                         inWorkload(world::request(someDay, "a", 1'000'000, 0), "mail")});
    auto all = world::lever("all", LeverKind::Batch, {{"share", 1'000'000}});
    auto chat = world::lever("chat", LeverKind::Batch, {{"share", 0}});
    chat.layer = 1;
    chat.lever.scope.conditions["workload"] = {"chat"};
    QCOMPARE(evaluated(ledger, world::settings(march), {all}).total().text(), std::string("3"));
    QCOMPARE(evaluated(ledger, world::settings(march), {all, chat}).total().text(), std::string("4.5"));
    chat.lever.enabled = false;
    QCOMPARE(evaluated(ledger, world::settings(march), {all, chat}).total().text(), std::string("3"));
    auto nobody = world::lever("nobody", LeverKind::Batch, {{"share", 1}});
    nobody.lever.scope.conditions["workload"] = {"fax"};
    QVERIFY(hasCheck(evaluated(ledger, world::settings(march), {nobody}), "Scope", "'nobody'", false));
}

void TestEvaluate::horizonRepeatsTheAverageMonth()
{
    // 1 token in one of three months: a third of its price, rounded once per month.
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1, 0)});
    const Outcome outcome = evaluated(ledger, world::settings(world::months(2026, 1, 3), 2));
    QCOMPARE(outcome.months.size(), std::size_t{2});
    QCOMPARE(outcome.months[0].month.text(), std::string("2026-04"));
    QCOMPARE(outcome.total().text(), std::string("0.000002"));
    QCOMPARE(outcome.usage[0], Millionths{666'666});
    QVERIFY(hasCheck(outcome, "Period", "3 whole months", true));
}

void TestEvaluate::partialBaselineIsRepeatedAsItIs()
{
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1'000'000, 0)});
    const Outcome outcome = evaluated(ledger, world::settings({instantOf(2026, 2, 10), instantOf(2026, 3, 20)}, 2));
    QCOMPARE(outcome.total().text(), std::string("6"));
    QVERIFY(hasCheck(outcome, "Period", "not made of whole calendar months", false));
}

void TestEvaluate::announcedPricesOnlyAhead()
{
    Rate announced = world::rate("new", {{Input, "1"}});
    announced.status = RateStatus::Announced;
    const auto book = world::book({world::model(
        "p", "a", {world::rate("old", {{Input, "3"}}), world::during(instantOf(2026, 3, 1), alwaysAfter, announced)})});
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1'000'000, 0)});
    QCOMPARE(evaluated(ledger, world::settings(march), {}, {}, {}, book).total().text(), std::string("3"));
    QCOMPARE(evaluated(ledger, world::settings(march, 1), {}, {}, {}, book).total().text(), std::string("1"));
}

void TestEvaluate::pricesChangeInsideTheMonth()
{
    const auto book = world::book(
        {world::model("p", "a",
                      {world::during(alwaysBefore, someDay, world::rate("old", {{Input, "3"}})),
                       world::during(someDay, alwaysAfter, world::rate("new", {{Input, "1"}}))}),
         world::model("p", "t",
                      {world::during(alwaysBefore, {someDay.micros + 1}, world::rate("t1", {{Input, "10"}})),
                       world::during({someDay.micros + 1}, alwaysAfter, world::rate("t2", {{Input, "20"}}))})});
    const Ledger ledger = world::ledger({world::request({someDay.micros - 1}, "a", 1'000'000, 0),
                                         world::request(someDay, "a", 1'000'000, 0),
                                         world::request({someDay.micros + 1}, "a", 1'000'000, 0)});
    QCOMPARE(evaluated(ledger, world::settings(march), {}, {}, {}, book).total().text(), std::string("5"));
    // The target's own price change falls between requests that cost the same at home.
    const auto lever = world::lever("r", LeverKind::Routing, {{"share", onePpm}}, {{"to", "p/t"}});
    QCOMPARE(evaluated(ledger, world::settings(march), {lever}, {}, {}, book).total().text(), std::string("40"));
}

void TestEvaluate::hoursOfTheWeekAhead()
{
    // Peak from Monday to Friday; its price rises on Friday, 3 April 2026. April begins on a Wednesday.
    const auto peak = [](const char *id, const char *price) {
        Rate result = world::rate(id, {{Input, price}});
        result.daily = DailyWindow{0x1f, 8 * 60, 18 * 60};
        return result;
    };
    const Instant rise = instantOf(2026, 4, 3);
    const auto book = world::book(
        {world::model("p", "a",
                      {world::rate("night", {{Input, "1"}}), world::during(alwaysBefore, rise, peak("peak", "2")),
                       world::during(rise, alwaysAfter, peak("dear", "5"))})});
    const Ledger atNoon = world::ledger({world::request(instantOf(2026, 3, 9, 12), "a", 1'000'000, 0)});
    const Ledger onSunday = world::ledger({world::request(instantOf(2026, 3, 8, 12), "a", 1'000'000, 0)});
    QCOMPARE(evaluated(atNoon, world::settings(march), {}, {}, {}, book).total().text(), std::string("2"));
    QCOMPARE(evaluated(onSunday, world::settings(march), {}, {}, {}, book).total().text(), std::string("1"));
    const Outcome ahead = evaluated(atNoon, world::settings(march, 2), {}, {}, {}, book);
    QCOMPARE(ahead.months[0].components.total().text(), std::string("2"));
    QCOMPARE(ahead.months[1].components.total().text(), std::string("5"));
    QCOMPARE(evaluated(onSunday, world::settings(march, 2), {}, {}, {}, book).total().text(), std::string("2"));
}

void TestEvaluate::recordedTiers()
{
    std::vector<RequestRow> rows;
    for (const ServiceTier tier : {ServiceTier::Standard, ServiceTier::Batch, ServiceTier::Provisioned}) {
        rows.push_back(world::request(someDay, "a", 1'000'000, 0));
        rows.back().tier = tier;
    }
    const Outcome outcome = evaluated(world::ledger(rows), world::settings(march), {}, {}, {"tier"});
    QCOMPARE(outcome.total().text(), std::string("4.5"));
    QCOMPARE(outcome.unpriced.tokens, 0);
    // Covered requests pay where they are sent, with what is not covered there.
    const auto lever = world::lever("r", LeverKind::Routing, {{"share", onePpm}}, {{"to", "p/cliff"}});
    QCOMPARE(evaluated(world::ledger({rows[2]}), world::settings(march), {lever}).total().text(), std::string("4"));
}

void TestEvaluate::batchNeedsAPrice()
{
    const Ledger ledger =
        world::ledger({world::request(someDay, "a", 1'000'000, 0), world::request(someDay, "b", 1'000'000, 500)});
    const auto lever = world::lever("b", LeverKind::Batch, {{"share", 400'000}});
    const Outcome outcome = evaluated(ledger, world::settings(march), {lever});
    QCOMPARE(outcome.total().text(), std::string("2.650625"));
    QVERIFY(hasCheck(outcome, "Batch prices", "1000500 recorded tokens", false));
}

void TestEvaluate::unpricedIsNeverNothing()
{
    RequestRow searches = world::request(someDay, "b", 0, 0);
    searches.usage[WebSearch] = 4;
    const Ledger ledger =
        world::ledger({world::request(someDay, "omega", 70, 30), world::request(someDay, "psi", 500, 0), searches});
    const Outcome outcome = evaluated(ledger, world::settings(march));
    QCOMPARE(outcome.total().text(), std::string("0"));
    QCOMPARE(outcome.unpriced.tokens, 600);
    QCOMPARE(outcome.unpriced.models, (std::vector<std::string>{"psi", "omega"}));
    QVERIFY(hasCheck(outcome, "Unpriced usage", "600 tokens", false));
    QVERIFY(hasCheck(outcome, "Unpriced usage", "4 events", false));
    // A class that inherits a price is priced, and says so.
    RequestRow reads = world::request(someDay, "b", 0, 0);
    reads.usage[CacheRead] = 1000;
    const Outcome assumed = evaluated(world::ledger({reads}), world::settings(march));
    QCOMPARE(assumed.assumedTokens, 1000);
    QCOMPARE(assumed.total().text(), std::string("0.00025"));
}

/// A group without any price is unknown, whichever group has one.
void TestEvaluate::groupsKnowWhatHasNoPrice()
{
    const Ledger ledger = world::ledger({inWorkload(world::request(someDay, "psi", 500, 0), "dark"),
                                         inWorkload(world::request(someDay, "psi", 70, 0), "mixed"),
                                         inWorkload(world::request(someDay, "a", 1000, 0), "mixed"),
                                         inWorkload(world::request(someDay, "a", 1000, 0), "known")});
    auto baseline = Baseline::build(ledger, simpleBook(), world::settings(march), {});
    EvaluationRequest request;
    request.groupBy = {"workload"};
    const auto outcome = evaluate(**baseline, request, {});
    QVERIFY(outcome.ok());
    std::map<std::string, GroupOutcome> groups;
    for (const GroupOutcome &group : outcome->groups)
        groups[group.key] = group;
    QCOMPARE(groups.size(), std::size_t{3});
    QCOMPARE(groups["dark"].unpricedTokens, 500);
    QVERIFY(groups["dark"].isUnknown());
    QCOMPARE(groups["mixed"].unpricedTokens, 70);
    QVERIFY(!groups["mixed"].isUnknown());
    QCOMPARE(groups["known"].unpricedTokens, 0);
    QCOMPARE(outcome->unpriced.tokens, 570);
    // No figure is read where there is none.
    OutcomeFigure figure;
    figure.kind = OutcomeFigure::Kind::Group;
    figure.name = "workload";
    figure.key = "dark";
    QVERIFY(!readFigure(*outcome, figure).ok());
    figure.key = "mixed";
    QVERIFY(readFigure(*outcome, figure).ok());
    const auto difference = differenceOf(*outcome, *outcome);
    QVERIFY(difference.ok());
    QCOMPARE(difference->groups.size(), std::size_t{3});
    for (const FigureDifference &line : difference->groups)
        QCOMPARE(line.first.has_value(), line.figure.key != "dark");
}

void TestEvaluate::impossibleLeversAreNamed()
{
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1, 0)});
    const BaselineSettings settings = world::settings(march);
    const std::string share = errorOf(ledger, settings, {world::lever("x", LeverKind::Batch, {{"share", 2'000'000}})});
    QVERIFY2(share.find("lever 'x', share") != std::string::npos, share.c_str());
    const std::string both = errorOf(
        ledger, settings,
        {world::lever("x", LeverKind::Batch, {{"share", 1}}), world::lever("y", LeverKind::Batch, {{"share", 1}})});
    QVERIFY2(both.find("'x' and 'y'") != std::string::npos, both.c_str());
}

QTEST_APPLESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
