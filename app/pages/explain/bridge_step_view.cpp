// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/explain/bridge_step_view.h"

#include "app/pages/money_cells.h"
#include "app/pages/page_layout.h"
#include "model/figures/figure_builder.h"
#include "model/report/comparison_report.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostPairs = 8;

const BridgePart *partOf(const Bridge &bridge, const std::string &leverId)
{
    const auto found = std::find_if(bridge.parts.begin(), bridge.parts.end(),
                                    [&leverId](const BridgePart &part) { return part.leverId == leverId; });
    return found == bridge.parts.end() ? nullptr : &*found;
}

/// The lever in words, as the scenario of either end has it.
QString leverOf(const WorkspaceDocument &document, const FigureAddress &figure)
{
    for (const std::string &id : {figure.scenarioId, figure.step->fromId}) {
        for (const EffectiveLever &each : requestFor(document.state(), id).levers) {
            if (each.lever.id == figure.step->leverId)
                return toQt(leverSpec(each.lever.kind).label) + QStringLiteral(": ") + toQt(leverText(each.lever));
        }
    }
    return {};
}

} // namespace

BridgeStepView::BridgeStepView(QWidget *parent)
    : QWidget(parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    m_amount = newLabel({}, "pageTitle", this);
    m_amount->setAccessibleName(tr("Change"));
    m_sentence = newLabel({}, "body", this);
    m_lever = newLabel({}, "caption", this);
    for (QLabel *label : {m_amount, m_sentence, m_lever}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        rows->addWidget(label);
    }
    m_orders = new ValueTable(tr("What it changes, by the order of the levers"), this);
    m_orders->setFixedOrder(true);
    m_orders->setFittingRows(5);
    m_orders->setColumns(
        {{tr("When it is applied"), {}, false, ColumnWidth::Stretch}, {tr("It changes the total by"), {}, true}});
    rows->addWidget(m_orders);
    m_pairsTitle = newLabel(tr("What it does together with others, beyond what each does alone"), "heading", this);
    rows->addWidget(m_pairsTitle);
    m_pairs = new ValueTable(tr("Pairs of levers"), this);
    m_pairs->setFittingRows(mostPairs);
    m_pairs->setColumns({{tr("Together with"), {}, false, ColumnWidth::Stretch},
                         {tr("Effect of the pair"), tr("Each bar of the two takes half of it"), true}});
    rows->addWidget(m_pairs);
    auto *ends = new QHBoxLayout;
    ends->setSpacing(Theme::space2);
    m_start = new QPushButton(this);
    m_end = new QPushButton(this);
    for (QPushButton *button : {m_start, m_end}) {
        button->setAutoDefault(false);
        ends->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, button] { emit totalWanted(button == m_start); });
    }
    ends->addStretch(1);
    rows->addLayout(ends);
    rows->addStretch(1);
}

bool BridgeStepView::showStep(const WorkspaceDocument &document, const Bridge &bridge, const FigureAddress &figure)
{
    const BridgePart *part = partOf(bridge, figure.step->leverId);
    const auto outcomes = document.outcomes();
    if (!part || !outcomes)
        return false;
    const std::string &currency = outcomes->base.currency;
    m_amount->setText(toQt(signedMoneyText(part->amount, currency)));
    const QString words = part->amount < Femto()   ? tr("saves")
                          : part->amount > Femto() ? tr("adds")
                                                   : tr("does not change the total:");
    m_sentence->setText(
        tr("%1 %2 %3 on the way from %4 (%5) to %6 (%7).")
            .arg(toQt(part->label), words,
                 toQt(moneyText(part->amount < Femto() ? Femto() - part->amount : part->amount, currency)),
                 toQt(bridge.from), toQt(moneyText(bridge.start, currency)), toQt(bridge.to),
                 toQt(moneyText(bridge.end, currency))));
    setTextOrHide(m_lever, leverOf(document, figure));
    showOrders(bridge, *part, currency);
    showPairs(bridge, *part, currency);
    m_start->setText(tr("Explain the total of %1").arg(toQt(bridge.from)));
    m_end->setText(tr("Explain the total of %1").arg(toQt(bridge.to)));
    for (QPushButton *button : {m_start, m_end})
        button->setAccessibleName(button->text());
    return true;
}

void BridgeStepView::showOrders(const Bridge &bridge, const BridgePart &part, const std::string &currency)
{
    std::vector<ValueRow> rows;
    const auto add = [&](const QString &when, Femto amount, bool emphasis) {
        ValueRow row;
        row.key = when;
        row.cells = {ValueCell::ofText(when, emphasis ? CellTone::Emphasis : CellTone::Normal),
                     changeCell(amount, currency)};
        row.cells.front().toolTip = when;
        rows.push_back(std::move(row));
    };
    if (part.minimum == part.maximum) {
        add(tr("In whatever order the levers are applied"), part.amount, true);
        m_orders->setRows(std::move(rows));
        return;
    }
    add(tr("Alone, before all others"), part.alone, false);
    add(tr("After all others"), part.last, false);
    add(tr("Least over the orders that were worked out"), part.minimum, false);
    add(tr("Most over the orders that were worked out"), part.maximum, false);
    add(bridge.method == "shapley" ? tr("On average over all orders: this bar")
                                   : tr("In the order of the pipeline: this bar"),
        part.amount, true);
    m_orders->setRows(std::move(rows));
}

void BridgeStepView::showPairs(const Bridge &bridge, const BridgePart &part, const std::string &currency)
{
    std::vector<ValueRow> rows;
    for (const BridgeInteraction &pair : bridge.interactions) {
        if (pair.amount.isZero() || (pair.a != part.leverId && pair.b != part.leverId))
            continue;
        const BridgePart *other = partOf(bridge, pair.a == part.leverId ? pair.b : pair.a);
        ValueRow row;
        row.key = toQt(other ? other->leverId : pair.b);
        row.cells = {ValueCell::ofText(toQt(other ? other->label : pair.b)), changeCell(pair.amount, currency)};
        rows.push_back(std::move(row));
    }
    m_pairsTitle->setVisible(!rows.empty());
    m_pairs->setVisible(!rows.empty());
    m_pairs->setRows(std::move(rows));
}

} // namespace perunit
