// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/model/engine_world.h"

#include <QTest>

using namespace perunit;
using enum UsageClass;

namespace {

Scenario scenario(const std::string &id, const std::string &parent, std::vector<Lever> levers = {})
{
    Scenario result;
    result.id = id;
    result.name = "Name of " + id;
    result.parent = parent;
    result.levers = std::move(levers);
    return result;
}

Lever batch(const std::string &id, std::int64_t share)
{
    return world::lever(id, LeverKind::Batch, {{"share", share}}).lever;
}

std::shared_ptr<const PriceBook> book()
{
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.terms = {world::term("1-month", "260", false)};
    offer.throughput = {world::throughput("a", 1000, 15, 5)};
    ProvisionedOffer secret = offer;
    secret.id = "secret";
    secret.terms.push_back(world::term("1-year", "0", false));
    secret.terms.back().priceKnown = false;
    secret.throughput = {world::throughput("a", 0), world::throughput("b", 1000)};
    secret.throughput.back().weightsKnown = false;
    ProvisionedOffer apart = offer;
    apart.id = "apart";
    apart.separateOutputUnits = true;
    ProvisionedOffer strict = offer;
    strict.id = "strict";
    strict.overflow = OfferOverflow::Rejected;
    return world::book({world::model("p", "a", {world::rate("a", {{Input, "1"}})}),
                        world::model("p", "b", {world::rate("b", {{Input, "1"}})})},
                       {offer, secret, apart, strict});
}

std::string problemsOf(const std::vector<EffectiveLever> &levers)
{
    std::string result;
    for (const LeverProblem &problem : checkLevers(levers, *book()))
        result += problem.leverId + "." + problem.parameter + ": " + problem.what + "\n";
    return result;
}

} // namespace

class TestScenario : public QObject
{
    Q_OBJECT
private slots:
    void specsAreConsistent();
    void scopes();
    void leversInheritAndReplace();
    void cyclesEnd();
    void freeIds();
    void absentNumbersAreNeutral();
    void impossibleLevers_data();
    void impossibleLevers();
    void possibleLevers();
};

void TestScenario::specsAreConsistent()
{
    QCOMPARE(leverSpecs().size(), leverKindCount);
    for (const LeverSpec &spec : leverSpecs()) {
        QVERIFY(&leverSpec(spec.kind) == &spec);
        QVERIFY(leverKindNamed(spec.name) == spec.kind);
        QVERIFY(!spec.label.empty() && !spec.help.empty());
        QVERIFY(!spec.parameters.empty() && isNumeric(spec.parameters.front().unit));
        for (const ParameterSpec &parameter : spec.parameters) {
            QVERIFY(spec.parameter(parameter.name) == &parameter);
            QVERIFY(!parameter.label.empty() && !parameter.help.empty());
            QVERIFY(parameter.minimum <= parameter.neutral && parameter.neutral <= parameter.maximum);
            QCOMPARE(parameter.unit == ParameterUnit::Choice, !parameter.choices.empty());
        }
    }
    QVERIFY(!leverKindNamed("semantic_cache"));
}

void TestScenario::scopes()
{
    Scope all;
    Scope chat;
    chat.conditions = {{"workload", {"chat"}}};
    Scope chatProd;
    chatProd.conditions = {{"workload", {"chat", "mail"}}, {"environment", {"prod"}}};
    Scope review;
    review.conditions = {{"workload", {"review"}}};
    QVERIFY(all.isEverything() && !chat.isEverything());
    QVERIFY(all.overlaps(chat) && chat.overlaps(all));
    QVERIFY(chat.overlaps(chatProd) && chatProd.overlaps(chat));
    QVERIFY(!chat.overlaps(review) && !review.overlaps(chatProd));
    QCOMPARE(all.text(), std::string("everything"));
    QCOMPARE(chatProd.text(), std::string("environment = prod, workload = chat or mail"));
}

