// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_choices.h"

#include "app/pages/capacity/capacity_text.h"
#include "app/pages/choices.h"
#include "app/pages/page_layout.h"
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

// All of them stand in one line of the smallest window.
constexpr int boxWidth = 150;
constexpr int offerWidth = 195;
constexpr int shortBoxWidth = 104;
constexpr int unitsWidth = 108;

const ParameterSpec &unitsSpec()
{
    const auto &parameters = leverSpec(LeverKind::Provisioned).parameters;
    return *std::find_if(parameters.begin(), parameters.end(),
                         [](const ParameterSpec &each) { return each.unit == ParameterUnit::Units; });
}

std::vector<ChoiceItem> offerItems(const Baseline &baseline, const SizableModel &model)
{
    std::vector<ChoiceItem> items;
    for (const std::string &id : model.offers) {
        const ProvisionedOffer *offer = baseline.book().offer(id);
        items.push_back({id, offer ? toQt(offer->name) : QString(), offer ? toQt(offer->note) : QString()});
    }
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
    , m_optimum(new QPushButton(tr("Optimum"), this))
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
    m_optimum->setToolTip(tr("As many units as cost least"));
    auto *sizes = new QWidget(this);
    auto *unitRow = new QHBoxLayout(sizes);
    unitRow->setContentsMargins(0, 0, 0, 0);
    unitRow->setSpacing(Theme::space1);
    unitRow->addWidget(m_units);
    unitRow->addWidget(m_optimum);
    flow->addWidget(labelled(tr("Scenario"), m_scenario));
    flow->addWidget(labelled(tr("Model"), m_model));
    flow->addWidget(labelled(tr("Offer"), m_offer));
    flow->addWidget(labelled(tr("Term"), m_term));
    flow->addWidget(labelled(tr("Units"), sizes));
    flow->addWidget(labelled(tr("Measured by"), m_bin));
    column->addWidget(row);
    setTone(m_refusal, "warning");
    m_refusal->hide();
    column->addWidget(m_refusal);
    m_bin->setItems({{"60", tr("the minute"), tr("as providers measure")},
                     {"1", tr("the second"), tr("bursts show; costs are not those of a lever")},
                     {"300", tr("5 minutes"), {}},
                     {"3600", tr("the hour"), tr("hides most of the spill")}});
    connect(m_scenario, &ChoiceBox::valueEdited, this, &CapacityChoices::scenarioChosen);
    connect(m_model, &ChoiceBox::valueEdited, this, &CapacityChoices::modelChosen);
    connect(m_offer, &ChoiceBox::valueEdited, this, &CapacityChoices::offerChosen);
    connect(m_term, &ChoiceBox::valueEdited, this, &CapacityChoices::termChosen);
    connect(m_bin, &ChoiceBox::valueEdited, this,
            [this](const std::string &seconds) { emit binChosen(std::atoi(seconds.c_str())); });
    connect(m_units, &ExactSpinBox::valueEdited, this, [this](qlonglong units) { emit unitsChosen(units); });
    connect(m_units, &ExactSpinBox::refused, this, [this](const QString &why) { setTextOrHide(m_refusal, why); });
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
    m_offer->setItems(shown ? offerItems(baseline, *shown) : std::vector<ChoiceItem>{});
    m_offer->setValue(choice.offer);
    m_offer->setEnabled(shown && !shown->offers.empty());
    const ProvisionedOffer *offer = baseline.book().offer(choice.offer);
    std::vector<ChoiceItem> terms;
    for (const std::string &term : sizableTerms(baseline, choice.offer))
        terms.push_back({term, termText(term), offer ? toQt(offer->name) : QString()});
    m_term->setItems(terms);
    m_term->setValue(choice.term);
    m_term->setEnabled(!terms.empty());
    m_bin->setValue(std::to_string(choice.binSeconds));
}

void CapacityChoices::setUnits(std::int64_t units, const SizeGrid &grid, std::int64_t largest,
                               const std::string &unitName, bool atOptimum)
{
    if (const std::pair wanted{UnitSteps{grid.minimum, grid.step}, unitName}; m_scale != wanted) {
        m_scale = wanted;
        m_units->setScale(unitScale(wanted.first, largest, unitName));
    }
    m_units->setValue(units);
    m_optimum->setEnabled(!atOptimum && m_units->isEnabled());
}

void CapacityChoices::setUnitsEnabled(bool enabled)
{
    m_units->setEnabled(enabled);
    if (!enabled)
        m_optimum->setEnabled(false);
}

} // namespace perunit
