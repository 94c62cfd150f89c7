// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/lever_editor.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace perunit {

class EmptyState;

/// All levers of a scenario in pipeline order, with a button to add one.
class LeverPanel : public QWidget
{
    Q_OBJECT
public:
    explicit LeverPanel(QWidget *parent = nullptr);

    void setChoices(const LeverChoices &choices);
    /// Shows levers (in the order given) with their problems. Editors of levers that stay are kept, so that a
    /// slider under the hand does not go away.
    void setLevers(const std::vector<LeverEntry> &levers, const std::vector<LeverProblem> &problems);
    /// False for the baseline, which has no levers; `why` is shown instead.
    void setEditable(bool editable, const QString &why = {});
    [[nodiscard]] LeverEditor *editor(const std::string &leverId) const;
    /// Scrolls to a lever and gives its first field the focus.
    void showLever(const std::string &leverId);

signals:
    void leverEdited(const perunit::Lever &lever, bool whileDragging);
    void addRequested(perunit::LeverKind kind);
    void removeRequested(const std::string &leverId);
    void resetRequested(const std::string &leverId);

private:
    void openPicker();
    void leverChanged(const Lever &lever, bool whileDragging);
    LeverEditor *newEditor(const LeverEntry &entry);
    void orderTabs();
    void showEmptyState();

    struct Item {
        std::string id;
        LeverEditor *editor = nullptr;
    };
    std::vector<Item> m_items;
    std::vector<LeverProblem> m_problems; ///< shown once no slider is held
    bool m_dragging = false;
    LeverChoices m_choices;
    bool m_editable = true;
    QString m_why;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_rows = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_add = nullptr;
};

} // namespace perunit
