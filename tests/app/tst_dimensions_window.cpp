// SPDX-License-Identifier: GPL-3.0-or-later
// Dimensions, budgets and workspaces that can only be read, as the window's user sees them.
#include "tests/app/workspace_fixture.h"

#include "app/pages/budget_questions.h"
#include "app/pages/import_page.h"
#include "app/pages/import_persons.h"
#include "app/pages/ledger/dimensions_view.h"
#include "app/pages/ledger/rule_card.h"
#include "app/shell/edit_controls.h"
#include "app/shell/main_window.h"
#include "model/ledger/budget.h"
#include "model/store/sqlite.h"
#include "tests/support/accessible_names.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"

#include <QAction>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>
#include <QToolButton>

using namespace perunit;

namespace {

const QByteArray requestLog =
    "time,provider,model,workload,user_email,input_tokens,output_tokens,cost,tags\n"
    "2026-09-01T08:00:00Z,openai,gpt-4.1,support,a@b.org,1000,100,3,\"{\"\"squad\"\":\"\"cx\"\",\"\"crew\"\":"
    "\"\"hr\"\"}\"\n"
    "2026-09-01T09:00:00Z,openai,gpt-4.1,support,a@b.org,2000,0,2,\"{\"\"squad\"\":\"\"CX\"\"}\"\n"
    "2026-09-02T08:00:00Z,openai,gpt-4.1-mini,search,c@d.org,500,50,1,\"{\"\"squad\"\":\"\"data\"\"}\"\n";

} // namespace

