// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/jobs/job_runner.h"
#include "app/pages/prices/prices_view.h"
#include "model/reconciliation/reconciliation.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace perunit {

class Card;
class EmptyState;
class FigureView;
class ValueTable;

/// Whether the bill is right: priced usage tied to the invoices, why they differ, and prices on offer with which they
/// would tie.
class InvoiceView : public PricesView
{
    Q_OBJECT
public:
    explicit InvoiceView(const PageContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }
    /// What is shown; null while there is nothing to show.
    [[nodiscard]] const Reconciliation *result() const { return m_tied ? &m_tied->result : nullptr; }
    /// Nothing is being worked out for the present ledger and prices.
    [[nodiscard]] bool isReady() const;

private:
    struct Tied {
        std::shared_ptr<const History> history;
        Reconciliation result;
    };
    /// What accepting an offer would do to the sums of all lines.
    struct Effect {
        Femto priced;
        DifferenceParts parts;
    };
    QWidget *buildFilled();
    void buildInspector();
    void start();
    void startEffects();
    void show();
    void showProblem();
    void showTable();
    void showOffers();
    void showLine();
    void accept(const PriceOverlay &overlay);
    [[nodiscard]] QWidget *newOffer(std::size_t index);
    [[nodiscard]] QString effectText(std::size_t index) const;
    [[nodiscard]] const ReconciliationLine *selected() const;

    JobRunner m_job;
    JobRunner m_effectJob;
    std::shared_ptr<const History> m_history; ///< that is tied, or being tied
    std::shared_ptr<const Tied> m_tied;
    std::optional<Error> m_problem;
    std::vector<Effect> m_effects; ///< of the offers, in their order; empty while they are worked out
    QString m_effectProblem;       ///< why they could not be worked out

    QStackedWidget *m_views = nullptr;
    EmptyState *m_none = nullptr;
    EmptyState *m_message = nullptr;
    QLabel *m_summary = nullptr;
    FigureView *m_figure = nullptr;
    Card *m_offers = nullptr;
    QVBoxLayout *m_offerRows = nullptr;
    ValueTable *m_table = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_facts = nullptr;
    ValueTable *m_statement = nullptr;
    QLabel *m_reasons = nullptr;
};

} // namespace perunit
