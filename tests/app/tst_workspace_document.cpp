// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/workspace_fixture.h"

#include "app/document/scenario_edits.h"

#include <QTimer>

using namespace perunit;

class TestWorkspaceDocument : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;

    /// A fresh copy of the small workspace, opened and computed.
    std::unique_ptr<WorkspaceDocument> openSmall(QString *path = nullptr)
    {
        const QString file = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        makeSmallWorkspace(file);
        if (path)
            *path = file;
        auto document = std::make_unique<WorkspaceDocument>();
        if (!document->open(file))
            return nullptr;
        waitForOutcomes(*document);
        return document;
    }

    static void waitForOutcomes(WorkspaceDocument &document)
    {
        QTRY_VERIFY_WITH_TIMEOUT(document.outcomes() != nullptr && !document.isComputing(), jobTimeout);
    }

    static const Scenario &onlyScenario(const WorkspaceDocument &document)
    {
        return document.state().scenarios.scenarios.front();
    }

    /// Sets the share of the routing lever, in percent.
    static WorkspaceState withShare(const WorkspaceDocument &document, int percent)
    {
        WorkspaceState next = document.state();
        Lever lever = next.scenarios.scenarios.front().levers.front();
        lever.numbers["share"] = percent * (onePpm / 100);
        setLever(next, next.scenarios.scenarios.front().id, lever);
        return next;
    }

    static PriceOverlay discount(const char *name, PartsPerMillion change)
    {
        PriceOverlay overlay;
        overlay.name = name;
        overlay.change = change;
        overlay.provider = "openai";
        return overlay;
    }

