// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/compare/analyses_card.h"

#include "app/document/scenario_edits.h"
#include "app/pages/compare/analysis_tables.h"
#include "app/pages/compare/goal_view.h"
#include "app/pages/page_layout.h"
#include "model/report/analysis_figures.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

const QString tornadoView = QStringLiteral("tornado");
const QString savingsView = QStringLiteral("savings");
const QString killView = QStringLiteral("kill");
const QString goalView = QStringLiteral("goal");
constexpr int pollMilliseconds = 100;
constexpr int mostRows = 24;
constexpr int pictureHeight = 300;
constexpr int tornadoFrame = 150; // title, legend, axis, notes
constexpr int tornadoRow = 36;

bool sameAssumptions(const EvaluationRequest &a, const EvaluationRequest &b)
{
    return a.scenarioId == b.scenarioId && a.name == b.name && a.units == b.units
           && std::equal(a.levers.begin(), a.levers.end(), b.levers.begin(), b.levers.end(),
                         [](const EffectiveLever &one, const EffectiveLever &other) {
                             return one.lever == other.lever && one.layer == other.layer && one.setBy == other.setBy;
                         });
}

} // namespace

bool AnalysesCard::Wish::asksTheSame(const Wish &other) const
{
    const bool sameReference = view != killView || sameAssumptions(reference, other.reference);
    const bool sameFigure = (view != tornadoView && view != killView) || figure == other.figure;
    return view == other.view && baseline == other.baseline && sameAssumptions(scenario, other.scenario)
           && sameReference && sameFigure;
}

AnalysesCard::AnalysesCard(const PageContext &context, QWidget *parent)
    : Card(tr("What moves it"), parent)
    , m_context(context)
    , m_evaluations(std::make_shared<std::atomic<int>>(0))
{
    m_figure = new ChoiceBox(tr("Figure that is looked at"), this);
    m_view = new SegmentedSwitch(tr("Analysis"), this);
    m_view->addOption(tornadoView, tr("Tornado"), {}, tr("Which assumption matters most"));
    m_view->addOption(savingsView, tr("Savings"), {}, tr("What each lever saves, without counting anything twice"));
    m_view->addOption(killView, tr("Kill numbers"), {}, tr("How far an assumption may move before the choice turns"));
    m_view->addOption(goalView, tr("Goal seek"), {}, tr("Which value of a lever reaches a target"));
    addControl(m_figure);
    addControl(m_view);
    buildContent();
    m_poll.setInterval(pollMilliseconds);
    connect(&m_poll, &QTimer::timeout, this, &AnalysesCard::showProgress);
    connect(m_view, &SegmentedSwitch::currentChanged, this, [this] {
        m_cancelled = false;
        refresh();
    });
    connect(m_figure, &ChoiceBox::valueEdited, this, [this] {
        m_cancelled = false;
        refresh();
    });
    WorkspaceDocument &document = context.document;
    connect(&document, &WorkspaceDocument::opened, this, [this] {
        // Nothing of another workspace may still arrive.
        cancel();
        m_asked.reset();
        m_cancelled = false;
    });
    connect(&document, &WorkspaceDocument::outcomesChanged, this, [this] {
        m_cancelled = false;
        refresh();
    });
    connect(&m_job, &JobRunner::busyChanged, this, [this](bool busy) {
        m_goal->setBusy(busy);
        if (!busy) {
            m_poll.stop();
            m_strip->showIdle();
            emit finished();
        }
    });
}

