// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_page.h"

#include "app/document/clock.h"
#include "app/pages/capacity/break_even_card.h"
#include "app/pages/capacity/capacity_choices.h"
#include "app/pages/capacity/completed_choice.h"
#include "app/pages/capacity/load_week_card.h"
#include "app/pages/capacity/offers_card.h"
#include "app/pages/capacity/size_view.h"
#include "app/pages/capacity/waste_card.h"
#include "app/pages/page_layout.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int pollMilliseconds = 100;
/// A size that nobody moves for so long is asked for.
constexpr int settleMilliseconds = 250;
enum View { NoRequests, Nothing, Filled };

} // namespace

CapacityPage::CapacityPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Capacity, tr("Capacity"), parent)
    , m_choices(new CapacityChoices(this))
    , m_strip(new JobStrip(this))
    , m_views(new QStackedWidget(this))
    , m_stage(std::make_shared<std::atomic<int>>(0))
{
    const PageFrame frame = buildPageFrame(this, title());
    frame.controls->addWidget(m_strip);
    buildUseButton(frame.controls);
    frame.rows->addWidget(m_choices);
    frame.rows->addWidget(m_views, 1);
    buildViews();
    connectChoices();
    m_poll.setInterval(pollMilliseconds);
    connect(&m_poll, &QTimer::timeout, this, &CapacityPage::showProgress);
    m_settle.setInterval(settleMilliseconds);
    m_settle.setSingleShot(true);
    connect(&m_settle, &QTimer::timeout, this, &CapacityPage::keepUnits);
    connect(m_strip, &JobStrip::cancelRequested, this, [this] {
        m_job.cancel();
        m_offerJob.cancel();
        m_asked.reset();
        m_askedOffers.reset();
        showNothing(tr("Cancelled."), tr("Choose anything above to compute again."));
    });
    for (JobRunner *job : {&m_job, &m_offerJob})
        connect(job, &JobRunner::busyChanged, this, &CapacityPage::showProgress);
    connect(&document(), &WorkspaceDocument::opened, this, [this] {
        // Nothing of another workspace may still arrive.
        m_job.cancel();
        m_offerJob.cancel();
        m_settle.stop();
        m_asked.reset();
        m_askedOffers.reset();
        m_sizing.reset();
        m_waste->forgetReservation();
        invalidate();
    });
    connect(&document(), &WorkspaceDocument::outcomesChanged, this, &CapacityPage::invalidate);
    connect(&selection(), &Selection::scenarioChanged, this, &CapacityPage::invalidate);
    connect(&selection(), &Selection::capacityChanged, this, &CapacityPage::invalidate);
}

