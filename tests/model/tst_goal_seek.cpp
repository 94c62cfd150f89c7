// SPDX-License-Identifier: GPL-3.0-or-later
// Goal seek against trying every value, and the names of figures and parameters.
#include "model/analyses/goal_seek.h"
#include "tests/model/simple_world.h"

#include <QTest>

#include <random>

using namespace perunit;
using enum UsageClass;

namespace {

using Comparison = FigureTarget::Comparison;

/// 1,000,000 tokens in and 100,000 out on model a: 3 + 1.5 = $4.5, of two workloads alike.
Ledger twoWorkloads()
{
    std::vector<RequestRow> rows;
    for (const char *workload : {"chat", "search"}) {
        RequestRow row = simple::inWorkload(world::request(simple::someDay, "a", 500'000, 50'000), workload);
        row.session = std::string("s-") + workload;
        rows.push_back(row);
    }
    return world::ledger(rows);
}

std::shared_ptr<const Baseline> baselineOf(const Ledger &ledger, std::shared_ptr<const PriceBook> book,
                                           int horizonMonths = 0)
{
    return Baseline::build(ledger, std::move(book), world::settings(simple::march, horizonMonths), {}).value();
}

EconomicUnit conversation()
{
    EconomicUnit unit;
    unit.name = "conversation";
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    return unit;
}

GoalSeekRequest seeking(std::vector<EffectiveLever> levers, const char *parameter, const std::string &target)
{
    GoalSeekRequest request;
    request.scenario.name = "test";
    request.scenario.levers = std::move(levers);
    request.scenario.units = {conversation()};
    request.parameter = parameter;
    request.target = parseFigureTarget(target).value();
    return request;
}

std::vector<EffectiveLever> routed(std::int64_t share)
{
    return {world::lever("routing-1", LeverKind::Routing, {{"share", share}}, {{"to", "p/b"}})};
}

/// Minute loads of up to 100,000 tokens, and units of 1,000 tokens a minute at 5 cents a month: the cost of a pool is
/// convex in its units, but for the jump from none to the fewest that can be bought.
struct PoolWorld {
    std::shared_ptr<const PriceBook> book;
    std::shared_ptr<const Baseline> baseline;
};

PoolWorld poolWorld(unsigned seed)
{
    std::mt19937 generator(seed);
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.terms = {world::term("1-month", "0.05", false)};
    offer.throughput = {world::throughput("a", 1000, 15, 5)};
    PoolWorld result;
    result.book = world::book({world::model("p", "a", {world::rate("a", {{Input, "3"}, {Output, "15"}})})}, {offer});
    std::vector<RequestRow> rows;
    for (int minute = 0; minute < 80; ++minute) {
        const Instant at{simple::someDay.micros + minute * microsPerMinute};
        const auto tokens = static_cast<std::int64_t>(generator() % 100'000);
        rows.push_back(world::request(at, "a", tokens, static_cast<std::int64_t>(generator() % 500)));
    }
    result.baseline = baselineOf(world::ledger(rows), result.book);
    return result;
}

std::vector<EffectiveLever> pool(std::int64_t units)
{
    return {world::lever("pool", LeverKind::Provisioned, {{"units", units}},
                         {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}})};
}

/// The closest value that meets a target, by trying all of them.
std::optional<std::int64_t> closestOf(const Baseline &baseline, const GoalSeekRequest &request,
                                      const std::vector<std::int64_t> &values, std::int64_t present)
{
    const LeverParameter parameter = findParameter(request.scenario.levers, request.parameter).value();
    std::optional<std::int64_t> best;
    for (const std::int64_t value : values) {
        EvaluationRequest changed = request.scenario;
        changed.levers = withNumber(changed.levers, parameter, value);
        const auto figure = figureOf(baseline, changed, request.target.figure, {});
        if (!figure.ok() || !request.target.isMetBy(*figure))
            continue;
        if (!best || std::abs(value - present) < std::abs(*best - present))
            best = value;
    }
    return best;
}

} // namespace

