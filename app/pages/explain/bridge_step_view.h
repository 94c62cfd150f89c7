// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/figure_address.h"
#include "app/document/workspace_document.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace perunit {

class ValueTable;

/// Why one bar of a bridge is as long as it is: what the lever changes alone, after all others, and on average over all
/// orders, and with which other levers it shares an effect.
class BridgeStepView : public QWidget
{
    Q_OBJECT
public:
    explicit BridgeStepView(QWidget *parent = nullptr);

    /// False when the bridge has no such part.
    bool showStep(const WorkspaceDocument &document, const Bridge &bridge, const FigureAddress &figure);

signals:
    /// The user wants to see what one end of the bridge is made of.
    void totalWanted(bool ofStart);

private:
    void showOrders(const Bridge &bridge, const BridgePart &part, const std::string &currency);
    void showPairs(const Bridge &bridge, const BridgePart &part, const std::string &currency);

    QLabel *m_amount = nullptr;
    QLabel *m_sentence = nullptr;
    QLabel *m_lever = nullptr;
    ValueTable *m_orders = nullptr;
    QLabel *m_pairsTitle = nullptr;
    ValueTable *m_pairs = nullptr;
    QPushButton *m_start = nullptr;
    QPushButton *m_end = nullptr;
};

} // namespace perunit
