// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/difference_view.h"

#include "app/pages/page_layout.h"
#include "model/analyses/outcome_difference.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"
#include "model/report/analysis_figures.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

namespace perunit {

namespace {

ValueCell sideCell(const FigureDifference &line, const std::optional<Int128> &steps, const std::string &currency)
{
    if (!steps)
        return ValueCell::unknown(DifferenceView::tr("not known here"));
    ValueCell cell =
        ValueCell::ofNumber(toQt(figureValueText(line.figure, *steps, currency)), static_cast<double>(*steps));
    cell.exact = toQt(figureText(*steps, line.figure.isMoney()));
    cell.toolTip = cell.exact;
    return cell;
}

ValueCell differenceCell(const FigureDifference &line, const std::string &currency)
{
    if (!line.difference)
        return ValueCell::unknown(DifferenceView::tr("one of the two is not known"));
    const Int128 steps = *line.difference;
    const CellTone tone = steps == 0 || !line.figure.isMoney() ? CellTone::Secondary
                          : steps < 0                          ? CellTone::Favourable
                                                               : CellTone::Unfavourable;
    ValueCell cell =
        ValueCell::ofNumber(toQt(figureChangeText(line.figure, steps, currency)), static_cast<double>(steps), tone);
    cell.exact = toQt(figureText(steps, line.figure.isMoney()));
    cell.toolTip = cell.exact;
    return cell;
}

ValueRow rowOf(const FigureDifference &line, const std::string &currency)
{
    ValueRow row;
    row.key = toQt(line.figure.text());
    row.cells = {ValueCell::ofText(toQt(capitalised(figureLabel(line.figure)))), sideCell(line, line.first, currency),
                 sideCell(line, line.second, currency), differenceCell(line, currency)};
    return row;
}

/// Neither has any of it: nothing to tell.
bool isNothing(const FigureDifference &line)
{
    return line.first && line.second && *line.first == 0 && *line.second == 0;
}

} // namespace

DifferenceView::DifferenceView(QWidget *parent)
    : QWidget(parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    m_sentence = newLabel({}, "section", this);
    m_sentence->setWordWrap(true);
    rows->addWidget(m_sentence);
    m_table = new ValueTable(tr("Difference of two outcomes"), this);
    rows->addWidget(m_table, 1);
}

void DifferenceView::showNothing(const QString &why)
{
    m_sentence->setText(why);
    m_table->hide();
}

void DifferenceView::showDifference(const Outcome &first, const Outcome &second)
{
    const auto difference = differenceOf(first, second);
    if (!difference)
        return showNothing(toQt(difference.error().text()));
    const std::string &currency = difference->currency;
    const QString firstName = toQt(nameOf(first));
    const QString secondName = toQt(nameOf(second));
    if (difference->total.difference)
        m_sentence->setText(
            tr("%1 less %2: %3")
                .arg(firstName, secondName,
                     toQt(figureChangeText(difference->total.figure, *difference->total.difference, currency))));
    else
        m_sentence->setText(tr("%1 less %2 is not known: nothing has a price.").arg(firstName, secondName));
    if (difference->unpricedFirst != difference->unpricedSecond)
        m_sentence->setText(
            m_sentence->text() + QLatin1Char(' ')
            + tr("(%1 and %2 tokens without a price are in neither amount)")
                  .arg(toQt(countText(difference->unpricedFirst)), toQt(countText(difference->unpricedSecond))));
    m_table->setColumns({{tr("Figure"), {}, false, ColumnWidth::Stretch},
                         {firstName, {}, true},
                         {secondName, {}, true},
                         {tr("Difference"), tr("%1 less %2").arg(firstName, secondName), true}});
    std::vector<ValueRow> rows{rowOf(difference->total, currency)};
    rows.front().cells.front().tone = CellTone::Emphasis;
    for (const auto *part :
         {&difference->units, &difference->components, &difference->months, &difference->groups, &difference->usage}) {
        for (const FigureDifference &line : *part) {
            if (!isNothing(line))
                rows.push_back(rowOf(line, currency));
        }
    }
    m_table->setRows(std::move(rows));
    m_table->setVisible(true);
}

} // namespace perunit
