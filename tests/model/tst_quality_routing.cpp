// SPDX-License-Identifier: GPL-3.0-or-later
// The cheapest routing under a quality floor, against trying every split and against the vertices of the linear
// programme in exact fractions.
#include "model/analyses/model_comparison.h"
#include "model/analyses/quality_routing.h"
#include "model/import/accuracy_file.h"
#include "tests/model/simple_world.h"

#include <gmpxx.h>

#include <QTest>

#include <random>

using namespace perunit;
using enum UsageClass;

namespace {

RoutingOption option(const char *model, std::int64_t femto, PartsPerMillion accuracy)
{
    return {model, Femto::ofUnits(femto), accuracy};
}

mpz_class big(Int128 value)
{
    return mpz_class(formatDecimal(value, 0));
}

/// The cheapest cost of the linear programme. Some optimum has every class on one option but at most one, which lies
/// between two (vertices of the polytope), so that all of those are tried.
std::optional<mpq_class> cheapestOf(const std::vector<RoutingClass> &classes, PartsPerMillion floor)
{
    std::optional<mpq_class> best;
    const auto offer = [&best](const mpq_class &cost) {
        if (!best || cost < *best)
            best = cost;
    };
    std::vector<std::size_t> at(classes.size(), 0);
    while (true) {
        mpq_class cost = 0;
        mpq_class right = 0;
        mpq_class wanted = 0;
        for (std::size_t k = 0; k < classes.size(); ++k) {
            cost += mpq_class(big(classes[k].options[at[k]].cost.units()));
            right += mpq_class(big(static_cast<Int128>(classes[k].requests) * classes[k].options[at[k]].accuracy));
            wanted += mpq_class(big(static_cast<Int128>(classes[k].requests) * floor));
        }
        if (right >= wanted)
            offer(cost);
        for (std::size_t k = 0; k < classes.size(); ++k) {
            for (std::size_t other = 0; other < classes[k].options.size(); ++other) {
                const RoutingOption &from = classes[k].options[at[k]];
                const RoutingOption &to = classes[k].options[other];
                const mpq_class gain =
                    mpq_class(big(static_cast<Int128>(classes[k].requests))) * (to.accuracy - from.accuracy);
                if (right >= wanted || gain <= 0)
                    continue;
                const mpq_class part = (wanted - right) / gain;
                if (part <= 1)
                    offer(cost + part * mpq_class(big((to.cost - from.cost).units())));
            }
        }
        std::size_t k = 0;
        while (k < classes.size() && ++at[k] == classes[k].options.size())
            at[k++] = 0;
        if (k == classes.size())
            return best;
    }
}

/// In parts per million.
mpq_class accuracyOf(const std::vector<RoutingClass> &classes, const QualityRouting &answer)
{
    mpq_class right = 0;
    mpq_class requests = 0;
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const RoutingChoice &choice = answer.choices[k];
        const PartsPerMillion share = choice.isWhole() ? onePpm : choice.share;
        const Int128 mixed = static_cast<Int128>(share) * classes[k].options[choice.to].accuracy
                             + static_cast<Int128>(onePpm - share) * classes[k].options[choice.from].accuracy;
        right += mpq_class(big(mixed * classes[k].requests));
        requests += mpq_class(big(classes[k].requests));
    }
    return requests == 0 ? mpq_class(0) : mpq_class(right / requests / 1'000'000);
}

} // namespace

class TestQualityRouting : public QObject
{
    Q_OBJECT
private slots:
    void twoModelsByTheFormula();
    void wholeClasses();
    void hullLeavesOutWhatIsNeverBest();
    void unreachable();
    void refusesClassesWithoutOptions();
    void againstTheLinearProgramme();
    void pricesTheClassesOfALedger();
    void refusesWrongTables_data();
    void refusesWrongTables();
    void leversReachTheCost();
    void splitBetweenTwoOtherModels();
    void comparesByValueLikeOneByOne();
    void readsTables();
    void refusesFiles_data();
    void refusesFiles();
};

