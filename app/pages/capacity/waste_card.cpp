// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/waste_card.h"

#include "app/pages/capacity/capacity_choices.h"
#include "app/pages/capacity/own_figures.h"
#include "app/pages/page_layout.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"

#include <QLabel>

namespace perunit {

namespace {

constexpr int rowCount = 4;

ValueCell amountCell(std::optional<Femto> amount, const std::string &currency, const QString &why)
{
    if (!amount)
        return ValueCell::unknown(why);
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(*amount, currency)), amount->approximate(),
                                         *amount > Femto() ? CellTone::Unfavourable : CellTone::Secondary);
    cell.exact = toQt(amount->text());
    cell.toolTip = toQt(amount->text() + " " + currency);
    return cell;
}

} // namespace

WasteCard::WasteCard(QWidget *parent)
    : Card(tr("Waste"), parent)
    , m_label(newLabel(tr("Units reserved"), "caption", this))
    , m_field(new ExactSpinBox(this))
    , m_table(new ValueTable(tr("Waste"), this))
{
    addControl(m_label);
    m_field->setName(tr("Units reserved"));
    m_field->setToolTip(tr("A reservation covers whatever is deployed; it may be larger or smaller than the size"));
    addControl(m_field);
    m_table->setFittingRows(rowCount);
    m_table->setFixedOrder(true);
    m_table->setColumns({{tr("Money that serves nothing"), {}, false, ColumnWidth::Stretch},
                         {tr("Units"), {}, true},
                         {tr("Cost"), {}, true},
                         {tr("Of pay-as-you-go"), tr("Cost ÷ pay-as-you-go of the whole load"), true}});
    setContent(m_table);
    connect(m_field, &ExactSpinBox::valueEdited, this, [this](qlonglong units) {
        m_reserved = units;
        refresh();
    });
}

void WasteCard::forgetReservation()
{
    m_reserved.reset();
}

void WasteCard::show(const CapacitySizing &sizing, const SizeFigures &size, std::optional<Femto> hourly,
                     const CapacityWords &words)
{
    const CapacityAnswer &answer = sizing.answer;
    if (m_unitName != answer.unitName || m_grid.minimum == 0 || m_model != answer.model || m_offer != answer.offer) {
        m_offer = answer.offer;
        m_unitName = answer.unitName;
        // A reservation is bought unit by unit.
        m_field->setScale(unitScale({1, 1}, sizing.largestSize(), answer.unitName));
    }
    m_model = answer.model;
    m_currency = answer.currency;
    m_pricePerUnit = answer.pricePerUnit;
    m_payAsYouGo = answer.payAsYouGo;
    m_grid = answer.grid;
    m_size = size;
    m_output = size.units == 0 ? std::nullopt : words.output;
    m_hourly = hourly;
    setSubtitle(tr("%1 deployed, %2").arg(sizeText(size.units, answer.unitName, words.output), words.span.whole));
    // Nobody reserves replicas of one's own: those that run are paid.
    m_label->setVisible(!isOwnReplicas(answer.offer));
    m_field->setVisible(!isOwnReplicas(answer.offer));
    refresh();
}

void WasteCard::refresh()
{
    std::vector<Deployment> deployed{{m_model, m_size.units, m_size.utilisation, m_size.spillCost}};
    if (m_output) // the spill of both is that of the size
        deployed.push_back({m_model, m_output->units, m_output->utilisation, {}});
    const std::int64_t units = m_size.units + (m_output ? m_output->units : 0);
    const std::int64_t reserved = m_field->isHidden() ? units : m_reserved.value_or(units);
    m_field->setValue(reserved);
    const Waste lost = waste(reserved, deployed, m_pricePerUnit.units(), m_hourly.value_or(Femto()).units());
    const QString noHourly = tr("no hourly unit of this offer has a known price");
    const bool uncoveredKnown = lost.uncoveredUnits == 0 || m_hourly.has_value();
    const struct {
        QString name;
        QString toolTip;
        std::optional<std::int64_t> units;
        std::optional<Femto> amount;
    } lines[] = {
        {tr("Unallocated: reserved and not deployed"), tr("(reserved − deployed) × price of a unit"),
         lost.unallocatedUnits, lost.unallocated},
        {tr("Idle: deployed and not used"), tr("units × (1 − utilisation) × price of a unit"), std::nullopt, lost.idle},
        {tr("Uncovered: deployed beyond the reservation"), tr("(deployed − reserved) × hourly price"),
         lost.uncoveredUnits, uncoveredKnown ? std::optional(lost.uncovered) : std::nullopt},
        {tr("Spilled: pay-as-you-go beside the units"), tr("what the units could not serve"), std::nullopt,
         lost.spilled}};
    std::vector<ValueRow> rows;
    for (const auto &line : lines) {
        ValueRow row;
        row.key = line.name;
        ValueCell name = ValueCell::ofText(line.name);
        name.toolTip = line.toolTip;
        row.cells = {
            name,
            line.units ? ValueCell::ofNumber(toQt(exactCountText(*line.units)), static_cast<double>(*line.units))
                       : ValueCell::ofText({}),
            amountCell(line.amount, m_currency, noHourly),
            line.amount ? ValueCell::ofNumber(toQt(shareText(*line.amount, m_payAsYouGo)), line.amount->approximate())
                        : ValueCell::unknown(noHourly)};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
}

} // namespace perunit
