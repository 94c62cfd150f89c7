// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_page.h"

#include "app/document/clock.h"
#include "app/pages/capacity/break_even_card.h"
#include "app/pages/capacity/capacity_choices.h"
#include "app/pages/capacity/completed_choice.h"
#include "app/pages/capacity/load_week_card.h"
#include "app/pages/capacity/offers_card.h"
#include "app/pages/capacity/own_figures_card.h"
#include "app/pages/capacity/size_view.h"
#include "app/pages/capacity/waste_card.h"
#include "app/pages/page_layout.h"
#include "app/shell/edit_controls.h"
#include "model/capacity/capacity_setup.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int pollMilliseconds = 100;
/// A size that nobody moves for so long is asked for.
constexpr int settleMilliseconds = 250;

QString listed(const QStringList &names)
{
    return names.size() < 2 ? names.join(QString())
                            : CapacityPage::tr("%1 and %2")
                                  .arg(names.mid(0, names.size() - 1).join(QStringLiteral(", ")), names.last());
}

} // namespace

CapacityPage::CapacityPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Capacity, tr("Capacity"), parent)
    , m_choices(new CapacityChoices(this))
    , m_strip(new JobStrip(this))
    , m_progress(std::make_shared<SizingProgress>())
{
    const PageFrame frame = buildPageFrame(this, title());
    frame.controls->addWidget(m_strip);
    buildUseButton(frame.controls);
    frame.rows->addWidget(m_choices);
    buildViews(buildScrollingColumn(frame.rows));
    connectChoices();
    connectSize();
    m_poll.setInterval(pollMilliseconds);
    connect(&m_poll, &QTimer::timeout, this, &CapacityPage::showProgress);
    m_settle.setInterval(settleMilliseconds);
    m_settle.setSingleShot(true);
    connect(&m_settle, &QTimer::timeout, this, &CapacityPage::keepUnits);
    connect(m_strip, &JobStrip::cancelRequested, this, &CapacityPage::cancel);
    for (JobRunner *job : {&m_job, &m_offerJob})
        connect(job, &JobRunner::busyChanged, this, &CapacityPage::showProgress);
    connectDocument();
    showView(View::NoRequests);
}

void CapacityPage::connectDocument()
{
    connect(&document(), &WorkspaceDocument::opened, this, [this] {
        // Nothing of another workspace may still arrive.
        stopAsking();
        m_sizing.reset();
        m_ownFiguresWanted = false;
        m_waste->forgetReservation();
        invalidate();
    });
    connect(&document(), &WorkspaceDocument::outcomesChanged, this, &CapacityPage::invalidate);
    connect(&selection(), &Selection::scenarioChanged, this, &CapacityPage::invalidate);
    connect(&selection(), &Selection::capacityChanged, this, &CapacityPage::invalidate);
}

void CapacityPage::stopAsking()
{
    m_job.cancel();
    m_offerJob.cancel();
    m_settle.stop();
    m_asked.reset();
    m_askedOffers.reset();
    m_askedFigures.reset();
}

void CapacityPage::cancel()
{
    stopAsking();
    m_sizing.reset();
    showNothing(tr("Cancelled."), tr("Choose anything above to compute it."));
    m_again->show();
}

