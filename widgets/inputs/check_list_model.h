// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/choices.h"

#include <QAbstractListModel>

#include <vector>

namespace perunit {

/// Values with check marks, filtered by a text; values that are checked at the beginning stand first.
class CheckListModel : public QAbstractListModel
{
    Q_OBJECT
public:
    CheckListModel(const std::vector<std::pair<std::string, QString>> &values, const std::vector<std::string> &chosen,
                   QObject *parent = nullptr);

    void setFilter(const QString &text);
    void setAllChecked(bool checked);
    void toggle(int row);
    /// Checked values, filtered away or not, in the order of the list.
    [[nodiscard]] std::vector<std::string> chosen() const;
    [[nodiscard]] int chosenCount() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Item {
        std::string value;
        QString detail;
        bool checked = false;
    };
    std::vector<Item> m_items;
    std::vector<int> m_shown;
};

/// Value of a dimension as it is shown: the empty one has a name too.
QString scopeValueLabel(const std::string &value);

} // namespace perunit
