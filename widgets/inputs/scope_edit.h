// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/choices.h"

#include <QWidget>

class QToolButton;

namespace perunit {

class FlowLayout;

/// Which part of the ledger something speaks of: one chip per dimension, each opens a list with search and
/// check boxes; "everything" when there is none.
class ScopeEdit : public QWidget
{
    Q_OBJECT
public:
    explicit ScopeEdit(QWidget *parent = nullptr);

    /// Dimensions and values to offer. Values of the scope that are not among them stay in it and are marked.
    void setValues(const ScopeValues &values);
    [[nodiscard]] const Scope &scope() const { return m_scope; }
    /// Shows a scope without emitting.
    void setScope(const Scope &scope);
    void setReadOnly(bool readOnly);

signals:
    /// The user changed the scope; once when a list of values is closed or a chip is removed.
    void scopeEdited(const perunit::Scope &scope);

private:
    void rebuild();
    void addChip(const std::string &dimension, const std::vector<std::string> &values);
    void showDimensionMenu();
    void pickValues(const std::string &dimension, QWidget *anchor);
    void replace(const Scope &scope);

    ScopeValues m_values;
    Scope m_scope;
    bool m_readOnly = false;
    FlowLayout *m_flow = nullptr;
    QToolButton *m_add = nullptr;
};

/// Name of a dimension as people say it: "prompt_template" is "Prompt template", "tag:contract" is "Tag contract".
QString dimensionLabel(const std::string &dimension);

} // namespace perunit
