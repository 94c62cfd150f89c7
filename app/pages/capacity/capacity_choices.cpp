// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_choices.h"

#include "app/pages/capacity/capacity_text.h"
#include "app/pages/capacity/own_figures.h"
#include "app/pages/choices.h"
#include "app/pages/page_layout.h"
#include "model/capacity/capacity_setup.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/flow_layout.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

// All of them stand in one line of a usual window.
constexpr int boxWidth = 150;
constexpr int offerWidth = 204;
constexpr int ownWidth = 120;
constexpr int shortBoxWidth = 104;
constexpr int unitsWidth = 108;

const ParameterSpec &unitsSpec()
{
    const auto &parameters = leverSpec(LeverKind::Provisioned).parameters;
    return *std::find_if(parameters.begin(), parameters.end(),
                         [](const ParameterSpec &each) { return each.unit == ParameterUnit::Units; });
}

/// Those that can be calculated, those that wait for a figure, and replicas of one's own.
std::vector<ChoiceItem> offerItems(const PriceBook &book, const SizableModel &model)
{
    std::vector<ChoiceItem> items;
    const auto add = [&](const std::string &id, const QString &before) {
        const ProvisionedOffer *offer = book.offer(id);
        items.push_back({id, offerText(book, id), before + (offer ? toQt(offer->note) : QString())});
    };
    for (const std::string &id : model.offers)
        add(id, {});
    for (const std::string &id : model.askable)
        add(id, CapacityChoices::tr("needs figures of your own. "));
    items.push_back({std::string(endpointOffer), offerText(book, std::string(endpointOffer)),
                     CapacityChoices::tr("GPUs that you rent or own, for models whose weights you can run")});
    return items;
}

std::vector<ChoiceItem> termItems(const PriceBook &book, const CapacityChoice &choice, Instant at)
{
    std::vector<ChoiceItem> items;
    for (const std::string &term : termsOf(book, choice.offer, at))
        items.push_back({term, termText(term), offerText(book, choice.offer)});
    return items;
}

} // namespace

ParameterScale unitScale(const UnitSteps &steps, std::int64_t largest, const std::string &unitName)
{
    ParameterScale scale(unitsSpec(), steps.minimum, steps.step, largest);
    scale.setUnitName(toQt(unitName));
    return scale;
}

CapacityChoices::CapacityChoices(QWidget *parent)
    : QWidget(parent)
    , m_scenario(new ChoiceBox(tr("Scenario"), this))
    , m_model(new ChoiceBox(tr("Model"), this))
    , m_offer(new ChoiceBox(tr("Offer"), this))
    , m_term(new ChoiceBox(tr("Term"), this))
    , m_bin(new ChoiceBox(tr("Resolution"), this))
    , m_units(new ExactSpinBox(this))
    , m_outputUnits(new ExactSpinBox(this))
    , m_optimum(new QPushButton(tr("Optimum"), this))
    , m_ownFigures(new QPushButton(tr("Own figures"), this))
    , m_refusal(newLabel({}, "caption", this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space1);
    auto *row = new QWidget(this);
    auto *flow = new FlowLayout(row);
    for (ChoiceBox *box : {m_scenario, m_model})
        box->setFixedWidth(boxWidth);
    m_offer->setFixedWidth(offerWidth);
    for (ChoiceBox *box : {m_term, m_bin})
        box->setFixedWidth(shortBoxWidth);
    m_scenario->setToolTip(tr("The size is found for what is left after all other levers of the scenario"));
    m_bin->setToolTip(tr("In which steps of time load is measured; providers measure by the minute"));
    m_units->setName(tr("Units"));
    m_units->setFixedWidth(unitsWidth);
    m_outputUnits->setName(tr("Units for output"));
    m_outputUnits->setFixedWidth(unitsWidth);
    m_outputUnits->setToolTip(
        tr("This offer sells units for output apart; what they cannot serve is charged per output "
           "token"));
    m_optimum->setToolTip(tr("As many units as cost least"));
    m_ownFigures->setCheckable(true);
    m_ownFigures->setFixedWidth(ownWidth); // its number comes and goes
    m_ownFigures->setToolTip(tr("Prices and throughput that you know better than the catalogues"));
    flow->addWidget(labelled(tr("Scenario"), m_scenario));
    flow->addWidget(labelled(tr("Model"), m_model));
    flow->addWidget(labelled(tr("Offer"), m_offer));
    flow->addWidget(labelled(tr("Term"), m_term));
    QWidget *unitsHolder = labelled(tr("Units"), m_units);
    m_unitsLabel = unitsHolder->findChild<QLabel *>({}, Qt::FindDirectChildrenOnly);
    m_outputHolder = labelled(tr("Units for output"), m_outputUnits);
    m_outputHolder->hide();
    flow->addWidget(unitsHolder);
    flow->addWidget(m_outputHolder);
    flow->addWidget(labelled({}, m_optimum));
    flow->addWidget(labelled(tr("Measured by"), m_bin));
    flow->addWidget(labelled({}, m_ownFigures));
    QWidget *before = m_scenario;
    for (QWidget *next : std::initializer_list<QWidget *>{m_model, m_offer, m_term, m_units, m_outputUnits, m_optimum,
                                                          m_bin, m_ownFigures}) {
        setTabOrder(before, next);
        before = next;
    }
    column->addWidget(row);
    setTone(m_refusal, "warning");
    m_refusal->hide();
    column->addWidget(m_refusal);
    m_bin->setItems({{"60", tr("the minute"), tr("as providers measure")},
                     {"1", tr("the second"), tr("bursts show; costs are not those of a lever")},
                     {"300", tr("5 minutes"), {}},
                     {"3600", tr("the hour"), tr("hides most of the spill")}});
    connectFields();
}

