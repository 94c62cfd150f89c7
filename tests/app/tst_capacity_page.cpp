// SPDX-License-Identifier: GPL-3.0-or-later
// The Capacity page, used as its user uses it: by keyboard, on traffic whose best size is found by hand.
#include "tests/app/capacity_fixture.h"

#include "app/pages/capacity/waste_card.h"
#include "tests/support/accessible_names.h"
#include "widgets/charts/figure_view.h"
#include "widgets/charts/heat_map.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/segmented_switch.h"

#include <QLineEdit>
#include <QMenu>
#include <QProcess>
#include <QPushButton>
#include <QUndoStack>

using namespace perunit;

class TestCapacityPage : public CapacityPageTest
{
    Q_OBJECT

private:
    void triggerUse(const QString &text) const
    {
        auto *menu = page()->findChild<QMenu *>();
        QVERIFY(menu);
        emit menu->aboutToShow();
        for (QAction *action : menu->actions()) {
            if (action->text() == text) {
                action->trigger();
                settle();
                return;
            }
        }
        QFAIL(qPrintable(QStringLiteral("no action ") + text));
    }

private slots:
    void initTestCase() { startTests(); }
    void cleanup() { m_window.reset(); }

    /// By hand: PAYG = 6,660,000 tokens × 2 $ a million = 13.32. A year's PTU costs 221 × 1 h ÷ 730 h = 0.30274. The
    /// units beyond 30 are full in six of 60 minutes, those below always: 30 cost least, 9.0822 + 2.52 of spill.
    void theBestSizeIsFound()
    {
        openSteady();
        const CapacityAnswer &answer = page()->sizing()->answer;
        QCOMPARE(answer.optimum.units, 30);
        QCOMPARE(page()->units(), 30);
        QCOMPARE(formatDecimalFixed(answer.payAsYouGo.units(), Femto::scale, 2), std::string("13.32"));
        QCOMPARE(formatDecimalFixed(answer.optimum.cost().units(), Femto::scale, 2), std::string("11.60"));
        QVERIFY2(texts().contains("Cost of 30 PTU"), qPrintable(texts()));
        QVERIFY(texts().contains("The cheapest size: $1.72 less over 60 minutes than pay-as-you-go."));
        QVERIFY(texts().contains("18.9 %")); // 1,260,000 of 6,660,000 tokens spill
        QVERIFY(texts().contains("Against pay-as-you-go: a unit must be 84.1 % full"));
        QVERIFY(texts().contains("Against hourly units: the term pays when units are deployed 221.0 of the 730 hours"));
        QVERIFY(texts().contains("Against the term of one month: the term pays when it is kept 10.2 months."));
        QVERIFY(texts().contains("If tokens become 20.0 % cheaper"));
    }

    /// 35 PTU by hand: five more cost 1.5137 and save 90,000 tokens, 0.18.
    void theLineMovesByKeyboard_data()
    {
        QTest::addColumn<int>("pane");
        QTest::addColumn<int>("up");
        QTest::addColumn<int>("down");
        QTest::newRow("load under a size") << 0 << int(Qt::Key_Up) << int(Qt::Key_Down);
        QTest::newRow("cost of sizes") << 1 << int(Qt::Key_Right) << int(Qt::Key_Left);
    }
    void theLineMovesByKeyboard()
    {
        QFETCH(int, pane);
        QFETCH(int, up);
        QFETCH(int, down);
        openSteady();
        QCOMPARE(panes().size(), 2);
        ChartPane *chart = panes()[pane];
        chart->setFocus();
        QTest::keyClick(chart, static_cast<Qt::Key>(up));
        // At once, before any job.
        QCOMPARE(page()->units(), 35);
        QVERIFY2(texts().contains("Cost of 35 PTU"), qPrintable(texts()));
        QVERIFY2(texts().contains("$1.33 more over 60 minutes than at the optimum of 30 PTU."), qPrintable(texts()));
        QVERIFY(texts().contains("17.6 %")); // 1,170,000 of 6,660,000
        QVERIFY(texts().contains("87.1 %")); // 1,830 of 2,100 PTU-minutes
        const SizeFigures live = page()->sizing()->at(35);
        settle();
        // The engine says what the curve said.
        QVERIFY(page()->sizing()->answer.at);
        QCOMPARE(page()->sizing()->answer.at->units, 35);
        QVERIFY(page()->sizing()->answer.exact);
        const Femto difference = page()->sizing()->answer.at->cost() - live.cost();
        QVERIFY(difference.units() < 1'000'000 && difference.units() > -1'000'000);
        QCOMPARE(m_window->selection().capacity().units, std::optional<std::int64_t>(35));
        QTest::keyClick(chart, static_cast<Qt::Key>(down));
        QTest::keyClick(chart, static_cast<Qt::Key>(down));
        QCOMPARE(page()->units(), 25);
        QTest::keyClick(chart, Qt::Key_PageUp);
        QCOMPARE(page()->units(), 75);
        QTest::keyClick(chart, Qt::Key_Home);
        QCOMPARE(page()->units(), 0);
        QTest::keyClick(chart, Qt::Key_End);
        QCOMPARE(page()->units(), 100);
        settle();
    }

