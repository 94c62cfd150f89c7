// SPDX-License-Identifier: GPL-3.0-or-later
// The engine against a plain reference in rational numbers of any size: equal to the last femto-unit on
// random ledgers, catalogues and levers.
#include "tests/model/random_world.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace perunit;

namespace {

using namespace randomworld;

std::string text(const mpz_class &value)
{
    return value.get_str();
}

std::string text(Int128 value)
{
    return reference::big(value).get_str();
}

bool same(const Outcome &a, const Outcome &b)
{
    const auto sameGroups = std::equal(a.groups.begin(), a.groups.end(), b.groups.begin(), b.groups.end(),
                                       [](const GroupOutcome &x, const GroupOutcome &y) {
                                           return x.by == y.by && x.key == y.key && x.components == y.components
                                                  && x.requests == y.requests;
                                       });
    const auto sameMonths = std::equal(a.months.begin(), a.months.end(), b.months.begin(), b.months.end(),
                                       [](const MonthOutcome &x, const MonthOutcome &y) {
                                           return x.components == y.components && x.usage == y.usage;
                                       });
    return sameGroups && sameMonths && a.components == b.components && a.unpriced.tokens == b.unpriced.tokens
           && a.unpriced.models == b.unpriced.models && a.assumedTokens == b.assumedTokens;
}

/// Some pool that weighs audio spills a part of requests that have some.
bool audioSpills(const World &world, const Outcome &outcome)
{
    return std::any_of(outcome.pools.begin(), outcome.pools.end(), [&](const Outcome::Pool &pool) {
        const ModelIndex model = world.book->resolve("p", pool.model.substr(2)).model;
        const auto &weights = throughputFor(*world.book->offer("offer"), *world.book, model)->otherWeights;
        const auto hasAudio = [&](const RequestRow &row) {
            return row.tier == ServiceTier::Standard && "p/" + row.model == pool.model && row.usage[AudioIn] > 0
                   && world.input.period.contains(row.time);
        };
        return pool.spillShare > 0 && pool.spillShare < onePpm
               && std::any_of(weights.begin(), weights.end(),
                              [](const ClassWeight &each) { return each.usageClass == AudioIn && each.weight > 0; })
               && std::any_of(world.input.requests.begin(), world.input.requests.end(), hasAudio);
    });
}

} // namespace

class TestEngineReference : public QObject
{
    Q_OBJECT
private slots:
    void equalsReference_data();
    void equalsReference();
    void doesNotDependOnOrder();
    void worldsUseEveryRule();
};

void TestEngineReference::equalsReference_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 240; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestEngineReference::equalsReference()
{
    QFETCH(unsigned, seed);
    const World world = possible(randomWorld(seed));
    const auto outcome = evaluated(world, world.input.requests);
    // A random growth can contradict itself in a way only the evaluation sees; it must say so.
    QVERIFY2(outcome.ok(), outcome.ok() ? "" : outcome.error().text().c_str());
    const reference::Lines lines = reference::evaluate(*world.book, world.input);
    QCOMPARE(text(outcome->total().units()), text(lines.total()));
    QCOMPARE(outcome->list.has_value(), world.book->hasOverlays());
    if (outcome->list) {
        const auto listBook = world.book->atList();
        QCOMPARE(text(outcome->list->components.total().units()),
                 text(reference::evaluate(*listBook, world.input).total()));
    }

    for (std::size_t month = 0; month < outcome->months.size(); ++month) {
        for (std::size_t c = 0; c < componentCount; ++c) {
            mpz_class expected = 0;
            for (const auto &[key, amount] : lines.amounts) {
                if (std::get<0>(key) == static_cast<int>(month) && std::get<2>(key) == static_cast<Component>(c))
                    expected += amount;
            }
            QVERIFY2(text(outcome->months[month].components.amounts[c].units()) == text(expected),
                     qPrintable(QStringLiteral("month %1, %2").arg(month).arg(componentNames[c].data())));
        }
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            const auto found = lines.usage.find({static_cast<int>(month), i});
            const mpz_class expected = found == lines.usage.end() ? mpz_class(0) : found->second;
            QVERIFY2(text(outcome->months[month].usage[i]) == text(expected),
                     qPrintable(QStringLiteral("month %1, %2").arg(month).arg(usageClassNames[i].data())));
        }
    }
    for (const GroupOutcome &group : outcome->groups) {
        mpz_class expected = 0;
        for (const auto &[key, amount] : lines.amounts) {
            const std::string &dimensions = std::get<1>(key);
            std::string value = reference::valueIn(dimensions, group.by);
            if (dimensions.rfind("harness:", 0) == 0) {
                const std::string names = dimensions.substr(8);
                const std::size_t slash = names.find('/');
                value = group.by == "workload" ? names.substr(0, slash)
                        : group.by == "team"   ? names.substr(slash + 1)
                                               : std::string();
            }
            if (value == group.key)
                expected += amount;
        }
        QVERIFY2(text(group.components.total().units()) == text(expected), (group.by + "=" + group.key).c_str());
    }

    std::vector<Outcome::Pool> pools = outcome->pools;
    QCOMPARE(pools.size(), lines.pools.size());
    for (std::size_t i = 0; i < pools.size(); ++i) {
        QCOMPARE(text(pools[i].fixedCost.units()), text(lines.pools[i].fixedCost));
        QCOMPARE(text(pools[i].spillCost.units()), text(lines.pools[i].spillCost));
        QCOMPARE(text(pools[i].utilisation), text(lines.pools[i].utilisation));
        QCOMPARE(text(pools[i].spillShare), text(lines.pools[i].spillShare));
    }
    // Lines round up to a whole token at the end, and single lines to a millionth before.
    const mpq_class difference = lines.unpricedTokens - static_cast<long>(outcome->unpriced.tokens);
    QVERIFY(abs(difference) < 2);
    QCOMPARE(outcome->unpriced.tokens > 0, lines.unpricedTokens > 0);
    for (const OutcomeCheck &check : outcome->checks)
        QVERIFY2(check.name != "Sums" || check.ok, check.detail.c_str());
}

