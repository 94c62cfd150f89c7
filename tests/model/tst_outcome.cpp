// SPDX-License-Identifier: GPL-3.0-or-later
// Periods, harness, units and breakdowns.
#include "tests/model/simple_world.h"

#include <QTest>

#include <limits>

using namespace simple;

class TestOutcome : public QObject
{
    Q_OBJECT
private slots:
    void harnessKeepsItsAmount();
    void harnessOverMonthsFoots();
    void unitCounts();
    void unitScopeAndComponents();
    void groupsFoot();
    void stopsWhenAsked();
    void emptyLedger();
    void settingsComeBack();
    void defaultPeriod_data();
    void defaultPeriod();
    void negativeCountsAreRefused();
};

void TestOutcome::harnessKeepsItsAmount()
{
    ChargeRow vectors = world::charge(someDay, {someDay.micros + microsPerDay}, "12.3");
    vectors.workload = "chat";
    ChargeRow logs = world::charge(someDay, someDay, "0.7");
    ChargeRow outside = world::charge(instantOf(2026, 4, 1), instantOf(2026, 4, 2), "99");
    const Ledger ledger =
        world::ledger({inWorkload(world::request(someDay, "a", 1'000'000, 0), "chat")}, {vectors, logs, outside});
    const auto lever = world::lever("b", LeverKind::Batch, {{"share", onePpm}});
    const Outcome outcome = evaluated(ledger, world::settings(march), {lever}, {}, {"workload"});
    QCOMPARE(outcome.components[Component::Harness].text(), std::string("13"));
    QCOMPARE(outcome.total().text(), std::string("14.5"));
    QVERIFY(hasCheck(outcome, "Harness", "99 USD", true));
    QCOMPARE(outcome.groups[0].key, std::string("chat"));
    QCOMPARE(outcome.groups[0].components[Component::Harness].text(), std::string("12.3"));
    QCOMPARE(outcome.groups[1].key, std::string());
    QCOMPARE(outcome.groups[1].components[Component::Harness].text(), std::string("0.7"));
    // The average month of two: half of it every month.
    const Outcome ahead = evaluated(ledger, world::settings(world::months(2026, 2, 2), 3));
    QCOMPARE(ahead.components[Component::Harness].text(), std::string("19.5"));
    Ledger euros = ledger;
    euros.currency = "EUR";
    const Outcome other = evaluated(euros, world::settings(march));
    QVERIFY(other.components[Component::Harness].isZero());
    QVERIFY(hasCheck(other, "Currency", "EUR", false));
}

void TestOutcome::harnessOverMonthsFoots()
{
    // 100 over 60 days, a third of which lies in the period's two months' parts.
    const ChargeRow charge = world::charge(instantOf(2026, 1, 21), instantOf(2026, 3, 22), "100");
    const Ledger ledger = world::ledger({world::request(someDay, "a", 0, 0)}, {charge});
    const Outcome outcome = evaluated(ledger, world::settings(world::months(2026, 1, 3)));
    QCOMPARE(outcome.components[Component::Harness].text(), std::string("100"));
    QCOMPARE(outcome.months[0].components[Component::Harness].text(), std::string("18.333333333333333"));
    QCOMPARE(outcome.months[1].components[Component::Harness].text(), std::string("46.666666666666667"));
    QCOMPARE(outcome.months[2].components[Component::Harness].text(), std::string("35"));
    const Outcome part = evaluated(ledger, world::settings({instantOf(2026, 2, 1), instantOf(2026, 2, 4)}));
    QCOMPARE(part.total().text(), std::string("5"));
}

