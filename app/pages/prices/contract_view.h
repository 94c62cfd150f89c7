// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/jobs/job_runner.h"
#include "app/pages/prices/prices_view.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace perunit {

class Card;
class OverlayEdit;
class ValueTable;

/// What was agreed on top of the price list: the terms in the order in which they apply, what the ledger costs with and
/// without them, and the selected term to edit beside it.
class ContractView : public PricesView
{
    Q_OBJECT
public:
    explicit ContractView(const PageContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }

private:
    /// The ledger at list prices beside the same at contracted ones.
    struct Compared {
        std::shared_ptr<const History> history;
        std::shared_ptr<const Baseline> atList;
    };
    Card *buildTerms();
    Card *buildComparison();
    void buildInspector();
    void refreshTerms();
    void refreshComparison();
    void refreshInspector();
    void compare();
    void createTerm();
    void duplicateTerm();
    void move(int by);
    void removeTerm();
    void termEdited(const PriceOverlay &overlay, const QString &field, bool typing);
    void put(const QString &text, std::size_t place, PriceOverlay overlay);
    void select(const std::string &name);
    [[nodiscard]] std::size_t place() const;

    JobRunner m_job;
    std::shared_ptr<const Compared> m_compared;
    std::shared_ptr<const History> m_history;     ///< for which the list prices are being worked out
    std::shared_ptr<const PriceBook> m_choicesOf; ///< whose models the editor offers
    std::string m_selected;                       ///< name of the selected term
    std::size_t m_place = 0;                      ///< where it stood last
    int m_session = 0;                            ///< letters typed into one field of one selected term are one step

    QStackedWidget *m_views = nullptr;
    ValueTable *m_terms = nullptr;
    ValueTable *m_models = nullptr;
    QLabel *m_total = nullptr;
    QPushButton *m_duplicate = nullptr;
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QPushButton *m_remove = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_nothing = nullptr;
    OverlayEdit *m_edit = nullptr;
};

} // namespace perunit
