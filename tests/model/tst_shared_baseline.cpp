// SPDX-License-Identifier: GPL-3.0-or-later
// What a shared scenario carries: the same numbers without the ledger, and nobody's name.
#include "tests/model/random_world.h"

#include "model/share/shared_baseline.h"

#include <QTest>

using namespace perunit;

namespace {

using namespace randomworld;

/// A world without the dimensions that are not shared, so that outcome lines are the same ones.
World sharable(unsigned seed)
{
    World result = possible(randomWorld(seed));
    for (RequestRow &row : result.input.requests)
        row.customer.clear();
    std::erase_if(result.input.levers,
                  [](const EffectiveLever &lever) { return lever.lever.scope.conditions.contains("customer"); });
    return possible(result);
}

std::shared_ptr<const Baseline> baselineOf(const World &world, const Ledger &ledger)
{
    auto baseline = Baseline::build(
        ledger, world.book,
        world::settings(world.input.period, world.input.horizonMonths, world.input.conventionalMonth), {});
    return baseline ? *baseline : nullptr;
}

Result<Outcome> outcomeOf(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                          std::vector<EconomicUnit> units = {})
{
    EvaluationRequest request;
    request.levers = levers;
    request.groupBy = {"workload", "model", "team"};
    request.units = std::move(units);
    return evaluate(baseline, request, {});
}

/// The baseline that somebody sees who has nothing but the file.
Result<std::shared_ptr<const Baseline>> seenByOthers(const World &world, const Baseline &baseline,
                                                     const std::vector<EconomicUnit> &units = {})
{
    const auto shared = shareBaseline(baseline, {world.input.levers}, units, usualSharedRows, {});
    if (!shared)
        return shared.error();
    auto read = readSharedBaseline(writeSharedBaseline(*shared));
    if (!read)
        return read.error();
    const BaselineSettings settings = read->settings;
    const Ledger ledger = ledgerOf(std::make_shared<const SharedBaseline>(std::move(*read)));
    return Baseline::build(ledger, world.book, settings, {});
}

EconomicUnit conversations()
{
    EconomicUnit unit;
    unit.name = "conversation";
    unit.denominator = {UnitDenominator::Kind::DistinctValues, "session"};
    return unit;
}

bool says(const Outcome &outcome, const char *name, bool ok)
{
    return std::any_of(outcome.checks.begin(), outcome.checks.end(),
                       [&](const OutcomeCheck &check) { return check.name == name && check.ok == ok; });
}

} // namespace

class TestSharedBaseline : public QObject
{
    Q_OBJECT
private slots:
    void sameNumbers_data();
    void sameNumbers();
    void sameAsItsFile();
    void namesNobody();
    void unitsAreCounted();
    void measuredCachesAreKnown();
    void minutesOnlyWherePoolsNeedThem();
    void coarserWhereThereAreMany();
    void refusals();
    void damagedFiles_data();
    void damagedFiles();
};

void TestSharedBaseline::sameNumbers_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 120; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestSharedBaseline::sameNumbers()
{
    QFETCH(unsigned, seed);
    const World world = sharable(seed);
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    QVERIFY(own);
    const auto theirs = seenByOthers(world, *own);
    QVERIFY2(theirs.ok(), theirs.ok() ? "" : theirs.error().text().c_str());
    QCOMPARE(QString::fromStdString((*theirs)->digest()), QString::fromStdString(own->digest()));
    QCOMPARE((*theirs)->requestCount(), own->requestCount());
    for (const std::vector<EffectiveLever> &levers : {std::vector<EffectiveLever>{}, world.input.levers}) {
        const auto a = outcomeOf(*own, levers);
        const auto b = outcomeOf(**theirs, levers);
        QVERIFY(a.ok());
        QVERIFY2(b.ok(), b.ok() ? "" : b.error().text().c_str());
        QCOMPARE(QString::fromStdString(b->total().text()), QString::fromStdString(a->total().text()));
        QVERIFY(b->components == a->components);
        QCOMPARE(b->months.size(), a->months.size());
        for (std::size_t i = 0; i < a->months.size(); ++i) {
            QVERIFY(b->months[i].components == a->months[i].components);
            QVERIFY(b->months[i].usage == a->months[i].usage);
        }
        QCOMPARE(b->groups.size(), a->groups.size());
        for (std::size_t i = 0; i < a->groups.size(); ++i)
            QVERIFY(b->groups[i].key == a->groups[i].key && b->groups[i].components == a->groups[i].components);
        QVERIFY(b->unpriced.tokens == a->unpriced.tokens);
        QVERIFY(b->assumedTokens == a->assumedTokens);
    }
}

