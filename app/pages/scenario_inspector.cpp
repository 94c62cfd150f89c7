// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/scenario_inspector.h"

#include "app/document/scenario_edits.h"
#include "app/pages/choices.h"
#include "app/pages/page_layout.h"
#include "app/shell/edit_controls.h"
#include "model/report/lever_text.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace perunit {

ScenarioInspector::ScenarioInspector(const PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_views(new QStackedWidget(this))
    , m_name(newLabel({}, "section", this))
    , m_parent(newLabel({}, "caption", this))
    , m_panel(changesWorkspace(new LeverPanel(this)))
    , m_none(new EmptyState(QStringLiteral("scenarios"), tr("The baseline is your ledger at its own prices."), this))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(m_views);

    auto *levers = new QWidget(this);
    auto *column = new QVBoxLayout(levers);
    column->setContentsMargins(0, Theme::space4, 0, 0);
    column->setSpacing(Theme::space1);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(Theme::space4, 0, Theme::space4, Theme::space2);
    m_name->setWordWrap(true);
    head->addWidget(m_name);
    head->addWidget(m_parent);
    column->addLayout(head);
    column->addWidget(m_panel, 1);
    m_views->addWidget(levers);
    m_none->setHint(tr("Make a scenario to move levers."));
    connect(changesWorkspace(m_none->addButton(tr("New scenario"), QStringLiteral("add"))), &QPushButton::clicked, this,
            &ScenarioInspector::newScenario);
    m_views->addWidget(m_none);

    connect(m_panel, &LeverPanel::leverEdited, this, &ScenarioInspector::leverEdited);
    connect(m_panel, &LeverPanel::addRequested, this, &ScenarioInspector::addLever);
    connect(m_panel, &LeverPanel::removeRequested, this, [this](const std::string &id) { takeLeverAway(id, false); });
    connect(m_panel, &LeverPanel::resetRequested, this, [this](const std::string &id) { takeLeverAway(id, true); });
    WorkspaceDocument &document = context.document;
    connect(&document, &WorkspaceDocument::opened, this, &ScenarioInspector::refreshChoices);
    connect(&document, &WorkspaceDocument::historyChanged, this, &ScenarioInspector::refreshChoices);
    connect(&document, &WorkspaceDocument::pricesChanged, this, &ScenarioInspector::refreshChoices);
    connect(&document, &WorkspaceDocument::stateChanged, this, &ScenarioInspector::refresh);
    connect(&document, &WorkspaceDocument::outcomesChanged, this, &ScenarioInspector::followHorizon);
    connect(&context.selection, &Selection::scenarioChanged, this, &ScenarioInspector::followOutcome);
    refresh();
}

void ScenarioInspector::refreshChoices()
{
    // Thousands of models in every lever: only for who looks at them.
    m_staleChoices = !isVisible();
    if (!m_staleChoices)
        takeChoices();
}

void ScenarioInspector::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_staleChoices)
        refreshChoices();
}

void ScenarioInspector::takeChoices()
{
    LeverChoices choices;
    choices.choices = listedChoices();
    const auto book = m_context.document.priceBook();
    const auto history = m_context.document.history();
    if (book) {
        choices.models = modelChoices(*book, history ? history->ledger.get() : nullptr);
        choices.offers = offerChoices(*book);
        choices.currency = toQt(book->currency());
    }
    choices.currencies = currencyChoices(m_context.document.ledger().get());
    choices.scopeValues = scopeValues(m_context.document);
    if (const auto outcomes = m_context.document.outcomes(); outcomes && !outcomes->base.months.empty()) {
        choices.firstMonth = outcomes->base.months.front().month;
        choices.months = static_cast<int>(outcomes->base.months.size());
    }
    m_panel->setChoices(choices);
    refresh();
}

void ScenarioInspector::followHorizon()
{
    const auto outcomes = m_context.document.outcomes();
    if (outcomes && outcomes->baseline != m_shownBaseline) {
        m_shownBaseline = outcomes->baseline;
        m_gaps.clear();
        refreshChoices();
    }
    followOutcome();
}

void ScenarioInspector::followOutcome()
{
    const auto outcomes = m_context.document.outcomes();
    const std::string &id = m_context.selection.scenarioId();
    // Outcomes come with every step of a slider; what the levers show of them seldom changes.
    const bool otherScenario = std::exchange(m_outcomeOf, id) != id;
    const std::map<std::string, CacheGapShares> before = m_gaps;
    if (otherScenario)
        m_gaps.clear();
    if (const Outcome *outcome = outcomes && !id.empty() ? outcomes->outcome(id) : nullptr) {
        for (const Outcome::CacheShare &share : outcome->cacheShares)
            m_gaps[share.leverId] = {share.achievable5m, share.achievable1h, share.upperBound};
    }
    const ScenarioOutcomes::Entry *entry = outcomes ? outcomes->find(id) : nullptr;
    const bool problem = entry && !entry->problem.empty();
    if (otherScenario || m_gaps != before || problem || std::exchange(m_outcomeProblem, problem))
        refresh();
    m_outcomeProblem = problem;
}

