// SPDX-License-Identifier: GPL-3.0-or-later
// Two programs that write to one workspace: nothing of either is lost.
#include "app/document/three_way_merge.h"
#include "app/document/workspace_state.h"
#include "tests/support/catalogue_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace perunit;

namespace {

using Things = std::vector<std::string>;

/// Things written "name=value"; the name says which are the same.
Things mergedThings(const QString &before, const QString &after, const QString &present)
{
    const auto listed = [](const QString &text) {
        Things things;
        for (const QString &each : text.split(' ', Qt::SkipEmptyParts))
            things.push_back(each.toStdString());
        return things;
    };
    return merged(listed(before), listed(after), listed(present),
                  [](const std::string &each) { return each.substr(0, each.find('=')); });
}

PriceOverlay overlayNamed(const char *name, PartsPerMillion change)
{
    PriceOverlay overlay;
    overlay.name = name;
    overlay.change = change;
    return overlay;
}

AddedCatalogue catalogueNamed(const char *file)
{
    const std::string text = catalogueText(
        "[" + modelText("openai", "m", R"([{"id":"r","source":"s","per_million_tokens":{"input":"1"}}])") + "]");
    return *readAddedCatalogueText(text, file, *parseInstant("2026-01-01"));
}

} // namespace

class TestWorkspaceState : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void merges_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("present");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nobody else") << "a=1 b=1"
                                     << "b=1 a=2 c=1"
                                     << "a=1 b=1"
                                     << "b=1 a=2 c=1";
        QTest::newRow("theirs stand in front of ours") << "a=1"
                                                       << "a=1 b=1"
                                                       << "a=1 c=1"
                                                       << "a=1 c=1 b=1";
        QTest::newRow("theirs alone") << "a=1 b=1"
                                      << "a=2 b=1"
                                      << "a=1 b=1 c=1"
                                      << "a=2 b=1 c=1";
        QTest::newRow("they changed another") << "a=1 b=1"
                                              << "a=2 b=1"
                                              << "a=1 b=2"
                                              << "a=2 b=2";
        QTest::newRow("both changed it") << "a=1"
                                         << "a=2"
                                         << "a=3"
                                         << "a=2";
        QTest::newRow("both added it") << ""
                                       << "a=1"
                                       << "a=2 b=1"
                                       << "b=1 a=1";
        QTest::newRow("we removed it") << "a=1 b=1"
                                       << "b=1"
                                       << "a=1 b=1 c=1"
                                       << "b=1 c=1";
        QTest::newRow("they removed it") << "a=1 b=1"
                                         << "a=1 b=1 c=1"
                                         << "a=1"
                                         << "a=1 c=1";
        QTest::newRow("they removed what we changed") << "a=1"
                                                      << "a=2"
                                                      << ""
                                                      << "a=2";
    }
    void merges()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, present);
        QStringList result;
        for (const std::string &each : mergedThings(before, after, present))
            result << QString::fromStdString(each);
        QTEST(result.join(' '), "expected");
    }

    void twoWritersLoseNothing()
    {
        const std::string path = m_folder.filePath("two.perunit").toStdString();
        auto first = WorkspaceStore::open(path, WorkspaceStore::Mode::OpenOrCreate);
        auto second = WorkspaceStore::open(path, WorkspaceStore::Mode::OpenOrCreate);
        QVERIFY(first && second);
        const auto begun = readState(**first);
        QVERIFY(begun);
        WorkspaceState ours = *begun;
        putCatalogue(ours, catalogueNamed("ours.json"));
        ours.overlays = {overlayNamed("ours", 100'000), overlayNamed("both", 200'000)};
        ours.modelMappings = {{"azure", "chat", {"azure", "gpt-4o"}}};
        WorkspaceState theirs = *begun;
        putCatalogue(theirs, catalogueNamed("theirs.json"));
        theirs.overlays = {overlayNamed("both", 300'000), overlayNamed("theirs", 50'000)};
        theirs.modelMappings = {{"azure", "mini", {"azure", "gpt-4o-mini"}}};
        theirs.settings.horizonMonths = 7;
        QVERIFY(writeState(**second, *begun, theirs));
        QVERIFY(writeState(**first, *begun, ours));

        const auto state = readState(**first);
        QVERIFY(state);
        QCOMPARE(state->catalogues.size(), std::size_t{2});
        QCOMPARE(state->catalogues[0].file, std::string("theirs.json"));
        QCOMPARE(state->catalogues[1].file, std::string("ours.json"));
        QCOMPARE(state->overlays, (std::vector<PriceOverlay>{theirs.overlays[1], ours.overlays[0], ours.overlays[1]}));
        QCOMPARE(state->modelMappings, (std::vector<ModelMapping>{theirs.modelMappings[0], ours.modelMappings[0]}));
        QCOMPARE(state->settings.horizonMonths, 7);
    }

    void anErrorLeavesEverythingAsItWas()
    {
        auto store =
            WorkspaceStore::open(m_folder.filePath("error.perunit").toStdString(), WorkspaceStore::Mode::OpenOrCreate);
        QVERIFY(store);
        WorkspaceState state;
        state.overlays = {overlayNamed("good", 100'000)};
        QVERIFY(writeState(**store, {}, state));
        WorkspaceState next = state;
        next.overlays.push_back(overlayNamed("", 100'000));
        QVERIFY(!writeState(**store, state, next));
        const auto read = readState(**store);
        QVERIFY(read);
        QCOMPARE(read->overlays, state.overlays);
    }
};

QTEST_APPLESS_MAIN(TestWorkspaceState)
#include "tst_workspace_state.moc"
