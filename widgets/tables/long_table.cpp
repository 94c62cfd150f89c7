// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/long_table.h"

#include "model/analyses/table_text.h"
#include "widgets/tables/table_setup.h"
#include "widgets/tables/value_delegate.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int measuredRows = 200;
constexpr int widestColumn = 260;
constexpr int sortArrowRoom = 20;

bool sameColumns(const std::vector<ValueColumn> &a, const std::vector<ValueColumn> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const ValueColumn &x, const ValueColumn &y) { return x.title == y.title; });
}

QString field(const QString &text)
{
    return toQt(tsvField(fromQt(text)));
}

} // namespace

LongTableModel::LongTableModel(QObject *parent)
    : QAbstractTableModel(parent)
{}

void LongTableModel::setContents(std::vector<ValueColumn> columns, std::shared_ptr<const ValueSource> source)
{
    beginResetModel();
    m_columns = std::move(columns);
    m_source = std::move(source);
    endResetModel();
}

int LongTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_source ? 0 : m_source->rowCount();
}

int LongTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant LongTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return columnAlignment(m_columns[static_cast<std::size_t>(index.column())]);
    if (role == ValueTableModel::KeyRole)
        return m_source->key(index.row());
    return isCellRole(role) ? cellData(m_source->cell(index.row(), index.column()), role) : QVariant();
}

QVariant LongTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    return columnHeaderData(m_columns[static_cast<std::size_t>(section)], role);
}

LongTable::LongTable(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_model(new LongTableModel(this))
    , m_view(new QTableView(this))
    , m_empty(new QLabel(m_view->viewport()))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(m_view);
    buildView(name);
    setFocusProxy(m_view);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setProperty("tone", "secondary");
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) { emit currentRowChanged(now.isValid() ? now.row() : -1); });
    connect(m_view, &QTableView::doubleClicked, this,
            [this](const QModelIndex &index) { emit activated(index.row()); });
    connect(m_view->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) {
                if (m_settingSort)
                    return;
                m_sortColumn = column;
                m_sortOrder = order;
                emit sortRequested(column, order);
            });
}

void LongTable::buildView(const QString &name)
{
    m_view->setModel(m_model);
    setUpTable(m_view, name);
    m_view->verticalHeader()->setMinimumSectionSize(Theme::rowHeight);
    m_view->verticalHeader()->setDefaultSectionSize(Theme::rowHeight);
    m_view->setCornerWidget(new QWidget(m_view));
    m_view->horizontalHeader()->setSectionsClickable(true);
    m_view->horizontalHeader()->setSortIndicatorShown(true);
}

void LongTable::setContents(std::vector<ValueColumn> columns, std::shared_ptr<const ValueSource> source, bool stay)
{
    const bool same = sameColumns(columns, m_model->columns());
    const int scrolled = stay ? m_view->verticalScrollBar()->value() : 0;
    m_model->setContents(std::move(columns), std::move(source));
    if (!same)
        measureColumns();
    setSortShown(m_sortColumn, m_sortOrder);
    m_view->verticalScrollBar()->setValue(scrolled);
    placeEmptyText();
}

void LongTable::setEmptyText(const QString &text)
{
    m_empty->setText(text);
    placeEmptyText();
}

void LongTable::setSortShown(int column, Qt::SortOrder order)
{
    m_settingSort = true;
    m_sortColumn = column;
    m_sortOrder = order;
    m_view->horizontalHeader()->setSortIndicator(column, order);
    m_settingSort = false;
}

int LongTable::currentRow() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? current.row() : -1;
}

void LongTable::measureColumns()
{
    const auto &columns = m_model->columns();
    const QFontMetrics titles(m_view->horizontalHeader()->font());
    QStyleOptionViewItem option;
    option.font = m_view->font();
    const int rows = std::min(m_model->rowCount(), measuredRows);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        int width = titles.horizontalAdvance(columns[i].title) + 2 * ValueDelegate::padding + sortArrowRoom;
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = m_model->index(row, static_cast<int>(i));
            width = std::max(width, m_view->itemDelegate()->sizeHint(option, index).width());
        }
        m_view->horizontalHeader()->resizeSection(static_cast<int>(i), std::min(width, widestColumn));
    }
}

void LongTable::placeEmptyText()
{
    const bool empty = m_model->rowCount() == 0;
    m_empty->setVisible(empty && !m_empty->text().isEmpty());
    m_empty->setGeometry(m_view->viewport()->rect().adjusted(Theme::space4, 0, -Theme::space4, 0));
    m_view->setAccessibleDescription(empty ? m_empty->text()
                                           : tr("%1 rows").arg(QLocale().toString(m_model->rowCount())));
}

qint64 LongTable::selectedCount() const
{
    qint64 count = 0;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection())
        count += range.left() == 0 ? range.height() : 0;
    return count;
}

QString LongTable::selectionAsText() const
{
    std::vector<std::pair<int, int>> ranges;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection())
        ranges.emplace_back(range.top(), range.bottom());
    std::sort(ranges.begin(), ranges.end());
    QStringList line;
    for (const ValueColumn &column : m_model->columns())
        line << field(column.title);
    QString text = line.join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (const auto &[top, bottom] : ranges) {
        for (int row = top; row <= bottom; ++row) {
            line.clear();
            for (int column = 0; column < m_model->columnCount(); ++column)
                line << field(m_model->index(row, column).data(ValueTableModel::ExactRole).toString());
            text += line.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    return text;
}

void LongTable::copy()
{
    const qint64 count = selectedCount();
    if (count > mostCopied)
        emit tooManyToCopy(count);
    else if (count > 0)
        QGuiApplication::clipboard()->setText(selectionAsText());
}

void LongTable::copyCell(int row, int column)
{
    QGuiApplication::clipboard()->setText(
        field(m_model->index(row, column).data(ValueTableModel::ExactRole).toString()));
}

bool LongTable::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress)
        return viewKeyPressed(static_cast<QKeyEvent *>(event)) || QWidget::eventFilter(watched, event);
    if (watched == m_view && event->type() == QEvent::ShortcutOverride) {
        if (static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy))
            event->accept();
    }
    if (watched == m_view->viewport() && event->type() == QEvent::Resize)
        placeEmptyText();
    if (watched == m_view->viewport() && event->type() == QEvent::ContextMenu)
        return menuAsked(static_cast<QContextMenuEvent *>(event)) || QWidget::eventFilter(watched, event);
    return QWidget::eventFilter(watched, event);
}

bool LongTable::menuAsked(QContextMenuEvent *event)
{
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex index = byMouse ? m_view->indexAt(event->pos()) : m_view->currentIndex();
    if (!index.isValid())
        return false;
    const QPoint at =
        byMouse ? event->globalPos() : m_view->viewport()->mapToGlobal(m_view->visualRect(index).bottomLeft());
    emit menuRequested(index.row(), index.column(), at);
    return true;
}

bool LongTable::viewKeyPressed(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (currentRow() >= 0)
            emit activated(currentRow());
        return true;
    }
    return false;
}

} // namespace perunit
