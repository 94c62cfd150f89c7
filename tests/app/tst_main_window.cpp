// SPDX-License-Identifier: GPL-3.0-or-later
// The window as its user uses it: files dropped on it, sliders moved, pages walked.
#include "tests/app/workspace_fixture.h"

#include "app/pages/catalogue_page.h"
#include "app/pages/import_page.h"
#include "app/shell/main_window.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/message_area.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/inputs/mapping_edit.h"
#include "widgets/theme/theme.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QCheckBox>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QSlider>
#include <QStandardPaths>
#include <QWindow>

#include <algorithm>

using namespace perunit;

namespace {

/// Drops files the way the desktop does it: on the native window, which looks for the widget below the pointer.
void dropOn(MainWindow &window, const QWidget &target, const QStringList &paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls << QUrl::fromLocalFile(path);
    data.setUrls(urls);
    const QPoint at = target.mapTo(&window, target.rect().center());
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window.windowHandle(), &enter);
    QVERIFY2(enter.isAccepted(), "the window must take files anywhere");
    QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window.windowHandle(), &move);
    QVERIFY(move.isAccepted());
    QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window.windowHandle(), &drop);
    QVERIFY(drop.isAccepted());
}

std::unique_ptr<MainWindow> shownWindow()
{
    auto window = std::make_unique<MainWindow>();
    window->resize(1440, 900);
    window->show();
    return QTest::qWaitForWindowExposed(window.get()) ? std::move(window) : nullptr;
}

} // namespace

namespace {

/// Whether some label that is shown contains a text.
bool hasText(const QWidget &inside, const char *text)
{
    const auto labels = inside.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [text](const QLabel *label) {
        return label->isVisible() && label->text().contains(QLatin1String(text));
    });
}

} // namespace

