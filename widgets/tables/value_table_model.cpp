// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/value_table_model.h"

#include "widgets/theme/icons.h"

#include <QCollator>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace perunit {

namespace {

/// Rows that are all there.
class StoredRows : public ValueSource
{
public:
    explicit StoredRows(std::vector<ValueRow> rows)
        : m_rows(std::move(rows))
    {}
    int rowCount() const override { return static_cast<int>(m_rows.size()); }
    QString key(int row) const override { return m_rows[static_cast<std::size_t>(row)].key; }
    ValueCell cell(int row, int column) const override
    {
        const auto &cells = m_rows[static_cast<std::size_t>(row)].cells;
        const auto at = static_cast<std::size_t>(column);
        return at < cells.size() ? cells[at] : ValueCell();
    }

private:
    std::vector<ValueRow> m_rows;
};

/// What one row is sorted by: numbers before texts, unknown last whatever the direction.
struct SortKey {
    enum class Kind : std::uint8_t { Number, Text, Unknown };
    Kind kind = Kind::Unknown;
    double number = 0;
    std::size_t text = 0; ///< index into the collator keys
};

QStringList wordsOf(const QString &text)
{
    return text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

ValueCell ValueCell::ofText(const QString &text, CellTone tone)
{
    ValueCell cell;
    cell.text = text;
    cell.tone = tone;
    return cell;
}

ValueCell ValueCell::ofNumber(const QString &text, double number, CellTone tone)
{
    ValueCell cell = ofText(text, tone);
    cell.sortNumber = number;
    return cell;
}

ValueCell ValueCell::unknown(const QString &why)
{
    ValueCell cell = ofText(QStringLiteral("–"), CellTone::Secondary);
    cell.toolTip = why;
    cell.isUnknown = true;
    return cell;
}

bool isCellRole(int role)
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case Qt::DecorationRole:
    case Qt::AccessibleTextRole:
    case ValueTableModel::BarRole:
    case ValueTableModel::ToneRole:
    case ValueTableModel::ExactRole:
        return true;
    default:
        return false;
    }
}

QVariant cellData(const ValueCell &cell, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::ToolTipRole:
        return cell.toolTip.isEmpty() ? QVariant() : cell.toolTip;
    case Qt::DecorationRole:
        return cell.icon.isEmpty() ? QVariant() : QVariant(themedIcon(cell.icon));
    case Qt::AccessibleTextRole:
        return cell.isUnknown ? ValueTableModel::tr("unknown: %1").arg(cell.toolTip) : cell.text;
    case ValueTableModel::BarRole:
        return cell.bar < 0 ? QVariant() : QVariant(cell.bar);
    case ValueTableModel::ToneRole:
        return static_cast<int>(cell.tone);
    case ValueTableModel::ExactRole:
        return cell.exact.isEmpty() ? cell.text : cell.exact;
    default:
        return {};
    }
}

QVariant columnAlignment(const ValueColumn &column)
{
    return QVariant::fromValue(Qt::Alignment((column.numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
}

QVariant columnHeaderData(const ValueColumn &column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return column.title;
    case Qt::ToolTipRole:
        return column.toolTip.isEmpty() ? QVariant() : column.toolTip;
    case Qt::TextAlignmentRole:
        return columnAlignment(column);
    case Qt::InitialSortOrderRole:
        return static_cast<int>(column.numeric ? Qt::DescendingOrder : Qt::AscendingOrder);
    default:
        return {};
    }
}

ValueTableModel::ValueTableModel(QObject *parent)
    : QAbstractTableModel(parent)
    , m_source(std::make_shared<StoredRows>(std::vector<ValueRow>()))
{}

void ValueTableModel::setColumns(std::vector<ValueColumn> columns)
{
    beginResetModel();
    m_columns = std::move(columns);
    if (m_sortColumn >= static_cast<int>(m_columns.size()))
        m_sortColumn = -1;
    m_order = arranged();
    endResetModel();
}

void ValueTableModel::setRows(std::vector<ValueRow> rows)
{
    setSource(std::make_shared<StoredRows>(std::move(rows)));
}

void ValueTableModel::setSource(std::shared_ptr<const ValueSource> source)
{
    beginResetModel();
    m_source = source ? std::move(source) : std::make_shared<StoredRows>(std::vector<ValueRow>());
    m_order = arranged();
    endResetModel();
}

int ValueTableModel::totalRows() const
{
    return m_source->rowCount();
}

void ValueTableModel::setFilter(const QString &text)
{
    if (text == m_filter)
        return;
    beginResetModel();
    m_filter = text;
    m_order = arranged();
    endResetModel();
}

QString ValueTableModel::key(int row) const
{
    return row >= 0 && row < rowCount() ? m_source->key(m_order[static_cast<std::size_t>(row)]) : QString();
}

int ValueTableModel::rowOf(const QString &key) const
{
    if (key.isEmpty())
        return -1;
    for (int row = 0; row < rowCount(); ++row) {
        if (m_source->key(m_order[static_cast<std::size_t>(row)]) == key)
            return row;
    }
    return -1;
}

ValueCell ValueTableModel::cell(int row, int column) const
{
    return m_source->cell(m_order[static_cast<std::size_t>(row)], column);
}

int ValueTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int ValueTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant ValueTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return columnAlignment(m_columns[static_cast<std::size_t>(index.column())]);
    if (role == KeyRole)
        return key(index.row());
    return isCellRole(role) ? cellData(cell(index.row(), index.column()), role) : QVariant();
}

QVariant ValueTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    return columnHeaderData(m_columns[static_cast<std::size_t>(section)], role);
}

