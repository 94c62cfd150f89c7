// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/search_field.h"
#include "widgets/tables/value_delegate.h"
#include "widgets/tables/value_table.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <limits>

using namespace perunit;

namespace {

std::vector<ValueColumn> columns()
{
    return {{QStringLiteral("Model"), QStringLiteral("As priced"), false, ColumnWidth::Stretch, true},
            {QStringLiteral("Cost"), {}, true, ColumnWidth::Contents, true}};
}

ValueRow row(const QString &key, const QString &name, const QString &text, double number)
{
    return {key, {ValueCell::ofText(name), ValueCell::ofNumber(text, number)}};
}

/// Texts whose order differs from that of their numbers, and one that is unknown.
std::vector<ValueRow> rows()
{
    std::vector<ValueRow> result{row(QStringLiteral("a"), QStringLiteral("model 10"), QStringLiteral("$1,200"), 1200),
                                 row(QStringLiteral("b"), QStringLiteral("model 9"), QStringLiteral("$90"), 90),
                                 row(QStringLiteral("c"), QStringLiteral("Other"), QStringLiteral("–$5"), -5)};
    result.push_back({QStringLiteral("d"),
                      {ValueCell::ofText(QStringLiteral("another")), ValueCell::unknown(QStringLiteral("no price"))}});
    return result;
}

QString order(const ValueTableModel &model)
{
    QString keys;
    for (int i = 0; i < model.rowCount(); ++i)
        keys += model.key(i);
    return keys;
}

/// A ledger that is never in memory; counts how often it is asked.
class LongSource : public ValueSource
{
public:
    explicit LongSource(int count)
        : m_count(count)
    {}
    int rowCount() const override { return m_count; }
    QString key(int row) const override { return QString::number(row); }
    ValueCell cell(int row, int column) const override
    {
        ++asked;
        // A fixed permutation, so that sorting has something to do.
        const int number = static_cast<int>((static_cast<qint64>(row) * 7919) % m_count);
        return column == 0 ? ValueCell::ofText(QStringLiteral("row %1").arg(row))
                           : ValueCell::ofNumber(QString::number(number), number);
    }
    mutable qint64 asked = 0;

private:
    int m_count;
};

} // namespace

class TestValueTable : public QObject
{
    Q_OBJECT
private slots:
    void modelIsSound();
    void sorts_data();
    void sorts();
    void arrowStandsBesideTheTitle();
    void numbersAreNeverCut_data();
    void numbersAreNeverCut();
    void keepsGivenOrder();
    void filters_data();
    void filters();
    void saysWhatCellsMean();
    void longTables();
    void copiesSelection();
    void copiesAllWithoutSelection();
    void keepsSelectionWhenRowsAreReplaced();
    void tellsWhenTheCurrentRowIsGone();
    void typingFilters();
    void activatesByKeyboard();
    void headerSortsNumbersFromLarge();
    void emptyTextsExplain();
    void fitsItsRows();
    void stretchesToItsWidth();
    void cutsOffNamesBeforeNumbers();
};

void TestValueTable::modelIsSound()
{
    ValueTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setColumns(columns());
    model.setRows(rows());
    const QPersistentModelIndex watched = model.index(1, 0);
    QCOMPARE(watched.data().toString(), QStringLiteral("model 9"));
    model.sort(1, Qt::DescendingOrder);
    QCOMPARE(watched.data().toString(), QStringLiteral("model 9"));
    model.sort(0, Qt::AscendingOrder);
    QCOMPARE(watched.data().toString(), QStringLiteral("model 9"));
    model.setFilter(QStringLiteral("model"));
    QCOMPARE(model.rowCount(), 2);
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
    model.setColumns({});
    QCOMPARE(model.columnCount(), 0);
}

