// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/compare/analysis_tables.h"

#include "app/pages/money_cells.h"
#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace perunit {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("AnalysisTables", text);
}

const Lever *leverNamed(const std::vector<EffectiveLever> &levers, const std::string &id)
{
    for (const EffectiveLever &each : levers) {
        if (each.lever.id == id)
            return &each.lever;
    }
    return nullptr;
}

ValueCell valueCell(const Lever &lever, const ParameterSpec &spec, std::int64_t value)
{
    return ValueCell::ofNumber(toQt(parameterValueText(lever, spec, value)), static_cast<double>(value));
}

double sortValue(Int128 steps)
{
    return static_cast<double>(steps);
}

ValueCell figureCell(const OutcomeFigure &figure, const FigureAt &at, const FigureValue &present,
                     const std::string &currency)
{
    if (!at.figure)
        return ValueCell::unknown(toQt(at.problem));
    const Int128 change = at.figure->rounded() - present.rounded();
    const CellTone tone = change < 0 ? CellTone::Favourable : change > 0 ? CellTone::Unfavourable : CellTone::Secondary;
    ValueCell cell = ValueCell::ofNumber(toQt(figureValueText(figure, at.figure->rounded(), currency)),
                                         sortValue(at.figure->rounded()), figure.isMoney() ? tone : CellTone::Normal);
    cell.exact = toQt(at.figure->text());
    cell.toolTip = cell.exact + QStringLiteral("\n") + toQt(figureChangeText(figure, change, currency));
    return cell;
}

ValueCell amountCell(std::optional<Femto> amount, const std::string &currency, const std::string &whyNot,
                     bool isSaving = true)
{
    if (!amount)
        return ValueCell::unknown(toQt(whyNot));
    const CellTone tone = !isSaving           ? CellTone::Normal
                          : *amount > Femto() ? CellTone::Favourable
                          : *amount < Femto() ? CellTone::Unfavourable
                                              : CellTone::Secondary;
    ValueCell cell = moneyCell(*amount, currency);
    cell.tone = tone;
    return cell;
}

ValueCell turnCell(const Lever &lever, const KillNumber &row, const KillNumber::Turn &turn, const OutcomeFigure &figure,
                   const std::string &currency)
{
    if (!turn.value)
        return ValueCell::unknown(row.problem.empty()
                                      ? tr("It does not turn as far as %1.")
                                            .arg(toQt(parameterValueText(lever, *row.parameter.spec, turn.limit)))
                                      : toQt(row.problem));
    ValueCell cell = valueCell(lever, *row.parameter.spec, *turn.value);
    if (turn.margin) {
        const QString share = QLocale().toString(std::abs(static_cast<double>(*turn.margin)) / 10'000.0, 'f', 1);
        cell.text += QStringLiteral(" (%1%2 %)")
                         .arg(*turn.margin > 0   ? QStringLiteral("+")
                              : *turn.margin < 0 ? QString(QChar(0x2212))
                                                 : QString(),
                              share);
    }
    if (turn.first && turn.second)
        cell.toolTip = tr("There the figures are %1 and %2.")
                           .arg(toQt(figureValueText(figure, turn.first->rounded(), currency)),
                                toQt(figureValueText(figure, turn.second->rounded(), currency)));
    return cell;
}

} // namespace

TableContent tornadoTable(const Tornado &tornado, const std::vector<EffectiveLever> &levers,
                          const std::string &currency)
{
    TableContent table;
    table.columns = {{tr("Assumption"), {}, false, ColumnWidth::Stretch},
                     {tr("Now"), tr("Its value in this scenario"), true},
                     {tr("Low"), tr("Low end of its range"), true},
                     {tr("Figure at low"), tr("With this one value, everything else as it is"), true},
                     {tr("High"), tr("High end of its range"), true},
                     {tr("Figure at high"), tr("With this one value, everything else as it is"), true},
                     {tr("Swing"), tr("Largest less smallest of the figures at low, now and high"), true}};
    for (const TornadoRow &row : tornado.rows) {
        const Lever *lever = leverNamed(levers, row.parameter.leverId);
        if (!lever)
            continue;
        const ParameterSpec &spec = *row.parameter.spec;
        ValueRow line;
        line.key = toQt(row.parameter.id());
        ValueCell name = ValueCell::ofText(toQt(parameterLabel(*lever, spec)), CellTone::Emphasis);
        name.toolTip = toQt(row.parameter.id()) + QLatin1Char('\n') + toQt(spec.help);
        line.cells = {name,
                      valueCell(*lever, spec, row.present),
                      valueCell(*lever, spec, row.low.value),
                      figureCell(tornado.figure, row.low, tornado.present, currency),
                      valueCell(*lever, spec, row.high.value),
                      figureCell(tornado.figure, row.high, tornado.present, currency),
                      row.swing ? ValueCell::ofNumber(toQt(figureValueText(tornado.figure, *row.swing, currency)),
                                                      sortValue(*row.swing))
                                : ValueCell::unknown(tr("one end cannot be evaluated"))};
        table.rows.push_back(std::move(line));
    }
    return table;
}