void CapacityPage::buildViews()
{
    m_noRequests = new EmptyState(QStringLiteral("capacity"), tr("There are no requests to size capacity for."), this);
    m_noRequests->setHint(tr("Import a ledger of requests with their times, and the load appears here."));
    connect(changesWorkspace(m_noRequests->addButton(tr("Import files…"), QStringLiteral("import"))),
            &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    m_nothing = new EmptyState(QStringLiteral("capacity"), {}, this);
    m_views->addWidget(m_noRequests);
    m_views->addWidget(m_nothing);
    buildFilled();
}

void CapacityPage::buildFilled()
{
    auto *filled = new QWidget(this);
    auto *outer = new QVBoxLayout(filled);
    outer->setContentsMargins(0, 0, 0, 0);
    QVBoxLayout *column = buildScrollingColumn(outer);
    m_size = new SizeView(filled);
    column->addWidget(m_size);
    m_breakEven = new BreakEvenCard(filled);
    column->addWidget(m_breakEven);
    m_week = new LoadWeekCard(filled);
    column->addWidget(m_week);
    m_offers = new OffersCard(filled);
    column->addWidget(m_offers);
    m_waste = new WasteCard(filled);
    column->addWidget(m_waste);
    column->addStretch(1);
    m_views->addWidget(filled);
    connect(m_breakEven, &BreakEvenCard::sizeWanted, this, &CapacityPage::moveTo);

    connect(m_size, &SizeView::sizeDragged, this, [this](double units) {
        if (m_sizing)
            moveTo(m_sizing->nearestSize(units));
    });
    connect(m_size, &SizeView::sizeSentTo, this, [this](double units) {
        if (m_sizing)
            moveTo(m_sizing->nearestSize(units));
    });
    connect(m_size, &SizeView::sizeStepped, this, [this](int steps) {
        if (m_sizing)
            moveTo(m_sizing->stepped(m_units, steps));
    });
    connect(m_size, &SizeView::held, this, [this](bool held) {
        m_held = held;
        if (!held)
            m_settle.start();
    });
    connect(m_size, &SizeView::exportRequested, this,
            [this](const Figure &figure, const std::optional<FigurePlane> &plane) {
                window().exportFigure(figure, plane);
            });
    connect(m_offers, &OffersCard::chosen, this, [this](const std::string &offer, const std::string &term) {
        choose([&](CapacityChoice &choice) {
            choice.offer = offer;
            choice.term = term;
        });
    });
}

void CapacityPage::connectChoices()
{
    connect(m_choices, &CapacityChoices::scenarioChosen, this,
            [this](const std::string &id) { selection().setScenario(id); });
    connect(m_choices, &CapacityChoices::modelChosen, this, [this](const std::string &model) {
        choose([&](CapacityChoice &choice) {
            choice.model = model;
            choice.units.reset();
        });
    });
    connect(m_choices, &CapacityChoices::offerChosen, this, [this](const std::string &offer) {
        choose([&](CapacityChoice &choice) {
            choice.offer = offer;
            choice.units.reset();
        });
    });
    connect(m_choices, &CapacityChoices::termChosen, this,
            [this](const std::string &term) { choose([&](CapacityChoice &choice) { choice.term = term; }); });
    connect(m_choices, &CapacityChoices::binChosen, this,
            [this](int seconds) { choose([&](CapacityChoice &choice) { choice.binSeconds = seconds; }); });
    connect(m_choices, &CapacityChoices::unitsChosen, this, [this](std::int64_t units) { moveTo(units); });
    connect(m_choices, &CapacityChoices::optimumWanted, this, [this] {
        m_settle.stop();
        choose([](CapacityChoice &choice) { choice.units.reset(); });
    });
}

bool CapacityPage::isReady() const
{
    return !m_job.isBusy() && !m_offerJob.isBusy() && !m_settle.isActive();
}

void CapacityPage::choose(const std::function<void(CapacityChoice &)> &change)
{
    CapacityChoice choice = selection().capacity();
    change(choice);
    selection().setCapacity(choice);
}

std::vector<EffectiveLever> CapacityPage::levers() const
{
    const auto outcomes = document().outcomes();
    const ScenarioOutcomes::Entry *entry = outcomes ? outcomes->find(selection().scenarioId()) : nullptr;
    return entry ? entry->levers : std::vector<EffectiveLever>{};
}

CapacityWords CapacityPage::words() const
{
    const Scenario *scenario = document().state().scenarios.find(selection().scenarioId());
    CapacityWords words{scenario ? toQt(scenario->name) : tr("Baseline"), {}, {}};
    if (!m_asked)
        return words;
    words.span = costSpanOf(m_asked->baseline->settings(), m_asked->baseline->period());
    const std::vector<EffectiveLever> inForce = document().state().scenarios.effectiveLevers(selection().scenarioId());
    const Lever *pool = poolOf(inForce, m_asked->question.model);
    if (pool && pool->enabled && !isSized(*pool) && offerAndTermOf(*pool).offer == m_asked->question.offer)
        words.inScenario = pool->number("units");
    return words;
}

void CapacityPage::refresh()
{
    m_choices->setScenarios(document().state().scenarios.scenarios, selection().scenarioId());
    const auto outcomes = document().outcomes();
    const bool computing = !outcomes && document().isComputing();
    const auto rows = outcomes ? outcomes->baseline->rows() : std::pair<std::size_t, std::size_t>{};
    m_choices->setVisible(rows.first != rows.second);
    if (rows.first == rows.second) {
        if (computing)
            showNothing(tr("The ledger is being priced…"), {});
        else
            m_views->setCurrentIndex(NoRequests);
        m_use->setEnabled(false);
        return;
    }
    const std::vector<SizableModel> models = sizableModels(*outcomes->baseline, levers());
    const auto choice = completedChoice(*outcomes->baseline, models, selection().capacity());
    if (!choice) {
        showNothing(tr("No model of this ledger is known to the price catalogues."),
                    tr("Match the names of its models on the Prices page."));
        return;
    }
    m_choices->setSizing(*outcomes->baseline, models, *choice);
    if (choice->offer.empty()) {
        const auto model = std::find_if(models.begin(), models.end(),
                                        [&](const SizableModel &each) { return each.name == choice->model; });
        showNothing(tr("Nothing that is reserved is offered for %1.").arg(toQt(choice->model)),
                    model->notOffered.empty() ? tr("Choose another model, or route its traffic to one in a scenario.")
                                              : toQt(model->notOffered.front()));
        return;
    }
    const CapacityWish wish = capacityWish(outcomes->baseline, levers(), *choice, startOfToday());
    askOffers(wish);
    ask(wish);
}

void CapacityPage::ask(const CapacityWish &wish)
{
    if (m_asked && *m_asked == wish) {
        if (m_sizing)
            showSizing();
        return;
    }
    if (!m_asked || !m_asked->sameCurve(wish))
        m_sizing.reset();
    m_asked = wish;
    m_stage = std::make_shared<std::atomic<int>>(0);
    m_job.start([this, wish, stage = m_stage](const std::stop_token &stop) -> JobRunner::Delivery {
        auto answer = sizeCapacity(wish, *stage, stop);
        return [this, wish, answer = std::move(answer)] {
            take(wish, answer);
        };
    });
    m_poll.start();
    if (m_sizing)
        m_size->setStale(true);
    else
        showNothing(tr("The load is being measured…"), {});
}

void CapacityPage::askOffers(const CapacityWish &wish)
{
    m_offers->setCurrent(wish.question.offer, wish.question.term);
    if (m_askedOffers && m_askedOffers->sameTraffic(wish))
        return;
    m_askedOffers = wish;
    m_compared.clear();
    m_offers->setOffers({}, wish.baseline->book(), {});
    m_offers->setState(tr("The offers are being compared…"));
    m_offerJob.start([this, wish](const std::stop_token &stop) -> JobRunner::Delivery {
        CapacityQuestion question = wish.question;
        question.units.reset();
        auto offers = compareOffers(*wish.baseline, wish.levers, question, stop);
        // What another provider does not say about a model is no reason against it.
        std::erase_if(offers, [&](const OfferComparison &each) {
            const ProvisionedOffer *offer = wish.baseline->book().offer(each.offer);
            return !each.answer && offer && offer->provider != modelKeyOf(question.model).provider;
        });
        return [this, wish, offers = std::move(offers)] {
            m_offers->setState(tr("No offer speaks of this model."));
            m_compared = offers;
            m_offers->setOffers(offers, wish.baseline->book(),
                                costSpanOf(wish.baseline->settings(), wish.baseline->period()));
            if (m_asked)
                m_offers->setCurrent(m_asked->question.offer, m_asked->question.term);
            if (m_sizing && m_views->currentIndex() == Filled)
                showUnits();
        };
    });
}

void CapacityPage::take(const CapacityWish &wish, const Result<std::shared_ptr<const CapacitySizing>> &answer)
{
    if (!m_asked || !(*m_asked == wish))
        return;
    if (!answer) {
        m_sizing.reset();
        if (answer.error().code != ErrorCode::Cancelled)
            showNothing(tr("This cannot be sized."), errorText(answer.error()));
        return;
    }
    m_sizing = *answer;
    // A hand that goes on dragging is not taken back to where the question was asked.
    if (!m_held && !m_settle.isActive())
        m_units = wish.question.units.value_or(m_sizing->answer.optimum.units);
    showSizing();
}

void CapacityPage::showSizing()
{
    const CapacityAnswer &answer = m_sizing->answer;
    if (answer.requests == 0) {
        showNothing(tr("No standard request is served by %1 in this traffic.").arg(toQt(answer.model)),
                    tr("Batch requests are never served by reserved units. Choose another model or scenario."));
        return;
    }
    if (m_sizing->isCoarse()) {
        showNothing(tr("When this load peaks cannot be told from this ledger."),
                    coarseSentence(*m_sizing, words().span));
        return;
    }
    m_choices->setUnitsEnabled(true);
    m_size->setStale(false);
    m_use->setEnabled(m_sizing->leverKnows && !document().isReadOnly());
    m_use->setToolTip(m_sizing->leverKnows
                          ? tr("Sets these units as a lever of a scenario")
                          : tr("A scenario cannot hold units of this offer: it is measured otherwise"));
    m_breakEven->show(*m_sizing, words());
    m_week->show(m_sizing);
    m_views->setCurrentIndex(Filled);
    showUnits();
}

void CapacityPage::showUnits()
{
    const CapacityAnswer &answer = m_sizing->answer;
    const SizeFigures shown = m_sizing->at(m_units);
    m_choices->setUnits(m_units, answer.grid, m_sizing->largestSize(), answer.unitName,
                        m_units == answer.optimum.units);
    const CapacityWords texts = words();
    m_size->show(*m_sizing, shown, texts);
    m_waste->show(*m_sizing, shown, hourlyPrice(), texts.span);
}

void CapacityPage::moveTo(std::int64_t units)
{
    if (!m_sizing || units == m_units)
        return;
    m_units = units;
    showUnits();
    m_settle.start();
}

void CapacityPage::keepUnits()
{
    if (m_held || !m_sizing)
        return;
    choose([this](CapacityChoice &choice) { choice.units = m_units; });
}

void CapacityPage::showNothing(const QString &sentence, const QString &hint)
{
    m_choices->setUnitsEnabled(false);
    m_use->setEnabled(false);
    m_nothing->setSentence(sentence);
    m_nothing->setHint(hint);
    m_views->setCurrentIndex(Nothing);
}

void CapacityPage::showProgress()
{
    if (m_job.isBusy()) {
        m_strip->showProgress(tr("Measuring the load"), m_stage->load(), capacityStages, 0);
    } else if (m_offerJob.isBusy()) {
        m_strip->showBusy(tr("Comparing offers"));
    } else {
        m_poll.stop();
        m_strip->showIdle();
    }
}

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

std::optional<Femto> CapacityPage::hourlyPrice() const
{
    for (const OfferComparison &each : m_compared) {
        if (m_asked && each.offer == m_asked->question.offer && each.term == "hourly" && each.answer)
            return each.answer->pricePerUnit;
    }
    return std::nullopt;
}

} // namespace perunit