void AnalysesCard::buildContent()
{
    auto *content = new QWidget(this);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    auto *progress = new QHBoxLayout;
    m_strip = new JobStrip(content);
    m_state = newLabel({}, "caption", content);
    m_state->setWordWrap(true);
    m_again = new QPushButton(tr("Compute"), content);
    m_again->hide();
    progress->addWidget(m_strip);
    progress->addWidget(m_state, 1);
    progress->addWidget(m_again);
    rows->addLayout(progress);
    m_headline = newLabel({}, "section", content);
    m_detail = newLabel({}, "caption", content);
    for (QLabel *label : {m_headline, m_detail}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->hide();
    }
    rows->addWidget(m_headline);
    m_picture = new FigureView(content);
    m_picture->setLeastHeight(pictureHeight);
    connect(m_picture, &FigureView::exportRequested, this,
            [this] { m_context.window.exportFigure(m_picture->figure()); });
    rows->addWidget(m_picture);
    m_table = new ValueTable(tr("What moves it"), content);
    m_table->setFittingRows(mostRows);
    rows->addWidget(m_table);
    connect(m_table, &ValueTable::currentKeyChanged, this, &AnalysesCard::showRow);
    rows->addWidget(m_detail);
    m_goal = new GoalView(content);
    rows->addWidget(m_goal);
    setContent(content);
    connect(m_strip, &JobStrip::cancelRequested, this, [this] {
        m_cancelled = true;
        cancel();
        m_asked.reset();
        refresh();
    });
    connect(m_again, &QPushButton::clicked, this, [this] {
        m_cancelled = false;
        refresh();
    });
    connect(m_goal, &GoalView::seekRequested, this, &AnalysesCard::seek);
    connect(m_goal, &GoalView::useRequested, this, &AnalysesCard::useValue);
}

void AnalysesCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    refresh();
}

void AnalysesCard::setPair(const std::string &scenario, const std::string &reference)
{
    if (scenario != m_scenario || reference != m_reference)
        m_cancelled = false;
    m_scenario = scenario;
    m_reference = reference;
    refresh();
}

void AnalysesCard::setHeld(bool held)
{
    m_held = held;
    if (!held)
        refresh();
}

void AnalysesCard::setView(const QString &view)
{
    m_view->setCurrent(view);
    refresh();
}

QString AnalysesCard::nameOf(const std::string &id) const
{
    const Scenario *scenario = m_context.document.state().scenarios.find(id);
    return scenario ? toQt(scenario->name) : tr("Baseline");
}

std::optional<EvaluationRequest> AnalysesCard::requestOf(const std::string &id) const
{
    const auto outcomes = m_context.document.outcomes();
    if (!outcomes || !outcomes->outcome(id))
        return std::nullopt;
    EvaluationRequest request;
    request.scenarioId = id;
    request.name = fromQt(nameOf(id));
    request.units = outcomes->units;
    if (const ScenarioOutcomes::Entry *entry = outcomes->find(id))
        request.levers = entry->levers;
    return request;
}

std::optional<AnalysesCard::Wish> AnalysesCard::currentWish() const
{
    const auto outcomes = m_context.document.outcomes();
    const auto scenario = requestOf(m_scenario);
    const auto reference = requestOf(m_reference);
    if (!outcomes || m_scenario.empty() || !scenario || !reference)
        return std::nullopt;
    Wish wish{m_view->current(), outcomes->baseline, *scenario, *reference, {}, {}};
    if (const auto figure = parseOutcomeFigure(m_figure->value()))
        wish.figure = *figure;
    return wish;
}

void AnalysesCard::refreshFigures()
{
    const auto outcomes = m_context.document.outcomes();
    std::vector<ChoiceItem> figures{{"total", tr("Total cost"), {}}};
    if (outcomes) {
        for (const EconomicUnit &unit : outcomes->units)
            figures.push_back({"unit:" + unit.name, tr("Cost per %1").arg(toQt(unit.name)), toQt(unit.note)});
        if (const Outcome *shown = outcomes->outcome(m_scenario)) {
            for (std::size_t i = 0; i < componentCount; ++i) {
                if (!shown->components.amounts[i].isZero())
                    figures.push_back({"component:" + std::string(componentNames[i]),
                                       tr("Cost: %1").arg(toQt(componentLabels[i])),
                                       {}});
            }
        }
    }
    const std::string chosen = m_figure->value();
    m_figure->setItems(figures);
    const bool known =
        std::any_of(figures.begin(), figures.end(), [&chosen](const ChoiceItem &item) { return item.value == chosen; });
    if (!known)
        m_figure->setValue("total");
    const auto scenario = requestOf(m_scenario);
    m_goal->setScenario(scenario.value_or(EvaluationRequest{}), figures, outcomes ? outcomes->base.currency : "");
}