void TestEngineReference::doesNotDependOnOrder()
{
    for (unsigned seed = 300; seed < 312; ++seed) {
        const World world = possible(randomWorld(seed));
        const auto forwards = evaluated(world, world.input.requests);
        QVERIFY(forwards.ok());
        World shuffled = world;
        std::mt19937 engine(seed);
        std::shuffle(shuffled.input.requests.begin(), shuffled.input.requests.end(), engine);
        std::shuffle(shuffled.input.levers.begin(), shuffled.input.levers.end(), engine);
        std::shuffle(shuffled.input.harness.begin(), shuffled.input.harness.end(), engine);
        const auto again = evaluated(shuffled, shuffled.input.requests);
        QVERIFY(again.ok());
        QVERIFY2(same(*forwards, *again), std::to_string(seed).c_str());
    }
}

/// A random test proves nothing about what never happens in it.
void TestEngineReference::worldsUseEveryRule()
{
    std::map<std::string, int> seen;
    for (unsigned seed = 1; seed <= 240; ++seed) {
        const World world = possible(randomWorld(seed));
        const auto outcome = evaluated(world, world.input.requests);
        QVERIFY(outcome.ok());
        for (std::size_t c = 0; c < componentCount; ++c)
            seen[std::string(componentNames[c])] += outcome->components.amounts[c].isZero() ? 0 : 1;
        for (const EffectiveLever &lever : world.input.levers)
            seen[std::string(leverSpec(lever.lever.kind).name)] += lever.lever.enabled ? 1 : 0;
        for (const Outcome::Pool &pool : outcome->pools)
            seen["partly spilled"] += pool.spillShare > 0 && pool.spillShare < onePpm ? 1 : 0;
        for (const OutcomeCheck &check : outcome->checks)
            seen[check.name + (check.ok ? " ok" : " failed")] += 1;
        seen["overlays"] += outcome->list && outcome->list->components.total() != outcome->total() ? 1 : 0;
        for (const PriceOverlay &overlay : world.book->overlays()) {
            const Instant end = std::min(overlay.valid.to, world.input.period.to);
            seen["overlay inside the period"] +=
                overlay.enabled && world.input.period.contains({end.micros - 1}) && end < world.input.period.to ? 1 : 0;
        }
        seen["unpriced"] += outcome->unpriced.tokens > 0 ? 1 : 0;
        seen["assumed"] += outcome->assumedTokens > 0 ? 1 : 0;
        seen["two pools"] += outcome->pools.size() > 1 ? 1 : 0;
        seen["audio spills"] += audioSpills(world, *outcome) ? 1 : 0;
    }
    for (const char *what : {"input",
                             "cache_read",
                             "cache_write",
                             "output",
                             "other",
                             "provisioned",
                             "spill",
                             "lookup",
                             "cache_storage",
                             "wrong_answers",
                             "training",
                             "human_review",
                             "harness",
                             "volume",
                             "answer_cache",
                             "conversation_length",
                             "agent_steps",
                             "trimming",
                             "output_length",
                             "price_change",
                             "retries",
                             "endpoint_schedule",
                             "exchange_rate",
                             "routing",
                             "context_growth",
                             "prompt_cache",
                             "batch",
                             "partly spilled",
                             "unpriced",
                             "assumed",
                             "two pools",
                             "audio spills",
                             "Provisioned ok",
                             "overlays",
                             "overlay inside the period",
                             "Period ok",
                             "Period failed",
                             "Batch prices failed",
                             "Cache writes failed",
                             "Provisioned failed"})
        QVERIFY2(seen[what] >= 5, what);
}

QTEST_APPLESS_MAIN(TestEngineReference)
#include "tst_engine_reference.moc"
