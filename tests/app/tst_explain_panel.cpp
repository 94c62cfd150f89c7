// SPDX-License-Identifier: GPL-3.0-or-later
// The panel that explains a figure, as it is opened from the pages.
#include "tests/app/workspace_fixture.h"

#include "app/document/scenario_edits.h"
#include "app/pages/explain/bridge_step_view.h"
#include "app/pages/explain/explain_panel.h"
#include "app/shell/main_window.h"
#include "widgets/charts/chart_pane.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/key_figure_card.h"
#include "widgets/tables/value_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

using namespace perunit;

class TestExplainPanel : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] ExplainPanel *panel() const { return m_window->findChild<ExplainPanel *>("explain"); }
    [[nodiscard]] ValueTable *table(const char *name) const
    {
        for (auto *each : panel()->findChildren<ValueTable *>()) {
            if (each->view()->accessibleName() == QLatin1String(name))
                return each;
        }
        return nullptr;
    }
    void waitForExplanation() const
    {
        QTRY_VERIFY_WITH_TIMEOUT(panel() && panel()->isVisible() && panel()->shown(), jobTimeout);
    }
    [[nodiscard]] static QString amountOf(const ExplainPanel &panel)
    {
        return QString::fromStdString(panel.shown()->amount->text());
    }

private slots:
    void initTestCase()
    {
        const QString path = m_folder.filePath(QStringLiteral("w.perunit"));
        makeSmallWorkspace(path);
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QVERIFY(m_window->openWorkspace(path));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->document().outcomes() && m_window->document().history(), jobTimeout);
    }
    void cleanupTestCase() { m_window.reset(); }

    void keyFigureOpensIt()
    {
        m_window->showPage(PageId::Home);
        const auto cards = m_window->page(PageId::Home)->findChildren<KeyFigureCard *>();
        QVERIFY(cards.size() >= 2);
        auto *link = cards.at(1)->findChild<QPushButton *>();
        QVERIFY(link && link->isVisible());
        link->setFocus();
        QTest::keyClick(link, Qt::Key_Space);
        waitForExplanation();
        QCOMPARE(amountOf(*panel()), QString("0.0108"));
        QVERIFY(panel()->windowTitle().contains("cost per conversation"));
        QVERIFY(!panel()->isModal());
        const auto labels = panel()->findChildren<QLabel *>();
        const bool hasFormula = std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().startsWith("Exactly 0.0108 USD = 0.0432 ÷ 4 units");
        });
        QVERIFY(hasFormula);
    }

    void matrixCellOpensIt()
    {
        m_window->showPage(PageId::Compare);
        auto tables = m_window->page(PageId::Compare)->findChildren<ValueTable *>();
        const auto matrix = std::find_if(tables.begin(), tables.end(), [](const ValueTable *each) {
            return each->view()->accessibleName() == QLatin1String("Scenarios and metrics");
        });
        QVERIFY(matrix != tables.end());
        QTableView *view = (*matrix)->view();
        // The scenario's cost per unit: last column of the last row, with the keyboard.
        view->setFocus();
        view->setCurrentIndex(view->model()->index(view->model()->rowCount() - 1, view->model()->columnCount() - 1));
        QTest::keyClick(view, Qt::Key_Return);
        waitForExplanation();
        QTRY_COMPARE_WITH_TIMEOUT(amountOf(*panel()), QString("0.00648"), jobTimeout);
        QCOMPARE(panel()->shown()->levers.size(), std::size_t{1});
        QCOMPARE(table("Levers")->shownRows(), 1);
        QCOMPARE(table("Lines of the figure")->shownRows(), static_cast<int>(panel()->shown()->lines.size()));
    }

    void linesCopyAndName()
    {
        FigureAddress figure;
        figure.cell.component = Component::Output;
        m_window->explain(figure);
        waitForExplanation();
        QTRY_COMPARE_WITH_TIMEOUT(amountOf(*panel()), QString("0.0192"), jobTimeout);
        ValueTable *lines = table("Lines of the figure");
        QVERIFY(lines->selectionAsText().contains("0.0192"));
        for (auto *button : panel()->findChildren<QPushButton *>()) {
            if (button->text() == "Copy cell")
                button->click();
        }
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("component:output"));
    }

    void showsItsLedgerRows()
    {
        ValueTable *lines = table("Lines of the figure");
        lines->setCurrentKey("0");
        for (auto *button : panel()->findChildren<QPushButton *>()) {
            if (button->text() == "Show ledger rows") {
                QVERIFY(button->isEnabled());
                button->click();
            }
        }
        QCOMPARE(m_window->selection().page(), PageId::Ledger);
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto views = m_window->page(PageId::Ledger)->findChildren<QTableView *>();
                return std::any_of(views.begin(), views.end(), [](const QTableView *view) {
                    return view->isVisible() && view->model() && view->model()->rowCount() == 12;
                });
            }(),
            jobTimeout);
    }

    /// Every mark of a picture explains the very figure that it draws.
    void marksOfPicturesExplainTheirFigure_data()
    {
        QTest::addColumn<QString>("picture");
        QTest::newRow("components") << "components";
        QTest::newRow("cost per unit") << "unit";
        QTest::newRow("total") << "months";
    }

    void marksOfPicturesExplainTheirFigure()
    {
        QFETCH(QString, picture);
        m_window->showPage(PageId::Compare);
        m_window->selection().setComparePicture(picture);
        auto *view = m_window->page(PageId::Compare)->findChild<FigureView *>();
        auto *pane = view->findChild<ChartPane *>();
        QTRY_VERIFY_WITH_TIMEOUT(!pane->content().layout().spots.isEmpty(), jobTimeout);
        const auto spots = pane->content().layout().spots;
        int explained = 0;
        for (qsizetype i = 0; i < spots.size(); ++i) {
            QTest::keyClick(pane, i == 0 ? Qt::Key_Home : Qt::Key_Right);
            QTest::keyClick(pane, Qt::Key_Return);
            waitForExplanation();
            QTRY_VERIFY_WITH_TIMEOUT(panel()->shown() && panel()->shown()->cell == panel()->figure().cell, jobTimeout);
            QVERIFY(panel()->shown()->amount);
            const FigurePoint &point = view->figure()
                                           .series[static_cast<std::size_t>(spots[i].series)]
                                           .points[static_cast<std::size_t>(spots[i].point)];
            QCOMPARE(panel()->shown()->amount->approximate(), point.y);
            QCOMPARE(panel()->figure().scenarioId.empty(), spots[i].series == 0);
            ++explained;
        }
        QVERIFY(explained >= 2);
        panel()->close();
    }

    void partsOfABridgeAreExplained()
    {
        m_window->showPage(PageId::Compare);
        m_window->selection().setComparePicture(QStringLiteral("bridge"));
        // A second lever, so that the order in which they are applied makes a difference.
        WorkspaceState next = m_window->document().state();
        const std::string id = next.scenarios.scenarios.front().id;
        Lever batch;
        batch.id = "batch-1";
        batch.kind = LeverKind::Batch;
        batch.numbers = {{"share", 400'000}};
        setLever(next, id, batch);
        m_window->document().edit(QStringLiteral("batch"), next);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->document().bridge() && m_window->document().bridge()->parts.size() == 2,
                                 jobTimeout);
        const Bridge bridge = *m_window->document().bridge();
        QVERIFY(!bridge.parts.empty());
        auto *view = m_window->page(PageId::Compare)->findChild<FigureView *>();
        QTRY_COMPARE(view->figure().categories.size(), bridge.parts.size() + 2);
        emit view->figureActivated({0, 1});
        QTRY_VERIFY(panel()->isVisible() && panel()->isReady());
        QVERIFY(panel()->figure().step);
        QCOMPARE(panel()->figure().step->leverId, bridge.parts.front().leverId);
        const auto *step = panel()->findChild<BridgeStepView *>();
        QVERIFY(step->isVisible());
        const auto *orders = table("What it changes, by the order of the levers");
        QVERIFY(bridge.parts.front().minimum != bridge.parts.front().maximum);
        QCOMPARE(orders->shownRows(), 5);
        QCOMPARE(table("Pairs of levers")->shownRows(), 1);
        QVERIFY(orders->selectionAsText().contains(QString::fromStdString(bridge.parts.front().alone.text())));
        QVERIFY(panel()->windowTitle().contains(QString::fromStdString(bridge.parts.front().label)));
        // Both ends are totals, which the panel takes apart.
        for (auto *button : step->findChildren<QPushButton *>()) {
            if (button->text().endsWith(QString::fromStdString(bridge.to)))
                button->click();
        }
        waitForExplanation();
        QCOMPARE(amountOf(*panel()), QString::fromStdString(bridge.end.text()));
        emit view->figureActivated({0, 0});
        QTRY_VERIFY_WITH_TIMEOUT(panel()->shown() && panel()->figure().scenarioId.empty(), jobTimeout);
        QTRY_COMPARE_WITH_TIMEOUT(amountOf(*panel()), QString::fromStdString(bridge.start.text()), jobTimeout);
        panel()->close();
    }

    void impossibleFiguresSayWhy()
    {
        FigureAddress figure;
        figure.cell.unit = "nothing";
        figure.cell.figure = CellFigure::CostPerUnit;
        m_window->explain(figure);
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto labels = panel()->findChildren<QLabel *>();
                return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
                    return label->isVisible() && label->text().contains("unit is called 'nothing'");
                });
            }(),
            jobTimeout);
        QVERIFY(!panel()->shown());
        QTest::keyClick(panel(), Qt::Key_Escape);
        QVERIFY(!panel()->isVisible());
    }
};

QTEST_MAIN(TestExplainPanel)
#include "tst_explain_panel.moc"
