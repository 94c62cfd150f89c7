// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/prices_page.h"

#include "app/pages/page_layout.h"
#include "app/pages/prices/catalogues_view.h"
#include "app/pages/prices/contract_view.h"
#include "app/pages/prices/invoice_view.h"
#include "app/pages/prices/matching_view.h"
#include "app/pages/prices/models_view.h"
#include "app/pages/prices/traffic_view.h"
#include "app/shell/edit_controls.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace perunit {

PricesPage::PricesPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Prices, tr("Prices"), parent)
{
    const PageFrame frame = buildPageFrame(this, title());
    m_kind = new SegmentedSwitch(tr("What is listed"), this);
    connect(m_kind, &SegmentedSwitch::currentChanged, this, &PricesPage::viewChosen);
    auto *add = changesWorkspace(new QPushButton(themedIcon(QStringLiteral("import")), tr("Add…"), this));
    add->setAccessibleName(tr("Add a catalogue…"));
    add->setToolTip(
        tr("Price catalogues of LiteLLM, genai-prices, models.dev, OpenRouter, Langfuse and llm-prices, price "
           "sheets, or catalogues of Perunit's own kind; or drop one on the window"));
    connect(add, &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    frame.controls->addWidget(m_kind);
    frame.controls->addWidget(add);
    m_views = new QStackedWidget(this);
    m_inspectors = new QStackedWidget(this);
    frame.rows->addWidget(m_views, 1);

    addView(QStringLiteral("matching"), new MatchingView(context, m_views), tr("Your models"),
            tr("How the models of your ledger found their prices"));
    addView(QStringLiteral("models"), new ModelsView(context, m_views), tr("All models"),
            tr("Everything that has a price, and since when"));
    addView(QStringLiteral("traffic"), new TrafficView(context, m_views), tr("Compare"),
            tr("What your own requests would cost on other models"));
    addView(QStringLiteral("contract"), new ContractView(context, m_views), tr("Contract"),
            tr("What was agreed on top of the price list"));
    addView(QStringLiteral("invoice"), new InvoiceView(context, m_views), tr("Invoice"),
            tr("Whether the invoices bill what the usage costs"));
    addView(QStringLiteral("catalogues"), new CataloguesView(context, m_views), tr("Catalogues"),
            tr("Where prices come from, and where they disagree"));

    connect(&document(), &WorkspaceDocument::opened, this, &PricesPage::invalidate);
    connect(&document(), &WorkspaceDocument::pricesChanged, this, &PricesPage::invalidate);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &PricesPage::invalidate);
    connect(&document(), &WorkspaceDocument::stateChanged, this, &PricesPage::invalidate);
}

void PricesPage::addView(const QString &id, PricesView *view, const QString &text, const QString &help)
{
    m_kind->addOption(id, text, {}, help);
    m_views->addWidget(view);
    QWidget *beside = view->inspector();
    if (!beside)
        beside = new QWidget(m_inspectors);
    m_inspectors->addWidget(beside);
    m_viewOf[id] = view;
    m_inspectorOf[view] = beside;
}

QWidget *PricesPage::inspector()
{
    return m_inspectors;
}

void PricesPage::showView(const QString &id)
{
    m_kind->setCurrent(id);
    viewChosen();
}

void PricesPage::viewChosen()
{
    PricesView *view = m_viewOf.at(m_kind->current());
    m_views->setCurrentWidget(view);
    m_inspectors->setCurrentWidget(m_inspectorOf.at(view));
    view->refresh();
}

void PricesPage::refresh()
{
    viewChosen();
}

} // namespace perunit
