// SPDX-License-Identifier: GPL-3.0-or-later
// Explanations: their lines sum to the figure exactly, each is what its tokens, share and price say, and cells name
// figures or say what there is.
#include "model/engine/explain.h"
#include "tests/model/random_world.h"

#include <QTest>

#include <gmpxx.h>

using namespace perunit;

namespace {

using enum UsageClass;

std::string text(Int128 value)
{
    return reference::big(value).get_str();
}

mpq_class rational(const std::string &decimal)
{
    const std::size_t dot = decimal.find('.');
    std::string digits = decimal;
    std::size_t decimals = 0;
    if (dot != std::string::npos) {
        decimals = decimal.size() - dot - 1;
        digits.erase(dot, 1);
    }
    mpz_class scale;
    mpz_ui_pow_ui(scale.get_mpz_t(), 10, decimals);
    mpq_class result(mpz_class(digits, 10), scale);
    result.canonicalize();
    return result;
}

/// What a line says about itself: tokens × factors × price, in femto-units.
mpq_class statedAmount(const ExplainedLine &line)
{
    mpq_class amount = reference::big(*line.tokens);
    for (const ShareFactor &factor : line.factors) {
        if (factor.divides)
            amount /= rational(factor.value);
        else
            amount *= rational(factor.value);
    }
    return amount * reference::big(line.price->femto);
}

EconomicUnit unitOf(const std::string &name, Scope scope, UnitDenominator::Kind kind, const std::string &by)
{
    EconomicUnit unit;
    unit.name = name;
    unit.scope = std::move(scope);
    unit.denominator = {kind, by};
    return unit;
}

struct Explained {
    std::shared_ptr<const Baseline> baseline;
    EvaluationRequest request;
    Outcome outcome;

