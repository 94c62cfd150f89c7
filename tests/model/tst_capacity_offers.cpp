// SPDX-License-Identifier: GPL-3.0-or-later
// Offers, terms, endpoints and reservations against published examples and hand calculations.
#include "tests/model/capacity_world.h"

#include <QTest>

using namespace capacity;

class TestCapacityOffers : public QObject
{
    Q_OBJECT
private slots:
    void calendarAndTermBreakEvens_data();
    void calendarAndTermBreakEvens();
    void publishedSizes_data();
    void publishedSizes();
    void unitsForInputAndOutput();
    void dollarsAMinute();
    void endpointOfOnesOwn();
    void endpointPartOfTheWeek();
    void priceCutsAreStressed();
    void wasteOfAReservation();
    void reservationsMatchWhatIsDeployed();
    void reservationForChangingHours();
    void greedySplitEqualsExhaustive_data();
    void greedySplitEqualsExhaustive();
    void longPromptsAreFlagged();
    void refusals_data();
    void refusals();
    void oldFactsAreFlagged();
};

void TestCapacityOffers::calendarAndTermBreakEvens_data()
{
    QTest::addColumn<QByteArray>("offer");
    QTest::addColumn<QByteArray>("term");
    QTest::addColumn<qint64>("hours");
    QTest::addColumn<qint64>("share");
    // levers.md §2.7.
    QTest::newRow("Global, a month") << QByteArray("azure-ptu-global") << QByteArray("1-month") << qint64{260}
                                     << qint64{356};
    QTest::newRow("Global, a year") << QByteArray("azure-ptu-global") << QByteArray("1-year") << qint64{221}
                                    << qint64{303};
    QTest::newRow("Data Zone, a month") << QByteArray("azure-ptu-datazone") << QByteArray("1-month") << qint64{260}
                                        << qint64{356};
    QTest::newRow("Data Zone, a year") << QByteArray("azure-ptu-datazone") << QByteArray("1-year") << qint64{221}
                                       << qint64{303};
    QTest::newRow("Regional, a month") << QByteArray("azure-ptu-regional") << QByteArray("1-month") << qint64{143}
                                       << qint64{196};
    QTest::newRow("Regional, a year") << QByteArray("azure-ptu-regional") << QByteArray("1-year") << qint64{122}
                                      << qint64{166};
}