void TestOutcome::unitCounts()
{
    std::vector<RequestRow> rows;
    const auto add = [&rows](int month, const char *session, const char *workload) {
        rows.push_back(inWorkload(world::request(instantOf(2026, month, 5), "a", 1'000'000, 0), workload));
        rows.back().session = session;
        rows.back().usage[Request] = 2;
    };
    add(1, "s1", "chat");
    add(1, "s1", "chat");
    add(2, "s1", "chat");
    add(2, "s2", "chat");
    add(2, "", "chat");
    add(2, "s3", "mail");
    const auto count = [](const char *text) {
        return OutcomeRow{instantOf(2026, 2, 3), "tickets", "", Money::ofUnits(world::exact(text, Money::scale))};
    };
    OutcomeRow other = count("1000");
    other.metric = "calls";
    OutcomeRow late = count("1000");
    late.day = instantOf(2026, 3, 1);
    const Ledger ledger = world::ledger(rows, {}, {count("2.5"), count("4"), other, late});
    EconomicUnit sessions;
    sessions.name = "conversation";
    sessions.scope.conditions["workload"] = {"chat"};
    sessions.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    EconomicUnit requests = sessions;
    requests.name = "request";
    requests.denominator = {UnitDenominator::Kind::Requests, ""};
    EconomicUnit tickets = sessions;
    tickets.name = "ticket";
    tickets.denominator = {UnitDenominator::Kind::Outcome, "tickets"};
    EconomicUnit documents = sessions;
    documents.name = "document";
    documents.denominator.name = "document";
    const std::vector<EconomicUnit> units{sessions, requests, tickets, documents};

    const Outcome actual = evaluated(ledger, world::settings(world::months(2026, 1, 2)), {}, units);
    QCOMPARE(actual.unit("conversation")->count, Millionths{2} * onePpm);
    QCOMPARE(actual.unit("conversation")->months[0].count, Millionths{1} * onePpm);
    QCOMPARE(actual.unit("conversation")->months[1].count, Millionths{2} * onePpm);
    QCOMPARE(actual.unit("conversation")->cost.text(), std::string("15"));
    QCOMPARE(actual.unit("conversation")->costPerUnit()->text(), std::string("7.5"));
    QCOMPARE(actual.unit("request")->count, Millionths{10} * onePpm);
    QCOMPARE(actual.unit("ticket")->count, Millionths{6'500'000});
    QCOMPARE(actual.unit("ticket")->months[0].count, Millionths{0});
    QVERIFY(!actual.unit("document")->costPerUnit());
    QVERIFY(hasCheck(actual, "Unit document", "no units", false));
    QVERIFY(!actual.unit("nothing"));

    const Outcome ahead = evaluated(ledger, world::settings(world::months(2026, 1, 2), 3), {}, units);
    QCOMPARE(ahead.unit("conversation")->months[2].count, Millionths{1} * onePpm);
    QCOMPARE(ahead.unit("conversation")->count, Millionths{3} * onePpm);
    QCOMPARE(ahead.unit("ticket")->count, Millionths{9'750'000});
    QCOMPARE(ahead.unit("conversation")->costPerUnit()->text(), std::string("7.5"));
}

void TestOutcome::unitScopeAndComponents()
{
    ChargeRow charge = world::charge(someDay, {someDay.micros + 1}, "2");
    charge.workload = "chat";
    const ChargeRow shared = world::charge(someDay, {someDay.micros + 1}, "50");
    const Ledger ledger = world::ledger({inWorkload(world::request(someDay, "a", 1'000'000, 0), "chat"),
                                         inWorkload(world::request(someDay, "a", 1'000'000, 0), "mail")},
                                        {charge, shared});
    EconomicUnit unit;
    unit.name = "chat";
    unit.scope.conditions["workload"] = {"chat"};
    unit.denominator = {UnitDenominator::Kind::Requests, ""};
    EconomicUnit inference = unit;
    inference.name = "inference";
    inference.harness = false;
    EconomicUnit harness = unit;
    harness.name = "harness";
    harness.inference = false;
    EconomicUnit single = unit;
    single.name = "one session";
    single.scope.conditions["session"] = {"s"};
    const Outcome outcome = evaluated(ledger, world::settings(march), {}, {unit, inference, harness, single});
    QCOMPARE(outcome.unit("chat")->cost.text(), std::string("5"));
    QCOMPARE(outcome.unit("inference")->cost.text(), std::string("3"));
    QCOMPARE(outcome.unit("harness")->cost.text(), std::string("2"));
    QVERIFY(hasCheck(outcome, "Unit one session", "single units", false));
    QCOMPARE(outcome.unit("one session")->count, Millionths{0});
}

