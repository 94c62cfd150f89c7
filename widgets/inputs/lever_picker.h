// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

#include <QFrame>
#include <QString>

#include <vector>

class QListView;
class QModelIndex;
class QStandardItemModel;

namespace perunit {

class SearchField;

/// Kinds of levers that are about the same thing.
struct LeverGroup {
    QString title;
    std::vector<LeverKind> kinds;
};

/// All kinds of levers, each once, grouped by what they are about.
std::vector<LeverGroup> leverGroups();

/// A pop-up that lists the kinds of levers by what they are about, each with its icon and one line of help. Found by
/// typing any part of name, help or group; arrow keys and Enter choose.
class LeverPicker : public QFrame
{
    Q_OBJECT
public:
    explicit LeverPicker(QWidget *parent = nullptr);

    /// Opens above (or below) a widget of the window, at most as high as the screen.
    void openAt(QWidget *anchor);
    /// Kinds that are listed at the moment, in their order.
    [[nodiscard]] std::vector<LeverKind> listed() const;

signals:
    /// The user chose a kind; the pop-up closes.
    void chosen(perunit::LeverKind kind);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fill(const QString &filter);
    void move(int steps);
    void choose(const QModelIndex &index);

    SearchField *m_search = nullptr;
    QListView *m_list = nullptr;
    QStandardItemModel *m_model = nullptr;
};

} // namespace perunit
