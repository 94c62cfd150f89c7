// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/ledger_page.h"

#include "app/pages/ledger/completeness_view.h"
#include "app/pages/ledger/coverage_view.h"
#include "app/pages/ledger/dimensions_view.h"
#include "app/pages/ledger/rows_view.h"
#include "app/pages/ledger/sources_view.h"
#include "app/pages/ledger/tie_view.h"
#include "app/pages/page_layout.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace perunit {

LedgerPage::LedgerPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Ledger, tr("Ledger"), parent)
    , m_facts(context.document)
{
    const PageFrame frame = buildPageFrame(this, title());
    m_kind = new SegmentedSwitch(tr("Question"), this);
    connect(m_kind, &SegmentedSwitch::currentChanged, this, &LedgerPage::viewChosen);
    auto *importFiles = changesWorkspace(new QPushButton(themedIcon(QStringLiteral("import")), tr("Import…"), this));
    connect(importFiles, &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    frame.controls->addWidget(m_kind);
    frame.controls->addWidget(importFiles);
    m_pages = new QStackedWidget(this);
    m_views = new QStackedWidget(m_pages);
    m_inspectors = new QStackedWidget(this);
    m_none = new EmptyState(QStringLiteral("ledger"), tr("Nothing is imported yet."), m_pages);
    m_none->setDropZone(true);
    connect(changesWorkspace(m_none->addButton(tr("Import files…"), QStringLiteral("import"), true)),
            &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    m_pages->addWidget(m_none);
    m_pages->addWidget(m_views);
    frame.rows->addWidget(m_pages, 1);

    const LedgerContext ledger{context, m_facts, [this](RowKind kind, const RowFilter &filter) {
                                   showRows(kind, filter);
                               }};
    addView(QStringLiteral("sources"), new SourcesView(ledger, m_views), tr("Sources"),
            tr("What was imported, and what of it could not be used"));
    addView(QStringLiteral("completeness"), new CompletenessView(ledger, m_views), tr("Days"),
            tr("Which days are there, and until when figures are settled"));
    addView(QStringLiteral("tie"), new TieView(ledger, m_views), tr("Tie"),
            tr("Whether priced usage, invoices and recorded costs agree"));
    addView(QStringLiteral("coverage"), new CoverageView(ledger, m_views), tr("Tags"),
            tr("How much of the cost says what it is for"));
    addView(QStringLiteral("dimensions"), new DimensionsView(ledger, m_views), tr("Dimensions"),
            tr("Which tags and values mean the same, and dimensions made by rules"));
    m_rows = new RowsView(ledger, m_views);
    addView(QStringLiteral("rows"), m_rows, tr("Rows"), tr("All requests and charges"));

    connect(&document(), &WorkspaceDocument::opened, this, &LedgerPage::invalidate);
    connect(&document(), &WorkspaceDocument::sourcesChanged, this, &LedgerPage::invalidate);
    connect(&document(), &WorkspaceDocument::stateChanged, this, &LedgerPage::invalidate);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &LedgerPage::invalidate);
    connect(&m_facts, &LedgerFacts::changed, this, &LedgerPage::invalidate);
}

void LedgerPage::addView(const QString &id, LedgerView *view, const QString &text, const QString &help)
{
    m_kind->addOption(id, text, {}, help);
    m_views->addWidget(view);
    m_inspectors->addWidget(view->inspector());
    m_viewOf[id] = view;
}

QWidget *LedgerPage::inspector()
{
    return m_inspectors;
}

LedgerView *LedgerPage::currentView() const
{
    return m_viewOf.at(m_kind->current());
}

bool LedgerPage::isReady() const
{
    return currentView()->isReady();
}

void LedgerPage::showView(const QString &id)
{
    m_kind->setCurrent(id);
    viewChosen();
}

void LedgerPage::showRows(RowKind kind, const RowFilter &filter)
{
    m_kind->setCurrent(QStringLiteral("rows"));
    m_rows->show(kind, filter);
    viewChosen();
}

void LedgerPage::viewChosen()
{
    LedgerView *view = currentView();
    const bool nothing = document().sources().empty();
    m_pages->setCurrentIndex(nothing ? 0 : 1);
    m_none->setSentence(document().isShared() ? tr("The figures come from a shared scenario, without its ledger.")
                                              : tr("Nothing is imported yet."));
    m_none->setHint(document().isShared()
                        ? tr("Requests are known added up, without customers and sessions. A ledger of your own takes "
                             "their place.")
                        : tr("Drop usage logs, traces, FOCUS exports or outcome counts anywhere on this window."));
    m_kind->setVisible(!nothing);
    m_views->setCurrentWidget(view);
    m_inspectors->setCurrentWidget(view->inspector());
    view->refresh();
}

void LedgerPage::refresh()
{
    viewChosen();
}

} // namespace perunit
