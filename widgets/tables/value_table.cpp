// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/value_table.h"

#include "model/analyses/table_text.h"
#include "widgets/inputs/search_field.h"
#include "widgets/tables/table_setup.h"
#include "widgets/tables/value_delegate.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace perunit {

namespace {

constexpr int compactRowHeight = 24;
constexpr int measuredRows = 400; ///< widths follow from these; the others are rarely wider
constexpr int widestColumn = 420;
constexpr int narrowestStretch = 140;
constexpr int widestScrolledName = 240;
constexpr int narrowestText = 72; ///< when all columns are to be seen
constexpr int sortArrowRoom = 20;

/// What a spreadsheet takes as text on one line, not as a formula.
QString oneLine(const QString &text)
{
    return toQt(tsvField(fromQt(text)));
}

} // namespace

ValueTable::ValueTable(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_model(new ValueTableModel(this))
    , m_view(new QTableView(this))
    , m_search(new SearchField(tr("Filter: %1").arg(name), this))
    , m_count(new QLabel(this))
    , m_empty(new QLabel(m_view->viewport()))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::space2);
    m_search->setPlaceholderText(tr("Filter"));
    m_count->setProperty("role", "caption");
    line->addWidget(m_search, 1);
    line->addWidget(m_count);
    rows->addLayout(line);
    rows->addWidget(m_view, 1);

    buildView(name);
    setCompact(false);
    setFocusProxy(m_view);

    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setProperty("tone", "secondary");
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    m_search->installEventFilter(this);

    connect(m_search, &SearchField::searchChanged, this, &ValueTable::setFilter);
    connect(m_search, &SearchField::leaveRequested, this, [this] { m_view->setFocus(); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        if (!m_replacing)
            emit currentKeyChanged(m_model->key(now.row()));
    });
    connect(m_view, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        const QString key = m_model->key(index.row());
        emit activated(key);
        emit cellActivated(key, index.column());
    });
    connect(m_view->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &ValueTable::layoutColumns);
    connect(m_view->horizontalScrollBar(), &QScrollBar::rangeChanged, this, &ValueTable::fitHeight);
    connect(m_view->horizontalHeader(), &QHeaderView::sectionResized, this, [this](int section) {
        if (!m_layingOut)
            m_handWidths.insert(section);
    });
    updateState();
}

void ValueTable::buildView(const QString &name)
{
    m_view->setModel(m_model);
    setUpTable(m_view, name);
    m_view->setMouseTracking(true);
    m_view->verticalHeader()->setMinimumSectionSize(compactRowHeight);
    m_view->setSortingEnabled(true);
}

void ValueTable::setColumns(std::vector<ValueColumn> columns)
{
    beforeReplace();
    m_handWidths.clear();
    m_model->setColumns(std::move(columns));
    afterReplace();
}

void ValueTable::setRows(std::vector<ValueRow> rows)
{
    beforeReplace();
    m_model->setRows(std::move(rows));
    afterReplace();
}

void ValueTable::setSource(std::shared_ptr<const ValueSource> source)
{
    beforeReplace();
    m_model->setSource(std::move(source));
    afterReplace();
}

void ValueTable::setEmptyText(const QString &text)
{
    m_emptyText = text;
    updateState();
}

void ValueTable::setFilterShown(bool shown, const QString &placeholder)
{
    m_filterShown = shown;
    if (!placeholder.isEmpty()) {
        m_search->setPlaceholderText(placeholder);
        m_search->setAccessibleName(placeholder);
    }
    updateState();
}

void ValueTable::setFilter(const QString &text)
{
    if (m_search->text().trimmed() != text)
        m_search->setText(text);
    if (text == m_model->filter())
        return;
    beforeReplace();
    m_model->setFilter(text);
    afterReplace();
    emit filterChanged(text);
}

void ValueTable::setCompact(bool compact)
{
    m_view->verticalHeader()->setDefaultSectionSize(compact ? compactRowHeight : Theme::rowHeight);
    fitHeight();
}

void ValueTable::setFittingRows(int most)
{
    m_fittingRows = most;
    setSizePolicy(QSizePolicy::Preferred, most > 0 ? QSizePolicy::Fixed : QSizePolicy::Preferred);
    fitHeight();
}

void ValueTable::setFixedOrder(bool fixed)
{
    m_fixedOrder = fixed;
    m_view->setSortingEnabled(!fixed);
}

void ValueTable::setHeadings(const QStringList &keys)
{
    for (const QString &key : keys) {
        if (const int row = m_model->rowOf(key); row >= 0)
            m_view->setSpan(row, 0, 1, m_model->columnCount());
    }
}

