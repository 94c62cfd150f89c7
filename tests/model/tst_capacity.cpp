// SPDX-License-Identifier: GPL-3.0-or-later
// Studies of capacity against the engine itself and the published example of a real trace.
#include "tests/model/capacity_world.h"

#include <QTest>

using namespace capacity;

class TestCapacity : public QObject
{
    Q_OBJECT
private slots:
    void everySizeEqualsTheLeverOfTheEngine_data();
    void everySizeEqualsTheLeverOfTheEngine();
    void theCurveDiffersByLessThanTheSharesAreRounded_data();
    void theCurveDiffersByLessThanTheSharesAreRounded();
    void theOptimumEqualsBruteForceOverEvaluate_data();
    void theOptimumEqualsBruteForceOverEvaluate();
    void anOptimumOfNothingChangesNothing();
    void theOptimumIsKeptInTotalsAtListPricesAndBridges();
    void horizonsWithGrowthAreSizedTogether();
    void unitsAreThoseOfTheHorizon();
    void conversationTraceOfLevers();
    void conversationTraceRequestByRequest();
    void conversationTraceWithDeclaredOutput();
    void batchLeavesLessToReserve_data();
    void batchLeavesLessToReserve();
    void finerBinsShowMoreSpillOfTheTrace();
    void poolingNeverCostsMore();
    void stepsFollowThePipeline();
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

void TestCapacity::theCurveDiffersByLessThanTheSharesAreRounded_data()
{
    QTest::addColumn<bool>("levers");
    QTest::newRow("recorded: loads are whole") << false;
    QTest::newRow("after levers: loads are rounded as well") << true;
}

void TestCapacity::theCurveDiffersByLessThanTheSharesAreRounded()
{
    QFETCH(bool, levers);
    const Ledger ledger = randomLedger(7);
    const auto baseline = Baseline::build(ledger, sizingBook(1, 1, "260"), world::settings(march), {}).value();
    const auto before = levers ? someLevers() : std::vector<EffectiveLever>{};
    CapacityQuestion question = questionFor();
    const CapacityAnswer answer = studyCapacity(*baseline, before, question, {}).value();
    QVERIFY(answer.curve.size() > 10);
    for (const SizeCost &point : answer.curve) {
        question.units = point.units;
        const Femto exact = studyCapacity(*baseline, before, question, {})->at->cost();
        // Shares of a minute are rounded to 10^-12 by the engine: half of that of all money, and a femto-unit a
        // segment. A load is rounded to half of its parts: of 120 minutes with at least 30 tokens each, 0.6 × 10^-8 of
        // the money.
        const Int128 allowed = answer.payAsYouGo.units() / 2'000'000'000'000 + 8
                               + (levers ? answer.payAsYouGo.units() * 6 / 1'000'000'000 : 0);
        const Int128 difference = (exact - point.cost()).units();
        QVERIFY2(difference <= allowed && difference >= -allowed,
                 qPrintable(QString::number(static_cast<double>(difference))));
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

void TestCapacity::unitsAreThoseOfTheHorizon()
{
    // A unit serves twice as much from April on, and is sold by another step; March is what is repeated.
    ProvisionedOffer offer = *sizingBook(1, 1, "0.02")->offer("offer");
    const Instant april = Month::of(2026, 4).start();
    offer.throughput = {world::throughput("a", 200, 1, 1), world::throughput("a", 400, 2, 3)};
    offer.throughput[0].valid.to = april;
    offer.throughput[1].valid.from = april;
    offer.terms[0].valid.from = april;
    const auto book =
        world::book({world::model("p", "a", {world::rate("a", {{Input, "3"}, {Output, "15"}})})}, {offer});
    const auto baseline =
        Baseline::build(world::ledger({world::request(someDay, "a", 5000, 10)}), book, world::settings(march, 2), {})
            .value();
    CapacityQuestion question = questionFor();
    question.units = 5;
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    const Outcome outcome = outcomeOf(*baseline, {pool(5)});
    QCOMPARE(answer.grid.minimum, std::int64_t{2});
    // 5,000 + 4 × 10 tokens in a minute, 5 × 400 of which are served.
    QCOMPARE(answer.at->spillShare, PartsPerMillion{603'175});
    QCOMPARE(answer.at->spillCost.text(), outcome.pools[0].spillCost.text());
    QCOMPARE(answer.at->fixedCost.text(), outcome.pools[0].fixedCost.text());
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

void TestCapacity::conversationTraceWithDeclaredOutput()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    // levers.md §2.3: requests that declare 4,096 output tokens spill 12.2 % instead of 11.6 %.
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.units = 200;
    question.declaredOutput = 4096;
    const CapacityAnswer answer = studyCapacity(*conversationTrace(), {}, question, {}).value();
    QCOMPARE(divideHalfEven(*answer.at->bucketSpillShare, 1000), Int128{122});
}

void TestCapacity::batchLeavesLessToReserve_data()
{
    QTest::addColumn<int>("share");
    QTest::addColumn<qint64>("units");
    QTest::addColumn<QByteArray>("cost");
    // levers.md §2.10: the first 3,400 s of the conversation trace, gpt-4.1, 1-year.
    QTest::newRow("nothing waits") << 0 << qint64{180} << QByteArray("67.12");
    QTest::newRow("a fifth waits") << 200'000 << qint64{145} << QByteArray("61.31");
    QTest::newRow("two fifths wait") << 400'000 << qint64{110} << QByteArray("55.49");
}

void TestCapacity::batchLeavesLessToReserve()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    QFETCH(int, share);
    QFETCH(qint64, units);
    QFETCH(QByteArray, cost);
    const auto baseline = conversationTrace(3400);
    std::vector<EffectiveLever> levers{world::lever("batch", LeverKind::Batch, {{"share", share}})};
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.simulate = false;
    const CapacityAnswer answer = studyCapacity(*baseline, levers, question, {}).value();
    QCOMPARE(answer.optimum.units, units);
    // With what the batch costs, which the study leaves out: the scenario of both levers.
    levers.push_back(world::lever("pool", LeverKind::Provisioned, {{"units", units}},
                                  {{"model", "azure/gpt-4.1"}, {"offer", "azure-ptu-global"}, {"term", "1-year"}}));
    const Outcome outcome = outcomeOf(*baseline, levers);
    QCOMPARE(cents(outcome.total()), cost.toStdString());
    QCOMPARE((outcome.pools[0].fixedCost + outcome.pools[0].spillCost).text(), answer.optimum.cost().text());
}

void TestCapacity::finerBinsShowMoreSpillOfTheTrace()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    // levers.md §2.6, N = 150: 0.303 by the hour, 0.320 by five minutes, 0.327 by the minute, 0.402 by the second.
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.units = 150;
    question.simulate = false;
    const auto baseline = conversationTrace();
    PartsPerMillion before = 0;
    for (const auto &[seconds, share] : {std::pair{3600, 303}, {300, 320}, {60, 327}, {1, 402}}) {
        question.binSeconds = seconds;
        const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
        QCOMPARE(divideHalfEven(answer.at->spillShare, 1000), Int128{share});
        QVERIFY(answer.at->spillShare >= before);
        before = answer.at->spillShare;
    }
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
    QCOMPARE(answer.steps[1].label, std::string(leverSpec(LeverKind::PromptCache).label));
    // Two of a kind are told apart by what they speak of.
    levers[0].lever.scope.conditions["workload"] = {"chat"};
    levers.push_back(world::lever("mail", LeverKind::PromptCache, {{"hit_share", 300'000}}));
    levers.back().lever.scope.conditions["workload"] = {"mail"};
    const CapacityAnswer apart = studyCapacity(*baseline, levers, questionFor(), {}).value();
    QVERIFY(std::any_of(apart.steps.begin(), apart.steps.end(), [](const CapacityStep &step) {
        return step.label == std::string(leverSpec(LeverKind::PromptCache).label) + ": mail";
    }));
}

QTEST_APPLESS_MAIN(TestCapacity)
#include "tst_capacity.moc"
