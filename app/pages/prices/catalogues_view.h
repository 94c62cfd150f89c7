// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/jobs/job_runner.h"
#include "app/pages/prices/prices_view.h"
#include "pricing/catalogue/catalogue_diff.h"

class QLabel;
class QPushButton;

namespace perunit {

class Card;
class SegmentedSwitch;
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
    void compare();
    void refreshDetails();
    void showConflicts();
    void showRemarks();
    void refreshInspector();
    void move(int by);
    void removeSelected();
    void acceptHeldBack();
    [[nodiscard]] std::size_t selected() const;

    ValueTable *m_layers = nullptr;
    SegmentedSwitch *m_kind = nullptr;
    Card *m_details = nullptr;
    ValueTable *m_table = nullptr; ///< disagreements of all catalogues, or remarks on the selected one
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QPushButton *m_remove = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_name = nullptr;
    QLabel *m_facts = nullptr;
    QPushButton *m_accept = nullptr;
    JobRunner m_job;
    std::shared_ptr<const PriceBook> m_compared; ///< for whose layers the conflicts are, or are being, worked out
    std::shared_ptr<const std::vector<PriceConflict>> m_conflicts; ///< null while they are worked out
};

} // namespace perunit