void ValueTable::sortBy(int column, Qt::SortOrder order)
{
    m_view->sortByColumn(column, order);
}

QString ValueTable::currentKey() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? m_model->key(current.row()) : QString();
}

QStringList ValueTable::selectedKeys() const
{
    QStringList keys;
    if (!m_view->selectionModel()->hasSelection())
        return keys;
    for (const int row : rowsToCopy())
        keys << m_model->key(row);
    return keys;
}

void ValueTable::setCurrentKey(const QString &key)
{
    if (key == currentKey())
        return;
    m_replacing = true;
    const int row = m_model->rowOf(key);
    if (row < 0) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
    } else {
        const int column = std::max(currentColumn(), 0);
        m_view->selectRow(row);
        m_view->selectionModel()->setCurrentIndex(m_model->index(row, column), QItemSelectionModel::NoUpdate);
        m_view->scrollTo(m_model->index(row, 0));
    }
    m_replacing = false;
}

int ValueTable::currentColumn() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? current.column() : -1;
}

int ValueTable::shownRows() const
{
    return m_model->rowCount();
}

// ---- replacing rows ---------------------------------------------------------------------------------------

void ValueTable::beforeReplace()
{
    m_replacing = true;
    m_keptKeys = selectedKeys();
    m_keptCurrent = currentKey();
    m_keptScroll = m_view->verticalScrollBar()->value();
    m_keptColumn = std::max(currentColumn(), 0);
}

void ValueTable::afterReplace()
{
    m_view->clearSpans();
    QItemSelection selection;
    int current = -1;
    if (!m_keptKeys.isEmpty() || !m_keptCurrent.isEmpty()) {
        const QSet<QString> kept(m_keptKeys.begin(), m_keptKeys.end());
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const QString key = m_model->key(row);
            if (kept.contains(key))
                selection.select(m_model->index(row, 0), m_model->index(row, m_model->columnCount() - 1));
            if (key == m_keptCurrent)
                current = row;
        }
    }
    if (current >= 0)
        m_view->selectionModel()->setCurrentIndex(
            m_model->index(current, std::min(m_keptColumn, m_model->columnCount() - 1)), QItemSelectionModel::NoUpdate);
    m_view->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    measureColumns();
    layoutColumns();
    updateState();
    m_view->verticalScrollBar()->setValue(m_keptScroll);
    m_replacing = false;
    // The row that was looked at is gone (or filtered away): whoever shows its details must know.
    if (!m_keptCurrent.isEmpty() && current < 0)
        emit currentKeyChanged({});
}

void ValueTable::updateState()
{
    const bool filtering = !m_model->filter().isEmpty();
    const bool shown = m_filterShown || filtering || m_search->hasFocus();
    m_search->setVisible(shown);
    m_count->setVisible(shown && filtering);
    const QLocale locale;
    m_count->setText(tr("%1 of %2").arg(locale.toString(m_model->rowCount()), locale.toString(m_model->totalRows())));
    const bool empty = m_model->rowCount() == 0;
    m_empty->setText(filtering && m_model->totalRows() > 0 ? tr("Nothing matches “%1”.").arg(m_model->filter())
                                                           : m_emptyText);
    m_empty->setVisible(empty && !m_empty->text().isEmpty());
    m_empty->setGeometry(m_view->viewport()->rect().adjusted(Theme::space4, 0, -Theme::space4, 0));
    m_view->setAccessibleDescription(empty ? m_empty->text()
                                     : m_model->rowCount() == 1
                                         ? tr("1 row")
                                         : tr("%1 rows").arg(locale.toString(m_model->rowCount())));
    fitHeight();
}

void ValueTable::fitHeight()
{
    if (m_fittingRows <= 0) {
        setMinimumHeight(0);
        setMaximumHeight(QWIDGETSIZE_MAX);
        return;
    }
    // Room for one row even when there is none: the sentence needs it.
    const int rows = std::clamp(m_model->rowCount(), 1, m_fittingRows);
    int height =
        m_view->horizontalHeader()->sizeHint().height() + rows * m_view->verticalHeader()->defaultSectionSize();
    if (m_search->isVisibleTo(this))
        height += m_search->sizeHint().height() + Theme::space2;
    if (const QScrollBar *bar = m_view->horizontalScrollBar(); bar->maximum() > 0)
        height += bar->sizeHint().height();
    setFixedHeight(height);
}

// ---- columns ----------------------------------------------------------------------------------------------

