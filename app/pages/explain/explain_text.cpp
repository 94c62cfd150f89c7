// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/explain/explain_text.h"

#include "app/pages/key_figures.h"
#include "model/engine/explain_text.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace perunit {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("ExplainPanel", text);
}

QString monthsOf(const ExplainedLine &line)
{
    if (!line.firstMonth)
        return {};
    return line.firstMonth == line.lastMonth
               ? shortMonthName(*line.firstMonth)
               : translated("%1 to %2").arg(shortMonthName(*line.firstMonth), shortMonthName(*line.lastMonth));
}

QString modelOf(const ExplainedLine &line)
{
    if (line.model.empty() || line.recordedModel.empty() || line.recordedModel == line.model)
        return toQt(line.model.empty() ? line.recordedModel : line.model);
    return toQt(line.recordedModel) + QStringLiteral(" → ") + toQt(line.model);
}

QString whatOf(const ExplainedLine &line)
{
    if (line.kind == ExplainedKind::Units)
        return translated("Units");
    QString text = toQt(componentLabels[static_cast<std::size_t>(*line.component)]);
    if (line.kind == ExplainedKind::Unpriced)
        text += translated(" (no price)");
    if (line.kind == ExplainedKind::Covered)
        text += translated(" (reserved)");
    return text;
}

ValueCell amountCell(const Explanation &explanation, const ExplainedLine &line)
{
    if (!line.amount)
        return ValueCell::unknown(translated("There is no price: its cost is unknown and in no total"));
    const std::string shown = !explanation.isMoney           ? formatDecimalFixed(line.amount->units(), Femto::scale, 0)
                              : explanation.cost.has_value() ? perUnitText(*line.amount, explanation.currency)
                                                             : moneyText(*line.amount, explanation.currency);
    ValueCell cell = ValueCell::ofNumber(toQt(shown), line.amount->approximate());
    cell.exact = toQt(line.amount->text());
    cell.toolTip = cell.exact + QLatin1Char(' ') + toQt(explanation.currency);
    return cell;
}

ValueCell countCell(std::optional<Int128> count)
{
    if (!count)
        return ValueCell::ofText({});
    const auto value = static_cast<std::int64_t>(*count);
    ValueCell cell = ValueCell::ofNumber(toQt(exactCountText(value)), static_cast<double>(value));
    cell.exact = QString::number(value);
    return cell;
}

ValueCell shareCell(const ExplainedLine &line)
{
    if (line.share.empty())
        return ValueCell::ofText({});
    const QString exact = toQt(line.share);
    // Six decimals say enough at a glance; all of them are copied.
    const auto value = parseDecimal(line.share, 18);
    ValueCell cell = ValueCell::ofNumber(
        value ? toQt(formatDecimal(divideHalfEven(value->units, Int128{1'000'000'000'000}), 6)) : exact,
        exact.toDouble());
    if (value && value->units != 0 && cell.text == QLatin1String("0"))
        cell.text = exact;
    cell.exact = exact;
    cell.toolTip = toQt(line.share + " = " + line.factorText());
    return cell;
}

} // namespace

QString scenarioName(const WorkspaceDocument &document, const std::string &id)
{
    const Scenario *scenario = document.state().scenarios.find(id);
    return scenario ? toQt(scenario->name) : translated("Baseline");
}

QString figureTitle(const WorkspaceDocument &document, const FigureAddress &figure)
{
    if (figure.step) {
        const auto bridge = document.bridge();
        QString lever = toQt(figure.step->leverId);
        for (const BridgePart &part : bridge ? bridge->parts : std::vector<BridgePart>{}) {
            if (part.leverId == figure.step->leverId)
                lever = toQt(part.label);
        }
        return translated("%1 against %2: what “%3” changes")
            .arg(scenarioName(document, figure.scenarioId), scenarioName(document, figure.step->fromId), lever);
    }
    const Cell &cell = figure.cell;
    QStringList parts;
    if (cell.unit.empty())
        parts << (cell.component || !cell.dimensions.empty() || cell.month ? translated("cost") : translated("total"));
    else if (cell.figure == CellFigure::CostPerUnit)
        parts << translated("cost per %1").arg(toQt(cell.unit));
    else if (cell.figure == CellFigure::Count)
        parts << translated("number of units (%1)").arg(toQt(cell.unit));
    else
        parts << translated("cost of all %1").arg(toQt(cell.unit));
    if (cell.component)
        parts << toQt(componentLabels[static_cast<std::size_t>(*cell.component)]).toLower();
    if (cell.month)
        parts << monthName(*cell.month);
    for (const auto &[name, value] : cell.dimensions)
        parts << toQt(name) + QStringLiteral(" = ") + (value.empty() ? translated("(none)") : toQt(value));
    const QString where = figure.ofHistory ? translated("Ledger") : scenarioName(document, figure.scenarioId);
    return where + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
}

std::vector<ValueColumn> explainedColumns(const Explanation &explanation)
{
    const QString currency = explanation.isMoney ? toQt(explanation.currency) : translated("units");
    return {
        {translated("What"), translated("Component of the cost"), false},
        {translated("Model"), translated("As recorded → that serves"), false},
        {translated("Usage"), translated("Class of tokens or events that is charged"), false},
        {translated("Rows"), translated("Ledger rows with such usage"), true},
        {translated("Tokens"), translated("Recorded tokens, events or requests"), true},
        {translated("Share"), translated("Share and factor with which they count: the product of the levers"), true},
        {translated("Price"),
         translated("Of a million tokens, events or requests, or of one reserved unit; %1")
             .arg(toQt(explanation.currency)),
         true},
        {translated("Price entry"), translated("Rate, dates, band and contract"), false, ColumnWidth::Stretch},
        {translated("Months"), {}, false},
        {translated("Amount"), translated("Tokens × share × price, %1; the lines sum to the figure").arg(currency),
         true}};
}

