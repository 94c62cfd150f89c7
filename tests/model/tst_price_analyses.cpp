// SPDX-License-Identifier: GPL-3.0-or-later
// What prices make of a ledger's traffic, compared with pricing every request by itself.
#include "model/analyses/model_comparison.h"
#include "model/analyses/price_effect.h"
#include "model/figures/figure_builder.h"
#include "pricing/charge/price_request.h"
#include "tests/model/simple_world.h"

#include <QtTest>

#include <algorithm>
#include <random>

using namespace perunit;
using enum UsageClass;

namespace {

const Instant priceDay = instantOf(2026, 5, 6, 3); // a Wednesday

/// Two editions of the same three models: one with peak hours, one with a cliff, one that only the second has.
std::shared_ptr<const PriceBook> edition(int number)
{
    using world::rate;
    const bool second = number == 2;
    Rate peak = rate("peak", {{Input, second ? "0.9" : "1.1"}, {Output, "4.4"}});
    peak.daily = DailyWindow{0x1f, 8 * 60, 18 * 60 + 30};
    std::vector<CatalogueModel> models{
        world::model("p", "hours", {rate("hours", {{Input, "0.55"}, {CacheRead, "0.1"}, {Output, "2.2"}}), peak}),
        world::model("p", "cliff",
                     {rate("cliff", {{Input, "2"}, {CacheRead, "0.2"}, {Output, second ? "9" : "10"}}),
                      world::above(1500, false, rate("cliff", {{Input, "4"}, {Output, "15"}})),
                      rate("cliff-batch", {{Input, "1"}, {Output, "5"}}, ServiceTier::Batch)})};
    models.back().contextWindow = 2500;
    if (second)
        models.push_back(world::model("p", "late", {rate("late", {{Input, "1"}, {Output, "1"}})}));
    return world::book(std::move(models));
}

std::vector<RequestRow> randomRequests(unsigned seed)
{
    std::mt19937 generator(seed);
    const auto from = [&generator](std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(generator() % static_cast<std::uint64_t>(high - low + 1));
    };
    std::vector<RequestRow> rows;
    for (int i = 0; i < 400; ++i) {
        const char *const models[] = {"hours", "cliff", "late", "unknown"};
        RequestRow row = world::request({instantOf(2026, 1, 1).micros + from(0, 40 * microsPerDay)}, models[from(0, 3)],
                                        from(0, 2000), from(0, 800));
        row.usage[CacheRead] = from(0, 1200);
        row.usage.reasoning = from(0, row.usage[Output]);
        if (from(0, 4) == 0)
            row.usage[AudioIn] = from(1, 50);
        row.tier = from(0, 3) == 0   ? ServiceTier::Batch
                   : from(0, 9) == 0 ? ServiceTier::Provisioned
                                     : ServiceTier::Standard;
        row.workload = from(0, 1) == 0 ? "chat" : "review";
        rows.push_back(row);
    }
    return rows;
}

/// The same hour of the week as the request, from the instant on.
Instant sameHour(Instant from, Instant like)
{
    const std::int64_t wait = (like.micros - from.micros) % (7 * microsPerDay);
    return {from.micros + (wait + (7 * microsPerDay)) % (7 * microsPerDay)};
}

struct Priced {
    Femto cost;
    std::int64_t unpriced = 0;
};

Priced pricedAlone(const PriceBook &book, const RequestRow &row, const std::string &model, ServiceTier tier)
{
    const PricedRequest priced =
        priceRequest(book, {row.provider, model, {}, sameHour(priceDay, row.time), tier, row.usage});
    Priced result{priced.cost, 0};
    for (const UsageClass each : priced.unpriced) {
        if (isTokenClass(each))
            result.unpriced += row.usage[each];
    }
    return result;
}

} // namespace

