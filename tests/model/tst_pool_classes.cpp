// SPDX-License-Identifier: GPL-3.0-or-later
// Audio, images and whatever else an offer weighs, in front of reserved units: by hand, against the engine, against the
// same traffic in another form.
#include "model/engine/pool_traffic.h"
#include "tests/model/capacity_world.h"

#include <QTest>

#include <map>

using namespace capacity;

class TestPoolClasses : public QObject
{
    Q_OBJECT
private slots:
    void audioLoadsAndSpills();
    void whatHasNoWeightStaysBeside();
    void aWeightOfNothingIsServed();
    void everySizeEqualsTheLever_data();
    void everySizeEqualsTheLever();
    void theShareBesideIsThatOfTheMoney();
    void aShapeSaysTheSame();
    void minutesEqualRequests_data();
    void minutesEqualRequests();
    void offersComparedTogetherEqualOffersAlone();
    void dollarsPayForEveryToken();
    void whatCannotBeSummedIsRefused();
};

namespace {

EffectiveLever twoUnits()
{
    return world::lever("pool", LeverKind::Provisioned, {{"units", 2}},
                        {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
}

std::shared_ptr<const PriceBook> audioBook(std::vector<ClassWeight> others)
{
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.terms = {world::term("1-month", "260", false)};
    offer.throughput = {world::throughput("a", 1000)};
    offer.throughput[0].otherWeights = std::move(others);
    return world::book(
        {world::model("p", "a", {world::rate("a", {{Input, "3"}, {Output, "15"}, {AudioIn, "6"}, {ImageIn, "9"}})})},
        {offer});
}

bool isFlagged(const CapacityAnswer &answer, const char *id)
{
    return std::any_of(answer.flags.begin(), answer.flags.end(), [id](const auto &flag) { return flag.id == id; });
}

RequestRow withAudio(Instant at, std::int64_t text, std::int64_t audio, std::int64_t image)
{
    RequestRow row = world::request(at, "a", text, 0);
    row.usage[AudioIn] = audio;
    row.usage[ImageIn] = image;
    return row;
}

} // namespace

void TestPoolClasses::audioLoadsAndSpills()
{
    // 2 units serve 2,000 load tokens a minute. The first asks for 800 + 4 × 300 = 2,000. The second for 1,600 + 4 ×
    // 600 = 4,000: half of its text at 3 and half of its audio at 6 dollars a million spill. Its image has no weight:
    // 1,000 at 9.
    const Ledger ledger = world::ledger(
        {withAudio(someDay, 800, 300, 0), withAudio({someDay.micros + microsPerMinute}, 1600, 600, 1000)});
    const Outcome outcome =
        evaluated(ledger, world::settings(march), {twoUnits()}, {}, {}, audioBook({{AudioIn, 4 * onePpm}}));
    QCOMPARE(outcome.components[Component::Spill].text(), std::string("0.0042"));
    QCOMPARE(outcome.components[Component::Other].text(), std::string("0.009"));
    QCOMPARE(outcome.components[Component::Input].text(), std::string("0"));
    QCOMPARE(outcome.pools[0].spillShare, PartsPerMillion{333'333});
    QCOMPARE(outcome.pools[0].utilisation, PartsPerMillion{45}); // 4,000 of 2,000 × 44,640
    QVERIFY(hasCheck(outcome, "Provisioned", "no weight to image_in", true));
}

void TestPoolClasses::whatHasNoWeightStaysBeside()
{
    const Ledger ledger = world::ledger({withAudio(someDay, 800, 300, 0)});
    const Outcome outcome = evaluated(ledger, world::settings(march), {twoUnits()}, {}, {}, audioBook({}));
    QCOMPARE(outcome.components[Component::Other].text(), std::string("0.0018"));
    QVERIFY(outcome.components[Component::Spill].isZero());
    QCOMPARE(outcome.pools[0].utilisation, PartsPerMillion{9}); // 800 of 2,000 × 44,640
    QVERIFY(hasCheck(outcome, "Provisioned", "no weight to audio_in", true));
}

void TestPoolClasses::aWeightOfNothingIsServed()
{
    // Nothing is not the same as none: the audio is served and loads no unit.
    const Ledger ledger = world::ledger({withAudio(someDay, 800, 300, 0)});
    const Outcome outcome = evaluated(ledger, world::settings(march), {twoUnits()}, {}, {}, audioBook({{AudioIn, 0}}));
    QVERIFY(outcome.components[Component::Other].isZero());
    QVERIFY(outcome.components[Component::Spill].isZero());
    QCOMPARE(outcome.pools[0].utilisation, PartsPerMillion{9});
    QVERIFY(!hasCheck(outcome, "Provisioned", "no weight", true));
}

void TestPoolClasses::everySizeEqualsTheLever_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("weighed");
    QTest::addColumn<bool>("levers");
    QTest::addColumn<int>("horizon");
    QTest::newRow("recorded") << 1U << true << false << 0;
    QTest::newRow("after levers") << 2U << true << true << 0;
    QTest::newRow("no weights") << 3U << false << true << 0;
    QTest::newRow("three months ahead") << 4U << true << true << 3;
}

void TestPoolClasses::everySizeEqualsTheLever()
{
    QFETCH(unsigned, seed);
    QFETCH(bool, weighed);
    QFETCH(bool, levers);
    QFETCH(int, horizon);
    const auto baseline = Baseline::build(world::ledger(mixedRequests(seed)), mixedBook("0.02", weighed),
                                          world::settings(march, horizon), {})
                              .value();
    auto before = levers ? someLevers() : std::vector<EffectiveLever>{};
    if (levers)
        before.push_back(world::lever("more", LeverKind::Volume, {{"monthly_growth", 70'000}}));
    for (const std::int64_t units : {1, 4, 9, 30}) {
        auto with = before;
        with.push_back(pool(units));
        const Outcome outcome = outcomeOf(*baseline, with);
        CapacityQuestion question = questionFor();
        question.units = units;
        const CapacityAnswer answer = studyCapacity(*baseline, with, question, {}).value();
        QVERIFY(answer.exact);
        QCOMPARE(answer.at->spillCost.text(), outcome.pools[0].spillCost.text());
        QCOMPARE(answer.at->fixedCost.text(), outcome.pools[0].fixedCost.text());
        QCOMPARE(answer.at->utilisation, outcome.pools[0].utilisation);
        QCOMPARE(answer.at->spillShare, outcome.pools[0].spillShare);
        QVERIFY(units == 30 || answer.at->spillShare > 0);
    }
    // The best size is that of every size tried.
    std::int64_t best = 0;
    Femto least = outcomeOf(*baseline, before).total();
    for (std::int64_t units = 1; units < 70; ++units) {
        auto with = before;
        with.push_back(pool(units));
        if (const Femto total = outcomeOf(*baseline, with).total(); total < least) {
            least = total;
            best = units;
        }
    }
    QVERIFY(best > 0);
    QCOMPARE(studyCapacity(*baseline, before, questionFor(), {})->optimum.units, best);
    auto sized = before;
    sized.push_back(pool(0, "optimal"));
    QCOMPARE(outcomeOf(*baseline, sized).total().text(), least.text());
}

void TestPoolClasses::theShareBesideIsThatOfTheMoney()
{
    // 1,000 of text at 3, 100 of audio at 6 (served), 300 of images at 9 dollars a million: 0.0027 of 0.0063.
    const Ledger ledger = world::ledger({withAudio(someDay, 1000, 100, 300)});
    const auto baseline =
        Baseline::build(ledger, audioBook({{AudioIn, 4 * onePpm}}), world::settings(march), {}).value();
    const CapacityAnswer answer = studyCapacity(*baseline, {}, questionFor(), {}).value();
    QCOMPARE(answer.payAsYouGo.text(), std::string("0.0036"));
    QCOMPARE(answer.besideCost.text(), std::string("0.0027"));
    QCOMPARE(answer.besideShare, PartsPerMillion{428'571});
    QCOMPARE(answer.besideClasses, std::vector<UsageClass>{ImageIn});
    QVERIFY(isFlagged(answer, "other-classes"));
    // 1,000 + 4 × 100 load tokens, 1,000 of which a unit serves.
    QCOMPARE(answer.rawUnits, Millionths{1'400'000});
    const auto all =
        Baseline::build(ledger, audioBook({{AudioIn, 4 * onePpm}, {ImageIn, 1'600'000}}), world::settings(march), {})
            .value();
    const CapacityAnswer served = studyCapacity(*all, {}, questionFor(), {}).value();
    QVERIFY(!isFlagged(served, "other-classes"));
    QCOMPARE(served.payAsYouGo.text(), std::string("0.0063"));
    QCOMPARE(served.rawUnits, Millionths{1'880'000});
}

void TestPoolClasses::aShapeSaysTheSame()
{
    // One request a minute of a trace and of a shape.
    TrafficShape shape;
    shape.perMinute = onePpm;
    shape.usage = withAudio(someDay, 1000, 100, 300).usage;
    shape.at = someDay;
    const auto book = audioBook({{AudioIn, 4 * onePpm}});
    const CapacityAnswer answer = studyCapacity(*book, shape, questionFor()).value();
    QCOMPARE(answer.rawUnits, Millionths{1'400'000});
    QCOMPARE(answer.payAsYouGo.text(), std::string("157.68")); // 43,800 × 0.0036
    QCOMPARE(answer.besideCost.text(), std::string("118.26"));
    QCOMPARE(answer.besideShare, PartsPerMillion{428'571});
    QVERIFY(isFlagged(answer, "other-classes"));
}

void TestPoolClasses::minutesEqualRequests_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("levers");
    for (unsigned seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %u", seed) << seed << (seed % 2 == 0);
}

void TestPoolClasses::minutesEqualRequests()
{
    // Minutes are added up from sums of requests that weigh and cost alike, or request by request where requests are
    // wanted one by one: the loads are the same, the money to the rounding of each class and request.
    QFETCH(unsigned, seed);
    QFETCH(bool, levers);
    const auto baseline = Baseline::build(world::ledger(mixedRequests(seed)), mixedBook("0.02", seed != 5),
                                          world::settings(march, seed == 6 ? 2 : 0), {})
                              .value();
    const PriceBook &book = baseline->book();
    const ModelIndex model = book.resolve("p", "a").model;
    auto study = PoolStudy::make(*baseline, levers ? someLevers() : std::vector<EffectiveLever>{}, model, {},
                                 *book.offer("offer"), book.offer("offer")->throughput[0], "1-month", {})
                     .value();
    TrafficWanted wanted;
    const PoolTraffic minutes = study->traffic(wanted).value();
    wanted.requests = true;
    const PoolTraffic requests = study->traffic(wanted).value();
    QCOMPARE(requests.rows, minutes.rows);
    QVERIFY(minutes.rows > 200 && minutes.tooLongRows > 0);
    const auto busy = [](const PoolTraffic &traffic) {
        std::map<std::pair<std::size_t, std::int64_t>, LoadBin> bins;
        std::size_t month = 0;
        for (std::size_t i = 0; i < traffic.binStarts.size(); ++i) {
            month += i > 0 && traffic.binStarts[i] < traffic.binStarts[i - 1] ? 1 : 0;
            if (traffic.load.bins[i].load > 0)
                bins[{month, traffic.binStarts[i]}] = traffic.load.bins[i];
        }
        return bins;
    };
    const auto quick = busy(minutes);
    const auto slow = busy(requests);
    QCOMPARE(quick.size(), slow.size());
    for (const auto &[start, bin] : slow) {
        QVERIFY(quick.contains(start));
        QCOMPARE(quick.at(start).load, bin.load);
        const Int128 difference = quick.at(start).cost - bin.cost;
        QVERIFY(difference >= -400 && difference <= 400); // of 10^-24
    }
    Int128 sum = 0;
    for (const ArrivingRequest &request : requests.requests)
        sum += request.cost;
    Int128 bins = 0;
    for (const LoadBin &bin : requests.load.bins)
        bins += bin.cost;
    QVERIFY(sum == bins);
}

void TestPoolClasses::offersComparedTogetherEqualOffersAlone()
{
    const auto baseline =
        Baseline::build(world::ledger(mixedRequests(9)), mixedBook("0.02"), world::settings(march), {}).value();
    CapacityQuestion question = questionFor();
    question.units = 7;
    const auto together = compareOffers(*baseline, someLevers(), question, {});
    QCOMPARE(together.size(), std::size_t{2});
    for (const OfferComparison &each : together) {
        QVERIFY2(each.answer, each.whyNot.c_str());
        CapacityQuestion one = question;
        one.offer = each.offer;
        one.term = each.term;
        one.simulate = false;
        const CapacityAnswer alone = studyCapacity(*baseline, someLevers(), one, {}).value();
        QCOMPARE(each.answer->optimum.units, alone.optimum.units);
        QCOMPARE(each.answer->optimum.cost().text(), alone.optimum.cost().text());
        QCOMPARE(each.answer->at->cost().text(), alone.at->cost().text());
        QCOMPARE(each.answer->at->fixedCost.text(), alone.at->fixedCost.text());
        QCOMPARE(each.answer->curve.size(), alone.curve.size());
        for (std::size_t i = 0; i < alone.curve.size(); ++i)
            QCOMPARE(each.answer->curve[i].cost().text(), alone.curve[i].cost().text());
        for (std::size_t i = 0; i < alone.rules.size(); ++i)
            QCOMPARE(each.answer->rules[i].size.cost().text(), alone.rules[i].size.cost().text());
    }
    QVERIFY(together[0].answer->at->fixedCost != together[1].answer->at->fixedCost);
}

void TestPoolClasses::dollarsPayForEveryToken()
{
    // 100,000 text tokens at 3 and as many of audio at 6 dollars a million: 0.90 in a minute.
    ProvisionedOffer offer;
    offer.id = "dollars";
    offer.provider = "p";
    offer.unitName = "dollar a minute at list price";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("1-month", "30000", false)};
    const auto book =
        world::book({world::model("p", "a", {world::rate("a", {{Input, "3"}, {AudioIn, "6"}})})}, {offer});
    const Ledger ledger = world::ledger({withAudio(someDay, 100'000, 100'000, 0)});
    const auto baseline = Baseline::build(ledger, book, world::settings(march), {}).value();
    const CapacityAnswer answer = studyCapacity(*baseline, {}, questionFor("p/a", "dollars"), {}).value();
    QCOMPARE(answer.payAsYouGo.text(), std::string("0.9"));
    QCOMPARE(answer.rawUnits, Millionths{900'000});
    QVERIFY(!isFlagged(answer, "other-classes"));
}

void TestPoolClasses::whatCannotBeSummedIsRefused()
{
    // A thousand dollars a token, and 2 × 10^11 tokens in a request: refused, never a wrong figure.
    const auto errorOf = [](const char *price, std::int64_t tokens) {
        ProvisionedOffer offer;
        offer.id = "offer";
        offer.provider = "p";
        offer.unitName = "PTU";
        offer.overflow = OfferOverflow::ListPrice;
        offer.terms = {world::term("1-month", "260", false)};
        offer.throughput = {world::throughput("a", 1000)};
        const auto book = world::book({world::model("p", "a", {world::rate("a", {{Input, price}})})}, {offer});
        const auto baseline =
            Baseline::build(world::ledger({world::request(someDay, "a", tokens, 0)}), book, world::settings(march), {})
                .value();
        const auto answer = studyCapacity(*baseline, {}, questionFor(), {});
        return answer.ok() ? std::string() : answer.error().text();
    };
    QCOMPARE(errorOf("3", 1000), std::string());
    QVERIFY(errorOf("1000000000", 200'000'000'000).find("costs more than can be summed") != std::string::npos);
    QVERIFY(errorOf("3", 200'000'000'000).find("more tokens than can be summed") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestPoolClasses)
#include "tst_pool_classes.moc"