class TestDimensionsWindow : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] WorkspaceDocument &document() const { return m_window->document(); }
    [[nodiscard]] DimensionsView *view() const { return m_window->page(PageId::Ledger)->findChild<DimensionsView *>(); }
    QString write(const QString &name, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test file cannot be written");
        return file.fileName();
    }
    QString makeWorkspace()
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenOrCreate);
        if (!store || !importFile(**store, fromQt(write(QStringLiteral("log.csv"), requestLog)), {}, nullptr, {}))
            qFatal("the test workspace cannot be made");
        return path;
    }
    void show(const QString &path)
    {
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QVERIFY(m_window->openWorkspace(path));
        m_window->showView(PageId::Ledger, QStringLiteral("dimensions"));
        settle();
    }
    void settle() const
    {
        QTRY_VERIFY_WITH_TIMEOUT(document().history() && !document().isComputing(), jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(view()->isReady(), jobTimeout);
    }
    [[nodiscard]] ValueTable *table(const char *name) const
    {
        for (QTableView *each : view()->findChildren<QTableView *>()) {
            if (each->accessibleName() == QString::fromUtf8(name))
                return qobject_cast<ValueTable *>(each->parentWidget());
        }
        return nullptr;
    }
    /// Cell of the row with this text in its first column.
    [[nodiscard]] QString cell(const char *name, const QString &first, int column) const
    {
        const ValueTableModel *model = table(name)->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->cell(row, 0).text == first)
                return model->cell(row, column).text;
        }
        return QStringLiteral("no row ") + first;
    }
    [[nodiscard]] QAbstractButton *button(const QString &text) const
    {
        for (QAbstractButton *each : m_window->findChildren<QAbstractButton *>()) {
            if (each->text() == text && each->isVisible())
                return each;
        }
        return nullptr;
    }
    [[nodiscard]] QString texts() const
    {
        QStringList texts;
        for (const QLabel *label : m_window->findChildren<QLabel *>()) {
            if (label->isVisible())
                texts << label->text();
        }
        return texts.join(QLatin1Char('\n'));
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
    }
    void cleanup() { m_window.reset(); }

    void tagsAndValuesAreBroughtTogether()
    {
        show(makeWorkspace());
        QCOMPARE(accessibleNames(view()).unnamed, QStringList());
        view()->select("team");
        view()->bringTogether({"squad", "crew"});
        settle();
        QCOMPARE(document().state().dimensions.tags.at(0).keys, (std::vector<std::string>{"squad", "crew"}));
        QCOMPARE(cell("Dimensions", QStringLiteral("Team"), 1), QStringLiteral("squad, crew"));
        QCOMPARE(cell("Dimensions", QStringLiteral("Team"), 4), QStringLiteral("3"));
        QCOMPARE(cell("Dimensions", QStringLiteral("Team"), 5), QStringLiteral("1"));
        QVERIFY(texts().contains(QStringLiteral("'cx' and 'hr'")));
        view()->mergeValues("cx", {"CX"});
        settle();
        QCOMPARE(cell("Dimensions", QStringLiteral("Team"), 4), QStringLiteral("2"));
        document().undoStack()->undo();
        settle();
        QCOMPARE(cell("Dimensions", QStringLiteral("Team"), 4), QStringLiteral("3"));
        // What is edited here is what the command line prints.
        const auto store = WorkspaceStore::open(fromQt(document().path()), WorkspaceStore::Mode::ReadOnly);
        QVERIFY(store);
        QCOMPARE((*store)->documents(dimensionsKind)->at(0).content,
                 writeDimensionRules(document().state().dimensions));
    }

    void rulesSayWhatTheyCatch()
    {
        show(makeWorkspace());
        auto *rules = view()->findChild<RuleCard *>();
        QVERIFY(rules);
        rules->begin("line");
        rules->addCase({"Help", {{"workload", {"supp*"}}}});
        settle();
        rules->addCase({"Find", {{"workload", {"*"}}}});
        settle();
        QTRY_COMPARE_WITH_TIMEOUT(cell("Rules", QStringLiteral("Help"), 2), QStringLiteral("2"), jobTimeout);
        QCOMPARE(cell("Rules", QStringLiteral("Find"), 2), QStringLiteral("1"));
        QCOMPARE(cell("Rules", QStringLiteral("no value"), 2), QStringLiteral("0"));
        QVERIFY(document().ledger()->workload->dimension("line"));
        rules->moveCase(-1);
        settle();
        QTRY_COMPARE_WITH_TIMEOUT(cell("Rules", QStringLiteral("Find"), 2), QStringLiteral("3"), jobTimeout);
        QCOMPARE(document().state().dimensions.dimensions.at(0).cases.at(0).value, std::string("Find"));
        // A name that requests have already is refused and changes nothing.
        const DimensionRules before = document().state().dimensions;
        rules->begin("team");
        rules->addCase({"x", {{"workload", {"*"}}}});
        QVERIFY(document().state().dimensions == before);
        QVERIFY(texts().contains(QStringLiteral("choose another name")));
    }

    void nothingCanBeEditedInASecondWindow()
    {
        const QString path = makeWorkspace();
        WorkspaceDocument first;
        QVERIFY(first.open(path));
        show(path);
        QVERIFY(document().isReadOnly());
        const auto check = [this](bool readOnly) {
            int marked = 0;
            for (const QWidget *each : m_window->findChildren<QWidget *>()) {
                if (!each->property(editsProperty).toBool())
                    continue;
                ++marked;
                if (!readOnly)
                    continue;
                const QString who = QString::fromUtf8(each->metaObject()->className()) + QLatin1Char(' ')
                                    + each->accessibleName() + each->property("text").toString();
                QVERIFY2(!each->isEnabled(), qPrintable(who));
                QVERIFY2(each->toolTip().contains(document().readOnlyReason()), qPrintable(each->toolTip()));
            }
            QVERIFY(marked > 20);
        };
        for (const PageId id : {PageId::Home, PageId::Ledger, PageId::Prices, PageId::Units, PageId::Scenarios,
                                PageId::Compare, PageId::Report, PageId::Import}) {
            m_window->showPage(id);
            check(true);
        }
        for (const QAction *each : m_window->findChildren<QAction *>()) {
            if (each->property(editsProperty).toBool())
                QVERIFY(!each->isEnabled());
        }
        // A control that a page enables stays out of use.
        auto *create = m_window->page(PageId::Units)->findChild<QPushButton *>();
        QVERIFY(create && create->property(editsProperty).toBool());
        create->setEnabled(true);
        QVERIFY(!create->isEnabled());
        // What a page says about it meanwhile is kept for later.
        create->setToolTip(QStringLiteral("another one"));
        QVERIFY(create->toolTip().contains(document().readOnlyReason()));
        // Its own copy can be edited.
        QVERIFY(document().saveAs(m_folder.filePath(QStringLiteral("copy%1.perunit").arg(++m_number))));
        QVERIFY(!document().isReadOnly());
        QVERIFY(create->isEnabled());
        QCOMPARE(create->toolTip(), QStringLiteral("another one"));
    }

    void aBudgetIsKeptAsOne()
    {
        show(makeWorkspace());
        const QString file =
            write(QStringLiteral("plan.csv"), "month,budget,currency,team\n2026-09,100.50,USD,cx\n2026-10,80,USD,\n");
        m_window->openFiles({file});
        QCOMPARE(document().state().budgets.size(), std::size_t{1});
        const auto lines = readBudget(document().state().budgets.at(0).content);
        QVERIFY(lines);
        QCOMPARE(lines->size(), std::size_t{2});
        QCOMPARE(lines->at(0).amount.text(), std::string("100.5"));
        QVERIFY(texts().contains(QStringLiteral("plan.csv is a budget")));
        const auto stored = [this] {
            const auto store = WorkspaceStore::open(fromQt(document().path()), WorkspaceStore::Mode::ReadOnly);
            return (*store)->documents(budgetKind)->size();
        };
        QCOMPARE(stored(), std::size_t{1});
        document().undoStack()->undo();
        QCOMPARE(stored(), std::size_t{0});
    }

    void aLineThatABudgetLosesIsNamed()
    {
        show(makeWorkspace());
        const QString file =
            write(QStringLiteral("plan.csv"), "month,budget,currency\n2026-09,100,USD\n2026-10,abc,USD\n");
        m_window->openFiles({file});
        QCOMPARE(document().state().budgets.size(), std::size_t{1});
        QVERIFY2(texts().contains(QStringLiteral("one line of it is kept. One could not be used.")),
                 qPrintable(texts()));
        QTRY_VERIFY_WITH_TIMEOUT(texts().contains(QStringLiteral("plan.csv, line 3")), jobTimeout);
    }

    /// What "1.500" and "3/8/2026" mean is asked, nothing is kept before, and the answer holds for the next file.
    void aBudgetThatLeavesSomethingOpenIsAsked()
    {
        show(makeWorkspace());
        const auto dialog = [this] {
            return m_window->findChild<BudgetQuestions *>();
        };
        const auto answer = [&dialog](const QString &text) {
            for (QPushButton *each : dialog()->findChildren<QPushButton *>()) {
                if (each->text() == text && each->isVisible())
                    return each->click();
            }
            qFatal("nothing to answer");
        };
        const QString file = write(QStringLiteral("open.csv"), "date,budget\n3/8/2026,1.500\n");
        m_window->openFiles({file});
        QVERIFY(dialog());
        QVERIFY2(texts().contains(QStringLiteral("'1.500' is 1500")), qPrintable(texts()));
        QVERIFY(document().state().budgets.empty());
        dialog()->reject();
        QTRY_VERIFY(!dialog());
        QVERIFY(document().state().budgets.empty());
        m_window->openFiles({file});
        answer(QStringLiteral("Decimal comma"));
        QTRY_VERIFY(dialog() && texts().contains(QStringLiteral("3/8/2026")));
        QVERIFY(document().state().budgets.empty());
        QTRY_COMPARE(m_window->findChildren<BudgetQuestions *>().size(), 1);
        answer(QStringLiteral("Day first"));
        QCOMPARE(document().state().budgets.size(), std::size_t{1});
        const auto lines = readBudget(document().state().budgets.at(0).content);
        QVERIFY(lines);
        QCOMPARE(lines->at(0).amount.text(), std::string("1500"));
        QCOMPARE(budgetMonthText(lines->at(0).month), std::string("2026-08"));
        QTRY_VERIFY(!dialog());
        m_window->openFiles({write(QStringLiteral("next.csv"), "date,budget\n4/9/2026,2.250\n")});
        QVERIFY(!dialog());
        QCOMPARE(document().state().budgets.size(), std::size_t{2});
        QCOMPARE(readBudget(document().state().budgets.at(1).content)->at(0).amount.text(), std::string("2250"));
    }

    void aDamagedSourceCanBeLeftOut()
    {
        const QString path = makeWorkspace();
        {
            const auto database = Database::open(fromQt(path), Database::Access::ReadWrite);
            QVERIFY(database);
            QVERIFY(database->run("DELETE FROM cols WHERE column='i:time'"));
        }
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(m_window->openWorkspace(path));
        const auto leaveOut = [this] {
            return button(QStringLiteral("Leave out log.csv"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(leaveOut(), jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(texts().contains(QStringLiteral("There are no figures")), jobTimeout);
        // No view of the ledger says that something is still to come.
        for (const char *view : {"completeness", "tie", "coverage", "dimensions", "rows"}) {
            m_window->showView(PageId::Ledger, QLatin1String(view));
            QTRY_VERIFY2_WITH_TIMEOUT(texts().contains(QStringLiteral("This cannot be shown: ")), qPrintable(texts()),
                                      jobTimeout);
            QVERIFY2(!texts().contains(QChar(0x2026)), qPrintable(texts()));
        }
        leaveOut()->click();
        QTRY_VERIFY_WITH_TIMEOUT(document().ledger(), jobTimeout);
        QCOMPARE(document().ledger()->workload->size(), std::size_t{0});
        QVERIFY(!document().sources().at(0).active);
        QTRY_VERIFY_WITH_TIMEOUT(document().history(), jobTimeout);
        for (const char *view : {"completeness", "coverage", "dimensions"}) {
            m_window->showView(PageId::Ledger, QLatin1String(view));
            QTRY_VERIFY2_WITH_TIMEOUT(texts().contains(QStringLiteral("The active sources hold no")),
                                      qPrintable(texts()), jobTimeout);
        }
    }

    void aDamagedWorkspaceCanBeRescued()
    {
        const QString path = makeWorkspace();
        {
            auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenExisting);
            QVERIFY(store);
            QVERIFY((*store)->putDocument("settings", "price-overlays", "[]"));
            store->reset();
            const auto database = Database::open(fromQt(path), Database::Access::ReadWrite);
            QVERIFY(database);
            QVERIFY(database->run("UPDATE documents SET content='[ ]' WHERE name='price-overlays'"));
        }
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(!m_window->openWorkspace(path));
        QVERIFY(button(QStringLiteral("Save what is still good…")));
        const QString rescued = m_folder.filePath(QStringLiteral("rescued%1.perunit").arg(++m_number));
        m_window->rescue(path, rescued);
        QTRY_COMPARE_WITH_TIMEOUT(document().path(), rescued, jobTimeout);
        QCOMPARE(document().sources().size(), std::size_t{1});
        QVERIFY2(texts().contains(QStringLiteral("Saved, but for")), qPrintable(texts()));
    }

    void personsAreHashedFromTheImportPage()
    {
        const QString path = m_folder.filePath(QStringLiteral("p%1.perunit").arg(++m_number));
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(m_window->document().create(path));
        m_window->openFiles({write(QStringLiteral("people.csv"), requestLog)});
        auto *page = static_cast<ImportPage *>(m_window->page(PageId::Import));
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady(), jobTimeout);
        auto *card = page->findChild<ImportPersonsCard *>();
        QVERIFY(card && card->isVisible());
        QToolButton *hashed = nullptr;
        for (QToolButton *each : card->findChildren<QToolButton *>()) {
            if (each->text() == QStringLiteral("Keep hashed"))
                hashed = each;
        }
        QVERIFY(hashed);
        hashed->click();
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady(), jobTimeout);
        page->importAll();
        QTRY_VERIFY_WITH_TIMEOUT(document().ledger() && document().ledger()->workload->size() > 0, jobTimeout);
        QCOMPARE(document().sources().at(0).hashedColumns, std::vector<std::string>{"user_email"});
        const DimensionColumn *persons = document().ledger()->workload->dimension("tag:user_email");
        QVERIFY(persons);
        QCOMPARE(persons->dictionary.size(), std::size_t{3}); // nobody, and two persons
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("a@b.org"));
    }
};

QTEST_MAIN(TestDimensionsWindow)
#include "tst_dimensions_window.moc"
