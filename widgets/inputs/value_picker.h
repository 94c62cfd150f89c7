// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/choices.h"

#include <QFrame>

class QListView;

namespace perunit {

class SearchField;
class CheckListModel;

/// A pop-up list with search and check boxes, for the values of one dimension.
class ValuePicker : public QFrame
{
    Q_OBJECT
public:
    /// `values` as in ScopeValues; `chosen` are checked and shown first, also when they are not among the values.
    ValuePicker(const QString &title, const std::vector<std::pair<std::string, QString>> &values,
                const std::vector<std::string> &chosen, QWidget *parent = nullptr);

    /// Checked values in the order of the list.
    [[nodiscard]] std::vector<std::string> chosen() const;
    /// Opens below (or above) a widget of the window.
    void openAt(QWidget *anchor);

signals:
    /// The pop-up was closed; `accepted` is false after Escape.
    void closed(bool accepted);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    CheckListModel *m_model = nullptr;
    SearchField *m_search = nullptr;
    QListView *m_list = nullptr;
    bool m_accepted = true;
    bool m_closed = false;
};

} // namespace perunit
