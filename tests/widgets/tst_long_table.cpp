// SPDX-License-Identifier: GPL-3.0-or-later
// A table of millions of rows, and a strip of days.
#include "widgets/charts/day_strip.h"
#include "widgets/tables/long_table.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <set>

using namespace perunit;

namespace {

/// Rows that know how often they were asked.
class CountedRows : public ValueSource
{
public:
    explicit CountedRows(int rows)
        : m_rows(rows)
    {}
    int rowCount() const override { return m_rows; }
    QString key(int row) const override { return QString::number(row); }
    ValueCell cell(int row, int column) const override
    {
        asked.insert(row);
        if (column == 0)
            return ValueCell::ofText(QStringLiteral("=row %1").arg(row));
        ValueCell cell = ValueCell::ofNumber(QStringLiteral("$%1").arg(row), row);
        cell.exact = QStringLiteral("-%1.25").arg(row);
        return cell;
    }
    mutable std::set<int> asked;

private:
    int m_rows;
};

std::vector<ValueColumn> columns()
{
    return {{QStringLiteral("Name"), {}, false}, {QStringLiteral("Cost"), {}, true}};
}

std::vector<DayStripRow> threeDays()
{
    DayStripRow row;
    row.key = QStringLiteral("a");
    row.label = QStringLiteral("usage.csv");
    for (const DayMark mark : {DayMark::None, DayMark::Missing, DayMark::Partial})
        row.cells.push_back({0.5F, mark, QStringLiteral("day %1").arg(row.cells.size())});
    DayStripRow later = row;
    later.key = QStringLiteral("b");
    later.firstDay = 1;
    later.cells.resize(1);
    return {row, later};
}

} // namespace

