// SPDX-License-Identifier: GPL-3.0-or-later
// A size of the Capacity page becomes a lever of a scenario.
#include "app/pages/capacity/capacity_page.h"
#include "app/shell/edit_controls.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"

#include <QLayout>
#include <QMenu>
#include <QPushButton>

namespace perunit {

void CapacityPage::buildUseButton(QLayout *controls)
{
    m_use = changesWorkspace(new QPushButton(themedIcon(QStringLiteral("scenarios")), tr("Use in scenario…"), this));
    m_use->setProperty("role", "primary");
    m_use->setEnabled(false);
    m_useMenu = new QMenu(m_use);
    m_use->setMenu(m_useMenu);
    connect(m_useMenu, &QMenu::aboutToShow, this, &CapacityPage::fillUseMenu);
    controls->addWidget(m_use);
}

SizeToUse CapacityPage::sizeToUse(bool keepOptimal) const
{
    const CapacityQuestion &question = m_asked->question;
    const std::int64_t units = keepOptimal ? m_sizing->answer.optimum.units : m_units;
    return {question.model, question.offer, question.term, units, keepOptimal};
}

void CapacityPage::fillUseMenu()
{
    m_useMenu->clear();
    if (!m_sizing || !m_asked)
        return;
    const QString size = m_units == 0 ? tr("no units") : unitsText(m_units, m_sizing->answer.unitName);
    m_useMenu->addAction(tr("New scenario with %1").arg(size), this, [this] { useInNew(false); });
    m_useMenu->addAction(tr("New scenario that always takes the cheapest size"), this, [this] { useInNew(true); });
    const auto &scenarios = document().state().scenarios.scenarios;
    if (!scenarios.empty())
        m_useMenu->addSection(tr("Set %1 in").arg(size));
    for (const Scenario &scenario : scenarios)
        m_useMenu->addAction(toQt(scenario.name), this, [this, id = scenario.id] { useIn(id); });
}

void CapacityPage::useIn(const std::string &scenarioId)
{
    if (!m_sizing || !m_asked)
        return;
    const Scenario *scenario = document().state().scenarios.find(scenarioId);
    const QString name = scenario ? toQt(scenario->name) : QString();
    WorkspaceState next = document().state();
    useSize(next, scenarioId, sizeToUse(false));
    document().edit(tr("Use size in scenario"), std::move(next));
    window().showUndoable(tr("%1 for %2 are set in '%3'.")
                              .arg(unitsText(m_units, m_sizing->answer.unitName), toQt(m_sizing->answer.model), name));
}

void CapacityPage::useInNew(bool keepOptimal)
{
    if (!m_sizing || !m_asked)
        return;
    const SizeToUse size = sizeToUse(keepOptimal);
    const std::string name = fromQt(tr("%1 on %2").arg(toQt(m_sizing->answer.model), toQt(m_sizing->answer.offerName)));
    WorkspaceState next = document().state();
    // Below the scenario that is looked at: its levers are what the size was found for.
    const std::string id = addSizeScenario(next, name, selection().scenarioId(), size);
    const QString made = toQt(next.scenarios.find(id)->name);
    document().edit(tr("New scenario with a size"), std::move(next));
    selection().setScenario(id);
    window().showUndoable(tr("'%1' is made.").arg(made));
}

} // namespace perunit
