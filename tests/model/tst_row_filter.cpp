// SPDX-License-Identifier: GPL-3.0-or-later
// Filtering, ordering and adding up rows, compared with the plainest way to do it on random ledgers.
#include "tests/model/simple_world.h"

#include "model/analyses/row_filter.h"
#include "model/analyses/row_table.h"
#include "model/analyses/table_text.h"
#include "model/analyses/text_match.h"

#include <QTest>

#include <random>

using namespace perunit;

namespace {

using Random = std::mt19937;

int below(Random &random, int limit)
{
    return std::uniform_int_distribution<int>(0, limit - 1)(random);
}

std::string pick(Random &random, std::initializer_list<const char *> values)
{
    return *(values.begin() + below(random, static_cast<int>(values.size())));
}

Money money(const char *text)
{
    return Money::ofUnits(world::exact(text, Money::scale));
}

std::vector<RequestRow> randomRequests(Random &random, int count)
{
    std::vector<RequestRow> rows;
    for (int i = 0; i < count; ++i) {
        const Instant at{instantOf(2026, 3, 1).micros + below(random, 30 * 24) * microsPerHour};
        RequestRow row =
            world::request(at, pick(random, {"a", "b", "unknown-model"}), below(random, 5000), below(random, 900));
        row.workload = pick(random, {"", "Chat", "search", "Ärger"});
        row.team = pick(random, {"", "Blue", "green 10", "green 9"});
        row.session = "s" + std::to_string(below(random, 40));
        row.status = below(random, 5) == 0 ? RequestStatus::Error : RequestStatus::Ok;
        if (below(random, 3) == 0)
            row.tags.emplace_back("contract", pick(random, {"C-1", "c-22"}));
        if (below(random, 4) == 0)
            row.billed = Money::ofUnits(Int128{below(random, 1000)} * 1'000'000'000'000'000'000);
        if (below(random, 50) == 0)
            row.usage[UsageClass::Request] = 7;
        rows.push_back(row);
    }
    return rows;
}

RowFilter randomFilter(Random &random)
{
    RowFilter filter;
    if (below(random, 3) == 0) {
        const Instant from{instantOf(2026, 3, 1).micros + below(random, 25) * microsPerDay};
        filter.period = Period{from, {from.micros + (1 + below(random, 9)) * microsPerDay}};
    }
    if (below(random, 3) == 0)
        filter.scope.conditions["workload"] = {pick(random, {"", "Chat", "nobody"}), "search"};
    if (below(random, 4) == 0)
        filter.scope.conditions["tag:contract"] = {pick(random, {"", "C-1"})};
    if (below(random, 6) == 0)
        filter.scope.conditions["feature"] = {pick(random, {"", "x"})};
    if (below(random, 4) == 0)
        filter.scope.conditions["status"] = {"error"};
    if (below(random, 3) == 0)
        filter.text = pick(random, {"chat", "GREEN s1", "ärger", "c-1 blue", "zzz"});
    if (below(random, 4) == 0)
        filter.leastCost = money("0.001");
    if (below(random, 4) == 0)
        filter.mostCost = money("0.012");
    if (below(random, 6) == 0)
        filter.onlyUnpriced = true;
    if (below(random, 6) == 0)
        filter.sources = {below(random, 3)};
    return filter;
}

/// The same question asked of one row, text by text.
bool passes(const RowFilter &filter, const Baseline &baseline, std::size_t row)
{
    const Workload &workload = *baseline.ledger().workload;
    if (filter.period && !filter.period->contains({workload.time[row]}))
        return false;
    if (!filter.sources.empty() && filter.sources.front() != workload.sourceIds[workload.source[row]])
        return false;
    for (const auto &[name, values] : filter.scope.conditions) {
        if (std::find(values.begin(), values.end(), workload.text(name, row)) == values.end())
            return false;
    }
    for (const std::string &word : searchWords(filter.text)) {
        bool found = false;
        for (const DimensionColumn &column : workload.dimensions)
            found = found || foldedText(workload.text(column.name, row)).find(word) != std::string::npos;
        if (!found)
            return false;
    }
    std::int64_t unpriced = 0;
    const Femto cost = baseline.requestCost(row, &unpriced);
    if (filter.onlyUnpriced && unpriced == 0)
        return false;
    const bool unknown = unpriced > 0 && cost.isZero();
    if (filter.leastCost && (unknown || Money::of(cost) < *filter.leastCost))
        return false;
    return !filter.mostCost || (!unknown && Money::of(cost) <= *filter.mostCost);
}

std::shared_ptr<const RequestCosts> costsOf(const Ledger &ledger)
{
    const auto baseline = Baseline::build(ledger, simple::simpleBook(), {}, {});
    return RequestCosts::build(*baseline, nullptr, {}).value();
}

Ledger twoSources(const std::vector<RequestRow> &rows)
{
    Ledger ledger = world::ledger({});
    WorkloadBuilder builder;
    std::int64_t number = 0;
    for (const RequestRow &row : rows) {
        ++number;
        builder.add(row, number % 2 + 1, number);
    }
    ledger.workload = builder.build();
    return ledger;
}

std::vector<std::size_t> listed(const RowSelection &rows)
{
    std::vector<std::size_t> result;
    for (std::size_t place = 0; place < rows.count; ++place)
        result.push_back(rows.row(place));
    return result;
}

ChargeRow invoiceLine(Instant from, const char *billed, const char *description)
{
    ChargeRow charge;
    charge.period = {from, {from.micros + microsPerDay}};
    charge.provider = "p";
    charge.description = description;
    if (*billed)
        charge.billed = money(billed);
    return charge;
}

} // namespace

