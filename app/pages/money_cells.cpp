// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/money_cells.h"

#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

namespace perunit {

CellTone toneOfChange(Femto change)
{
    return change < Femto() ? CellTone::Favourable : change > Femto() ? CellTone::Unfavourable : CellTone::Secondary;
}

ValueCell moneyCell(Femto amount, const std::string &currency)
{
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(amount, currency)), amount.approximate());
    cell.exact = toQt(amount.text());
    cell.toolTip = cell.exact + QLatin1Char(' ') + toQt(currency);
    return cell;
}

ValueCell changeCell(Femto change, const std::string &currency)
{
    ValueCell cell = moneyCell(change, currency);
    cell.text = toQt(signedMoneyText(change, currency));
    cell.tone = toneOfChange(change);
    return cell;
}

} // namespace perunit
