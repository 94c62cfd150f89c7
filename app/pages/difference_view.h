// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/outcome.h"

#include <QWidget>

class QLabel;

namespace perunit {

class ValueTable;

/// An outcome less another one, figure by figure: total, units, components, months, groups, usage.
class DifferenceView : public QWidget
{
    Q_OBJECT
public:
    explicit DifferenceView(QWidget *parent = nullptr);

    void showDifference(const Outcome &first, const Outcome &second);
    void showNothing(const QString &why);

private:
    QLabel *m_sentence = nullptr;
    ValueTable *m_table = nullptr;
};

} // namespace perunit