class TestGoalSeek : public QObject
{
    Q_OBJECT
private slots:
    void namesOfFigures_data();
    void namesOfFigures();
    void namesThatAreNone_data();
    void namesThatAreNone();
    void figuresOfAnOutcome_data();
    void figuresOfAnOutcome();
    void exactShare();
    void costOfOneUnit();
    void alreadyMet();
    void unreachableNamesTheBest();
    void equalNamesBothNeighbours();
    void equalIsReachedExactly();
    void onlySizesThatAreSold();
    void unitsAgainstEveryValue();
    void sharesAgainstEveryValue();
    void cliffAgainstEveryValue();
    void limits();
    void refusals_data();
    void refusals();
    void stops();
};

void TestGoalSeek::namesOfFigures_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("name");
    QTest::newRow("total") << "total<=12000"
                           << "total<=12000";
    QTest::newRow("component") << "component:cache_read >= 10"
                               << "component:cache_read>=10";
    QTest::newRow("month") << "month:2026-03<=0.5"
                           << "month:2026-03<=0.5";
    QTest::newRow("total of a month") << "total@2026-03=1"
                                      << "month:2026-03=1";
    QTest::newRow("unit") << "unit:conversation<=0.05"
                          << "unit:conversation<=0.05";
    QTest::newRow("unit of a month") << "unit:conversation@2026-04<=0.05"
                                     << "unit:conversation@2026-04<=0.05";
    QTest::newRow("unit with an at sign") << "unit:a@b<=0.05"
                                          << "unit:a@b<=0.05";
    QTest::newRow("group") << "group:workload=search<=500"
                           << "group:workload=search<=500";
    QTest::newRow("group with signs") << "group:tag:x=a<=b=c>=5"
                                      << "group:tag:x=a<=b=c>=5";
    QTest::newRow("group without a value") << "group:workload=<=500"
                                           << "group:workload=<=500";
    QTest::newRow("usage") << "usage:output<=1000000"
                           << "usage:output<=1000000";
    QTest::newRow("fifteen decimals") << "total=0.000000000000001"
                                      << "total=0.000000000000001";
}

void TestGoalSeek::namesOfFigures()
{
    QFETCH(QString, text);
    QFETCH(QString, name);
    const auto target = parseFigureTarget(text.toStdString());
    QVERIFY2(target.ok(), target.ok() ? "" : target.error().text().c_str());
    QCOMPARE(QString::fromStdString(target->text()), name);
    QVERIFY(parseFigureTarget(target->text())->figure == target->figure);
}

void TestGoalSeek::namesThatAreNone_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << ""
                             << "needs <=";
    QTest::newRow("no comparison") << "total"
                                   << "needs <=";
    QTest::newRow("unknown") << "cost<=1"
                             << "understood are total, component:NAME";
    QTest::newRow("component") << "component:cache<=1"
                               << "there are input, cache_read";
    QTest::newRow("class") << "usage:tokens<=1"
                           << "there are input, cache_read";
    QTest::newRow("month") << "month:2026-13<=1"
                           << "is not a month";
    QTest::newRow("group") << "group:workload<=1"
                           << "a dimension and its value";
    QTest::newRow("number") << "total<=1,000"
                            << "1,000";
    QTest::newRow("decimals") << "total<=0.0000000000000001"
                              << "more decimals";
    QTest::newRow("no number") << "total<="
                               << "total<=";
}

void TestGoalSeek::namesThatAreNone()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto target = parseFigureTarget(text.toStdString());
    QVERIFY(!target.ok());
    const QString error = QString::fromStdString(target.error().text());
    QVERIFY2(error.contains(says), qPrintable(error));
}

