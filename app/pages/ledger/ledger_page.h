// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/ledger_view.h"
#include "app/shell/page.h"

#include <map>

class QStackedWidget;

namespace perunit {

class EmptyState;

class RowsView;
class SegmentedSwitch;

/// What was imported, is it complete, does it tie to the invoice, how well is it tagged; the rows themselves. Each
/// question is a LedgerView.
class LedgerPage : public Page
{
    Q_OBJECT
public:
    explicit LedgerPage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;
    /// Shows one of the views: "sources", "completeness", "tie", "coverage", "dimensions", "rows".
    void showView(const QString &id) override;
    /// Shows the rows of a kind that a filter keeps.
    void showRows(RowKind kind, const RowFilter &filter);
    /// Nothing that is shown is still being worked out.
    [[nodiscard]] bool isReady() const;

protected:
    void refresh() override;

private:
    void addView(const QString &id, LedgerView *view, const QString &text, const QString &help);
    void viewChosen();
    [[nodiscard]] LedgerView *currentView() const;

    LedgerFacts m_facts;
    SegmentedSwitch *m_kind = nullptr;
    EmptyState *m_none = nullptr;
    QStackedWidget *m_pages = nullptr; ///< nothing imported, or the views
    QStackedWidget *m_views = nullptr;
    QStackedWidget *m_inspectors = nullptr;
    RowsView *m_rows = nullptr;
    std::map<QString, LedgerView *> m_viewOf;
};

} // namespace perunit
