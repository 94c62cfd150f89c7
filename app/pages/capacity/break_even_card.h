// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "widgets/feedback/card.h"

class QBoxLayout;
class QLabel;
class QVBoxLayout;

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

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QLabel *addTexts(const QString &heading, QVBoxLayout *rows);
    void buildTables(QVBoxLayout *rows);

    QBoxLayout *m_columns = nullptr;

    QLabel *m_breakEvensHead = nullptr;
    QLabel *m_breakEvens = nullptr;
    QLabel *m_stressHead = nullptr;
    QLabel *m_stress = nullptr;
    QLabel *m_remarks = nullptr;
    ValueTable *m_rules = nullptr;
    QLabel *m_stepsHead = nullptr;
    ValueTable *m_steps = nullptr;
};

} // namespace perunit