void TestValueTable::sorts_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<Qt::SortOrder>("direction");
    QTest::addColumn<QString>("keys");
    QTest::newRow("numbers up, unknown last") << 1 << Qt::AscendingOrder << "cbad";
    QTest::newRow("numbers down, unknown last") << 1 << Qt::DescendingOrder << "abcd";
    QTest::newRow("names up, 9 before 10") << 0 << Qt::AscendingOrder << "dbac";
    QTest::newRow("names down") << 0 << Qt::DescendingOrder << "cabd";
    QTest::newRow("as given") << -1 << Qt::AscendingOrder << "abcd";
}

void TestValueTable::sorts()
{
    QFETCH(int, column);
    QFETCH(Qt::SortOrder, direction);
    QFETCH(QString, keys);
    ValueTableModel model;
    model.setColumns(columns());
    model.setRows(rows());
    model.sort(column, direction);
    QCOMPARE(order(model), keys);
}

void TestValueTable::keepsGivenOrder()
{
    ValueTableModel model;
    model.setColumns(columns());
    model.setRows({row(QStringLiteral("x"), QStringLiteral("same"), QStringLiteral("1"), 1),
                   row(QStringLiteral("y"), QStringLiteral("same"), QStringLiteral("1"), 1),
                   row(QStringLiteral("z"), QStringLiteral("same"), QStringLiteral("1"), 1)});
    model.sort(1, Qt::DescendingOrder);
    QCOMPARE(order(model), QStringLiteral("xyz"));
    model.sort(0, Qt::AscendingOrder);
    QCOMPARE(order(model), QStringLiteral("xyz"));
}

void TestValueTable::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("keys");
    QTest::newRow("nothing") << ""
                             << "abcd";
    QTest::newRow("any case") << "MODEL"
                              << "ab";
    QTest::newRow("words in any order") << "9 mod"
                                        << "b";
    QTest::newRow("across columns") << "model 1,200"
                                    << "a";
    QTest::newRow("inside a word") << "oth"
                                   << "cd";
    QTest::newRow("no row") << "gpt"
                            << "";
}

void TestValueTable::filters()
{
    QFETCH(QString, text);
    QFETCH(QString, keys);
    ValueTableModel model;
    model.setColumns(columns());
    model.setRows(rows());
    model.setFilter(text);
    QCOMPARE(order(model), keys);
    QCOMPARE(model.totalRows(), 4);
}

void TestValueTable::saysWhatCellsMean()
{
    ValueTableModel model;
    model.setColumns(columns());
    auto content = rows();
    content[0].cells[1].exact = QStringLiteral("1200.000000000000000000000001");
    content[0].cells[1].tone = CellTone::Unfavourable;
    content[0].cells[1].bar = 0.5F;
    model.setRows(content);
    const QModelIndex cost = model.index(0, 1);
    QCOMPARE(cost.data().toString(), QStringLiteral("$1,200"));
    QCOMPARE(cost.data(ValueTableModel::ExactRole).toString(), QStringLiteral("1200.000000000000000000000001"));
    QCOMPARE(cost.data(ValueTableModel::BarRole).toFloat(), 0.5F);
    QCOMPARE(cost.data(ValueTableModel::ToneRole).toInt(), static_cast<int>(CellTone::Unfavourable));
    QVERIFY(cost.data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignRight);
    const QModelIndex unknown = model.index(3, 1);
    QCOMPARE(unknown.data().toString(), QStringLiteral("–"));
    QCOMPARE(unknown.data(Qt::ToolTipRole).toString(), QStringLiteral("no price"));
    QVERIFY(unknown.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("no price")));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::ToolTipRole).toString(), QStringLiteral("As priced"));
    QVERIFY(!model.headerData(1, Qt::Horizontal, Qt::ToolTipRole).isValid());
}

