// SPDX-License-Identifier: GPL-3.0-or-later
// Studies of capacity against the engine itself, published examples and hand calculations.
#include "model/capacity/capacity_figures.h"
#include "tests/model/simple_world.h"
#include "tests/support/shared_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <random>

using namespace simple;

namespace {

/// Two hours of requests to models a and b: even, with bursts, some cached, some long, some in a minute of their own.
Ledger randomLedger(unsigned seed, int requests = 400)
{
    std::mt19937_64 random(seed);
    std::vector<RequestRow> rows;
    for (int i = 0; i < requests; ++i) {
        const auto micros = static_cast<std::int64_t>(random() % 120) * microsPerMinute
                            + static_cast<std::int64_t>(random() % 60'000'000);
        const bool burst = random() % 5 == 0;
        RequestRow row = world::request({someDay.micros + (burst ? micros % (5 * microsPerMinute) : micros)},
                                        random() % 4 == 0 ? "b" : "a", static_cast<std::int64_t>(random() % 900),
                                        static_cast<std::int64_t>(random() % 150));
        row.usage[CacheRead] = static_cast<std::int64_t>(random() % 500);
        row.workload = random() % 2 == 0 ? "chat" : "mail";
        rows.push_back(row);
    }
    return world::ledger(rows);
}

std::shared_ptr<const PriceBook> sizingBook(std::int64_t minimum, std::int64_t step, const char *perMonth)
{
    using world::rate;
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.unitName = "PTU";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("1-month", perMonth, false), world::term("hourly", "1", true)};
    offer.throughput = {world::throughput("a", 200, minimum, step), world::throughput("b", 300, minimum, step)};
    return world::book({world::model("p", "a", {rate("a", {{Input, "3"}, {CacheRead, "0.3"}, {Output, "15"}})}),
                        world::model("p", "b", {rate("b", {{Input, "0.25"}, {CacheRead, "0.025"}, {Output, "1.25"}})})},
                       {offer});
}