void TestQualityRouting::twoModelsByTheFormula()
{
    // levers.md §6 with the GSM8K figures: the weak share is at most (as − A0) / (as − aw) = 0.057 / 0.219, a
    // strong one of 25 times the cost takes the rest.
    const std::vector<RoutingClass> classes{
        {"all", 1319, {option("weak", 1'000'000'000'000, 638'000), option("strong", 25'000'000'000'000, 857'000)}, {}}};
    const auto result = qualityRouting(classes, 800'000);
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY(result->reached);
    // 162 / 219 = 0.7397260…, rounded up to a millionth.
    QCOMPARE(result->choices[0].share, PartsPerMillion{739'727});
    QVERIFY(!result->isOptimal);
    QCOMPARE(result->accuracy(), PartsPerMillion{800'000});
    // 1 + 24 × 0.739727 thousandths of a dollar.
    QCOMPARE(result->cost.text(), std::string("0.018753448"));
    QVERIFY(result->lowerBound < result->cost);
    QVERIFY(result->gap <= Femto::ofUnits(24'000'000));
    const auto exact = qualityRouting(classes, 638'000 + 219'000 / 4);
    QCOMPARE(exact->choices[0].share, PartsPerMillion{250'000});
    QVERIFY(exact->isOptimal && exact->gap.isZero());
    QCOMPARE(exact->cost, exact->lowerBound);
}

void TestQualityRouting::wholeClasses()
{
    // Each right answer costs 1 for easy requests and 10 for hard ones, so that the easy ones go first.
    const std::vector<RoutingClass> classes{
        {"hard", 100, {option("small", 0, 500'000), option("large", 500'000'000, 1'000'000)}, 1},
        {"easy", 100, {option("small", 0, 500'000), option("large", 50'000'000, 1'000'000)}, 0}};
    const auto result = qualityRouting(classes, 750'000);
    QVERIFY(result->reached && result->isOptimal);
    QCOMPARE(result->choices[0].to, std::size_t{0});
    QCOMPARE(result->choices[1].to, std::size_t{1});
    QVERIFY(result->choices[0].isWhole() && result->choices[1].isWhole());
    QCOMPARE(result->cost, Femto::ofUnits(50'000'000));
    // No floor: the cheapest.
    QVERIFY(qualityRouting(classes, 0)->cost.isZero());
}

void TestQualityRouting::hullLeavesOutWhatIsNeverBest()
{
    // The middle model is dearer than mixing its neighbours.
    const std::vector<RoutingClass> classes{{"all",
                                             10,
                                             {option("small", 100, 500'000), option("middle", 160, 600'000),
                                              option("large", 200, 900'000), option("worse", 300, 890'000)},
                                             {}}};
    const auto result = qualityRouting(classes, 600'000);
    QCOMPARE(result->choices[0].from, std::size_t{0});
    QCOMPARE(result->choices[0].to, std::size_t{2});
    QCOMPARE(result->choices[0].share, PartsPerMillion{250'000});
    QCOMPARE(result->cost, Femto::ofUnits(125));
    QCOMPARE(qualityRouting(classes, 900'000)->choices[0].to, std::size_t{2});
}

void TestQualityRouting::unreachable()
{
    const std::vector<RoutingClass> classes{
        {"all", 10, {option("small", 100, 500'000), option("large", 200, 900'000)}, {}}};
    const auto result = qualityRouting(classes, 900'001);
    QVERIFY(result.ok() && !result->reached);
    QCOMPARE(result->choices[0].to, std::size_t{1});
    QCOMPARE(result->accuracy(), PartsPerMillion{900'000});
}

void TestQualityRouting::refusesClassesWithoutOptions()
{
    const auto result = qualityRouting({{"empty", 10, {}, {}}}, 1);
    QVERIFY(!result.ok());
    QVERIFY(result.error().text().find("empty") != std::string::npos);
}

void TestQualityRouting::againstTheLinearProgramme()
{
    std::mt19937 generator(3);
    const auto below = [&generator](std::int64_t limit) {
        return static_cast<std::int64_t>(generator() % static_cast<std::uint64_t>(limit));
    };
    int split = 0;
    int reached = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<RoutingClass> classes;
        for (std::int64_t k = 0; k < 1 + round % 4; ++k) {
            RoutingClass group;
            group.name = "k" + std::to_string(k);
            group.requests = below(20) == 0 ? 0 : 1 + below(5000);
            for (std::int64_t j = 0; j < 1 + below(5); ++j)
                group.options.push_back(option("m", below(8) * 1'000'003 + below(50), below(11) * 100'000));
            classes.push_back(group);
        }
        const PartsPerMillion floor = 100'000 + below(900'000);
        const auto answer = qualityRouting(classes, floor);
        QVERIFY(answer.ok());
        const auto best = cheapestOf(classes, floor);
        QCOMPARE(answer->reached, best.has_value());
        int splits = 0;
        for (const RoutingChoice &choice : answer->choices)
            splits += choice.isWhole() ? 0 : 1;
        QVERIFY(splits <= 1);
        split += splits;
        if (!best)
            continue;
        ++reached;
        QVERIFY(answer->requests == 0 || accuracyOf(classes, *answer) >= floor);
        // Never below the bound, and above it by no more than the rounding of the one share.
        const mpq_class cost(big(answer->cost.units()));
        const mpq_class bound(big(answer->lowerBound.units()));
        QVERIFY(abs(bound - *best) <= mpq_class(1, 2));
        QVERIFY(cost - *best >= -mpq_class(1, 2));
        QVERIFY(abs(cost - *best - mpq_class(big(answer->gap.units()))) <= 1);
        QVERIFY(answer->gap.units() <= 8 * 1'000'003 / 1'000'000 + 1);
        QVERIFY(!answer->isOptimal || (answer->gap.isZero() && answer->cost == answer->lowerBound));
    }
    QVERIFY(split > 50 && reached > 100);
}

void TestQualityRouting::pricesTheClassesOfALedger()
{
    const Ledger ledger =
        world::ledger({simple::inWorkload(world::request(simple::someDay, "a", 1'000'000, 100'000), "chat"),
                       simple::inWorkload(world::request(simple::someDay, "b", 500'000, 0), "search"),
                       simple::inWorkload(world::request(simple::someDay, "a", 500'000, 0), "search"),
                       simple::inWorkload(world::request(simple::someDay, "a", 7, 0), "other")});
    const auto baseline = Baseline::build(ledger, simple::simpleBook(), world::settings(simple::march), {}).value();
    const auto problem = qualityRoutingProblem(
        *baseline, "workload",
        {{"chat", "p/a", 900'000}, {"*", "p/b", 700'000}, {"chat", "p/b", 750'000}, {"search", "p/cliff", 800'000}},
        {});
    QVERIFY2(problem.ok(), problem.ok() ? "" : problem.error().text().c_str());
    QCOMPARE(problem->classes.size(), std::size_t{3});
    const RoutingClass &chat = problem->classes[0];
    QCOMPARE(chat.name, std::string("chat"));
    QCOMPARE(chat.requests, std::int64_t{1});
    QCOMPARE(chat.options[0].model, std::string("p/a"));
    QCOMPARE(chat.options[0].cost.text(), std::string("4.5"));
    QCOMPARE(chat.options[1].cost.text(), std::string("0.375"));
    QCOMPARE(chat.options[1].accuracy, PartsPerMillion{750'000});
    QVERIFY(chat.present == std::size_t{0});
    const RoutingClass &search = problem->classes[2];
    QCOMPARE(search.options[0].accuracy, PartsPerMillion{700'000});
    QVERIFY(!search.present);
    // Above 200,000 tokens cliff charges 4 for all of them.
    QCOMPARE(search.options[1].cost.text(), std::string("4"));
    // A table that says nothing about a value leaves it where it is.
    const auto partial = qualityRoutingProblem(*baseline, "workload", {{"chat", "p/a", 900'000}}, {});
    QCOMPARE(partial->classes.size(), std::size_t{1});
    QCOMPARE(partial->leftOut.size(), std::size_t{2});
}

void TestQualityRouting::refusesWrongTables_data()
{
    QTest::addColumn<QString>("dimension");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("says");
    QTest::newRow("model") << "workload"
                           << "chat"
                           << "p/nobody"
                           << "no model 'p/nobody'";
    QTest::newRow("value") << "workload"
                           << "chatt"
                           << "p/a"
                           << "no workload 'chatt'";
    QTest::newRow("twice") << "workload"
                           << "chat"
                           << "p/b"
                           << "two lines";
    QTest::newRow("unit") << "session"
                          << "s"
                          << "p/a"
                          << "single units";
}

void TestQualityRouting::refusesWrongTables()
{
    QFETCH(QString, dimension);
    QFETCH(QString, value);
    QFETCH(QString, model);
    QFETCH(QString, says);
    const auto baseline =
        Baseline::build(world::ledger({simple::inWorkload(world::request(simple::someDay, "a", 1000, 0), "chat")}),
                        simple::simpleBook(), world::settings(simple::march), {})
            .value();
    const auto problem = qualityRoutingProblem(*baseline, dimension.toStdString(),
                                               {{"chat", "p/b", 1}, {value.toStdString(), model.toStdString(), 2}}, {});
    QVERIFY(!problem.ok());
    const QString error = QString::fromStdString(problem.error().text());
    QVERIFY2(error.contains(says), qPrintable(error));
}

void TestQualityRouting::leversReachTheCost()
{
    // The scenario that the answer makes costs what the answer says.
    std::vector<RequestRow> rows;
    for (int i = 0; i < 20; ++i) {
        rows.push_back(simple::inWorkload(world::request(simple::someDay, "a", 10'000 + 977 * i, 100 + i), "chat"));
        rows.push_back(simple::inWorkload(world::request(simple::someDay, "b", 3'000 + 77 * i, 50), "search"));
    }
    const auto baseline =
        Baseline::build(world::ledger(rows), simple::simpleBook(), world::settings(simple::march), {}).value();
    const std::vector<ModelAccuracy> table{{"*", "p/a", 900'000}, {"*", "p/b", 700'000}};
    const auto problem = qualityRoutingProblem(*baseline, "workload", table, {});
    QVERIFY(problem.ok());
    for (const PartsPerMillion floor : {0, 720'000, 800'000, 870'001, 900'000}) {
        const auto answer = qualityRouting(problem->classes, floor);
        QVERIFY(answer.ok() && answer->reached);
        const RoutingLevers levers = routingLevers(*problem, *answer);
        QVERIFY(levers.movedAsAWhole.empty());
        EvaluationRequest request;
        request.levers = levers.levers;
        const auto outcome = evaluate(*baseline, request, {});
        QVERIFY2(outcome.ok(), outcome.ok() ? "" : outcome.error().text().c_str());
        // Each line of an outcome is rounded once, and so is the answer.
        const Femto difference = outcome->total() - answer->cost;
        QVERIFY(difference <= Femto::ofUnits(4) && Femto::ofUnits(-4) <= difference);
    }
}

void TestQualityRouting::splitBetweenTwoOtherModels()
{
    const auto baseline =
        Baseline::build(world::ledger({simple::inWorkload(world::request(simple::someDay, "cliff", 1000, 0), "chat")}),
                        simple::simpleBook(), world::settings(simple::march), {})
            .value();
    const auto problem =
        qualityRoutingProblem(*baseline, "workload", {{"*", "p/a", 900'000}, {"*", "p/b", 700'000}}, {});
    const auto answer = qualityRouting(problem->classes, 800'000);
    QCOMPARE(answer->choices[0].share, PartsPerMillion{500'000});
    const RoutingLevers levers = routingLevers(*problem, *answer);
    QCOMPARE(levers.movedAsAWhole, std::vector<std::string>{"chat"});
    QCOMPARE(levers.levers.size(), std::size_t{1});
    QCOMPARE(levers.levers[0].lever.text("to"), std::string("p/a"));
    QCOMPARE(levers.levers[0].lever.number("share"), std::int64_t{1'000'000});
}

void TestQualityRouting::comparesByValueLikeOneByOne()
{
    std::mt19937 generator(5);
    std::vector<RequestRow> rows;
    for (int i = 0; i < 200; ++i) {
        const char *const models[] = {"a", "b", "cliff", "nobody"};
        rows.push_back(
            simple::inWorkload(world::request({simple::someDay.micros + i * microsPerHour}, models[generator() % 4],
                                              static_cast<std::int64_t>(generator() % 400'000), 100),
                               i % 3 == 0   ? ""
                               : i % 3 == 1 ? "chat"
                                            : "search"));
    }
    const Ledger ledger = world::ledger(rows);
    const auto book = simple::simpleBook();
    const std::vector<ModelIndex> candidates{book->resolve("p", "cliff").model, book->resolve("p", "b").model};
    const auto all =
        compareModelsBy(*ledger.workload, *book, simple::march, "workload", candidates, simple::someDay, {});
    QVERIFY(all.ok());
    QCOMPARE(all->size(), std::size_t{3});
    for (const auto &[value, compared] : *all) {
        Scope scope;
        scope.conditions["workload"] = {value};
        const auto one = compareModels(*ledger.workload, *book, simple::march, scope, candidates, simple::someDay, {});
        QCOMPARE(compared.requests, one->requests);
        QCOMPARE(compared.recorded.cost, one->recorded.cost);
        QCOMPARE(compared.recorded.unpricedTokens, one->recorded.unpricedTokens);
        for (std::size_t i = 0; i < candidates.size(); ++i)
            QCOMPARE(compared.candidates[i].cost.cost, one->candidates[i].cost.cost);
    }
}

void TestQualityRouting::readsTables()
{
    const auto table = readAccuracyTable("model;class;accuracy\r\n\"p/a\"; chat;0.92\r\n\r\np/b;*;83.25 %\r\n");
    QVERIFY2(table.ok(), table.ok() ? "" : table.error().text().c_str());
    QCOMPARE(table->size(), std::size_t{2});
    QCOMPARE((*table)[0].model, std::string("p/a"));
    QCOMPARE((*table)[0].value, std::string("chat"));
    QCOMPARE((*table)[0].accuracy, PartsPerMillion{920'000});
    QCOMPARE((*table)[1].accuracy, PartsPerMillion{832'500});
}

void TestQualityRouting::refusesFiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << QByteArray("") << "no rows";
    QTest::newRow("column") << QByteArray("class,model\nx,y\n") << "no column 'accuracy'";
    QTest::newRow("above one") << QByteArray("class,model,accuracy\nx,y,92\n") << "line 2, column 'accuracy'";
    QTest::newRow("word") << QByteArray("class,model,accuracy\nx,y,good\n") << "line 2, column 'accuracy'";
    QTest::newRow("decimals") << QByteArray("class,model,accuracy\nx,y,0.1234567\n") << "six decimals";
    QTest::newRow("short") << QByteArray("class,model,accuracy\nx,y,1\nx\n") << "line 3: the row is too short";
    QTest::newRow("no model") << QByteArray("class,model,accuracy\nx,,1\n") << "no model";
}

void TestQualityRouting::refusesFiles()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const auto table = readAccuracyTable(text.toStdString());
    QVERIFY(!table.ok());
    const QString error = QString::fromStdString(table.error().text());
    QVERIFY2(error.contains(says), qPrintable(error));
}

QTEST_APPLESS_MAIN(TestQualityRouting)
#include "tst_quality_routing.moc"
