// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/size_view.h"

#include "app/pages/key_figures.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/key_figure_card.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QResizeEvent>

namespace perunit {

namespace {

constexpr int pictureHeight = 400;
/// Below this width the pictures stand one below the other.
constexpr int twoPictures = 860;

QString exactly(Femto amount, const std::string &currency)
{
    return toQt(amount.text() + " " + currency);
}

} // namespace

SizeView::SizeView(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space4);
    auto *figures = new QHBoxLayout;
    figures->setSpacing(Theme::space3);
    for (KeyFigureCard *&card : m_figures) {
        card = new KeyFigureCard(this);
        figures->addWidget(card, 1);
    }
    column->addLayout(figures);
    m_pictures = new QBoxLayout(QBoxLayout::LeftToRight);
    m_pictures->setSpacing(Theme::space4);
    column->addLayout(m_pictures);
    m_load = addPicture();
    m_cost = addPicture();
}

FigureView *SizeView::addPicture()
{
    auto *card = new Card({}, this);
    auto *view = new FigureView(card);
    view->setMinimumHeight(pictureHeight);
    connect(view, &FigureView::handleMoved, this, &SizeView::sizeDragged);
    connect(view, &FigureView::handleStepped, this, &SizeView::sizeStepped);
    connect(view, &FigureView::handleSentTo, this, &SizeView::sizeSentTo);
    connect(view, &FigureView::handleHeld, this, [this](bool held) {
        // The scale of a picture that is dragged must not run away under the hand.
        m_load->setAxesHeld(held);
        m_cost->setAxesHeld(held);
        emit this->held(held);
    });
    connect(view, &FigureView::exportRequested, this,
            [this, view] { emit exportRequested(view->figure(), view->plane()); });
    card->setContent(view);
    m_pictures->addWidget(card, 1);
    return view;
}

void SizeView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_pictures->setDirection(event->size().width() < twoPictures ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void SizeView::show(const CapacitySizing &sizing, const SizeFigures &size, const CapacityWords &words)
{
    showFigures(sizing, size, words);
    const PlaneFigure load = loadDurationFigure(sizing, size, words);
    m_load->setFigure(load.figure, load.plane);
    const PlaneFigure cost = costOfSizeFigure(sizing, size, words);
    m_cost->setFigure(cost.figure, cost.plane);
}

void SizeView::setStale(bool stale)
{
    for (KeyFigureCard *card : m_figures)
        card->setStale(stale);
}

void SizeView::showFigures(const CapacitySizing &sizing, const SizeFigures &size, const CapacityWords &words)
{
    const CapacityAnswer &answer = sizing.answer;
    const auto money = [&answer](Femto amount) {
        return toQt(moneyText(amount, answer.currency));
    };
    KeyFigure best;
    best.label = tr("Cheapest size");
    best.value = answer.optimum.units == 0 ? tr("none") : unitsText(answer.optimum.units, answer.unitName);
    best.sentence = answer.optimum.units == 0
                        ? tr("Pay-as-you-go costs least: %1 %2").arg(money(answer.payAsYouGo), words.span.whole)
                        : tr("costs %1 %2").arg(money(answer.optimum.cost()), words.span.whole);
    best.toolTip = tr("Exactly %1").arg(exactly(answer.optimum.cost(), answer.currency));
    m_figures[0]->setFigure(best);

    KeyFigure cost;
    cost.label =
        size.units == 0 ? tr("Cost without units") : tr("Cost of %1").arg(unitsText(size.units, answer.unitName));
    cost.value = money(size.cost());
    cost.sentence = regretSentence(answer, size, words.span);
    cost.toolTip = tr("Units %1 + spill %2 = %3")
                       .arg(exactly(size.fixedCost, answer.currency), exactly(size.spillCost, answer.currency),
                            exactly(size.cost(), answer.currency));
    m_figures[1]->setFigure(cost);

    const Femto saving = answer.payAsYouGo - size.cost();
    KeyFigure saved;
    saved.label = tr("Against pay-as-you-go");
    saved.value = toQt(signedMoneyText(-saving, answer.currency));
    saved.delta = saving.isZero() ? QString() : toQt(changeText(answer.payAsYouGo, size.cost()));
    saved.deltaRises = saving < Femto();
    saved.tone = saving > Femto()   ? DeltaTone::Favourable
                 : saving < Femto() ? DeltaTone::Unfavourable
                                    : DeltaTone::Neutral;
    saved.sentence = tr("pay-as-you-go: %1").arg(money(answer.payAsYouGo));
    saved.toolTip = exactly(-saving, answer.currency);
    m_figures[2]->setFigure(saved);

    KeyFigure used;
    used.label = tr("Utilisation");
    used.value = size.units == 0 ? toQt(unknownText) : ppmText(size.utilisation);
    if (const auto even = answer.breakEvens.utilisation)
        used.sentence = *even >= onePpm ? tr("a unit pays at %1: never").arg(ppmText(*even))
                                        : tr("a unit pays from %1").arg(ppmText(*even));
    used.toolTip = tr("Served load ÷ capacity of the whole time");
    m_figures[3]->setFigure(used);

    KeyFigure spill;
    spill.label = tr("Spill");
    spill.value = size.units == 0 ? ppmText(onePpm) : ppmText(size.spillShare);
    spill.sentence = tr("%1 at pay-as-you-go").arg(money(size.spillCost));
    spill.toolTip =
        tr("Share of the load that the units do not serve") + QLatin1Char('\n') + bucketSentence(answer, size.units);
    m_figures[4]->setFigure(spill);
}

} // namespace perunit
