// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/ledger_facts.h"
#include "app/shell/page.h"
#include "model/analyses/row_filter.h"

#include <functional>

namespace perunit {

/// The kinds of rows of a ledger that can be listed.
enum class RowKind : std::uint8_t { Requests, Invoices, Harness };

/// What the views of the ledger page work with.
struct LedgerContext {
    PageContext page;
    LedgerFacts &facts;
    /// Opens the list of rows with a filter.
    std::function<void(RowKind kind, const RowFilter &filter)> showRows;
};

/// One of the views of the ledger page, with what the inspector shows beside it. It keeps no data of its own: it shows
/// the document and what is worked out from it, and sends edits to it.
class LedgerView : public QWidget
{
    Q_OBJECT
public:
    explicit LedgerView(const LedgerContext &context, QWidget *parent = nullptr)
        : QWidget(parent)
        , m_context(context)
    {}

    /// Brings everything up to date; called while the view is shown and what it depends on has changed.
    virtual void refresh() = 0;
    /// What stands beside the view. Owned by the view.
    [[nodiscard]] virtual QWidget *inspector() = 0;
    /// Nothing that the view shows is still being worked out.
    [[nodiscard]] virtual bool isReady() const { return m_context.facts.isIdle(); }

protected:
    [[nodiscard]] WorkspaceDocument &document() const { return m_context.page.document; }
    [[nodiscard]] WindowActions &window() const { return m_context.page.window; }
    [[nodiscard]] LedgerFacts &facts() const { return m_context.facts; }
    void showRows(RowKind kind, const RowFilter &filter) const { m_context.showRows(kind, filter); }

private:
    LedgerContext m_context;
};

} // namespace perunit
