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

QString money(Femto amount, const CapacityAnswer &answer)
{
    return toQt(moneyText(amount, answer.currency));
}

KeyFigure cheapestSize(const CapacityAnswer &answer, const CapacityWords &words)
{
    KeyFigure best;
    best.label = SizeView::tr("Cheapest size");
    const bool none = answer.optimum.units == 0;
    // Both numbers of a split offer have no room with their words.
    best.value = none                   ? SizeView::tr("none")
                 : answer.outputOptimum ? QStringLiteral("%1 + %2").arg(
                       toQt(exactCountText(answer.optimum.units)), toQt(exactCountText(answer.outputOptimum->units)))
                                        : unitsText(answer.optimum.units, answer.unitName);
    best.sentence =
        none ? SizeView::tr("Pay-as-you-go costs least: %1 %2").arg(money(answer.payAsYouGo, answer), words.span.whole)
             : SizeView::tr("costs %1 %2").arg(money(answer.optimum.cost(), answer), words.span.whole);
    if (!none && answer.outputOptimum)
        best.sentence.prepend(SizeView::tr("for input + for output; "));
    if (answer.perMillionOutput)
        best.sentence += SizeView::tr(", %1 a million output tokens").arg(money(*answer.perMillionOutput, answer));
    best.toolTip =
        none ? SizeView::tr("Exactly %1").arg(exactly(answer.optimum.cost(), answer.currency))
             : SizeView::tr("%1\nExactly %2").arg(optimumText(answer), exactly(answer.optimum.cost(), answer.currency));
    return best;
}

KeyFigure costOfSize(const CapacityAnswer &answer, const SizeFigures &size, const CapacityWords &words)
{
    KeyFigure cost;
    cost.label = size.units == 0 ? SizeView::tr("Cost without units")
                                 : SizeView::tr("Cost of %1").arg(sizeText(size.units, answer.unitName, words.output));
    cost.value = money(size.cost(), answer);
    cost.sentence = regretSentence(answer, size, words.span);
    cost.toolTip = SizeView::tr("Units %1 + spill %2 = %3")
                       .arg(exactly(size.fixedCost, answer.currency), exactly(size.spillCost, answer.currency),
                            exactly(size.cost(), answer.currency));
    return cost;
}

KeyFigure savingOfSize(const CapacityAnswer &answer, const SizeFigures &size)
{
    const Femto saving = answer.payAsYouGo - size.cost();
    KeyFigure saved;
    saved.label = SizeView::tr("Against pay-as-you-go");
    saved.value = toQt(signedMoneyText(-saving, answer.currency));
    saved.delta = saving.isZero() ? QString() : toQt(changeText(answer.payAsYouGo, size.cost()));
    saved.deltaRises = saving < Femto();
    saved.tone = saving > Femto()   ? DeltaTone::Favourable
                 : saving < Femto() ? DeltaTone::Unfavourable
                                    : DeltaTone::Neutral;
    saved.sentence = SizeView::tr("pay-as-you-go: %1").arg(money(answer.payAsYouGo, answer));
    saved.toolTip = exactly(-saving, answer.currency);
    return saved;
}

/// One share, or that of input and that of output.
QString shareOfBoth(PartsPerMillion input, const std::optional<PartsPerMillion> &output)
{
    return output ? QStringLiteral("%1 + %2").arg(ppmText(input), ppmText(*output)) : ppmText(input);
}

KeyFigure useOfSize(const CapacityAnswer &answer, const SizeFigures &size, const CapacityWords &words)
{
    KeyFigure used;
    used.label = SizeView::tr("Utilisation");
    used.value = size.units == 0 ? toQt(unknownText)
                                 : shareOfBoth(size.utilisation,
                                               words.output ? std::optional(words.output->utilisation) : std::nullopt);
    if (const auto even = answer.breakEvens.utilisation)
        used.sentence = *even >= onePpm ? SizeView::tr("a unit pays at %1: never").arg(ppmText(*even))
                                        : SizeView::tr("a unit pays from %1").arg(ppmText(*even));
    if (words.output)
        used.sentence = SizeView::tr("of input + of output units");
    used.toolTip = SizeView::tr("Served load ÷ capacity of the whole time");
    return used;
}

KeyFigure spillOfSize(const CapacityAnswer &answer, const SizeFigures &size, const CapacityWords &words)
{
    KeyFigure spill;
    spill.label = SizeView::tr("Spill");
    spill.value = size.units == 0 ? ppmText(onePpm)
                                  : shareOfBoth(size.spillShare,
                                                words.output ? std::optional(words.output->spillShare) : std::nullopt);
    spill.sentence = SizeView::tr("%1 at pay-as-you-go").arg(money(size.spillCost, answer));
    spill.toolTip = SizeView::tr("Share of the load that the units do not serve") + QLatin1Char('\n')
                    + bucketSentence(answer, size.units);
    return spill;
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
    m_figures[0]->setFigure(cheapestSize(answer, words));
    m_figures[1]->setFigure(costOfSize(answer, size, words));
    m_figures[2]->setFigure(savingOfSize(answer, size));
    m_figures[3]->setFigure(useOfSize(answer, size, words));
    m_figures[4]->setFigure(spillOfSize(answer, size, words));
}

} // namespace perunit
