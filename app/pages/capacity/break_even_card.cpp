// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/break_even_card.h"

#include "app/pages/capacity/own_figures.h"
#include "app/pages/page_layout.h"
#include "model/figures/figure_builder.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QResizeEvent>
#include <QTableView>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr int mostRows = 14;
/// Below this width the tables stand below the texts.
constexpr int twoColumns = 860;

QString ruleText(const std::string &rule)
{
    if (rule == "mean")
        return BreakEvenCard::tr("For the average load");
    if (rule == "p95")
        return BreakEvenCard::tr("For 95 % of the time");
    return rule == "peak" ? BreakEvenCard::tr("For the peak") : toQt(rule);
}

ValueCell moneyCell(Femto amount, const std::string &currency)
{
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(amount, currency)), amount.approximate());
    cell.exact = toQt(amount.text());
    cell.toolTip = toQt(amount.text() + " " + currency);
    return cell;
}

ValueRow sizeRow(const QString &name, const SizeFigures &size, Femto regret, const CapacityAnswer &answer)
{
    ValueRow row;
    row.key = QStringLiteral("%1 %2").arg(size.units).arg(name);
    ValueCell more = ValueCell::ofNumber(toQt(signedMoneyText(regret, answer.currency)), regret.approximate(),
                                         regret > Femto() ? CellTone::Unfavourable : CellTone::Secondary);
    more.exact = toQt(regret.text());
    row.cells = {ValueCell::ofText(name),
                 ValueCell::ofNumber(unitsText(size.units, answer.unitName), static_cast<double>(size.units)),
                 moneyCell(size.cost(), answer.currency), more};
    return row;
}

} // namespace

BreakEvenCard::BreakEvenCard(QWidget *parent)
    : Card(tr("Does it pay?"), parent)
{
    auto *content = new QWidget(this);
    m_columns = new QBoxLayout(QBoxLayout::LeftToRight, content);
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(Theme::space5);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(Theme::space2);
    m_breakEvens = addTexts(tr("Three break-evens, for three questions"), texts);
    m_breakEvensHead = qobject_cast<QLabel *>(texts->itemAt(texts->count() - 2)->widget());
    m_stress = addTexts(tr("If tokens become cheaper and the units do not"), texts);
    m_stressHead = qobject_cast<QLabel *>(texts->itemAt(texts->count() - 2)->widget());
    m_remarks = addTexts(tr("To keep in mind"), texts);
    texts->addStretch(1);
    auto *tables = new QVBoxLayout;
    tables->setSpacing(Theme::space2);
    buildTables(tables);
    m_columns->addLayout(texts, 1);
    m_columns->addLayout(tables, 1);
    setContent(content);
}

void BreakEvenCard::buildTables(QVBoxLayout *rows)
{
    rows->addWidget(newLabel(tr("Rules of thumb"), "section", this));
    m_rules = new ValueTable(tr("Rules of thumb"), this);
    m_rules->setFittingRows(mostRows);
    m_rules->setColumns({{tr("Sized"), tr("Click a rule to look at its size"), false, ColumnWidth::Stretch},
                         {tr("Units"), {}, true},
                         {tr("Cost"), tr("Units and spill"), true},
                         {tr("Above the cheapest"), tr("What the rule costs too much"), true}});
    rows->addWidget(m_rules);
    m_stepsHead = newLabel(tr("What the levers leave to reserve"), "section", this);
    rows->addWidget(m_stepsHead);
    m_steps = new ValueTable(tr("What the levers leave to reserve"), this);
    m_steps->setFittingRows(mostRows);
    m_steps->setFixedOrder(true);
    m_steps->setColumns({{tr("After"), {}, false, ColumnWidth::Stretch},
                         {tr("Pay-as-you-go"), {}, true},
                         {tr("Best size"), {}, true},
                         {tr("Cost"), tr("Units and spill at the best size"), true}});
    rows->addWidget(m_steps);
    rows->addStretch(1);
    const auto choose = [this](const QString &key) {
        bool ok = false;
        const qlonglong units = key.section(QLatin1Char(' '), 0, 0).toLongLong(&ok);
        if (ok)
            emit sizeWanted(units);
    };
    connect(m_rules, &ValueTable::activated, this, choose);
    connect(m_rules->view(), &QTableView::clicked, this, [this, choose] { choose(m_rules->currentKey()); });
}

void BreakEvenCard::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    m_columns->setDirection(event->size().width() < twoColumns ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

QLabel *BreakEvenCard::addTexts(const QString &heading, QVBoxLayout *rows)
{
    rows->addWidget(newLabel(heading, "section", this));
    QLabel *texts = newLabel({}, "body", this);
    texts->setWordWrap(true);
    texts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    rows->addWidget(texts);
    return texts;
}

void BreakEvenCard::show(const CapacitySizing &sizing, const CapacityWords &words)
{
    const CapacityAnswer &answer = sizing.answer;
    setSubtitle(QStringLiteral("%1, %2").arg(toQt(answer.offerName), termText(answer.term)));
    m_breakEvensHead->setText(isOwnReplicas(answer.offer) ? tr("When replicas pay")
                                                          : tr("Three break-evens, for three questions"));
    m_breakEvens->setText(breakEvenSentences(answer).join(QLatin1Char('\n')));
    const QStringList stress = stressSentences(answer);
    m_stressHead->setVisible(!stress.isEmpty());
    setTextOrHide(m_stress, stress.join(QLatin1Char('\n')));
    std::vector<ValueRow> rules;
    SizeFigures nothing;
    nothing.spillCost = answer.payAsYouGo;
    rules.push_back(sizeRow(tr("For least cost"), answer.optimum, {}, answer));
    if (answer.optimum.units > 0)
        rules.push_back(sizeRow(tr("Pay-as-you-go"), nothing, answer.payAsYouGo - answer.optimum.cost(), answer));
    for (const SizeByRule &rule : answer.rules)
        rules.push_back(sizeRow(ruleText(rule.rule), rule.size, rule.regret, answer));
    m_rules->setRows(std::move(rules));
    const bool steps = answer.steps.size() > 1;
    m_stepsHead->setVisible(steps);
    m_steps->setVisible(steps);
    std::vector<ValueRow> rows;
    for (const CapacityStep &step : answer.steps) {
        ValueRow row;
        row.key = QString::number(rows.size());
        row.cells = {ValueCell::ofText(step.leverId.empty() ? tr("the traffic as it is") : toQt(step.label)),
                     moneyCell(step.payAsYouGo, answer.currency),
                     ValueCell::ofNumber(unitsText(step.optimum.units, answer.unitName),
                                         static_cast<double>(step.optimum.units)),
                     moneyCell(step.optimum.cost(), answer.currency)};
        rows.push_back(std::move(row));
    }
    m_steps->setRows(std::move(rows));
    QStringList remarks = remarksOf(sizing, words);
    const QString bucket = bucketSentence(answer, answer.at ? answer.at->units : answer.optimum.units);
    if (!bucket.isEmpty())
        remarks.prepend(bucket);
    remarks << tr("All amounts: %1.").arg(words.span.whole);
    m_remarks->setText(remarks.join(QLatin1Char('\n')));
}

} // namespace perunit