void ValueTableModel::sort(int column, Qt::SortOrder order)
{
    const int wanted = column < columnCount() ? column : -1;
    if (wanted == m_sortColumn && order == m_sortOrder)
        return; // new rows are sorted when they come
    m_sortColumn = wanted;
    m_sortOrder = order;
    rearrange();
}

void ValueTableModel::rearrange()
{
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const std::vector<int> before = m_order;
    m_order = arranged();
    std::vector<int> shownAt(static_cast<std::size_t>(totalRows()), -1);
    for (std::size_t row = 0; row < m_order.size(); ++row)
        shownAt[static_cast<std::size_t>(m_order[row])] = static_cast<int>(row);
    const QModelIndexList old = persistentIndexList();
    QModelIndexList moved;
    moved.reserve(old.size());
    for (const QModelIndex &each : old) {
        const int source = before[static_cast<std::size_t>(each.row())];
        const int row = shownAt[static_cast<std::size_t>(source)];
        moved << (row < 0 ? QModelIndex() : index(row, each.column()));
    }
    changePersistentIndexList(old, moved);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

bool ValueTableModel::matches(int sourceRow, const QStringList &words) const
{
    QString all;
    for (int column = 0; column < columnCount(); ++column) {
        if (m_columns[static_cast<std::size_t>(column)].filtered)
            all += m_source->cell(sourceRow, column).text + QLatin1Char('\n');
    }
    return std::all_of(words.begin(), words.end(),
                       [&all](const QString &word) { return all.contains(word, Qt::CaseInsensitive); });
}

std::vector<int> ValueTableModel::arranged() const
{
    std::vector<int> rows;
    rows.reserve(static_cast<std::size_t>(totalRows()));
    const QStringList words = wordsOf(m_filter);
    for (int row = 0; row < totalRows(); ++row) {
        if (words.isEmpty() || matches(row, words))
            rows.push_back(row);
    }
    if (m_sortColumn < 0)
        return rows;

    // Without a language names would be sorted by their bytes: "B" before "a", "10" before "9".
    const QLocale locale;
    QCollator collator(locale.language() == QLocale::C ? QLocale(QLocale::English) : locale);
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    std::vector<SortKey> keys(static_cast<std::size_t>(totalRows()));
    std::vector<QCollatorSortKey> texts;
    for (const int row : rows) {
        const ValueCell cell = m_source->cell(row, m_sortColumn);
        SortKey &key = keys[static_cast<std::size_t>(row)];
        if (cell.isUnknown)
            continue;
        if (!std::isnan(cell.sortNumber)) {
            key.kind = SortKey::Kind::Number;
            key.number = cell.sortNumber;
        } else {
            key.kind = SortKey::Kind::Text;
            key.text = texts.size();
            texts.push_back(collator.sortKey(cell.sortText.isEmpty() ? cell.text : cell.sortText));
        }
    }
    const bool rising = m_sortOrder == Qt::AscendingOrder;
    std::stable_sort(rows.begin(), rows.end(), [&](int left, int right) {
        const SortKey &a = keys[static_cast<std::size_t>(left)];
        const SortKey &b = keys[static_cast<std::size_t>(right)];
        if (a.kind != b.kind)
            return a.kind < b.kind;
        if (a.kind == SortKey::Kind::Number)
            return rising ? a.number < b.number : a.number > b.number;
        if (a.kind == SortKey::Kind::Text) {
            const int order = texts[a.text].compare(texts[b.text]);
            return rising ? order < 0 : order > 0;
        }
        return false;
    });
    return rows;
}

} // namespace perunit