    void theLineIsDragged()
    {
        openSteady();
        ChartPane *chart = panes()[0];
        const FigureLayout &layout = chart->content().layout();
        QVERIFY(layout.handle);
        const QPoint from = chart->mapFromScene(layout.handle->line.center());
        const QPoint to = chart->mapFromScene(layout.position(50, 61));
        QTest::mousePress(chart->viewport(), Qt::LeftButton, {}, from);
        QTest::mouseMove(chart->viewport(), to);
        // Sizes are bought in steps of five.
        QTRY_COMPARE(page()->units(), 60);
        QVERIFY(texts().contains("Cost of 60 PTU"));
        QTest::mouseRelease(chart->viewport(), Qt::LeftButton, {}, to);
        settle();
        QCOMPARE(page()->sizing()->answer.at->units, 60);
        auto *optimum = named<QPushButton>("Optimum");
        if (!optimum) {
            for (QPushButton *each : page()->findChildren<QPushButton *>()) {
                if (each->text() == QLatin1String("Optimum"))
                    optimum = each;
            }
        }
        QVERIFY(optimum && optimum->isEnabled());
        QTest::mouseClick(optimum, Qt::LeftButton);
        settle();
        QCOMPARE(page()->units(), 30);
        QVERIFY(!optimum->isEnabled());
    }

