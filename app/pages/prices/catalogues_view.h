// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/prices/prices_view.h"

class QLabel;
class QPushButton;

namespace perunit {

class ValueTable;

/// Where prices come from: the catalogues in the order in which they are laid over each other, on which prices they
/// disagree, and what was left out of each.
class CataloguesView : public PricesView
{
    Q_OBJECT
public:
    explicit CataloguesView(const PageContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }

private:
    void buildInspector();
    void refreshLayers();
    void refreshConflicts();
    void refreshInspector();
    void move(int by);
    void removeSelected();
    void acceptHeldBack();
    [[nodiscard]] std::size_t selected() const;

    ValueTable *m_layers = nullptr;
    ValueTable *m_conflicts = nullptr;
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QPushButton *m_remove = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_name = nullptr;
    QLabel *m_facts = nullptr;
    QPushButton *m_accept = nullptr;
    ValueTable *m_issues = nullptr;
    std::shared_ptr<const PriceBook> m_compared; ///< for whose layers the conflicts were worked out
};

} // namespace perunit
