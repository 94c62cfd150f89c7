// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/model/engine_world.h"

#include <gmpxx.h>

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace perunit;
using enum UsageClass;

namespace {

/// 1,000,000 requests of 6,000 in and 500 out a month on model A (model.md §7): $25,500.
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
    auto baseline = Baseline::build(world::ledger({row}), book, world::settings(world::months(2026, 3, 1)), {});
    return baseline.value();
}

EvaluationRequest scenario(const char *name, std::vector<EffectiveLever> levers)
{
    EvaluationRequest request;
    request.scenarioId = name;
    request.name = name;
    request.levers = std::move(levers);
    return request;
}

std::vector<EffectiveLever> fourLevers()
{
    return {world::lever("batch", LeverKind::Batch, {{"share", 350'000}}),
            world::lever("cache", LeverKind::PromptCache, {{"hit_share", 550'000}}),
            world::lever("context", LeverKind::ContextGrowth, {{"factor", 1'600'000}}),
            world::lever("route", LeverKind::Routing, {{"share", 600'000}}, {{"to", "p/b"}})};
}

/// The same month by its closed form, in dollars.
mpq_class closedForm(bool route, bool context, bool cache, bool batch)
{
    const mpq_class prompt = context ? mpq_class(9600) : mpq_class(6000);
    const mpq_class promptPrice = cache ? 1 - mpq_class(11, 20) * mpq_class(9, 10) : mpq_class(1);
    const mpq_class a = prompt * 3 * promptPrice + 500 * 15;
    const mpq_class b = prompt / 4 * promptPrice + 500 * mpq_class(5, 4);
    const mpq_class mixed = route ? a * mpq_class(2, 5) + b * mpq_class(3, 5) : a;
    return batch ? mixed * (1 - mpq_class(7, 20) / 2) : mixed;
}

mpq_class amountOf(Femto amount)
{
    mpq_class result(mpz_class(formatDecimal(amount.units(), 0)), mpz_class("1000000000000000"));
    result.canonicalize();
    return result;
}

} // namespace

class TestBridge : public QObject
{
    Q_OBJECT
private slots:
    void shapleyOfFourLevers();
    void shapleyOfFiveLevers();
    void rangeAndInteraction();
    void sequentialFollowsThePipeline();
    void betweenSiblings();
    void betweenChangedValues();
    void partsFootWhenNothingDivides();
    void sameLeversGiveNoParts();
    void refusesMoreThanTen();
};

void TestBridge::shapleyOfFourLevers()
{
    const auto baseline = millionRequests();
    const auto result =
        bridge(*baseline, scenario("Baseline", {}), scenario("All", fourLevers()), BridgeMethod::Shapley, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->start.text(), std::string("25500"));
    QCOMPARE(result->end.text(), std::string("8183.835"));

    // Average over all orders, worked out with the closed form.
    const std::vector<std::string> ids{"route", "context", "cache", "batch"};
    std::map<std::string, mpq_class> expected;
    std::vector<int> order{0, 1, 2, 3};
    do {
        std::array<bool, 4> in{};
        for (const int lever : order) {
            const mpq_class before = closedForm(in[0], in[1], in[2], in[3]);
            in[static_cast<std::size_t>(lever)] = true;
            expected[ids[static_cast<std::size_t>(lever)]] += (closedForm(in[0], in[1], in[2], in[3]) - before) / 24;
        }
    } while (std::next_permutation(order.begin(), order.end()));
    Femto sum;
    QCOMPARE(result->parts.size(), std::size_t{4});
    for (std::size_t i = 0; i < 4; ++i) {
        const BridgePart &part = result->parts[i];
        QCOMPARE(part.leverId, ids[i]);
        const mpq_class difference = amountOf(part.amount) - expected[part.leverId];
        QVERIFY(abs(difference) <= mpq_class(1, mpz_class("1000000000000000")));
        QVERIFY(part.minimum <= part.amount && part.amount <= part.maximum);
        sum += part.amount;
    }
    QVERIFY(sum == result->total());
}

/// model.md §7, in whole dollars.
void TestBridge::shapleyOfFiveLevers()
{
    std::vector<EffectiveLever> levers = fourLevers();
    levers.push_back(world::lever("answers", LeverKind::AnswerCache, {{"hit_share", 250'000}}));
    const auto result =
        bridge(*millionRequests(), scenario("Baseline", {}), scenario("All", levers), BridgeMethod::Shapley, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->end.text(), std::string("6137.87625"));
    const std::map<std::string, int> dollars{
        {"context", 5188}, {"route", -10940}, {"cache", -6618}, {"answers", -4173}, {"batch", -2820}};
    QCOMPARE(result->parts.size(), dollars.size());
    Femto sum;
    for (const BridgePart &part : result->parts) {
        const mpq_class difference = amountOf(part.amount) - dollars.at(part.leverId);
        QVERIFY2(abs(difference) <= mpq_class(1, 2), part.leverId.c_str());
        sum += part.amount;
    }
    QVERIFY(sum == result->total());
}

void TestBridge::rangeAndInteraction()
{
    const auto baseline = millionRequests();
    const auto levers = fourLevers();
    const auto result =
        bridge(*baseline, scenario("Baseline", {}), scenario("Two", {levers[3], levers[2]}), BridgeMethod::Shapley, {});
    QVERIFY(result.ok());
    QCOMPARE(result->parts.size(), std::size_t{2});
    const BridgePart &route = result->parts[0];
    const mpq_class aloneRoute = closedForm(true, false, false, false) - closedForm(false, false, false, false);
    const mpq_class lastRoute = closedForm(true, true, false, false) - closedForm(false, true, false, false);
    QCOMPARE(amountOf(route.alone), aloneRoute);
    QCOMPARE(amountOf(route.last), lastRoute);
    QCOMPARE(amountOf(route.minimum), lastRoute);
    QCOMPARE(amountOf(route.maximum), aloneRoute);
    QCOMPARE(result->interactions.size(), std::size_t{1});
    // With two levers the interaction is what the second one does differently after the first.
    QCOMPARE(amountOf(result->interactions[0].amount), lastRoute - aloneRoute);
    QCOMPARE(result->interactions[0].a, std::string("route"));
    QCOMPARE(result->interactions[0].b, std::string("context"));
}

void TestBridge::sequentialFollowsThePipeline()
{
    const auto baseline = millionRequests();
    const auto result =
        bridge(*baseline, scenario("Baseline", {}), scenario("All", fourLevers()), BridgeMethod::Sequential, {});
    QVERIFY(result.ok());
    QCOMPARE(result->method, std::string("sequential"));
    std::array<bool, 4> in{};
    for (std::size_t i = 0; i < 4; ++i) {
        const mpq_class before = closedForm(in[0], in[1], in[2], in[3]);
        in[i] = true;
        QCOMPARE(amountOf(result->parts[i].amount), closedForm(in[0], in[1], in[2], in[3]) - before);
    }
    QVERIFY(result->interactions.empty());
}

void TestBridge::betweenSiblings()
{
    // Both scenarios route the same requests, each by its own lever: neither can be there with the other.
    const auto baseline = millionRequests();
    const auto left =
        scenario("Left", {world::lever("small", LeverKind::Routing, {{"share", 300'000}}, {{"to", "p/b"}})});
    const auto right =
        scenario("Right", {world::lever("large", LeverKind::Routing, {{"share", 900'000}}, {{"to", "p/b"}}),
                           world::lever("batch", LeverKind::Batch, {{"share", 500'000}})});
    const auto result = bridge(*baseline, left, right, BridgeMethod::Shapley, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->parts.size(), std::size_t{2});
    QCOMPARE(result->parts[0].leverId, std::string("large + small"));
    QVERIFY(result->parts[0].amount + result->parts[1].amount == result->total());
    QVERIFY(result->start == evaluate(*baseline, left, {}).value().total());
    QVERIFY(result->end == evaluate(*baseline, right, {}).value().total());
}

void TestBridge::betweenChangedValues()
{
    const auto baseline = millionRequests();
    auto changed = fourLevers();
    changed[0].lever.numbers["share"] = 0;
    changed[2].lever.enabled = false;
    changed[1].lever.note = "a note changes no amount";
    const auto result =
        bridge(*baseline, scenario("All", fourLevers()), scenario("Less", changed), BridgeMethod::Shapley, {});
    QVERIFY(result.ok());
    QCOMPARE(result->parts.size(), std::size_t{2});
    QCOMPARE(result->parts[0].leverId, std::string("context"));
    QVERIFY(QString::fromStdString(result->parts[0].label).contains(QLatin1String("removed")));
    QCOMPARE(result->parts[1].leverId, std::string("batch"));
    QCOMPARE(amountOf(result->end), closedForm(true, false, true, false));
    QVERIFY(result->parts[0].amount + result->parts[1].amount == result->total());
}

void TestBridge::partsFootWhenNothingDivides()
{
    // Three levers on amounts of a few femto-units: a sixth of them is no whole number.
    const auto book = world::book({world::model("p", "a",
                                                {world::rate("a", {{Input, "0.000000007"}}),
                                                 world::rate("a/batch", {{Input, "0.000000002"}}, ServiceTier::Batch)}),
                                   world::model("p", "b", {world::rate("b", {{Input, "0.000000003"}})})});
    std::vector<RequestRow> rows;
    for (int i = 0; i < 5; ++i)
        rows.push_back(world::request(instantOf(2026, 3, 9, i), "a", 1 + i, 0));
    const auto baseline = Baseline::build(world::ledger(rows), book, world::settings(world::months(2026, 3, 1)), {});
    QVERIFY(baseline.ok());
    for (std::int64_t share = 10'000; share < 1'000'000; share += 37'000) {
        const auto result =
            bridge(**baseline, scenario("Baseline", {}),
                   scenario("Three", {world::lever("a", LeverKind::Routing, {{"share", share}}, {{"to", "p/b"}}),
                                      world::lever("b", LeverKind::ContextGrowth, {{"factor", onePpm + share}}),
                                      world::lever("c", LeverKind::Batch, {{"share", onePpm - share}})}),
                   BridgeMethod::Shapley, {});
        QVERIFY(result.ok());
        Femto sum;
        for (const BridgePart &part : result->parts)
            sum += part.amount;
        QVERIFY(sum == result->total());
    }
}

void TestBridge::sameLeversGiveNoParts()
{
    const auto baseline = millionRequests();
    const auto result =
        bridge(*baseline, scenario("A", fourLevers()), scenario("B", fourLevers()), BridgeMethod::Shapley, {});
    QVERIFY(result.ok());
    QVERIFY(result->parts.empty());
    QVERIFY(result->start == result->end);
    QCOMPARE(result->start.text(), std::string("8183.835"));
}

void TestBridge::refusesMoreThanTen()
{
    const auto baseline = millionRequests();
    std::vector<EffectiveLever> levers;
    for (int i = 0; i < 11; ++i) {
        levers.push_back(world::lever("lever-" + std::to_string(i), LeverKind::Batch, {{"share", 100'000}}));
        levers.back().lever.scope.conditions["team"] = {std::to_string(i)};
    }
    const auto refused = bridge(*baseline, scenario("A", {}), scenario("B", levers), BridgeMethod::Shapley, {});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    QVERIFY(bridge(*baseline, scenario("A", {}), scenario("B", levers), BridgeMethod::Sequential, {}).ok());
    levers.pop_back();
    QVERIFY(bridge(*baseline, scenario("A", {}), scenario("B", levers), BridgeMethod::Shapley, {}).ok());
}

QTEST_APPLESS_MAIN(TestBridge)
#include "tst_bridge.moc"