namespace {

/// The slider of the first setting; those that are seldom needed are hidden.
QSlider *visibleSlider(const QWidget *editor)
{
    const auto sliders = editor->findChildren<QSlider *>();
    const auto found =
        std::find_if(sliders.begin(), sliders.end(), [](const QSlider *each) { return each->isVisible(); });
    return found == sliders.end() ? nullptr : *found;
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;

    std::unique_ptr<MainWindow> windowWithWorkspace()
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        makeSmallWorkspace(path);
        auto window = shownWindow();
        window->openWorkspace(path);
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes() && window->document().history(), jobTimeout);
        }();
        return window;
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
    }

    void emptyWindowOffersABeginning()
    {
        auto window = shownWindow();
        QVERIFY(window);
        QCOMPARE(window->selection().page(), PageId::Home);
        const auto buttons = window->page(PageId::Home)->findChildren<QAbstractButton *>();
        const auto names = [&] {
            QStringList result;
            for (const QAbstractButton *button : buttons) {
                if (button->isVisible())
                    result << button->text();
            }
            return result;
        }();
        QVERIFY(names.contains("Open the sample"));
        QVERIFY(names.contains("Import files…"));
    }

    void droppedLedgerIsPreviewedThenImported()
    {
        auto window = shownWindow();
        QVERIFY(window);
        // A first workspace, so that the remembered mapping is not what makes the second file ready.
        dropOn(*window, *window->page(PageId::Home), {testData("workspace/requests.csv")});
        QTRY_COMPARE(window->selection().page(), PageId::Import);
        auto *importPage = static_cast<ImportPage *>(window->page(PageId::Import));
        QTRY_VERIFY_WITH_TIMEOUT(importPage->isReady(), jobTimeout);
        QVERIFY(window->document().sources().empty());
        importPage->importAll();
        QTRY_COMPARE_WITH_TIMEOUT(window->document().sources().size(), std::size_t{1}, jobTimeout);
        QCOMPARE(window->document().sources().front().rowsAccepted, std::int64_t{12});
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()
                                     && window->document().outcomes()->base.total().text() == "0.0432",
                                 jobTimeout);
        window->document().undoStack()->undo();
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()->base.total().isZero(), jobTimeout);
    }

    void overlapIsAskedAboutBeforeItCounts_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<std::size_t>("active");
        QTest::newRow("replace") << "Replace the earlier" << std::size_t{1};
        QTest::newRow("keep") << "Keep both" << std::size_t{2};
        QTest::newRow("leave out") << "Leave this one out" << std::size_t{1};
    }
    void overlapIsAskedAboutBeforeItCounts()
    {
        QFETCH(QString, answer);
        QFETCH(std::size_t, active);
        auto window = shownWindow();
        QVERIFY(window);
        QVERIFY(window->document().create(m_folder.filePath(QStringLiteral("o%1.perunit").arg(++m_number))));
        const auto file = [this](const char *name, const QByteArray &content) {
            QFile target(m_folder.filePath(QLatin1String(name)));
            if (!target.open(QIODevice::WriteOnly) || target.write(content) != content.size())
                qFatal("the test file cannot be written");
            return target.fileName();
        };
        const QByteArray first = "time,provider,model,input,output\n2026-05-01T08:00:00Z,openai,gpt-4.1,1000000,0\n";
        auto *importPage = static_cast<ImportPage *>(window->page(PageId::Import));
        window->openFiles({file("may.csv", first)});
        QTRY_VERIFY_WITH_TIMEOUT(importPage->isReady(), jobTimeout);
        importPage->importAll();
        QTRY_COMPARE_WITH_TIMEOUT(window->document().sources().size(), std::size_t{1}, jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(!window->document().isImporting(), jobTimeout);
        window->openFiles({file("more.csv", first + "2026-05-02T08:00:00Z,openai,gpt-4.1,2000000,0\n")});
        QTRY_VERIFY_WITH_TIMEOUT(importPage->isReady(), jobTimeout);
        // gpt-4.1 costs 2 dollars per million input tokens: 2 for the first file, 6 for the second.
        QTRY_VERIFY(hasText(*importPage, "Together they cost 6 when this file replaces the earlier one, 2 when it is "
                                         "left out, 8 when both are kept."));
        // Without an answer nothing happens.
        importPage->importAll();
        QVERIFY(!window->document().isImporting());
        QCOMPARE(window->selection().page(), PageId::Import);
        const auto buttons = importPage->findChildren<QAbstractButton *>();
        const auto button = std::find_if(buttons.begin(), buttons.end(),
                                         [&answer](const QAbstractButton *each) { return each->text() == answer; });
        QVERIFY(button != buttons.end() && (*button)->isVisible());
        (*button)->click();
        importPage->importAll();
        const std::size_t stored = answer == "Leave this one out" ? 1 : 2;
        QTRY_COMPARE_WITH_TIMEOUT(window->document().sources().size(), stored, jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(!window->document().isImporting(), jobTimeout);
        const auto &sources = window->document().sources();
        QCOMPARE(static_cast<std::size_t>(
                     std::count_if(sources.begin(), sources.end(), [](const Source &each) { return each.active; })),
                 active);
        if (answer == "Replace the earlier") {
            // One step back: the earlier one counts again, and the new one does not.
            window->document().undoStack()->undo();
            QVERIFY(window->document().sources().at(0).active);
            QVERIFY(!window->document().sources().at(1).active);
        }
    }

    void workspaceOfAnotherProgramCanOnlyBeRead()
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        makeSmallWorkspace(path);
        auto lock = WorkspaceLock::acquire(fromQt(path), "a night job", std::chrono::milliseconds(0));
        QVERIFY(lock.ok());
        auto window = shownWindow();
        QVERIFY(window->openWorkspace(path));
        QTRY_VERIFY(
            hasText(*window, "This workspace can only be read: the workspace is open for writing in a night job"));
        const auto button = [&window](const QString &text) -> QAbstractButton * {
            for (QAbstractButton *each : window->findChildren<QAbstractButton *>()) {
                if (each->text() == text && each->isVisible())
                    return each;
            }
            return nullptr;
        };
        QTRY_VERIFY(button("Try again"));
        {
            const WorkspaceLock released = std::move(*lock);
        }
        button("Try again")->click();
        QTRY_VERIFY(!window->document().isReadOnly());
        QVERIFY(!button("Try again"));
    }

    void droppedCatalogueIsShownBeforeItChangesAnything()
    {
        auto window = windowWithWorkspace();
        WorkspaceDocument &document = window->document();
        QTRY_VERIFY_WITH_TIMEOUT(!document.isComputing(), jobTimeout);
        dropOn(*window, *window->page(PageId::Home), {testData("workspace/litellm.json")});
        QTRY_COMPARE(window->selection().page(), PageId::Catalogue);
        auto *page = static_cast<CataloguePage *>(window->page(PageId::Catalogue));
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady(), jobTimeout);
        QVERIFY(document.state().catalogues.empty());
        // Prices of half as much look wrong: unless the user says otherwise, the present ones stay.
        auto *holdBack = page->findChild<QCheckBox *>();
        QVERIFY(!holdBack->isHidden());
        page->accept();
        QCOMPARE(window->selection().page(), PageId::Prices);
        QCOMPARE(document.state().catalogues.size(), std::size_t{1});
        QVERIFY(!document.state().catalogues.front().heldBack.empty());
        QVERIFY(!document.state().catalogues.front().issues->empty());
        QTRY_VERIFY_WITH_TIMEOUT(!document.isComputing(), jobTimeout);
        QCOMPARE(document.outcomes()->base.total().text(), std::string("0.0432"));
        document.undoStack()->undo();
        QVERIFY(document.state().catalogues.empty());
    }

    void droppedCatalogueHoldsFromTodayUntilSaidOtherwise()
    {
        auto window = windowWithWorkspace();
        WorkspaceDocument &document = window->document();
        QTRY_VERIFY_WITH_TIMEOUT(!document.isComputing(), jobTimeout);
        dropOn(*window, *window->page(PageId::Home), {testData("workspace/litellm.json")});
        auto *page = static_cast<CataloguePage *>(window->page(PageId::Catalogue));
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady(), jobTimeout);
        std::shared_ptr<const Result<CataloguePreview>> newest;
        connect(&document, &WorkspaceDocument::cataloguePreviewed, this,
                [&newest](const QString &, const auto &preview) { newest = preview; });
        page->findChild<QCheckBox *>()->setChecked(false);
        QTRY_VERIFY_WITH_TIMEOUT(newest && (**newest).catalogue.heldBack.empty(), jobTimeout);
        // The ledger is of the past: what it cost stays, what its traffic would cost today does not.
        QCOMPARE(*(**newest).historyBefore, *(**newest).historyAfter);
        QCOMPARE((**newest).effect->before.cost.text(), std::string("0.0432"));
        QCOMPARE((**newest).effect->after.cost.text(), std::string("0.0216"));
        const auto buttons = page->findChildren<QAbstractButton *>();
        const auto whole = std::find_if(buttons.begin(), buttons.end(), [](const QAbstractButton *button) {
            return button->text() == "For the whole ledger";
        });
        QVERIFY(whole != buttons.end());
        (*whole)->click();
        QTRY_VERIFY_WITH_TIMEOUT((**newest).catalogue.effectiveFrom == alwaysBefore, jobTimeout);
        QCOMPARE((**newest).historyAfter->text(), std::string("0.0216"));
        page->accept();
        QTRY_COMPARE_WITH_TIMEOUT(document.outcomes()->base.total().text(), std::string("0.0216"), jobTimeout);
        document.undoStack()->undo();
        QTRY_COMPARE_WITH_TIMEOUT(document.outcomes()->base.total().text(), std::string("0.0432"), jobTimeout);
    }

    void traceIsToldItsModel()
    {
        auto window = shownWindow();
        QVERIFY(window);
        dropOn(*window, *window->page(PageId::Home), {testData("workspace/trace.csv")});
        auto *importPage = static_cast<ImportPage *>(window->page(PageId::Import));
        QTRY_VERIFY_WITH_TIMEOUT(importPage->isReady(), jobTimeout);
        auto *mapping = importPage->findChild<MappingEdit *>();
        QTRY_VERIFY(mapping->isVisible());
        MappingValue value = mapping->value();
        value.constants["provider"] = "azure";
        value.constants["model"] = "gpt-4.1";
        emit mapping->edited(value);
        QTRY_VERIFY_WITH_TIMEOUT(importPage->isReady(), jobTimeout);
        importPage->importAll();
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()
                                     && window->document().outcomes()->base.total().text() == "0.0072",
                                 jobTimeout);
    }

    void filesAreTakenOnEveryPage_data()
    {
        QTest::addColumn<int>("page");
        for (int page = 0; page <= static_cast<int>(PageId::Report); ++page)
            QTest::addRow("page %d", page) << page;
    }
    void filesAreTakenOnEveryPage()
    {
        QFETCH(int, page);
        auto window = windowWithWorkspace();
        window->showPage(static_cast<PageId>(page));
        Page *shown = window->page(static_cast<PageId>(page));
        QTRY_VERIFY(shown->isVisible());
        const std::size_t before = window->document().state().scenarios.scenarios.size();
        // On a chart where the page has one: charts are known to swallow what is dropped on them.
        const QList<FigureView *> charts = shown->findChildren<FigureView *>();
        const auto visible =
            std::find_if(charts.begin(), charts.end(), [](const FigureView *view) { return view->isVisible(); });
        const QWidget *target = visible == charts.end() ? static_cast<QWidget *>(shown) : *visible;
        const QString file = m_folder.filePath("copy.perunit-scenario");
        QFile::remove(file);
        QVERIFY(QFile::copy(testData("workspace/route_half.perunit-scenario"), file));
        // Equal scenarios are shared, so make it another one first.
        QFile edited(file);
        QVERIFY(edited.open(QIODevice::ReadWrite));
        QByteArray text = edited.readAll();
        text.replace("0.5", "0.25");
        edited.resize(0);
        edited.write(text);
        edited.close();
        dropOn(*window, *target, {file});
        QTRY_COMPARE(window->document().state().scenarios.scenarios.size(), before + 1);
        QTRY_COMPARE(window->selection().page(), PageId::Scenarios);
    }

    void movedSliderChangesTheOutcomeInOneStep()
    {
        auto window = windowWithWorkspace();
        const std::string id = window->document().state().scenarios.scenarios.front().id;
        window->selection().setScenario(id);
        window->showPage(PageId::Scenarios);
        auto *panel = window->page(PageId::Scenarios)->inspector()->findChild<LeverPanel *>();
        QVERIFY(panel);
        LeverEditor *editor = panel->editor("routing-1");
        QVERIFY(editor);
        QTRY_VERIFY(visibleSlider(editor));
        QSlider *slider = visibleSlider(editor);
        slider->setFocus();
        const Femto before = window->document().outcomes()->outcome(id)->total();
        QTest::keyClick(slider, Qt::Key_End);
        QTRY_COMPARE_WITH_TIMEOUT(window->document().outcomes()->outcome(id)->total().text(), std::string("0.00864"),
                                  jobTimeout);
        QCOMPARE(window->document().undoStack()->count(), 1);
        window->document().undoStack()->undo();
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()->outcome(id)->total() == before, jobTimeout);
    }

    void draggedSliderIsOneStep()
    {
        auto window = windowWithWorkspace();
        const std::string id = window->document().state().scenarios.scenarios.front().id;
        window->selection().setScenario(id);
        window->showPage(PageId::Scenarios);
        auto *panel = window->page(PageId::Scenarios)->inspector()->findChild<LeverPanel *>();
        QTRY_VERIFY(visibleSlider(panel->editor("routing-1")));
        QSlider *slider = visibleSlider(panel->editor("routing-1"));
        const int y = slider->height() / 2;
        const auto at = [&](double share) {
            return QPoint(8 + static_cast<int>((slider->width() - 16) * share), y);
        };
        QTest::mousePress(slider, Qt::LeftButton, {}, at(0.5));
        for (int i = 50; i <= 80; i += 5)
            QTest::mouseMove(slider, at(i / 100.0));
        QTest::mouseRelease(slider, Qt::LeftButton, {}, at(0.8));
        QTRY_VERIFY(window->document().state().scenarios.find(id)->levers.front().number("share") > 600'000);
        QCOMPARE(window->document().undoStack()->count(), 1);
    }

    void everyPageShowsAndNamesItsControls()
    {
        auto window = windowWithWorkspace();
        for (int page = 0; page <= static_cast<int>(PageId::Report); ++page) {
            window->showPage(static_cast<PageId>(page));
            Page *shown = window->page(static_cast<PageId>(page));
            QTRY_VERIFY(shown->isVisible());
            for (const QWidget *widget : shown->findChildren<QWidget *>()) {
                if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
                    continue;
                QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
                QVERIFY(interface);
                const bool named = !interface->text(QAccessible::Name).isEmpty() || !widget->accessibleName().isEmpty();
                QVERIFY2(named, qPrintable(QString("page %1: %2 '%3' has no name for people who cannot see it")
                                               .arg(page)
                                               .arg(widget->metaObject()->className(), widget->objectName())));
            }
        }
    }

    void themeChangesOnEveryPage()
    {
        auto window = windowWithWorkspace();
        window->openFiles({testData("workspace/requests.csv")});
        auto *importPage = static_cast<ImportPage *>(window->page(PageId::Import));
        QTRY_VERIFY_WITH_TIMEOUT(importPage->isReady(), jobTimeout);
        for (int page = static_cast<int>(PageId::Import); page >= 0; --page) {
            window->showPage(static_cast<PageId>(page));
            QTRY_VERIFY(window->page(static_cast<PageId>(page))->isVisible());
            for (const bool dark : {true, false}) {
                window->setDark(dark);
                QCoreApplication::processEvents();
                QCOMPARE(window->palette().window().color(), currentTheme().window);
                QCOMPARE(currentTheme().dark, dark);
            }
        }
    }

    void workspaceReopensOnTheSamePage()
    {
        const QString path = m_folder.filePath("view.perunit");
        makeSmallWorkspace(path);
        {
            auto window = shownWindow();
            window->openWorkspace(path);
            window->selection().setScenario(window->document().state().scenarios.scenarios.front().id);
            window->selection().setComparePicture("bridge");
            window->showPage(PageId::Compare);
        }
        auto window = shownWindow();
        window->openWorkspace(path);
        QCOMPARE(window->selection().page(), PageId::Compare);
        QCOMPARE(window->selection().comparePicture(), QString("bridge"));
        QCOMPARE(window->selection().scenarioId(), window->document().state().scenarios.scenarios.front().id);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
