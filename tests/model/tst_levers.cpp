// SPDX-License-Identifier: GPL-3.0-or-later
// What each lever does, by the worked numbers of its formula.
#include "model/engine/lever_values.h"
#include "tests/model/engine_world.h"

#include <QTest>

using namespace perunit;
using enum UsageClass;

namespace {

constexpr std::int64_t oneMoney = 1'000'000'000;

/// "strong" costs 25 times what "weak" costs; both have a batch price, "plain" has none.
std::shared_ptr<const PriceBook> book()
{
    using world::rate;
    const auto both = [](const std::string &name, const char *input, const char *output, const char *half) {
        return world::model("p", name,
                            {rate(name, {{Input, input}, {CacheRead, half}, {CacheWrite5m, input}, {Output, output}}),
                             rate(name + "/batch", {{Input, half}, {Output, half}}, ServiceTier::Batch)});
    };
    return world::book({both("strong", "25", "125", "12.5"), both("weak", "1", "5", "0.5"),
                        world::model("p", "plain", {rate("plain", {{Input, "2"}, {Output, "10"}})})});
}

std::vector<RequestRow> thousandRequests(const std::string &model, std::int64_t input, std::int64_t output)
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < 1000; ++i)
        rows.push_back(
            world::request(Instant{instantOf(2026, 3, 9, 12).micros + i * microsPerMinute}, model, input, output));
    return rows;
}

Result<Outcome> evaluated(const std::vector<RequestRow> &rows, std::vector<EffectiveLever> levers, int horizon = 0,
                          std::vector<ChargeRow> harness = {}, std::vector<EconomicUnit> units = {},
                          const std::string &currency = "USD")
{
    Ledger ledger = world::ledger(rows, std::move(harness));
    ledger.currency = currency;
    const auto baseline = Baseline::build(ledger, book(), world::settings(world::months(2026, 3, 1), horizon), {});
    if (!baseline)
        return baseline.error();
    EvaluationRequest request;
    request.levers = std::move(levers);
    request.units = std::move(units);
    request.groupBy = {"workload"};
    return evaluate(**baseline, request, {});
}

std::string totalOf(const Result<Outcome> &outcome)
{
    return outcome ? outcome->total().text() : outcome.error().text();
}

EconomicUnit unitOf(UnitDenominator::Kind kind, const std::string &name)
{
    EconomicUnit unit;
    unit.name = name;
    unit.denominator = {kind, name};
    return unit;
}

} // namespace

class TestLevers : public QObject
{
    Q_OBJECT
private slots:
    void total_data();
    void total();
    void neutralChangesNothing_data();
    void neutralChangesNothing();
    void volumeByShape_data();
    void volumeByShape();
    void historyGrowsWithTheSquare();
    void scheduleRunsPartOfTheWeek();
    void trainingIsSpreadOverMonths();
    void unitsGrowWithTheirRequests();
    void unitsLeaveComponentsOut();
    void qualityOfRoutes();
    void chargesInAnotherCurrency();
    void linesOfBillsCountNoRequests();
    void spreadOfRuns();
    void measuredHitShare();
    void impossibleLeversAreRefused();
};

