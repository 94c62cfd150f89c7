// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger page, used as its user uses it: sources, days, ties, tags, rows.
#include "tests/app/workspace_fixture.h"

#include "app/pages/ledger/completeness_view.h"
#include "app/pages/ledger/coverage_view.h"
#include "app/pages/ledger/ledger_page.h"
#include "app/pages/ledger/row_filter_bar.h"
#include "app/pages/ledger/rows_view.h"
#include "app/pages/ledger/sources_view.h"
#include "app/pages/ledger/tie_view.h"
#include "app/shell/main_window.h"
#include "tests/support/accessible_names.h"
#include "widgets/charts/day_strip.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/search_field.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/long_table.h"
#include "widgets/tables/value_table.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QDateTime>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>
#include <QToolButton>

using namespace perunit;

namespace {

/// Two days of requests: one row is no number, one says its team with another capital, one is a formula.
constexpr const char *requestLog = "time,provider,model,workload,team,input_tokens,output_tokens,cost\n"
                                   "2026-09-01T08:00:00Z,openai,gpt-4.1,support,blue,1000,100,0.003\n"
                                   "2026-09-01T09:00:00Z,openai,gpt-4.1,=1+2,Blue,2000,0,\n"
                                   "2026-09-01T10:00:00Z,openai,gpt-4.1,support,,many,0,\n"
                                   "2026-09-02T08:00:00Z,openai,gpt-4.1-mini,search,,500,50,\n"
                                   "2026-09-02T09:00:00Z,openai,no-such-model,search,,700,0,\n";

void importInto(const QString &path, const QStringList &files)
{
    auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenOrCreate);
    QVERIFY2(store, store ? "" : store.error().text().c_str());
    for (const QString &file : files) {
        const auto source = importFile(**store, fromQt(file), {}, nullptr, {});
        QVERIFY2(source, source ? "" : source.error().text().c_str());
    }
}

QPushButton *button(QWidget *in, const QString &text)
{
    for (QPushButton *each : in->findChildren<QPushButton *>()) {
        if (each->text() == text && each->isVisible())
            return each;
    }
    return nullptr;
}

QString textsOf(QWidget *in)
{
    QStringList texts;
    for (const QLabel *label : in->findChildren<QLabel *>()) {
        if (label->isVisible())
            texts << label->text();
    }
    return texts.join(QLatin1Char('\n')).remove(QChar(0x2060)).replace(QChar(0x00a0), QLatin1Char(' '));
}

ValueTable *table(QWidget *in, const char *name)
{
    for (QTableView *each : in->findChildren<QTableView *>()) {
        if (each->accessibleName() == QString::fromUtf8(name))
            return qobject_cast<ValueTable *>(each->parentWidget());
    }
    return nullptr;
}

QString cell(const ValueTable *in, int row, int column)
{
    return in->model()->cell(row, column).text;
}

} // namespace