void TestScenario::leversInheritAndReplace()
{
    Lever route = world::lever("z-route", LeverKind::Routing, {{"share", 1}}).lever;
    ScenarioSet set;
    set.scenarios = {scenario("child", "root", {batch("b", 200'000), batch("a", 300'000)}),
                     scenario("root", "", {batch("b", 100'000), route})};
    const auto levers = set.effectiveLevers("child");
    QCOMPARE(levers.size(), std::size_t{3});
    QCOMPARE(levers[0].lever.id, std::string("z-route"));
    QCOMPARE(levers[0].layer, 0);
    QCOMPARE(levers[0].setBy, std::string("root"));
    QCOMPARE(levers[1].lever.id, std::string("a"));
    QCOMPARE(levers[2].lever.id, std::string("b"));
    QCOMPARE(levers[2].lever.number("share"), 200'000);
    QCOMPARE(levers[2].layer, 1);
    QCOMPARE(levers[2].setBy, std::string("child"));
    QCOMPARE(set.effectiveLevers("root").size(), std::size_t{2});
    QVERIFY(set.effectiveLevers("nobody").empty());
    QCOMPARE(set.childrenOf("root"), std::vector<std::string>{"child"});
    QVERIFY(set.findByName("Name of child") == set.find("child"));
}

void TestScenario::cyclesEnd()
{
    ScenarioSet set;
    set.scenarios = {scenario("a", "b"), scenario("b", "a"), scenario("orphan", "gone")};
    QCOMPARE(set.chain("a").size(), std::size_t{2});
    QCOMPARE(set.chain("orphan").size(), std::size_t{1});
    QVERIFY(set.chain("nobody").empty());
}

void TestScenario::freeIds()
{
    ScenarioSet set;
    set.scenarios = {scenario("scenario-1", "", {batch("batch-1", 0)}),
                     scenario("scenario-2", "scenario-1", {batch("batch-2", 0)}),
                     scenario("other", "", {batch("batch-3", 0)})};
    QCOMPARE(freeScenarioId(set), std::string("scenario-3"));
    // Ancestors and descendants are looked at, strangers are not.
    QCOMPARE(freeLeverId(set, "scenario-1", LeverKind::Batch), std::string("batch-3"));
    QCOMPARE(freeLeverId(set, "other", LeverKind::Batch), std::string("batch-1"));
    QCOMPARE(freeLeverId(set, "other", LeverKind::PromptCache), std::string("prompt_cache-1"));
    QCOMPARE(freeScenarioName(set, "New"), std::string("New"));
    QCOMPARE(freeScenarioName(set, "Name of other"), std::string("Name of other 2"));
}

void TestScenario::absentNumbersAreNeutral()
{
    Lever lever = world::lever("r", LeverKind::Routing, {}).lever;
    QCOMPARE(lever.number("token_ratio"), onePpm);
    QCOMPARE(lever.number("share"), 0);
    QCOMPARE(lever.text("to"), std::string());
    lever.numbers["share"] = 5;
    QCOMPARE(lever.number("share"), 5);
    Lever pool = world::lever("p", LeverKind::Provisioned, {}, {{"offer", "azure/1-year"}}).lever;
    QCOMPARE(offerAndTermOf(pool).offer, std::string("azure"));
    QCOMPARE(offerAndTermOf(pool).term, std::string("1-year"));
    QCOMPARE(modelKeyOf("azure/publisher/x").model, std::string("publisher/x"));
}

void TestScenario::impossibleLevers_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<qlonglong>("number");
    QTest::addColumn<QString>("texts");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, LeverKind kind, const char *parameter, std::int64_t number, const char *texts,
                        const char *problem) {
        QTest::newRow(name) << static_cast<int>(kind) << QString::fromLatin1(parameter)
                            << static_cast<qlonglong>(number) << QString::fromLatin1(texts)
                            << QString::fromLatin1(problem);
    };
    row("share above one", LeverKind::Batch, "share", 1'000'001, "", "between 0 and 1");
    row("share below zero", LeverKind::Batch, "share", -1, "", "between 0 and 1");
    row("unknown number", LeverKind::Batch, "depth", 1, "", "no number 'depth'");
    row("unknown text", LeverKind::Batch, "share", 1, "to=p/a", "no text 'to'");
    row("routing without a model", LeverKind::Routing, "share", 1, "", "choose a model");
    row("routing to an unknown model", LeverKind::Routing, "share", 1, "to=p/zeta", "no model 'p/zeta'");
    row("unknown cache lifetime", LeverKind::PromptCache, "hit_share", 1, "ttl=2h",
        "'2h' is not one of its values: 5m, 1h");
    row("no offer", LeverKind::Provisioned, "units", 15, "model=p/a", "choose an offer");
    row("unknown offer", LeverKind::Provisioned, "units", 15, "model=p/a,offer=x,term=1-month", "no offer 'x'");
    row("no term", LeverKind::Provisioned, "units", 15, "model=p/a,offer=offer", "choose a term");
    row("term not sold", LeverKind::Provisioned, "units", 15, "model=p/a,offer=offer,term=1-year", "no term '1-year'");
    row("model not served", LeverKind::Provisioned, "units", 15, "model=p/b,offer=offer,term=1-month",
        "no throughput for 'p/b'");
    row("below the minimum", LeverKind::Provisioned, "units", 10, "model=p/a,offer=offer,term=1-month",
        "10 units cannot be bought: at least 15, in steps of 5");
    row("price not public", LeverKind::Provisioned, "units", 15, "model=p/a,offer=secret,term=1-year",
        "the price of term '1-year' of offer 'secret' is not public");
    row("throughput not public", LeverKind::Provisioned, "units", 15, "model=p/a,offer=secret,term=1-month",
        "does not say how many tokens a unit serves in a minute");
    row("weights not public", LeverKind::Provisioned, "units", 15, "model=p/b,offer=secret,term=1-month",
        "does not say what output tokens weigh");
    row("units for output apart", LeverKind::Provisioned, "units", 15, "model=p/a,offer=apart,term=1-month",
        "sells units for input and for output apart");
    row("overflow rejected", LeverKind::Provisioned, "units", 15, "model=p/a,offer=strict,term=1-month",
        "rejects what its units cannot serve");
    row("off the step", LeverKind::Provisioned, "units", 17, "model=p/a,offer=offer,term=1-month",
        "17 units cannot be bought");
}

void TestScenario::impossibleLevers()
{
    QFETCH(int, kind);
    QFETCH(QString, parameter);
    QFETCH(qlonglong, number);
    QFETCH(QString, texts);
    QFETCH(QString, problem);
    EffectiveLever lever = world::lever("it", static_cast<LeverKind>(kind), {});
    lever.lever.numbers[parameter.toStdString()] = number;
    const auto pairs = texts.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString &pair : pairs)
        lever.lever.texts[pair.section(QLatin1Char('='), 0, 0).toStdString()] =
            pair.section(QLatin1Char('='), 1).toStdString();
    const std::string problems = problemsOf({lever});
    QVERIFY2(QString::fromStdString(problems).contains(problem), problems.c_str());
    lever.lever.enabled = false;
    QCOMPARE(problemsOf({lever}), std::string());
}

void TestScenario::possibleLevers()
{
    auto a = world::lever("a", LeverKind::Batch, {{"share", 1}});
    auto b = world::lever("b", LeverKind::Batch, {{"share", 1}});
    const std::string conflict = problemsOf({a, b});
    QVERIFY2(conflict.find("'a' and 'b'") != std::string::npos, conflict.c_str());
    b.layer = 1;
    QCOMPARE(problemsOf({a, b}), std::string());
    b.layer = 0;
    a.lever.scope.conditions["team"] = {"red"};
    b.lever.scope.conditions["team"] = {"blue"};
    QCOMPARE(problemsOf({a, b}), std::string());
    b.lever.scope.conditions["session"] = {"s1"};
    QVERIFY(problemsOf({b}).find("single units") != std::string::npos);
    const auto pool = [](const std::string &id, const std::string &model) {
        return world::lever(id, LeverKind::Provisioned, {{"units", 20}},
                            {{"model", model}, {"offer", "offer"}, {"term", "1-month"}});
    };
    QVERIFY(!problemsOf({pool("x", "p/a"), pool("y", "p/a")}).empty());
    QCOMPARE(problemsOf({pool("x", "p/a"), world::lever("idle", LeverKind::Provisioned, {})}), std::string());
    QCOMPARE(problemsOf({world::lever("waiting", LeverKind::Routing, {})}), std::string());
}

QTEST_APPLESS_MAIN(TestScenario)
#include "tst_scenario.moc"
