// SPDX-License-Identifier: GPL-3.0-or-later
// The panel that explains a figure, as it is opened from the pages.
#include "tests/app/workspace_fixture.h"

#include "app/pages/explain/explain_panel.h"
#include "app/shell/main_window.h"
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
            return label->isVisible() && label->text().startsWith("0.0108 USD = 0.0432 ÷ 4 units");
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