void ValueTable::measureColumns()
{
    const auto &columns = m_model->columns();
    m_contentWidths.assign(columns.size(), 0);
    m_arrowWidths.assign(columns.size(), 0);
    m_barRooms.assign(columns.size(), 0);
    const QFontMetrics titles(m_view->horizontalHeader()->font());
    QStyleOptionViewItem option;
    option.font = m_view->font();
    const int rows = std::min(m_model->rowCount(), measuredRows);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        int width = titles.horizontalAdvance(columns[i].title) + 2 * ValueDelegate::padding;
        m_arrowWidths[i] = width + sortArrowRoom;
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = m_model->index(row, static_cast<int>(i));
            width = std::max(width, m_view->itemDelegate()->sizeHint(option, index).width());
            if (index.data(ValueTableModel::BarRole).isValid())
                m_barRooms[i] = ValueDelegate::shortestBar - Theme::space3; // a number on a bar has margins of its own
        }
        m_contentWidths[i] = std::min(width, widestColumn);
    }
}

/// Where the columns do not fit, the widest texts are cut off, as far as that makes room for all: a number that is out
/// of sight is worse than a name without its end. A table that is much wider than its place scrolls instead.
void ValueTable::squeezeTexts(std::vector<int> &widths) const
{
    const auto &columns = m_model->columns();
    const QFontMetrics titles(m_view->horizontalHeader()->font());
    const auto squeezed = [&](int most) {
        std::vector<int> result = widths;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].numeric || m_handWidths.contains(static_cast<int>(i)))
                continue;
            const int title = titles.horizontalAdvance(columns[i].title) + 2 * ValueDelegate::padding;
            result[i] = std::min(result[i], std::max({most, title, narrowestText}));
        }
        return result;
    };
    const auto fits = [this](const std::vector<int> &result) {
        return std::accumulate(result.begin(), result.end(), 0) <= m_view->viewport()->width();
    };
    if (fits(widths) || !fits(squeezed(narrowestText)))
        return;
    int low = narrowestText;
    int high = widestColumn;
    while (low + 1 < high) {
        const int middle = (low + high) / 2;
        (fits(squeezed(middle)) ? low : high) = middle;
    }
    widths = squeezed(low);
}

/// As values and titles need. The arrow of a column that could be sorted has room where all columns fit with it; the
/// one that is sorted always has it.
std::vector<int> ValueTable::wantedWidths() const
{
    const QHeaderView *header = m_view->horizontalHeader();
    std::vector<int> all = m_contentWidths;
    std::vector<int> needed = m_contentWidths;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int section = static_cast<int>(i);
        if (m_handWidths.contains(section)) {
            all[i] = needed[i] = header->sectionSize(section);
            continue;
        }
        all[i] = std::max(all[i], m_arrowWidths[i]);
        // A bar may also stand behind its number.
        needed[i] -= m_barRooms[i];
        if (header->sortIndicatorSection() == section)
            needed[i] = std::max(needed[i], m_arrowWidths[i]);
    }
    return std::accumulate(all.begin(), all.end(), 0) <= m_view->viewport()->width() ? all : needed;
}

void ValueTable::layoutColumns()
{
    const auto &columns = m_model->columns();
    if (columns.empty() || m_contentWidths.size() != columns.size())
        return;
    std::vector<std::size_t> stretched;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].width == ColumnWidth::Stretch)
            stretched.push_back(i);
    }
    // A table never ends in the middle of its place: without a wish the first text column takes what is left.
    if (stretched.empty()) {
        const auto text = std::find_if(columns.begin(), columns.end(), [](const auto &each) { return !each.numeric; });
        stretched.push_back(text == columns.end() ? 0 : static_cast<std::size_t>(text - columns.begin()));
    }
    const auto stretches = [&stretched](std::size_t i) {
        return std::find(stretched.begin(), stretched.end(), i) != stretched.end();
    };
    QHeaderView *header = m_view->horizontalHeader();
    m_layingOut = true;
    std::vector<int> widths = wantedWidths();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!m_handWidths.contains(static_cast<int>(i)) && stretches(i))
            widths[i] = std::min(widths[i], narrowestStretch);
    }
    squeezeTexts(widths);
    // A table that scrolls anyway need not cut its names.
    if (std::accumulate(widths.begin(), widths.end(), 0) > m_view->viewport()->width()) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!m_handWidths.contains(static_cast<int>(i)) && stretches(i))
                widths[i] = std::max(widths[i], std::min(m_contentWidths[i], widestScrolledName));
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
        header->resizeSection(static_cast<int>(i), widths[i]);
    const int used = std::accumulate(widths.begin(), widths.end(), 0);
    std::erase_if(stretched, [this](std::size_t i) { return m_handWidths.contains(static_cast<int>(i)); });
    int left = m_view->viewport()->width() - used;
    for (std::size_t i = 0; i < stretched.size() && left > 0; ++i) {
        const int section = static_cast<int>(stretched[i]);
        const int share = left / static_cast<int>(stretched.size() - i);
        header->resizeSection(section, header->sectionSize(section) + share);
        left -= share;
    }
    m_layingOut = false;
}