void TestValueTable::longTables()
{
    constexpr int count = 100'000;
    auto source = std::make_shared<LongSource>(count);
    ValueTable table(QStringLiteral("Requests"));
    table.resize(600, 400);
    table.setColumns(columns());
    table.setSource(source);
    table.show();
    QCOMPARE(table.shownRows(), count);
    // Showing must not walk through all rows.
    QVERIFY2(source->asked < 20'000, qPrintable(QString::number(source->asked)));
    source->asked = 0;
    table.sortBy(1, Qt::AscendingOrder);
    // Each key is read once, plus what is painted.
    QVERIFY2(source->asked < count + 20'000, qPrintable(QString::number(source->asked)));
    for (int i = 0; i < count; i += 997)
        QCOMPARE(table.model()->index(i, 1).data().toString(), QString::number(i));
    table.setFilter(QStringLiteral("99999"));
    QVERIFY(table.shownRows() >= 1);
    QVERIFY(table.shownRows() < 10);
}

void TestValueTable::copiesSelection()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    auto content = rows();
    content[1].cells[0].text = QStringLiteral("model\t9 <b>");
    content[1].cells[1].exact = QStringLiteral("90.5");
    table.setRows(content);
    table.show();
    table.setCurrentKey(QStringLiteral("b"));
    QTest::keySequence(table.view(), QKeySequence::Copy);
    const QMimeData *copied = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(copied->text(), QStringLiteral("Model\tCost\nmodel 9 <b>\t90.5\n"));
    QVERIFY(copied->html().contains(QStringLiteral("&lt;b&gt;")));
    QVERIFY(copied->html().contains(QStringLiteral("<td align=\"right\">90.5</td>")));
    QVERIFY(!copied->html().contains(QStringLiteral("1,200")));
}

void TestValueTable::copiesAllWithoutSelection()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    table.setRows(rows());
    table.sortBy(1, Qt::DescendingOrder);
    QCOMPARE(table.selectionAsText(),
             QStringLiteral("Model\tCost\nmodel 10\t$1,200\nmodel 9\t$90\nOther\t–$5\nanother\t–\n"));
}

void TestValueTable::keepsSelectionWhenRowsAreReplaced()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    table.setRows(rows());
    table.setCurrentKey(QStringLiteral("c"));
    QSignalSpy moved(&table, &ValueTable::currentKeyChanged);
    auto next = rows();
    std::reverse(next.begin(), next.end());
    next.push_back(row(QStringLiteral("e"), QStringLiteral("new"), QStringLiteral("1"), 1));
    table.setRows(next);
    QCOMPARE(table.currentKey(), QStringLiteral("c"));
    QCOMPARE(table.selectedKeys(), QStringList{QStringLiteral("c")});
    table.sortBy(1, Qt::AscendingOrder);
    QCOMPARE(table.currentKey(), QStringLiteral("c"));
    QCOMPARE(moved.count(), 0);
    QTest::keyClick(table.view(), Qt::Key_Down);
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved.first().first().toString(), QStringLiteral("e"));
}

void TestValueTable::tellsWhenTheCurrentRowIsGone()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    table.setRows(rows());
    table.setCurrentKey(QStringLiteral("a"));
    QSignalSpy moved(&table, &ValueTable::currentKeyChanged);
    table.setRows({rows()[1], rows()[2]});
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved.first().first().toString(), QString());
    QCOMPARE(table.currentKey(), QString());
}

void TestValueTable::typingFilters()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    table.setRows(rows());
    table.show();
    auto *search = table.findChild<SearchField *>();
    QVERIFY(search->isHidden());
    QSignalSpy filtered(&table, &ValueTable::filterChanged);
    QTest::keyClicks(table.view(), QStringLiteral("m"));
    QVERIFY(search->isVisible());
    QTest::keyClicks(search, QStringLiteral("odel"));
    QCOMPARE(search->text(), QStringLiteral("model"));
    QCOMPARE(table.shownRows(), 2);
    QCOMPARE(filtered.last().first().toString(), QStringLiteral("model"));
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(table.shownRows(), 4);
    table.setFilter(QStringLiteral("9"));
    QCOMPARE(table.shownRows(), 1);
    QTest::keyClick(table.view(), Qt::Key_Escape);
    QCOMPARE(table.shownRows(), 4);
}

