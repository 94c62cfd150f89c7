// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/framed_view.h"

class QPushButton;

namespace perunit {

class Card;
class ValueTable;

/// Whether priced usage ties: to the invoices by provider and month, and to what the sources recorded. The detailed
/// reasons stand on the Prices page.
class TieView : public FramedView
{
    Q_OBJECT
public:
    explicit TieView(const LedgerContext &context, QWidget *parent = nullptr);
    void refresh() override;
    [[nodiscard]] bool isReady() const override;
    /// What is shown; empty while there is nothing.
    [[nodiscard]] const std::vector<ProviderTie> &ties() const { return m_ties; }

private:
    void buildFilled();
    void buildInspector();
    void start();
    void show();
    void showRecorded();
    void showTie();
    [[nodiscard]] const ProviderTie *selected() const;
    [[nodiscard]] std::optional<Instant> provisionalDay(const ProviderTie &tie) const;

    JobRunner m_job;
    std::shared_ptr<const History> m_history;
    std::shared_ptr<const Reconciliation> m_result;
    std::vector<ProviderTie> m_ties;
    std::optional<Error> m_problem;

    QLabel *m_summary = nullptr;
    Card *m_invoiceCard = nullptr;
    ValueTable *m_table = nullptr;
    QLabel *m_noInvoice = nullptr;
    Card *m_recordedCard = nullptr;
    ValueTable *m_recorded = nullptr;
    ValueTable *m_parts = nullptr;
    QLabel *m_reasons = nullptr;
    QPushButton *m_detail = nullptr;
};

} // namespace perunit
