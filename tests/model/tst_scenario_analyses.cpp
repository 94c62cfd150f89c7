// SPDX-License-Identifier: GPL-3.0-or-later
// Tornado, kill numbers, savings and differences of outcomes, against hand calculations and trying every value.
#include "model/analyses/kill_number.h"
#include "model/analyses/outcome_difference.h"
#include "model/analyses/savings.h"
#include "model/analyses/tornado.h"
#include "tests/model/simple_world.h"

#include <QTest>

#include <algorithm>

using namespace perunit;
using enum UsageClass;

namespace {

/// The million requests of model.md §7 without the answer cache: $25,500 a month.
std::shared_ptr<const Baseline> millionRequests()
{
    using world::rate;
    const auto book = world::book(
        {world::model("p", "a",
                      {rate("a", {{Input, "3"}, {CacheRead, "0.3"}, {Output, "15"}}),
                       rate("a/batch", {{Input, "1.5"}, {CacheRead, "0.15"}, {Output, "7.5"}}, ServiceTier::Batch)}),
         world::model(
             "p", "b",
             {rate("b", {{Input, "0.25"}, {CacheRead, "0.025"}, {Output, "1.25"}}),
              rate("b/batch", {{Input, "0.125"}, {CacheRead, "0.0125"}, {Output, "0.625"}}, ServiceTier::Batch)})});
    RequestRow row = world::request(instantOf(2026, 3, 9, 12), "a", 6'000'000'000, 500'000'000);
    row.usage[Request] = 1'000'000;
    return Baseline::build(world::ledger({row}), book, world::settings(world::months(2026, 3, 1)), {}).value();
}

std::vector<EffectiveLever> fourLevers()
{
    return {world::lever("batch", LeverKind::Batch, {{"share", 350'000}}),
            world::lever("cache", LeverKind::PromptCache, {{"hit_share", 550'000}}),
            world::lever("context", LeverKind::ContextGrowth, {{"factor", 1'600'000}}),
            world::lever("route", LeverKind::Routing, {{"share", 600'000}}, {{"to", "p/b"}})};
}

EvaluationRequest scenario(const char *name, std::vector<EffectiveLever> levers)
{
    EvaluationRequest request;
    request.scenarioId = name;
    request.name = name;
    request.levers = std::move(levers);
    return request;
}

const OutcomeFigure total;

std::string totalOf(const Baseline &baseline, const std::vector<EffectiveLever> &levers)
{
    return figureOf(baseline, scenario("s", levers), total, {}).value().text();
}

const TornadoRow *rowOf(const Tornado &result, const std::string &id)
{
    const auto found = std::find_if(result.rows.begin(), result.rows.end(),
                                    [&id](const TornadoRow &row) { return row.parameter.id() == id; });
    return found == result.rows.end() ? nullptr : &*found;
}

const KillNumber *rowOf(const KillNumbers &result, const std::string &id)
{
    const auto found = std::find_if(result.rows.begin(), result.rows.end(),
                                    [&id](const KillNumber &row) { return row.parameter.id() == id; });
    return found == result.rows.end() ? nullptr : &*found;
}

} // namespace

class TestScenarioAnalyses : public QObject
{
    Q_OBJECT
private slots:
    void tornadoMovesOneNumberAtATime();
    void tornadoKnowsEveryNumberOfTheTable();
    void tornadoWithStatedRanges();
    void tornadoRefusesWrongRanges();
    void tornadoOfUnits();
    void killNumberByHand();
    void killNumberAgainstEveryValue();
    void killNumberOfSharedLevers();
    void killNumberOfALoser();
    void savingsByHand();
    void savingsFootWithManyLevers();
    void savingsOnTopOfOthers();
    void savingsAloneThatAreImpossible();
    void differenceFoots();
    void differenceOfUnknowns();
};

void TestScenarioAnalyses::tornadoMovesOneNumberAtATime()
{
    const auto baseline = millionRequests();
    const auto result = tornado(*baseline, scenario("all", fourLevers()), total, {}, {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->present.text(), std::string("8183.835"));
    const TornadoRow *route = rowOf(*result, "route.share");
    QVERIFY(route);
    QCOMPARE(route->low.value, std::int64_t{500'000});
    QCOMPARE(route->high.value, std::int64_t{700'000});
    std::vector<EffectiveLever> levers = fourLevers();
    for (const std::int64_t share : {500'000, 700'000}) {
        levers[3].lever.numbers["share"] = share;
        QCOMPARE((share == 500'000 ? route->low : route->high).figure->text(), totalOf(*baseline, levers));
    }
    // Linear in the share: 20 points of 100.
    QCOMPARE(*route->swing, route->low.figure->rounded() - route->high.figure->rounded());
    const TornadoRow *context = rowOf(*result, "context.factor");
    QCOMPARE(context->low.value, std::int64_t{1'440'000});
    QCOMPARE(context->high.value, std::int64_t{1'760'000});
    const TornadoRow *growth = rowOf(*result, "context.monthly_growth");
    QCOMPARE(growth->low.value, std::int64_t{-10'000});
    QCOMPARE(growth->high.value, std::int64_t{10'000});
    for (std::size_t i = 1; i < result->rows.size(); ++i)
        QVERIFY(*result->rows[i - 1].swing >= *result->rows[i].swing);
}

void TestScenarioAnalyses::tornadoKnowsEveryNumberOfTheTable()
{
    const auto baseline = millionRequests();
    const auto result = tornado(*baseline, scenario("all", fourLevers()), total, {}, {}, {});
    std::size_t numbers = 0;
    for (const EffectiveLever &lever : fourLevers()) {
        for (const ParameterSpec &spec : leverSpec(lever.lever.kind).parameters)
            numbers += isNumeric(spec.unit) && !spec.advanced ? 1 : 0;
    }
    QCOMPARE(result->rows.size(), numbers);
    // The default range of every number of every lever lies within its limits and around its present value.
    const auto book = simple::simpleBook();
    for (const LeverSpec &spec : leverSpecs()) {
        for (const ParameterSpec &parameter : spec.parameters) {
            if (!isNumeric(parameter.unit))
                continue;
            for (const std::int64_t value : {parameter.minimum, parameter.neutral, parameter.maximum}) {
                Lever lever;
                lever.kind = spec.kind;
                lever.numbers[std::string(parameter.name)] = value;
                const PlausibleRange range = plausibleRange(lever, parameter, *book);
                QVERIFY(parameter.minimum <= range.low && range.low <= value);
                QVERIFY(value <= range.high && range.high <= parameter.maximum);
                QCOMPARE(parseNumber(parameter, numberText(parameter, value)).value(), value);
            }
        }
    }
}

void TestScenarioAnalyses::tornadoWithStatedRanges()
{
    const auto baseline = millionRequests();
    const auto result = tornado(*baseline, scenario("all", fourLevers()), total, {{"route", {0, 1'000'000}}}, {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    const TornadoRow *route = rowOf(*result, "route.share");
    QVERIFY(route->isOwnRange);
    QCOMPARE(route->high.value, std::int64_t{1'000'000});
    QVERIFY(!rowOf(*result, "batch.share")->isOwnRange);
}

void TestScenarioAnalyses::tornadoRefusesWrongRanges()
{
    const auto baseline = millionRequests();
    const EvaluationRequest all = scenario("all", fourLevers());
    QVERIFY(!tornado(*baseline, all, total, {{"route.share", {5, 4}}}, {}, {}).ok());
    QVERIFY(!tornado(*baseline, all, total, {{"route.share", {0, 1'000'001}}}, {}, {}).ok());
    QVERIFY(!tornado(*baseline, all, total, {{"rout.share", {0, 1}}}, {}, {}).ok());
}

void TestScenarioAnalyses::tornadoOfUnits()
{
    // One unit less or more; below one unit there is none, which is a size as well.
    const auto baseline = Baseline::build(world::ledger({world::request(simple::someDay, "a", 4000, 0)}),
                                          simple::simpleBook(), world::settings(simple::march), {})
                              .value();
    const std::vector<EffectiveLever> pool{world::lever("pool", LeverKind::Provisioned, {{"units", 1}},
                                                        {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}})};
    const auto result = tornado(*baseline, scenario("pool", pool), total, {}, {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    const TornadoRow *units = rowOf(*result, "pool.units");
    QCOMPARE(units->low.value, std::int64_t{0});
    QCOMPARE(units->high.value, std::int64_t{2});
    QCOMPARE(units->low.figure->text(), std::string("0.012"));
    QCOMPARE(units->high.figure->text(), std::string("520.006")); // half of the minute spills
}

void TestScenarioAnalyses::killNumberByHand()
{
    // Half on b costs 4.5 − 4.125 / 2 = 2.4375 a million tokens; a batch of 35 % costs 4.5 × 0.825 = 3.7125. Routing
    // stops being cheaper where 4.5 − 4.125 s ≥ 3.7125: s ≤ 0.190909…
    const auto baseline = Baseline::build(world::ledger({world::request(simple::someDay, "a", 1'000'000, 100'000)}),
                                          simple::simpleBook(), world::settings(simple::march), {})
                              .value();
    const auto result = killNumbers(
        *baseline,
        scenario("route", {world::lever("route", LeverKind::Routing, {{"share", 500'000}}, {{"to", "p/b"}})}),
        scenario("batch", {world::lever("batch", LeverKind::Batch, {{"share", 350'000}})}), total, {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY(result->firstIsLower);
    QCOMPARE(result->first.text(), std::string("2.4375"));
    QCOMPARE(result->second.text(), std::string("3.7125"));
    const KillNumber *share = rowOf(*result, "route.share");
    QCOMPARE(*share->down.value, std::int64_t{190'909});
    QCOMPARE(*share->down.margin, std::int64_t{-618'182});
    QVERIFY(!share->up.value);
    QCOMPARE(share->up.limit, std::int64_t{1'000'000});
    QVERIFY(!share->inBoth);
    // Prompts on b: 2.25 + 0.125 r + 0.0625 ≥ 3.7125 from r = 11.2.
    const KillNumber *tokens = rowOf(*result, "route.token_ratio");
    QCOMPARE(*tokens->up.value, std::int64_t{11'200'000});
    QCOMPARE(*tokens->up.margin, std::int64_t{10'200'000});
    QVERIFY(!tokens->down.value);
    // The smallest margin first.
    QCOMPARE(result->rows.front().parameter.id(), std::string("route.share"));
}

void TestScenarioAnalyses::killNumberAgainstEveryValue()
{
    // Units: minutes of 5,000 tokens, so that both too few and too many units lose.
    std::vector<RequestRow> rows;
    for (int minute = 0; minute < 40; ++minute)
        rows.push_back(
            world::request({simple::someDay.micros + minute * microsPerMinute}, "a", 1000 * (1 + minute % 9), 0));
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.terms = {world::term("1-month", "0.05", false)};
    offer.throughput = {world::throughput("a", 1000, 2, 1)};
    const auto book =
        world::book({world::model("p", "a", {world::rate("a", {{Input, "3"}, {Output, "15"}})})}, {offer});
    const auto baseline = Baseline::build(world::ledger(rows), book, world::settings(simple::march), {}).value();
    const auto pool = [](std::int64_t units) {
        return std::vector<EffectiveLever>{world::lever("pool", LeverKind::Provisioned, {{"units", units}},
                                                        {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}})};
    };
    const auto result = killNumbers(*baseline, scenario("pool", pool(4)), scenario("without", {}), total, {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY(result->firstIsLower);
    const Int128 without = result->second.rounded();
    std::int64_t up = 4;
    while (figureOf(*baseline, scenario("pool", pool(up)), total, {}).value().rounded() < without)
        ++up;
    std::int64_t down = 4;
    while (down > 1 && figureOf(*baseline, scenario("pool", pool(down)), total, {}).value().rounded() < without)
        --down;
    const KillNumber *units = rowOf(*result, "pool.units");
    QCOMPARE(*units->up.value, up);
    QCOMPARE(*units->down.value, down == 1 ? std::int64_t{0} : down);
}

void TestScenarioAnalyses::killNumberOfSharedLevers()
{
    // Longer prompts are one assumption about the world: they move in both scenarios, and batch stays cheaper.
    const auto baseline = millionRequests();
    std::vector<EffectiveLever> first = {fourLevers()[0], fourLevers()[2]};
    const std::vector<EffectiveLever> second = {fourLevers()[2]};
    const auto result = killNumbers(*baseline, scenario("a", first), scenario("b", second), total, {}, {});
    QVERIFY(result.ok());
    const KillNumber *context = rowOf(*result, "context.factor");
    QVERIFY(context->inBoth);
    QVERIFY(!context->up.value && !context->down.value);
    // Set by another scenario it is an assumption of the first one only.
    first[1].setBy = "other";
    const auto apart = killNumbers(*baseline, scenario("a", first), scenario("b", second), total, {}, {});
    QVERIFY(!rowOf(*apart, "context.factor")->inBoth);
    QVERIFY(rowOf(*apart, "context.factor")->up.value.has_value());
}

void TestScenarioAnalyses::killNumberOfALoser()
{
    const auto baseline = millionRequests();
    const auto result =
        killNumbers(*baseline, scenario("longer", {fourLevers()[2]}), scenario("baseline", {}), total, {}, {});
    QVERIFY(result.ok() && !result->firstIsLower);
    // Shorter than today it becomes cheaper than today.
    QCOMPARE(*rowOf(*result, "context.factor")->down.value, std::int64_t{999'999});
    QVERIFY(!rowOf(*result, "context.factor")->up.value);
}

void TestScenarioAnalyses::savingsByHand()
{
    const auto baseline = millionRequests();
    const auto list = savingsList(*baseline, {}, fourLevers(), {});
    QVERIFY2(list.ok(), list.ok() ? "" : list.error().text().c_str());
    QCOMPARE(list->before.text(), std::string("25500"));
    QCOMPARE(list->after.text(), std::string("8183.835"));
    QCOMPARE(list->items.size(), std::size_t{4});
    // Alone: routing 25,500 × 0.6 × 11/12 = 14,025; cache 18,000 × 0.55 × 0.9 = 8,910; batch 0.175 × 25,500; context
    // costs 0.6 × 18,000 more.
    QCOMPARE(list->items[0].leverId, std::string("route"));
    QCOMPARE(list->items[0].alone.text(), std::string("14025"));
    QCOMPARE(list->items[0].marginal.text(), std::string("14025"));
    // Of the remaining 11,475 the cache saves 8,910 × 0.45.
    QCOMPARE(list->items[1].leverId, std::string("cache"));
    QCOMPARE(list->items[1].alone.text(), std::string("8910"));
    QCOMPARE(list->items[1].marginal.text(), std::string("4009.5"));
    QCOMPARE(list->items[2].leverId, std::string("batch"));
    QCOMPARE(list->items[2].alone.text(), std::string("4462.5"));
    QCOMPARE(list->items[3].leverId, std::string("context"));
    QCOMPARE(list->items[3].alone.text(), std::string("-10800"));
    Femto marginal;
    Femto shapley;
    Femto alone;
    for (const SavingsItem &item : list->items) {
        marginal += item.marginal;
        shapley += *item.shapley;
        alone += item.alone;
    }
    QCOMPARE(marginal, list->joint());
    QCOMPARE(shapley, list->joint());
    QCOMPARE(list->overlap, alone - list->joint());
    QCOMPARE(list->items.back().after, list->after);
}

void TestScenarioAnalyses::savingsFootWithManyLevers()
{
    // Eleven batch levers, one for each workload: they do not overlap, so that every list says the same.
    std::vector<RequestRow> rows;
    std::vector<EffectiveLever> levers;
    for (int i = 0; i < 11; ++i) {
        const std::string name = "w" + std::to_string(i);
        rows.push_back(simple::inWorkload(world::request(simple::someDay, "a", 1000 * (i + 1) + 7, 13), name));
        levers.push_back(world::lever("batch-" + name, LeverKind::Batch, {{"share", 333'333}}));
        levers.back().lever.scope.conditions["workload"] = {name};
    }
    const auto baseline =
        Baseline::build(world::ledger(rows), simple::simpleBook(), world::settings(simple::march), {}).value();
    const auto list = savingsList(*baseline, {}, levers, {});
    QVERIFY(list.ok());
    QVERIFY(!list->whyNoShapley.empty());
    QCOMPARE(list->items.front().leverId, std::string("batch-w10"));
    Femto sum;
    for (const SavingsItem &item : list->items) {
        QVERIFY(!item.shapley);
        QCOMPARE(item.alone, item.marginal);
        sum += item.marginal;
    }
    QCOMPARE(sum, list->joint());
    QVERIFY(list->overlap.isZero());
}

void TestScenarioAnalyses::savingsOnTopOfOthers()
{
    const auto baseline = millionRequests();
    const std::vector<EffectiveLever> all = fourLevers();
    const auto list = savingsList(*baseline, {all[2]}, {all[0], all[1], all[3]}, {});
    QVERIFY(list.ok());
    QCOMPARE(list->before.text(), totalOf(*baseline, {all[2]}));
    QCOMPARE(list->after.text(), std::string("8183.835"));
    std::vector<EffectiveLever> off = all;
    off[0].lever.enabled = false;
    QCOMPARE(savingsList(*baseline, {}, off, {})->items.size(), std::size_t{3});
}

void TestScenarioAnalyses::savingsAloneThatAreImpossible()
{
    const auto baseline = millionRequests();
    std::vector<EffectiveLever> levers = fourLevers();
    levers[3].lever.texts["to"] = "p/nobody";
    const auto list = savingsList(*baseline, {}, levers, {});
    QVERIFY(!list.ok());
    QVERIFY(list.error().text().find("route") != std::string::npos);
}

void TestScenarioAnalyses::differenceFoots()
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 30; ++i) {
        RequestRow row = simple::inWorkload(
            world::request({simple::someDay.micros + i * 20 * microsPerDay / 30}, "a", 1000 + 31 * i, 77 + i),
            i % 3 == 0 ? "chat" : "search");
        row.session = "s" + std::to_string(i / 4);
        rows.push_back(row);
    }
    EconomicUnit unit;
    unit.name = "conversation";
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    const BaselineSettings settings = world::settings(world::months(2026, 3, 1), 3);
    const std::vector<EffectiveLever> routed{
        world::lever("route", LeverKind::Routing, {{"share", 333'333}}, {{"to", "p/b"}})};
    const Outcome first = simple::evaluated(world::ledger(rows), settings, routed, {unit}, {"workload"});
    const Outcome second = simple::evaluated(world::ledger(rows), settings, {}, {unit}, {"workload"});
    const auto result = differenceOf(first, second);
    QVERIFY(result.ok());
    QCOMPARE(*result->total.difference, (first.total() - second.total()).units());
    for (const auto *list : {&result->components, &result->months, &result->groups}) {
        Int128 sum = 0;
        for (const FigureDifference &each : *list)
            sum += *each.difference;
        QVERIFY(sum == *result->total.difference);
    }
    QCOMPARE(result->months.size(), std::size_t{3});
    QCOMPARE(result->groups.size(), std::size_t{2});
    QCOMPARE(result->groups.front().figure.text(), std::string("group:workload=search"));
    QCOMPARE(result->units.size(), std::size_t{1});
    // Eight conversations a month in three months: exactly a twenty-fourth, rounded once.
    QVERIFY(*result->units[0].difference == divideHalfEven((first.total() - second.total()).units(), 24));
    const auto back = differenceOf(second, first);
    QVERIFY(*back->total.difference == -*result->total.difference);
    // Without a breakdown on one side there is none.
    const Outcome plain = simple::evaluated(world::ledger(rows), settings, routed, {});
    QVERIFY(differenceOf(plain, second)->groups.empty());
    QVERIFY(!differenceOf(plain, second)->units.at(0).difference);
}

void TestScenarioAnalyses::differenceOfUnknowns()
{
    const Ledger ledger = world::ledger({world::request(simple::someDay, "nobody", 1000, 100)});
    const Outcome unknown = simple::evaluated(ledger, world::settings(simple::march));
    const Outcome known = simple::evaluated(world::ledger({world::request(simple::someDay, "a", 1000, 100)}),
                                            world::settings(simple::march));
    const auto result = differenceOf(known, unknown);
    QVERIFY(result.ok());
    QVERIFY(result->total.first && !result->total.second && !result->total.difference);
    QCOMPARE(result->unpricedSecond, std::int64_t{1100});
    Outcome euros = known;
    euros.currency = "EUR";
    QVERIFY(!differenceOf(known, euros).ok());
}

QTEST_APPLESS_MAIN(TestScenarioAnalyses)
#include "tst_scenario_analyses.moc"
