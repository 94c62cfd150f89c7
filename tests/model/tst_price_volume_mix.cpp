// SPDX-License-Identifier: GPL-3.0-or-later
// Why cost differs between two periods: hand calculations, and exact fractions over random ledgers.
#include "model/analyses/price_volume_mix.h"
#include "model/report/mix_figure.h"
#include "tests/model/simple_world.h"

#include <gmpxx.h>

#include <QTest>

#include <algorithm>
#include <random>

using namespace perunit;
using enum UsageClass;

namespace {

const Instant march = instantOf(2026, 3, 9, 12);
const Instant april = instantOf(2026, 4, 9, 12);
const std::vector<std::string> byBoth{"workload", "model"};

/// Like the simple book, and from April on a's input costs 4 instead of 3.
std::shared_ptr<const PriceBook> book()
{
    using world::rate;
    const auto a = [](const char *input) {
        return rate("a", {{Input, input}, {CacheRead, "0.3"}, {CacheWrite5m, "3.75"}, {Output, "15"}});
    };
    CatalogueModel model = world::model("p", "a",
                                        {world::during(alwaysBefore, instantOf(2026, 4, 1), a("3")),
                                         world::during(instantOf(2026, 4, 1), alwaysAfter, a("4"))});
    model.aliases = {"a-2026"};
    return world::book({model, world::model("p", "b", {rate("b", {{Input, "0.25"}, {Output, "1.25"}})})});
}

Result<PriceVolumeMix> mixOf(const std::vector<RequestRow> &rows, const EconomicUnit *unit = nullptr,
                             const std::vector<std::string> &by = byBoth)
{
    const Ledger ledger = world::ledger(rows);
    const auto before = Baseline::build(ledger, book(), world::settings(world::months(2026, 3, 1)), {});
    const auto after = Baseline::build(ledger, book(), world::settings(world::months(2026, 4, 1)), {});
    return priceVolumeMix(**before, **after, by, unit, {});
}

RequestRow row(Instant at, const char *model, const char *workload, std::int64_t input, std::int64_t output,
               std::int64_t reads = 0, const char *session = "")
{
    RequestRow result = simple::inWorkload(world::request(at, model, input, output), workload);
    result.usage[CacheRead] = reads;
    result.session = session;
    return result;
}

std::vector<RequestRow> times(int count, const RequestRow &row)
{
    return std::vector<RequestRow>(static_cast<std::size_t>(count), row);
}

std::vector<RequestRow> together(std::initializer_list<std::vector<RequestRow>> lists)
{
    std::vector<RequestRow> result;
    for (const auto &list : lists)
        result.insert(result.end(), list.begin(), list.end());
    return result;
}

std::string amount(const PriceVolumeMix &mix, MixEffect effect)
{
    return mix.effects[effect].text();
}

/// Every effect that is not nothing: "volume 9, rate 1".
std::string effectsOf(const PriceVolumeMix &mix)
{
    std::string text;
    for (std::size_t i = 0; i < mixEffectCount; ++i) {
        if (!mix.effects.amounts[i].isZero())
            text += (text.empty() ? "" : ", ") + std::string(mixEffectNames[i]) + " " + mix.effects.amounts[i].text();
    }
    return text;
}

mpq_class big(Int128 value)
{
    return mpq_class(mpz_class(formatDecimal(value, 0)));
}

} // namespace

class TestPriceVolumeMix : public QObject
{
    Q_OBJECT
private slots:
    void oneEffectAtATime_data();
    void oneEffectAtATime();
    void rateByHand();
    void mixByHand();
    void newAndEnded();
    void waterfallLeadsFromOneToTheOther();
    void callsPerUnit();
    void cacheThatBegins();
    void namesOfOneModelAreOneGroup();
    void unpricedIsStated();
    void partsFootOnRandomLedgers();
    void scopeOfTheUnit();
    void refusesPeriodsWithoutUnits();
    void stops();
};