class TestPriceAnalyses : public QObject
{
    Q_OBJECT
private slots:
    void effectEqualsEveryRequestByItself_data();
    void effectEqualsEveryRequestByItself();
    void linesAddUp();
    void sameBookChangesNothing();
    void comparisonEqualsEveryRequestByItself_data();
    void comparisonEqualsEveryRequestByItself();
    void comparisonFollowsAScope();
    void withoutACacheReadsAreInput();
    void promptsThatAreTooLongAreCounted();
    void stopsWhenAsked();
    void historySaysWhatHappened_data();
    void historySaysWhatHappened();
    void changeDuringADayIsSeen();
};

void TestPriceAnalyses::effectEqualsEveryRequestByItself_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 20; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestPriceAnalyses::effectEqualsEveryRequestByItself()
{
    QFETCH(unsigned, seed);
    const auto rows = randomRequests(seed);
    const Ledger ledger = world::ledger(rows);
    const auto before = edition(1);
    const auto after = edition(2);
    const auto effect = priceEffect(*ledger.workload, *before, *after, ledger.workload->period(), priceDay, {});
    QVERIFY2(effect.ok(), effect.ok() ? "" : effect.error().text().c_str());
    Priced old;
    Priced next;
    for (const RequestRow &row : rows) {
        const Priced first = pricedAlone(*before, row, row.model, row.tier);
        const Priced second = pricedAlone(*after, row, row.model, row.tier);
        old.cost += first.cost;
        old.unpriced += first.unpriced;
        next.cost += second.cost;
        next.unpriced += second.unpriced;
    }
    QCOMPARE(effect->before.cost.text(), old.cost.text());
    QCOMPARE(effect->before.unpricedTokens, old.unpriced);
    QCOMPARE(effect->after.cost.text(), next.cost.text());
    QCOMPARE(effect->after.unpricedTokens, next.unpriced);
    QVERIFY(!effect->changesNothing());
}

void TestPriceAnalyses::linesAddUp()
{
    const Ledger ledger = world::ledger(randomRequests(3));
    const auto effect =
        priceEffect(*ledger.workload, *edition(1), *edition(2), ledger.workload->period(), priceDay, {});
    QVERIFY(effect.ok());
    TrafficCost before;
    TrafficCost after;
    std::int64_t requests = 0;
    for (const PriceEffect::Line &line : effect->lines) {
        before += line.before;
        after += line.after;
        requests += line.requests;
    }
    QCOMPARE(before.cost.text(), effect->before.cost.text());
    QCOMPARE(after.cost.text(), effect->after.cost.text());
    QCOMPARE(after.unpricedTokens, effect->after.unpricedTokens);
    QCOMPARE(requests, std::int64_t{400});
    QCOMPARE(effect->lines.size(), std::size_t{4});
    const auto late = std::find_if(effect->lines.begin(), effect->lines.end(),
                                   [](const auto &line) { return line.recorded == "late"; });
    QVERIFY(late->before.isUnknown());
    QVERIFY(!late->after.isUnknown());
    QVERIFY(!late->matchBefore.model.found());
    QVERIFY(late->matchAfter.model.found());
}

void TestPriceAnalyses::sameBookChangesNothing()
{
    const Ledger ledger = world::ledger(randomRequests(4));
    const auto effect =
        priceEffect(*ledger.workload, *edition(1), *edition(1), ledger.workload->period(), priceDay, {});
    QVERIFY(effect.ok());
    QVERIFY(effect->changesNothing());
}

void TestPriceAnalyses::comparisonEqualsEveryRequestByItself_data()
{
    effectEqualsEveryRequestByItself_data();
}