void TestOutcome::groupsFoot()
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 300; ++i) {
        rows.push_back(world::request({someDay.micros + i}, i % 2 ? "a" : "b", 7 * i + 1, i));
        rows.back().team = "team-" + std::to_string(i % 7);
        rows.back().customer = "customer-" + std::to_string(i % 40);
    }
    const auto lever = world::lever("r", LeverKind::Routing, {{"share", 333'333}}, {{"to", "p/b"}});
    const Outcome outcome = evaluated(world::ledger(rows), world::settings(world::months(2026, 1, 3), 7), {lever}, {},
                                      {"team", "customer", "model", "nothing", "team"});
    for (const char *by : {"team", "customer", "model", "nothing"}) {
        Components sum;
        Femto previous = Femto::ofUnits(std::numeric_limits<std::int64_t>::max());
        for (const GroupOutcome &group : outcome.groups) {
            if (group.by != by)
                continue;
            sum += group.components;
            QVERIFY(group.components.total() <= previous);
            previous = group.components.total();
        }
        QVERIFY2(sum == outcome.components, by);
    }
    QVERIFY(hasCheck(outcome, "Sums", "exactly", true));
    // What was asked for does not change what is found.
    const Outcome plain = evaluated(world::ledger(rows), world::settings(world::months(2026, 1, 3), 7), {lever});
    QVERIFY(plain.components == outcome.components);
    auto baseline = Baseline::build(world::ledger(rows), simpleBook(), world::settings(march), {});
    EvaluationRequest request;
    request.groupBy = {"session"};
    QCOMPARE(evaluate(**baseline, request, {}).error().code, ErrorCode::Unsupported);
}

void TestOutcome::stopsWhenAsked()
{
    const Ledger ledger = world::ledger({world::request(someDay, "a", 1, 0)});
    std::stop_source source;
    source.request_stop();
    const auto refused = Baseline::build(ledger, simpleBook(), world::settings(march), source.get_token());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Cancelled);
    const auto baseline = Baseline::build(ledger, simpleBook(), world::settings(march), {});
    QCOMPARE(evaluate(**baseline, {}, source.get_token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(bridge(**baseline, {}, {}, BridgeMethod::Shapley, source.get_token()).error().code, ErrorCode::Cancelled);
}

void TestOutcome::emptyLedger()
{
    const Outcome outcome = evaluated(world::ledger({}), {});
    QVERIFY(outcome.months.empty());
    QVERIFY(outcome.total().isZero());
    BaselineSettings ahead;
    ahead.horizonMonths = 3;
    QVERIFY(evaluated(world::ledger({}), ahead).months.empty());
    // Harness charges alone make a period of their own days.
    const Ledger charges = world::ledger({}, {world::charge(instantOf(2026, 3, 2), instantOf(2026, 3, 4), "5")});
    QCOMPARE(evaluated(charges, {}).total().text(), std::string("5"));
}

void TestOutcome::settingsComeBack()
{
    for (const BaselineSettings &settings : {BaselineSettings{}, world::settings(march, 12, false)}) {
        const auto read = readBaselineSettings(writeBaselineSettings(settings));
        QVERIFY(read.ok());
        QVERIFY(*read == settings);
    }
    for (const char *bad :
         {"", "[]", R"({"horizon_months":-1})", R"({"horizon_months":1.5})", R"({"period":5})",
          R"({"period":{"from":"2026-03-01","to":"2026-03-01"}})", R"({"unknown":1})", R"({"conventional_month":1})"})
        QVERIFY2(!readBaselineSettings(bad).ok(), bad);
    BaselineSettings tooFar;
    tooFar.horizonMonths = 121;
    QVERIFY(!Baseline::build(world::ledger({}), simpleBook(), tooFar, {}).ok());
}

void TestOutcome::defaultPeriod_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("an hour: whole minutes") << "2026-03-09T18:15:46.68Z"
                                            << "2026-03-09T19:14:20Z"
                                            << "2026-03-09T18:15:00Z"
                                            << "2026-03-09T19:15:00Z";
    QTest::newRow("two days: still minutes") << "2026-03-09T18:15:46Z"
                                             << "2026-03-11T18:15:46Z"
                                             << "2026-03-09T18:15:00Z"
                                             << "2026-03-11T18:16:00Z";
    QTest::newRow("more: whole days") << "2026-03-01T00:15:46Z"
                                      << "2026-03-31T23:14:20Z"
                                      << "2026-03-01T00:00:00Z"
                                      << "2026-04-01T00:00:00Z";
}

void TestOutcome::defaultPeriod()
{
    QFETCH(QString, first);
    QFETCH(QString, last);
    QFETCH(QString, from);
    QFETCH(QString, to);
    const Ledger ledger = world::ledger({world::request(*parseInstant(last.toStdString()), "a", 1, 0),
                                         world::request(*parseInstant(first.toStdString()), "a", 1, 0)});
    const auto baseline = Baseline::build(ledger, simpleBook(), {}, {});
    QVERIFY(baseline.ok());
    QCOMPARE(QString::fromStdString(formatInstant((*baseline)->period().from)), from);
    QCOMPARE(QString::fromStdString(formatInstant((*baseline)->period().to)), to);
    QCOMPARE((*baseline)->requestCount(), 2);
    QCOMPARE((*baseline)->rows(), (std::pair<std::size_t, std::size_t>{0, 2}));
}

void TestOutcome::negativeCountsAreRefused()
{
    const auto refused =
        Baseline::build(world::ledger({world::request(someDay, "a", -1, 0)}), simpleBook(), world::settings(march), {});
    QVERIFY(!refused.ok());
    QVERIFY2(refused.error().text().find("row 1 of source 1") != std::string::npos, refused.error().text().c_str());
}

QTEST_APPLESS_MAIN(TestOutcome)
#include "tst_outcome.moc"