void CapacityChoices::connectFields()
{
    connect(m_scenario, &ChoiceBox::valueEdited, this, &CapacityChoices::scenarioChosen);
    connect(m_model, &ChoiceBox::valueEdited, this, &CapacityChoices::modelChosen);
    connect(m_offer, &ChoiceBox::valueEdited, this, &CapacityChoices::offerChosen);
    connect(m_term, &ChoiceBox::valueEdited, this, &CapacityChoices::termChosen);
    connect(m_bin, &ChoiceBox::valueEdited, this,
            [this](const std::string &seconds) { emit binChosen(std::atoi(seconds.c_str())); });
    connect(m_units, &ExactSpinBox::valueEdited, this, [this](qlonglong units) { emit unitsChosen(units); });
    connect(m_outputUnits, &ExactSpinBox::valueEdited, this,
            [this](qlonglong units) { emit outputUnitsChosen(units); });
    for (ExactSpinBox *field : {m_units, m_outputUnits})
        connect(field, &ExactSpinBox::refused, this, [this](const QString &why) { setTextOrHide(m_refusal, why); });
    for (ChoiceBox *box : {m_scenario, m_model, m_offer, m_term, m_bin})
        connect(box, &ChoiceBox::refused, this, [this](const QString &why) { setTextOrHide(m_refusal, why); });
    connect(m_ownFigures, &QPushButton::toggled, this, &CapacityChoices::ownFiguresToggled);
    connect(m_optimum, &QPushButton::clicked, this, &CapacityChoices::optimumWanted);
}

QWidget *CapacityChoices::labelled(const QString &label, QWidget *field)
{
    auto *holder = new QWidget(this);
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(newLabel(label, "caption", holder));
    column->addWidget(field);
    return holder;
}

void CapacityChoices::setScenarios(const std::vector<Scenario> &scenarios, const std::string &current)
{
    std::vector<ChoiceItem> items{{{}, tr("Baseline"), tr("the traffic as it is")}};
    for (const Scenario &scenario : scenarios)
        items.push_back({scenario.id, toQt(scenario.name), toQt(scenario.note)});
    m_scenario->setItems(items);
    m_scenario->setValue(current);
}

void CapacityChoices::setSizing(const Baseline &baseline, const std::vector<SizableModel> &models,
                                const CapacityChoice &choice)
{
    std::vector<ChoiceItem> items;
    const SizableModel *shown = nullptr;
    for (const SizableModel &model : models) {
        QString detail = model.requests > 0 ? tr("%1 requests, %2")
                                                  .arg(toQt(countText(model.requests)),
                                                       toQt(moneyText(model.cost, baseline.currency())))
                                            : tr("named by a lever");
        if (model.offers.empty())
            detail += tr("; nothing is offered for it");
        items.push_back({model.name, {}, detail});
        if (model.name == choice.model)
            shown = &model;
    }
    m_model->setItems(items);
    m_model->setValue(choice.model);
    const PriceBook &book = baseline.book();
    std::vector<ChoiceItem> offers = shown ? offerItems(book, *shown) : std::vector<ChoiceItem>{};
    // Nothing is chosen where nothing is sold; replicas of one's own still can be.
    if (choice.offer.empty())
        offers.insert(offers.begin(), {std::string(), tr("none"), tr("nothing that is reserved is offered")});
    m_offer->setItems(offers);
    m_offer->setValue(choice.offer);
    m_offer->setEnabled(shown != nullptr);
    const std::vector<ChoiceItem> terms = termItems(book, choice, unitsBegin(baseline));
    m_term->setItems(terms);
    m_term->setValue(choice.term);
    m_term->setEnabled(!terms.empty() && !isOwnReplicas(choice.offer));
    m_bin->setValue(std::to_string(choice.binSeconds));
}

void CapacityChoices::setUnitField(ExactSpinBox *field, std::optional<std::pair<UnitSteps, std::string>> &shown,
                                   const SizeGrid &grid, std::int64_t largest, const std::string &unitName)
{
    const std::pair wanted{UnitSteps{grid.minimum, grid.step}, unitName};
    if (shown == wanted)
        return;
    shown = wanted;
    // In a field of this width long names would hide the number.
    constexpr qsizetype longestName = 8;
    const QString name = unitPlural(unitName);
    field->setScale(unitScale(wanted.first, largest, name.size() > longestName ? fromQt(tr("units")) : fromQt(name)));
}

void CapacityChoices::setUnits(std::int64_t units, const SizeGrid &grid, std::int64_t largest,
                               const std::string &unitName, bool atOptimum)
{
    setUnitField(m_units, m_scale, grid, largest, unitName);
    m_units->setValue(units);
    m_optimum->setEnabled(!atOptimum && m_units->isEnabled());
}

void CapacityChoices::setOutputUnits(std::optional<std::int64_t> units, const SizeGrid &grid, std::int64_t largest,
                                     const std::string &unitName)
{
    m_outputHolder->setVisible(units.has_value());
    m_unitsLabel->setText(units ? tr("Units for input") : tr("Units"));
    m_units->setName(units ? tr("Units for input") : tr("Units"));
    if (!units)
        return;
    setUnitField(m_outputUnits, m_outputScale, grid, largest, unitName);
    m_outputUnits->setValue(*units);
}

void CapacityChoices::setOwnFigures(bool shown, int stated)
{
    m_ownFigures->setChecked(shown);
    m_ownFigures->setText(stated == 0 ? tr("Own figures") : tr("Own figures (%1)").arg(stated));
}

void CapacityChoices::setUnitsEnabled(bool enabled)
{
    m_units->setEnabled(enabled);
    m_outputUnits->setEnabled(enabled);
    if (!enabled)
        m_optimum->setEnabled(false);
}

} // namespace perunit