void TestValueTable::activatesByKeyboard()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    table.setRows(rows());
    table.show();
    QSignalSpy activated(&table, &ValueTable::activated);
    QTest::keyClick(table.view(), Qt::Key_Return);
    QCOMPARE(activated.count(), 0);
    table.setCurrentKey(QStringLiteral("b"));
    QTest::keyClick(table.view(), Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated.first().first().toString(), QStringLiteral("b"));
}

void TestValueTable::headerSortsNumbersFromLarge()
{
    ValueTable table(QStringLiteral("Models"));
    table.resize(500, 300);
    table.setColumns(columns());
    table.setRows(rows());
    table.show();
    QHeaderView *header = table.view()->horizontalHeader();
    const auto click = [header](int section) {
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          QPoint(header->sectionViewportPosition(section) + 20, header->height() / 2));
    };
    click(1);
    QCOMPARE(order(*table.model()), QStringLiteral("abcd"));
    click(1);
    QCOMPARE(order(*table.model()), QStringLiteral("cbad"));
    click(0);
    QCOMPARE(order(*table.model()), QStringLiteral("dbac"));
}

void TestValueTable::emptyTextsExplain()
{
    ValueTable table(QStringLiteral("Models"));
    table.setEmptyText(QStringLiteral("No model has a price yet."));
    table.setColumns(columns());
    table.show();
    const auto shown = [&table] {
        for (const QLabel *label : table.view()->findChildren<QLabel *>()) {
            if (label->isVisible())
                return label->text();
        }
        return QString();
    };
    QCOMPARE(shown(), QStringLiteral("No model has a price yet."));
    table.setRows(rows());
    QCOMPARE(shown(), QString());
    table.setFilter(QStringLiteral("gpt"));
    QVERIFY(shown().contains(QStringLiteral("gpt")));
}

void TestValueTable::fitsItsRows()
{
    ValueTable table(QStringLiteral("Models"));
    table.setColumns(columns());
    table.setFittingRows(3);
    table.setRows({rows()[0]});
    const int one = table.maximumHeight();
    table.setRows({rows()[0], rows()[1]});
    QCOMPARE(table.maximumHeight(), one + 28);
    table.setRows(rows());
    QCOMPARE(table.maximumHeight(), one + 2 * 28);
    table.setCompact(true);
    QCOMPARE(table.maximumHeight(), one + 2 * 28 - 3 * 4);
}

void TestValueTable::stretchesToItsWidth()
{
    ValueTable table(QStringLiteral("Models"));
    table.resize(700, 300);
    table.setColumns(columns());
    table.setRows(rows());
    table.show();
    const QHeaderView *header = table.view()->horizontalHeader();
    QCOMPARE(header->length(), table.view()->viewport()->width());
    QVERIFY(header->sectionSize(0) > header->sectionSize(1));
    table.resize(900, 300);
    QCOMPARE(header->length(), table.view()->viewport()->width());
}