class TestLedgerPage : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] WorkspaceDocument &document() const { return m_window->document(); }
    [[nodiscard]] LedgerPage *page() const { return static_cast<LedgerPage *>(m_window->page(PageId::Ledger)); }
    template <typename View>
    [[nodiscard]] View *view() const
    {
        return page()->findChild<View *>();
    }
    [[nodiscard]] LongTable *list() const { return view<RowsView>()->findChild<LongTable *>(); }
    [[nodiscard]] QString shown(int row, const QString &column) const
    {
        const LongTableModel &model = *list()->model();
        for (int i = 0; i < model.columnCount(); ++i) {
            if (model.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString() == column)
                return model.index(row, i).data().toString();
        }
        return QStringLiteral("no column ") + column;
    }
    void show(const QString &path, const QString &viewId)
    {
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        if (!path.isEmpty())
            QVERIFY(m_window->openWorkspace(path));
        m_window->showView(PageId::Ledger, viewId);
        settle();
    }
    void openLog(const QString &viewId)
    {
        const QString log = m_folder.filePath(QStringLiteral("log%1.csv").arg(++m_number));
        QFile file(log);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(requestLog);
        file.close();
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(m_number));
        importInto(path, {log});
        show(path, viewId);
    }
    void openBilled(const QString &viewId)
    {
        const QString path = m_folder.filePath(QStringLiteral("b%1.perunit").arg(++m_number));
        importInto(path, {testData("reconciliation/usage.csv"), testData("reconciliation/invoice.csv")});
        show(path, viewId);
    }
    void settle() const
    {
        if (document().isOpen())
            QTRY_VERIFY_WITH_TIMEOUT(document().history() && !document().isComputing(), jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(page()->isReady(), jobTimeout);
    }
    [[nodiscard]] const RowSums &sums() const { return view<RowsView>()->found()->sums; }
    void limit(const RowFilter &filter) const
    {
        page()->showRows(RowKind::Requests, filter);
        settle();
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
    }
    void cleanup() { m_window.reset(); }

    void nothingImported()
    {
        show({}, QStringLiteral("rows"));
        QVERIFY(textsOf(page()).contains(QStringLiteral("Nothing is imported yet.")));
        QVERIFY(button(page(), QStringLiteral("Import files…"))->isVisible());
    }

    void everyViewHasNames_data()
    {
        QTest::addColumn<QString>("viewId");
        for (const char *id : {"sources", "completeness", "tie", "coverage", "rows"})
            QTest::newRow(id) << QString::fromLatin1(id);
    }
    void everyViewHasNames()
    {
        QFETCH(QString, viewId);
        openBilled(viewId);
        for (QWidget *widget : {static_cast<QWidget *>(page()), page()->inspector()}) {
            const AccessibleNames names = accessibleNames(widget);
            QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QLatin1Char('\n'))));
        }
        QVERIFY(accessibleNames(page()).interactive > 0);
    }

    void sourcesSayWhatWasUsed()
    {
        openLog(QStringLiteral("sources"));
        const ValueTable *sources = table(page(), "Sources");
        QCOMPARE(sources->shownRows(), 1);
        QCOMPARE(cell(sources, 0, 1), QStringLiteral("Usage"));
        QCOMPARE(cell(sources, 0, 3), QStringLiteral("5"));
        QCOMPARE(cell(sources, 0, 4), QStringLiteral("4"));
        QCOMPARE(cell(sources, 0, 5), QStringLiteral("1"));
        const ValueTable *rejects = table(page(), "Detail");
        QCOMPARE(rejects->shownRows(), 1);
        QCOMPARE(cell(rejects, 0, 0), QStringLiteral("4"));
        QCOMPARE(cell(rejects, 0, 1), QStringLiteral("input_tokens"));
        QCOMPARE(cell(rejects, 0, 2), QStringLiteral("many"));
    }

    void anImportIsUndoneAndRedone()
    {
        openLog(QStringLiteral("sources"));
        QTest::mouseClick(button(page()->inspector(), QStringLiteral("Undo this import")), Qt::LeftButton);
        settle();
        QVERIFY(!document().sources().front().active);
        QCOMPARE(document().ledger()->workload->size(), std::size_t{0});
        QVERIFY(cell(table(page(), "Sources"), 0, 0).contains(QStringLiteral("not used")));
        document().undoStack()->undo();
        settle();
        QVERIFY(document().sources().front().active);
        QCOMPARE(document().ledger()->workload->size(), std::size_t{4});
    }

    void aRoleChangesAsOneStep()
    {
        openLog(QStringLiteral("sources"));
        auto *role = page()->inspector()->findChild<ChoiceBox *>();
        emit role->valueEdited("invoice");
        settle();
        QCOMPARE(document().sources().front().role, SourceRole::Invoice);
        QCOMPARE(document().undoStack()->count(), 1);
        document().undoStack()->undo();
        settle();
        QCOMPARE(document().sources().front().role, SourceRole::Usage);
    }

    void rowsAreListedAndAddedUp()
    {
        openLog(QStringLiteral("rows"));
        const QAbstractItemModelTester tester(list()->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(list()->model()->rowCount(), 4);
        QCOMPARE(shown(0, QStringLiteral("Model")), QStringLiteral("gpt-4.1"));
        // gpt-4.1 at 2 and 8 $ a million: 0.0028 and 0.004; its mini at 0.4 and 1.6: 0.00028.
        QCOMPARE(sums().priced->text(), "0.00708");
        QCOMPARE(sums().recorded->text(), "0.003");
        QCOMPARE(sums().unpricedTokens, std::int64_t{700});
        QCOMPARE(shown(3, QStringLiteral("Cost")), QStringLiteral("–"));
        QVERIFY(textsOf(view<RowsView>()).contains(QStringLiteral("700 tokens without a price")));
    }

    void rowsAreFiltered()
    {
        openLog(QStringLiteral("rows"));
        auto *search = view<RowsView>()->findChild<SearchField *>();
        search->setFocus();
        QTest::keyClicks(search, QStringLiteral("BLUE"));
        settle();
        QCOMPARE(list()->model()->rowCount(), 2);
        QCOMPARE(sums().priced->text(), "0.0068");
        QVERIFY(textsOf(view<RowsView>()).contains(QStringLiteral("2 of 4 rows")));
        QTest::mouseClick(button(view<RowsView>(), QStringLiteral("Clear")), Qt::LeftButton);
        settle();
        QCOMPARE(list()->model()->rowCount(), 4);
        QVERIFY(search->text().isEmpty());
        for (QCheckBox *box : view<RowsView>()->findChildren<QCheckBox *>()) {
            if (box->text() == QLatin1String("Only without price"))
                QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
        }
        settle();
        QCOMPARE(list()->model()->rowCount(), 1);
        QCOMPARE(shown(0, QStringLiteral("Model")), QStringLiteral("no-such-model"));
        QVERIFY(!sums().priced);
        QVERIFY(textsOf(view<RowsView>()).contains(QStringLiteral("cost n/a")));
    }

    void daysAreTyped_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("problem");
        QTest::newRow("from") << "2026-09-02"
                              << "" << 2 << "";
        QTest::newRow("to is included") << ""
                                        << "2026-09-01" << 2 << "";
        QTest::newRow("both") << "2026-09-01"
                              << "2026-09-02" << 4 << "";
        QTest::newRow("no day") << "soon"
                                << "" << 4 << "A day is written 2026-05-31.";
        QTest::newRow("backwards") << "2026-09-02"
                                   << "2026-09-01" << 4 << "The last day is before the first one.";
    }
    void daysAreTyped()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(int, rows);
        QFETCH(QString, problem);
        openLog(QStringLiteral("rows"));
        for (QLineEdit *field : view<RowsView>()->findChildren<QLineEdit *>()) {
            if (field->accessibleName().startsWith(QLatin1String("First day")))
                field->setText(from);
            if (field->accessibleName().startsWith(QLatin1String("Last day")))
                field->setText(to);
        }
        for (QLineEdit *field : view<RowsView>()->findChildren<QLineEdit *>()) {
            if (field->accessibleName().startsWith(QLatin1String("First day")))
                emit field->editingFinished();
        }
        settle();
        // The field that was typed into keeps its text: only what holds becomes the filter.
        QVERIFY(list()->model()->rowCount() == rows);
        QVERIFY(problem.isEmpty() || textsOf(view<RowsView>()).contains(problem));
    }

    void rowsAreSortedByTheirHeaders()
    {
        openLog(QStringLiteral("rows"));
        const int cost = [this] {
            for (int i = 0; i < list()->model()->columnCount(); ++i) {
                if (list()->model()->headerData(i, Qt::Horizontal, Qt::DisplayRole) == QLatin1String("Cost"))
                    return i;
            }
            return -1;
        }();
        list()->view()->horizontalHeader()->setSortIndicator(cost, Qt::DescendingOrder);
        settle();
        QCOMPARE(shown(0, QStringLiteral("Input")), QStringLiteral("2,000"));
        QCOMPARE(shown(3, QStringLiteral("Model")), QStringLiteral("no-such-model"));
        list()->view()->horizontalHeader()->setSortIndicator(cost, Qt::AscendingOrder);
        settle();
        QCOMPARE(shown(0, QStringLiteral("Input")), QStringLiteral("500"));
        QCOMPARE(shown(3, QStringLiteral("Model")), QStringLiteral("no-such-model"));
        // The order outlives a filter.
        RowFilter filter = view<RowsView>()->filter();
        filter.scope.conditions["model"] = {"gpt-4.1"};
        emit view<RowsView>()->findChild<RowFilterBar *>()->filterEdited(filter);
        settle();
        QCOMPARE(shown(0, QStringLiteral("Input")), QStringLiteral("1,000"));
    }

    void copiedTextIsNoFormula()
    {
        openLog(QStringLiteral("rows"));
        RowFilter filter;
        filter.scope.conditions["team"] = {"Blue"};
        limit(filter);
        list()->view()->selectRow(0);
        list()->copy();
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY(text.contains(QStringLiteral("\t'=1+2\t")));
        QVERIFY(text.contains(QStringLiteral("\t0.004\t")));
        QVERIFY(text.contains(QStringLiteral("2026-09-01T09:00:00Z")));
        QCOMPARE(text.count(QLatin1Char('\n')), 2);
    }

    void rowsAreExported()
    {
        openLog(QStringLiteral("rows"));
        RowFilter filter;
        filter.text = "search";
        limit(filter);
        const QString path = m_folder.filePath(QStringLiteral("rows.csv"));
        view<RowsView>()->exportTo(path);
        settle();
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QStringLiteral("\r\n"));
        QCOMPARE(lines.size(), 4); // header, two rows, the end of the last line
        QVERIFY(lines[0].startsWith(QStringLiteral("time,provider,model,cost (USD),")));
        QVERIFY(lines[1].startsWith(QStringLiteral("2026-09-02T08:00:00Z,openai,gpt-4.1-mini,0.00028,")));
        QVERIFY(lines[2].startsWith(QStringLiteral("2026-09-02T09:00:00Z,openai,no-such-model,,")));
        QVERIFY(textsOf(m_window.get()).contains(QStringLiteral("2 rows are in")));
    }

    void anExportThatCannotBeWrittenSaysSo()
    {
        openLog(QStringLiteral("rows"));
        view<RowsView>()->exportTo(m_folder.filePath(QStringLiteral("no/such/folder/rows.csv")));
        settle();
        QVERIFY(textsOf(m_window.get()).contains(QStringLiteral("no/such/folder")));
    }

    void aRowSaysHowItsCostIsMade()
    {
        openLog(QStringLiteral("rows"));
        list()->view()->selectRow(0);
        const ValueTable *lines = table(page()->inspector(), "Tokens × price");
        QCOMPARE(lines->shownRows(), 2);
        QCOMPARE(cell(lines, 0, 1), QStringLiteral("1,000"));
        QCOMPARE(lines->model()->cell(0, 3).exact, QStringLiteral("0.002"));
        QCOMPARE(lines->model()->cell(1, 3).exact, QStringLiteral("0.0008"));
    }

    void chargesAreRowsToo()
    {
        openBilled(QStringLiteral("rows"));
        page()->showRows(RowKind::Invoices, {});
        settle();
        QCOMPARE(sums().billed->text(), "36.4");
        RowFilter filter;
        filter.scope.conditions["category"] = {"Tax"};
        page()->showRows(RowKind::Invoices, filter);
        settle();
        QVERIFY(sums().rows > 0 && sums().rows < 10);
        // Requests keep what they were limited to.
        page()->showRows(RowKind::Requests, {});
        settle();
        QCOMPARE(sums().requests, std::int64_t{160});
        QCOMPARE(sums().priced->text(), "34.56");
    }

    void tagsAreWeighedAndOpened()
    {
        openLog(QStringLiteral("coverage"));
        ValueTable *dimensions = table(page(), "Dimensions and tags");
        QVERIFY(dimensions->model()->rowOf(QStringLiteral("team")) >= 0);
        const int team = dimensions->model()->rowOf(QStringLiteral("team"));
        // 0.003 as recorded and 0.004 as priced carry a team, 0.00028 does not.
        QCOMPARE(dimensions->model()->cell(team, 2).exact, QStringLiteral("0.007"));
        QCOMPARE(dimensions->model()->cell(team, 3).exact, QStringLiteral("0.00028"));
        QCOMPARE(cell(dimensions, team, 1), QStringLiteral("96.2 %"));
        QCOMPARE(cell(dimensions, team, 6), QStringLiteral("1"));
        dimensions->view()->setFocus();
        dimensions->setCurrentKey(QStringLiteral("team"));
        emit dimensions->activated(QStringLiteral("team"));
        settle();
        QCOMPARE(list()->model()->rowCount(), 2);
        QVERIFY(view<RowsView>()->isVisible());
        QCOMPARE(view<RowsView>()->filter().scope.conditions.at("team"), std::vector<std::string>{""});
    }

    void aDayOpensItsRows()
    {
        openLog(QStringLiteral("completeness"));
        auto *strip = view<CompletenessView>()->findChild<DayStrip *>();
        strip->setFocus();
        QTest::keyClick(strip, Qt::Key_Home);
        QTest::keyClick(strip, Qt::Key_Return);
        settle();
        QVERIFY(view<RowsView>()->isVisible());
        QCOMPARE(list()->model()->rowCount(), 2);
        QCOMPARE(shown(0, QStringLiteral("Time (UTC)")), QStringLiteral("2026-09-01 08:00:00"));
    }

    void usageTiesOrNot()
    {
        openBilled(QStringLiteral("tie"));
        QVERIFY(!view<TieView>()->ties().empty());
        Money difference;
        for (const ProviderTie &tie : view<TieView>()->ties())
            difference += tie.difference();
        QCOMPARE(difference.text(), "1.84"); // 36.40 billed, 34.56 priced
        QVERIFY(textsOf(view<TieView>()).contains(QStringLiteral("are open")));
        QTest::mouseClick(button(view<TieView>(), QStringLiteral("Reasons and calibration")), Qt::LeftButton);
        QCOMPARE(m_window->selection().page(), PageId::Prices);
    }

    /// Tomorrow is not over whenever this runs: totals with it are provisional, and others are not.
    void totalsWithDaysThatMayChangeSaySo()
    {
        const QString day = QDateTime::currentDateTimeUtc().date().addDays(1).toString(Qt::ISODate);
        const auto write = [this](const char *name, const QString &text) {
            QFile file(m_folder.filePath(QLatin1String(name)));
            if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
                qFatal("the test file cannot be written");
            return file.fileName();
        };
        const QString log = write("new.csv", QStringLiteral("time,provider,model,input_tokens,output_tokens,cost\n"
                                                            "2026-09-01T08:00:00Z,openai,gpt-4.1,1000,100,0.003\n"
                                                            "%1T08:00:00Z,openai,gpt-4.1,1000,100,0.003\n")
                                                 .arg(day));
        const QString bill =
            write("bill.csv", QStringLiteral("BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,"
                                             "ChargePeriodEnd,ChargeCategory,ProviderName,ServiceCategory\n"
                                             "3,3,USD,%1T00:00:00Z,%1T12:00:00Z,Usage,OpenAI,AI and Machine Learning\n")
                                  .arg(day));
        const QString path = m_folder.filePath(QStringLiteral("p%1.perunit").arg(++m_number));
        importInto(path, {log, bill});
        show(path, QStringLiteral("rows"));
        const QString note = QStringLiteral("provisional: days from %1 on may still change").arg(day);
        QTRY_VERIFY2_WITH_TIMEOUT(textsOf(view<RowsView>()).contains(note), qPrintable(textsOf(view<RowsView>())),
                                  jobTimeout);
        RowFilter september;
        september.period = Period{instantOf(2026, 9, 1), instantOf(2026, 9, 2)};
        limit(september);
        QVERIFY2(!textsOf(view<RowsView>()).contains(QStringLiteral("provisional")),
                 qPrintable(textsOf(view<RowsView>())));
        RowFilter tomorrow;
        tomorrow.scope.conditions["provider"] = {"openai"};
        limit(tomorrow);
        QVERIFY(textsOf(view<RowsView>()).contains(note));
        m_window->showView(PageId::Ledger, QStringLiteral("tie"));
        settle();
        QVERIFY(!view<TieView>()->ties().empty());
        QTRY_VERIFY2_WITH_TIMEOUT(
            textsOf(view<TieView>()).contains(QStringLiteral("Days from %1 on may still change").arg(day)),
            qPrintable(textsOf(view<TieView>())), jobTimeout);
    }

    void recordedCostsAreTied()
    {
        openLog(QStringLiteral("tie"));
        const ValueTable *recorded = table(page(), "Recorded costs");
        QCOMPARE(recorded->shownRows(), 1);
        QCOMPARE(cell(recorded, 0, 1), QStringLiteral("1"));
        QCOMPARE(cell(recorded, 0, 2), QStringLiteral("3"));
        QCOMPARE(recorded->model()->cell(0, 6).exact, QStringLiteral("0.0002"));
    }

    void nothingToTieTo()
    {
        const QString path = m_folder.filePath(QStringLiteral("n%1.perunit").arg(++m_number));
        importInto(path, {testData("reconciliation/usage.csv")});
        show(path, QStringLiteral("tie"));
        QVERIFY(textsOf(view<TieView>()).contains(QStringLiteral("Nothing is there to tie the priced usage to.")));
    }

    void columnsAreChosenAndRemembered()
    {
        QSettings().setValue(QStringLiteral("rows/hiddenOfRequests"), QStringList{QStringLiteral("model")});
        openLog(QStringLiteral("rows"));
        QCOMPARE(shown(0, QStringLiteral("Model")), QStringLiteral("no column Model"));
        QCOMPARE(shown(0, QStringLiteral("Row of source")), QStringLiteral("1"));
        QSettings().clear();
    }
};

QTEST_MAIN(TestLedgerPage)
#include "tst_ledger_page.moc"
