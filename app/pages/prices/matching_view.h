// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/prices/prices_view.h"

class QLabel;

namespace perunit {

class ChoiceBox;
class ModelDetail;
class ValueTable;

/// How the models of the ledger found their prices, and what found none, by the money and tokens that hang on it. The
/// inspector says by which rule, and lets the user say which model a recorded name means.
class MatchingView : public PricesView
{
    Q_OBJECT
public:
    explicit MatchingView(const PageContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }

private:
    void buildInspector();
    void refreshInspector();
    void showTargets(const Baseline::Resolution &resolution, const std::string &target);
    void mapSelected(const std::string &target);
    [[nodiscard]] const Baseline::Resolution *selected() const;

    QLabel *m_summary = nullptr;
    ValueTable *m_table = nullptr;
    QWidget *m_inspector = nullptr;
    QWidget *m_mapping = nullptr;
    QLabel *m_match = nullptr;
    ChoiceBox *m_target = nullptr;
    ModelDetail *m_detail = nullptr;
    std::shared_ptr<const PriceBook> m_targetBook; ///< whose models the box offers
};

} // namespace perunit