void TestSharedBaseline::sameAsItsFile()
{
    const World world = sharable(7);
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    const auto shared = shareBaseline(*own, {world.input.levers}, {conversations()}, usualSharedRows, {});
    QVERIFY(shared.ok());
    const std::string text = writeSharedBaseline(*shared);
    const auto read = readSharedBaseline(text);
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QCOMPARE(QString::fromStdString(writeSharedBaseline(*read)), QString::fromStdString(text));
}

void TestSharedBaseline::namesNobody()
{
    World world = possible(randomWorld(11));
    std::erase_if(world.input.levers,
                  [](const EffectiveLever &lever) { return lever.lever.scope.conditions.contains("customer"); });
    for (RequestRow &row : world.input.requests) {
        row.customer = "ACME-4711";
        row.session = "SESSION-4711";
        row.document = "DOCUMENT-4711";
        row.tags = {{"user", "MRS-4711"}};
    }
    for (ChargeRow &row : world.input.harness) {
        row.customer = "ACME-4711";
        row.description = "INVOICE-4711";
        row.tags = {{"owner", "MRS-4711"}};
    }
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    const auto shared = shareBaseline(*own, {world.input.levers}, {conversations()}, usualSharedRows, {});
    QVERIFY2(shared.ok(), shared.ok() ? "" : shared.error().text().c_str());
    const QString text = QString::fromStdString(writeSharedBaseline(*shared));
    QVERIFY(!text.contains("4711"));
    QVERIFY(text.contains("alpha"));
}

void TestSharedBaseline::unitsAreCounted()
{
    World world = sharable(3);
    for (std::size_t i = 0; i < world.input.requests.size(); ++i)
        world.input.requests[i].session = "s" + std::to_string(i / 4);
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    const auto theirs = seenByOthers(world, *own, {conversations()});
    QVERIFY(theirs.ok());
    EconomicUnit documents = conversations();
    documents.name = "document";
    documents.denominator.name = "document";
    const auto a = outcomeOf(*own, world.input.levers, {conversations()});
    const auto b = outcomeOf(**theirs, world.input.levers, {conversations(), documents});
    QVERIFY(a.ok() && b.ok());
    QVERIFY(a->units[0].count > 0);
    QVERIFY(b->units[0].count == a->units[0].count);
    QVERIFY(b->units[0].cost == a->units[0].cost);
    // Nobody can count what the file does not: it is said, not shown as none.
    QVERIFY(b->units[1].count == 0);
    QVERIFY(says(*b, "Unit document", false));
}

void TestSharedBaseline::measuredCachesAreKnown()
{
    World world = sharable(5);
    world.input.levers = {world::lever("cache", LeverKind::PromptCache, {}, {{"mode", "measured"}})};
    for (std::size_t i = 0; i < world.input.requests.size(); ++i) {
        world.input.requests[i].session = "s" + std::to_string(i / 8);
        world.input.requests[i].time = {world.input.period.from.micros
                                        + static_cast<std::int64_t>(i) * 100 * microsPerSecond};
    }
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    const auto theirs = seenByOthers(world, *own);
    QVERIFY(theirs.ok());
    const auto a = outcomeOf(*own, world.input.levers);
    const auto b = outcomeOf(**theirs, world.input.levers);
    QVERIFY2(a.ok() && b.ok(), a.ok() ? "" : a.error().text().c_str());
    QVERIFY(!a->cacheShares.empty());
    QVERIFY(a->cacheShares[0].applied > 0);
    QCOMPARE(b->cacheShares[0].applied, a->cacheShares[0].applied);
    QCOMPARE(QString::fromStdString(b->total().text()), QString::fromStdString(a->total().text()));
}

void TestSharedBaseline::minutesOnlyWherePoolsNeedThem()
{
    World world = sharable(1);
    world.input.levers.clear();
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    const auto without = shareBaseline(*own, {{}}, {}, usualSharedRows, {});
    QVERIFY(without.ok());
    QVERIFY(!without->precision.minutes);
    // Where minutes are unknown a pool would serve a whole day at once.
    unsigned seed = 1;
    const auto isPool = [](const EffectiveLever &lever) {
        return lever.lever.kind == LeverKind::Provisioned && lever.lever.enabled;
    };
    World pooled = sharable(seed);
    while (std::none_of(pooled.input.levers.begin(), pooled.input.levers.end(), isPool))
        pooled = sharable(++seed);
    const auto ledger = world::ledger(pooled.input.requests, pooled.input.harness);
    const auto with = shareBaseline(*baselineOf(pooled, ledger), {pooled.input.levers}, {}, usualSharedRows, {});
    QVERIFY(with.ok());
    QVERIFY(with->precision.minutes);
    auto coarse = shareBaseline(*baselineOf(pooled, ledger), {{}}, {}, usualSharedRows, {});
    QVERIFY(coarse.ok());
    const BaselineSettings settings = coarse->settings;
    const Ledger seen = ledgerOf(std::make_shared<const SharedBaseline>(std::move(*coarse)));
    const auto baseline = Baseline::build(seen, pooled.book, settings, {});
    QVERIFY(baseline.ok());
    const auto refused = outcomeOf(**baseline, pooled.input.levers);
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().what.find("in which minute") != std::string::npos);
}

