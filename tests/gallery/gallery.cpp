// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every page of a workspace to PNG, light and dark, for looking at:
//     gallery WORKSPACE FOLDER [SCALE [WIDTH HEIGHT [NAME…]]]
// SCALE is 1 unless given; 2 shows what a high-density screen shows. The window is 1440 by 900 unless given.
// NAMEs choose pictures by how their names begin: "scenarios", "explain", "analysis".
#include "app/pages/capacity/capacity_page.h"
#include "app/pages/compare/analyses_card.h"
#include "app/pages/compare/mix_card.h"
#include "app/pages/explain/explain_panel.h"
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
#include "widgets/tables/value_table.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include <algorithm>
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

/// Beginnings of the names that are wanted; none: all.
QStringList &wantedNames()
{
    static QStringList names;
    return names;
}

bool isWanted(const QString &name)
{
    const QStringList &names = wantedNames();
    return names.isEmpty()
           || std::any_of(names.begin(), names.end(), [&name](const QString &each) { return name.startsWith(each); });
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
        if (!isWanted(QStringLiteral("readonly-") + QString::fromLatin1(shot.name)))
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

/// Explanations of different figures: a total, a cost of one, a part of the cost in a month, harness, a count, a lever.
void drawExplanations(MainWindow &window, const QDir &folder, const QString &suffix)
{
    const auto outcomes = window.document().outcomes();
    const std::string scenario = richestScenario(window.document());
    window.showPage(PageId::Scenarios);
    if (!outcomes || outcomes->base.months.empty() || outcomes->base.units.empty())
        return;
    if (!QTest::qWaitFor([&] { return window.document().bridge() != nullptr; }, patience))
        std::fprintf(stderr, "gallery: the bridge was not computed in time\n");
    std::vector<std::pair<QString, FigureAddress>> figures(6);
    for (auto &[name, figure] : figures)
        figure.scenarioId = scenario;
    figures[0].first = QStringLiteral("total");
    figures[1].first = QStringLiteral("unit");
    figures[1].second.cell.unit = outcomes->base.units.front().name;
    figures[1].second.cell.figure = CellFigure::CostPerUnit;
    figures[2].first = QStringLiteral("component");
    figures[2].second.cell.component = Component::CacheRead;
    figures[2].second.cell.month = outcomes->base.months.front().month;
    figures[3].first = QStringLiteral("harness");
    figures[3].second.cell.component = Component::Harness;
    figures[4].first = QStringLiteral("count");
    figures[4].second.cell = figures[1].second.cell;
    figures[4].second.cell.figure = CellFigure::Count;
    figures[5].first = QStringLiteral("step");
    if (const auto bridge = window.document().bridge(); bridge && !bridge->parts.empty())
        figures[5].second.step = FigureAddress::BridgeStep{{}, bridge->parts.back().leverId};
    for (const auto &[name, figure] : figures) {
        window.explain(figure);
        auto *panel = window.findChild<ExplainPanel *>();
        if (!QTest::qWaitFor([panel] { return panel->isReady(); }, patience))
            std::fprintf(stderr, "gallery: %s was not explained in time\n", qPrintable(name));
        panel->resize(std::min(panel->width(), window.width()), std::min(panel->height(), window.height()));
        panel->selectFirstLine();
        QTest::qWait(200);
        panel->grab().save(folder.filePath(QStringLiteral("explain-") + name + suffix));
        panel->close();
    }
}

/// The import page with everything that it asks, scrolled to what does not fit: persons and columns, numbers and dates,
/// a bill and its role; and the dialog about a budget.
void drawImport(MainWindow &window, const QDir &folder, const QString &suffix)
{
    const QTemporaryDir files;
    const auto write = [&files](const char *name, const QByteArray &text) {
        QFile file(files.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            std::fprintf(stderr, "gallery: cannot write %s\n", name);
        return file.fileName();
    };
    const QStringList paths{
        testData("workspace/requests.csv"),
        write("open.csv", "date,model,user_email,customer,input_tokens,output_tokens,cost_usd,request_id\n"
                          "3/8/2026,gpt-4o,anna@example.org,acme,1000,200,1.234,r1\n"
                          "4/8/2026,gpt-4o,bert@example.org,acme,2000,100,2.500,r2\n"
                          "5/8/2026,gpt-4o-mini,anna@example.org,beta,2000,many,1.500,r3\n"),
        write("bill.csv", "BilledCost,EffectiveCost,ListCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,"
                          "ChargeCategory,ProviderName,ServiceName,ServiceCategory,SkuMeter,ConsumedQuantity,"
                          "ConsumedUnit,ChargeDescription,BillingPeriodStart,BillingPeriodEnd,SkuPriceDetails\n"
                          "3,3,3,USD,2026-08-01T00:00:00Z,2026-08-02T00:00:00Z,Usage,OpenAI,API,"
                          "AI and Machine Learning,gpt-4o input,1000000,Tokens,gpt-4o input tokens,"
                          "2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,\"{\"\"Model\"\":\"\"gpt-4o\"\"}\"\n")};
    auto *page = static_cast<ImportPage *>(window.page(PageId::Import));
    page->addFiles(paths);
    window.showPage(PageId::Import);
    auto *list = page->findChild<ValueTable *>();
    for (const QString &path : paths) {
        if (!QTest::qWaitFor([page] { return page->isReady(); }, patience))
            std::fprintf(stderr, "gallery: the import was not previewed in time\n");
        list->setCurrentKey(path);
        emit list->currentKeyChanged(path);
        const QString name = folder.filePath(QStringLiteral("import-") + QFileInfo(path).completeBaseName());
        auto *area = page->findChild<QScrollArea *>();
        area->verticalScrollBar()->setValue(0);
        draw(window, name + suffix);
        area->verticalScrollBar()->setValue(area->viewport()->height() - 40);
        draw(window, name + QStringLiteral("-below") + suffix);
    }
    for (QPushButton *cancel : page->findChildren<QPushButton *>()) {
        if (cancel->text() == QLatin1String("Cancel"))
            cancel->click();
    }
    window.openFiles({write("plan.csv", "date,budget,team\n3/8/2026,1.500,search\n4/9/2026,2.250,support\n")});
    QTest::qWait(300);
    if (auto *dialog = window.findChild<QDialog *>()) {
        dialog->grab().save(folder.filePath(QStringLiteral("import-budget") + suffix));
        dialog->reject();
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
    auto *months = window.page(PageId::Compare)->findChild<MixCard *>();
    if (!QTest::qWaitFor([months] { return !months->isComputing() && months->shown(); }, patience))
        std::fprintf(stderr, "gallery: the months were not compared in time\n");
    QTest::qWait(300);
    months->grab().save(folder.filePath(QStringLiteral("analysis-months") + suffix));
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
        std::fprintf(stderr, "usage: gallery WORKSPACE FOLDER [SCALE [WIDTH HEIGHT [NAME…]]]\n");
        return 2;
    }
    for (int i = 6; i < argc; ++i)
        wantedNames() << QString::fromLocal8Bit(argv[i]);
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
        // Windows hear of new colours with their next events; then they are painted.
        QCoreApplication::sendPostedEvents();
        window.grab();
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
            if (!isWanted(QString::fromLatin1(shot.name)))
                continue;
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
        if (isWanted(QStringLiteral("ledger-dimensions-rules"))) {
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
        }
        if (isWanted(QStringLiteral("analysis")))
            drawWhatIf(window, folder, suffix);
        if (isWanted(QStringLiteral("explain")))
            drawExplanations(window, folder, suffix);
        if (!isWanted(QStringLiteral("import")))
            continue;
        // Last: the page shows files, not the workspace.
        drawImport(window, folder, suffix);
    }
    return 0;
}
