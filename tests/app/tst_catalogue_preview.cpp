// SPDX-License-Identifier: GPL-3.0-or-later
// What a catalogue would change before it is added, and what is kept of it in the workspace.
#include "tests/app/workspace_fixture.h"

#include "app/document/catalogue_preview.h"
#include "tests/support/catalogue_samples.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace perunit;

namespace {

const Instant today = *parseInstant("2026-11-21");

AddedCatalogue readSample(Instant effectiveFrom)
{
    auto added = readAddedCatalogue(fromQt(testData("workspace/litellm.json")), effectiveFrom);
    if (!added)
        qFatal("%s", added.error().text().c_str());
    return std::move(*added);
}

AddedCatalogue ownCatalogue(const std::string &models, const std::string &currency = "USD")
{
    auto added = readAddedCatalogueText(catalogueText(models, "[]", currency), "own.json", today);
    if (!added)
        qFatal("%s", added.error().text().c_str());
    return std::move(*added);
}

} // namespace

class TestCataloguePreview : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<WorkspaceStore> m_store;
    WorkspaceState m_state;
    Ledger m_ledger;

    [[nodiscard]] CataloguePreview preview(AddedCatalogue catalogue, SuspiciousPrices suspicious) const
    {
        auto result = previewCatalogue(m_state, std::move(catalogue), suspicious, &m_ledger, today, {});
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(*result);
    }