    void unitsAreTypedInBuyableSteps()
    {
        openSteady();
        auto *field = named<ExactSpinBox>("Units");
        QVERIFY(field);
        field->setFocus();
        field->findChild<QLineEdit *>()->selectAll();
        QTest::keyClicks(field, QStringLiteral("50"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(page()->units(), 50);
        QTest::keyClick(field, Qt::Key_Up);
        QCOMPARE(page()->units(), 55);
        settle();
        QCOMPARE(page()->units(), 55);
    }

    void offersStandSideBySide()
    {
        openSteady();
        ValueTable *offers = table("Offers and terms");
        QVERIFY(offers);
        const int row = offers->model()->rowOf(QStringLiteral("azure-ptu-global|1-month"));
        QVERIFY(row >= 0);
        // A month's PTU costs 260 and saves 262.80 when it is always full, as the first 30 are: 98.9 %.
        QCOMPARE(offers->model()->cell(row, 2).text, QStringLiteral("30 PTU"));
        QVERIFY(offers->model()->cell(row, 7).text.startsWith("98.9"));
        // The hourly term costs 730: nothing is reserved.
        const int hourly = offers->model()->rowOf(QStringLiteral("azure-ptu-global|hourly"));
        QVERIFY(hourly > row);
        QVERIFY(offers->model()->cell(hourly, 2).text.startsWith("0 "));
        offers->setCurrentKey(QStringLiteral("azure-ptu-global|1-month"));
        offers->view()->setFocus();
        QTest::keyClick(offers->view(), Qt::Key_Return);
        settle();
        QCOMPARE(page()->sizing()->answer.term, std::string("1-month"));
        QCOMPARE(named<ChoiceBox>("Term")->value(), std::string("1-month"));
    }

    /// 40 deployed of 100 reserved: 60 unallocated × 0.30274; of the 40, 54 minutes leave 10 idle: 22.5 %.
    void wasteHasFourLines()
    {
        openSteady();
        auto *chart = panes()[0];
        chart->setFocus();
        QTest::keyClick(chart, Qt::Key_Up);
        QTest::keyClick(chart, Qt::Key_Up);
        QCOMPARE(page()->units(), 40);
        auto *reserved = named<ExactSpinBox>("Units reserved");
        QVERIFY(reserved);
        reserved->setFocus();
        reserved->findChild<QLineEdit *>()->selectAll();
        QTest::keyClicks(reserved, QStringLiteral("100"));
        QTest::keyClick(reserved, Qt::Key_Return);
        ValueTable *waste = table("Waste");
        QVERIFY(waste);
        QCOMPARE(waste->model()->rowCount(), 4);
        QCOMPARE(waste->model()->cell(0, 1).text, QStringLiteral("60"));
        QCOMPARE(waste->model()->cell(0, 2).text, QStringLiteral("$18.16"));
        QCOMPARE(waste->model()->cell(1, 2).text, QStringLiteral("$2.72"));
        QCOMPARE(waste->model()->cell(2, 2).text, QStringLiteral("$0"));
        QCOMPARE(waste->model()->cell(3, 2).text, QStringLiteral("$2.16")); // 6 × 60 × 3,000 tokens
        settle();
    }

    void hoursOfTheWeekAreAMapAndATable()
    {
        openSteady();
        auto *map = page()->findChild<HeatMap *>();
        QVERIFY(map);
        map->setFocus();
        // Wednesday 08:00 is the only hour of the period: (54 × 30 + 6 × 100) ÷ 60 = 37 on average, 100 at its peak.
        for (int i = 0; i < 2; ++i)
            QTest::keyClick(map, Qt::Key_Down);
        for (int i = 0; i < 8; ++i)
            QTest::keyClick(map, Qt::Key_Right);
        QCOMPARE(map->current(), std::pair(2, 8));
        QVERIFY2(map->accessibleDescription().contains("mean 37.0, peak 100 PTU"),
                 qPrintable(map->accessibleDescription()));
        auto *look = named<SegmentedSwitch>("Map or table");
        QVERIFY(look);
        look->setCurrent(QStringLiteral("table"));
        emit look->currentChanged(QStringLiteral("table"));
        ValueTable *cells = table("Load by weekday and hour");
        QVERIFY(cells);
        QCOMPARE(cells->model()->rowCount(), 24);
        QCOMPARE(cells->model()->cell(8, 3).text, QStringLiteral("37.0"));
        QVERIFY(cells->model()->cell(9, 3).isUnknown);
    }

    void aSizeBecomesALeverAndBack()
    {
        openSteady();
        QTest::keyClick(panes()[0], Qt::Key_Up);
        settle();
        triggerUse(QStringLiteral("New scenario with 35 PTU"));
        const auto &scenarios = document().state().scenarios.scenarios;
        QCOMPARE(scenarios.size(), std::size_t(1));
        const Lever &lever = scenarios.front().levers.front();
        QCOMPARE(lever.kind, LeverKind::Provisioned);
        QCOMPARE(lever.number("units"), 35);
        QCOMPARE(lever.text("offer"), std::string("azure-ptu-global"));
        QCOMPARE(lever.text("term"), std::string("1-year"));
        // The scenario costs to the last digit what the page says.
        const Outcome *outcome = document().outcomes()->outcome(scenarios.front().id);
        QVERIFY(outcome);
        QCOMPARE(outcome->total().text(), page()->sizing()->at(35).cost().text());
        // Its units are no part of what is sized: the page goes on as before.
        QCOMPARE(page()->sizing()->answer.optimum.units, 30);
        QCOMPARE(page()->units(), 35);
        QTest::keyClick(panes()[0], Qt::Key_Up);
        settle();
        triggerUse(toQt(scenarios.front().name));
        QCOMPARE(document().state().scenarios.scenarios.front().levers.size(), std::size_t(1));
        QCOMPARE(document().state().scenarios.scenarios.front().levers.front().number("units"), 40);
        document().undoStack()->undo();
        QCOMPARE(document().state().scenarios.scenarios.front().levers.front().number("units"), 35);
        document().undoStack()->undo();
        QVERIFY(document().state().scenarios.scenarios.empty());
        settle();
    }

    void theChoiceIsKeptInTheWorkspace()
    {
        openSteady();
        QTest::keyClick(panes()[0], Qt::Key_Up);
        settle();
        const QString path = document().path();
        m_window.reset();
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(m_window->openWorkspace(path));
        QTRY_VERIFY_WITH_TIMEOUT(!document().isComputing(), jobTimeout);
        QCOMPARE(m_window->selection().page(), PageId::Capacity);
        settle();
        QVERIFY(page()->sizing());
        QCOMPARE(page()->units(), 35);
        QCOMPARE(page()->sizing()->answer.term, std::string("1-year"));
    }

    void nothingToSizeIsSaid_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no requests") << QByteArray() << "There are no requests to size capacity for.";
        QTest::newRow("nothing is offered")
            << unreserved() << "Nothing that is reserved is offered for deepseek/deepseek-chat.";
        QTest::newRow("days only") << daysOnly() << "When this load peaks cannot be told from this ledger.";
    }
    void nothingToSizeIsSaid()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QString, sentence);
        open(csv);
        QVERIFY2(texts().contains(sentence), qPrintable(texts()));
        for (QPushButton *each : page()->findChildren<QPushButton *>()) {
            if (each->text().startsWith("Use in scenario"))
                QVERIFY(!each->isEnabled());
        }
    }

    void daysOnlyHaveABound()
    {
        open(daysOnly());
        QVERIFY2(texts().contains("100.0 % of this load is known as sums over longer times only."),
                 qPrintable(texts()));
        QVERIFY(texts().contains("If it arrived evenly"));
    }

    void everythingHasAName()
    {
        openSteady();
        const AccessibleNames names = accessibleNames(page());
        QVERIFY(names.interactive > 10);
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QLatin1Char('\n'))));
    }

    /// levers.md §0.3: the conversation trace on gpt-4.1 at the yearly Global rate.
    void thePublishedTraceComesToItsPublishedSize()
    {
        const QString trace = sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz");
        REQUIRE_SHARED(trace);
        QProcess zcat;
        zcat.start(QStringLiteral("zcat"), {trace});
        QVERIFY(zcat.waitForFinished());
        const auto lines = zcat.readAllStandardOutput().split('\n');
        std::optional<std::int64_t> first;
        QByteArray csv = ledgerHeader;
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const auto fields = lines[i].split(',');
            if (fields.size() != 3)
                continue;
            const std::int64_t at = parseInstant(fields[0].toStdString()).value().micros;
            first = first.value_or(at);
            // Prices of that year are not in the catalogues: the same minutes of a day that has some.
            const Instant moved{instantOf(2026, 9, 9, 18).micros + at - *first};
            csv += QByteArray::fromStdString(formatInstant(moved)) + ",azure,gpt-4.1,chat,prod,," + fields[1] + ",0,"
                   + fields[2].trimmed() + ",1\n";
        }
        open(csv);
        // The trace ends within a minute; by itself a period ends with a whole one.
        WorkspaceState next = document().state();
        next.settings.period = document().ledger()->workload->period();
        document().edit(QStringLiteral("period"), std::move(next));
        settle();
        choose("Offer", "azure-ptu-global");
        choose("Term", "1-year");
        QCOMPARE(page()->units(), 180);
        QCOMPARE(formatDecimalFixed(page()->sizing()->answer.optimum.cost().units(), Femto::scale, 2),
                 std::string("68.66"));
        QCOMPARE(formatDecimalFixed(page()->sizing()->answer.payAsYouGo.units(), Femto::scale, 2),
                 std::string("77.43"));
        QVERIFY2(texts().contains("180 PTU"), qPrintable(texts()));
    }
};

QTEST_MAIN(TestCapacityPage)
#include "tst_capacity_page.moc"
