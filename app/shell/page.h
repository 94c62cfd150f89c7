// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/figure_address.h"
#include "app/document/workspace_document.h"
#include "app/shell/selection.h"
#include "model/figures/figure.h"
#include "widgets/charts/figure_plane.h"
#include "widgets/feedback/message_strip.h"

#include <QWidget>

#include <functional>
#include <optional>

namespace perunit {

/// What pages may ask of the window around them.
class WindowActions
{
public:
    virtual ~WindowActions() = default;
    /// Opens whatever the files are: workspace, scenario, catalogue or ledger.
    virtual void openFiles(const QStringList &paths) = 0;
    virtual void chooseFilesToImport() = 0;
    /// Shows files as price catalogues, whatever they look like.
    virtual void openCatalogues(const QStringList &paths) = 0;
    virtual void openSample() = 0;
    /// False when it could not be opened; why is said in a message.
    virtual bool openWorkspace(const QString &path) = 0;
    virtual void showPage(PageId page) = 0;
    /// The same with one of the views of the page: "invoice" of the Prices page.
    virtual void showView(PageId page, const QString &view) = 0;
    /// A strip above the page; with a non-empty `actionText`, a button on it calls `action`.
    virtual void showMessage(MessageKind kind, const QString &text, const QString &actionText = {},
                             std::function<void()> action = {}) = 0;
    /// A strip that says what was done and offers to undo it, as long as that is the newest step.
    virtual void showUndoable(const QString &text, MessageKind kind = MessageKind::Info) = 0;
    /// Asks for a file name and writes the chart as PDF, SVG or PNG.
    virtual void exportFigure(const Figure &figure, const std::optional<FigurePlane> &plane = {}) = 0;
    /// Opens a figure to its formula, its levers, and the rows and prices behind it, in a window beside.
    virtual void explain(const FigureAddress &figure) = 0;
    [[nodiscard]] virtual QStringList recentWorkspaces() const = 0;
};

/// What every page works with.
struct PageContext {
    WorkspaceDocument &document;
    Selection &selection;
    WindowActions &window;
};

/// One page of the window. A page shows what the document holds and sends edits to it; it keeps no data of its own.
class Page : public QWidget
{
    Q_OBJECT
public:
    Page(const PageContext &context, PageId id, const QString &title, QWidget *parent = nullptr);

    [[nodiscard]] PageId id() const { return m_id; }
    [[nodiscard]] const QString &title() const { return m_title; }
    /// What the inspector beside the page shows; null: the inspector is closed. Owned by the page.
    [[nodiscard]] virtual QWidget *inspector() { return nullptr; }
    /// A page takes the height of the window. Without this every layout around it asks all its wrapped texts for their
    /// height, several times at each level.
    [[nodiscard]] bool hasHeightForWidth() const override { return false; }
    /// Shows one of the views of a page that has several; an unknown id changes nothing.
    virtual void showView(const QString &id) { static_cast<void>(id); }

protected:
    /// Brings everything on the page up to date.
    virtual void refresh() = 0;
    /// Refreshes now when the page is visible, otherwise when it is next shown.
    void invalidate();
    void showEvent(QShowEvent *event) override;
    /// Colours inside of items follow the theme only when they are filled again.
    void changeEvent(QEvent *event) override;

    [[nodiscard]] WorkspaceDocument &document() const { return m_context.document; }
    [[nodiscard]] Selection &selection() const { return m_context.selection; }
    [[nodiscard]] WindowActions &window() const { return m_context.window; }
    [[nodiscard]] const PageContext &context() const { return m_context; }

private:
    PageContext m_context;
    PageId m_id;
    QString m_title;
    bool m_stale = true;
};

} // namespace perunit