class TestRowFilter : public QObject
{
    Q_OBJECT

private slots:
    void requestsAsOneByOne_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 60; ++seed)
            QTest::newRow(qPrintable(QStringLiteral("seed %1").arg(seed))) << seed;
    }
    void requestsAsOneByOne()
    {
        QFETCH(unsigned, seed);
        Random random(seed);
        const Ledger ledger = twoSources(randomRequests(random, 400));
        const auto costs = costsOf(ledger);
        const Baseline &baseline = costs->baseline();
        const Workload &workload = costs->workload();
        for (int trial = 0; trial < 8; ++trial) {
            const RowFilter filter = randomFilter(random);
            std::vector<std::size_t> expected;
            RowSums sums;
            for (std::size_t row = 0; row < workload.size(); ++row) {
                if (!passes(filter, baseline, row))
                    continue;
                expected.push_back(row);
                ++sums.rows;
                sums.requests += workload.count(UsageClass::Request, row);
                sums.tokens += tokensIn(workload.usageAt(row).pricedApart().counts);
                std::int64_t unpriced = 0;
                const Femto cost = baseline.requestCost(row, &unpriced);
                sums.unpricedTokens += unpriced;
                if (unpriced == 0 || !cost.isZero())
                    sums.priced = sums.priced.value_or(Money()) + Money::of(cost);
                if (workload.isBilled(row))
                    sums.recorded = sums.recorded.value_or(Money()) + workload.billed(row);
            }
            const auto found = filterRequests(*costs, filter, nullptr, {});
            QVERIFY(found);
            QCOMPARE(listed(found->rows), expected);
            QVERIFY(found->sums == sums);
        }
    }

    void everythingNeedsNoList()
    {
        Random random(7);
        const auto costs = costsOf(twoSources(randomRequests(random, 50)));
        const auto all = filterRequests(*costs, {}, nullptr, {});
        QVERIFY(!all->rows.isListed);
        QCOMPARE(all->rows.count, std::size_t{50});
        RowFilter days;
        days.period = Period{instantOf(2026, 3, 5), instantOf(2026, 3, 15)};
        QVERIFY(!filterRequests(*costs, days, nullptr, {})->rows.isListed);
    }

    void stops()
    {
        Random random(7);
        const auto costs = costsOf(twoSources(randomRequests(random, 50)));
        std::stop_source source;
        source.request_stop();
        RowFilter filter;
        filter.text = "chat";
        QCOMPARE(filterRequests(*costs, filter, nullptr, source.get_token()).error().code, ErrorCode::Cancelled);
        const auto table = requestTable(costs, {});
        const auto rows = table->filter({}, nullptr, {});
        QCOMPARE(table->sorted(rows->rows, *table->fieldNamed("cost"), true, nullptr, source.get_token()).error().code,
                 ErrorCode::Cancelled);
    }

    void amountsBeyond64Bits()
    {
        // 10^12 input tokens at 3 $ a million are 3,000,000 $: 3·10^21 femto-units.
        RequestRow large = world::request(instantOf(2026, 3, 1), "a", 1'000'000'000'000, 0);
        large.usage[UsageClass::Request] = 1'000'000;
        const auto costs = costsOf(world::ledger({large, world::request(instantOf(2026, 3, 2), "a", 1, 0)}));
        QCOMPARE(costs->cost(0).text(), "3000000");
        QCOMPARE(costs->cost(1).text(), "0.000003");
        QCOMPARE(filterRequests(*costs, {}, nullptr, {})->sums.priced->text(), "3000000.000003");
    }

    void linesOfARequestSumToItsCost()
    {
        RequestRow row = world::request(instantOf(2026, 3, 1), "a", 1000, 100);
        row.usage[UsageClass::CacheRead] = 2000;
        RequestRow covered = row;
        covered.tier = ServiceTier::Provisioned;
        const auto costs = costsOf(world::ledger({row, covered, world::request(instantOf(2026, 3, 1), "c", 5, 0)}));
        for (std::size_t i = 0; i < 3; ++i) {
            Femto sum;
            for (const RequestCosts::Line &line : costs->lines(i))
                sum += line.cost().value_or(Femto());
            QCOMPARE(sum.text(), costs->cost(i).text());
        }
        QCOMPARE(costs->lines(0).size(), std::size_t{3});
        QCOMPARE(costs->cost(0).text(), "0.0051"); // 1000 × 3 + 2000 × 0.3 + 100 × 15 per million
        QVERIFY(costs->isUnknown(2));
        QVERIFY(!costs->lines(2).front().price);
    }

    void sortsEveryField_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 10; ++seed)
            QTest::newRow(qPrintable(QStringLiteral("seed %1").arg(seed))) << seed;
    }
    void sortsEveryField()
    {
        QFETCH(unsigned, seed);
        Random random(seed);
        const auto table = requestTable(costsOf(twoSources(randomRequests(random, 300))), {{1, "b.csv"}, {2, "a.csv"}});
        RowFilter filter;
        filter.scope.conditions["workload"] = {"Chat", "", "Ärger"};
        const auto found = table->filter(filter, nullptr, {});
        for (std::size_t field = 0; field < table->fields().size(); ++field) {
            for (const bool falling : {false, true}) {
                const auto sorted = table->sorted(found->rows, field, falling, nullptr, {});
                QVERIFY(sorted);
                std::vector<std::size_t> expected = listed(found->rows);
                std::stable_sort(expected.begin(), expected.end(), [&](std::size_t a, std::size_t b) {
                    const FieldValue x = table->value(a, field);
                    const FieldValue y = table->value(b, field);
                    switch (table->fields()[field].kind) {
                    case FieldKind::Text: {
                        const std::string left = foldedText(x.text);
                        const std::string right = foldedText(y.text);
                        if (left.empty() || right.empty())
                            return !left.empty() && right.empty();
                        return falling ? comesBefore(right, left) : comesBefore(left, right);
                    }
                    case FieldKind::Money:
                        if (!x.money || !y.money)
                            return x.money && !y.money;
                        return falling ? *x.money > *y.money : *x.money < *y.money;
                    default:
                        return falling ? x.number > y.number : x.number < y.number;
                    }
                });
                QVERIFY2(listed(*sorted) == expected, table->fields()[field].id.c_str());
            }
        }
    }

    void negativeAmountsAreInOrder()
    {
        const Instant day = instantOf(2026, 3, 1);
        auto charges = std::make_shared<const std::vector<ChargeRow>>(std::vector<ChargeRow>{
            invoiceLine(day, "2", "b"), invoiceLine(day, "", "none"), invoiceLine(day, "-10.5", "a 10"),
            invoiceLine(day, "0", "a 9"), invoiceLine(day, "-0.000000000000000000000001", "c")});
        const auto table = chargeTable(charges, "USD");
        const auto all = table->filter({}, nullptr, {});
        const std::size_t billed = *table->fieldNamed("billed");
        QCOMPARE(listed(*table->sorted(all->rows, billed, false, nullptr, {})),
                 (std::vector<std::size_t>{2, 4, 3, 0, 1}));
        QCOMPARE(listed(*table->sorted(all->rows, billed, true, nullptr, {})),
                 (std::vector<std::size_t>{0, 3, 4, 2, 1}));
        QCOMPARE(listed(*table->sorted(all->rows, *table->fieldNamed("description"), false, nullptr, {})),
                 (std::vector<std::size_t>{3, 2, 0, 4, 1}));
        QCOMPARE(all->sums.billed->text(), "-8.500000000000000000000001");
        QVERIFY(!all->sums.effective);
    }

    void chargesAreFiltered()
    {
        const Instant first = instantOf(2026, 3, 1);
        std::vector<ChargeRow> charges{invoiceLine(first, "2", "Tokens"),
                                       invoiceLine({first.micros + 3 * microsPerDay}, "-1", "Credit"),
                                       invoiceLine(first, "", "Nothing said")};
        charges[0].period.to = instantOf(2026, 4, 1);
        charges[0].tags.emplace_back("team", "Blue");
        charges[1].category = ChargeCategory::Credit;
        const auto rowsOf = [&charges](const RowFilter &filter) {
            return listed(filterCharges(charges, filter, nullptr, {})->rows);
        };
        RowFilter filter;
        filter.period = Period{instantOf(2026, 3, 20), instantOf(2026, 3, 21)};
        QCOMPARE(rowsOf(filter), std::vector<std::size_t>{0});
        filter = {};
        filter.text = "BLUE tok";
        QCOMPARE(rowsOf(filter), std::vector<std::size_t>{0});
        filter = {};
        filter.scope.conditions["tag:team"] = {""};
        QCOMPARE(rowsOf(filter), (std::vector<std::size_t>{1, 2}));
        filter = {};
        filter.scope.conditions["category"] = {"Credit"};
        QCOMPARE(rowsOf(filter), std::vector<std::size_t>{1});
        filter = {};
        filter.mostCost = money("0");
        QCOMPARE(rowsOf(filter), std::vector<std::size_t>{1});
        filter = {};
        filter.onlyUnpriced = true;
        QCOMPARE(rowsOf(filter), std::vector<std::size_t>{2});
    }

    void formulasBecomeText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("csv");
        QTest::newRow("formula") << "=1+2"
                                 << "'=1+2";
        QTest::newRow("plus") << "+cmd|' /C calc'!A0"
                              << "'+cmd|' /C calc'!A0";
        QTest::newRow("minus") << "-2+3"
                               << "'-2+3";
        QTest::newRow("at") << "@SUM(1,1)"
                            << "\"'@SUM(1,1)\"";
        QTest::newRow("tab") << "\t=1"
                             << "'\t=1";
        QTest::newRow("negative number") << "-12.50"
                                         << "-12.50";
        QTest::newRow("scientific") << "-1.2E-07"
                                    << "-1.2E-07";
        QTest::newRow("not quite a number") << "-1e"
                                            << "'-1e";
        QTest::newRow("a lone sign") << "-"
                                     << "'-";
        QTest::newRow("quotes") << "say \"hi\", you"
                                << "\"say \"\"hi\"\", you\"";
        QTest::newRow("line break") << "a\nb"
                                    << "\"a\nb\"";
        QTest::newRow("plain") << "support-chatbot"
                               << "support-chatbot";
    }
    void formulasBecomeText()
    {
        QFETCH(QString, text);
        QFETCH(QString, csv);
        QCOMPARE(QString::fromStdString(csvField(text.toStdString())), csv);
    }

    void namesInTheOrderOfPeople()
    {
        QVERIFY(comesBefore("gpt-9", "gpt-10"));
        QVERIFY(!comesBefore("gpt-10", "gpt-9"));
        QVERIFY(comesBefore("a", "b"));
        QVERIFY(comesBefore("a", "a1"));
        QVERIFY(!comesBefore("a", "a"));
        // Equal numbers written differently still have one order.
        QVERIFY(comesBefore("a01", "a1") != comesBefore("a1", "a01"));
        QCOMPARE(foldedText("ÄÖÜ ΑΒΓ ДЖЁ Šž×ẞ"), std::string("äöü αβγ джё šž×ẞ"));
    }

    void exportedLines()
    {
        RequestRow row = world::request(instantOf(2026, 3, 1, 8, 30), "a", 10, 1);
        row.workload = "=evil,\"x\"";
        const auto table = requestTable(costsOf(world::ledger({row})), {{1, "f.csv"}});
        std::vector<std::size_t> fields;
        for (const char *id : {"time", "model", "input", "cost", "workload", "source"})
            fields.push_back(*table->fieldNamed(id));
        const auto all = table->filter({}, nullptr, {});
        QCOMPARE(csvHeader(*table, fields), std::string("time,model,input,cost (USD),workload,source\r\n"));
        QCOMPARE(csvLines(*table, all->rows, fields, 0, 10),
                 std::string("2026-03-01T08:30:00Z,a,10,0.000045,\"'=evil,\"\"x\"\"\",f.csv\r\n"));
    }
};

QTEST_APPLESS_MAIN(TestRowFilter)
#include "tst_row_filter.moc"
