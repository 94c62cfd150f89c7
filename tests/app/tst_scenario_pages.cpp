// SPDX-License-Identifier: GPL-3.0-or-later
// What-if in the window: levers added, analyses asked for, answers used.
#include "tests/app/workspace_fixture.h"

#include "app/document/scenario_edits.h"
#include "app/pages/compare/analyses_card.h"
#include "app/pages/compare/goal_view.h"
#include "app/pages/compare/mix_card.h"
#include "app/pages/difference_view.h"
#include "app/shell/main_window.h"
#include "tests/support/accessible_names.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/message_strip.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/inputs/lever_picker.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"

#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>

#include <algorithm>

using namespace perunit;

namespace {

QString shownWords(const QWidget &widget)
{
    QStringList words;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisible())
            words << label->text();
    }
    return words.join(QLatin1Char('|'));
}

QPushButton *buttonNamed(const QWidget &widget, const QString &text)
{
    for (QPushButton *button : widget.findChildren<QPushButton *>()) {
        if (button->text() == text)
            return button;
    }
    return nullptr;
}

ChoiceBox *boxNamed(const QWidget &widget, const QString &name)
{
    for (ChoiceBox *box : widget.findChildren<ChoiceBox *>()) {
        if (box->accessibleName() == name)
            return box;
    }
    return nullptr;
}

/// Text of a cell of the table that is shown.
QString cellText(const ValueTable &table, int row, int column)
{
    return table.model()->cell(row, column).text;
}

} // namespace