void TestGoalSeek::figuresOfAnOutcome_data()
{
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("value");
    // 40 % of 9 $ moved to b, where the same costs 0.25 + 0.125 = 0.375 a workload's half: by hand.
    QTest::newRow("total") << "total"
                           << "2.85";
    QTest::newRow("component") << "component:output"
                               << "0.95";
    QTest::newRow("month") << "month:2026-03"
                           << "2.85";
    QTest::newRow("unit") << "unit:conversation"
                          << "1.425";
    QTest::newRow("unit of a month") << "unit:conversation@2026-03"
                                     << "1.425";
    QTest::newRow("group") << "group:workload=search"
                           << "1.425";
    QTest::newRow("usage") << "usage:input"
                           << "1000000";
    QTest::newRow("requests") << "usage:request@2026-03"
                              << "2";
    QTest::newRow("other group") << "group:workload=none"
                                 << "the outcome has no workload 'none'; it has chat, search";
    QTest::newRow("other month") << "month:2026-04"
                                 << "the outcome has no month 2026-04; it has 2026-03 to 2026-03";
    QTest::newRow("other unit") << "unit:document"
                                << "there is no unit 'document'; there are conversation";
}

void TestGoalSeek::figuresOfAnOutcome()
{
    QFETCH(QString, figure);
    QFETCH(QString, value);
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    EvaluationRequest request;
    request.levers = routed(400'000);
    request.units = {conversation()};
    const auto result = figureOf(*baseline, request, parseOutcomeFigure(figure.toStdString()).value(), {});
    QCOMPARE(QString::fromStdString(result.ok() ? result->text() : result.error().text()), value);
}

void TestGoalSeek::exactShare()
{
    // 4.5 − 4.125 s ≤ 1 needs s ≥ 0.848484…: the millionth above.
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    const auto result = goalSeek(*baseline, seeking(routed(400'000), "routing-1.share", "total<=1"), {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY(result->reached);
    QCOMPARE(result->answer->value, std::int64_t{848'485});
    QCOMPARE(result->answer->figure->text(), std::string("0.999999375"));
    QCOMPARE(result->justNot->value, std::int64_t{848'484});
    QCOMPARE(result->justNot->figure->text(), std::string("1.0000035"));
    QCOMPARE(*result->metFrom, std::int64_t{848'485});
    QCOMPARE(*result->metTo, std::int64_t{1'000'000});
    QCOMPARE(result->present.figure->text(), std::string("2.85"));
    QVERIFY(result->evaluations < 100);
}

void TestGoalSeek::costOfOneUnit()
{
    // Two conversations: half of the total each.
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    const auto result = goalSeek(*baseline, seeking(routed(0), "routing-1", "unit:conversation<=0.5"), {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->answer->value, std::int64_t{848'485});
}

void TestGoalSeek::alreadyMet()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    const auto result = goalSeek(*baseline, seeking(routed(900'000), "routing-1.share", "total<=1"), {}, {});
    QVERIFY(result.ok() && result->reached);
    QCOMPARE(result->answer->value, std::int64_t{900'000});
    QVERIFY(!result->justNot);
    QCOMPARE(*result->metFrom, std::int64_t{848'485});
    QCOMPARE(*result->metTo, std::int64_t{1'000'000});
}

void TestGoalSeek::unreachableNamesTheBest()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    const auto result = goalSeek(*baseline, seeking(routed(400'000), "routing-1.share", "total<=0.1"), {}, {});
    QVERIFY(result.ok());
    QVERIFY(!result->reached && !result->answer);
    QCOMPARE(result->nearest.size(), std::size_t{1});
    QCOMPARE(result->nearest.front().value, std::int64_t{1'000'000});
    QCOMPARE(result->nearest.front().figure->text(), std::string("0.375"));
    const auto high = goalSeek(*baseline, seeking(routed(400'000), "routing-1.share", "total>=5"), {}, {});
    QCOMPARE(high->nearest.front().value, std::int64_t{0});
    const auto equal = goalSeek(*baseline, seeking(routed(400'000), "routing-1.share", "total=5"), {}, {});
    QVERIFY(!equal->reached);
    QCOMPARE(equal->nearest.size(), std::size_t{1});
    QCOMPARE(equal->nearest.front().value, std::int64_t{0});
}

void TestGoalSeek::equalNamesBothNeighbours()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    const auto result = goalSeek(*baseline, seeking(routed(400'000), "routing-1.share", "total=1"), {}, {});
    QVERIFY(result.ok() && !result->reached);
    QCOMPARE(result->nearest.size(), std::size_t{2});
    QCOMPARE(result->nearest[0].value, std::int64_t{848'485}); // 0.000000625 away
    QCOMPARE(result->nearest[1].value, std::int64_t{848'484}); // 0.0000035 away
}

void TestGoalSeek::equalIsReachedExactly()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    const auto result = goalSeek(*baseline, seeking(routed(400'000), "routing-1.share", "total=2.4375"), {}, {});
    QVERIFY(result.ok() && result->reached);
    QCOMPARE(result->answer->value, std::int64_t{500'000});
    QCOMPARE(*result->metFrom, std::int64_t{500'000});
    QCOMPARE(*result->metTo, std::int64_t{500'000});
}

void TestGoalSeek::onlySizesThatAreSold()
{
    const PoolWorld pools = poolWorld(1);
    const std::vector<EffectiveLever> levers = pool(15);
    const ParameterRange range =
        rangeOf(levers[0].lever, *leverSpec(LeverKind::Provisioned).parameter("units"), *pools.book);
    QCOMPARE(range.value(0), std::int64_t{0});
    QCOMPARE(range.value(1), std::int64_t{15});
    QCOMPARE(range.value(2), std::int64_t{20});
    QCOMPARE(range.indexNear(17), std::int64_t{1});
    QCOMPARE(range.indexNear(18), std::int64_t{2});
    QCOMPARE(range.indexNear(7), std::int64_t{0});
    QCOMPARE(range.within(16, 31)->value(0), std::int64_t{20});
    QCOMPARE(range.within(16, 31)->count(), std::int64_t{3});
    QVERIFY(!range.within(21, 24).ok());
    // A size that cannot be bought is no answer; the search begins beside it.
    const auto result =
        goalSeek(*pools.baseline, seeking(pool(17), "pool.units", "component:provisioned<=1.2"), {}, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY(!result->present.figure && !result->present.problem.empty());
    QCOMPARE(result->answer->value, std::int64_t{15});
    QCOMPARE(*result->metTo, std::int64_t{20});
}

void TestGoalSeek::unitsAgainstEveryValue()
{
    std::vector<std::int64_t> values{0};
    for (std::int64_t units = 15; units <= 300; units += 5)
        values.push_back(units);
    std::mt19937 generator(7);
    int reached = 0;
    for (unsigned seed = 0; seed < 6; ++seed) {
        const PoolWorld pools = poolWorld(seed);
        for (int round = 0; round < 8; ++round) {
            const std::int64_t present = values[generator() % values.size()];
            const std::string dollars = std::to_string(2 + generator() % 10) + "." + std::to_string(generator() % 10);
            GoalSeekRequest request =
                seeking(pool(present), "pool.units", "total" + std::string(round % 4 == 3 ? ">=" : "<=") + dollars);
            request.highest = 300;
            const auto result = goalSeek(*pools.baseline, request, {}, {});
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
            const auto closest = closestOf(*pools.baseline, request, values, present);
            QCOMPARE(result->reached, closest.has_value());
            reached += result->reached ? 1 : 0;
            if (closest)
                QCOMPARE(std::abs(result->answer->value - present), std::abs(*closest - present));
        }
    }
    QVERIFY2(reached > 8 && reached < 44, std::to_string(reached).c_str());
}

void TestGoalSeek::sharesAgainstEveryValue()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    std::mt19937 generator(11);
    for (int round = 0; round < 20; ++round) {
        const auto lowest = static_cast<std::int64_t>(generator() % 999'000);
        std::vector<std::int64_t> values;
        for (std::int64_t share = lowest; share <= lowest + 150; ++share)
            values.push_back(share);
        const std::int64_t present = values[generator() % values.size()];
        // Total = 4.5 − 4.125 s, somewhere in or near the range.
        const std::int64_t around = lowest - 20 + static_cast<std::int64_t>(generator() % 190);
        const Femto total = Femto::ofUnits(static_cast<Int128>(4'500'000'000'000'000)
                                           - static_cast<Int128>(4'125'000'000) * around + 7);
        const char *sign = round % 2 == 0 ? "<=" : ">=";
        GoalSeekRequest request = seeking(routed(present), "routing-1.share", "total" + (sign + total.text()));
        request.lowest = values.front();
        request.highest = values.back();
        const auto result = goalSeek(*baseline, request, {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
        const auto closest = closestOf(*baseline, request, values, present);
        QCOMPARE(result->reached, closest.has_value());
        if (closest)
            QCOMPARE(result->answer->value, *closest);
    }
}

void TestGoalSeek::cliffAgainstEveryValue()
{
    // Prompts of 200,000 tokens stand at the cliff: one millionth more and they cost twice as much.
    const auto baseline =
        baselineOf(world::ledger({world::request(simple::someDay, "cliff", 200'000, 0)}), simple::simpleBook());
    const std::vector<EffectiveLever> longer{
        world::lever("context-1", LeverKind::ContextGrowth, {{"factor", 1'500'000}})};
    const auto result = goalSeek(*baseline, seeking(longer, "context-1.factor", "total<=0.5"), {}, {});
    QVERIFY(result.ok() && result->reached);
    QCOMPARE(result->answer->value, std::int64_t{1'000'000});
    QCOMPARE(result->answer->figure->text(), std::string("0.4"));
    QCOMPARE(result->justNot->figure->text(), std::string("0.8000008"));
}

void TestGoalSeek::limits()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    GoalSeekRequest request = seeking(routed(400'000), "routing-1.share", "total<=1");
    request.highest = 700'000;
    const auto result = goalSeek(*baseline, request, {}, {});
    QVERIFY(result.ok() && !result->reached);
    QCOMPARE(result->nearest.front().value, std::int64_t{700'000});
    request.lowest = 800'000;
    QVERIFY(!goalSeek(*baseline, request, {}, {}).ok());
}

void TestGoalSeek::refusals_data()
{
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("says");
    QTest::newRow("lever") << "routing-2.share"
                           << "total<=1"
                           << "it has routing-1 (share, token_ratio, output_ratio";
    QTest::newRow("number") << "routing-1.units"
                            << "total<=1"
                            << "it has share, token_ratio, output_ratio";
    QTest::newRow("text") << "routing-1.to"
                          << "total<=1"
                          << "not a number";
    QTest::newRow("off") << "off.share"
                         << "total<=1"
                         << "switched off";
    QTest::newRow("unit") << "routing-1.share"
                          << "unit:document<=1"
                          << "there are conversation";
    QTest::newRow("group") << "routing-1.share"
                           << "group:workload=x<=1"
                           << "it has chat, search";
}

void TestGoalSeek::refusals()
{
    QFETCH(QString, parameter);
    QFETCH(QString, target);
    QFETCH(QString, says);
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    std::vector<EffectiveLever> levers = routed(400'000);
    levers.push_back(world::lever("off", LeverKind::Batch, {{"share", 1}}));
    levers.back().lever.enabled = false;
    const auto result =
        goalSeek(*baseline, seeking(levers, parameter.toStdString().c_str(), target.toStdString()), {}, {});
    QVERIFY(!result.ok());
    const QString error = QString::fromStdString(result.error().text());
    QVERIFY2(error.contains(says), qPrintable(error));
}

void TestGoalSeek::stops()
{
    const auto baseline = baselineOf(twoWorkloads(), simple::simpleBook());
    std::stop_source stop;
    int told = 0;
    const auto result = goalSeek(
        *baseline, seeking(routed(400'000), "routing-1.share", "total<=1"),
        [&](int evaluations) {
            told = evaluations;
            if (evaluations == 5)
                stop.request_stop();
        },
        stop.get_token());
    QVERIFY(!result.ok());
    QVERIFY(result.error().code == ErrorCode::Cancelled);
    QCOMPARE(told, 5);
}

QTEST_APPLESS_MAIN(TestGoalSeek)
#include "tst_goal_seek.moc"
