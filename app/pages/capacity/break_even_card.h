// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "widgets/feedback/card.h"

class QLabel;

namespace perunit {

class ValueTable;

/// Does it pay: three break-evens for three questions, what a price cut would do, rules of thumb with what they cost
/// too much, and everything that limits the figures.
class BreakEvenCard : public Card
{
    Q_OBJECT
public:
    explicit BreakEvenCard(QWidget *parent = nullptr);

    void show(const CapacitySizing &sizing, const CapacityWords &words);

signals:
    /// A rule of thumb was chosen.
    void sizeWanted(std::int64_t units);

private:
    QLabel *addTexts(const QString &heading, class QVBoxLayout *rows);

    QLabel *m_breakEvens = nullptr;
    QLabel *m_stressHead = nullptr;
    QLabel *m_stress = nullptr;
    QLabel *m_remarks = nullptr;
    ValueTable *m_rules = nullptr;
    QLabel *m_stepsHead = nullptr;
    ValueTable *m_steps = nullptr;
};

} // namespace perunit