void CapacityPage::buildViews(QVBoxLayout *column)
{
    m_ownFigures = new OwnFiguresCard(this);
    m_noRequests = new EmptyState(QStringLiteral("capacity"), tr("There are no requests to size capacity for."), this);
    m_noRequests->setHint(tr("Import a ledger of requests with their times, and the load appears here."));
    connect(changesWorkspace(m_noRequests->addButton(tr("Import files…"), QStringLiteral("import"))),
            &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    m_nothing = new EmptyState(QStringLiteral("capacity"), {}, this);
    m_again = m_nothing->addButton(tr("Compute again"));
    connect(m_again, &QPushButton::clicked, this, &CapacityPage::invalidate);
    m_replicas = m_nothing->addButton(tr("Size own replicas"));
    m_replicas->setToolTip(tr("GPUs that you rent or own, for models whose weights you can run"));
    connect(m_replicas, &QPushButton::clicked, this, [this] {
        choose([](CapacityChoice &choice) { choice.offer = endpointOffer; });
        m_ownFigures->focusFirst();
    });
    m_filled = buildFilled();
    column->addWidget(m_ownFigures);
    for (QWidget *view : {static_cast<QWidget *>(m_noRequests), static_cast<QWidget *>(m_nothing), m_filled})
        column->addWidget(view, 1);
    connect(m_ownFigures, &OwnFiguresCard::stated, this, &CapacityPage::stateFigure);
    connect(m_ownFigures, &OwnFiguresCard::allLeftOpen, this, &CapacityPage::leaveFiguresOpen);
}

QWidget *CapacityPage::buildFilled()
{
    auto *filled = new QWidget(this);
    auto *column = new QVBoxLayout(filled);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space4);
    m_size = new SizeView(filled);
    m_breakEven = new BreakEvenCard(filled);
    m_week = new LoadWeekCard(filled);
    m_offers = new OffersCard(filled);
    m_waste = new WasteCard(filled);
    for (QWidget *card :
         {static_cast<QWidget *>(m_size), static_cast<QWidget *>(m_breakEven), static_cast<QWidget *>(m_week),
          static_cast<QWidget *>(m_offers), static_cast<QWidget *>(m_waste)})
        column->addWidget(card);
    column->addStretch(1);
    connect(m_breakEven, &BreakEvenCard::sizeWanted, this, &CapacityPage::moveTo);
    connect(m_offers, &OffersCard::chosen, this, [this](const std::string &offer, const std::string &term) {
        choose([&](CapacityChoice &choice) {
            choice.offer = offer;
            choice.term = term;
        });
    });
    return filled;
}

void CapacityPage::connectSize()
{
    const auto moveNear = [this](double units) {
        if (m_sizing)
            moveTo(m_sizing->nearestSize(units));
    };
    connect(m_size, &SizeView::sizeDragged, this, moveNear);
    connect(m_size, &SizeView::sizeSentTo, this, moveNear);
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
}