private slots:
    void outcomesFollowTheState()
    {
        auto document = openSmall();
        QVERIFY(document);
        const std::string id = onlyScenario(*document).id;
        QCOMPARE(document->outcomes()->base.total().text(), std::string("0.0432"));
        QCOMPARE(document->outcomes()->outcome(id)->total().text(), std::string("0.02592"));
        document->edit("Move lever", withShare(*document, 100));
        QTRY_COMPARE_WITH_TIMEOUT(document->outcomes()->outcome(id)->total().text(), std::string("0.00864"),
                                  jobTimeout);
        document->undoStack()->undo();
        QTRY_COMPARE_WITH_TIMEOUT(document->outcomes()->outcome(id)->total().text(), std::string("0.02592"),
                                  jobTimeout);
    }

    void everyEditCanBeUndoneAndRedone()
    {
        auto document = openSmall();
        QVERIFY(document);
        std::vector<WorkspaceState> states{document->state()};
        const auto edit = [&](auto change) {
            WorkspaceState next = document->state();
            change(next);
            document->edit("Step", next);
            QVERIFY(document->state() == next);
            states.push_back(next);
        };
        const std::string id = onlyScenario(*document).id;
        edit([](WorkspaceState &s) { addScenario(s, "Another", {}); });
        edit([&](WorkspaceState &s) { addScenario(s, "Derived", id); });
        edit([&](WorkspaceState &s) { duplicateScenario(s, id); });
        edit([&](WorkspaceState &s) { renameScenario(s, id, "Renamed"); });
        edit([&](WorkspaceState &s) { removeLever(s, id, s.scenarios.find(id)->levers.front().id); });
        edit([](WorkspaceState &s) { s.units.front().note = "what it is"; });
        edit([](WorkspaceState &s) { s.settings.horizonMonths = 6; });
        edit([](WorkspaceState &s) { s.modelMappings.push_back({"openai", "gpt-4.1", {"openai", "gpt-4.1-mini"}}); });
        edit([](WorkspaceState &s) { putOverlay(s.overlays, discount("agreement", 100'000)); });
        edit([](WorkspaceState &s) { putOverlay(s.overlays, discount("agreement", 200'000)); });
        edit([](WorkspaceState &s) { s.overlays.clear(); });
        edit([&](WorkspaceState &s) { s.sources.begin()->second.active = false; });
        edit([&](WorkspaceState &s) { removeScenario(s, id); });
        for (std::size_t i = states.size() - 1; i-- > 0;) {
            document->undoStack()->undo();
            QVERIFY2(document->state() == states[i], qPrintable(QString::number(i)));
        }
        QVERIFY(!document->undoStack()->canUndo());
        for (std::size_t i = 1; i < states.size(); ++i) {
            document->undoStack()->redo();
            QVERIFY2(document->state() == states[i], qPrintable(QString::number(i)));
        }
    }

    void contractTermsChangePricesAndCanBeUndone()
    {
        QString path;
        auto document = openSmall(&path);
        QVERIFY(document);
        QVERIFY(!document->outcomes()->base.list);
        WorkspaceState next = document->state();
        putOverlay(next.overlays, discount("agreement", 250'000));
        document->edit("Agree", next);
        QTRY_COMPARE_WITH_TIMEOUT(document->outcomes()->base.total().text(), std::string("0.0324"), jobTimeout);
        QCOMPARE(document->outcomes()->base.listTotal().value_or(Femto()).text(), std::string("0.0432"));
        QVERIFY(document->priceBook()->hasOverlays());
        {
            WorkspaceDocument again;
            QVERIFY(again.open(path));
            QCOMPARE(again.state().overlays, next.overlays);
        }
        document->undoStack()->undo();
        QTRY_COMPARE_WITH_TIMEOUT(document->outcomes()->base.total().text(), std::string("0.0432"), jobTimeout);
        QVERIFY(document->state().overlays.empty());
        document->undoStack()->redo();
        QTRY_COMPARE_WITH_TIMEOUT(document->outcomes()->base.total().text(), std::string("0.0324"), jobTimeout);
    }

    void aDragIsOneStep()
    {
        auto document = openSmall();
        QVERIFY(document);
        for (int percent = 51; percent <= 80; ++percent)
            document->edit("Drag", withShare(*document, percent), "drag 1");
        document->edit("Drag", withShare(*document, 90), "drag 2");
        QCOMPARE(document->undoStack()->count(), 2);
        document->undoStack()->undo();
        QCOMPARE(onlyScenario(*document).levers.front().number("share"), std::int64_t{800'000});
        document->undoStack()->undo();
        QCOMPARE(onlyScenario(*document).levers.front().number("share"), std::int64_t{500'000});
    }

    void aDragIsAnsweredWhileItGoesOn()
    {
        auto document = openSmall();
        QVERIFY(document);
        QSignalSpy answers(document.get(), &WorkspaceDocument::outcomesChanged);
        // Moves arrive faster than answers for ever; an answer must come all the same.
        QTimer moves;
        int percent = 0;
        connect(&moves, &QTimer::timeout, document.get(),
                [&] { document->edit("Drag", withShare(*document, ++percent % 100), "drag"); });
        moves.start(0);
        QTRY_VERIFY_WITH_TIMEOUT(answers.count() >= 3, jobTimeout);
        moves.stop();
    }

    void reopensExactlyAsItWas()
    {
        QString path;
        auto document = openSmall(&path);
        QVERIFY(document);
        WorkspaceState next = document->state();
        const std::string id = addScenario(next, "Derived", onlyScenario(*document).id);
        next.settings.horizonMonths = 12;
        document->edit("Change", next);
        document->setViewState("{\"page\":\"compare\"}");
        // No close, no flush: a second reader sees what a restart after a crash would see.
        WorkspaceDocument again;
        QVERIFY(again.open(path));
        QVERIFY(again.state() == document->state());
        QVERIFY(again.state().scenarios.find(id));
        QCOMPARE(again.viewState(), QString("{\"page\":\"compare\"}"));
        QCOMPARE(again.sources().size(), document->sources().size());
    }

    void importIsOneStepAndCanBeUndone()
    {
        WorkspaceDocument document;
        QVERIFY(document.create(m_folder.filePath("import.perunit")));
        WorkspaceDocument::FileToImport file{testData("workspace/requests.csv"), {}};
        auto mapping = parseColumnMapping(*readTextFile(fromQt(testData("workspace/mapping.json"))));
        QVERIFY(mapping);
        file.options.mapping = *mapping;
        QSignalSpy imported(&document, &WorkspaceDocument::imported);
        document.import({file});
        QVERIFY(imported.wait(jobTimeout));
        QCOMPARE(document.undoStack()->count(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(document.outcomes() && document.outcomes()->base.total().text() == "0.0432",
                                 jobTimeout);
        document.undoStack()->undo();
        QTRY_VERIFY_WITH_TIMEOUT(document.outcomes()->base.total().isZero(), jobTimeout);
        document.undoStack()->redo();
        QTRY_COMPARE_WITH_TIMEOUT(document.outcomes()->base.total().text(), std::string("0.0432"), jobTimeout);
    }

    void saveAsKeepsEverything()
    {
        auto document = openSmall();
        QVERIFY(document);
        const QString copy = m_folder.filePath("copy.perunit");
        QVERIFY(document->saveAs(copy));
        QCOMPARE(document->path(), copy);
        document->edit("Move lever", withShare(*document, 10));
        WorkspaceDocument again;
        QVERIFY(again.open(copy));
        QVERIFY(again.state() == document->state());
    }

    void bridgeSumsToTheDifference()
    {
        auto document = openSmall();
        QVERIFY(document);
        const std::string id = onlyScenario(*document).id;
        QSignalSpy changed(document.get(), &WorkspaceDocument::bridgeChanged);
        document->setBridgePair({}, id);
        QTRY_VERIFY_WITH_TIMEOUT(document->bridge() != nullptr, jobTimeout);
        Femto sum = document->bridge()->start;
        for (const BridgePart &part : document->bridge()->parts)
            sum += part.amount;
        QVERIFY(sum == document->outcomes()->outcome(id)->total());
    }

    void impossibleLeversAreSaidAndOthersStillCounted()
    {
        auto document = openSmall();
        QVERIFY(document);
        WorkspaceState next = document->state();
        const std::string id = duplicateScenario(next, onlyScenario(*document).id);
        Lever lever = next.scenarios.find(id)->levers.front();
        lever.texts["to"] = "nobody/knows-this";
        setLever(next, id, lever);
        document->edit("Break", next);
        QTRY_VERIFY_WITH_TIMEOUT(document->outcomes()->find(id) != nullptr, jobTimeout);
        QVERIFY(!document->outcomes()->outcome(id));
        QVERIFY(!document->outcomes()->find(id)->problem.empty());
        QVERIFY(document->outcomes()->outcome(onlyScenario(*document).id));
    }

    void wrongFilesAreRefusedWithAReason_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("text") << QByteArray("this is no workspace, only some text that somebody renamed\n");
        QTest::newRow("another database") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0');
    }
    void wrongFilesAreRefusedWithAReason()
    {
        QFETCH(QByteArray, content);
        const QString path = m_folder.filePath(QStringLiteral("wrong%1.perunit").arg(++m_number));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        WorkspaceDocument document;
        const Status status = document.open(path);
        QVERIFY(!status);
        QVERIFY(!status.error().what.empty());
        QVERIFY(!document.isOpen());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), content);
    }
};

QTEST_GUILESS_MAIN(TestWorkspaceDocument)
#include "tst_workspace_document.moc"