// ---- copying ----------------------------------------------------------------------------------------------

QList<int> ValueTable::rowsToCopy() const
{
    QList<int> rows;
    if (m_view->selectionModel()->hasSelection()) {
        for (const QItemSelectionRange &range : m_view->selectionModel()->selection()) {
            for (int row = range.top(); row <= range.bottom(); ++row)
                rows << row;
        }
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    } else {
        for (int row = 0; row < m_model->rowCount(); ++row)
            rows << row;
    }
    return rows;
}

QString ValueTable::selectionAsText() const
{
    QString text;
    QStringList line;
    for (const ValueColumn &column : m_model->columns())
        line << oneLine(column.title);
    text = line.join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (const int row : rowsToCopy()) {
        line.clear();
        for (int column = 0; column < m_model->columnCount(); ++column)
            line << oneLine(m_model->index(row, column).data(ValueTableModel::ExactRole).toString());
        text += line.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return text;
}

QString ValueTable::selectionAsHtml() const
{
    QString html = QStringLiteral("<table><tr>");
    for (const ValueColumn &column : m_model->columns())
        html += QStringLiteral("<th>") + column.title.toHtmlEscaped() + QStringLiteral("</th>");
    html += QStringLiteral("</tr>");
    for (const int row : rowsToCopy()) {
        html += QStringLiteral("<tr>");
        for (int column = 0; column < m_model->columnCount(); ++column) {
            const bool numeric = m_model->columns()[static_cast<std::size_t>(column)].numeric;
            html += numeric ? QStringLiteral("<td align=\"right\">") : QStringLiteral("<td>");
            html += oneLine(m_model->index(row, column).data(ValueTableModel::ExactRole).toString()).toHtmlEscaped();
            html += QStringLiteral("</td>");
        }
        html += QStringLiteral("</tr>");
    }
    return html + QStringLiteral("</table>");
}

void ValueTable::copy() const
{
    auto *copied = new QMimeData;
    copied->setText(selectionAsText());
    copied->setHtml(selectionAsHtml());
    QGuiApplication::clipboard()->setMimeData(copied);
}

// ---- events -----------------------------------------------------------------------------------------------

bool ValueTable::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress)
        return viewKeyPressed(static_cast<QKeyEvent *>(event)) || QWidget::eventFilter(watched, event);
    if (watched == m_view && event->type() == QEvent::ShortcutOverride) {
        if (static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy))
            event->accept();
    }
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        layoutColumns();
        m_empty->setGeometry(m_view->viewport()->rect().adjusted(Theme::space4, 0, -Theme::space4, 0));
    }
    if (watched == m_view->viewport() && event->type() == QEvent::ContextMenu) {
        auto *menu = static_cast<QContextMenuEvent *>(event);
        const bool byMouse = menu->reason() == QContextMenuEvent::Mouse;
        const QModelIndex index = byMouse ? m_view->indexAt(menu->pos()) : m_view->currentIndex();
        if (index.isValid()) {
            const QPoint at =
                byMouse ? menu->globalPos() : m_view->viewport()->mapToGlobal(m_view->visualRect(index).bottomLeft());
            emit menuRequested(m_model->key(index.row()), at);
            return true;
        }
    }
    if (watched == m_search && event->type() == QEvent::FocusOut)
        QMetaObject::invokeMethod(this, &ValueTable::updateState, Qt::QueuedConnection);
    return QWidget::eventFilter(watched, event);
}

bool ValueTable::viewKeyPressed(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    const bool plain = !(event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier));
    if (!plain)
        return false;
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (m_view->currentIndex().isValid())
            emit activated(currentKey());
        emit cellActivated(currentKey(), currentColumn());
        return true;
    }
    if (event->key() == Qt::Key_Escape && !m_model->filter().isEmpty()) {
        setFilter({});
        return true;
    }
    const QString text = event->text();
    if (!m_fixedOrder && !text.isEmpty() && text.at(0).isPrint() && !text.at(0).isSpace() && m_model->totalRows() > 0) {
        m_search->setVisible(true);
        m_search->setFocus();
        m_search->setText(m_search->text() + text);
        return true;
    }
    return false;
}

void ValueTable::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        measureColumns();
        layoutColumns();
    }
}

} // namespace perunit