void TestCapacityOffers::calendarAndTermBreakEvens()
{
    QFETCH(QByteArray, offer);
    QFETCH(QByteArray, term);
    QFETCH(qint64, hours);
    QFETCH(qint64, share);
    TrafficShape shape;
    shape.perMinute = 1000 * onePpm;
    shape.usage[Input] = 200;
    shape.usage[Output] = 20;
    shape.at = someDay;
    const CapacityAnswer answer =
        studyCapacity(*azureBook(), shape, questionFor("gpt-4.1", offer.constData(), term.constData())).value();
    QCOMPARE(divideHalfEven(*answer.breakEvens.hours, onePpm), Int128{hours});
    QCOMPARE(divideHalfEven(*answer.breakEvens.hoursShare, 1000), Int128{share});
    QCOMPARE(answer.breakEvens.months.has_value(), term == "1-year");
    if (offer == "azure-ptu-global" && term == "1-month") {
        QCOMPARE(*answer.breakEvens.utilisationShortMonth, PartsPerMillion{1'074'735});
        QCOMPARE(*answer.breakEvens.utilisationLongMonth, PartsPerMillion{970'729});
    }
}

void TestCapacityOffers::publishedSizes_data()
{
    QTest::addColumn<qint64>("perMinute");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("cached");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<qint64>("tokensPerMinute");
    QTest::addColumn<qint64>("ratio");
    QTest::addColumn<qint64>("raw");
    QTest::addColumn<qint64>("units");
    // MicrosoftDocs, sizing of gpt-5.2 on Data Zone; a community tool's gpt-4.1 (ptu_cases_sample.json).
    QTest::newRow("gpt-5.2") << qint64{1000} << qint64{200} << qint64{0} << qint64{20} << qint64{3400} << qint64{8}
                             << qint64{10'588} << qint64{110};
    QTest::newRow("gpt-5.2, half cached") << qint64{1000} << qint64{100} << qint64{100} << qint64{20} << qint64{3400}
                                          << qint64{8} << qint64{7'647} << qint64{80};
    QTest::newRow("gpt-4.1") << qint64{100} << qint64{1000} << qint64{0} << qint64{500} << qint64{3000} << qint64{4}
                             << qint64{10'000} << qint64{100};
}

void TestCapacityOffers::publishedSizes()
{
    QFETCH(qint64, perMinute);
    QFETCH(qint64, input);
    QFETCH(qint64, cached);
    QFETCH(qint64, output);
    QFETCH(qint64, tokensPerMinute);
    QFETCH(qint64, ratio);
    QFETCH(qint64, raw);
    QFETCH(qint64, units);
    TrafficShape shape;
    shape.perMinute = perMinute * onePpm;
    shape.usage[Input] = input;
    shape.usage[CacheRead] = cached;
    shape.usage[Output] = output;
    shape.at = someDay;
    CapacityQuestion question = questionFor("gpt-4.1", "azure-ptu-global", "1-month");
    question.tokensPerMinute = tokensPerMinute;
    question.outputWeight = ratio * onePpm;
    const CapacityAnswer answer = studyCapacity(*azureBook(), shape, question).value();
    QCOMPARE(divideHalfEven(answer.rawUnits, 10'000), Int128{raw});
    QCOMPARE(answer.peakUnits, units);
    QVERIFY(!answer.bounds.spillIsLowerBound);
}

void TestCapacityOffers::unitsForInputAndOutput()
{
    // ptu_cases_sample.json S5: 100,000 input and 50,000 output tokens a minute, 31,500 and 12,500 a unit, 10 a day
    // each.
    ProvisionedOffer offer;
    offer.id = "two";
    offer.provider = "p";
    offer.unitName = "unit";
    offer.overflow = OfferOverflow::ListPrice;
    offer.separateOutputUnits = true;
    ProvisionedTerm day = world::term("hourly", "0", true);
    day.femto = static_cast<std::int64_t>(world::exact("10", Femto::scale) / 24);
    offer.terms = {day};
    ProvisionedThroughput throughput = world::throughput("a", 31'500, 1, 1, onePpm);
    throughput.outputTokensPerMinute = 12'500;
    throughput.minimumOutputUnits = 1;
    offer.throughput = {throughput};
    const auto book =
        world::book({world::model("p", "a", {world::rate("a", {{Input, "3"}, {Output, "15"}})})}, {offer});
    TrafficShape shape;
    shape.perMinute = 100 * onePpm;
    shape.usage[Input] = 1000;
    shape.usage[Output] = 500;
    shape.at = someDay;
    CapacityQuestion question = questionFor("p/a", "two", "hourly");
    question.units = 4;
    const CapacityAnswer answer = studyCapacity(*book, shape, question).value();
    QCOMPARE(answer.peakUnits, std::int64_t{4});
    QCOMPARE(answer.outputPeakUnits, std::int64_t{4});
    QCOMPARE(divideHalfEven(answer.rawUnits, 10'000), Int128{317});
    // 8 units × 730 h × 10/24: full units pay (13,140 + 32,850 a month at pay-as-you-go), the last input unit serves a
    // sixth.
    QCOMPARE(cents(answer.payAsYouGo), std::string("45990.00"));
    QCOMPARE(answer.outputOptimum->units, std::int64_t{4});
    QCOMPARE(cents(answer.at->cost()), std::string("2433.33"));
}

void TestCapacityOffers::dollarsAMinute()
{
    // ptu_cases_sample.json S7: 2.00 reserved a minute, 2.75 used: 2.00 covered, 0.75 beyond.
    ProvisionedOffer offer;
    offer.id = "dollars";
    offer.provider = "p";
    offer.unitName = "dollar a minute at list price";
    offer.overflow = OfferOverflow::ListPrice;
    ProvisionedTerm term = world::term("1-month", "0", false);
    term.priceKnown = false;
    offer.terms = {term};
    const auto book = world::book({world::model("p", "a", {world::rate("a", {{Input, "1"}})})}, {offer});
    const Ledger ledger = world::ledger({world::request(someDay, "a", 2'750'000, 0)});
    const auto baseline = Baseline::build(ledger, book, world::settings(march), {}).value();
    CapacityQuestion question = questionFor("p/a", "dollars", "1-month");
    question.units = 2;
    QVERIFY(!studyCapacity(*baseline, {}, question, {}).ok());
    question.pricePerMonth = Femto::ofUnits(world::exact("30000", Femto::scale));
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    QCOMPARE(cents(answer.at->spillCost), std::string("0.75"));
    QCOMPARE(cents(answer.payAsYouGo), std::string("2.75"));
    QCOMPARE(answer.rawUnits, Int128{2'750'000});
}

void TestCapacityOffers::endpointOfOnesOwn()
{
    // levers.md §8: Llama 3.3 70B on an H100 at 3 USD an hour, 2,209 output tokens a second: 0.377 a million when full,
    // 0.754 at half. Peak ÷ rate ÷ utilisation, whole replicas.
    const auto book = world::book({world::model("p", "a", {world::rate("a", {{Input, "1"}, {Output, "2"}})})});
    TrafficShape shape;
    shape.perMinute = 2209 * 60 / 1000 * onePpm + 540'000; // 132.54 requests of 1,000 output tokens: one replica, full
    shape.usage[Input] = 1000;
    shape.usage[Output] = 1000;
    shape.at = someDay;
    CapacityQuestion question = questionFor("p/a", "", "");
    CapacityQuestion::Endpoint endpoint;
    endpoint.outputTokensPerSecond = 2209;
    endpoint.pricePerHour = Femto::ofUnits(world::exact("3", Femto::scale));
    question.endpoint = endpoint;
    question.units = 1;
    const CapacityAnswer full = studyCapacity(*book, shape, question).value();
    QCOMPARE(full.rawUnits, Int128{1'000'000});
    QCOMPARE(full.optimum.units, std::int64_t{1});
    QCOMPARE(cents(full.optimum.cost()), std::string("2190.00"));
    const Int128 tokens = Int128{2209} * 3600 * 730;
    QCOMPARE(divideHalfEven(full.optimum.cost().units() / 1'000'000'000 * 1'000'000, tokens) / 1000, Int128{377});
    // break-even u = 3 ÷ (3600e-6 × 2,209 × (1 + 2)) = 0.1257.
    QCOMPARE(divideHalfEven(*full.breakEvens.utilisation, 100), Int128{1257});
    // Planned at half of what was measured, two are needed.
    question.endpoint->maximumUtilisation = onePpm / 2;
    QCOMPARE(studyCapacity(*book, shape, question)->peakUnits, std::int64_t{2});
    // People cost the same for any number of replicas, and nothing for none.
    question.endpoint->maximumUtilisation = onePpm;
    question.endpoint->peoplePerMonth = Femto::ofUnits(world::exact("10000", Femto::scale));
    const CapacityAnswer people = studyCapacity(*book, shape, question).value();
    QCOMPARE(cents(people.at->cost()), std::string("12190.00"));
    question.endpoint->peoplePerMonth = Femto::ofUnits(world::exact("20000", Femto::scale));
    QCOMPARE(studyCapacity(*book, shape, question)->optimum.units, std::int64_t{0});
}

void TestCapacityOffers::endpointPartOfTheWeek()
{
    // Monday 12:00 is served, Saturday 12:00 is not: 12 × 5 of 168 hours, 35.7 % of the price (levers.md §8).
    const auto book = world::book({world::model("p", "a", {world::rate("a", {{Output, "1000"}})})});
    const Ledger ledger = world::ledger({world::request(someDay, "a", 0, 1000),
                                         world::request({someDay.micros + 5 * 24 * microsPerHour}, "a", 0, 500)});
    const auto baseline = Baseline::build(ledger, book, world::settings(march), {}).value();
    CapacityQuestion question = questionFor("p/a", "", "");
    CapacityQuestion::Endpoint endpoint;
    endpoint.outputTokensPerSecond = 1000;
    endpoint.pricePerHour = Femto::ofUnits(world::exact("0.001", Femto::scale));
    endpoint.hoursPerDay = 12 * onePpm;
    endpoint.daysPerWeek = 5;
    endpoint.firstHour = 8;
    question.endpoint = endpoint;
    question.units = 1;
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    QCOMPARE(cents(answer.payAsYouGo), std::string("1.50"));
    QCOMPARE(answer.at->spillCost.text(), std::string("0.5"));
    QCOMPARE(formatDecimalFixed(answer.at->fixedCost.units(), Femto::scale, 4), std::string("0.2607"));
    // Replicas that are paid for already have people too.
    question.endpoint->pricePerHour = {};
    question.endpoint->peoplePerMonth = Femto::ofUnits(world::exact("700", Femto::scale));
    QCOMPARE(studyCapacity(*baseline, {}, question, {})->at->fixedCost.text(), std::string("700"));
    // A day that goes on after midnight is refused, not cut.
    question.endpoint->firstHour = 13;
    QCOMPARE(studyCapacity(*baseline, {}, question, {}).error().what,
             std::string("the replicas would run beyond midnight"));
    question.endpoint->firstHour = 12;
    QVERIFY(studyCapacity(*baseline, {}, question, {}).ok());
}

void TestCapacityOffers::priceCutsAreStressed()
{
    TrafficShape shape;
    shape.perMinute = 1000 * onePpm;
    shape.usage[Input] = 300;
    shape.at = someDay;
    const CapacityAnswer answer =
        studyCapacity(*azureBook(), shape, questionFor("gpt-4.1", "azure-ptu-global", "1-year")).value();
    // 300,000 tokens a minute fill 100 units: 22,100 against 26,280. A fifth cheaper: 21,024; 0.841 ÷ 0.8 = 1.051.
    QCOMPARE(answer.optimum.units, std::int64_t{100});
    QCOMPARE(cents(answer.payAsYouGo), std::string("26280.00"));
    QCOMPARE(answer.stress.size(), std::size_t{2});
    QCOMPARE(*answer.stress[0].utilisation, PartsPerMillion{1'051'180});
    QCOMPARE(cents(answer.stress[0].payAsYouGo), std::string("21024.00"));
    QVERIFY(!answer.stress[0].stillPays());
    QCOMPARE(answer.stress[0].bestUnits, std::int64_t{0});
    QVERIFY(studyCapacity(*azureBook(), shape, questionFor("gpt-4.1", "azure-ptu-global", "1-month"))->stress.empty());
}

void TestCapacityOffers::wasteOfAReservation()
{
    // levers.md §2.8: 500 reserved, 100 and 50 deployed at 260 a month: 91,000 unallocated.
    const Int128 month = world::exact("260", Femto::scale);
    const Int128 hourly = world::exact("730", Femto::scale);
    const Waste lost = waste(500, {{"a", 100, 800'000, {}}, {"b", 50, onePpm, Femto::ofUnits(5)}}, month, hourly);
    QCOMPARE(lost.unallocatedUnits, std::int64_t{350});
    QCOMPARE(lost.unallocated.text(), std::string("91000"));
    QCOMPARE(lost.idle.text(), std::string("5200")); // a fifth of 100
    QCOMPARE(lost.uncovered.text(), std::string("0"));
    QCOMPARE(lost.spilled.units(), Int128{5});
    const Waste beyond = waste(120, {{"a", 100, onePpm, {}}, {"b", 50, onePpm, {}}}, month, hourly);
    QCOMPARE(beyond.uncoveredUnits, std::int64_t{30});
    QCOMPARE(beyond.uncovered.text(), std::string("21900"));
    QCOMPARE(beyond.unallocated.text(), std::string("0"));
}

void TestCapacityOffers::reservationsMatchWhatIsDeployed()
{
    // ptu_cases_sample.json S3 and S6.
    const Coverage covered = coverage(300, {100});
    QCOMPARE(covered.covered, std::int64_t{100});
    QCOMPARE(covered.hourly, std::int64_t{0});
    QCOMPARE(covered.unused, std::int64_t{200});
    QCOMPARE(unitMinutes(100, 15) / 60, Int128{25});
}

void TestCapacityOffers::reservationForChangingHours()
{
    // 100 units for 300 hours, 40 for the rest of 730: a unit that runs 300 h is worth 260 h of hourly price, one that
    // runs 200 h is not.
    std::vector<std::int64_t> hours(730, 40);
    std::fill_n(hours.begin(), 300, 100);
    const Int128 month = world::exact("260", Femto::scale);
    const Int128 hour = world::exact("1", Femto::scale);
    QCOMPARE(reservedForHours(hours, month, hour), std::int64_t{100});
    std::fill_n(hours.begin() + 200, 100, 40);
    QCOMPARE(reservedForHours(hours, month, hour), std::int64_t{40});
    // The cost of every size says the same.
    const auto cost = [&](std::int64_t reserved) {
        Int128 sum = month * reserved;
        for (const std::int64_t deployed : hours)
            sum += hour * std::max<std::int64_t>(0, deployed - reserved);
        return sum;
    };
    for (std::int64_t reserved = 0; reserved <= 110; ++reserved)
        QVERIFY(cost(40) <= cost(reserved));
}

void TestCapacityOffers::greedySplitEqualsExhaustive_data()
{
    QTest::addColumn<qint64>("reserved");
    QTest::addColumn<qint64>("minimum");
    QTest::addColumn<bool>("hourly");
    for (const qint64 reserved : {50, 100, 200, 300}) {
        for (const qint64 minimum : {5, 15, 60}) {
            for (const bool hourly : {false, true})
                QTest::addRow("%lld reserved, at least %lld%s", reserved, minimum, hourly ? ", more by the hour" : "")
                    << reserved << minimum << hourly;
        }
    }
}

void TestCapacityOffers::greedySplitEqualsExhaustive()
{
    QFETCH(qint64, reserved);
    QFETCH(qint64, minimum);
    QFETCH(bool, hourly);
    std::vector<LoadCurve> curves;
    for (unsigned seed = 1; seed <= 3; ++seed) {
        std::mt19937_64 random(seed);
        LoadOfHorizon load;
        load.capacityPerUnit = 3000 * loadPartsPerToken;
        load.binCount = 60;
        for (int i = 0; i < 60; ++i) {
            const auto tokens = static_cast<std::int64_t>(random() % (seed == 3 ? 60'000 : 500'000));
            load.bins.push_back({tokens * loadPartsPerToken, Int128{tokens} * 2'000'000'000'000'000'000});
        }
        curves.push_back(LoadCurve::make(load).value());
    }
    std::vector<PortfolioModel> models;
    for (const LoadCurve &curve : curves)
        models.push_back({"m", &curve, {minimum, 5}});
    const UnitCost price{{{world::exact("0.3", Femto::scale), 1}}, {}};
    const Int128 hour = hourly ? world::exact("0.32", Femto::scale) : Int128{0};
    const Portfolio split = splitReservation(models, reserved, price, hour).value();
    std::optional<Int128> least;
    const auto sizes = [minimum](std::int64_t most) {
        std::vector<std::int64_t> list{0};
        for (std::int64_t units = minimum; units <= most; units += 5)
            list.push_back(units);
        return list;
    };
    for (const std::int64_t a : sizes(hourly ? 200 : reserved)) {
        for (const std::int64_t b : sizes(hourly ? 200 : reserved)) {
            for (const std::int64_t c : sizes(hourly ? 200 : reserved)) {
                const std::int64_t beyond = std::max<std::int64_t>(0, a + b + c - reserved);
                if (beyond > 0 && !hourly)
                    continue;
                const Int128 cost = curves[0].exactSpillCost(a) + curves[1].exactSpillCost(b)
                                    + curves[2].exactSpillCost(c) + hour * 1'000'000'000 * beyond;
                if (!least || cost < *least)
                    least = cost;
            }
        }
    }
    const Int128 expected = *least + price.exact(reserved);
    const Int128 difference = Money::of(split.cost()).units() - expected;
    QVERIFY(difference < 3'000'000'000 && difference > -3'000'000'000); // three femto-units: one rounding each
}

void TestCapacityOffers::longPromptsAreFlagged()
{
    auto throughput = world::throughput("a", 1000);
    throughput.maximumPromptTokens = 1000;
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.unitName = "PTU";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("1-month", "0.001", false)};
    offer.throughput = {throughput};
    const auto book = world::book({world::model("p", "a", {world::rate("a", {{Input, "3"}})})}, {offer});
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1000, 0), world::request(someDay, "a", 1001, 0)});
    const auto baseline = Baseline::build(ledger, book, world::settings(march), {}).value();
    CapacityQuestion question = questionFor();
    question.units = 50;
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    QCOMPARE(answer.tooLongRequests, std::int64_t{1});
    QCOMPARE(answer.tooLongShare, PartsPerMillion{500'000});
    QCOMPARE(answer.at->spillCost.text(), std::string("0.003003"));
    QVERIFY(
        std::any_of(answer.flags.begin(), answer.flags.end(), [](const auto &flag) { return flag.id == "too-long"; }));
}

void TestCapacityOffers::refusals_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("offer");
    QTest::addColumn<QByteArray>("term");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("three years") << QByteArray("gpt-4.1") << QByteArray("azure-ptu-global") << QByteArray("3-year")
                                 << QByteArray("no term '3-year'");
    QTest::newRow("unknown offer") << QByteArray("gpt-4.1") << QByteArray("azure") << QByteArray("")
                                   << QByteArray("no offer 'azure'");
    QTest::newRow("unknown model") << QByteArray("gpt-x") << QByteArray("azure-ptu-global") << QByteArray("")
                                   << QByteArray("no model 'gpt-x'");
}

void TestCapacityOffers::refusals()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, offer);
    QFETCH(QByteArray, term);
    QFETCH(QByteArray, part);
    TrafficShape shape;
    shape.perMinute = onePpm;
    shape.usage[Input] = 1;
    shape.at = someDay;
    const auto answer =
        studyCapacity(*azureBook(), shape, questionFor(model.constData(), offer.constData(), term.constData()));
    QVERIFY(!answer.ok());
    QVERIFY2(answer.error().text().find(part.toStdString()) != std::string::npos, answer.error().text().c_str());
}

void TestCapacityOffers::oldFactsAreFlagged()
{
    const auto book = azureBook();
    ProvisionedOffer offer = *book->offer("azure-ptu-global");
    offer.checked = "2026-01-01";
    const auto dated = world::book({book->model({0})}, {offer});
    TrafficShape shape;
    shape.perMinute = onePpm;
    shape.usage[Input] = 1;
    shape.at = someDay;
    CapacityQuestion question = questionFor("gpt-4.1", "azure-ptu-global", "1-month");
    question.units = 17;
    const auto flags = [&] {
        std::vector<std::string> ids;
        const CapacityAnswer answer = studyCapacity(*dated, shape, question).value();
        for (const CapacityFlag &flag : answer.flags)
            ids.push_back(flag.id);
        return ids;
    };
    question.today = instantOf(2026, 4, 1);
    QCOMPARE(flags(), (std::vector<std::string>{"size"}));
    question.today = instantOf(2026, 4, 2);
    QCOMPARE(flags(), (std::vector<std::string>{"old-facts", "size"}));
}

QTEST_APPLESS_MAIN(TestCapacityOffers)
#include "tst_capacity_offers.moc"