void TestPriceAnalyses::comparisonEqualsEveryRequestByItself()
{
    QFETCH(unsigned, seed);
    const auto rows = randomRequests(seed);
    const Ledger ledger = world::ledger(rows);
    const auto book = edition(2);
    std::vector<ModelIndex> candidates;
    for (const char *name : {"hours", "cliff", "late"})
        candidates.push_back(book->resolve("p", name).model);
    const auto comparison =
        compareModels(*ledger.workload, *book, ledger.workload->period(), {}, candidates, priceDay, {});
    QVERIFY2(comparison.ok(), comparison.ok() ? "" : comparison.error().text().c_str());
    QCOMPARE(comparison->requests, std::int64_t{400});
    for (const ModelComparison::Candidate &candidate : comparison->candidates) {
        const std::string name = book->model(candidate.model).key.model;
        Priced sum;
        for (const RequestRow &row : rows) {
            const ServiceTier tier = row.tier == ServiceTier::Provisioned ? ServiceTier::Standard : row.tier;
            const Priced priced = pricedAlone(*book, row, name, tier);
            sum.cost += priced.cost;
            sum.unpriced += priced.unpriced;
        }
        QCOMPARE(candidate.cost.cost.text(), sum.cost.text());
        QCOMPARE(candidate.cost.unpricedTokens, sum.unpriced);
    }
    Femto recorded;
    for (const RequestRow &row : rows)
        recorded += pricedAlone(*book, row, row.model, row.tier).cost;
    QCOMPARE(comparison->recorded.cost.text(), recorded.text());
}

void TestPriceAnalyses::comparisonFollowsAScope()
{
    const auto rows = randomRequests(7);
    const Ledger ledger = world::ledger(rows);
    const auto book = edition(1);
    Scope scope;
    scope.conditions["workload"] = {"chat"};
    const auto comparison = compareModels(*ledger.workload, *book, ledger.workload->period(), scope,
                                          {book->resolve("p", "cliff").model}, priceDay, {});
    QVERIFY(comparison.ok());
    std::int64_t requests = 0;
    Femto cost;
    for (const RequestRow &row : rows) {
        if (row.workload != "chat")
            continue;
        ++requests;
        cost +=
            pricedAlone(*book, row, "cliff", row.tier == ServiceTier::Provisioned ? ServiceTier::Standard : row.tier)
                .cost;
    }
    QCOMPARE(comparison->requests, requests);
    QCOMPARE(comparison->candidates.front().cost.cost.text(), cost.text());
}

void TestPriceAnalyses::withoutACacheReadsAreInput()
{
    RequestRow row = world::request(instantOf(2026, 3, 2), "cliff", 100, 10);
    row.usage[CacheRead] = 900;
    const auto book = edition(1);
    const Ledger ledger = world::ledger({row});
    const auto comparison = compareModels(*ledger.workload, *book, ledger.workload->period(), {},
                                          {book->resolve("p", "cliff").model}, priceDay, {});
    QVERIFY(comparison.ok());
    // 100 × 2 + 900 × 0.2 + 10 × 10 per million, and 1000 × 2 + 10 × 10 without a cache.
    QCOMPARE(comparison->candidates.front().cost.cost.text(), std::string("0.00048"));
    QCOMPARE(comparison->candidates.front().withoutCache.cost.text(), std::string("0.0021"));
    QCOMPARE(comparison->recordedWithoutCache.cost.text(), std::string("0.0021"));
}

void TestPriceAnalyses::promptsThatAreTooLongAreCounted()
{
    const auto book = edition(1);
    const Ledger ledger = world::ledger({world::request(instantOf(2026, 3, 2), "hours", 2500, 1),
                                         world::request(instantOf(2026, 3, 2), "hours", 2501, 1)});
    const auto comparison =
        compareModels(*ledger.workload, *book, ledger.workload->period(), {},
                      {book->resolve("p", "cliff").model, book->resolve("p", "hours").model}, priceDay, {});
    QVERIFY(comparison.ok());
    QCOMPARE(comparison->candidates[0].tooLong, std::int64_t{1});
    QCOMPARE(comparison->candidates[1].tooLong, std::int64_t{0}); // its limit is unknown
}

void TestPriceAnalyses::stopsWhenAsked()
{
    const Ledger ledger = world::ledger(randomRequests(1));
    std::stop_source source;
    source.request_stop();
    const auto effect = priceEffect(*ledger.workload, *edition(1), *edition(2), ledger.workload->period(), priceDay,
                                    source.get_token());
    QVERIFY(!effect.ok());
    QCOMPARE(effect.error().code, ErrorCode::Cancelled);
}