void TestValueTable::cutsOffNamesBeforeNumbers()
{
    const QString longName = QStringLiteral("a-model-with-a-name-that-is-much-too-long-for-its-place");
    ValueTable table(QStringLiteral("Models"));
    table.resize(360, 300);
    table.setColumns({{QStringLiteral("Model"), {}, false},
                      {QStringLiteral("Priced as"), {}, false, ColumnWidth::Stretch},
                      {QStringLiteral("Cost"), {}, true}});
    table.setRows({{QStringLiteral("a"),
                    {ValueCell::ofText(longName), ValueCell::ofText(QStringLiteral("short")),
                     ValueCell::ofNumber(QStringLiteral("$1,234,567.89"), 1234567.89)}}});
    table.show();
    const QHeaderView *header = table.view()->horizontalHeader();
    const int numbers = header->sectionSize(2);
    QCOMPARE(header->length(), table.view()->viewport()->width());
    QVERIFY(header->sectionSize(0) < 300);
    // What is cut off is said in full on hover; what is not needs no tool tip.
    const auto *delegate = static_cast<const ValueDelegate *>(table.view()->itemDelegate());
    QStyleOptionViewItem option;
    option.font = table.view()->font();
    QCOMPARE(delegate->helpText(option, table.model()->index(0, 0), header->sectionSize(0)), longName);
    QCOMPARE(delegate->helpText(option, table.model()->index(0, 1), header->sectionSize(1)), QString());
    // No place for all: the table scrolls, and nothing is cut off in vain.
    table.resize(200, 300);
    QVERIFY(header->length() > table.view()->viewport()->width());
    QVERIFY(header->sectionSize(0) > 300);
    QCOMPARE(header->sectionSize(2), numbers);
}

/// Numbers keep their right edge: the arrow of a sorted column stands left of its title, and the title is whole.
void TestValueTable::arrowStandsBesideTheTitle()
{
    applyTheme(*qApp, Theme::light());
    ValueTable table("Costs");
    table.setColumns({{"Model", {}, false, ColumnWidth::Stretch}, {"Cost", {}, true}});
    table.resize(500, 200);
    table.show();
    table.sortBy(1, Qt::AscendingOrder);
    const QHeaderView *header = table.view()->horizontalHeader();
    const int left = header->sectionViewportPosition(1);
    const int right = left + header->sectionSize(1);
    const QFontMetrics metrics(header->font());
    QVERIFY(header->sectionSize(1) >= metrics.horizontalAdvance("Cost") + 2 * ValueDelegate::padding + 10);
    const QImage image = const_cast<QHeaderView *>(header)->viewport()->grab().toImage();
    const QColor accent = Theme::light().accent;
    int first = image.width();
    int last = -1;
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
            const QColor colour = image.pixelColor(x, y);
            if (std::abs(colour.red() - accent.red()) + std::abs(colour.green() - accent.green())
                    + std::abs(colour.blue() - accent.blue())
                < 60) {
                first = std::min(first, x);
                last = std::max(last, x);
            }
        }
    }
    QVERIFY2(first >= left && last >= first, qPrintable(QString::number(first)));
    QVERIFY2(last < right - ValueDelegate::padding - metrics.horizontalAdvance("Cost"),
             qPrintable(QString::number(last)));
}

void TestValueTable::numbersAreNeverCut_data()
{
    QTest::addColumn<int>("width");
    for (const int width : {900, 420, 260, 120})
        QTest::addRow("%d wide", width) << width;
}

/// However narrow the table is: names are shortened, it scrolls, but a number is whole, also one on a bar.
void TestValueTable::numbersAreNeverCut()
{
    QFETCH(int, width);
    ValueTable table("Costs");
    table.setColumns({{"Scenario", {}, false, ColumnWidth::Stretch}, {"Total", {}, true}, {"Change", {}, true}});
    ValueCell total = ValueCell::ofNumber("$55,999,123", 55'999'123);
    total.bar = 0.6F;
    ValueRow row;
    row.key = "a";
    row.cells = {ValueCell::ofText("Route small talk to a small model"), total,
                 ValueCell::ofNumber("+$36,830,000", 36'830'000)};
    table.setRows({row});
    table.resize(width, 200);
    table.show();
    const QHeaderView *header = table.view()->horizontalHeader();
    const QFontMetrics metrics(table.view()->font());
    QVERIFY(header->sectionSize(1) >= metrics.horizontalAdvance("$55,999,123") + 2 * ValueDelegate::padding + 8);
    QVERIFY(header->sectionSize(2) >= metrics.horizontalAdvance("+$36,830,000") + 2 * ValueDelegate::padding);
}

QTEST_MAIN(TestValueTable)
#include "tst_value_table.moc"