void TestPriceVolumeMix::oneEffectAtATime_data()
{
    QTest::addColumn<int>("calls");
    QTest::addColumn<int>("input");
    QTest::addColumn<int>("reads");
    QTest::addColumn<int>("output");
    QTest::addColumn<QString>("effects");
    // b costs 0.25 and 1.25 a million; before: 10 calls of 1,000 in, 100 out. Cents of a thousandth.
    QTest::newRow("nothing") << 10 << 1000 << 0 << 100 << "";
    QTest::newRow("volume") << 30 << 1000 << 0 << 100 << "volume 0.0075";
    QTest::newRow("input") << 10 << 3000 << 0 << 100 << "input_tokens 0.005";
    QTest::newRow("output") << 10 << 1000 << 0 << 50 << "output_tokens -0.000625";
}

void TestPriceVolumeMix::oneEffectAtATime()
{
    QFETCH(int, calls);
    QFETCH(int, input);
    QFETCH(int, reads);
    QFETCH(int, output);
    QFETCH(QString, effects);
    const auto mix = mixOf(together(
        {times(10, row(march, "b", "chat", 1000, 100)), times(calls, row(april, "b", "chat", input, output, reads))}));
    QVERIFY2(mix.ok(), mix.ok() ? "" : mix.error().text().c_str());
    QCOMPARE(QString::fromStdString(effectsOf(*mix)), effects);
    QCOMPARE(mix->effects.total(), mix->difference());
}

void TestPriceVolumeMix::rateByHand()
{
    // Twice the calls at 4 instead of 3 a million: 0.03 more at the old price, then 20,000 tokens at 1 more.
    const auto mix =
        mixOf(together({times(10, row(march, "a", "chat", 1000, 0)), times(20, row(april, "a", "chat", 1000, 0))}));
    QCOMPARE(effectsOf(*mix), std::string("volume 0.03, rate 0.02"));
}

void TestPriceVolumeMix::mixByHand()
{
    // 10 + 10 calls become 10 + 30: at the old shares 20 + 20, ten of them move from search (0.00025) to chat
    // (0.0005).
    const auto mix =
        mixOf(together({times(10, row(march, "b", "search", 1000, 0)), times(10, row(march, "b", "chat", 2000, 0)),
                        times(10, row(april, "b", "search", 1000, 0)), times(30, row(april, "b", "chat", 2000, 0))}));
    QCOMPARE(effectsOf(*mix), std::string("volume 0.0075, mix 0.0025"));
    QCOMPARE(mix->groups.front().key, (std::vector<std::string>{"chat", "p/b"}));
}

void TestPriceVolumeMix::newAndEnded()
{
    const auto mix =
        mixOf(together({times(10, row(march, "b", "chat", 1000, 0)), times(4, row(march, "b", "old", 1000, 0)),
                        times(10, row(april, "b", "chat", 1000, 0)), times(2, row(april, "b", "new", 1000, 0))}));
    QCOMPARE(effectsOf(*mix), std::string("new 0.0005, ended -0.001"));
}

void TestPriceVolumeMix::waterfallLeadsFromOneToTheOther()
{
    const auto mix =
        mixOf(together({times(10, row(march, "b", "search", 1000, 0)), times(10, row(march, "b", "chat", 2000, 0)),
                        times(10, row(april, "b", "search", 1000, 0)), times(30, row(april, "b", "chat", 2000, 0))}));
    const Figure figure = mixWaterfall(*mix, "Mar 2026", "Apr 2026");
    QCOMPARE(figure.categories, (std::vector<std::string>{"Mar 2026", "Volume", "Mix", "Apr 2026"}));
    const std::vector<FigurePoint> &points = figure.series[0].points;
    QCOMPARE(points[0].y + points[1].y + points[2].y, points[3].y);
    QCOMPARE(points[1].y, 0.0075);
    QVERIFY2(figure.title.find("more in Apr 2026 than in Mar 2026 (+133.3 %), most of all through Volume")
                 != std::string::npos,
             figure.title.c_str());
    QVERIFY(largestEffect(mix->effects) == MixEffect::Volume);
    QCOMPARE(mixGroupName(mix->groups.front()), std::string("chat \u00b7 p/b"));
    for (std::size_t i = 0; i < mixEffectCount; ++i)
        QVERIFY(!mixEffectHelp(static_cast<MixEffect>(i)).empty());
    // Nothing with a price: no bar pretends to know.
    PriceVolumeMix dark = *mix;
    dark.trafficAfter.cost = {};
    dark.trafficAfter.unpricedTokens = 7;
    QVERIFY(isUnknown(dark.trafficAfter));
    QVERIFY(mixWaterfall(dark, "Mar 2026", "Apr 2026").isEmpty());
}

