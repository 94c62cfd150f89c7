// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"
#include "model/analyses/dimension_use.h"
#include "widgets/feedback/card.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace perunit {

class ChoiceBox;
class ScopeEdit;
class ValueTable;

/// The dimensions that rules make: the cases of one in their order, with what each catches, and an editor for the one
/// that is selected.
class RuleCard : public Card
{
    Q_OBJECT
public:
    explicit RuleCard(WorkspaceDocument &document, QWidget *parent = nullptr);

    /// `use` is what the rules catch; null while that is being worked out.
    void show(std::shared_ptr<const DimensionUse> use);
    /// Starts a dimension of this name; it comes into being with its first case.
    void begin(const std::string &name);
    /// Puts a case behind the others of the dimension that is shown.
    void addCase(const VirtualDimension::Case &one);
    /// Moves the selected case up (-1) or down (1).
    void moveCase(int by);
    void removeCase();
    void setOtherwise(const std::string &value);

signals:
    /// An edit that cannot be made, with the reason.
    void refused(const perunit::Error &error);

private:
    QWidget *buildEditor(QWidget *parent);
    void refresh();
    void showCases();
    void showEditor();
    void askForName();
    void askForPattern();
    void startCase();
    void commitCase();
    void change(const QString &text, const VirtualDimension &dimension);
    [[nodiscard]] VirtualDimension current() const;
    [[nodiscard]] int selectedCase() const;

    WorkspaceDocument &m_document;
    std::shared_ptr<const DimensionUse> m_use;
    std::string m_name;             ///< of the dimension that is shown; may be one that has no case yet
    VirtualDimension::Case m_draft; ///< that is being made or changed
    bool m_isNew = false;           ///< the draft is no case yet
    QLabel *m_note = nullptr;
    ChoiceBox *m_choice = nullptr;
    ValueTable *m_cases = nullptr;
    QLineEdit *m_value = nullptr;
    ScopeEdit *m_when = nullptr;
    QLineEdit *m_otherwise = nullptr;
    QWidget *m_editor = nullptr;
    QWidget *m_actions = nullptr; ///< what can be done with rules; hidden while there is no dimension
    QPushButton *m_add = nullptr;
    QPushButton *m_pattern = nullptr;
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QPushButton *m_remove = nullptr;
};

} // namespace perunit
