// SPDX-License-Identifier: GPL-3.0-or-later
// Outcomes that can be checked by hand: one rule at a time.
#include "tests/model/engine_world.h"
#include "tests/support/shared_data.h"

#include <QProcess>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace perunit;
using enum UsageClass;

namespace {

std::shared_ptr<const PriceBook> simpleBook()
{
    using world::rate;
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.terms = {world::term("1-month", "260", false),
                   world::term("hourly", "1", true),
                   {"1-year",
                    static_cast<std::int64_t>(world::exact("221", Femto::scale)),
                    false,
                    {instantOf(2026, 2, 1), alwaysAfter}}};
    offer.throughput = {world::throughput("a", 1000)};
    return world::book(
        {world::model(
             "p", "a",
             {rate("a",
                   {{Input, "3"}, {CacheRead, "0.3"}, {CacheWrite5m, "3.75"}, {CacheWrite1h, "6"}, {Output, "15"}}),
              rate("a/batch", {{Input, "1.5"}, {CacheRead, "0.15"}, {CacheWrite5m, "1.875"}, {Output, "7.5"}},
                   ServiceTier::Batch)}),
         world::model("p", "b", {rate("b", {{Input, "0.25"}, {Output, "1.25"}})}),
         world::model("p", "cliff",
                      {rate("cliff", {{Input, "2"}, {Output, "10"}}),
                       world::above(200'000, false, rate("cliff", {{Input, "4"}, {Output, "15"}}))})},
        {offer});
}

Outcome evaluated(const Ledger &ledger, const BaselineSettings &settings, std::vector<EffectiveLever> levers = {},
                  std::vector<EconomicUnit> units = {}, std::vector<std::string> groupBy = {},
                  std::shared_ptr<const PriceBook> book = simpleBook())
{
    auto baseline = Baseline::build(ledger, std::move(book), settings, {});
    EvaluationRequest request;
    request.name = "test";
    request.levers = std::move(levers);
    request.units = std::move(units);
    request.groupBy = std::move(groupBy);
    return evaluate(**baseline, request, {}).value();
}

std::string errorOf(const Ledger &ledger, const BaselineSettings &settings, std::vector<EffectiveLever> levers)
{
    auto baseline = Baseline::build(ledger, simpleBook(), settings, {});
    EvaluationRequest request;
    request.levers = std::move(levers);
    const auto outcome = evaluate(**baseline, request, {});
    return outcome.ok() ? std::string("no error") : outcome.error().text();
}

bool hasCheck(const Outcome &outcome, const std::string &name, const char *part, bool ok)
{
    return std::any_of(outcome.checks.begin(), outcome.checks.end(), [&](const OutcomeCheck &check) {
        return check.name == name && check.ok == ok && check.detail.find(part) != std::string::npos;
    });
}

RequestRow inWorkload(RequestRow row, const std::string &workload)
{
    row.workload = workload;
    return row;
}

const Period march = world::months(2026, 3, 1);
const Instant someDay = instantOf(2026, 3, 9, 12);

} // namespace

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
    void recordedTiers();
    void batchNeedsAPrice();
    void unpricedIsNeverNothing();
    void poolServesAndSpills();
    void poolIgnoresOtherRequests();
    void poolWithoutRequestsIsPaid();
    void poolTermMustBeSold();
    void poolFixedCostByTerm_data();
    void poolFixedCostByTerm();
    void longPromptsAlwaysSpill();
    void azureTrace();
    void harnessKeepsItsAmount();
    void harnessOverMonthsFoots();
    void unitCounts();
    void unitScopeAndComponents();
    void groupsFoot();
    void impossibleLeversAreNamed();
    void stopsWhenAsked();
    void emptyLedger();
    void settingsComeBack();
    void defaultPeriod_data();
    void defaultPeriod();
    void negativeCountsAreRefused();
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

void TestEvaluate::poolServesAndSpills()
{
    // 2 units serve 2,000 load tokens a minute. Minute one: 1,000 + 4 × 250 = 2,000, served. Minute two:
    // 2,000 + 4 × 500 = 4,000 in two requests: half of it spills, at 3 and 15 dollars a million.
    const Ledger ledger =
        world::ledger({inWorkload(world::request(someDay, "a", 1000, 250), "chat"),
                       inWorkload(world::request({someDay.micros + microsPerMinute}, "a", 1500, 0), "mail"),
                       inWorkload(world::request({someDay.micros + 2 * microsPerMinute - 1}, "a", 500, 500), "chat")});
    const auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 2}},
                                    {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
    const Outcome outcome = evaluated(ledger, world::settings(march), {lever}, {}, {"workload"});
    QCOMPARE(outcome.components[Component::Provisioned].text(), std::string("520"));
    QCOMPARE(outcome.components[Component::Spill].text(), std::string("0.00675"));
    QCOMPARE(outcome.components[Component::Input].text(), std::string("0"));
    QCOMPARE(outcome.components[Component::Output].text(), std::string("0"));
    QCOMPARE(outcome.pools.size(), std::size_t{1});
    QCOMPARE(outcome.pools[0].fixedCost.text(), std::string("520"));
    QCOMPARE(outcome.pools[0].spillCost.text(), std::string("0.00675"));
    QCOMPARE(outcome.pools[0].spillShare, 333'333);
    QCOMPARE(outcome.pools[0].utilisation, 45); // 4,000 of 2,000 × 44,640
    // Served: chat 2,000 + 1,250, mail 750. Of 520 dollars that is 422.5 and 97.5.
    for (const GroupOutcome &group : outcome.groups)
        QCOMPARE(group.components[Component::Provisioned].text(), std::string(group.key == "chat" ? "422.5" : "97.5"));
}

void TestEvaluate::poolIgnoresOtherRequests()
{
    RequestRow priority = world::request(someDay, "a", 1'000'000, 0);
    priority.tier = ServiceTier::Batch;
    RequestRow audio = world::request(someDay, "a", 0, 0);
    audio.usage[AudioIn] = 1'000'000;
    const Ledger ledger = world::ledger(
        {priority, audio, world::request(someDay, "b", 1'000'000, 0), world::request(someDay, "a", 1000, 0)});
    auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 1000}},
                              {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
    const auto batch = world::lever("batch", LeverKind::Batch, {{"share", onePpm}});
    Outcome outcome = evaluated(ledger, world::settings(march), {lever});
    // Batch 1.5, audio at the inherited 3, model b 0.25; the standard request of a is served by the pool.
    QCOMPARE((outcome.total() - outcome.components[Component::Provisioned]).text(), std::string("4.75"));
    // What goes through the batch tier is no load of the pool.
    outcome = evaluated(ledger, world::settings(march), {lever, batch});
    QCOMPARE(outcome.pools[0].utilisation, 0);
    QVERIFY(hasCheck(outcome, "Provisioned", "serve nothing", false));
    // Requests that are routed to the pool's model are.
    const auto route = world::lever("route", LeverKind::Routing, {{"share", 500'000}}, {{"to", "p/a"}});
    outcome =
        evaluated(world::ledger({world::request(someDay, "b", 1'000'000, 0)}), world::settings(march), {lever, route});
    QCOMPARE(outcome.components[Component::Input].text(), std::string("0.125"));
    QVERIFY(outcome.components[Component::Spill].isZero());
}

void TestEvaluate::poolWithoutRequestsIsPaid()
{
    const Ledger ledger = world::ledger({inWorkload(world::request(someDay, "b", 1000, 0), "chat")});
    auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 3}},
                              {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
    lever.lever.start = Month::of(2026, 5);
    EconomicUnit everything;
    everything.name = "all";
    everything.denominator.kind = UnitDenominator::Kind::Requests;
    EconomicUnit chat = everything;
    chat.name = "chat";
    chat.scope.conditions["workload"] = {"chat"};
    const Outcome outcome = evaluated(ledger, world::settings(march, 3), {lever}, {everything, chat}, {"workload"});
    QCOMPARE(outcome.months[0].components[Component::Provisioned].text(), std::string("0"));
    QCOMPARE(outcome.months[1].components[Component::Provisioned].text(), std::string("780"));
    QCOMPARE(outcome.components[Component::Provisioned].text(), std::string("1560"));
    QCOMPARE(outcome.groups.size(), std::size_t{2});
    QCOMPARE(outcome.groups[0].key, std::string());
    QCOMPARE(outcome.groups[0].components[Component::Provisioned].text(), std::string("1560"));
    QCOMPARE(outcome.unit("all")->components[Component::Provisioned].text(), std::string("1560"));
    QCOMPARE(outcome.unit("chat")->components[Component::Provisioned].text(), std::string("0"));
}

void TestEvaluate::poolTermMustBeSold()
{
    const Ledger ledger = world::ledger({world::request(instantOf(2026, 1, 9), "a", 1000, 0)});
    const auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 3}},
                                    {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-year"}});
    const std::string error = errorOf(ledger, world::settings(world::months(2026, 1, 1)), {lever});
    QVERIFY2(error.find("lever 'pool', term") != std::string::npos, error.c_str());
    QVERIFY2(error.find("2026-01") != std::string::npos, error.c_str());
    QCOMPARE(errorOf(ledger, world::settings(world::months(2026, 1, 1), 1), {lever}), std::string("no error"));
}

void TestEvaluate::poolFixedCostByTerm_data()
{
    QTest::addColumn<QString>("term");
    QTest::addColumn<bool>("conventional");
    QTest::addColumn<qlonglong>("hours");
    QTest::addColumn<int>("horizon");
    QTest::addColumn<QString>("cost");
    QTest::newRow("whole month") << "1-month" << true << 744LL << 0 << "260";
    QTest::newRow("whole month by the hour") << "hourly" << true << 744LL << 0 << "730";
    QTest::newRow("whole month by calendar hours") << "hourly" << false << 744LL << 0 << "744";
    QTest::newRow("a tenth of a conventional month") << "1-month" << true << 73LL << 0 << "26";
    QTest::newRow("73 hours") << "hourly" << true << 73LL << 0 << "73";
    QTest::newRow("half a calendar month") << "1-month" << false << 372LL << 0 << "130";
    QTest::newRow("more than a conventional month") << "1-month" << true << 740LL << 0 << "260";
    QTest::newRow("more hours than a conventional month") << "hourly" << true << 740LL << 0 << "730";
    QTest::newRow("future months are whole") << "1-month" << true << 73LL << 2 << "520";
    QTest::newRow("future hours: April and May") << "hourly" << false << 744LL << 2 << "1464";
}

void TestEvaluate::poolFixedCostByTerm()
{
    QFETCH(QString, term);
    QFETCH(bool, conventional);
    QFETCH(qlonglong, hours);
    QFETCH(int, horizon);
    QFETCH(QString, cost);
    const Instant from = instantOf(2026, 3, 1);
    const Ledger ledger = world::ledger({world::request(from, "a", 1000, 0)});
    const auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 1}},
                                    {{"model", "p/a"}, {"offer", "offer"}, {"term", term.toStdString()}});
    const Outcome outcome = evaluated(
        ledger, world::settings({from, {from.micros + hours * microsPerHour}}, horizon, conventional), {lever});
    QCOMPARE(QString::fromStdString(outcome.components[Component::Provisioned].text()), cost);
}

void TestEvaluate::longPromptsAlwaysSpill()
{
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.terms = {world::term("1-month", "1", false)};
    offer.throughput = {world::throughput("a", 1'000'000)};
    offer.throughput[0].maximumPromptTokens = 128'000;
    const auto book = world::book({world::model("p", "a", {world::rate("a", {{Input, "2"}})})}, {offer});
    const Ledger ledger =
        world::ledger({world::request(someDay, "a", 128'000, 0), world::request(someDay, "a", 128'001, 0)});
    const auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 1}},
                                    {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
    const Outcome outcome = evaluated(ledger, world::settings(march), {lever}, {}, {}, book);
    QCOMPARE(outcome.components[Component::Spill].text(), std::string("0.256002"));
    QCOMPARE(outcome.pools[0].spillShare, 500'002);
}

void TestEvaluate::azureTrace()
{
    const QString path = sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz");
    REQUIRE_SHARED(path);
    QProcess zcat;
    zcat.start(QStringLiteral("zcat"), {path});
    QVERIFY(zcat.waitForFinished());
    std::vector<RequestRow> rows;
    const auto lines = zcat.readAllStandardOutput().split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const auto fields = lines[i].split(',');
        if (fields.size() == 3)
            rows.push_back(world::request(parseInstant(fields[0].toStdString()).value(), "gpt-4.1",
                                          fields[1].toLongLong(), fields[2].trimmed().toLongLong()));
    }
    QCOMPARE(rows.size(), std::size_t{19'366});
    ProvisionedOffer offer;
    offer.id = "azure-ptu-global";
    offer.terms = {world::term("1-year", "221", false)};
    offer.throughput = {world::throughput("gpt-4.1", 3000, 15, 5)};
    const auto book =
        world::book({world::model("p", "gpt-4.1", {world::rate("r", {{Input, "2"}, {Output, "8"}})})}, {offer});
    const auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", 180}},
                                    {{"model", "p/gpt-4.1"}, {"offer", "azure-ptu-global"}, {"term", "1-year"}});
    const auto cents = [](Femto amount) {
        return formatDecimalFixed(amount.units(), Femto::scale, 2);
    };
    const Ledger ledger = world::ledger(rows);
    const Period exactly = ledger.workload->period();
    QCOMPARE(cents(evaluated(ledger, world::settings(exactly), {}, {}, {}, book).total()), std::string("77.43"));
    // From the first request to the last: 58.36 minutes of the reservation, load in UTC minutes.
    const Outcome utc = evaluated(ledger, world::settings(exactly), {lever}, {}, {}, book);
    QCOMPARE(cents(utc.components[Component::Provisioned]), std::string("53.01"));
    QCOMPARE(cents(utc.components[Component::Spill]), std::string("15.54"));
    QCOMPARE(cents(utc.total()), std::string("68.54"));
    // The published 68.66 counts minutes from the first request; moved to a whole minute, so does this.
    const std::int64_t early = (exactly.from.micros % microsPerMinute);
    for (RequestRow &row : rows)
        row.time.micros -= early;
    const Ledger moved = world::ledger(rows);
    QCOMPARE(cents(evaluated(moved, world::settings(moved.workload->period()), {lever}, {}, {}, book).total()),
             std::string("68.66"));
    // 180 units are the best size: five more or less cost more.
    for (const std::int64_t units : {175, 185}) {
        auto other = lever;
        other.lever.numbers["units"] = units;
        QVERIFY(evaluated(ledger, world::settings(exactly), {other}, {}, {}, book).total() > utc.total());
    }
}

void TestEvaluate::harnessKeepsItsAmount()
{
    ChargeRow vectors = world::charge(someDay, {someDay.micros + microsPerDay}, "12.3");
    vectors.workload = "chat";
    ChargeRow logs = world::charge(someDay, someDay, "0.7");
    ChargeRow outside = world::charge(instantOf(2026, 4, 1), instantOf(2026, 4, 2), "99");
    const Ledger ledger =
        world::ledger({inWorkload(world::request(someDay, "a", 1'000'000, 0), "chat")}, {vectors, logs, outside});
    const auto lever = world::lever("b", LeverKind::Batch, {{"share", onePpm}});
    const Outcome outcome = evaluated(ledger, world::settings(march), {lever}, {}, {"workload"});
    QCOMPARE(outcome.components[Component::Harness].text(), std::string("13"));
    QCOMPARE(outcome.total().text(), std::string("14.5"));
    QVERIFY(hasCheck(outcome, "Harness", "99 USD", true));
    QCOMPARE(outcome.groups[0].key, std::string("chat"));
    QCOMPARE(outcome.groups[0].components[Component::Harness].text(), std::string("12.3"));
    QCOMPARE(outcome.groups[1].key, std::string());
    QCOMPARE(outcome.groups[1].components[Component::Harness].text(), std::string("0.7"));
    // The average month of two: half of it every month.
    const Outcome ahead = evaluated(ledger, world::settings(world::months(2026, 2, 2), 3));
    QCOMPARE(ahead.components[Component::Harness].text(), std::string("19.5"));
    Ledger euros = ledger;
    euros.currency = "EUR";
    const Outcome other = evaluated(euros, world::settings(march));
    QVERIFY(other.components[Component::Harness].isZero());
    QVERIFY(hasCheck(other, "Currency", "EUR", false));
}

void TestEvaluate::harnessOverMonthsFoots()
{
    // 100 over 60 days, a third of which lies in the period's two months' parts.
    const ChargeRow charge = world::charge(instantOf(2026, 1, 21), instantOf(2026, 3, 22), "100");
    const Ledger ledger = world::ledger({world::request(someDay, "a", 0, 0)}, {charge});
    const Outcome outcome = evaluated(ledger, world::settings(world::months(2026, 1, 3)));
    QCOMPARE(outcome.components[Component::Harness].text(), std::string("100"));
    QCOMPARE(outcome.months[0].components[Component::Harness].text(), std::string("18.333333333333333"));
    QCOMPARE(outcome.months[1].components[Component::Harness].text(), std::string("46.666666666666667"));
    QCOMPARE(outcome.months[2].components[Component::Harness].text(), std::string("35"));
    const Outcome part = evaluated(ledger, world::settings({instantOf(2026, 2, 1), instantOf(2026, 2, 4)}));
    QCOMPARE(part.total().text(), std::string("5"));
}

void TestEvaluate::unitCounts()
{
    std::vector<RequestRow> rows;
    const auto add = [&rows](int month, const char *session, const char *workload) {
        rows.push_back(inWorkload(world::request(instantOf(2026, month, 5), "a", 1'000'000, 0), workload));
        rows.back().session = session;
        rows.back().usage[Request] = 2;
    };
    add(1, "s1", "chat");
    add(1, "s1", "chat");
    add(2, "s1", "chat");
    add(2, "s2", "chat");
    add(2, "", "chat");
    add(2, "s3", "mail");
    const auto count = [](const char *text) {
        return OutcomeRow{instantOf(2026, 2, 3), "tickets", "", Money::ofUnits(world::exact(text, Money::scale))};
    };
    OutcomeRow other = count("1000");
    other.metric = "calls";
    OutcomeRow late = count("1000");
    late.day = instantOf(2026, 3, 1);
    const Ledger ledger = world::ledger(rows, {}, {count("2.5"), count("4"), other, late});
    EconomicUnit sessions;
    sessions.name = "conversation";
    sessions.scope.conditions["workload"] = {"chat"};
    sessions.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    EconomicUnit requests = sessions;
    requests.name = "request";
    requests.denominator = {UnitDenominator::Kind::Requests, ""};
    EconomicUnit tickets = sessions;
    tickets.name = "ticket";
    tickets.denominator = {UnitDenominator::Kind::Outcome, "tickets"};
    EconomicUnit documents = sessions;
    documents.name = "document";
    documents.denominator.name = "document";
    const std::vector<EconomicUnit> units{sessions, requests, tickets, documents};

    const Outcome actual = evaluated(ledger, world::settings(world::months(2026, 1, 2)), {}, units);
    QCOMPARE(actual.unit("conversation")->count, Millionths{2} * onePpm);
    QCOMPARE(actual.unit("conversation")->months[0].count, Millionths{1} * onePpm);
    QCOMPARE(actual.unit("conversation")->months[1].count, Millionths{2} * onePpm);
    QCOMPARE(actual.unit("conversation")->cost.text(), std::string("15"));
    QCOMPARE(actual.unit("conversation")->costPerUnit()->text(), std::string("7.5"));
    QCOMPARE(actual.unit("request")->count, Millionths{10} * onePpm);
    QCOMPARE(actual.unit("ticket")->count, Millionths{6'500'000});
    QCOMPARE(actual.unit("ticket")->months[0].count, Millionths{0});
    QVERIFY(!actual.unit("document")->costPerUnit());
    QVERIFY(hasCheck(actual, "Unit document", "no units", false));
    QVERIFY(!actual.unit("nothing"));

    const Outcome ahead = evaluated(ledger, world::settings(world::months(2026, 1, 2), 3), {}, units);
    QCOMPARE(ahead.unit("conversation")->months[2].count, Millionths{1} * onePpm);
    QCOMPARE(ahead.unit("conversation")->count, Millionths{3} * onePpm);
    QCOMPARE(ahead.unit("ticket")->count, Millionths{9'750'000});
    QCOMPARE(ahead.unit("conversation")->costPerUnit()->text(), std::string("7.5"));
}

void TestEvaluate::unitScopeAndComponents()
{
    ChargeRow charge = world::charge(someDay, {someDay.micros + 1}, "2");
    charge.workload = "chat";
    const ChargeRow shared = world::charge(someDay, {someDay.micros + 1}, "50");
    const Ledger ledger = world::ledger({inWorkload(world::request(someDay, "a", 1'000'000, 0), "chat"),
                                         inWorkload(world::request(someDay, "a", 1'000'000, 0), "mail")},
                                        {charge, shared});
    EconomicUnit unit;
    unit.name = "chat";
    unit.scope.conditions["workload"] = {"chat"};
    unit.denominator = {UnitDenominator::Kind::Requests, ""};
    EconomicUnit inference = unit;
    inference.name = "inference";
    inference.harness = false;
    EconomicUnit harness = unit;
    harness.name = "harness";
    harness.inference = false;
    EconomicUnit single = unit;
    single.name = "one session";
    single.scope.conditions["session"] = {"s"};
    const Outcome outcome = evaluated(ledger, world::settings(march), {}, {unit, inference, harness, single});
    QCOMPARE(outcome.unit("chat")->cost.text(), std::string("5"));
    QCOMPARE(outcome.unit("inference")->cost.text(), std::string("3"));
    QCOMPARE(outcome.unit("harness")->cost.text(), std::string("2"));
    QVERIFY(hasCheck(outcome, "Unit one session", "single units", false));
    QCOMPARE(outcome.unit("one session")->count, Millionths{0});
}

void TestEvaluate::groupsFoot()
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 300; ++i) {
        rows.push_back(world::request({someDay.micros + i}, i % 2 ? "a" : "b", 7 * i + 1, i));
        rows.back().team = "team-" + std::to_string(i % 7);
        rows.back().customer = "customer-" + std::to_string(i % 40);
    }
    const auto lever = world::lever("r", LeverKind::Routing, {{"share", 333'333}}, {{"to", "p/b"}});
    const Outcome outcome = evaluated(world::ledger(rows), world::settings(world::months(2026, 1, 3), 7), {lever}, {},
                                      {"team", "customer", "model", "nothing"});
    for (const char *by : {"team", "customer", "model", "nothing"}) {
        Components sum;
        Femto previous = Femto::ofUnits(std::numeric_limits<std::int64_t>::max());
        for (const GroupOutcome &group : outcome.groups) {
            if (group.by != by)
                continue;
            sum += group.components;
            QVERIFY(group.components.total() <= previous);
            previous = group.components.total();
        }
        QVERIFY2(sum == outcome.components, by);
    }
    QVERIFY(hasCheck(outcome, "Sums", "exactly", true));
    // What was asked for does not change what is found.
    const Outcome plain = evaluated(world::ledger(rows), world::settings(world::months(2026, 1, 3), 7), {lever});
    QVERIFY(plain.components == outcome.components);
    auto baseline = Baseline::build(world::ledger(rows), simpleBook(), world::settings(march), {});
    EvaluationRequest request;
    request.groupBy = {"session"};
    QCOMPARE(evaluate(**baseline, request, {}).error().code, ErrorCode::Unsupported);
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

void TestEvaluate::stopsWhenAsked()
{
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1, 0)});
    std::stop_source source;
    source.request_stop();
    const auto refused = Baseline::build(ledger, simpleBook(), world::settings(march), source.get_token());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Cancelled);
    const auto baseline = Baseline::build(ledger, simpleBook(), world::settings(march), {});
    QCOMPARE(evaluate(**baseline, {}, source.get_token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(bridge(**baseline, {}, {}, BridgeMethod::Shapley, source.get_token()).error().code, ErrorCode::Cancelled);
}

void TestEvaluate::emptyLedger()
{
    const Outcome outcome = evaluated(world::ledger({}), {});
    QVERIFY(outcome.months.empty());
    QVERIFY(outcome.total().isZero());
    BaselineSettings ahead;
    ahead.horizonMonths = 3;
    QVERIFY(evaluated(world::ledger({}), ahead).months.empty());
    // Harness charges alone make a period of their own days.
    const Ledger charges = world::ledger({}, {world::charge(instantOf(2026, 3, 2), instantOf(2026, 3, 4), "5")});
    QCOMPARE(evaluated(charges, {}).total().text(), std::string("5"));
}

void TestEvaluate::settingsComeBack()
{
    for (const BaselineSettings &settings : {BaselineSettings{}, world::settings(march, 12, false)}) {
        const auto read = readBaselineSettings(writeBaselineSettings(settings));
        QVERIFY(read.ok());
        QVERIFY(*read == settings);
    }
    for (const char *bad :
         {"", "[]", R"({"horizon_months":-1})", R"({"horizon_months":1.5})", R"({"period":5})",
          R"({"period":{"from":"2026-03-01","to":"2026-03-01"}})", R"({"unknown":1})", R"({"conventional_month":1})"})
        QVERIFY2(!readBaselineSettings(bad).ok(), bad);
    BaselineSettings tooFar;
    tooFar.horizonMonths = 121;
    QVERIFY(!Baseline::build(world::ledger({}), simpleBook(), tooFar, {}).ok());
}

void TestEvaluate::defaultPeriod_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("an hour: whole minutes") << "2026-03-09T18:15:46.68Z"
                                            << "2026-03-09T19:14:20Z"
                                            << "2026-03-09T18:15:00Z"
                                            << "2026-03-09T19:15:00Z";
    QTest::newRow("two days: still minutes") << "2026-03-09T18:15:46Z"
                                             << "2026-03-11T18:15:46Z"
                                             << "2026-03-09T18:15:00Z"
                                             << "2026-03-11T18:16:00Z";
    QTest::newRow("more: whole days") << "2026-03-01T00:15:46Z"
                                      << "2026-03-31T23:14:20Z"
                                      << "2026-03-01T00:00:00Z"
                                      << "2026-04-01T00:00:00Z";
}

void TestEvaluate::defaultPeriod()
{
    QFETCH(QString, first);
    QFETCH(QString, last);
    QFETCH(QString, from);
    QFETCH(QString, to);
    const Ledger ledger = world::ledger({world::request(*parseInstant(last.toStdString()), "a", 1, 0),
                                         world::request(*parseInstant(first.toStdString()), "a", 1, 0)});
    const auto baseline = Baseline::build(ledger, simpleBook(), {}, {});
    QVERIFY(baseline.ok());
    QCOMPARE(QString::fromStdString(formatInstant((*baseline)->period().from)), from);
    QCOMPARE(QString::fromStdString(formatInstant((*baseline)->period().to)), to);
    QCOMPARE((*baseline)->requestCount(), 2);
    QCOMPARE((*baseline)->rows(), (std::pair<std::size_t, std::size_t>{0, 2}));
}

void TestEvaluate::negativeCountsAreRefused()
{
    const auto refused =
        Baseline::build(world::ledger({world::request(someDay, "a", -1, 0)}), simpleBook(), world::settings(march), {});
    QVERIFY(!refused.ok());
    QVERIFY2(refused.error().text().find("row 1 of source 1") != std::string::npos, refused.error().text().c_str());
}

QTEST_APPLESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
