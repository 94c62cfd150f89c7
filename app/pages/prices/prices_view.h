// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

namespace perunit {

/// One of the lists of the prices page, with what the inspector shows beside it. It keeps no data of its own: it shows
/// the document and sends edits to it.
class PricesView : public QWidget
{
    Q_OBJECT
public:
    explicit PricesView(const PageContext &context, QWidget *parent = nullptr)
        : QWidget(parent)
        , m_context(context)
    {}

    /// Brings everything up to date; called while the view is shown and what it depends on has changed.
    virtual void refresh() = 0;
    /// What stands beside the view; null: the inspector says that there is nothing. Owned by the view.
    [[nodiscard]] virtual QWidget *inspector() { return nullptr; }
    /// As of a Page.
    [[nodiscard]] bool hasHeightForWidth() const override { return false; }

protected:
    [[nodiscard]] WorkspaceDocument &document() const { return m_context.document; }
    [[nodiscard]] Selection &selection() const { return m_context.selection; }
    [[nodiscard]] WindowActions &window() const { return m_context.window; }

private:
    PageContext m_context;
};

} // namespace perunit
