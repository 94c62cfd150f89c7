// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/prices/prices_view.h"

class QCheckBox;

namespace perunit {

class Card;
class ChoiceBox;
class FigureView;
class ModelDetail;
class ValueTable;

/// Everything that has a price: filtered by seller, by what it can be used for and by what the ledger uses; with the
/// history of the selected model below and all its rates in the inspector.
class ModelsView : public PricesView
{
    Q_OBJECT
public:
    explicit ModelsView(const PageContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }

private:
    QWidget *buildFilters();
    void refreshTable();
    void refreshSelected();
    [[nodiscard]] ModelIndex selected() const;
    [[nodiscard]] QString mostUsed() const;

    std::shared_ptr<const PriceBook> m_book; ///< whose models are listed
    std::shared_ptr<const History> m_ledger; ///< whose use of them is known
    Instant m_day;                           ///< whose prices are shown
    Card *m_card = nullptr;
    ChoiceBox *m_provider = nullptr;
    ChoiceBox *m_kind = nullptr;
    QCheckBox *m_used = nullptr;
    ValueTable *m_table = nullptr;
    FigureView *m_history = nullptr;
    QWidget *m_inspector = nullptr;
    ModelDetail *m_detail = nullptr;
};

} // namespace perunit