void AnalysesCard::refresh()
{
    if (m_held || !isVisible())
        return;
    refreshFigures();
    const QString view = m_view->current();
    setSubtitle(m_scenario.empty() ? QString()
                : view == killView ? tr("%1 against %2").arg(nameOf(m_scenario), nameOf(m_reference))
                                   : nameOf(m_scenario));
    m_figure->setVisible(view == tornadoView || view == killView);
    m_goal->setVisible(view == goalView);
    const auto wish = currentWish();
    if (!wish) {
        cancel();
        m_asked.reset();
        m_goal->hide();
        return showNothing(m_scenario.empty() ? tr("Choose a scenario with levers: the baseline has no assumptions.")
                                              : tr("This scenario cannot be computed at the moment."));
    }
    if (view == goalView) {
        if (m_asked && m_asked->view != goalView)
            cancel();
        return showNothing({});
    }
    if (m_cancelled)
        return showNothing(tr("Cancelled."));
    if (m_asked && m_asked->asksTheSame(*wish))
        return;
    start(*wish);
}

void AnalysesCard::seek()
{
    auto wish = currentWish();
    if (!wish)
        return;
    wish->goal = m_goal->request();
    if (wish->goal)
        start(*wish);
}

void AnalysesCard::start(const Wish &wish)
{
    m_asked = wish;
    m_again->hide();
    setTextOrHide(m_state, {});
    m_evaluations = std::make_shared<std::atomic<int>>(0);
    // The scenario as it is, and both ends of every assumption.
    m_expected =
        wish.view == tornadoView ? 1 + 2 * static_cast<int>(numericParameters(wish.scenario.levers).size()) : 0;
    m_job.start([this, wish, counted = m_evaluations](const std::stop_token &stop) -> JobRunner::Delivery {
        const EvaluationProgress progress = [counted](int evaluations) {
            counted->store(evaluations);
        };
        Result<Answer> answer = Answer{};
        const auto take = [&answer](auto result) {
            if (result)
                answer = Answer(std::move(*result));
            else
                answer = result.error();
        };
        if (wish.view == tornadoView)
            take(tornado(*wish.baseline, wish.scenario, wish.figure, {}, progress, stop));
        else if (wish.view == savingsView)
            take(savingsList(*wish.baseline, {}, wish.scenario.levers, stop));
        else if (wish.view == killView)
            take(killNumbers(*wish.baseline, wish.scenario, wish.reference, wish.figure, progress, stop));
        else if (wish.goal)
            take(goalSeek(*wish.baseline, *wish.goal, progress, stop));
        return [this, wish, answer = std::move(answer)] {
            showAnswer(wish, answer);
        };
    });
    m_poll.start();
    showProgress();
}

void AnalysesCard::cancel()
{
    m_job.cancel();
    m_poll.stop();
    m_strip->showIdle();
    m_goal->setBusy(false);
}

void AnalysesCard::showProgress()
{
    if (!m_job.isBusy())
        return;
    const int done = m_evaluations->load();
    const QString name = m_asked && m_asked->view == goalView ? tr("Seeking") : tr("Computing");
    if (m_expected > 0)
        m_strip->showProgress(name, std::min(done, m_expected), m_expected, 0);
    else
        m_strip->showBusy(name);
    m_goal->setBusy(true);
}

void AnalysesCard::showNothing(const QString &why)
{
    m_picture->hide();
    m_table->hide();
    m_headline->hide();
    m_detail->hide();
    setTextOrHide(m_state, why);
    m_again->setVisible(m_cancelled && m_view->current() != goalView);
}