class TestLongTable : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { applyTheme(*qApp, Theme::light()); }

    void model()
    {
        LongTable table(QStringLiteral("Rows"));
        const QAbstractItemModelTester tester(table.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        table.setContents(columns(), std::make_shared<CountedRows>(20), false);
        table.setContents(columns(), std::make_shared<CountedRows>(3), false);
        QCOMPARE(table.model()->rowCount(), 3);
        table.setContents({}, nullptr, false);
        QCOMPARE(table.model()->rowCount(), 0);
    }

    void onlyWhatIsSeenIsMade()
    {
        LongTable table(QStringLiteral("Rows"));
        table.resize(400, 300);
        const auto rows = std::make_shared<CountedRows>(10'000'000);
        table.setContents(columns(), rows, false);
        table.show();
        table.grab();
        rows->asked.clear();
        table.view()->verticalScrollBar()->setValue(9'999'999);
        table.grab();
        QVERIFY(rows->asked.contains(9'999'999));
        QVERIFY2(rows->asked.size() < 40, qPrintable(QString::number(rows->asked.size())));
        rows->asked.clear();
        table.view()->selectAll();
        QCOMPARE(table.selectedCount(), 10'000'000);
        QVERIFY(rows->asked.size() < 40);
    }

    void sortingIsAskedFor()
    {
        LongTable table(QStringLiteral("Rows"));
        const auto rows = std::make_shared<CountedRows>(50);
        table.setContents(columns(), rows, false);
        QSignalSpy asked(&table, &LongTable::sortRequested);
        table.view()->horizontalHeader()->setSortIndicator(1, Qt::DescendingOrder);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked[0][0].toInt(), 1);
        QCOMPARE(table.model()->index(0, 0).data().toString(), QStringLiteral("=row 0"));
        // What the owner shows is no wish of the user, and new rows keep the arrow.
        table.setSortShown(0, Qt::AscendingOrder);
        table.setContents(columns(), rows, false);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(table.view()->horizontalHeader()->sortIndicatorSection(), 0);
    }

    void copiesExactTextWithoutFormulas()
    {
        LongTable table(QStringLiteral("Rows"));
        table.setContents(columns(), std::make_shared<CountedRows>(50), false);
        table.view()->selectRow(7);
        table.view()->selectionModel()->select(table.model()->index(3, 0),
                                               QItemSelectionModel::Select | QItemSelectionModel::Rows);
        table.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Name\tCost\n'=row 3\t-3.25\n'=row 7\t-7.25\n"));
        table.copyCell(7, 0);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("'=row 7"));
    }

    void tooManyRowsAreNotCopied()
    {
        LongTable table(QStringLiteral("Rows"));
        table.setContents(columns(), std::make_shared<CountedRows>(LongTable::mostCopied + 1), false);
        QSignalSpy refused(&table, &LongTable::tooManyToCopy);
        QGuiApplication::clipboard()->setText(QStringLiteral("before"));
        table.view()->selectAll();
        table.copy();
        QCOMPARE(refused.count(), 1);
        QCOMPARE(refused[0][0].toLongLong(), qint64{LongTable::mostCopied + 1});
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("before"));
    }

    void daysAreWalkedWithTheKeys()
    {
        DayStrip strip(QStringLiteral("Days"));
        strip.resize(700, 200);
        strip.setRows(QDate(2026, 2, 27), 3, threeDays());
        strip.show();
        strip.setFocus();
        QSignalSpy opened(&strip, &DayStrip::dayActivated);
        QSignalSpy moved(&strip, &DayStrip::currentKeyChanged);
        QTest::keyClick(&strip, Qt::Key_Home);
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened[0][1].toDate(), QDate(2026, 2, 27));
        QTest::keyClick(&strip, Qt::Key_Right);
        QTest::keyClick(&strip, Qt::Key_Right);
        QTest::keyClick(&strip, Qt::Key_Right);
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(opened[1][1].toDate(), QDate(2026, 3, 1));
        QVERIFY(strip.accessibleDescription().contains(QStringLiteral("day 2")));
        QTest::keyClick(&strip, Qt::Key_Down);
        QCOMPARE(moved.count(), 1);
        QCOMPARE(moved[0][0].toString(), QStringLiteral("b"));
        // The second row has no such day.
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(opened.count(), 2);
        QTest::keyClick(&strip, Qt::Key_Left);
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(opened[2][0].toString(), QStringLiteral("b"));
        QCOMPARE(opened[2][1].toDate(), QDate(2026, 2, 28));
    }

    void rowsKeepTheirChoice()
    {
        DayStrip strip(QStringLiteral("Days"));
        strip.setRows(QDate(2026, 2, 27), 3, threeDays());
        QSignalSpy moved(&strip, &DayStrip::currentKeyChanged);
        strip.setCurrentKey(QStringLiteral("b"));
        strip.setRows(QDate(2026, 2, 27), 3, threeDays());
        QCOMPARE(strip.currentKey(), QStringLiteral("b"));
        QCOMPARE(moved.count(), 0);
        strip.setRows(QDate(2026, 2, 27), 0, {});
        QVERIFY(strip.currentKey().isEmpty());
        QTest::keyClick(&strip, Qt::Key_Down);
        QTest::keyClick(&strip, Qt::Key_Up);
        QTest::keyClick(&strip, Qt::Key_Left);
        strip.grab();
    }

    void marksDifferInShapeAndColour()
    {
        // Each legend sample is another picture, also in shades of grey.
        for (const Theme &theme : {Theme::light(), Theme::darkTheme()}) {
            setCurrentTheme(theme);
            std::vector<QImage> pictures;
            for (const auto &[mark, text] : DayStrip::legend()) {
                DayStrip strip(QStringLiteral("Days"));
                strip.resize(400, 120);
                DayStripRow row;
                row.cells.push_back({0.7F, mark, text});
                strip.setRows(QDate(2026, 3, 1), 1, {row});
                pictures.push_back(strip.grab().toImage().convertToFormat(QImage::Format_Grayscale8));
            }
            for (std::size_t i = 0; i < pictures.size(); ++i) {
                for (std::size_t j = i + 1; j < pictures.size(); ++j)
                    QVERIFY2(pictures[i] != pictures[j], qPrintable(QStringLiteral("%1 and %2").arg(i).arg(j)));
            }
        }
        setCurrentTheme(Theme::light());
    }
};

QTEST_MAIN(TestLongTable)
#include "tst_long_table.moc"