std::vector<LeverProblem> ScenarioInspector::problemsOf(const std::vector<EffectiveLever> &levers) const
{
    const auto book = m_context.document.priceBook();
    std::vector<LeverProblem> problems = book ? checkLevers(levers, *book) : std::vector<LeverProblem>{};
    addOutcomeProblem(levers, problems);
    // Ids are for files; people know a lever by its title.
    for (LeverProblem &problem : problems) {
        for (const EffectiveLever &each : levers) {
            const std::string id = "'" + each.lever.id + "'";
            for (auto at = problem.what.find(id); at != std::string::npos; at = problem.what.find(id, at + 1))
                problem.what.replace(at, id.size(), "'" + leverTitle(each.lever) + "'");
        }
    }
    return problems;
}

void ScenarioInspector::addOutcomeProblem(const std::vector<EffectiveLever> &levers,
                                          std::vector<LeverProblem> &problems) const
{
    // What only shows when the levers meet the ledger; as long as the outcome speaks of these very levers.
    const auto outcomes = m_context.document.outcomes();
    const ScenarioOutcomes::Entry *entry = outcomes ? outcomes->find(m_context.selection.scenarioId()) : nullptr;
    if (!entry || entry->problem.empty()
        || !std::equal(levers.begin(), levers.end(), entry->levers.begin(), entry->levers.end(),
                       [](const EffectiveLever &a, const EffectiveLever &b) { return a.lever == b.lever; }))
        return;
    if (const auto found = leverProblemOf(entry->error)) {
        const bool told = std::any_of(problems.begin(), problems.end(), [&found](const LeverProblem &each) {
            return each.leverId == found->leverId && each.parameter == found->parameter;
        });
        if (!told)
            problems.push_back(*found);
    }
}

void ScenarioInspector::refresh()
{
    const WorkspaceState &state = m_context.document.state();
    const std::string &id = m_context.selection.scenarioId();
    const Scenario *scenario = state.scenarios.find(id);
    m_views->setCurrentIndex(scenario ? 0 : 1);
    if (!scenario)
        return;
    m_name->setText(toQt(scenario->name));
    const Scenario *parent = state.scenarios.find(scenario->parent);
    m_parent->setText(tr("derived from %1").arg(parent ? toQt(parent->name) : tr("the baseline")));
    const std::vector<EffectiveLever> effective = state.scenarios.effectiveLevers(id);
    std::vector<LeverEntry> entries;
    for (const EffectiveLever &each : effective) {
        LeverEntry entry;
        entry.lever = each.lever;
        entry.inherited = each.setBy != id;
        if (const Scenario *from = state.scenarios.find(each.setBy))
            entry.setBy = toQt(from->name);
        if (const Lever *inherited = inheritedLever(state, id, each.lever.id); inherited && !entry.inherited) {
            entry.inheritedLever = *inherited;
            entry.inheritedFrom = toQt(inheritedFrom(state, id, each.lever.id));
        }
        if (const auto gaps = m_gaps.find(each.lever.id); gaps != m_gaps.end() && m_outcomeOf == id)
            entry.gaps = gaps->second;
        entries.push_back(std::move(entry));
    }
    m_panel->setLevers(entries, problemsOf(effective));
}

void ScenarioInspector::leverEdited(const Lever &lever, bool whileDragging)
{
    const std::string &id = m_context.selection.scenarioId();
    WorkspaceState next = m_context.document.state();
    setLever(next, id, lever);
    if (whileDragging && !m_dragActive) {
        m_dragActive = true;
        ++m_drag;
        emit dragging(true);
    }
    const QString key = m_dragActive
                            ? QStringLiteral("drag %1 %2 %3 %4").arg(m_drag).arg(toQt(id), toQt(lever.id), objectName())
                            : QString();
    m_context.document.edit(tr("Move lever %1").arg(toQt(leverSpec(lever.kind).label)), std::move(next), key);
    if (!whileDragging && m_dragActive) {
        m_dragActive = false;
        emit dragging(false);
    }
}

void ScenarioInspector::addLever(LeverKind kind)
{
    const std::string &id = m_context.selection.scenarioId();
    WorkspaceState next = m_context.document.state();
    const auto history = m_context.document.history();
    const auto book = m_context.document.priceBook();
    const Lever lever = proposedLever(next, id, kind, *book, history ? history->ledger.get() : nullptr);
    setLever(next, id, lever);
    m_context.document.edit(tr("Add lever %1").arg(toQt(leverSpec(kind).label)), std::move(next));
    m_panel->showLever(lever.id);
}

void ScenarioInspector::takeLeverAway(const std::string &leverId, bool reset)
{
    const std::string &id = m_context.selection.scenarioId();
    WorkspaceState next = m_context.document.state();
    if (!removeLever(next, id, leverId)) {
        // An inherited lever cannot be removed here, only switched off.
        for (const EffectiveLever &each : next.scenarios.effectiveLevers(id)) {
            if (each.lever.id != leverId)
                continue;
            Lever off = each.lever;
            off.enabled = false;
            setLever(next, id, off);
        }
    }
    m_context.document.edit(reset ? tr("Reset lever") : tr("Remove lever"), std::move(next));
}

void ScenarioInspector::newScenario()
{
    WorkspaceState next = m_context.document.state();
    const std::string id = addScenario(next, fromQt(tr("New scenario")), {});
    m_context.document.edit(tr("New scenario"), std::move(next));
    m_context.selection.setScenario(id);
}

} // namespace perunit