    [[nodiscard]] Result<Explanation> why(const Cell &cell) const { return explain(*baseline, request, cell, {}); }
    [[nodiscard]] Result<Explanation> why(const std::string &cell) const
    {
        const auto parsed = parseCell(cell, cellChoices(*baseline, request.units));
        return parsed ? why(*parsed) : Result<Explanation>(parsed.error());
    }
};

Explained explainedWorld(const std::shared_ptr<const PriceBook> &book, const Ledger &ledger,
                         const BaselineSettings &settings, std::vector<EffectiveLever> levers,
                         std::vector<EconomicUnit> units = {})
{
    Explained result;
    auto baseline = Baseline::build(ledger, book, settings, {});
    if (!baseline)
        qFatal("%s", baseline.error().text().c_str());
    result.baseline = *baseline;
    result.request.levers = std::move(levers);
    result.request.units = std::move(units);
    result.request.groupBy = {"workload", "team"};
    auto outcome = evaluate(**baseline, result.request, {});
    if (!outcome)
        qFatal("%s", outcome.error().text().c_str());
    result.outcome = std::move(*outcome);
    return result;
}

Explained randomExplained(unsigned seed)
{
    const randomworld::World world = randomworld::possible(randomworld::randomWorld(seed));
    Scope chat;
    chat.conditions["workload"] = {"chat"};
    return explainedWorld(world.book, world::ledger(world.input.requests, world.input.harness),
                          world::settings(world.input.period, world.input.horizonMonths, world.input.conventionalMonth),
                          world.input.levers,
                          {unitOf("request", {}, UnitDenominator::Kind::Requests, ""),
                           unitOf("chat, whole", chat, UnitDenominator::Kind::DistinctValues, "session")});
}

/// Empty when an explanation says a figure right; otherwise what is wrong.
std::string wrongIn(const Result<Explanation> &explained, Femto figure, bool mayBeUnknown)
{
    if (!explained.ok())
        return explained.error().text();
    const std::string cell = explained->cell.text();
    if (!explained->amount) {
        const bool unpriced = std::any_of(explained->lines.begin(), explained->lines.end(),
                                          [](const auto &line) { return line.kind == ExplainedKind::Unpriced; });
        return mayBeUnknown && figure.isZero() && unpriced ? "" : cell + ": no amount";
    }
    if (*explained->amount != figure)
        return cell + ": " + explained->amount->text() + " is not " + figure.text();
    Femto sum;
    for (const ExplainedLine &line : explained->lines) {
        sum += line.amount.value_or(Femto());
        if (line.kind == ExplainedKind::Unpriced && line.amount)
            return cell + ": an amount without a price";
        if (!line.tokens || !line.price || !line.amount || line.kind == ExplainedKind::Covered)
            continue;
        mpq_class difference = statedAmount(line) - reference::big(line.cost.units());
        const mpq_class stated = statedAmount(line);
        const auto pieces = line.places.size() + static_cast<std::size_t>(line.rows);
        const long months = line.lastMonth->index - line.firstMonth->index + 1;
        const mpq_class tolerance =
            2 * (static_cast<long>(pieces) + 1) * months + stated / mpz_class("100000000000000");
        if (abs(difference) > tolerance)
            return cell + ": " + text(*line.tokens) + " × " + line.factorText() + " × " + line.price->text()
                   + " is not " + line.cost.text();
        if (abs(rational(line.share) * reference::big(*line.tokens) * reference::big(line.price->femto) - stated)
            > tolerance)
            return cell + ": the share " + line.share + " is not " + line.factorText();
    }
    if (sum != figure || explained->sum != figure)
        return cell + ": the lines sum to " + sum.text() + ", not to " + figure.text();
    return {};
}

std::shared_ptr<const PriceBook> anthropicBook()
{
    return world::book({world::model(
        "p", "sonnet",
        {world::rate("sonnet-2025", {{Input, "3"}, {CacheRead, "0.3"}, {CacheWrite5m, "3.75"}, {Output, "15"}})})});
}

const ExplainedLine *lineOf(const Explanation &explanation, UsageClass usageClass,
                            ExplainedKind kind = ExplainedKind::Usage)
{
    for (const ExplainedLine &line : explanation.lines) {
        if (line.usageClass == usageClass && line.kind == kind)
            return &line;
    }
    return nullptr;
}

} // namespace

class TestExplain : public QObject
{
    Q_OBJECT
private slots:
    void linesSumExactly_data();
    void linesSumExactly();
    void unitsSumExactly_data();
    void unitsSumExactly();
    void workedNumbers();
    void sharesAreProducts();
    void monthsThatAreAlikeAreOneLine();
    void spillAndReservation();
    void whatHasNoPriceIsListed();
    void chargesAreRows();
    void rowsInOrderOfTime();
    void leversThatTouch();
    void cellsReadWhatTheyWrite_data();
    void cellsReadWhatTheyWrite();
    void cellsSayWhatThereIs_data();
    void cellsSayWhatThereIs();
    void contractsAreNamed();
};

void TestExplain::linesSumExactly_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 40; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestExplain::linesSumExactly()
{
    QFETCH(unsigned, seed);
    const Explained world = randomExplained(seed);
    const Outcome &outcome = world.outcome;
    const auto check = [&](const Cell &cell, Femto figure) {
        const std::string wrong = wrongIn(world.why(cell), figure, true);
        QVERIFY2(wrong.empty(), wrong.c_str());
    };
    check({}, outcome.total());
    for (std::size_t c = 0; c < componentCount; ++c) {
        Cell cell;
        cell.component = static_cast<Component>(c);
        check(cell, outcome.components.amounts[c]);
    }
    Components ofGroups;
    for (const MonthOutcome &month : outcome.months) {
        Cell cell;
        cell.month = month.month;
        check(cell, month.components.total());
        cell.component = static_cast<Component>(seed % componentCount);
        check(cell, month.components[*cell.component]);
        // Every component × month × group is a part of the month's component.
        Femto sum;
        for (const GroupOutcome &group : outcome.groups) {
            if (group.by != "workload")
                continue;
            cell.dimensions = {{"workload", group.key}};
            const auto explained = world.why(cell);
            QVERIFY2(explained.ok(), explained.ok() ? "" : explained.error().text().c_str());
            const std::string wrong = wrongIn(explained, explained->amount.value_or(Femto()), true);
            QVERIFY2(wrong.empty(), wrong.c_str());
            sum += explained->amount.value_or(Femto());
        }
        QCOMPARE(text(sum.units()), text(month.components[*cell.component].units()));
    }
    for (const GroupOutcome &group : outcome.groups) {
        Cell cell;
        cell.dimensions = {{group.by, group.key}};
        check(cell, group.components.total());
    }
}

