// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/offers_card.h"

#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"

#include <QTableView>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostRows = 16;
constexpr QChar keySeparator = QLatin1Char('|');

QString keyOf(const std::string &offer, const std::string &term)
{
    return toQt(offer) + keySeparator + toQt(term);
}

ValueCell moneyCell(Femto amount, const std::string &currency, bool isChange = false)
{
    ValueCell cell = ValueCell::ofNumber(
        toQt(isChange ? signedMoneyText(amount, currency) : moneyText(amount, currency)), amount.approximate());
    cell.exact = toQt(amount.text());
    cell.toolTip = toQt(amount.text() + " " + currency);
    return cell;
}

ValueCell shareCell(PartsPerMillion share, CellTone tone = CellTone::Normal)
{
    return ValueCell::ofNumber(ppmText(share), static_cast<double>(share), tone);
}

/// A count also where it is none: the column is compared.
QString bestSizeText(const CapacityAnswer &answer)
{
    if (answer.optimum.units == 0)
        return QStringLiteral("0 %1").arg(toQt(answer.unitName));
    if (!answer.outputOptimum)
        return unitsText(answer.optimum.units, answer.unitName);
    return QStringLiteral("%1 + %2").arg(unitsText(answer.optimum.units, answer.unitName),
                                         toQt(exactCountText(answer.outputOptimum->units)));
}

/// What was stated, and for replicas of one's own what they write for it.
QString ownText(const CapacityAnswer &answer)
{
    if (!answer.perMillionOutput)
        return OffersCard::tr("own figures");
    return OffersCard::tr("own figures; %1 a million output tokens")
        .arg(toQt(moneyText(*answer.perMillionOutput, answer.currency)));
}

void addFigures(const CapacityAnswer &answer, Femto largest, ValueRow &row)
{
    const SizeFigures &best = answer.optimum;
    const Femto change = best.cost() - answer.payAsYouGo;
    row.cells.push_back(ValueCell::ofNumber(bestSizeText(answer), static_cast<double>(best.units)));
    ValueCell cost = moneyCell(best.cost(), answer.currency);
    if (largest > Femto())
        cost.bar = static_cast<float>(best.cost().approximate() / largest.approximate());
    row.cells.push_back(std::move(cost));
    ValueCell saving = moneyCell(change, answer.currency, true);
    saving.tone = change < Femto() ? CellTone::Favourable : CellTone::Secondary;
    row.cells.push_back(std::move(saving));
    row.cells.push_back(best.units == 0
                            ? ValueCell::unknown(OffersCard::tr("nothing is reserved: pay-as-you-go costs least"))
                            : shareCell(best.utilisation));
    row.cells.push_back(shareCell(best.units == 0 ? onePpm : best.spillShare));
    const auto even = answer.breakEvens.utilisation;
    row.cells.push_back(even ? shareCell(*even, *even >= onePpm ? CellTone::Warning : CellTone::Normal)
                             : ValueCell::unknown(OffersCard::tr("nothing of this load has a price")));
    const auto old = std::find_if(answer.flags.begin(), answer.flags.end(),
                                  [](const CapacityFlag &flag) { return flag.id == "old-facts"; });
    row.cells.push_back(
        old == answer.flags.end()
            ? ValueCell::ofText(toQt(answer.checked), CellTone::Secondary)
            : ValueCell::ofText(OffersCard::tr("checked %1").arg(toQt(answer.checked)), CellTone::Warning));
}

} // namespace

OffersCard::OffersCard(QWidget *parent)
    : Card(tr("Offers and terms"), parent)
    , m_table(new ValueTable(tr("Offers and terms"), this))
{
    m_table->setFittingRows(mostRows);
    m_table->setColumns({{tr("Offer"), {}, false},
                         {tr("Term"), {}, false},
                         {tr("Best size"), tr("The size that costs least with this offer and term"), true},
                         {tr("Cost"), tr("Units and spill at the best size"), true},
                         {tr("Against pay-as-you-go"), tr("Cost − pay-as-you-go of the same load"), true},
                         {tr("Used"), tr("Served load ÷ capacity"), true},
                         {tr("Spill"), tr("Share of the load that stays pay-as-you-go"), true},
                         {tr("Pays from"), tr("Share of its capacity that a unit must serve to cost no more"), true},
                         {tr("Facts"), tr("When the facts of the offer were checked, or why it is not calculated"),
                          false, ColumnWidth::Stretch}});
    setContent(m_table);
    connect(m_table, &ValueTable::activated, this, &OffersCard::choose);
    connect(m_table->view(), &QTableView::clicked, this, [this] { choose(m_table->currentKey()); });
}

void OffersCard::choose(const QString &key)
{
    const qsizetype separator = key.indexOf(keySeparator);
    // Those that cannot be calculated have a key that names them twice.
    if (separator < 0 || key.count(keySeparator) > 1)
        return;
    emit chosen(fromQt(key.left(separator)), fromQt(key.mid(separator + 1)));
}

void OffersCard::setOffers(const std::vector<ComparedOffer> &offers, const CostSpan &span)
{
    setSubtitle(span.whole);
    Femto largest;
    for (const ComparedOffer &each : offers) {
        if (each.comparison.answer)
            largest = std::max(largest, each.comparison.answer->optimum.cost());
    }
    std::vector<ValueRow> rows;
    for (const ComparedOffer &each : offers) {
        const OfferComparison &line = each.comparison;
        ValueRow row;
        row.key = keyOf(line.offer, line.term) + (each.canBeChosen ? QString() : QString(keySeparator));
        ValueCell name = ValueCell::ofText(each.name, line.answer ? CellTone::Normal : CellTone::Secondary);
        name.toolTip = toQt(line.offer);
        row.cells = {name, ValueCell::ofText(termText(line.term))};
        if (line.answer) {
            addFigures(*line.answer, largest, row);
            if (each.ownFigures)
                row.cells.back() = ValueCell::ofText(ownText(*line.answer));
        } else {
            for (int column = 0; column < 6; ++column)
                row.cells.push_back(ValueCell::unknown(toQt(line.whyNot)));
            ValueCell why = ValueCell::ofText(toQt(line.whyNot), CellTone::Secondary);
            why.toolTip = why.text;
            row.cells.push_back(std::move(why));
        }
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
}

void OffersCard::setCurrent(const std::string &offer, const std::string &term)
{
    m_table->setCurrentKey(keyOf(offer, term));
}

void OffersCard::setState(const QString &text)
{
    m_table->setEmptyText(text);
}

} // namespace perunit
