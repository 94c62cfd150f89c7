// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/units/economic_unit.h"
#include "pricing/base/result.h"
#include "widgets/inputs/choices.h"

#include <QStringList>
#include <QWidget>

#include <vector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;

namespace perunit {

class ChoiceBox;
class ScopeEdit;
class SegmentedSwitch;

/// Edits an economic unit: its name, what counts for it, how units are counted, what one is worth.
class UnitEdit : public QWidget
{
    Q_OBJECT
public:
    explicit UnitEdit(QWidget *parent = nullptr);

    /// Lists to choose from: dimensions that identify units, imported outcome metrics, scope values.
    void setChoices(const std::vector<ChoiceItem> &dimensions, const std::vector<ChoiceItem> &metrics,
                    const ScopeValues &scopeValues);
    void setCurrency(const QString &code);
    /// Names of the other units; two units may not share one.
    void setTakenNames(const QStringList &names);
    /// Shows a unit without emitting.
    void setUnit(const EconomicUnit &unit);
    /// What the fields say. Errors: BadInput with the field in `where`, Conflict for a name that is taken.
    [[nodiscard]] Result<EconomicUnit> unit() const;

signals:
    /// The user changed the unit and it is complete.
    void edited(const perunit::EconomicUnit &unit);
    /// Whether unit() is a value has changed, or why it is none.
    void problemChanged(const QString &problem);

private:
    void buildFields();
    void buildDenominator();
    void addField(const QString &label, QWidget *field);
    QLineEdit *newAmount(QLabel **currency, const QString &label, const QString &help);
    void showDenominator();
    void changed();
    void showProblem();
    [[nodiscard]] UnitDenominator::Kind kind() const;
    [[nodiscard]] Result<std::optional<Money>> readAmount(const QLineEdit *field, const QString &name) const;

    EconomicUnit m_unit;
    QStringList m_taken;
    std::vector<ChoiceItem> m_dimensions;
    std::vector<ChoiceItem> m_metrics;
    QVBoxLayout *m_rows = nullptr;
    QLineEdit *m_name = nullptr;
    ScopeEdit *m_scope = nullptr;
    QCheckBox *m_inference = nullptr;
    QCheckBox *m_harness = nullptr;
    SegmentedSwitch *m_kind = nullptr;
    ChoiceBox *m_counted = nullptr;
    QLabel *m_explanation = nullptr;
    QLineEdit *m_value = nullptr;
    QLineEdit *m_human = nullptr;
    QLabel *m_valueCurrency = nullptr;
    QLabel *m_humanCurrency = nullptr;
    QPlainTextEdit *m_note = nullptr;
    QLabel *m_problem = nullptr;
    bool m_showing = false;
    bool m_fresh = true; ///< nothing was shown yet
};

} // namespace perunit