void TestPriceVolumeMix::callsPerUnit()
{
    // Four conversations of 5 calls become eight of 4: twice the volume, then 0.8 of the calls.
    std::vector<RequestRow> rows;
    for (int i = 0; i < 20; ++i)
        rows.push_back(row(march, "b", "chat", 1000, 0, 0, ("m" + std::to_string(i / 5)).c_str()));
    for (int i = 0; i < 32; ++i)
        rows.push_back(row(april, "b", "chat", 1000, 0, 0, ("n" + std::to_string(i / 4)).c_str()));
    EconomicUnit unit;
    unit.name = "conversation";
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    const auto mix = mixOf(rows, &unit);
    QVERIFY2(mix.ok(), mix.ok() ? "" : mix.error().text().c_str());
    QCOMPARE(mix->unitsBefore, std::int64_t{4});
    QCOMPARE(mix->unitsAfter, std::int64_t{8});
    QCOMPARE(effectsOf(*mix), std::string("volume 0.005, calls_per_unit -0.002"));
}

void TestPriceVolumeMix::cacheThatBegins()
{
    // 1,000 tokens of a prompt, of which 600 are now read at 0.3 instead of 3 (and the input price rises to 4). A cache
    // that begins to be used is no change of the price list.
    const auto mix =
        mixOf(together({times(10, row(march, "a", "chat", 1000, 0)), times(10, row(april, "a", "chat", 400, 0, 600))}));
    QCOMPARE(amount(*mix, MixEffect::Cache), std::string("-0.0162"));
    QCOMPARE(amount(*mix, MixEffect::Rate), std::string("0.004"));
    QCOMPARE(mix->effects.total(), mix->difference());
}

void TestPriceVolumeMix::namesOfOneModelAreOneGroup()
{
    const auto mix = mixOf(
        together({times(10, row(march, "a", "chat", 1000, 0)), times(20, row(april, "a-2026", "chat", 1000, 0))}));
    QCOMPARE(mix->groups.size(), std::size_t{1});
    QCOMPARE(mix->groups[0].key, (std::vector<std::string>{"chat", "p/a"}));
    QCOMPARE(effectsOf(*mix), std::string("volume 0.03, rate 0.02"));
}

void TestPriceVolumeMix::unpricedIsStated()
{
    const auto mix = mixOf(
        together({times(2, row(march, "nobody", "chat", 1000, 5)), times(3, row(april, "nobody", "chat", 1000, 5))}));
    QVERIFY(mix.ok());
    QCOMPARE(mix->trafficBefore.unpricedTokens, std::int64_t{2010});
    QCOMPARE(mix->trafficAfter.unpricedTokens, std::int64_t{3015});
    QCOMPARE(mix->groups[0].key[1], std::string("nobody"));
    QVERIFY(mix->difference().isZero());
}

