// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/capacity_tables.h"

#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/report/footed_amounts.h"
#include "pricing/base/decimal.h"
#include "widgets/text/text.h"

#include <QLocale>

#include <algorithm>

namespace perunit {

namespace {

std::string ppm(PartsPerMillion share)
{
    return fromQt(ppmText(share));
}

std::string units(std::int64_t count, const CapacityAnswer &answer)
{
    return fromQt(unitsText(count, answer.unitName));
}

std::string titled(const std::string &title, const CapacityAnswer &answer, const CostSpan &span)
{
    return title + ", amounts in " + answer.currency + " " + fromQt(span.whole);
}

constexpr int days = 7;
constexpr int hours = 24;

/// "07".
std::string hourText(int hour)
{
    return (hour < 10 ? "0" : "") + std::to_string(hour);
}

/// Thousandths of a unit with few digits: "132", "7.4", "0.03". Zero is only ever a real zero.
std::string loadText(std::int64_t thousandths)
{
    const int digits = thousandths >= 100'000                     ? 0
                       : thousandths >= 1'000 || thousandths == 0 ? 1
                       : thousandths >= 10                        ? 2
                                                                  : 3;
    return formatDecimalFixed(thousandths, 3, digits);
}

struct SizeRow {
    std::string name;
    SizeFigures size;
    bool emphasised = false;
};

std::string ruleName(const std::string &rule)
{
    if (rule == "mean")
        return "For the average load";
    if (rule == "p95")
        return "For 95 % of the time (P95)";
    return rule == "peak" ? "For the peak" : rule;
}

std::vector<SizeRow> sizeRows(const CapacityAnswer &answer, const SizeFigures &size)
{
    std::vector<SizeRow> rows{{"In the scenario", size, true}, {"For least cost", answer.optimum, false}};
    if (answer.optimum.units > 0) {
        SizeFigures nothing;
        nothing.spillCost = answer.payAsYouGo;
        nothing.spillShare = onePpm;
        rows.push_back({"Pay-as-you-go", nothing, false});
    }
    for (const SizeByRule &rule : answer.rules)
        rows.push_back({ruleName(rule.rule), rule.size, false});
    return rows;
}

} // namespace

ReportKeyFigures sizeKeyFigures(const CapacityAnswer &answer, const SizeFigures &size, bool sized, const CostSpan &span)
{
    const std::string unknown(unknownText);
    const auto money = [&answer](Femto amount) {
        return moneyText(amount, answer.currency);
    };
    const Femto change = size.cost() - answer.payAsYouGo;
    ReportKeyFigures block;
    block.figures.push_back({"Size in the scenario", units(size.units, answer),
                             sized ? "found: what costs least" : fromQt(termText(answer.term)), 0});
    block.figures.push_back({"Cheapest size", units(answer.optimum.units, answer),
                             answer.optimum.units == 0
                                 ? "pay-as-you-go costs least: " + money(answer.payAsYouGo)
                                 : "costs " + money(answer.optimum.cost()) + " " + fromQt(span.whole),
                             0});
    block.figures.push_back({"Cost " + fromQt(span.whole), money(size.cost()),
                             "units " + money(size.fixedCost) + " + spill " + money(size.spillCost), 0});
    block.figures.push_back({"Against pay-as-you-go", signedMoneyText(change, answer.currency),
                             change.isZero()
                                 ? "pay-as-you-go costs the same"
                                 : changeText(answer.payAsYouGo, size.cost()) + " against " + money(answer.payAsYouGo),
                             change < Femto()   ? -1
                             : change > Femto() ? 1
                                                : 0});
    ReportKeyFigure used{"Utilisation", size.units == 0 ? unknown : ppm(size.utilisation), {}, 0};
    if (const auto even = answer.breakEvens.utilisation)
        used.detail = *even >= onePpm ? "a unit pays at " + ppm(*even) + ": never" : "a unit pays from " + ppm(*even);
    block.figures.push_back(std::move(used));
    block.figures.push_back(
        {"Spill", ppm(size.units == 0 ? onePpm : size.spillShare), money(size.spillCost) + " at pay-as-you-go", 0});
    return block;
}

ReportTable sizesTable(const CapacityAnswer &answer, const SizeFigures &size, const CostSpan &span)
{
    const std::vector<SizeRow> rows = sizeRows(answer, size);
    Int128 largest = 0;
    for (const SizeRow &row : rows)
        largest = std::max(largest, magnitude(row.size.cost()).units());
    const int digits = footedDigits(largest);
    const Int128 step = footedStep(digits);
    const auto shownOf = [step](const SizeFigures &each) {
        return footedAmounts(each.cost().units(), {each.fixedCost.units(), each.spillCost.units()}, step);
    };
    const Int128 least = shownOf(answer.optimum).front();
    ReportTable table;
    table.title = titled("Sizes by rule", answer, span);
    table.header = {"Sized", answer.unitName,      "Units cost", "Spill cost",
                    "Cost",  "Above the cheapest", "Full",       "Spilled"};
    table.rightAligned.assign(table.header.size(), true);
    table.rightAligned.front() = false;
    for (const SizeRow &row : rows) {
        const std::vector<Int128> shown = shownOf(row.size);
        const Femto regret = row.size.cost() - answer.optimum.cost();
        table.rows.push_back({row.name, exactCountText(row.size.units),
                              footedText(shown[1], row.size.fixedCost.units(), digits, false),
                              footedText(shown[2], row.size.spillCost.units(), digits, false),
                              footedText(shown[0], row.size.cost().units(), digits, false),
                              footedText(shown[0] - least, regret.units(), digits, true),
                              row.size.units == 0 ? std::string(unknownText) : ppm(row.size.utilisation),
                              ppm(row.size.units == 0 ? onePpm : row.size.spillShare)});
        table.emphasised.push_back(row.emphasised);
    }
    return table;
}

ReportTable breakEvenTable(const CapacityAnswer &answer)
{
    ReportTable table;
    table.title = "Three break-evens, for three questions";
    table.header = {"Question", "Answer"};
    table.rightAligned = {false, false};
    for (const QString &sentence : breakEvenSentences(answer)) {
        // "Against hourly units: the term pays …".
        const qsizetype end = sentence.indexOf(QStringLiteral(": "));
        table.rows.push_back({fromQt(sentence.left(end)), fromQt(sentence.mid(end + 2))});
    }
    return table;
}

ReportTable wasteTable(const CapacityAnswer &answer, const SizeFigures &size, const CostSpan &span)
{
    const Waste lost = waste(size.units, {{answer.model, size.units, size.utilisation, size.spillCost}},
                             answer.pricePerUnit.units(), 0);
    const struct {
        const char *name;
        const char *formula;
        Femto amount;
    } lines[] = {
        {"Unallocated: reserved and not deployed", "(reserved \u2212 deployed) \u00d7 price of a unit",
         lost.unallocated},
        {"Idle: deployed and not used", "units \u00d7 (1 \u2212 utilisation) \u00d7 price of a unit", lost.idle},
        {"Uncovered: deployed beyond the reservation", "(deployed \u2212 reserved) \u00d7 hourly price",
         lost.uncovered},
        {"Spilled: pay-as-you-go beside the units", "what the units could not serve", lost.spilled}};
    ReportTable table;
    table.title =
        "Waste " + fromQt(span.whole) + ", with as many units reserved as deployed: " + units(size.units, answer);
    table.header = {"Money that serves nothing", "Computed as", "Cost", "Of pay-as-you-go"};
    table.rightAligned = {false, false, true, true};
    for (const auto &line : lines)
        table.rows.push_back({line.name, line.formula, moneyText(line.amount, answer.currency),
                              shareText(line.amount, answer.payAsYouGo)});
    return table;
}

ReportTable stepsTable(const CapacityAnswer &answer, const CostSpan &span)
{
    ReportTable table;
    table.title = "What the levers leave to reserve " + fromQt(span.whole);
    table.header = {"After", "Pay-as-you-go", "Best size", "Cost at the best size"};
    table.rightAligned = {false, true, true, true};
    if (answer.steps.size() < 2)
        return table;
    for (const CapacityStep &step : answer.steps)
        table.rows.push_back({step.leverId.empty() ? "the traffic as it is" : step.label,
                              moneyText(step.payAsYouGo, answer.currency), units(step.optimum.units, answer),
                              moneyText(step.optimum.cost(), answer.currency)});
    return table;
}

std::optional<ReportHeatMap> weekMap(const CapacityAnswer &answer)
{
    const auto known =
        std::count_if(answer.week.begin(), answer.week.end(), [](std::int64_t load) { return load >= 0; });
    if (answer.week.size() != static_cast<std::size_t>(days * hours) || known < hours)
        return std::nullopt;
    const auto largest = std::max_element(answer.week.begin(), answer.week.end());
    if (*largest <= 0)
        return std::nullopt;
    // Weeks begin on Monday, and the report is in English wherever it is printed.
    const QLocale english = QLocale::c();
    const auto place = static_cast<int>(largest - answer.week.begin());
    ReportHeatMap map;
    map.title = "Most comes on " + fromQt(english.dayName(place / hours + 1)) + " at " + hourText(place % hours)
                + ":00: " + loadText(*largest) + " " + answer.unitName + " on average";
    map.subtitle = answer.unitName + " needed to serve it, by hour and weekday, UTC";
    for (int hour = 0; hour < hours; ++hour)
        map.columns.push_back(hourText(hour));
    for (int day = 0; day < days; ++day)
        map.rows.push_back(fromQt(english.dayName(day + 1, QLocale::ShortFormat)));
    for (const std::int64_t load : answer.week) {
        const bool missing = load < 0;
        map.cells.push_back({missing ? 0 : static_cast<double>(load) / static_cast<double>(*largest),
                             missing ? std::string() : loadText(load), missing});
    }
    map.lowest = "0";
    map.highest = loadText(*largest) + " " + answer.unitName;
    return map;
}

} // namespace perunit