private slots:
    void initTestCase()
    {
        const QString path = m_folder.filePath("w.perunit");
        makeSmallWorkspace(path);
        auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenExisting);
        QVERIFY(store);
        m_store = std::move(*store);
        auto state = readState(*m_store);
        QVERIFY(state);
        m_state = std::move(*state);
        auto ledger = m_store->readLedger({});
        QVERIFY(ledger);
        m_ledger = std::move(*ledger);
    }

    void suspiciousModelsKeepTheirPrices()
    {
        const CataloguePreview held = preview(readSample(alwaysBefore), SuspiciousPrices::HoldBack);
        QCOMPARE(held.suspicious, (std::vector<ModelKey>{{"openai", "gpt-4.1"}}));
        QCOMPARE(held.catalogue.heldBack, held.suspicious);
        QCOMPARE(held.effect->after.cost.text(), held.effect->before.cost.text());
        QCOMPARE(held.historyAfter->text(), std::string("0.0432"));
        QCOMPARE(held.diff.newModels, (std::vector<ModelKey>{{"openai", "house-model"}}));
        const CataloguePreview accepted = preview(readSample(alwaysBefore), SuspiciousPrices::Accept);
        QVERIFY(accepted.catalogue.heldBack.empty());
        QCOMPARE(accepted.suspicious, held.suspicious);
        QCOMPARE(accepted.effect->before.cost.text(), std::string("0.0432"));
        QCOMPARE(accepted.effect->after.cost.text(), std::string("0.0216"));
        QCOMPARE(accepted.historyAfter->text(), std::string("0.0216"));
        QVERIFY(accepted.conflicts >= 1);
    }

    void pricesFromTodayLeaveThePastAlone()
    {
        const CataloguePreview shown = preview(readSample(today), SuspiciousPrices::Accept);
        QCOMPARE(shown.historyBefore->text(), shown.historyAfter->text());
        QCOMPARE(shown.effect->after.cost.text(), std::string("0.0216"));
        QVERIFY(shown.at == today);
    }

    void pricesOfTheFutureAreComparedOnTheirDay()
    {
        const Instant later = *parseInstant("2027-01-01");
        const CataloguePreview shown = preview(readSample(later), SuspiciousPrices::Accept);
        QVERIFY(shown.at == later);
        QCOMPARE(shown.effect->after.cost.text(), std::string("0.0216"));
    }

    void withoutALedgerThereIsNoEffect()
    {
        const auto shown = previewCatalogue({}, readSample(today), SuspiciousPrices::Accept, nullptr, today, {});
        QVERIFY(shown);
        QVERIFY(!shown->effect);
        QVERIFY(!shown->historyAfter);
        QVERIFY(!shown->diff.changes.empty());
    }

    void anotherCurrencyIsRefused()
    {
        const auto shown = previewCatalogue(
            m_state,
            ownCatalogue("[" + modelText("openai", "m", R"([{"id":"r","per_million_tokens":{"input":"1"}}])") + "]",
                         "EUR"),
            SuspiciousPrices::Accept, &m_ledger, today, {});
        QVERIFY(!shown);
        QVERIFY(shown.error().text().find("EUR") != std::string::npos);
    }

    void whatTheCatalogueDoesNotKnowStays()
    {
        // It states input only: output and batch prices of the bundle go on.
        const CataloguePreview shown =
            preview(ownCatalogue(
                        "["
                        + modelText("openai", "gpt-4.1",
                                    R"([{"id":"mine","valid_from":"2026-11-21","per_million_tokens":{"input":"1.9"}}])")
                        + "]"),
                    SuspiciousPrices::Accept);
        QCOMPARE(shown.diff.changes.size(), std::size_t{1});
        QCOMPARE(shown.diff.changes.front().usageClass, UsageClass::Input);
        QCOMPARE(shown.diff.changes.front().kind, PriceChangeKind::Changed);
        QVERIFY(shown.diff.goneModels.empty());
        // 12 requests of 1,000 in: 0.1 $ a million less.
        QCOMPARE((shown.effect->before.cost - shown.effect->after.cost).text(), std::string("0.0012"));
    }

    void heldBackModelsAreKeptInTheWorkspace()
    {
        const CataloguePreview shown = preview(readSample(alwaysBefore), SuspiciousPrices::HoldBack);
        WorkspaceState next = m_state;
        putCatalogue(next, shown.catalogue);
        QVERIFY(writeState(*m_store, m_state, next));
        const auto again = readState(*m_store);
        QVERIFY2(again, again ? "" : again.error().text().c_str());
        QCOMPARE(again->catalogues.size(), std::size_t{1});
        QCOMPARE(again->catalogues.front().heldBack, shown.catalogue.heldBack);
        QCOMPARE(again->catalogues.front().format, std::string("litellm"));
        QCOMPARE(priceBookFor(*again)->digest(), priceBookFor(next)->digest());
        // All of it counts once the user says so.
        WorkspaceState all = next;
        all.catalogues.front().heldBack.clear();
        QVERIFY(priceBookFor(all)->digest() != priceBookFor(next)->digest());
        QVERIFY(writeState(*m_store, next, m_state));
    }

    void earliestInstantMeansTheWholeLedger()
    {
        const std::string path = fromQt(testData("workspace/litellm.json"));
        const QJsonObject document{{"effective_from", "-28164-12-21T19:59:05.224192Z"},
                                   {"text", toQt(*readTextFile(path))}};
        QVERIFY(m_store->putDocument("catalogue", "litellm.json", QJsonDocument(document).toJson().toStdString()));
        const auto state = readState(*m_store);
        QVERIFY2(state, state ? "" : state.error().text().c_str());
        QVERIFY(state->catalogues.front().effectiveFrom == alwaysBefore);
        QVERIFY(writeState(*m_store, *state, m_state));
    }

    void sameFileTakesThePlaceOfTheEarlierOne()
    {
        WorkspaceState state = m_state;
        putCatalogue(state, readSample(today));
        putCatalogue(state, ownCatalogue("[]"));
        putCatalogue(state, readSample(alwaysBefore));
        QCOMPARE(state.catalogues.size(), std::size_t{2});
        QCOMPARE(state.catalogues.back().file, std::string("litellm.json"));
        QVERIFY(state.catalogues.back().effectiveFrom == alwaysBefore);
    }
};

QTEST_GUILESS_MAIN(TestCataloguePreview)
#include "tst_catalogue_preview.moc"