void TestPriceVolumeMix::partsFootOnRandomLedgers()
{
    std::mt19937 generator(17);
    const auto below = [&generator](int limit) {
        return static_cast<int>(generator() % static_cast<unsigned>(limit));
    };
    for (int round = 0; round < 40; ++round) {
        std::vector<RequestRow> rows;
        for (int i = 0; i < 60; ++i) {
            const char *const models[] = {"a", "b", "nobody"};
            const char *const workloads[] = {"chat", "search", ""};
            RequestRow each = row(below(2) == 0 ? march : april, models[below(3)], workloads[below(3)], below(3000),
                                  below(2) == 0 ? 0 : below(700), below(2) == 0 ? 0 : below(2000),
                                  ("s" + std::to_string(below(9))).c_str());
            each.usage[CacheWrite5m] = below(3) == 0 ? below(500) : 0;
            each.usage[Request] = 1 + below(4);
            rows.push_back(each);
        }
        EconomicUnit unit;
        unit.name = "conversation";
        unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
        const auto mix = mixOf(rows, round % 2 == 0 ? nullptr : &unit);
        QVERIFY2(mix.ok(), mix.ok() ? "" : mix.error().text().c_str());
        QCOMPARE(mix->effects.total(), mix->difference());
        MixEffects sum;
        mpq_class calls0 = 0;
        mpq_class calls1 = 0;
        for (const MixGroup &group : mix->groups) {
            QCOMPARE(group.effects.total(), group.after.cost.total() - group.before.cost.total());
            sum += group.effects;
            if (group.before.rows > 0 && group.after.rows > 0) {
                calls0 += big(group.before.requests);
                calls1 += big(group.after.requests);
            }
        }
        QVERIFY(sum.amounts == mix->effects.amounts);
        // Volume and mix of each group as exact fractions; three pools are rounded at each end of a step.
        for (const MixGroup &group : mix->groups) {
            if (group.before.rows == 0 || group.after.rows == 0)
                continue;
            const mpq_class cost = big(group.before.cost.total().units());
            const mpq_class grown = mix->unit.empty() ? mpq_class(calls1 / calls0)
                                                      : mpq_class(big(mix->unitsAfter) / big(mix->unitsBefore));
            const mpq_class share = big(group.after.requests) / calls1 / (big(group.before.requests) / calls0);
            QVERIFY(abs(big(group.effects[MixEffect::Volume].units()) - cost * (grown - 1)) <= 2);
            QVERIFY(abs(big(group.effects[MixEffect::Mix].units()) - cost * grown * (share - 1)) <= 3);
            const mpq_class length = (big(group.before.output) == 0)
                                         ? mpq_class(0)
                                         : mpq_class(big(group.after.output) / big(group.before.output)
                                                     - big(group.after.requests) / big(group.before.requests));
            if (group.before.output != 0)
                QVERIFY(abs(big(group.effects[MixEffect::OutputTokens].units())
                            - big(group.before.cost[Component::Output].units()) * length)
                        <= 2);
        }
    }
}

void TestPriceVolumeMix::scopeOfTheUnit()
{
    const std::vector<RequestRow> rows =
        together({times(10, row(march, "b", "chat", 1000, 0, 0, "x")), times(5, row(march, "b", "search", 1000, 0)),
                  times(20, row(april, "b", "chat", 1000, 0, 0, "y")), times(50, row(april, "b", "search", 1000, 0))});
    EconomicUnit unit;
    unit.name = "conversation";
    unit.scope.conditions["workload"] = {"chat"};
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    const auto mix = mixOf(rows, &unit);
    QVERIFY(mix.ok());
    QCOMPARE(mix->groups.size(), std::size_t{1});
    QCOMPARE(effectsOf(*mix), std::string("calls_per_unit 0.0025"));
}

void TestPriceVolumeMix::refusesPeriodsWithoutUnits()
{
    EconomicUnit unit;
    unit.name = "conversation";
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    const auto mix = mixOf(
        together({times(1, row(march, "b", "chat", 1, 0)), times(1, row(april, "b", "chat", 1, 0, 0, "s"))}), &unit);
    QVERIFY(!mix.ok());
    QVERIFY(mix.error().text().find("there is no conversation in the period") != std::string::npos);
}

void TestPriceVolumeMix::stops()
{
    const Ledger ledger = world::ledger({row(march, "b", "chat", 1, 0), row(april, "b", "chat", 1, 0)});
    const auto before = Baseline::build(ledger, book(), world::settings(world::months(2026, 3, 1)), {});
    std::stop_source stop;
    stop.request_stop();
    // Rows are numbered from the beginning of the ledger; the first is a place at which the token is looked at.
    const auto mix = priceVolumeMix(**before, **before, byBoth, nullptr, stop.get_token());
    QVERIFY(!mix.ok());
    QVERIFY(mix.error().code == ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestPriceVolumeMix)
#include "tst_price_volume_mix.moc"