void CapacityPage::connectChoices()
{
    const auto another = [this](std::string CapacityChoice::*member) {
        return [this, member](const std::string &value) {
            choose([&](CapacityChoice &choice) {
                choice.*member = value;
                choice.units.reset();
                choice.outputUnits.reset();
            });
        };
    };
    connect(m_choices, &CapacityChoices::scenarioChosen, this,
            [this](const std::string &id) { selection().setScenario(id); });
    connect(m_choices, &CapacityChoices::modelChosen, this, another(&CapacityChoice::model));
    connect(m_choices, &CapacityChoices::offerChosen, this, another(&CapacityChoice::offer));
    connect(m_choices, &CapacityChoices::termChosen, this,
            [this](const std::string &term) { choose([&](CapacityChoice &choice) { choice.term = term; }); });
    connect(m_choices, &CapacityChoices::binChosen, this,
            [this](int seconds) { choose([&](CapacityChoice &choice) { choice.binSeconds = seconds; }); });
    connect(m_choices, &CapacityChoices::unitsChosen, this, [this](std::int64_t units) { moveTo(units); });
    connect(m_choices, &CapacityChoices::outputUnitsChosen, this, [this](std::int64_t units) { moveOutputTo(units); });
    connect(m_choices, &CapacityChoices::ownFiguresToggled, this, [this](bool shown) {
        m_ownFiguresWanted = shown;
        m_ownFigures->setVisible(shown);
        if (shown)
            m_ownFigures->focusFirst();
    });
    connect(m_choices, &CapacityChoices::optimumWanted, this, [this] {
        m_settle.stop();
        choose([](CapacityChoice &choice) {
            choice.units.reset();
            choice.outputUnits.reset();
        });
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
    CapacityWords words{scenario ? toQt(scenario->name) : tr("Baseline"), {}};
    if (!m_asked)
        return words;
    words.span = costSpanOf(m_asked->baseline->settings(), m_asked->baseline->period());
    const std::vector<EffectiveLever> inForce = document().state().scenarios.effectiveLevers(selection().scenarioId());
    const Lever *pool = poolOf(inForce, m_asked->question.model);
    if (pool && pool->enabled && !isSized(*pool) && offerAndTermOf(*pool).offer == m_asked->question.offer)
        words.inScenario = pool->number("units");
    if (m_sizing && m_units > 0) {
        if (const auto output = outputUnits())
            words.output = m_sizing->outputAt(*output);
    }
    CapacityChoice choice = selection().capacity();
    choice.model = m_asked->question.model;
    choice.offer = m_asked->question.offer;
    choice.term = m_asked->question.term;
    words.own = statedFigures(m_asked->baseline->book(), choice, unitsBegin(*m_asked->baseline));
    return words;
}

std::optional<std::int64_t> CapacityPage::outputUnits() const
{
    if (!m_sizing || !m_sizing->isSplit())
        return std::nullopt;
    return m_outputUnits.value_or(m_sizing->answer.outputOptimum->units);
}

void CapacityPage::refresh()
{
    m_choices->setScenarios(document().state().scenarios.scenarios, selection().scenarioId());
    const auto outcomes = document().outcomes();
    const bool computing = !outcomes && document().isComputing();
    const auto rows = outcomes ? outcomes->baseline->rows() : std::pair<std::size_t, std::size_t>{};
    m_choices->setVisible(rows.first != rows.second);
    if (rows.first == rows.second) {
        m_ownFigures->hide();
        if (computing)
            showNothing(tr("The ledger is being priced…"), {});
        else
            showView(View::NoRequests);
        m_use->setEnabled(false);
        return;
    }
    const Baseline &baseline = *outcomes->baseline;
    const std::vector<SizableModel> models = sizableModels(baseline, levers());
    const auto choice = completedChoice(baseline, models, selection().capacity());
    if (!choice) {
        m_ownFigures->hide();
        showNothing(tr("No model of this ledger is known to the price catalogues."),
                    tr("Match the names of its models on the Prices page."));
        return;
    }
    m_choices->setSizing(baseline, models, *choice);
    const SizableModel &model = *std::find_if(models.begin(), models.end(),
                                              [&](const SizableModel &each) { return each.name == choice->model; });
    if (choice->offer.empty())
        return showUnsizable(model, *choice);
    const MissingFigures missing = missingFigures(baseline.book(), *choice, unitsBegin(baseline));
    showOwnFigures(baseline, *choice, !missing.none());
    if (!missing.none())
        return showMissing(baseline, *choice, missing);
    const CapacityWish wish = capacityWish(outcomes->baseline, levers(), *choice, startOfToday());
    askOffers(wish, model, *choice);
    ask(wish);
}

void CapacityPage::showUnsizable(const SizableModel &model, const CapacityChoice &choice)
{
    stopAsking();
    m_sizing.reset();
    m_ownFigures->hide();
    m_choices->setOutputUnits({}, {}, 0, {});
    showNothing(tr("Nothing that is reserved is offered for %1.").arg(toQt(choice.model)),
                model.notOffered.empty()
                    ? tr("Choose another model, route its traffic to one in a scenario, or run its weights yourself.")
                    : toQt(model.notOffered.front()));
    m_replicas->show();
}

void CapacityPage::showMissing(const Baseline &baseline, const CapacityChoice &choice, const MissingFigures &missing)
{
    stopAsking();
    m_sizing.reset();
    m_choices->setOutputUnits({}, {}, 0, {});
    const QString offer = offerText(baseline.book(), choice.offer);
    if (missing.hopeless)
        return showNothing(tr("%1 cannot be calculated.").arg(offer), errorText(*missing.hopeless));
    const QStringList labels = missing.labels;
    showNothing(labels.size() == 1 ? tr("%1: one figure is needed to size it.").arg(offer)
                                   : tr("%1: %2 figures are needed to size it.").arg(offer).arg(labels.size()),
                tr("State above: %1.").arg(listed(labels).toLower()));
}

void CapacityPage::showOwnFigures(const Baseline &baseline, const CapacityChoice &choice, bool asked)
{
    const PriceBook &book = baseline.book();
    const std::vector<OwnFigure> figures = ownFigures(book, choice, unitsBegin(baseline));
    const ProvisionedOffer *offer = book.offer(choice.offer);
    const QString title = offer ? tr("What you know better than the catalogue: %1, %2")
                                      .arg(offerText(book, choice.offer), termText(choice.term))
                                : offerText(book, choice.offer);
    m_ownFigures->show(title, figures, ownFiguresHint(book, choice, asked), ownFiguresSource(book, choice));
    m_ownFiguresWanted = m_ownFiguresWanted || asked;
    m_ownFigures->setVisible(m_ownFiguresWanted);
    const auto stated = std::count_if(figures.begin(), figures.end(), [](const OwnFigure &each) { return each.value; });
    m_choices->setOwnFigures(m_ownFiguresWanted, static_cast<int>(stated));
}

void CapacityPage::stateFigure(const std::string &place, const std::string &name, std::optional<std::int64_t> value)
{
    choose([&](CapacityChoice &choice) {
        StatedFigures &figures = choice.figures[place];
        if (value)
            figures[name] = *value;
        else
            figures.erase(name);
        if (figures.empty())
            choice.figures.erase(place);
    });
}

void CapacityPage::leaveFiguresOpen()
{
    const auto outcomes = document().outcomes();
    if (!outcomes)
        return;
    const Baseline &baseline = *outcomes->baseline;
    const auto shown = completedChoice(baseline, sizableModels(baseline, levers()), selection().capacity());
    if (!shown)
        return;
    choose([&](CapacityChoice &choice) {
        for (const OwnFigure &figure : ownFigures(baseline.book(), *shown, unitsBegin(baseline))) {
            const auto figures = choice.figures.find(figure.place);
            if (figures == choice.figures.end())
                continue;
            figures->second.erase(figure.name);
            if (figures->second.empty())
                choice.figures.erase(figures);
        }
    });
}

void CapacityPage::ask(const CapacityWish &wish)
{
    m_outputUnits = selection().capacity().outputUnits;
    if (m_asked && *m_asked == wish) {
        if (m_sizing)
            showSizing();
        return;
    }
    if (!m_asked || !m_asked->sameCurve(wish))
        m_sizing.reset();
    m_asked = wish;
    m_progress = std::make_shared<SizingProgress>();
    m_job.start([this, wish, progress = m_progress](const std::stop_token &stop) -> JobRunner::Delivery {
        auto answer = sizeCapacity(wish, *progress, stop);
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

void CapacityPage::askOffers(const CapacityWish &wish, const SizableModel &model, const CapacityChoice &choice)
{
    m_offers->setCurrent(wish.question.offer, wish.question.term);
    const bool known = m_askedOffers && m_askedOffers->sameTraffic(wish);
    if (known && m_askedFigures && m_askedFigures->figures == choice.figures)
        return;
    // Figures that were stated change some lines: the catalogues' own are not computed again.
    if (!known)
        m_catalogue.clear();
    std::optional<std::vector<OfferComparison>> catalogue;
    if (!m_catalogue.empty())
        catalogue = m_catalogue;
    m_askedOffers = wish;
    m_askedFigures = choice;
    m_compared.clear();
    m_offers->setOffers({}, {});
    m_offers->setState(tr("The offers are being compared…"));
    m_offerJob.start([this, wish, model, choice, catalogue](const std::stop_token &stop) -> JobRunner::Delivery {
        auto listed = catalogue ? *catalogue : compareCatalogueOffers(wish, stop);
        auto offers = compareWithOwnFigures(wish, model, choice, listed, stop);
        return [this, wish, listed = std::move(listed), offers = std::move(offers)] {
            takeOffers(wish, listed, offers);
        };
    });
}

void CapacityPage::takeOffers(const CapacityWish &wish, const std::vector<OfferComparison> &catalogue,
                              const std::vector<ComparedOffer> &offers)
{
    m_catalogue = catalogue;
    m_compared = offers;
    m_offers->setState(tr("No offer speaks of this model."));
    m_offers->setOffers(offers, costSpanOf(wish.baseline->settings(), wish.baseline->period()));
    if (m_asked)
        m_offers->setCurrent(m_asked->question.offer, m_asked->question.term);
    if (m_sizing && m_view == View::Filled)
        showUnits();
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
    m_use->setToolTip(m_sizing->leverKnows ? tr("Sets these units as a lever of a scenario")
                      : m_sizing->ownFigures
                          ? tr("A scenario takes its units from the catalogues: put your figures "
                               "into a catalogue of your own to use them there")
                          : tr("A scenario cannot hold units of this offer: it is measured otherwise"));
    m_breakEven->show(*m_sizing, words());
    m_week->show(m_sizing);
    showView(View::Filled);
    showUnits();
}

void CapacityPage::showUnits()
{
    const CapacityAnswer &answer = m_sizing->answer;
    const SizeFigures shown = m_sizing->at(m_units, m_outputUnits);
    const auto output = outputUnits();
    const bool atOptimum = m_units == answer.optimum.units && (!output || *output == answer.outputOptimum->units);
    m_choices->setUnits(m_units, answer.grid, m_sizing->largestSize(), answer.unitName, atOptimum);
    m_choices->setOutputUnits(output, m_sizing->outputGrid(), m_sizing->largestOutput(), answer.unitName);
    const CapacityWords texts = words();
    m_size->show(*m_sizing, shown, texts);
    m_waste->show(*m_sizing, shown, hourlyPriceOf(m_compared, answer.offer), texts);
}

void CapacityPage::moveTo(std::int64_t units)
{
    if (!m_sizing || units == m_units)
        return;
    m_units = units;
    showUnits();
    m_settle.start();
}

void CapacityPage::moveOutputTo(std::int64_t units)
{
    if (!m_sizing || outputUnits() == units)
        return;
    m_outputUnits = units;
    showUnits();
    m_settle.start();
}

void CapacityPage::keepUnits()
{
    if (m_held || !m_sizing)
        return;
    choose([this](CapacityChoice &choice) {
        choice.units = m_units;
        choice.outputUnits = m_outputUnits;
    });
}

void CapacityPage::showNothing(const QString &sentence, const QString &hint)
{
    m_choices->setUnitsEnabled(false);
    m_use->setEnabled(false);
    m_nothing->setSentence(sentence);
    m_nothing->setHint(hint);
    m_again->hide();
    m_replicas->hide();
    showView(View::Nothing);
}

void CapacityPage::showView(View view)
{
    m_view = view;
    m_noRequests->setVisible(view == View::NoRequests);
    m_nothing->setVisible(view == View::Nothing);
    m_filled->setVisible(view == View::Filled);
}

void CapacityPage::showProgress()
{
    if (m_job.isBusy()) {
        m_strip->setStep(m_progress->stage() == SizingProgress::Stage::Measuring ? tr("measuring the load")
                                                                                 : tr("finding the cheapest size"));
        m_strip->showProgress(tr("Sizing"), m_progress->thousandths(), SizingProgress::whole, 0);
    } else if (m_offerJob.isBusy()) {
        m_strip->showBusy(tr("Comparing offers"));
    } else {
        m_poll.stop();
        m_strip->showIdle();
    }
}

} // namespace perunit