ValueRow explainedRow(const Explanation &explanation, std::size_t index)
{
    const ExplainedLine &line = explanation.lines[index];
    QString usage =
        line.usageClass ? toQt(nameOf(*line.usageClass)).replace(QLatin1Char('_'), QLatin1Char(' ')) : QString();
    if (line.ofPrompt)
        usage = translated("prompt, as %1").arg(usage);
    ValueCell price = ValueCell::ofText({});
    if (line.price) {
        price = ValueCell::ofNumber(toQt(line.price->offer.empty() ? perMillionText(line.price->femto)
                                                                   : Femto::ofUnits(line.price->femto).text()),
                                    Femto::ofUnits(line.price->femto).approximate());
        price.toolTip = line.price->source.empty() ? QString() : toQt(line.price->source);
    }
    ValueCell entry = ValueCell::ofText(line.price ? toQt(line.price->text()) : toQt(line.detail));
    entry.toolTip = entry.text;
    const bool unpriced = line.kind == ExplainedKind::Unpriced;
    ValueRow row;
    row.key = QString::number(index);
    row.cells = {ValueCell::ofText(whatOf(line), unpriced ? CellTone::Warning : CellTone::Normal),
                 ValueCell::ofText(modelOf(line)),
                 ValueCell::ofText(usage),
                 countCell(line.rows == 0 ? std::nullopt : std::optional<Int128>(line.rows)),
                 countCell(line.tokens),
                 shareCell(line),
                 price,
                 entry,
                 ValueCell::ofText(monthsOf(line)),
                 amountCell(explanation, line)};
    return row;
}

namespace {

/// Sums of the lines under a name of each.
template <typename NameOf>
std::vector<std::pair<QString, Femto>> sumsBy(const Explanation &explanation, const NameOf &nameOf)
{
    std::vector<std::pair<QString, Femto>> sums;
    for (const ExplainedLine &line : explanation.lines) {
        if (!line.amount)
            continue;
        const QString name = nameOf(line);
        auto found = std::find_if(sums.begin(), sums.end(), [&name](const auto &each) { return each.first == name; });
        if (found == sums.end())
            found = sums.insert(sums.end(), {name, Femto()});
        found->second += *line.amount;
    }
    std::stable_sort(sums.begin(), sums.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    return sums;
}

std::vector<std::pair<QString, Femto>> partsOf(const Explanation &explanation)
{
    auto parts = sumsBy(explanation, [](const ExplainedLine &line) {
        return line.component ? toQt(componentLabels[static_cast<std::size_t>(*line.component)]) : QString();
    });
    if (parts.size() < 2)
        parts = sumsBy(explanation, [](const ExplainedLine &line) { return modelOf(line); });
    if (parts.size() < 2)
        parts = sumsBy(explanation, [](const ExplainedLine &line) {
            return line.usageClass ? toQt(nameOf(*line.usageClass)) : toQt(line.detail);
        });
    return parts;
}

} // namespace

std::vector<ValueRow> partRows(const Explanation &explanation)
{
    std::vector<ValueRow> rows;
    if (!explanation.amount || !explanation.isMoney)
        return rows;
    const std::vector<std::pair<QString, Femto>> parts = partsOf(explanation);
    const Femto whole = explanation.sum;
    for (const auto &[name, amount] : parts) {
        ValueCell cell = ValueCell::ofNumber(toQt(explanation.cost ? perUnitText(amount, explanation.currency)
                                                                   : moneyText(amount, explanation.currency)),
                                             amount.approximate());
        cell.exact = toQt(amount.text());
        cell.toolTip = cell.exact + QLatin1Char(' ') + toQt(explanation.currency);
        ValueCell share = ValueCell::ofNumber(toQt(shareText(amount, whole)), amount.approximate());
        ValueRow row;
        row.key = name;
        row.cells = {ValueCell::ofText(name.isEmpty() ? translated("(none)") : name), cell, share};
        rows.push_back(std::move(row));
    }
    return rows;
}

QString lineText(const Explanation &explanation, const ExplainedLine &line)
{
    QStringList parts;
    if (line.tokens && line.price && line.amount)
        parts << toQt(exactCountText(static_cast<std::int64_t>(*line.tokens)) + " × " + line.factorText() + " × "
                      + perMillionText(line.price->femto) + " ÷ 1,000,000 = " + line.cost.text() + " "
                      + explanation.currency);
    else if (!line.factors.empty())
        parts << toQt(line.factorText());
    if (!line.detail.empty())
        parts << toQt(line.detail);
    if (line.price) {
        const PriceEntry &price = *line.price;
        QStringList facts;
        if (!price.catalogue.empty())
            facts << translated("catalogue %1").arg(toQt(price.catalogue));
        if (!price.source.empty())
            facts << translated("source %1").arg(toQt(price.source));
        if (!price.checked.empty())
            facts << translated("checked %1").arg(toQt(price.checked));
        if (price.listFemto)
            facts << translated("list price %1 per million").arg(toQt(perMillionText(*price.listFemto)));
        if (!facts.isEmpty())
            parts << facts.join(QStringLiteral(", "));
    }
    return parts.join(QLatin1Char('\n'));
}

} // namespace perunit
