// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of scenarios, what new levers start with, and what is said when the ground under scenarios moves.
#include "tests/app/workspace_fixture.h"

#include "app/document/baseline_moves.h"
#include "app/document/scenario_edits.h"

#include <QTemporaryDir>
#include <QTest>

using namespace perunit;

namespace {

Femto usd(const char *text)
{
    return Femto::ofUnits(parseDecimal(text, Femto::scale).value().units);
}

BaselineFacts factsOf(const char *total)
{
    BaselineFacts facts;
    facts.ledger = "l1";
    facts.catalogues = "c1";
    facts.overrides = "o1";
    facts.settings = "{}";
    facts.engine = "1";
    facts.currency = "USD";
    facts.total = usd(total);
    facts.sources = {"april.csv", "march.csv"};
    facts.layers = {"own.json"};
    return facts;
}

/// Two scenarios, the second one derived from the first, which routes.
WorkspaceState familyOfTwo()
{
    WorkspaceState state;
    const std::string parent = addScenario(state, "Parent", {});
    const std::string child = addScenario(state, "Child", parent);
    Lever lever;
    lever.id = "routing-1";
    lever.kind = LeverKind::Routing;
    lever.numbers = {{"share", 400'000}};
    setLever(state, parent, lever);
    return state;
}

} // namespace

class TestScenarioEdits : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void namesWhereALeverComesFrom()
    {
        WorkspaceState state = familyOfTwo();
        const std::string child = state.scenarios.scenarios[1].id;
        const std::string grandchild = addScenario(state, "Grandchild", child);
        QCOMPARE(inheritedFrom(state, grandchild, "routing-1"), std::string("Parent"));
        Lever own = state.scenarios.scenarios[0].levers.front();
        own.numbers["share"] = 500'000;
        setLever(state, child, own);
        QCOMPARE(inheritedFrom(state, grandchild, "routing-1"), std::string("Child"));
        QCOMPARE(inheritedFrom(state, child, "routing-1"), std::string("Parent"));
        QCOMPARE(inheritedFrom(state, state.scenarios.scenarios[0].id, "routing-1"), std::string());
        QCOMPARE(inheritedFrom(state, grandchild, "batch-1"), std::string());
    }

    void findsTheFieldOfAnError_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<bool>("found");
        QTest::addColumn<QString>("lever");
        QTest::addColumn<QString>("parameter");
        QTest::newRow("lever and parameter") << "lever 'batch-1', share" << true << "batch-1"
                                             << "share";
        QTest::newRow("lever alone") << "lever 'batch-1'" << true << "batch-1"
                                     << "";
        QTest::newRow("seen from further out") << "scenario 'A', lever 'p-2', model" << true << "p-2"
                                               << "model";
        QTest::newRow("no lever") << "baseline settings" << false << ""
                                  << "";
        QTest::newRow("nothing") << "" << false << ""
                                 << "";
        QTest::newRow("no end") << "lever 'x" << false << ""
                                << "";
    }

    void findsTheFieldOfAnError()
    {
        QFETCH(QString, where);
        QFETCH(bool, found);
        QFETCH(QString, lever);
        QFETCH(QString, parameter);
        const auto problem =
            leverProblemOf({ErrorCode::Unsupported, "nothing to do", fromQt(where), "choose another scope"});
        QCOMPARE(problem.has_value(), found);
        if (!found)
            return;
        QCOMPARE(toQt(problem->leverId), lever);
        QCOMPARE(toQt(problem->parameter), parameter);
        QCOMPARE(problem->what, std::string("nothing to do; choose another scope"));
    }

