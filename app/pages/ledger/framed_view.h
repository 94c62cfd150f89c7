// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/ledger_view.h"

class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace perunit {

class EmptyState;

/// The frame that views of the ledger share: a sentence while there is nothing to show, the cards otherwise, and an
/// inspector with a title beside them.
class FramedView : public LedgerView
{
    Q_OBJECT
public:
    explicit FramedView(const LedgerContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QWidget *inspector() override { return m_inspector; }

protected:
    /// The side with the cards; the parent of what stands there.
    [[nodiscard]] QWidget *filled() const { return m_filled; }
    /// Makes the filled side a scrolling column, and returns it. Once.
    [[nodiscard]] QVBoxLayout *scrollingColumn();
    /// Below the title of the inspector.
    [[nodiscard]] QVBoxLayout *inspectorRows() const { return m_inspectorRows; }
    [[nodiscard]] QLabel *inspectorTitle() const { return m_inspectorTitle; }
    /// A paragraph in the inspector that can be selected.
    [[nodiscard]] QLabel *addInspectorText();
    [[nodiscard]] EmptyState *emptyState() const { return m_none; }

    /// Shows the cards when there is something to show, and says so. Otherwise it says why not: nothing is imported,
    /// what went wrong, `busy` while `isThere` is still to come, or else `nothing`.
    bool showFilled(bool isThere, bool isAny, const QString &busy, const QString &nothing);

private:
    QStackedWidget *m_sides = nullptr;
    EmptyState *m_none = nullptr;
    QWidget *m_filled = nullptr;
    QWidget *m_inspector = nullptr;
    QVBoxLayout *m_inspectorRows = nullptr;
    QLabel *m_inspectorTitle = nullptr;
};

} // namespace perunit
