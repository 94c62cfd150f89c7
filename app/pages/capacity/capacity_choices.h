// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/completed_choice.h"
#include "widgets/inputs/choices.h"
#include "widgets/inputs/parameter_scale.h"

#include <QWidget>

#include <optional>
#include <utility>

class QLabel;
class QPushButton;

namespace perunit {

class ChoiceBox;
class ExactSpinBox;

/// How units are typed and stepped.
ParameterScale unitScale(const UnitSteps &steps, std::int64_t largest, const std::string &unitName);

/// What is sized: scenario, model, offer, term, units, resolution. Shows what it is given and emits what is chosen.
class CapacityChoices : public QWidget
{
    Q_OBJECT
public:
    explicit CapacityChoices(QWidget *parent = nullptr);

    void setScenarios(const std::vector<Scenario> &scenarios, const std::string &current);
    /// `choice` is complete: model, offer and term are the ones that are shown.
    void setSizing(const Baseline &baseline, const std::vector<SizableModel> &models, const CapacityChoice &choice);
    /// The size that is shown, with the sizes that can be bought. `atOptimum`: it is the cheapest one.
    void setUnits(std::int64_t units, const SizeGrid &grid, std::int64_t largest, const std::string &unitName,
                  bool atOptimum);
    /// Units for output, where they are bought apart; without a value there are none.
    void setOutputUnits(std::optional<std::int64_t> units, const SizeGrid &grid, std::int64_t largest,
                        const std::string &unitName);
    /// Without an answer there is no size.
    void setUnitsEnabled(bool enabled);
    /// Whether the fields for own figures are shown, and how many of them hold something.
    void setOwnFigures(bool shown, int stated);

signals:
    void scenarioChosen(const std::string &id);
    void modelChosen(const std::string &model);
    void offerChosen(const std::string &offer);
    void termChosen(const std::string &term);
    void binChosen(int seconds);
    void unitsChosen(std::int64_t units);
    void outputUnitsChosen(std::int64_t units);
    void ownFiguresToggled(bool shown);
    void optimumWanted();

private:
    void connectFields();
    QWidget *labelled(const QString &label, QWidget *field);
    void setUnitField(ExactSpinBox *field, std::optional<std::pair<UnitSteps, std::string>> &shown,
                      const SizeGrid &grid, std::int64_t largest, const std::string &unitName);

    ChoiceBox *m_scenario;
    ChoiceBox *m_model;
    ChoiceBox *m_offer;
    ChoiceBox *m_term;
    ChoiceBox *m_bin;
    ExactSpinBox *m_units;
    ExactSpinBox *m_outputUnits;
    QWidget *m_outputHolder = nullptr;
    QLabel *m_unitsLabel = nullptr;
    QPushButton *m_optimum;
    QPushButton *m_ownFigures;
    QLabel *m_refusal;
    /// What the field was last told, so that a value that is being typed is left alone.
    std::optional<std::pair<UnitSteps, std::string>> m_scale;
    std::optional<std::pair<UnitSteps, std::string>> m_outputScale;
};

} // namespace perunit