    void newLeversStartWithTheLedger()
    {
        const QString path = m_folder.filePath(QStringLiteral("proposals.perunit"));
        makeSmallWorkspace(path);
        WorkspaceDocument document;
        QVERIFY(document.open(path));
        QTRY_VERIFY_WITH_TIMEOUT(document.history(), jobTimeout);
        const Baseline &ledger = *document.history()->ledger;
        const PriceBook &book = *document.priceBook();
        const std::string id = document.state().scenarios.scenarios.front().id;
        const auto proposed = [&](LeverKind kind) {
            return proposedLever(document.state(), id, kind, book, &ledger);
        };
        // Four conversations of three turns, 1,000 prompt and 200 output tokens in each of them: nothing grows.
        const Lever conversation = proposed(LeverKind::ConversationLength);
        QCOMPARE(conversation.number("turns_before"), 3);
        QCOMPARE(conversation.number("turns_after"), 4);
        QCOMPARE(conversation.number("answer_tokens"), 200);
        QCOMPARE(conversation.number("user_tokens"), 0);
        QCOMPARE(conversation.number("system_tokens"), 1000);
        QCOMPARE(proposed(LeverKind::PromptCache).text("mode"), std::string("measured"));
        QCOMPARE(proposed(LeverKind::PriceChange).text("model"), std::string("openai/gpt-4.1"));
        QVERIFY(proposed(LeverKind::ExchangeRate).texts.empty()); // one currency only
        for (const LeverSpec &spec : leverSpecs()) {
            const Lever lever = proposed(spec.kind);
            QVERIFY(lever.kind == spec.kind && !lever.id.empty());
            const auto problems = checkLevers({{lever, id, 0}}, book);
            QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().what.c_str());
        }
        // Without a ledger there is still something to start from.
        const Lever blind = proposedLever(document.state(), id, LeverKind::ConversationLength, book, nullptr);
        QVERIFY(blind.number("turns_after") > blind.number("turns_before"));
        QVERIFY(proposedLever(document.state(), id, LeverKind::PromptCache, book, nullptr).texts.empty());
    }

    void factsSurviveTheFile()
    {
        BaselineFacts facts = factsOf("1234.000000000000001");
        QCOMPARE(readBaselineFacts(writeBaselineFacts(facts)), std::optional(facts));
        facts.total.reset();
        facts.sources.clear();
        QCOMPARE(readBaselineFacts(writeBaselineFacts(facts)), std::optional(facts));
        for (const char *broken : {"", "[]", "{", "{\"ledger\":\"x\"}", "null"})
            QVERIFY2(!readBaselineFacts(broken), broken);
    }

    void partsOfAMoveAddUp_data()
    {
        QTest::addColumn<bool>("data");
        QTest::addColumn<bool>("prices");
        QTest::addColumn<bool>("settings");
        QTest::addColumn<bool>("formerPricesKnown");
        QTest::addColumn<QString>("dataEffect"); // empty: not known
        QTest::addColumn<QString>("priceEffect");
        QTest::newRow("data") << true << false << false << false << "20"
                              << "0";
        QTest::newRow("prices") << false << true << false << false << "0"
                                << "20";
        QTest::newRow("both, former prices known") << true << true << false << true << "50"
                                                   << "-30";
        QTest::newRow("both, former prices gone") << true << true << false << false << ""
                                                  << "";
        QTest::newRow("another period as well") << true << false << true << false << ""
                                                << "";
    }

    void partsOfAMoveAddUp()
    {
        QFETCH(bool, data);
        QFETCH(bool, prices);
        QFETCH(bool, settings);
        QFETCH(bool, formerPricesKnown);
        QFETCH(QString, dataEffect);
        QFETCH(QString, priceEffect);
        BaselineMove move{factsOf("100"), factsOf("120"), std::nullopt};
        if (data) {
            move.after.ledger = "l2";
            move.after.sources = {"april.csv", "may.csv"};
        }
        if (prices)
            move.after.catalogues = "c2";
        if (settings)
            move.after.settings = "{\"horizon\":12}";
        if (formerPricesKnown)
            move.newLedgerAtFormerPrices = usd("150");
        const auto text = [](const std::optional<Femto> &amount) {
            return amount ? toQt(amount->text()) : QString();
        };
        QCOMPARE(text(move.dataEffect()), dataEffect);
        QCOMPARE(text(move.priceEffect()), priceEffect);
        if (move.dataEffect())
            QVERIFY(*move.dataEffect() + *move.priceEffect() == usd("20"));
        const QString words = move.text();
        QCOMPARE(words.contains(QStringLiteral("the ledger (added may.csv; without march.csv)")), data);
        QCOMPARE(words.contains(QStringLiteral("prices")) && !words.contains(QStringLiteral("how much prices")),
                 prices && (!data || formerPricesKnown));
        QVERIFY(words.contains(QStringLiteral("It costs $120.00, was $100.00 (+20.0 %).")));
        QCOMPARE(words.contains(QStringLiteral("Data: +$50.00, prices: −$30.00.")), formerPricesKnown);
    }

    void moveIsSeenAndAccepted()
    {
        const QString path = m_folder.filePath(QStringLiteral("moves.perunit"));
        makeSmallWorkspace(path);
        {
            WorkspaceDocument document;
            BaselineMoves moves(document);
            QVERIFY(document.open(path));
            QTRY_VERIFY_WITH_TIMEOUT(document.outcomes(), jobTimeout);
            QVERIFY(!moves.move()); // seen for the first time
            WorkspaceState next = document.state();
            next.settings.horizonMonths = 3;
            document.edit(QStringLiteral("horizon"), next);
            QTRY_VERIFY_WITH_TIMEOUT(document.outcomes() && document.outcomes()->base.months.size() == 3, jobTimeout);
            QVERIFY(!moves.move()); // somebody wanted it
            PriceOverlay discount;
            discount.name = "Agreement";
            discount.change = onePpm / 10;
            const Femto before = document.outcomes()->base.total();
            next.overlays = {discount};
            document.edit(QStringLiteral("discount"), next);
            QTRY_VERIFY_WITH_TIMEOUT(moves.move(), jobTimeout);
            QVERIFY(!moves.move()->dataMoved() && moves.move()->pricesMoved());
            QVERIFY(*moves.move()->priceEffect() == document.outcomes()->base.total() - before);
            QVERIFY(*moves.move()->priceEffect() < Femto());
            QVERIFY(moves.move()->text().contains(QStringLiteral("terms of contracts")));
            document.undoStack()->undo();
            QTRY_VERIFY_WITH_TIMEOUT(!moves.move(), jobTimeout); // nothing has moved after all
            document.undoStack()->redo();
            QTRY_VERIFY_WITH_TIMEOUT(moves.move(), jobTimeout);
            moves.accept();
            QVERIFY(!moves.move());
            next.overlays.clear();
            document.edit(QStringLiteral("no discount"), next);
            QTRY_VERIFY_WITH_TIMEOUT(moves.move(), jobTimeout);
        }
        // Not accepted: still there when the file is opened again.
        WorkspaceDocument document;
        BaselineMoves moves(document);
        QVERIFY(document.open(path));
        QTRY_VERIFY_WITH_TIMEOUT(moves.move(), jobTimeout);
        QVERIFY(*moves.move()->priceEffect() > Femto());
        moves.accept();
        QCOMPARE(readBaselineFacts(fromQt(document.rememberedBaseline()))->total,
                 std::optional(document.outcomes()->base.total()));
    }
};

QTEST_GUILESS_MAIN(TestScenarioEdits)
#include "tst_scenario_edits.moc"
