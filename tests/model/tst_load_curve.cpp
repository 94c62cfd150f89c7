// SPDX-License-Identifier: GPL-3.0-or-later
// The load-duration curve and its optimum against brute force in plain rational arithmetic.
#include "model/capacity/optimum.h"
#include "model/capacity/token_bucket.h"

#include "model/engine/wide_integer.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace perunit;

namespace {

constexpr Int128 unitsPerFemto = 1'000'000'000;
constexpr std::int64_t tokens(std::int64_t count)
{
    return count * loadPartsPerToken;
}
constexpr Int128 dollars(double value)
{
    return static_cast<Int128>(value * 1e12) * 1'000'000'000'000;
}

LoadOfHorizon randomLoad(unsigned seed, std::size_t bins, bool bursty)
{
    std::mt19937_64 random(seed);
    LoadOfHorizon load;
    load.binCount = static_cast<std::int64_t>(bins);
    load.capacityPerUnit = tokens(3000);
    for (std::size_t i = 0; i < bins; ++i) {
        const auto base = static_cast<std::int64_t>(random() % 400'000);
        const std::int64_t burst = bursty && random() % 20 == 0 ? static_cast<std::int64_t>(random() % 4'000'000) : 0;
        const std::int64_t count = random() % 13 == 0 ? 0 : base + burst;
        // Between one and two times 2e-6 dollars a token: caches make a load token dearer.
        const Int128 price = 2'000'000'000'000'000'000 + static_cast<Int128>(random() % 2'000'000'000'000'000'000ULL);
        load.bins.push_back({tokens(count), count == 0 ? static_cast<Int128>(random() % 1'000'000) : price * count});
    }
    return load;
}

/// Σ cost × max(0, load - capacity) ÷ load, each bin as a whole number of 10^-24 × 10^20, rounded down.
Int128 slowSpill(const LoadOfHorizon &load, std::int64_t units)
{
    const Int128 capacity = static_cast<Int128>(units) * load.capacityPerUnit;
    Wide sum;
    for (const LoadBin &bin : load.bins) {
        if (units == 0) {
            sum += raised(Wide::of(static_cast<UInt128>(bin.cost)), 20);
        } else if (bin.load > capacity) {
            Wide part;
            part.addProduct(raised(Wide::of(static_cast<UInt128>(bin.cost)), 20),
                            static_cast<UInt128>(bin.load - capacity));
            part.divideBy(Wide::of(static_cast<UInt128>(bin.load)));
            sum += part;
        }
    }
    return Wide::dividedHalfEven(sum, powerOfTen(20)).toInt128().value() + load.neverServedCost;
}

/// Price × minutes of the trace ÷ minutes of a month.
UnitCost price(const char *perMonth, std::int64_t minutes)
{
    return {{{parseDecimal(perMonth, Femto::scale)->units * minutes, 43'800}}, {}};
}

} // namespace

class TestLoadCurve : public QObject
{
    Q_OBJECT

private slots:
    void everySizeEqualsTheSumOverTheBins_data()
    {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<bool>("bursty");
        for (unsigned seed = 1; seed <= 6; ++seed)
            QTest::addRow("trace %u", seed) << seed << (seed % 2 == 0);
    }
    void everySizeEqualsTheSumOverTheBins()
    {
        QFETCH(unsigned, seed);
        QFETCH(bool, bursty);
        LoadOfHorizon load = randomLoad(seed, 500, bursty);
        load.neverServedCost = dollars(1.25);
        load.neverServedLoad = tokens(1'000'000);
        const LoadCurve curve = LoadCurve::make(load).value();
        for (std::int64_t units = 0; units < 200; ++units) {
            const Int128 difference = curve.exactSpillCost(units) - slowSpill(load, units);
            QVERIFY2(difference > -2000 && difference < 2000,
                     qPrintable(QString::number(static_cast<double>(difference))));
            QCOMPARE(curve.spillCost(units).units(), divideHalfEven(slowSpill(load, units), unitsPerFemto));
        }
    }

    void costIsConvexAndSpillFalls()
    {
        for (unsigned seed = 11; seed < 17; ++seed) {
            const LoadCurve curve = LoadCurve::make(randomLoad(seed, 800, true)).value();
            const UnitCost unit = price("221", 800);
            Int128 lastSlope = INT64_MIN;
            PartsPerMillion lastShare = onePpm;
            for (std::int64_t units = 1; units < 1500; ++units) {
                const auto cost = [&](std::int64_t n) {
                    return curve.exactSpillCost(n) + unit.exact(n);
                };
                const Int128 slope = (cost(units + 1) - cost(units)) / 1'000'000;
                QVERIFY(units == 1 || slope >= lastSlope);
                lastSlope = slope;
                const LoadAtSize at = curve.at(units);
                QVERIFY(at.spillShare <= lastShare);
                lastShare = at.spillShare;
            }
        }
    }

    void theOptimumEqualsBruteForce_data()
    {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<QByteArray>("perMonth");
        QTest::addColumn<qint64>("minimum");
        QTest::addColumn<qint64>("step");
        unsigned seed = 100;
        for (const char *perMonth : {"20", "150", "221", "260", "400"}) {
            for (const auto &[minimum, step] : {std::pair<qint64, qint64>{15, 5}, {50, 50}, {1, 1}, {500, 275}, {0, 1}})
                QTest::addRow("%s a month, %lld by %lld", perMonth, minimum, step)
                    << ++seed << QByteArray(perMonth) << minimum << step;
        }
    }
    void theOptimumEqualsBruteForce()
    {
        QFETCH(unsigned, seed);
        QFETCH(QByteArray, perMonth);
        QFETCH(qint64, minimum);
        QFETCH(qint64, step);
        const LoadOfHorizon load = randomLoad(seed, 300, seed % 2 == 0);
        const LoadCurve curve = LoadCurve::make(load).value();
        const UnitCost unit = price(perMonth.constData(), 300);
        const SizeGrid grid{minimum, step};
        std::int64_t best = 0;
        Int128 least = slowSpill(load, 0);
        for (std::int64_t units = 1; units < 2500; ++units) {
            if (!grid.contains(units))
                continue;
            const Int128 cost = slowSpill(load, units) + unit.exact(units);
            if (cost < least) {
                least = cost;
                best = units;
            }
        }
        const SizeCost found = optimum(curve, unit, grid);
        QCOMPARE(found.units, best);
        QCOMPARE(found.cost().units(), (found.spillCost + unit.of(best)).units());
    }

    void minutesWithoutLoadCountOnlyWithoutUnits()
    {
        LoadOfHorizon load{{{tokens(3000), dollars(6)}, {0, dollars(0.5)}}, 2, tokens(3000), 0, 0};
        const LoadCurve curve = LoadCurve::make(load).value();
        QCOMPARE(curve.payAsYouGo().text(), std::string("6.5"));
        QCOMPARE(curve.freeWithUnits().text(), std::string("0.5"));
        QCOMPARE(curve.spillCost(1).text(), std::string("0"));
        QCOMPARE(curve.at(1).utilisation, PartsPerMillion{500'000});
    }

    void finerBinsShowMoreSpill()
    {
        // 6,000 tokens in one second of a minute: nothing spills by the minute, 59/60 of a unit's minute by the second.
        const LoadCurve minute = LoadCurve::make({{{tokens(3000), dollars(6)}}, 1, tokens(3000), 0, 0}).value();
        const LoadCurve second = LoadCurve::make({{{tokens(3000), dollars(6)}}, 60, tokens(50), 0, 0}).value();
        QCOMPARE(minute.at(1).spillShare, PartsPerMillion{0});
        QCOMPARE(second.at(1).spillShare, PartsPerMillion{983'333});
    }

    void sizesThatCanBeBought_data()
    {
        QTest::addColumn<qint64>("minimum");
        QTest::addColumn<qint64>("step");
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<qint64>("units");
        QTest::newRow("gpt-5.2, 1,000 a minute") << qint64{15} << qint64{5} << QByteArray("105.88") << qint64{110};
        QTest::newRow("half of it cached") << qint64{15} << qint64{5} << QByteArray("76.47") << qint64{80};
        QTest::newRow("on the step") << qint64{15} << qint64{5} << QByteArray("100") << qint64{100};
        QTest::newRow("below the minimum") << qint64{50} << qint64{50} << QByteArray("3.2") << qint64{50};
        QTest::newRow("minimum and step of Kimi") << qint64{500} << qint64{275} << QByteArray("501") << qint64{775};
    }
    void sizesThatCanBeBought()
    {
        QFETCH(qint64, minimum);
        QFETCH(qint64, step);
        QFETCH(QByteArray, raw);
        QFETCH(qint64, units);
        const SizeGrid grid{minimum, step};
        QCOMPARE(grid.atLeast(parseDecimal(raw.constData(), 6)->units, 1'000'000), units);
        QVERIFY(grid.contains(units));
        QCOMPARE(grid.below(grid.above(units)), units);
    }

    void impossibleLoadsAreRefused()
    {
        QVERIFY(!LoadCurve::make({{}, 0, 0, 0, 0}).ok());
        QVERIFY(!LoadCurve::make({{{-1, 0}}, 1, 1, 0, 0}).ok());
        const LoadCurve nothing = LoadCurve::make({{}, 10, 1, 0, 0}).value();
        QCOMPARE(nothing.payAsYouGo().units(), Int128{0});
        QCOMPARE(nothing.at(5).utilisation, PartsPerMillion{0});
        QCOMPARE(optimum(nothing, price("221", 10), {15, 5}).units, std::int64_t{0});
    }

    void amountsOfAnySizeAreSummed_data()
    {
        QTest::addColumn<double>("perBin");
        QTest::newRow("a hundred millionth") << 1e-8;
        QTest::newRow("three millions") << 3e6;
        QTest::newRow("a billion") << 1e9;
    }
    void amountsOfAnySizeAreSummed()
    {
        QFETCH(double, perBin);
        LoadOfHorizon load{{}, 7, tokens(1000), 0, 0};
        for (std::int64_t i = 1; i <= 7; ++i)
            load.bins.push_back({tokens(i * 1000 + i), dollars(perBin) + i});
        const LoadCurve curve = LoadCurve::make(load).value();
        for (std::int64_t units = 0; units < 9; ++units)
            QCOMPARE(curve.spillCost(units).units(), divideHalfEven(slowSpill(load, units), unitsPerFemto));
    }

    void binsOfVeryDifferentSizesAreSummed_data()
    {
        QTest::addColumn<qint64>("largest");
        QTest::addColumn<qint64>("smallest");
        QTest::newRow("a billion tokens beside a third of a thousandth")
            << qint64{tokens(1'000'000'000)} << qint64{1000};
        QTest::newRow("beside one part") << qint64{tokens(1'000'000'000)} << qint64{2};
        QTest::newRow("as large as numbers go") << std::numeric_limits<qint64>::max() << qint64{7};
    }
    void binsOfVeryDifferentSizesAreSummed()
    {
        QFETCH(qint64, largest);
        QFETCH(qint64, smallest);
        LoadOfHorizon load{{}, 4, 1, 0, 0};
        // About two millionths of a dollar a token, with digits down to the last place.
        const auto price = [](std::int64_t parts) {
            return static_cast<Int128>(parts) * 666'666'666'667 + 12'345'678'901;
        };
        for (const std::int64_t parts : {largest, largest / 3, smallest * 50'000, smallest})
            load.bins.push_back({parts, price(parts)});
        const LoadCurve curve = LoadCurve::make(load).value();
        const std::vector<std::int64_t> sizes{0, 1, smallest - 1, smallest * 49'999, largest / 2};
        for (const std::int64_t units : sizes)
            QCOMPARE(curve.spillCost(units).units(), divideHalfEven(slowSpill(load, units), unitsPerFemto));
    }

    void aBucketDrainsAndRefuses()
    {
        // One unit, 60 tokens a minute, depth one second = one token.
        const BucketRule rule{Admission::LeakyBucket, tokens(60), 1};
        const auto request = [](std::int64_t second, std::int64_t load) {
            return ArrivingRequest{second * 1'000'000, second * 1'000'000, tokens(load), tokens(load), dollars(1)};
        };
        // 10 tokens at second 0 fill it for ten seconds less its depth: refused at 8, admitted at 9 and one
        // microsecond.
        BucketOutcome outcome = runBucket({request(0, 10), request(8, 1), request(10, 1)}, rule, 1);
        QCOMPARE(outcome.spilledRequests, std::int64_t{1});
        QCOMPARE(outcome.spillShare(), PartsPerMillion{83'333});
        QCOMPARE(outcome.spillCost.text(), std::string("1"));
        QCOMPARE(runBucket({request(0, 10), request(8, 1)}, rule, 0).spilledRequests, std::int64_t{2});
        // A window of ten seconds has ten tokens; what does not fit goes away whole.
        const BucketRule window{Admission::FixedWindow, tokens(60), 10};
        outcome = runBucket({request(0, 6), request(1, 5), request(2, 4), request(10, 10)}, window, 1);
        QCOMPARE(outcome.spilledRequests, std::int64_t{1});
        QCOMPARE(outcome.spillShare(), PartsPerMillion{200'000});
    }

    void anEstimateIsReplacedWhenTheRequestHasFinished()
    {
        const BucketRule rule{Admission::LeakyBucket, tokens(60), 60};
        // Holds 120 tokens of 60 that fit, gives 110 back at second 10.
        const ArrivingRequest large{0, 10'000'000, tokens(10), tokens(120), dollars(1)};
        const ArrivingRequest early{9'000'000, 9'000'000, tokens(1), tokens(1), dollars(1)};
        const ArrivingRequest late{11'000'000, 11'000'000, tokens(1), tokens(1), dollars(1)};
        QCOMPARE(runBucket({large, early, late}, rule, 1).spilledRequests, std::int64_t{1});
    }
};

QTEST_APPLESS_MAIN(TestLoadCurve)
#include "tst_load_curve.moc"