std::vector<EffectiveLever> someLevers()
{
    return {world::lever("grow", LeverKind::ContextGrowth, {{"factor", 1'333'333}}),
            world::lever("route", LeverKind::Routing, {{"share", 370'000}}, {{"to", "p/a"}}),
            world::lever("cache", LeverKind::PromptCache, {{"hit_share", 123'457}})};
}

EffectiveLever pool(std::int64_t units, const char *sizing = "")
{
    auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", units}},
                              {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
    if (*sizing != '\0')
        lever.lever.texts["sizing"] = sizing;
    return lever;
}

Outcome outcomeOf(const Baseline &baseline, std::vector<EffectiveLever> levers)
{
    EvaluationRequest request;
    request.levers = std::move(levers);
    return evaluate(baseline, request, {}).value();
}

CapacityQuestion questionFor(const char *model = "p/a", const char *offer = "offer", const char *term = "1-month")
{
    CapacityQuestion question;
    question.model = model;
    question.offer = offer;
    question.term = term;
    return question;
}

std::string cents(Femto amount)
{
    return formatDecimalFixed(amount.units(), Femto::scale, 2);
}

/// gpt-4.1 as in levers.md §0.3.
std::shared_ptr<const PriceBook> azureBook()
{
    ProvisionedOffer offer;
    offer.id = "azure-ptu-global";
    offer.provider = "azure";
    offer.unitName = "PTU";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("hourly", "1", true), world::term("1-month", "260", false),
                   world::term("1-year", "221", false)};
    offer.throughput = {world::throughput("gpt-4.1", 3000, 15, 5)};
    ProvisionedOffer regional = offer;
    regional.id = "azure-ptu-regional";
    regional.terms = {world::term("hourly", "2", true), world::term("1-month", "286", false),
                      world::term("1-year", "243", false)};
    ProvisionedOffer zone = regional;
    zone.id = "azure-ptu-datazone";
    zone.terms.front() = world::term("hourly", "1.1", true);
    return world::book(
        {world::model("azure", "gpt-4.1", {world::rate("r", {{Input, "2"}, {CacheRead, "0.5"}, {Output, "8"}})})},
        {offer, regional, zone});
}

std::shared_ptr<const Baseline> conversationTrace()
{
    QProcess zcat;
    zcat.start(QStringLiteral("zcat"),
               {sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz")});
    zcat.waitForFinished();
    std::vector<RequestRow> rows;
    const auto lines = zcat.readAllStandardOutput().split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const auto fields = lines[i].split(',');
        if (fields.size() == 3)
            rows.push_back(world::request(parseInstant(fields[0].toStdString()).value(), "recorded",
                                          fields[1].toLongLong(), fields[2].trimmed().toLongLong()));
    }
    const auto book = azureBook();
    return traceBaseline(*world::ledger(rows).workload, book, book->resolve("azure", "gpt-4.1").model, "",
                         instantOf(2026, 3, 9, 18), {})
        .value();
}

} // namespace

class TestCapacity : public QObject
{
    Q_OBJECT
private slots:
    void everySizeEqualsTheLeverOfTheEngine_data();
    void everySizeEqualsTheLeverOfTheEngine();
    void theCurveDiffersByLessThanTheSharesAreRounded();
    void theOptimumEqualsBruteForceOverEvaluate_data();
    void theOptimumEqualsBruteForceOverEvaluate();
    void anOptimumOfNothingChangesNothing();
    void theOptimumIsKeptInTotalsAtListPricesAndBridges();
    void horizonsWithGrowthAreSizedTogether();
    void conversationTraceOfLevers();
    void conversationTraceRequestByRequest();
    void finerBinsShowMoreSpillOfTheTrace();
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
    void poolingNeverCostsMore();
    void stepsFollowThePipeline();
    void longPromptsAreFlagged();
    void refusals_data();
    void refusals();
    void oldFactsAreFlagged();
};

void TestCapacity::everySizeEqualsTheLeverOfTheEngine_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("levers");
    QTest::newRow("recorded") << 1U << false;
    QTest::newRow("after levers") << 2U << true;
    QTest::newRow("after levers, another trace") << 3U << true;
}

void TestCapacity::everySizeEqualsTheLeverOfTheEngine()
{
    QFETCH(unsigned, seed);
    QFETCH(bool, levers);
    const Ledger ledger = randomLedger(seed);
    const auto baseline = Baseline::build(ledger, sizingBook(1, 1, "260"), world::settings(march), {}).value();
    const auto before = levers ? someLevers() : std::vector<EffectiveLever>{};
    for (const std::int64_t units : {1, 3, 10, 40}) {
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
    }
    // Without a pool the same requests cost what they do in the outcome without it, to the rounding of its lines.
    const CapacityAnswer answer = studyCapacity(*baseline, before, questionFor(), {}).value();
    const Outcome plain = outcomeOf(*baseline, before);
    auto one = before;
    one.push_back(pool(1));
    const Outcome pooled = outcomeOf(*baseline, one);
    const Femto rest = pooled.total() - pooled.pools[0].fixedCost - pooled.pools[0].spillCost;
    const Int128 difference = (plain.total() - rest - answer.payAsYouGo).units();
    QVERIFY(difference >= -20 && difference <= 20);
}

void TestCapacity::theCurveDiffersByLessThanTheSharesAreRounded()
{
    const Ledger ledger = randomLedger(7);
    const auto baseline = Baseline::build(ledger, sizingBook(1, 1, "260"), world::settings(march), {}).value();
    CapacityQuestion question = questionFor();
    const CapacityAnswer answer = studyCapacity(*baseline, someLevers(), question, {}).value();
    QVERIFY(answer.curve.size() > 10);
    for (const SizeCost &point : answer.curve) {
        question.units = point.units;
        const Femto exact = studyCapacity(*baseline, someLevers(), question, {})->at->cost();
        // Shares of a minute are rounded to 10^-12 by the engine: half of that of all money, and a femto-unit a
        // segment.
        const Int128 allowed = answer.payAsYouGo.units() / 2'000'000'000'000 + 8;
        const Int128 difference = (exact - point.cost()).units();
        QVERIFY(difference <= allowed && difference >= -allowed);
    }
}

void TestCapacity::theOptimumEqualsBruteForceOverEvaluate_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<qint64>("minimum");
    QTest::addColumn<qint64>("step");
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<bool>("levers");
    QTest::newRow("cheap units") << 11U << qint64{1} << qint64{1} << QByteArray("0.02") << true;
    QTest::newRow("units by steps") << 12U << qint64{3} << qint64{2} << QByteArray("0.03") << true;
    QTest::newRow("a large minimum") << 13U << qint64{60} << qint64{5} << QByteArray("0.05") << false;
    QTest::newRow("middling units") << 14U << qint64{1} << qint64{1} << QByteArray("0.3") << true;
    QTest::newRow("dear units") << 15U << qint64{1} << qint64{1} << QByteArray("26") << true;
}

void TestCapacity::theOptimumEqualsBruteForceOverEvaluate()
{
    QFETCH(unsigned, seed);
    QFETCH(qint64, minimum);
    QFETCH(qint64, step);
    QFETCH(QByteArray, price);
    QFETCH(bool, levers);
    const Ledger ledger = randomLedger(seed);
    const auto baseline =
        Baseline::build(ledger, sizingBook(minimum, step, price.constData()), world::settings(march), {}).value();
    const auto before = levers ? someLevers() : std::vector<EffectiveLever>{};
    std::int64_t best = 0;
    Femto least = outcomeOf(*baseline, before).total();
    for (std::int64_t units = minimum; units < 100; units += step) {
        auto with = before;
        with.push_back(pool(units));
        const Femto total = outcomeOf(*baseline, with).total();
        if (total < least) {
            least = total;
            best = units;
        }
    }
    const CapacityAnswer answer = studyCapacity(*baseline, before, questionFor(), {}).value();
    QCOMPARE(answer.optimum.units, best);
    auto sized = before;
    sized.push_back(pool(7, "optimal"));
    const Outcome outcome = outcomeOf(*baseline, sized);
    QCOMPARE(outcome.pools[0].units, best);
    QCOMPARE(outcome.total().text(), least.text());
}

void TestCapacity::anOptimumOfNothingChangesNothing()
{
    const auto baseline =
        Baseline::build(randomLedger(15), sizingBook(1, 1, "260"), world::settings(march), {}).value();
    const Outcome plain = outcomeOf(*baseline, {});
    const Outcome sized = outcomeOf(*baseline, {pool(0, "optimal")});
    QVERIFY(sized.components == plain.components);
    QCOMPARE(sized.pools[0].units, std::int64_t{0});
    QVERIFY(hasCheck(sized, "Provisioned", "nothing is reserved", true));
}

void TestCapacity::theOptimumIsKeptInTotalsAtListPricesAndBridges()
{
    const auto baseline =
        Baseline::build(randomLedger(11), sizingBook(1, 1, "0.02"), world::settings(march), {}).value();
    EvaluationRequest from;
    EvaluationRequest to;
    to.levers = someLevers();
    to.levers.push_back(pool(0, "optimal"));
    const Bridge parts = bridge(*baseline, from, to, BridgeMethod::Shapley, {}).value();
    QCOMPARE(parts.end.text(), outcomeOf(*baseline, to.levers).total().text());
    Femto sum;
    for (const BridgePart &part : parts.parts)
        sum += part.amount;
    QCOMPARE(sum.text(), parts.total().text());
}

void TestCapacity::horizonsWithGrowthAreSizedTogether()
{
    const Ledger ledger = randomLedger(21, 150);
    const auto baseline = Baseline::build(ledger, sizingBook(1, 1, "0.02"), world::settings(march, 4), {}).value();
    auto levers = std::vector{world::lever("grow", LeverKind::ContextGrowth, {{"monthly_growth", 150'000}})};
    std::int64_t best = 0;
    Femto least = outcomeOf(*baseline, levers).total();
    for (std::int64_t units = 1; units < 60; ++units) {
        auto with = levers;
        with.push_back(pool(units));
        if (const Femto total = outcomeOf(*baseline, with).total(); total < least) {
            least = total;
            best = units;
        }
    }
    QVERIFY(best > 0);
    auto sized = levers;
    sized.push_back(pool(0, "optimal"));
    QCOMPARE(outcomeOf(*baseline, sized).pools[0].units, best);
}

void TestCapacity::conversationTraceOfLevers()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    // levers.md §0.3, §2.4.
    const auto baseline = conversationTrace();
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.simulate = false;
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    QCOMPARE(answer.requests, std::int64_t{19'366});
    QCOMPARE(cents(answer.payAsYouGo), std::string("77.43"));
    QCOMPARE(answer.optimum.units, std::int64_t{180});
    QCOMPARE(cents(answer.optimum.cost()), std::string("68.66"));
    const auto rule = [&answer](const std::string &name) {
        return *std::find_if(answer.rules.begin(), answer.rules.end(),
                             [&name](const SizeByRule &each) { return each.rule == name; });
    };
    QCOMPARE(rule("p95").size.units, std::int64_t{305});
    QCOMPARE(cents(rule("p95").size.cost()), std::string("90.11"));
    QCOMPARE(cents(rule("peak").size.cost()), std::string("100.12"));
    QCOMPARE(cents(rule("p95").regret), std::string("21.45"));
    // 221 ÷ 262.8; 260 ÷ 262.8 a month. Full token prices, so that only the price of a unit and a token count.
    QCOMPARE(*answer.breakEvens.utilisation, PartsPerMillion{840'944});
    QCOMPARE(*answer.breakEvens.hours, PartsPerMillion{221'000'000});
    QCOMPARE(*answer.breakEvens.months, PartsPerMillion{10'200'000});
    QVERIFY(answer.bounds.spillIsLowerBound);
    QCOMPARE(answer.curve.front().units, std::int64_t{0});
    for (const SizeCost &point : answer.curve)
        QVERIFY(point.cost() >= answer.optimum.cost());
}

void TestCapacity::conversationTraceRequestByRequest()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    // levers.md §2.3: N = 200 spills 11.6 % with a bucket of 60 s, 13.2 % with 10 s, 18.7 % with 1 s; by the
    // minute 13.6 % (13.5 % counted from the first request, levers.md has it from UTC minutes of an hour).
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.units = 200;
    const CapacityAnswer answer = studyCapacity(*conversationTrace(), {}, question, {}).value();
    const auto band = std::find_if(answer.bands.begin(), answer.bands.end(),
                                   [](const BucketBand &each) { return each.units == 200; });
    QVERIFY(band != answer.bands.end());
    QCOMPARE(band->depths.size(), std::size_t{3});
    const auto tenths = [&](std::size_t depth) {
        return divideHalfEven(band->depths[depth].spillShare, 1000);
    };
    QCOMPARE(tenths(0), Int128{187});
    QCOMPARE(tenths(1), Int128{132});
    QCOMPARE(tenths(2), Int128{116});
    QCOMPARE(answer.at->spillShare / 1000, PartsPerMillion{135});
    QCOMPARE(*answer.at->bucketSpillShare, band->depths[2].spillShare);
}

void TestCapacity::finerBinsShowMoreSpillOfTheTrace()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    // levers.md §2.6, N = 150: 0.303 by the hour, 0.320 by five minutes, 0.327 by the minute, 0.402 by the second. The
    // first is over the 58.4 minutes of the trace; a whole hour of capacity spills less.
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.units = 150;
    question.simulate = false;
    const auto baseline = conversationTrace();
    PartsPerMillion before = 0;
    for (const auto &[seconds, share] : {std::pair{3600, 283}, {300, 320}, {60, 327}, {1, 402}}) {
        question.binSeconds = seconds;
        const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
        QCOMPARE(divideHalfEven(answer.at->spillShare, 1000), Int128{share});
        QVERIFY(answer.at->spillShare >= before);
        before = answer.at->spillShare;
    }
}

void TestCapacity::calendarAndTermBreakEvens_data()
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

void TestCapacity::calendarAndTermBreakEvens()
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

void TestCapacity::publishedSizes_data()
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

void TestCapacity::publishedSizes()
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

void TestCapacity::unitsForInputAndOutput()
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

void TestCapacity::dollarsAMinute()
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

void TestCapacity::endpointOfOnesOwn()
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

void TestCapacity::endpointPartOfTheWeek()
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
}

void TestCapacity::priceCutsAreStressed()
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

void TestCapacity::wasteOfAReservation()
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

void TestCapacity::reservationsMatchWhatIsDeployed()
{
    // ptu_cases_sample.json S3 and S6.
    const Coverage covered = coverage(300, {100});
    QCOMPARE(covered.covered, std::int64_t{100});
    QCOMPARE(covered.hourly, std::int64_t{0});
    QCOMPARE(covered.unused, std::int64_t{200});
    QCOMPARE(unitMinutes(100, 15) / 60, Int128{25});
}

void TestCapacity::reservationForChangingHours()
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

void TestCapacity::greedySplitEqualsExhaustive_data()
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

void TestCapacity::greedySplitEqualsExhaustive()
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

void TestCapacity::poolingNeverCostsMore()
{
    const auto baseline =
        Baseline::build(randomLedger(31), sizingBook(1, 1, "0.02"), world::settings(march), {}).value();
    const PoolingAnswer pooling = studyPooling(*baseline, {}, questionFor(), "workload", {}).value();
    QCOMPARE(pooling.silos.size(), std::size_t{2});
    Femto apart;
    for (const auto &silo : pooling.silos)
        apart += silo.optimum.cost();
    QCOMPARE(pooling.saving.text(), (apart - pooling.pooled.cost()).text());
    QVERIFY(pooling.saving.units() >= 0);
    const PortfolioAnswer both = studyPortfolio(*baseline, {}, questionFor(), {"p/a", "p/b"}, 20, {}).value();
    QCOMPARE(both.best.shares.size(), std::size_t{2});
    QCOMPARE(both.best.shares[0].units, studyCapacity(*baseline, {}, questionFor(), {})->optimum.units);
    QVERIFY(both.given->cost() >= both.best.cost());
}

void TestCapacity::stepsFollowThePipeline()
{
    const auto baseline =
        Baseline::build(randomLedger(41), sizingBook(1, 1, "0.02"), world::settings(march), {}).value();
    std::vector<EffectiveLever> levers{world::lever("cache", LeverKind::PromptCache, {{"hit_share", 700'000}}),
                                       world::lever("trim", LeverKind::OutputLength, {{"factor", 500'000}})};
    const CapacityAnswer answer = studyCapacity(*baseline, levers, questionFor(), {}).value();
    QCOMPARE(answer.steps.size(), std::size_t{3});
    QCOMPARE(answer.steps[0].optimum.units, studyCapacity(*baseline, {}, questionFor(), {})->optimum.units);
    QCOMPARE(answer.steps[2].optimum.units, answer.optimum.units);
    QVERIFY(answer.steps[1].optimum.units < answer.steps[0].optimum.units);
    QVERIFY(answer.steps[2].optimum.units < answer.steps[1].optimum.units);
}

void TestCapacity::longPromptsAreFlagged()
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

void TestCapacity::refusals_data()
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

void TestCapacity::refusals()
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

void TestCapacity::oldFactsAreFlagged()
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
        for (const CapacityFlag &flag : studyCapacity(*dated, shape, question)->flags)
            ids.push_back(flag.id);
        return ids;
    };
    question.today = instantOf(2026, 4, 1);
    QCOMPARE(flags(), (std::vector<std::string>{"size"}));
    question.today = instantOf(2026, 4, 2);
    QCOMPARE(flags(), (std::vector<std::string>{"old-facts", "size"}));
}

QTEST_APPLESS_MAIN(TestCapacity)
#include "tst_capacity.moc"