void TestSharedBaseline::coarserWhereThereAreMany()
{
    std::vector<RequestRow> rows;
    const Instant start = parseInstant("2026-03-01T00:00:00Z").value();
    for (int i = 0; i < 20'000; ++i) {
        RequestRow row = world::request({start.micros + i * 100 * microsPerSecond}, "alpha", 100 + i, 50);
        row.workload = i % 3 == 0 ? "chat" : "mail";
        rows.push_back(row);
    }
    const World world = sharable(1);
    const auto baseline =
        Baseline::build(world::ledger(rows), world.book,
                        world::settings({start, parseInstant("2026-04-01T00:00:00Z").value()}, 0, true), {});
    QVERIFY(baseline.ok());
    const auto fine = shareBaseline(**baseline, {{}}, {}, 20'000, {});
    const auto coarse = shareBaseline(**baseline, {{}}, {}, 300, {});
    QVERIFY(fine.ok() && coarse.ok());
    QVERIFY(fine->rows.size() > coarse->rows.size());
    QVERIFY(coarse->rows.size() <= 300);
    const auto sum = [](const SharedBaseline &shared, UsageClass usageClass) {
        std::int64_t result = 0;
        for (const auto &row : shared.rows)
            result += row.usage[usageClass];
        return result;
    };
    QCOMPARE(sum(*coarse, UsageClass::Request), 20'000);
    QCOMPARE(sum(*coarse, UsageClass::Input), sum(*fine, UsageClass::Input));
    QVERIFY(!shareBaseline(**baseline, {{}}, {}, 1, {}).ok());
}

void TestSharedBaseline::refusals()
{
    const World world = sharable(2);
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    auto lever = world::lever("vip", LeverKind::Volume, {{"factor", 2 * onePpm}});
    lever.lever.scope.conditions["customer"] = {"ACME"};
    const auto shared = shareBaseline(*own, {{lever}}, {}, usualSharedRows, {});
    QVERIFY(!shared.ok());
    QVERIFY(shared.error().what.find("'vip'") != std::string::npos);
    EconomicUnit unit = conversations();
    unit.scope.conditions["customer"] = {"ACME"};
    const auto without = shareBaseline(*own, {{}}, {unit}, usualSharedRows, {});
    QVERIFY(without.ok());
    QVERIFY(without->units.empty());
    QCOMPARE(without->leftOut.size(), std::size_t{1});
}

void TestSharedBaseline::damagedFiles_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("where");
    QTest::newRow("newer") << R"("version": 1)"
                           << R"("version": 9)"
                           << "/profile/version";
    QTest::newRow("no such class") << R"("input")"
                                   << R"("inputs")"
                                   << "/profile/classes/0";
    QTest::newRow("no such group") << R"("0 20)"
                                   << R"("99 20)"
                                   << "/profile/requests/";
    QTest::newRow("unknown member") << R"("gap_level")"
                                    << R"("gap_levels")"
                                    << "gap_levels";
    QTest::newRow("no currency") << R"("currency": "USD")"
                                 << R"("currency": 3)"
                                 << "/profile/currency";
}

void TestSharedBaseline::damagedFiles()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, where);
    const World world = sharable(2);
    const auto own = baselineOf(world, world::ledger(world.input.requests, world.input.harness));
    const auto shared = shareBaseline(*own, {{}}, {}, usualSharedRows, {});
    QVERIFY(shared.ok());
    QString text = QString::fromStdString(writeSharedBaseline(*shared));
    const auto at = text.indexOf(from);
    QVERIFY2(at >= 0, qPrintable(text.left(600)));
    text.replace(at, from.size(), to);
    const auto read = readSharedBaseline(text.toStdString());
    QVERIFY(!read.ok());
    QVERIFY2(QString::fromStdString(read.error().text()).contains(where), read.error().text().c_str());
}

QTEST_APPLESS_MAIN(TestSharedBaseline)
#include "tst_shared_baseline.moc"
