// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace perunit {

class ChoiceBox;
class SegmentedSwitch;
class ValueTable;

/// What each model costs, since when, says who; how recorded names were matched, and what has no price. The inspector
/// shows the prices of one model over time, or lets the user say which model a recorded name means.
class PricesPage : public Page
{
    Q_OBJECT
public:
    explicit PricesPage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;
    /// Lists the catalogues and selects one, with what was left out of it.
    void showCatalogue(const QString &file);

protected:
    void refresh() override;

private:
    void buildInspector();
    void refreshMatching();
    void refreshCatalogue();
    void refreshAdded();
    void refreshInspector();
    void showModel(const PriceBook *book, ModelIndex index);
    void showTargets(const Baseline::Resolution &resolution, const std::string &target);
    void showIssues(const AddedCatalogue &catalogue);
    [[nodiscard]] const AddedCatalogue *selectedCatalogue() const;
    void mapSelected(const std::string &target);
    void removeCatalogue(const QString &file);
    [[nodiscard]] const Baseline::Resolution *selectedResolution() const;

    SegmentedSwitch *m_kind = nullptr;
    QPushButton *m_remove = nullptr;
    ValueTable *m_table = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_name = nullptr;
    QLabel *m_facts = nullptr;
    QWidget *m_mapping = nullptr;
    QLabel *m_match = nullptr;
    ChoiceBox *m_target = nullptr;
    std::shared_ptr<const PriceBook> m_targetBook; ///< whose models the box offers
    ValueTable *m_rates = nullptr;
    ValueTable *m_issues = nullptr;
    QLabel *m_sources = nullptr;
};

} // namespace perunit