void TestLevers::total_data()
{
    using Levers = std::vector<EffectiveLever>;
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("input");
    QTest::addColumn<int>("output");
    QTest::addColumn<Levers>("levers");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *model, int input, int output, Levers levers,
                        const char *expected) {
        QTest::addRow("%s", name) << QString(model) << input << output << std::move(levers) << QString(expected);
    };
    const auto cache = [](std::int64_t wrong) {
        return world::lever(
            "it", LeverKind::AnswerCache,
            {{"hit_share", 200'000}, {"lookup_cost", 30'000}, {"wrong_share", wrong}, {"wrong_cost", oneMoney / 20}});
    };
    // A request costs 0.0035: saving 19.1 % with right answers, 10.6 % when 3 % of them are wrong at 0.05 each.
    row("answers cost", "weak", 3000, 100, {}, "3.5");
    row("answer cache", "weak", 3000, 100, {cache(0)}, "2.83");
    row("wrong answers of it", "weak", 3000, 100, {cache(30'000)}, "3.13");
    // Escalation 0.638 × 0.1 + 0.362 × 0.8 = 0.3534, a verdict for half of what the weak model costs: 0.4134 of the
    // strong.
    row("strong alone", "strong", 1000, 0, {}, "25");
    row("cascade", "strong", 1000, 0,
        {world::lever("it", LeverKind::Routing,
                      {{"share", onePpm}, {"escalation", 353'400}, {"verifier_cost", oneMoney / 2000}},
                      {{"to", "p/weak"}})},
        "10.335");
    row("prompts of a length are routed", "strong", 1000, 0,
        {world::lever("it", LeverKind::Routing, {{"share", onePpm}, {"prompt_from", 1000}, {"prompt_below", 1001}},
                      {{"to", "p/weak"}})},
        "1");
    row("shorter ones are not", "strong", 1000, 0,
        {world::lever("it", LeverKind::Routing, {{"share", onePpm}, {"prompt_from", 1001}}, {{"to", "p/weak"}})}, "25");
    row("two routes by length", "strong", 1000, 0,
        {world::lever("a", LeverKind::Routing, {{"share", onePpm}, {"prompt_below", 1000}}, {{"to", "p/plain"}}),
         world::lever("b", LeverKind::Routing, {{"share", onePpm}, {"prompt_from", 1000}}, {{"to", "p/weak"}})},
        "1");
    row("long prompts are trimmed", "weak", 4000, 0,
        {world::lever("it", LeverKind::Trimming, {{"factor", 750'000}, {"prompt_from", 4000}})}, "3");
    row("short ones are not", "weak", 4000, 0,
        {world::lever("it", LeverKind::Trimming, {{"factor", 750'000}, {"prompt_from", 4001}})}, "4");
    row("longer answers", "weak", 0, 1000, {world::lever("it", LeverKind::OutputLength, {{"factor", 1'500'000}})},
        "7.5");
    row("four calls a request", "weak", 1000, 100, {world::lever("it", LeverKind::AgentSteps, {{"mean", 4 * onePpm}})},
        "6");
    row("one in twenty again, half charged", "weak", 1000, 0,
        {world::lever("it", LeverKind::Retries, {{"retry_share", 50'000}, {"charged_share", 500'000}})}, "1.025");
    row("a price cut", "weak", 1000, 100, {world::lever("it", LeverKind::PriceChange, {{"factor", 800'000}})}, "1.2");
    row("of another model", "weak", 1000, 100,
        {world::lever("it", LeverKind::PriceChange, {{"factor", 800'000}}, {{"model", "p/strong"}})}, "1.5");
    row("a new price of input", "weak", 1000, 100,
        {world::lever("it", LeverKind::PriceChange, {{"input_price", oneMoney / 4}})}, "0.75");
    row("and of its batch in proportion", "weak", 1000, 0,
        {world::lever("it", LeverKind::PriceChange, {{"input_price", oneMoney / 4}}),
         world::lever("batch", LeverKind::Batch, {{"share", onePpm}})},
        "0.125");
    row("batch that is run again", "weak", 1000, 0,
        {world::lever("it", LeverKind::Batch, {{"share", onePpm}, {"rerun_share", 100'000}})}, "0.55");
    row("too short to be cached", "weak", 1000, 0,
        {world::lever("it", LeverKind::PromptCache, {{"hit_share", onePpm}, {"minimum_prompt", 1024}})}, "1");
    row("long enough once it has grown", "weak", 1000, 0,
        {world::lever("it", LeverKind::PromptCache, {{"hit_share", onePpm}, {"minimum_prompt", 1024}}),
         world::lever("longer", LeverKind::ContextGrowth, {{"factor", 1'024'000}})},
        "0.512");
    // A million tokens for a month of 730 hours at 4.5 a million and hour.
    row("a cache by the hour", "weak", 1000, 0,
        {world::lever("it", LeverKind::PromptCache,
                      {{"hit_share", onePpm}, {"stored_tokens", 1'000'000}, {"storage_price", 4'500'000'000}})},
        "3285.5");
    // 5 % of 1,000 requests, 3 minutes each at 40 an hour.
    row("review", "weak", 1000, 0,
        {world::lever("it", LeverKind::HumanReview,
                      {{"share", 50'000}, {"minutes", 3 * onePpm}, {"hourly_rate", 40 * oneMoney}})},
        "101");
    row("twice the requests, reviewed", "weak", 1000, 0,
        {world::lever("it", LeverKind::HumanReview,
                      {{"share", 50'000}, {"minutes", 3 * onePpm}, {"hourly_rate", 40 * oneMoney}}),
         world::lever("volume", LeverKind::Volume, {{"factor", 2 * onePpm}})},
        "202");
}

void TestLevers::total()
{
    QFETCH(QString, model);
    QFETCH(int, input);
    QFETCH(int, output);
    QFETCH(std::vector<EffectiveLever>, levers);
    QFETCH(QString, expected);
    const auto outcome = evaluated(thousandRequests(model.toStdString(), input, output), levers);
    QCOMPARE(QString::fromStdString(totalOf(outcome)), expected);
    for (const OutcomeCheck &check : outcome->checks)
        QVERIFY2(check.name != "Sums" || check.ok, check.detail.c_str());
}

void TestLevers::neutralChangesNothing_data()
{
    QTest::addColumn<int>("kind");
    for (const LeverSpec &spec : leverSpecs())
        QTest::addRow("%s", spec.name.data()) << static_cast<int>(spec.kind);
}

void TestLevers::neutralChangesNothing()
{
    QFETCH(int, kind);
    EffectiveLever lever = world::lever("it", static_cast<LeverKind>(kind), {});
    for (const ParameterSpec &parameter : leverSpec(lever.lever.kind).parameters) {
        if (isNumeric(parameter.unit))
            lever.lever.numbers[std::string(parameter.name)] = parameter.neutral;
    }
    const auto rows = thousandRequests("strong", 1234, 567);
    const ChargeRow charge = world::charge(instantOf(2026, 3, 1), instantOf(2026, 4, 1), "13.13");
    const auto before = evaluated(rows, {}, 3, {charge});
    const auto after = evaluated(rows, {lever}, 3, {charge});
    QVERIFY2(after.ok(), totalOf(after).c_str());
    QVERIFY(before->components == after->components);
    QVERIFY(before->usage == after->usage);
    QVERIFY(before->groups[0].requests == after->groups[0].requests);
}

void TestLevers::volumeByShape_data()
{
    QTest::addColumn<QString>("shape");
    QTest::addColumn<qlonglong>("growth");
    QTest::addColumn<int>("ramp");
    QTest::addColumn<QString>("expected");
    QTest::newRow("at once") << "" << 0LL << 0 << "3 3 3 3";
    QTest::newRow("over a ramp") << "compound" << 0LL << 4 << "1.5 2 2.5 3";
    QTest::newRow("growth on growth") << "compound" << 100'000LL << 0 << "3 3.3 3.63 3.993";
    QTest::newRow("the same every month") << "linear" << 100'000LL << 0 << "3 3.3 3.6 3.9";
    QTest::newRow("until nothing is left") << "linear" << -400'000LL << 0 << "3 1.8 0.6 0";
    // x²(3 - 2x) at a quarter, half and three quarters: 0.15625, 0.5, 0.84375.
    QTest::newRow("along an S") << "s-curve" << 0LL << 4 << "1.3125 2 2.6875 3";
    QTest::newRow("a launch") << "spike" << 0LL << 0 << "3 2 1.5 1.25";
}

void TestLevers::volumeByShape()
{
    QFETCH(QString, shape);
    QFETCH(qlonglong, growth);
    QFETCH(int, ramp);
    QFETCH(QString, expected);
    auto lever = world::lever("it", LeverKind::Volume, {{"factor", 3 * onePpm}, {"monthly_growth", growth}},
                              {{"shape", shape.toStdString()}});
    lever.lever.rampMonths = ramp;
    const auto outcome = evaluated(thousandRequests("weak", 1000, 0), {lever}, 4);
    QVERIFY2(outcome.ok(), totalOf(outcome).c_str());
    QStringList months;
    for (const MonthOutcome &month : outcome->months)
        months << QString::fromStdString(month.components.total().text());
    QCOMPARE(months.join(QLatin1Char(' ')), expected);
}

void TestLevers::historyGrowsWithTheSquare()
{
    // System 1,500, question 200, answer 300: 39,500 tokens in 10 turns, 697,500 in 50.
    const auto lever = world::lever("it", LeverKind::ConversationLength,
                                    {{"turns_before", 10},
                                     {"turns_after", 50},
                                     {"system_tokens", 1500},
                                     {"user_tokens", 200},
                                     {"answer_tokens", 300}});
    const TurnFactors factors = turnFactors(lever.lever);
    QCOMPARE(factors.turns, 5 * onePpm);
    QCOMPARE(factors.prompt, PartsPerMillion{3'531'646}); // 13,950 ÷ 3,950
    const auto outcome =
        evaluated(thousandRequests("weak", 3950, 300), {lever}, 0, {}, {unitOf(UnitDenominator::Kind::Requests, "")});
    // 1,000 turns become 5,000; answers keep their length. The ratio is rounded to a millionth.
    QCOMPARE(QString::fromStdString(totalOf(outcome)), QStringLiteral("77.2500085"));
    QVERIFY(outcome->units[0].count == Millionths{5000} * onePpm);
}

void TestLevers::scheduleRunsPartOfTheWeek()
{
    const ChargeRow charge = world::charge(instantOf(2026, 3, 1), instantOf(2026, 4, 1), "1022");
    const auto lever = world::lever("it", LeverKind::EndpointSchedule,
                                    {{"hours_per_day", 12 * onePpm}, {"days_per_week", 5 * onePpm}});
    // 60 of 168 hours are 35.7 %.
    QCOMPARE(QString::fromStdString(totalOf(evaluated({}, {lever}, 0, {charge}))), QStringLiteral("365"));
}

void TestLevers::trainingIsSpreadOverMonths()
{
    auto lever = world::lever(
        "it", LeverKind::Training,
        {{"run_cost", 300 * oneMoney}, {"runs_per_month", onePpm}, {"runs_at_start", 2}, {"amortisation_months", 3}});
    const auto outcome = evaluated(thousandRequests("weak", 1000, 0), {lever}, 5);
    QVERIFY2(outcome.ok(), totalOf(outcome).c_str());
    QStringList months;
    for (const MonthOutcome &month : outcome->months)
        months << QString::fromStdString(month.components[Component::Training].text());
    // Two runs and one more, then one every month: a third of each in its month and the next two.
    QCOMPARE(months.join(QLatin1Char(' ')), QStringLiteral("300 400 500 300 300"));
    lever.lever.scope.conditions["workload"] = {"nobody's"};
    const auto nobodys = evaluated(thousandRequests("weak", 1000, 0), {lever}, 1);
    QCOMPARE(QString::fromStdString(nobodys->components[Component::Training].text()), QStringLiteral("300"));
}

void TestLevers::unitsGrowWithTheirRequests()
{
    std::vector<RequestRow> rows = thousandRequests("weak", 1000, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].session = "s" + std::to_string(i / 10);
        rows[i].workload = i < 500 ? "chat" : "review";
    }
    auto lever = world::lever("it", LeverKind::Volume, {{"factor", 3 * onePpm}});
    lever.lever.scope.conditions["workload"] = {"chat"};
    const auto outcome = evaluated(rows, {lever}, 2, {}, {unitOf(UnitDenominator::Kind::DistinctValues, "session")});
    QVERIFY2(outcome.ok(), totalOf(outcome).c_str());
    // Half of the conversations become three times as many, in each of two months.
    QVERIFY(outcome->units[0].count == Millionths{400} * onePpm);
    QCOMPARE(outcome->units[0].costPerUnit()->text(), std::string("0.01"));
}

void TestLevers::unitsLeaveComponentsOut()
{
    const std::vector<EffectiveLever> levers{
        world::lever("review", LeverKind::HumanReview,
                     {{"share", onePpm}, {"minutes", 60 * onePpm}, {"hourly_rate", oneMoney}}),
        world::lever("train", LeverKind::Training, {{"run_cost", 50 * oneMoney}, {"runs_at_start", 1}})};
    EconomicUnit all = unitOf(UnitDenominator::Kind::Requests, "all");
    EconomicUnit without = unitOf(UnitDenominator::Kind::Requests, "without");
    without.training = without.humanReview = false;
    const auto outcome = evaluated(thousandRequests("weak", 1000, 0), levers, 0, {}, {all, without});
    QVERIFY2(outcome.ok(), totalOf(outcome).c_str());
    QCOMPARE(outcome->unit("all")->cost.text(), std::string("1051"));
    QCOMPARE(outcome->unit("without")->cost.text(), std::string("1"));
    const auto read = readUnit(writeUnit(without), "x");
    QVERIFY(read.ok() && *read == without);
}

void TestLevers::qualityOfRoutes()
{
    const auto lever =
        world::lever("it", LeverKind::Routing,
                     {{"share", 400'000}, {"quality_before", 857'000}, {"quality_after", 638'000}}, {{"to", "p/weak"}});
    const auto outcome = evaluated(thousandRequests("strong", 1000, 0), {lever});
    QVERIFY(outcome->quality.has_value());
    QCOMPARE(outcome->quality->before, PartsPerMillion{857'000});
    QCOMPARE(outcome->quality->after, PartsPerMillion{769'400}); // on the line between the models
    QVERIFY(outcome->quality->requests == Millionths{1000} * onePpm);
    QVERIFY(!evaluated(thousandRequests("strong", 1000, 0), {})->quality);
}

void TestLevers::chargesInAnotherCurrency()
{
    const ChargeRow charge = world::charge(instantOf(2026, 3, 1), instantOf(2026, 4, 1), "100");
    const auto without = evaluated(thousandRequests("weak", 1000, 0), {}, 0, {charge}, {}, "EUR");
    QCOMPARE(QString::fromStdString(totalOf(without)), QStringLiteral("1"));
    const auto lever = world::lever("it", LeverKind::ExchangeRate, {{"rate", 1'085'000'000}}, {{"currency", "EUR"}});
    const auto with = evaluated(thousandRequests("weak", 1000, 0), {lever}, 0, {charge}, {}, "EUR");
    QCOMPARE(QString::fromStdString(totalOf(with)), QStringLiteral("109.5"));
    auto later = lever;
    later.lever.start = Month::of(2026, 5);
    const auto begun = evaluated(thousandRequests("weak", 1000, 0), {later}, 2, {charge}, {}, "EUR");
    QCOMPARE(QString::fromStdString(totalOf(begun)), QStringLiteral("110.5"));
    QVERIFY(std::any_of(begun->checks.begin(), begun->checks.end(), [](const OutcomeCheck &check) {
        return check.name == "Currency" && !check.ok && check.detail.find("2026-05") != std::string::npos;
    }));
    const auto other = world::lever("it", LeverKind::ExchangeRate, {{"rate", oneMoney}}, {{"currency", "GBP"}});
    QCOMPARE(
        QString::fromStdString(totalOf(evaluated(thousandRequests("weak", 1000, 0), {other}, 0, {charge}, {}, "EUR"))),
        QStringLiteral("1"));
}

void TestLevers::linesOfBillsCountNoRequests()
{
    std::vector<RequestRow> rows = thousandRequests("weak", 1000, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].usage[Request] = 0;
        rows[i].session = "s" + std::to_string(i / 10);
        rows[i].workload = i < 500 ? "chat" : "review";
    }
    auto volume = world::lever("volume", LeverKind::Volume, {{"factor", 3 * onePpm}});
    volume.lever.scope.conditions["workload"] = {"chat"};
    const auto review = world::lever("review", LeverKind::HumanReview,
                                     {{"share", onePpm}, {"minutes", onePpm}, {"hourly_rate", oneMoney}});
    const auto outcome =
        evaluated(rows, {volume, review}, 0, {}, {unitOf(UnitDenominator::Kind::DistinctValues, "session")});
    QVERIFY2(outcome.ok(), totalOf(outcome).c_str());
    // Units grow with half of the tokens; what a review costs is unknown, and said so.
    QVERIFY(outcome->units[0].count == Millionths{200} * onePpm);
    QCOMPARE(outcome->units[0].costPerUnit()->text(), std::string("0.01"));
    QVERIFY(std::any_of(outcome->checks.begin(), outcome->checks.end(), [](const OutcomeCheck &check) {
        return !check.ok && check.detail.find("'review' costs money by the request") != std::string::npos;
    }));
}

void TestLevers::spreadOfRuns()
{
    const RunSpread none = runSpread(onePpm);
    QCOMPARE(none.usual, onePpm);
    QCOMPARE(none.expensive, onePpm);
    // ln 30 / 1.6449 = 2.0677; the median of such runs is exp(-2.0677²/2) of their mean.
    const RunSpread wide = runSpread(30 * onePpm);
    QVERIFY(wide.usual > 117'000 && wide.usual < 119'000);
    QVERIFY(std::abs(wide.expensive - 30 * wide.usual) <= 30);
}

void TestLevers::measuredHitShare()
{
    // Conversations of two turns, the second ten minutes after the first: read within an hour, not within five minutes.
    std::vector<RequestRow> rows;
    for (int i = 0; i < 100; ++i) {
        for (int turn = 0; turn < 2; ++turn) {
            RequestRow row = world::request(
                Instant{instantOf(2026, 3, 9).micros + (i * 60 + turn * 10) * microsPerMinute}, "weak", 2000, 0);
            row.session = "s" + std::to_string(i);
            rows.push_back(row);
        }
    }
    const auto measured = [](const char *ttl) {
        return world::lever("it", LeverKind::PromptCache, {}, {{"ttl", ttl}, {"mode", "measured"}});
    };
    const auto hour = evaluated(rows, {measured("1h")});
    QVERIFY2(hour.ok(), totalOf(hour).c_str());
    QCOMPARE(hour->cacheShares.size(), std::size_t{1});
    QCOMPARE(hour->cacheShares[0].applied, PartsPerMillion{500'000});
    QCOMPARE(hour->cacheShares[0].achievable5m, PartsPerMillion{0});
    QVERIFY(!hour->cacheShares[0].upperBound);
    QCOMPARE(QString::fromStdString(totalOf(hour)), QStringLiteral("0.3"));
    QCOMPARE(QString::fromStdString(totalOf(evaluated(rows, {measured("5m")}))), QStringLiteral("0.4"));
    // Half of the requests are answered elsewhere: every other predecessor is missing.
    const auto thinned =
        evaluated(rows, {measured("1h"), world::lever("answers", LeverKind::AnswerCache, {{"hit_share", 500'000}})});
    QCOMPARE(thinned->cacheShares[0].applied, PartsPerMillion{250'000});
    // More than gaps allow is flagged, not believed.
    const auto set = evaluated(rows, {world::lever("it", LeverKind::PromptCache, {{"hit_share", 700'000}})});
    QVERIFY(std::any_of(set->checks.begin(), set->checks.end(), [](const OutcomeCheck &check) {
        return check.name == "Cache hit share" && !check.ok && check.detail.find("70 %") != std::string::npos;
    }));
}

void TestLevers::impossibleLeversAreRefused()
{
    const auto refusal = [](const EffectiveLever &lever, int horizon = 0) {
        const auto outcome = evaluated(thousandRequests("plain", 1000, 10), {lever}, horizon);
        return outcome ? std::string() : outcome.error().text();
    };
    const auto contains = [](const std::string &text, const char *part) {
        return text.find(part) != std::string::npos;
    };
    QVERIFY(contains(refusal(world::lever("it", LeverKind::Batch, {{"share", 1}})), "batch price"));
    QVERIFY(contains(refusal(world::lever("it", LeverKind::Batch, {{"share", onePpm + 1}})), "between 0 and 1"));
    QVERIFY(contains(refusal(world::lever("it", LeverKind::Volume, {{"monthly_growth", onePpm}}), 40),
                     "beyond a million times"));
    QVERIFY(contains(refusal(world::lever("it", LeverKind::PriceChange, {}, {{"model", "p/nobody"}})), "p/nobody"));
    QVERIFY(
        contains(refusal(world::lever("it", LeverKind::Routing,
                                      {{"share", 1}, {"prompt_from", 10}, {"prompt_below", 10}}, {{"to", "p/weak"}})),
                 "no prompt has at least 10"));
    QVERIFY(contains(refusal(world::lever("it", LeverKind::ExchangeRate, {{"rate", oneMoney}})), "currency"));
}

QTEST_APPLESS_MAIN(TestLevers)
#include "tst_levers.moc"
