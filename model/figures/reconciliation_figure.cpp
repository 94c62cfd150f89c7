// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/reconciliation/reconciliation.h"

#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>

namespace perunit {

namespace {

Money magnitudeOf(Money amount)
{
    return amount < Money() ? -amount : amount;
}

/// Bars one after the other. Bills carry more digits than prices; the exact text shows all of them.
class Bars
{
public:
    explicit Bars(Figure &figure)
        : m_figure(figure)
    {
        m_figure.series.emplace_back();
        m_figure.series.back().name = "Amount";
        m_figure.series.back().role = SeriesRole::Total;
    }

    FigurePoint &add(std::string label, Money amount)
    {
        const Femto rounded = amount.toFemto();
        FigurePoint point = moneyPoint(static_cast<double>(m_figure.categories.size()), rounded, m_figure.currency);
        if (Money::of(rounded) != amount)
            point.exact = amount.text() + " " + m_figure.currency;
        m_figure.categories.push_back(std::move(label));
        m_figure.series.back().points.push_back(std::move(point));
        return m_figure.series.back().points.back();
    }

    void addChange(const std::string &label, Money amount)
    {
        FigurePoint &point = add(label, amount);
        if (amount > Money()) {
            point.exact = "+" + point.exact;
            point.label = "+" + point.label;
        }
        m_changes.push_back(label + " " + signedMoneyText(amount.toFemto(), m_figure.currency));
    }

    [[nodiscard]] const std::vector<std::string> &changes() const { return m_changes; }

private:
    Figure &m_figure;
    std::vector<std::string> m_changes;
};

std::string titleOf(const DifferenceParts &parts, const std::string &currency)
{
    const Money difference = parts.total();
    std::size_t largest = 0;
    for (std::size_t i = 1; i < differenceBucketCount; ++i) {
        if (magnitudeOf(parts.amounts[i]) > magnitudeOf(parts.amounts[largest]))
            largest = i;
    }
    const Money most = parts.amounts[largest];
    if (most.isZero())
        return "The invoices bill exactly what the usage costs";
    const std::string mostly =
        std::string(differenceBucketLabels[largest]) + " " + signedMoneyText(most.toFemto(), currency);
    if (difference.isZero())
        return "The invoices bill what the usage costs, though with " + mostly;
    return "The invoices bill " + shortMoneyText(magnitude(difference.toFemto()), currency)
           + (difference < Money() ? " less" : " more") + " than the usage costs: " + mostly;
}

/// "from Sep 2026 to Oct 2026" of the months that are tied.
std::string spanOf(const Reconciliation &result)
{
    const auto [first, last] =
        std::minmax_element(result.lines.begin(), result.lines.end(),
                            [](const ReconciliationLine &a, const ReconciliationLine &b) { return a.month < b.month; });
    return first == result.lines.end() ? std::string() : spanText(first->month, last->month);
}

void addNotes(Figure &figure, const Reconciliation &result)
{
    std::int64_t unpriced = 0;
    Femto withoutList;
    for (const ReconciliationLine &line : result.lines) {
        unpriced += line.unpricedTokens;
        if (line.priced && !line.list)
            withoutList += *line.priced;
    }
    if (unpriced > 0)
        figure.notes.push_back(countText(unpriced) + " tokens of the usage have no price here.");
    if (!withoutList.isZero())
        figure.notes.push_back("'Your terms' contains " + moneyText(withoutList, result.currency)
                               + " for usage without a list price.");
    for (const std::string &note : result.notes)
        figure.notes.push_back(capitalised(note));
}

} // namespace

Figure reconciliationWaterfall(const Reconciliation &result)
{
    Figure figure;
    figure.kind = FigureKind::Waterfall;
    figure.currency = result.currency;
    figure.yTitle = result.currency;
    figure.emptyText = "There is neither usage nor an invoice to compare.";
    addNotes(figure, result);
    if (result.lines.empty())
        return figure;
    const DifferenceParts parts = result.parts();
    const bool listed = std::any_of(result.lines.begin(), result.lines.end(),
                                    [](const ReconciliationLine &line) { return line.list.has_value(); });
    const bool priced = std::any_of(result.lines.begin(), result.lines.end(),
                                    [](const ReconciliationLine &line) { return line.priced.has_value(); });
    figure.title = priced ? titleOf(parts, result.currency)
                          : "The invoices bill " + shortMoneyText(result.billed().toFemto(), result.currency)
                                + ", and no usage has a price";
    figure.subtitle = dotted({"From list price to invoice", spanOf(result), result.currency});
    Bars bars(figure);
    FigurePoint &start = bars.add("At list price", Money::of(result.list()));
    if (!listed) {
        start = missingPoint(start.x, "nothing of the usage has a list price");
        start.label = unknownText;
    }
    if (const Femto terms = result.priced() - result.list(); !terms.isZero()) {
        bars.addChange("Your terms", Money::of(terms));
        bars.add("Contracted", Money::of(result.priced())).subtotal = true;
    }
    for (std::size_t i = 0; i < differenceBucketCount; ++i) {
        if (!parts.amounts[i].isZero())
            bars.addChange(std::string(differenceBucketLabels[i]), parts.amounts[i]);
    }
    bars.add("Billed", result.billed());
    figure.summary = "From " + (listed ? moneyText(result.list(), result.currency) : "an unknown amount")
                     + " at list price to " + moneyText(result.billed().toFemto(), result.currency) + " billed"
                     + (bars.changes().empty() ? "." : ": " + joinedList(bars.changes()) + ".");
    return figure;
}

} // namespace perunit
