// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every page of a workspace to PNG, light and dark, for looking at:
//     gallery WORKSPACE FOLDER [SCALE [WIDTH HEIGHT]]
// SCALE is 1 unless given; 2 shows what a high-density screen shows. The window is 1440 by 900 unless given.
#include "app/pages/capacity/capacity_page.h"
#include "app/pages/compare/analyses_card.h"
#include "app/pages/import_page.h"
#include "app/pages/ledger/ledger_page.h"
#include "app/pages/prices/invoice_view.h"
#include "app/pages/report_page.h"
#include "app/pages/scenarios_page.h"
#include "app/shell/main_window.h"
#include "tests/support/shared_data.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/inputs/lever_picker.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/long_table.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QScrollArea>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include <cstdio>
#include <cstdlib>

using namespace perunit;

namespace {

constexpr int patience = 120'000;

struct Shot {
    const char *name;
    PageId page;
    const char *picture; ///< of the Compare page, or view of another page; null: as it is
};

const std::vector<Shot> &shots()
{
    static const std::vector<Shot> all{{"home", PageId::Home, nullptr},
                                       {"ledger", PageId::Ledger, "sources"},
                                       {"ledger-completeness", PageId::Ledger, "completeness"},
                                       {"ledger-tie", PageId::Ledger, "tie"},
                                       {"ledger-coverage", PageId::Ledger, "coverage"},
                                       {"ledger-dimensions", PageId::Ledger, "dimensions"},
                                       {"ledger-rows", PageId::Ledger, "rows"},
                                       {"prices", PageId::Prices, "matching"},
                                       {"prices-models", PageId::Prices, "models"},
                                       {"prices-traffic", PageId::Prices, "traffic"},
                                       {"prices-contract", PageId::Prices, "contract"},
                                       {"prices-invoice", PageId::Prices, "invoice"},
                                       {"prices-catalogues", PageId::Prices, "catalogues"},
                                       {"units", PageId::Units, nullptr},
                                       {"scenarios", PageId::Scenarios, nullptr},
                                       {"compare-components", PageId::Compare, "components"},
                                       {"compare-unit", PageId::Compare, "unit"},
                                       {"compare-months", PageId::Compare, "months"},
                                       {"compare-bridge", PageId::Compare, "bridge"},
                                       {"capacity", PageId::Capacity, nullptr},
                                       {"report", PageId::Report, nullptr}};
    return all;
}

bool settled(MainWindow &window)
{
    return QTest::qWaitFor(
        [&] { return window.document().outcomes() && window.document().history() && !window.document().isComputing(); },
        patience);
}

void draw(MainWindow &window, const QString &path)
{
    // Two rounds of the event loop: delayed layouts, then what they ask to be drawn.
    QTest::qWait(400);
    if (!window.grab().save(path))
        std::fprintf(stderr, "gallery: cannot write %s\n", qPrintable(path));
}

/// A row of a long list has something to say beside it.
void selectFirstRow(QWidget *page)
{
    for (LongTable *table : page->findChildren<LongTable *>()) {
        if (table->isVisible() && table->model()->rowCount() > 0)
            table->view()->selectRow(0);
    }
}

/// A page that scrolls, as long as it gets.
void drawColumn(QWidget &page, const QString &path)
{
    for (QScrollArea *area : page.findChildren<QScrollArea *>()) {
        if (area->isVisible() && area->widget())
            area->widget()->grab().save(path);
    }
}

/// The scenario with most levers in force shows most.
std::string richestScenario(const WorkspaceDocument &document)
{
    std::string best;
    std::size_t levers = 0;
    for (const Scenario &scenario : document.state().scenarios.scenarios) {
        const std::size_t count = document.state().scenarios.effectiveLevers(scenario.id).size();
        if (count > levers) {
            levers = count;
            best = scenario.id;
        }
    }
    return best;
}

/// Dimensions as they look when somebody has put them in order.
void orderDimensions(MainWindow &window)
{
    DimensionRules rules;
    rules.tags = {{"team", {"squad", "crew"}, {{"support", {"cx", "customer*"}}}}};
    rules.dimensions = {{"product_line",
                         {{"Support", {{"workload", {"support*", "*chat*"}}}},
                          {"Documents", {{"workload", {"*contract*", "*doc*"}}, {"environment", {"prod", ""}}}}},
                         "Other"}};
    WorkspaceState next = window.document().state();
    next.dimensions = rules;
    window.document().edit(QStringLiteral("Rules"), std::move(next));
}

/// The pages of a workspace that another window has open for writing.
void drawReadOnly(const QString &workspace, const QDir &folder, const QSize &size)
{
    MainWindow second;
    second.resize(size);
    second.show();
    second.openWorkspace(workspace);
    if (!settled(second))
        std::fprintf(stderr, "gallery: the second window was not computed in time\n");
    for (const Shot &shot : shots()) {
        if (shot.picture && shot.page == PageId::Compare)
            continue;
        second.showPage(shot.page);
        if (shot.picture)
            second.showView(shot.page, QString::fromLatin1(shot.picture));
        settled(second);
        const auto *ledger = static_cast<LedgerPage *>(second.page(PageId::Ledger));
        if (!QTest::qWaitFor([&] { return ledger->isReady(); }, patience))
            std::fprintf(stderr, "gallery: the ledger was not looked at in time\n");
        draw(second,
             folder.filePath(QStringLiteral("readonly-") + QString::fromLatin1(shot.name) + QStringLiteral(".png")));
    }
}

/// The analyses of the Compare page, which stand below what a window shows, and what opens on the Scenarios page.
void drawWhatIf(MainWindow &window, const QDir &folder, const QString &suffix)
{
    window.showPage(PageId::Compare);
    auto *card = window.page(PageId::Compare)->findChild<AnalysesCard *>();
    for (const char *view : {"tornado", "savings", "kill", "goal"}) {
        card->setView(QString::fromLatin1(view));
        if (!QTest::qWaitFor([card] { return !card->isComputing(); }, patience))
            std::fprintf(stderr, "gallery: %s was not computed in time\n", view);
        QTest::qWait(300);
        card->grab().save(folder.filePath(QStringLiteral("analysis-") + QString::fromLatin1(view) + suffix));
    }
    card->setView(QStringLiteral("tornado"));
    window.showPage(PageId::Scenarios);
    QWidget *page = window.page(PageId::Scenarios);
    auto *picture = page->findChild<SegmentedSwitch *>();
    const QString before = picture->current();
    for (const QString &each : {QStringLiteral("difference"), before}) {
        picture->setCurrent(each);
        emit picture->currentChanged(each);
        if (each != before)
            draw(window, folder.filePath(QStringLiteral("scenarios-difference") + suffix));
    }
    // The inspector alone, as long as it gets, and what its button opens.
    auto *panel = static_cast<ScenariosPage *>(page)->inspector()->findChild<LeverPanel *>();
    LeverPicker picker(panel);
    picker.openAt(panel);
    QTest::qWait(100);
    picker.grab().save(folder.filePath(QStringLiteral("lever-picker") + suffix));
    picker.close();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: gallery WORKSPACE FOLDER [SCALE [WIDTH HEIGHT]]\n");
        return 2;
    }
    if (argc > 3)
        qputenv("QT_SCALE_FACTOR", argv[3]);
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("perunit-gallery"));
    // A copy: looking at pages is remembered in the workspace.
    const QTemporaryDir scratch;
    const QString workspace = scratch.filePath(QFileInfo(QString::fromLocal8Bit(argv[1])).fileName());
    if (!QFile::copy(QString::fromLocal8Bit(argv[1]), workspace)) {
        std::fprintf(stderr, "gallery: cannot read %s\n", argv[1]);
        return 1;
    }
    QFile::setPermissions(workspace, QFile::ReadOwner | QFile::WriteOwner);
    const QDir folder(QString::fromLocal8Bit(argv[2]));
    folder.mkpath(QStringLiteral("."));

    QElapsedTimer clock;
    clock.start();
    MainWindow window;
    window.resize(argc > 5 ? QSize(std::atoi(argv[4]), std::atoi(argv[5])) : QSize(1440, 900));
    window.show();
    std::printf("window built in %lld ms\n", static_cast<long long>(clock.elapsed()));
    for (const bool dark : {false, true}) {
        const QString suffix = dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png");
        clock.start();
        window.setDark(dark);
        std::printf("theme changed in %lld ms\n", static_cast<long long>(clock.elapsed()));
        if (!dark) {
            draw(window, folder.filePath(QStringLiteral("start") + suffix));
            clock.start();
            window.openWorkspace(workspace);
            if (!settled(window)) {
                std::fprintf(stderr, "gallery: %s was not computed in time\n", argv[1]);
                return 1;
            }
            std::printf("opened and computed in %lld ms\n", static_cast<long long>(clock.elapsed()));
        }
        window.selection().setScenario(richestScenario(window.document()));
        for (const Shot &shot : shots()) {
            if (shot.picture && shot.page == PageId::Compare)
                window.selection().setComparePicture(QString::fromLatin1(shot.picture));
            window.showPage(shot.page);
            if (shot.picture && shot.page != PageId::Compare)
                window.showView(shot.page, QString::fromLatin1(shot.picture));
            settled(window);
            const auto *ledger = static_cast<LedgerPage *>(window.page(PageId::Ledger));
            if (!QTest::qWaitFor([&] { return ledger->isReady(); }, patience))
                std::fprintf(stderr, "gallery: the ledger was not looked at in time\n");
            selectFirstRow(window.page(shot.page));
            const auto *invoice = window.page(PageId::Prices)->findChild<InvoiceView *>();
            if (!QTest::qWaitFor([&] { return invoice->isReady() || !invoice->isVisible(); }, patience))
                std::fprintf(stderr, "gallery: the invoices were not tied in time\n");
            const auto *report = static_cast<ReportPage *>(window.page(PageId::Report));
            if (!QTest::qWaitFor([&] { return !report->isBusy(); }, patience))
                std::fprintf(stderr, "gallery: the report was not ready in time\n");
            const auto *capacity = static_cast<CapacityPage *>(window.page(PageId::Capacity));
            if (!QTest::qWaitFor([&] { return capacity->isReady(); }, patience))
                std::fprintf(stderr, "gallery: capacity was not sized in time\n");
            draw(window, folder.filePath(QString::fromLatin1(shot.name) + suffix));
            if (shot.page == PageId::Capacity)
                drawColumn(*window.page(shot.page), folder.filePath(QStringLiteral("capacity-column") + suffix));
        }
        orderDimensions(window);
        window.showView(PageId::Ledger, QStringLiteral("dimensions"));
        settled(window);
        const auto *ordered = static_cast<LedgerPage *>(window.page(PageId::Ledger));
        if (!QTest::qWaitFor([&] { return ordered->isReady(); }, patience))
            std::fprintf(stderr, "gallery: the dimensions were not put in order in time\n");
        draw(window, folder.filePath(QStringLiteral("ledger-dimensions-rules") + suffix));
        if (!dark)
            drawReadOnly(workspace, folder, window.size());
        window.document().undoStack()->undo();
        settled(window);
        drawWhatIf(window, folder, suffix);
        // Last: the page shows files, not the workspace.
        window.openFiles({testData("workspace/requests.csv")});
        const auto *importPage = static_cast<ImportPage *>(window.page(PageId::Import));
        if (!QTest::qWaitFor([&] { return importPage->isReady(); }, patience))
            std::fprintf(stderr, "gallery: the import was not previewed in time\n");
        draw(window, folder.filePath(QStringLiteral("import") + suffix));
    }
    return 0;
}