class TestScenarioPages : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;

    std::unique_ptr<MainWindow> windowWithScenario()
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        makeSmallWorkspace(path);
        auto window = std::make_unique<MainWindow>();
        window->resize(1440, 900);
        window->show();
        window->openWorkspace(path);
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes() && window->document().history(), jobTimeout);
            window->selection().setScenario(window->document().state().scenarios.scenarios.front().id);
        }();
        return window;
    }

    static void addBatch(MainWindow &window)
    {
        WorkspaceState next = window.document().state();
        const std::string id = next.scenarios.scenarios.front().id;
        Lever batch;
        batch.id = "batch-1";
        batch.kind = LeverKind::Batch;
        batch.numbers = {{"share", 400'000}};
        setLever(next, id, batch);
        const auto before = window.document().outcomes();
        window.document().edit(QStringLiteral("batch"), next);
        QTRY_VERIFY_WITH_TIMEOUT(window.document().outcomes() != before, jobTimeout);
    }

    /// Two requests in October, four of the same in November, and one in December that ends both.
    void addTwoMonths(MainWindow &window)
    {
        QByteArray rows =
            "time,provider,model,workload,environment,session_id,input_tokens,cache_read_tokens,output_tokens\n";
        for (const char *day :
             {"2026-10-05", "2026-10-20", "2026-11-03", "2026-11-09", "2026-11-16", "2026-11-25", "2026-12-01"})
            rows += QByteArray(day) + "T08:00:00Z,openai,gpt-4.1,support,prod,s9,1000,0,200\n";
        const QString path = m_folder.filePath(QStringLiteral("autumn.csv"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(rows) == rows.size());
        file.close();
        ImportOptions options;
        options.mapping = *parseColumnMapping(*readTextFile(fromQt(testData("workspace/mapping.json"))));
        window.document().import({{path, options, {}}});
        QTRY_VERIFY_WITH_TIMEOUT(window.document().sources().size() == 2, jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(!window.document().isComputing(), jobTimeout);
        window.showPage(PageId::Compare);
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void everyKindCanBeAdded()
    {
        auto window = windowWithScenario();
        window->showPage(PageId::Scenarios);
        auto *panel = window->page(PageId::Scenarios)->inspector()->findChild<LeverPanel *>();
        QTRY_VERIFY(panel->isVisible());
        const std::string id = window->selection().scenarioId();
        const std::size_t before = window->document().state().scenarios.find(id)->levers.size();
        std::size_t added = 0;
        for (const LeverSpec &spec : leverSpecs()) {
            buttonNamed(*panel, QStringLiteral("Add lever"))->click();
            auto *picker = panel->findChild<LeverPicker *>();
            QVERIFY(picker);
            auto *search = picker->findChild<QLineEdit *>();
            search->setText(toQt(spec.label));
            const auto kinds = picker->listed();
            const auto at = std::find(kinds.begin(), kinds.end(), spec.kind);
            QVERIFY(at != kinds.end());
            for (auto each = kinds.begin(); each != at; ++each)
                QTest::keyClick(search, Qt::Key_Down);
            QTest::keyClick(search, Qt::Key_Return);
            ++added;
            const auto &levers = window->document().state().scenarios.find(id)->levers;
            QCOMPARE(levers.size(), before + added);
            QVERIFY(levers.back().kind == spec.kind);
            QVERIFY(panel->editor(levers.back().id));
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
        QCOMPARE(window->document().undoStack()->count(), static_cast<int>(leverKindCount));
        const AccessibleNames names = accessibleNames(panel);
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    }

    void gapsAndErrorsStandAtTheirField()
    {
        auto window = windowWithScenario();
        window->showPage(PageId::Scenarios);
        const std::string id = window->selection().scenarioId();
        WorkspaceState next = window->document().state();
        Lever cache;
        cache.id = "prompt_cache-1";
        cache.kind = LeverKind::PromptCache;
        cache.numbers = {{"hit_share", 990'000}};
        setLever(next, id, cache);
        Lever one;
        one.id = "price_change-1";
        one.kind = LeverKind::PriceChange;
        one.texts = {{"model", "openai/gpt-4.1"}};
        setLever(next, id, one);
        window->document().edit(QStringLiteral("levers"), next);
        auto *panel = window->page(PageId::Scenarios)->inspector()->findChild<LeverPanel *>();
        QTRY_VERIFY_WITH_TIMEOUT(panel->editor("prompt_cache-1")
                                     && shownWords(*panel->editor("prompt_cache-1"))
                                            .contains(QStringLiteral("More than the recorded gaps allow")),
                                 jobTimeout);
        // Two names of one model: only the ledger tells that they compete.
        Lever other = one;
        other.id = "price_change-2";
        other.texts = {{"model", "openai/gpt-4.1-2025-04-14"}};
        setLever(next, id, other);
        window->document().edit(QStringLiteral("the same again"), next);
        QTRY_VERIFY_WITH_TIMEOUT(!window->document().outcomes()->find(id)->problem.empty(), jobTimeout);
        QTRY_VERIFY(panel->editor("price_change-2")
                    && shownWords(*panel->editor("price_change-2")).contains(QStringLiteral("speak of the same")));
    }

    void analysesAnswer_data()
    {
        QTest::addColumn<QString>("view");
        QTest::addColumn<int>("fewestRows");
        QTest::addColumn<bool>("picture");
        QTest::newRow("tornado") << "tornado" << 2 << true;
        QTest::newRow("savings") << "savings" << 3 << true;
        QTest::newRow("kill numbers") << "kill" << 2 << false;
    }

    void analysesAnswer()
    {
        QFETCH(QString, view);
        QFETCH(int, fewestRows);
        QFETCH(bool, picture);
        auto window = windowWithScenario();
        addBatch(*window);
        window->showPage(PageId::Compare);
        auto *card = window->page(PageId::Compare)->findChild<AnalysesCard *>();
        QVERIFY(card);
        card->setView(view);
        auto *table = card->findChild<ValueTable *>();
        QTRY_VERIFY_WITH_TIMEOUT(!card->isComputing() && table->isVisible(), jobTimeout);
        QVERIFY2(table->shownRows() >= fewestRows, qPrintable(QString::number(table->shownRows())));
        auto *figure = card->findChild<FigureView *>();
        QCOMPARE(figure->isVisible(), picture);
        if (picture)
            QVERIFY(!figure->figure().isEmpty());
        const AccessibleNames names = accessibleNames(card);
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
        // It follows what is changed.
        WorkspaceState next = window->document().state();
        const std::string id = next.scenarios.scenarios.front().id;
        Lever lever = next.scenarios.find(id)->levers.front();
        lever.numbers["share"] = 900'000;
        setLever(next, id, lever);
        window->document().edit(QStringLiteral("share"), next);
        const auto followed = [&] {
            const int row = table->model()->rowOf(QStringLiteral("routing-1.share"));
            return view == QLatin1String("savings") || (row >= 0 && cellText(*table, row, 1) == QLatin1String("90 %"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(followed(), jobTimeout);
    }

    void analysesOfNothingSayWhy_data()
    {
        QTest::addColumn<QString>("view");
        QTest::addColumn<QString>("words");
        QTest::newRow("tornado") << "tornado"
                                 << "No lever of this scenario has a number";
        QTest::newRow("savings") << "savings"
                                 << "No lever is in force";
        QTest::newRow("kill numbers") << "kill"
                                      << "No lever of this scenario has a number";
        QTest::newRow("goal") << "goal"
                              << "This scenario has no lever with a number";
    }

    void analysesOfNothingSayWhy()
    {
        QFETCH(QString, view);
        QFETCH(QString, words);
        auto window = windowWithScenario();
        WorkspaceState next = window->document().state();
        const std::string id = addScenario(next, "Empty", {});
        window->document().edit(QStringLiteral("empty"), next);
        window->selection().setScenario(id);
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()->outcome(id), jobTimeout);
        window->showPage(PageId::Compare);
        auto *card = window->page(PageId::Compare)->findChild<AnalysesCard *>();
        card->setView(view);
        if (view == QLatin1String("goal")) {
            QTRY_VERIFY(card->findChild<GoalView *>()->isVisible());
            buttonNamed(*card, QStringLiteral("Seek"))->click();
        }
        QTRY_VERIFY2_WITH_TIMEOUT(shownWords(*card).contains(words), qPrintable(shownWords(*card)), jobTimeout);
        QVERIFY(!card->findChild<FigureView *>()->isVisible());
        QVERIFY(!card->findChild<ValueTable *>()->isVisible());
    }

    void savingsSumToTheDifference()
    {
        auto window = windowWithScenario();
        addBatch(*window);
        window->showPage(PageId::Compare);
        auto *card = window->page(PageId::Compare)->findChild<AnalysesCard *>();
        card->setView(QStringLiteral("savings"));
        auto *table = card->findChild<ValueTable *>();
        QTRY_VERIFY_WITH_TIMEOUT(!card->isComputing() && table->isVisible(), jobTimeout);
        const auto outcomes = window->document().outcomes();
        const Femto saved = outcomes->base.total() - outcomes->outcome(outcomes->scenarios.front().scenarioId)->total();
        const auto amount = [table](int row, int column) {
            return Femto::ofUnits(
                parseDecimal(fromQt(table->model()->cell(row, column).exact), Femto::scale).value().units);
        };
        QCOMPARE(table->shownRows(), 3);
        QVERIFY(amount(0, 3) + amount(1, 3) == saved);
        QVERIFY(amount(0, 4) + amount(1, 4) == saved);
        QVERIFY(amount(2, 3) == saved);
        QVERIFY(amount(0, 2) + amount(1, 2) > saved); // alone they promise too much
    }

    /// Why two months differ: the bars lead from one to the other exactly.
    void monthsAreCompared()
    {
        const QString path = m_folder.filePath(QStringLiteral("months.perunit"));
        makeSmallWorkspace(path);
        MainWindow window;
        window.resize(1440, 900);
        window.show();
        window.openWorkspace(path);
        QTRY_VERIFY_WITH_TIMEOUT(window.document().outcomes() && window.document().history(), jobTimeout);
        window.showPage(PageId::Compare);
        auto *card = window.page(PageId::Compare)->findChild<MixCard *>();
        QVERIFY(card && card->isVisible());
        // A few days are no two months: that is said, and nothing is made up.
        QTRY_VERIFY(shownWords(*card).contains(QStringLiteral("Two whole months")));
        QVERIFY(!card->shown());
        addTwoMonths(window);
        QTRY_VERIFY_WITH_TIMEOUT(!card->isComputing() && card->shown(), jobTimeout);
        const PriceVolumeMix &mix = *card->shown();
        QVERIFY(mix.trafficBefore.cost.total() + mix.effects.total() == mix.trafficAfter.cost.total());
        QCOMPARE(mix.trafficBefore.requests, std::int64_t{2});
        QCOMPARE(mix.trafficAfter.requests, std::int64_t{4});
        // Twice the requests, everything else as it was: volume only.
        QVERIFY(mix.effects[MixEffect::Volume] == mix.difference());
        const Figure &figure = card->findChild<FigureView *>()->figure();
        QCOMPARE(figure.categories, (std::vector<std::string>{"Oct 2026", "Volume", "Nov 2026"}));
        QCOMPARE(card->findChild<ValueTable *>()->shownRows(), 1);
        card->setMonths(Month::of(2026, 10), Month::of(2026, 10));
        QVERIFY(shownWords(*card).contains(QStringLiteral("two different months")));
        const AccessibleNames names = accessibleNames(card);
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    }

    void goalIsSoughtAndUsed()
    {
        auto window = windowWithScenario();
        window->showPage(PageId::Compare);
        auto *card = window->page(PageId::Compare)->findChild<AnalysesCard *>();
        card->setView(QStringLiteral("goal"));
        auto *goal = card->findChild<GoalView *>();
        QTRY_VERIFY(goal->isVisible());
        auto *target = [goal] {
            for (QLineEdit *line : goal->findChildren<QLineEdit *>()) {
                if (line->accessibleName() == QStringLiteral("Target"))
                    return line;
            }
            return static_cast<QLineEdit *>(nullptr);
        }();
        QVERIFY(target);
        buttonNamed(*goal, QStringLiteral("Seek"))->click();
        QVERIFY(shownWords(*goal).contains(QStringLiteral("Type the target")));
        // Half is routed at 0.02592; all of it costs 0.00864, so that half way between needs three quarters.
        QTest::keyClicks(target, QStringLiteral("0.01728"));
        QTest::keyClick(target, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(shownWords(*goal).contains(QStringLiteral("Reached at 75 %")), jobTimeout);
        QPushButton *use = buttonNamed(*goal, QStringLiteral("Use this value"));
        QVERIFY(use->isVisible());
        const std::string id = window->document().state().scenarios.scenarios.front().id;
        use->click();
        QCOMPARE(window->document().state().scenarios.find(id)->levers.front().number("share"), 750'000);
        QTRY_COMPARE_WITH_TIMEOUT(window->document().outcomes()->outcome(id)->total().text(), std::string("0.01728"),
                                  jobTimeout);
        window->document().undoStack()->undo();
        QCOMPARE(window->document().state().scenarios.find(id)->levers.front().number("share"), 500'000);
        // What cannot be is said, with the best there is.
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()->outcome(id)->total().text() != "0.01728", jobTimeout);
        target->selectAll();
        QTest::keyClicks(target, QStringLiteral("0.001"));
        buttonNamed(*goal, QStringLiteral("Seek"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(shownWords(*goal).contains(QStringLiteral("Cannot be reached; the best is 100 %")),
                                 jobTimeout);
        QVERIFY(!use->isVisible());
        const AccessibleNames names = accessibleNames(card);
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    }

    void anyOutcomeLessAnyOther()
    {
        auto window = windowWithScenario();
        WorkspaceState next = window->document().state();
        const std::string first = next.scenarios.scenarios.front().id;
        const std::string second = addScenario(next, "Other", {});
        Lever volume;
        volume.id = "volume-1";
        volume.kind = LeverKind::Volume;
        volume.numbers = {{"factor", 2 * onePpm}};
        setLever(next, second, volume);
        window->document().edit(QStringLiteral("other"), next);
        QTRY_VERIFY_WITH_TIMEOUT(window->document().outcomes()->outcome(second), jobTimeout);
        window->showPage(PageId::Scenarios);
        QWidget *page = window->page(PageId::Scenarios);
        auto *picture = page->findChild<SegmentedSwitch *>();
        picture->setCurrent(QStringLiteral("difference"));
        emit picture->currentChanged(QStringLiteral("difference"));
        auto *view = page->findChild<DifferenceView *>();
        QVERIFY(view->isVisible());
        auto *minus = boxNamed(*page, QStringLiteral("Less which outcome"));
        QVERIFY(minus && minus->isVisible());
        QCOMPARE(minus->count(), 2);
        minus->setValue(second);
        emit minus->valueEdited(second);
        const auto outcomes = window->document().outcomes();
        const Femto difference = outcomes->outcome(first)->total() - outcomes->outcome(second)->total();
        auto *table = view->findChild<ValueTable *>();
        QCOMPARE(table->model()->cell(0, 3).exact, toQt(difference.text()));
        // The parts add up to it.
        Femto parts;
        for (int row = 0; row < table->shownRows(); ++row) {
            if (table->model()->key(row).startsWith(QStringLiteral("component:")))
                parts += Femto::ofUnits(
                    parseDecimal(fromQt(table->model()->cell(row, 3).exact), Femto::scale).value().units);
        }
        QVERIFY(parts == difference);
    }

    void bannerOffersToRebase()
    {
        auto window = windowWithScenario();
        window->showPage(PageId::Scenarios);
        QWidget *page = window->page(PageId::Scenarios);
        QVERIFY(!page->findChild<MessageStrip *>());
        WorkspaceState next = window->document().state();
        PriceOverlay discount;
        discount.name = "Agreement";
        discount.change = onePpm / 10;
        next.overlays = {discount};
        window->document().edit(QStringLiteral("discount"), next);
        QTRY_VERIFY_WITH_TIMEOUT(page->findChild<MessageStrip *>(), jobTimeout);
        QVERIFY(page->findChild<MessageStrip *>()->text().contains(QStringLiteral("(−10.0 %)")));
        for (QAbstractButton *button : page->findChild<MessageStrip *>()->findChildren<QAbstractButton *>()) {
            if (button->text() == QStringLiteral("Rebase"))
                button->click();
        }
        QTRY_VERIFY(!page->findChild<MessageStrip *>());
    }
};

QTEST_MAIN(TestScenarioPages)
#include "tst_scenario_pages.moc"