void AnalysesCard::showAnswer(const Wish &wish, const Result<Answer> &answer)
{
    // What was asked before the user went to another view is of no use any more.
    if (wish.view != m_view->current())
        return;
    if (wish.view == goalView) {
        if (!answer)
            m_goal->setResult(answer.error());
        else if (const auto *goal = std::get_if<GoalSeekResult>(&*answer))
            m_goal->setResult(*goal);
        return;
    }
    if (!answer)
        return showNothing(toQt(answer.error().text()));
    const std::string currency = m_context.document.outcomes() ? m_context.document.outcomes()->base.currency : "";
    TableContent table;
    Figure figure;
    const auto *tornadoAnswer = std::get_if<Tornado>(&*answer);
    const auto *savings = std::get_if<SavingsList>(&*answer);
    const auto *kill = std::get_if<KillNumbers>(&*answer);
    std::vector<OutcomeCheck> failed;
    if (tornadoAnswer) {
        figure = tornadoFigure(*tornadoAnswer, wish.scenario.levers, wish.scenario.name, currency);
        table = tornadoTable(*tornadoAnswer, wish.scenario.levers, currency);
        failed = tornadoAnswer->remarks.failedChecks;
    } else if (savings) {
        figure = savingsWaterfall(*savings, wish.scenario.name, currency);
        table = savingsTable(
            *savings, [this](const std::string &id) { return nameOf(id); }, currency);
        failed = savings->failedChecks;
    } else if (kill) {
        table = killTable(*kill, wish.scenario.levers, wish.scenario.name, wish.reference.name, currency);
        failed = kill->firstRemarks.failedChecks;
    }
    if (table.rows.empty())
        return showNothing(savings ? tr("No lever is in force in this scenario: there is nothing to tell apart.")
                                   : tr("No lever of this scenario has a number that could be moved."));
    m_picture->setVisible(kill == nullptr);
    if (!kill) {
        // A row of a tornado needs room for its name.
        m_picture->setLeastHeight(savings ? pictureHeight
                                          : tornadoFrame + tornadoRow * static_cast<int>(figure.categories.size()));
        m_picture->setFigure(figure);
    }
    m_table->setColumns(std::move(table.columns));
    m_table->setRows(std::move(table.rows));
    m_table->setFixedOrder(savings != nullptr); // each row builds on those above it
    m_table->show();
    setTextOrHide(m_headline, kill ? killHeadline(*kill, wish.scenario.levers, wish.scenario.name, wish.reference.name)
                                   : QString());
    // The first row is the one that matters most: what it means is said without a click.
    if (kill && m_table->currentKey().isEmpty() && m_table->shownRows() > 0)
        m_table->setCurrentKey(m_table->model()->key(0));
    showRow(m_table->currentKey());
    QStringList words;
    for (const OutcomeCheck &check : failed)
        words << tr("Check “%1”: %2").arg(toQt(check.name), toQt(check.detail));
    setTextOrHide(m_state, words.join(QLatin1Char('\n')));
}

void AnalysesCard::showRow(const QString &key)
{
    const int row = m_table->model()->rowOf(key);
    const int last = m_table->model()->columnCount() - 1;
    // Only the last column of a table without numbers at its end holds a sentence.
    const bool said = row >= 0 && last > 0 && !m_table->model()->columns()[static_cast<std::size_t>(last)].numeric;
    setTextOrHide(m_detail, said ? m_table->model()->cell(row, 0).text + QStringLiteral(": ")
                                       + m_table->model()->cell(row, last).text
                                 : QString());
}

void AnalysesCard::useValue(const std::string &leverId, const std::string &parameter, std::int64_t value)
{
    WorkspaceState next = m_context.document.state();
    for (const EffectiveLever &each : next.scenarios.effectiveLevers(m_scenario)) {
        if (each.lever.id != leverId)
            continue;
        Lever changed = each.lever;
        changed.numbers[parameter] = value;
        setLever(next, m_scenario, changed);
        m_context.document.edit(tr("Use the value that reaches the target"), std::move(next));
        m_context.window.showUndoable(tr("The value is set in '%1'.").arg(nameOf(m_scenario)));
        return;
    }
}

} // namespace perunit
