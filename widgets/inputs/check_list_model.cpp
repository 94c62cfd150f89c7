// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/check_list_model.h"

#include "widgets/text/text.h"

#include <algorithm>

namespace perunit {

QString scopeValueLabel(const std::string &value)
{
    return value.empty() ? CheckListModel::tr("(none)") : toQt(value);
}

CheckListModel::CheckListModel(const std::vector<std::pair<std::string, QString>> &values,
                               const std::vector<std::string> &chosen, QObject *parent)
    : QAbstractListModel(parent)
{
    for (const std::string &value : chosen) {
        const auto known =
            std::find_if(values.begin(), values.end(), [&value](const auto &each) { return each.first == value; });
        m_items.push_back({value, known == values.end() ? tr("not in the ledger") : known->second, true});
    }
    for (const auto &[value, detail] : values) {
        if (std::find(chosen.begin(), chosen.end(), value) == chosen.end())
            m_items.push_back({value, detail, false});
    }
    setFilter({});
}

void CheckListModel::setFilter(const QString &text)
{
    beginResetModel();
    m_shown.clear();
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (text.isEmpty() || scopeValueLabel(m_items[i].value).contains(text, Qt::CaseInsensitive))
            m_shown.push_back(static_cast<int>(i));
    }
    endResetModel();
}

void CheckListModel::setAllChecked(bool checked)
{
    for (const int item : m_shown)
        m_items[static_cast<std::size_t>(item)].checked = checked;
    if (!m_shown.empty())
        emit dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole});
}

void CheckListModel::toggle(int row)
{
    const QModelIndex at = index(row);
    if (at.isValid())
        setData(at, data(at, Qt::CheckStateRole).toInt() == Qt::Checked ? Qt::Unchecked : Qt::Checked,
                Qt::CheckStateRole);
}

std::vector<std::string> CheckListModel::chosen() const
{
    std::vector<std::string> result;
    for (const Item &item : m_items) {
        if (item.checked)
            result.push_back(item.value);
    }
    return result;
}

int CheckListModel::chosenCount() const
{
    return static_cast<int>(
        std::count_if(m_items.begin(), m_items.end(), [](const Item &item) { return item.checked; }));
}

int CheckListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant CheckListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Item &item = m_items[static_cast<std::size_t>(m_shown[static_cast<std::size_t>(index.row())])];
    switch (role) {
    case Qt::DisplayRole:
        return item.detail.isEmpty() ? scopeValueLabel(item.value)
                                     : QString(scopeValueLabel(item.value) + QStringLiteral("   ") + item.detail);
    case Qt::ToolTipRole:
        return scopeValueLabel(item.value);
    case Qt::CheckStateRole:
        return item.checked ? Qt::Checked : Qt::Unchecked;
    default:
        return {};
    }
}

bool CheckListModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    m_items[static_cast<std::size_t>(m_shown[static_cast<std::size_t>(index.row())])].checked =
        value.toInt() == Qt::Checked;
    emit dataChanged(index, index, {Qt::CheckStateRole});
    return true;
}

Qt::ItemFlags CheckListModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable : Qt::NoItemFlags;
}

} // namespace perunit