TableContent savingsTable(const SavingsList &savings, const std::function<QString(const std::string &)> &nameOf,
                          const std::string &currency)
{
    TableContent table;
    table.columns = {
        {tr("Lever"), {}, false, ColumnWidth::Stretch},
        {tr("Set by"), tr("Scenario whose lever it is"), false},
        {tr("Alone"), tr("What it would save as the only lever; these overlap and must not be added up"), true},
        {tr("Given those above"), tr("What it saves once those above it are in force; these add up to the total"),
         true},
        {tr("Shared fairly"), tr("Averaged over all orders; these add up to the total as well"), true},
        {tr("Cost after it"), tr("Total with it and all above it"), true}};
    for (const SavingsItem &item : savings.items) {
        ValueRow row;
        row.key = toQt(item.leverId);
        ValueCell name = ValueCell::ofText(toQt(item.label), CellTone::Emphasis);
        name.toolTip = toQt(item.leverId);
        row.cells = {name,
                     ValueCell::ofText(nameOf(item.setBy), CellTone::Secondary),
                     amountCell(item.alone, currency, {}),
                     amountCell(item.marginal, currency, {}),
                     amountCell(item.shapley, currency, savings.whyNoShapley),
                     amountCell(item.after, currency, {}, false)};
        table.rows.push_back(std::move(row));
    }
    if (table.rows.empty())
        return table;
    Femto alone;
    for (const SavingsItem &item : savings.items)
        alone += item.alone;
    ValueRow total;
    total.key = QStringLiteral("#total");
    ValueCell sum = amountCell(alone, currency, {});
    sum.tone = CellTone::Secondary;
    sum.toolTip = tr("Added up they would promise %1 more than all of them together save.")
                      .arg(toQt(moneyText(savings.overlap, currency)));
    const bool shapley = savings.items.front().shapley.has_value();
    total.cells = {ValueCell::ofText(tr("Together"), CellTone::Emphasis),
                   ValueCell::ofText({}),
                   sum,
                   amountCell(savings.joint(), currency, {}),
                   amountCell(shapley ? std::optional(savings.joint()) : std::nullopt, currency, savings.whyNoShapley),
                   amountCell(savings.after, currency, {}, false)};
    table.rows.push_back(std::move(total));
    return table;
}

QString killHeadline(const KillNumbers &numbers, const std::vector<EffectiveLever> &levers, const std::string &first,
                     const std::string &second)
{
    QStringList turning;
    for (const KillNumber &number : numbers.rows) {
        const Lever *lever = leverNamed(levers, number.parameter.leverId);
        if (lever && (number.down.value || number.up.value))
            turning << toQt(parameterLabel(*lever, *number.parameter.spec));
    }
    const QString stands = (numbers.firstIsLower ? tr("%1 is cheaper than %2") : tr("%1 is not cheaper than %2"))
                               .arg(toQt(first), toQt(second));
    if (numbers.rows.empty())
        return tr("%1.").arg(stands);
    if (turning.isEmpty())
        return tr("%1, and no single assumption turns that within its limits.").arg(stands);
    if (turning.size() == 1)
        return tr("%1; one of %2 assumptions could turn that: %3.")
            .arg(stands, QString::number(numbers.rows.size()), turning.front());
    return tr("%1; %2 of %3 assumptions could turn that.")
        .arg(stands, QString::number(turning.size()), QString::number(numbers.rows.size()));
}

TableContent killTable(const KillNumbers &numbers, const std::vector<EffectiveLever> &levers, const std::string &first,
                       const std::string &second, const std::string &currency)
{
    TableContent table;
    table.columns = {{tr("Assumption"), {}, false, ColumnWidth::Contents},
                     {tr("Now"), tr("Its value in this scenario"), true},
                     {tr("Turns below at"), tr("First value downwards at which the comparison turns"), true},
                     {tr("Turns above at"), tr("First value upwards at which the comparison turns"), true},
                     {tr("What that means"), {}, false, ColumnWidth::Stretch}};
    for (const KillNumber &number : numbers.rows) {
        const Lever *lever = leverNamed(levers, number.parameter.leverId);
        if (!lever)
            continue;
        ValueRow row;
        row.key = toQt(number.parameter.id());
        ValueCell name = ValueCell::ofText(toQt(parameterLabel(*lever, *number.parameter.spec)), CellTone::Emphasis);
        name.toolTip = toQt(number.parameter.id());
        ValueCell sentence =
            ValueCell::ofText(toQt(killSentence(number, numbers, *lever, first, second)),
                              number.down.value || number.up.value ? CellTone::Normal : CellTone::Secondary);
        if (number.inBoth)
            sentence.text += QLatin1Char(' ') + tr("It moves in both: they share this lever.");
        sentence.toolTip = sentence.text;
        row.cells = {name, valueCell(*lever, *number.parameter.spec, number.present),
                     turnCell(*lever, number, number.down, numbers.figure, currency),
                     turnCell(*lever, number, number.up, numbers.figure, currency), sentence};
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace perunit