namespace {

/// Prices from a day on, until another.
Rate priceBetween(const char *id, Instant from, Instant to, const char *input, const char *output,
                  RateStatus status = RateStatus::Published)
{
    Rate rate = world::rate(id, {{Input, input}, {Output, output}});
    rate.valid = {from, to};
    rate.status = status;
    return rate;
}

const Instant june = instantOf(2026, 6, 3);
const Instant january = instantOf(2027, 1, 1);
const Instant today = instantOf(2026, 11, 21);

} // namespace

void TestPriceAnalyses::historySaysWhatHappened_data()
{
    QTest::addColumn<std::vector<Rate>>("rates");
    QTest::addColumn<std::string>("title");
    QTest::newRow("nothing") << std::vector<Rate>{priceBetween("a", alwaysBefore, alwaysAfter, "3", "15")}
                             << std::string("No price of m is known to have changed");
    QTest::newRow("one price") << std::vector<Rate>{priceBetween("a", alwaysBefore, june, "3", "15"),
                                                    priceBetween("b", june, alwaysAfter, "3", "10")}
                               << std::string("Output fell from $15 to $10 in June 2026");
    QTest::newRow("the larger of two") << std::vector<Rate>{priceBetween("a", alwaysBefore, june, "3", "15"),
                                                            priceBetween("b", june, alwaysAfter, "0.75", "10")}
                                       << std::string("Input fell from $3 to $0.75 in June 2026");
    QTest::newRow("the latest") << std::vector<Rate>{priceBetween("a", alwaysBefore, instantOf(2026, 2, 1), "30", "15"),
                                                     priceBetween("b", instantOf(2026, 2, 1), june, "3", "10"),
                                                     priceBetween("c", june, alwaysAfter, "3", "12.5")}
                                << std::string("Output rose from $10 to $12.50 in June 2026");
    QTest::newRow("what comes") << std::vector<Rate>{priceBetween("a", alwaysBefore, june, "30", "15"),
                                                     priceBetween("b", june, alwaysAfter, "3", "10"),
                                                     priceBetween("c", january, alwaysAfter, "3", "8",
                                                                  RateStatus::Announced)}
                                << std::string("Output will fall from $10 to $8 in January 2027");
    QTest::newRow("a gap") << std::vector<Rate>{priceBetween("a", alwaysBefore, instantOf(2026, 2, 1), "3", "15"),
                                                priceBetween("b", june, alwaysAfter, "3", "10")}
                           << std::string("No price of m is known to have changed");
    QTest::newRow("no tokens") << std::vector<Rate>{world::rate("a", {{WebSearch, "10"}})}
                               << std::string("m has no price per token");
}

void TestPriceAnalyses::historySaysWhatHappened()
{
    QFETCH(std::vector<Rate>, rates);
    QFETCH(std::string, title);
    const auto book = world::book({world::model("p", "m", rates)});
    const Figure figure = priceHistory(*book, book->resolve("p", "m").model, today);
    QCOMPARE(figure.title, title);
    QVERIFY2(figure.subtitle.find("m: list price per million tokens") == 0, figure.subtitle.c_str());
}

void TestPriceAnalyses::changeDuringADayIsSeen()
{
    const Instant afternoon = instantOf(2026, 6, 3, 16);
    const auto book = world::book({world::model("p", "m",
                                                {priceBetween("a", alwaysBefore, afternoon, "3", "15"),
                                                 priceBetween("b", afternoon, alwaysAfter, "3", "10")})});
    const Figure figure = priceHistory(*book, book->resolve("p", "m").model, today);
    QCOMPARE(figure.title, std::string("Output fell from $15 to $10 in June 2026"));
    // The line falls where the price does, not at the next point that happens to be drawn.
    const auto &points = figure.series.back().points;
    const auto low = std::find_if(points.begin(), points.end(), [](const FigurePoint &point) { return point.y < 12; });
    QVERIFY(low != points.end());
    QCOMPARE(low->x, static_cast<double>(afternoon.micros) / 1e6);
}

QTEST_APPLESS_MAIN(TestPriceAnalyses)
#include "tst_price_analyses.moc"