void TestExplain::unitsSumExactly_data()
{
    linesSumExactly_data();
}

void TestExplain::unitsSumExactly()
{
    QFETCH(unsigned, seed);
    const Explained world = randomExplained(seed);
    for (const UnitOutcome &unit : world.outcome.units) {
        Cell cell;
        cell.unit = unit.name;
        cell.figure = CellFigure::Cost;
        std::string wrong = wrongIn(world.why(cell), unit.cost, true);
        QVERIFY2(wrong.empty(), wrong.c_str());
        cell.figure = CellFigure::CostPerUnit;
        const auto explained = world.why(cell);
        if (unit.costPerUnit()) {
            wrong = wrongIn(explained, *unit.costPerUnit(), true);
            QVERIFY2(wrong.empty(), wrong.c_str());
        } else {
            QVERIFY(explained.ok());
            QVERIFY(!explained->amount);
        }
        cell.figure = CellFigure::Count;
        wrong = wrongIn(world.why(cell), Femto::ofUnits(unit.count * 1'000'000'000), false);
        QVERIFY2(wrong.empty(), wrong.c_str());
        for (const UnitMonth &month : unit.months) {
            cell.month = month.month;
            wrong = wrongIn(world.why(cell), Femto::ofUnits(month.count * 1'000'000'000), false);
            QVERIFY2(wrong.empty(), wrong.c_str());
            cell.figure = CellFigure::Cost;
            wrong = wrongIn(world.why(cell), month.cost, true);
            QVERIFY2(wrong.empty(), wrong.c_str());
            cell.figure = CellFigure::Count;
        }
    }
}

void TestExplain::workedNumbers()
{
    RequestRow row = world::request(instantOf(2026, 1, 5), "sonnet", 3, 550);
    row.usage[CacheWrite5m] = 12'304;
    const Explained world =
        explainedWorld(anthropicBook(), world::ledger({row}), world::settings(world::months(2026, 1, 1)), {});
    const auto total = world.why("total");
    QVERIFY2(total.ok(), total.ok() ? "" : total.error().text().c_str());
    QCOMPARE(total->amount->text(), std::string("0.054399"));
    QCOMPARE(total->sum.text(), std::string("0.054399"));
    QCOMPARE(total->lines.size(), std::size_t{3});
    const std::vector<std::tuple<UsageClass, Int128, std::string>> expected{
        {CacheWrite5m, 12'304, "0.04614"}, {Output, 550, "0.00825"}, {Input, 3, "0.000009"}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const ExplainedLine &line = total->lines[i];
        QVERIFY(line.usageClass == std::get<0>(expected[i]));
        QVERIFY(line.tokens == std::get<1>(expected[i]));
        QCOMPARE(line.amount->text(), std::get<2>(expected[i]));
        QCOMPARE(line.rows, std::int64_t{1});
        QCOMPARE(line.share, std::string("1"));
        QCOMPARE(line.price->rate, std::string("sonnet-2025"));
        QCOMPARE(line.model, std::string("p/sonnet"));
    }
    QCOMPARE(total->formula,
             std::string("0.054399 USD = 0.04614 Cache write + 0.00825 Output + 0.000009 Uncached input"));
    const auto write = world.why("component:cache_write");
    QVERIFY(write.ok());
    QCOMPARE(write->formula, std::string("0.04614 USD = 12304 cache_write_5m \u00d7 1 \u00d7 3.75 per million"));
}

void TestExplain::sharesAreProducts()
{
    std::vector<CatalogueModel> models{
        world::model("p", "big",
                     {world::rate("big", {{Input, "3"}, {Output, "15"}}),
                      world::rate("big-batch", {{Input, "1.5"}, {Output, "7.5"}}, ServiceTier::Batch)}),
        world::model("p", "small", {world::rate("small", {{Input, "0.25"}, {Output, "1.25"}})})};
    const Explained world = explainedWorld(
        world::book(models), world::ledger({world::request(instantOf(2026, 1, 5), "big", 1'000'000, 1000)}),
        world::settings(world::months(2026, 1, 1)),
        {world::lever("more", LeverKind::Volume, {{"factor", 1'200'000}}),
         world::lever("route", LeverKind::Routing, {{"share", 600'000}}, {{"to", "p/small"}}),
         world::lever("batch", LeverKind::Batch, {{"share", 350'000}})});
    const auto input = world.why("component:input");
    QVERIFY2(input.ok(), input.ok() ? "" : input.error().text().c_str());
    QStringList lines;
    for (const ExplainedLine &line : input->lines)
        lines.push_back(QString::fromStdString(line.model + " " + line.share + " = " + line.factorText() + ": "
                                               + line.amount->text()));
    QCOMPARE(lines.join('\n'), QString("p/big 0.312 = 1.2 volume × 0.4 not routed × 0.65 standard: 0.936\n"
                                       "p/big 0.168 = 1.2 volume × 0.4 not routed × 0.35 batch: 0.252\n"
                                       "p/small 0.72 = 1.2 volume × 0.6 routed: 0.18"));
    QCOMPARE(input->lines[1].price->rate, std::string("big-batch"));
    QCOMPARE(input->lines[0].factors[1].leverId, std::string("route"));
}

void TestExplain::monthsThatAreAlikeAreOneLine()
{
    const Explained world = explainedWorld(anthropicBook(),
                                           world::ledger({world::request(instantOf(2026, 1, 5), "sonnet", 1000, 0),
                                                          world::request(instantOf(2026, 2, 5), "sonnet", 500, 0)}),
                                           world::settings(world::months(2026, 1, 2), 3),
                                           {world::lever("more", LeverKind::Volume, {{"factor", 2'000'000}})});
    const auto total = world.why("total");
    QVERIFY(total.ok());
    QCOMPARE(total->lines.size(), std::size_t{1});
    const ExplainedLine &line = total->lines.front();
    QCOMPARE(line.rows, std::int64_t{2});
    QVERIFY(line.tokens == Int128{1500});
    QCOMPARE(line.factorText(), std::string("3 months × 2 volume ÷ 2 months of the baseline"));
    QCOMPARE(line.share, std::string("3"));
    QCOMPARE(line.amount->text(), std::string("0.0135"));
    QCOMPARE(line.firstMonth->text(), std::string("2026-03"));
    QCOMPARE(line.lastMonth->text(), std::string("2026-05"));
}

void TestExplain::spillAndReservation()
{
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.unitName = "unit";
    offer.terms = {world::term("1-month", "10", false)};
    offer.throughput = {world::throughput("sonnet", 1000)};
    const auto book =
        world::book({world::model("p", "sonnet", {world::rate("sonnet", {{Input, "3"}, {Output, "15"}})})}, {offer});
    RequestRow late = world::request(instantOf(2026, 1, 6), "sonnet", 500, 0);
    late.workload = "chat";
    const Explained world =
        explainedWorld(book, world::ledger({world::request(instantOf(2026, 1, 5), "sonnet", 2000, 0), late}),
                       world::settings(world::months(2026, 1, 1)),
                       {world::lever("pool", LeverKind::Provisioned, {{"units", 1}},
                                     {{"model", "p/sonnet"}, {"offer", "offer"}, {"term", "1-month"}})});
    const auto spill = world.why("component:spill");
    QVERIFY(spill.ok());
    QCOMPARE(spill->lines.size(), std::size_t{1});
    const ExplainedLine &line = spill->lines.front();
    QVERIFY(line.kind == ExplainedKind::Spill);
    QCOMPARE(line.factorText(), std::string("0.5 spilled"));
    QCOMPARE(line.amount->text(), std::string("0.003"));
    QCOMPARE(line.detail, std::string("full minutes: 1, which ask for 2000 load tokens where 1000 fit into each"));
    QCOMPARE(explainRows(*world.baseline, *spill, 0, 5).size(), std::size_t{1});
    const auto fixed = world.why("component:provisioned, workload=chat");
    QVERIFY(fixed.ok());
    QCOMPARE(fixed->lines.size(), std::size_t{1});
    QCOMPARE(fixed->lines.front().price->offer, std::string("offer/1-month"));
    QCOMPARE(fixed->amount->text(), std::string("3.333333333333333"));
    QCOMPARE(fixed->lines.front().leverId, std::string("pool"));
    // What units serve is listed, and costs nothing where its tokens would be charged.
    const auto input = world.why("component:input");
    QVERIFY(input.ok());
    QCOMPARE(input->lines.size(), std::size_t{1});
    QVERIFY(input->lines.front().kind == ExplainedKind::Covered);
    QVERIFY(input->amount->isZero());
}

void TestExplain::whatHasNoPriceIsListed()
{
    RequestRow row = world::request(instantOf(2026, 1, 5), "sonnet", 10, 10);
    row.usage[WebSearch] = 77;
    const Explained world =
        explainedWorld(anthropicBook(), world::ledger({row, world::request(instantOf(2026, 1, 5), "unheard-of", 5, 0)}),
                       world::settings(world::months(2026, 1, 1)), {});
    const auto total = world.why("total");
    QVERIFY(total.ok());
    QVERIFY(total->amount);
    const ExplainedLine *searches = lineOf(*total, WebSearch, ExplainedKind::Unpriced);
    QVERIFY(searches);
    QVERIFY(!searches->amount);
    QVERIFY(searches->tokens == Int128{77});
    const ExplainedLine *unknown = lineOf(*total, Input, ExplainedKind::Unpriced);
    QVERIFY(unknown);
    QCOMPARE(unknown->recordedModel, std::string("p/unheard-of"));
    QVERIFY(unknown->model.empty());
    const auto other = world.why("component:other");
    QVERIFY(other.ok());
    QVERIFY(!other->amount);
    QCOMPARE(other->formula, std::string("Nothing in it has a price, so that its cost is unknown."));
}

void TestExplain::chargesAreRows()
{
    ChargeRow vectors = world::charge(instantOf(2026, 1, 1), instantOf(2026, 3, 1), "59");
    vectors.provider = "pine";
    vectors.service = "vectors";
    ChargeRow credit = world::charge(instantOf(2026, 1, 7), instantOf(2026, 1, 8), "-1.5");
    credit.provider = "pine";
    credit.service = "vectors";
    const Explained world = explainedWorld(
        anthropicBook(), world::ledger({world::request(instantOf(2026, 1, 5), "sonnet", 10, 10)}, {vectors, credit}),
        world::settings(world::months(2026, 1, 2)), {});
    const auto harness = world.why("component:harness");
    QVERIFY(harness.ok());
    QCOMPARE(harness->lines.size(), std::size_t{1});
    const ExplainedLine &line = harness->lines.front();
    QCOMPARE(line.rows, std::int64_t{2});
    QCOMPARE(line.detail, std::string("pine, vectors"));
    QCOMPARE(line.amount->text(), std::string("57.5"));
    const auto rows = explainRows(*world.baseline, *harness, 0, 10);
    QCOMPARE(rows.size(), std::size_t{2});
    QCOMPARE(rows[1].amount->text(), std::string("-1.5"));
    const auto january = world.why("component:harness, month:2026-01, provider=pine");
    QVERIFY(january.ok());
    QCOMPARE(january->amount->text(), std::string("29.5"));
}

void TestExplain::rowsInOrderOfTime()
{
    std::vector<RequestRow> rows;
    for (int day = 20; day >= 1; --day)
        rows.push_back(world::request(instantOf(2026, 1, day), "sonnet", day % 2 == 0 ? 0 : 100 * day, 7));
    const Explained world =
        explainedWorld(anthropicBook(), world::ledger(rows), world::settings(world::months(2026, 1, 1)), {});
    const auto input = world.why("component:input");
    QVERIFY(input.ok());
    QCOMPARE(input->lines.front().rows, std::int64_t{10});
    const auto found = explainRows(*world.baseline, *input, 0, 3);
    QCOMPARE(found.size(), std::size_t{3});
    for (int i = 0; i < 3; ++i) {
        const auto row = static_cast<std::size_t>(i);
        QCOMPARE(formatDate(found[row].time), formatDate(instantOf(2026, 1, 2 * i + 1)));
        QCOMPARE(found[row].sourceRow, std::int64_t{20 - 2 * i});
        QVERIFY(found[row].tokens == Int128{100} * (2 * i + 1));
        QCOMPARE(found[row].model, std::string("sonnet"));
    }
    QCOMPARE(explainRows(*world.baseline, *input, 0, 50).size(), std::size_t{10});
    QVERIFY(explainRows(*world.baseline, *input, 9, 50).empty());
}

void TestExplain::leversThatTouch()
{
    EffectiveLever growth = world::lever("grow", LeverKind::ContextGrowth, {{"factor", 1'500'000}});
    growth.lever.scope.conditions["workload"] = {"chat"};
    growth.lever.start = Month::of(2026, 3);
    const EffectiveLever answers = world::lever("short", LeverKind::OutputLength, {{"factor", 800'000}});
    RequestRow row = world::request(instantOf(2026, 1, 5), "sonnet", 1000, 100);
    row.workload = "chat";
    const Explained world = explainedWorld(anthropicBook(), world::ledger({row}),
                                           world::settings(world::months(2026, 1, 1), 3), {growth, answers});
    const auto ids = [&](const std::string &cell) {
        const auto explained = world.why(cell);
        std::string result = explained.ok() ? "" : explained.error().text();
        for (std::size_t i = 0; explained.ok() && i < explained->levers.size(); ++i)
            result += (i == 0 ? "" : ", ") + explained->levers[i].lever.lever.id + " from "
                      + explained->levers[i].firstMonth.text();
        return result;
    };
    QCOMPARE(ids("total"), std::string("grow from 2026-03, short from 2026-02"));
    QCOMPARE(ids("component:output"), std::string("short from 2026-02"));
    QCOMPARE(ids("component:input, month:2026-02"), std::string());
    const auto input = world.why("component:input");
    QVERIFY(input.ok());
    QCOMPARE(input->levers.front().effect, std::string("prompt tokens × 1.5"));
    QCOMPARE(input->levers.front().lever.setBy, std::string("scenario-1"));
}

void TestExplain::cellsReadWhatTheyWrite_data()
{
    QTest::addColumn<QString>("cell");
    QTest::newRow("total") << "total";
    QTest::newRow("component and month") << "component:cache_read, month:2026-01";
    QTest::newRow("dimensions") << "component:input, month:2026-01, team=red, workload=\"a, \"\"b\"\"\"";
    QTest::newRow("no value") << "workload=\"\"";
    QTest::newRow("unit") << "unit:\"chat, whole\"";
    QTest::newRow("unit cost") << "unit:\"chat, whole\", figure:cost, component:output";
    QTest::newRow("unit count") << "unit:\"chat, whole\", figure:count, month:2026-01";
}

void TestExplain::cellsReadWhatTheyWrite()
{
    QFETCH(QString, cell);
    CellChoices choices;
    choices.months = {Month::of(2026, 1)};
    choices.units = {"chat, whole"};
    choices.dimensions = {{"team", {"red", ""}}, {"workload", {"a, \"b\"", ""}}};
    const auto parsed = parseCell(cell.toStdString(), choices);
    QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().text().c_str());
    QCOMPARE(QString::fromStdString(parsed->text()), cell);
}

void TestExplain::cellsSayWhatThereIs_data()
{
    QTest::addColumn<QString>("cell");
    QTest::addColumn<QString>("says");
    QTest::newRow("component") << "component:inputs"
                               << "input, cache_read, cache_write";
    QTest::newRow("month") << "month:2025-01"
                           << "2026-01, 2026-02";
    QTest::newRow("unit") << "unit:talk"
                          << "conversation";
    QTest::newRow("figure") << "unit:conversation, figure:mean"
                            << "cost, count, per_unit";
    QTest::newRow("figure without unit") << "figure:cost"
                                         << "unit:NAME";
    QTest::newRow("dimension") << "works=chat"
                               << "team, workload";
    QTest::newRow("value") << "workload=chats"
                           << "\"\", chat";
    QTest::newRow("single units") << "session=s1"
                                  << "distribution of a unit";
    QTest::newRow("nothing") << ""
                             << "component:NAME";
    QTest::newRow("no figure") << "totals"
                               << "DIMENSION=VALUE";
    QTest::newRow("twice") << "month:2026-01, month:2026-01"
                           << "twice";
    QTest::newRow("dimension twice") << "workload=chat, workload=chat"
                                     << "twice";
    QTest::newRow("open quote") << "workload=\"chat"
                                << "quote";
    QTest::newRow("quote inside") << "workload=\"ch\"at\""
                                  << "quote";
    QTest::newRow("counted component") << "unit:conversation, figure:count, component:input"
                                       << "leave out";
}

void TestExplain::cellsSayWhatThereIs()
{
    QFETCH(QString, cell);
    QFETCH(QString, says);
    CellChoices choices;
    choices.months = {Month::of(2026, 1), Month::of(2026, 2)};
    choices.units = {"conversation"};
    choices.dimensions = {{"team", {"red"}}, {"workload", {"chat", ""}}};
    const auto parsed = parseCell(cell.toStdString(), choices);
    QVERIFY(!parsed.ok());
    QVERIFY2(parsed.error().text().find(says.toStdString()) != std::string::npos, parsed.error().text().c_str());
}

void TestExplain::contractsAreNamed()
{
    PriceOverlay term;
    term.name = "Enterprise agreement";
    term.kind = OverlayKind::Discount;
    term.change = 100'000;
    const auto book =
        world::book({world::model("p", "sonnet", {world::rate("sonnet", {{Input, "3"}, {Output, "15"}})})}, {}, {term});
    const Explained world =
        explainedWorld(book, world::ledger({world::request(instantOf(2026, 1, 5), "sonnet", 1000, 0)}),
                       world::settings(world::months(2026, 1, 1)), {});
    const auto total = world.why("total");
    QVERIFY(total.ok());
    const PriceEntry &price = *total->lines.front().price;
    QCOMPARE(price.overlays, std::vector<std::string>{"Enterprise agreement"});
    QVERIFY(price.femto == world::perMillion("2.7"));
    QVERIFY(price.listFemto == Int128{world::perMillion("3")});
    QCOMPARE(price.text(), std::string("p/sonnet, rate sonnet, under Enterprise agreement"));
}

QTEST_APPLESS_MAIN(TestExplain)
#include "tst_explain.moc"
