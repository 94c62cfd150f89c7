// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::int64_t oneMillion = 1'000'000;

std::vector<std::string> notesOf(const UnitActuals &unit)
{
    if (unit.unpricedTokens == 0)
        return {};
    return {countText(unit.unpricedTokens) + " tokens have no price and are not in these amounts."};
}

std::string emptyTextOf(const UnitActuals &unit)
{
    if (!unit.problem.empty())
        return unit.problem;
    return "No " + unit.name + " was counted in this period, so there is no cost of one.";
}

std::optional<Femto> averageOf(const UnitActuals &unit)
{
    return costOfOne(unit.cost, static_cast<Millionths>(unit.count) * oneMillion);
}

FigurePoint stepPoint(double x, const UnitActuals::Step &step, const UnitActuals &unit, const std::string &currency)
{
    const std::optional<Femto> cost = costOfOne(step.cost, static_cast<Millionths>(step.count) * oneMillion);
    if (!cost)
        return missingPoint(x, "no " + unit.name);
    FigurePoint point = averagePoint(x, *cost, currency);
    point.exact +=
        "\n" + exactCountText(step.count) + " \u00d7 " + unit.name + ", " + moneyText(step.cost, currency) + " in all";
    return point;
}

/// Position of an amount on the axis of a histogram, where bin i covers [i - 0.5, i + 0.5].
double histogramPosition(const UnitActuals &unit, Femto amount)
{
    Femto lower;
    for (std::size_t i = 0; i < unit.histogram.size(); ++i) {
        const auto bin = static_cast<double>(i);
        const Femto upper = unit.histogram[i].upTo;
        const bool open = i + 1 == unit.histogram.size();
        if (open)
            return bin;
        if (amount <= upper) {
            const double width = (upper - lower).approximate();
            return width > 0 ? bin - 0.5 + (amount - lower).approximate() / width : bin;
        }
        lower = upper;
    }
    return 0;
}

std::string dailyTitle(const UnitActuals &unit, const std::string &currency)
{
    const std::optional<Femto> average = averageOf(unit);
    if (!average)
        return "The cost of one " + unit.name + " is not known";
    std::optional<Femto> lowest;
    std::optional<Femto> highest;
    Instant highestDay;
    for (const UnitActuals::Step &day : unit.days) {
        const std::optional<Femto> cost = costOfOne(day.cost, static_cast<Millionths>(day.count) * oneMillion);
        if (!cost)
            continue;
        if (!lowest || *cost < *lowest)
            lowest = cost;
        if (!highest || *cost > *highest) {
            highest = cost;
            highestDay = day.from;
        }
    }
    std::string title = "One " + unit.name + " cost " + perUnitText(*average, currency) + " on average";
    if (lowest && *lowest != *highest)
        title += ", at most " + perUnitText(*highest, currency) + " on " + dayText(highestDay);
    return title;
}

} // namespace

Figure unitOverDays(const UnitActuals &unit, const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.timeAxis = true;
    figure.format = ValueFormat::MoneyPerUnit;
    figure.currency = currency;
    figure.emptyText = emptyTextOf(unit);
    figure.title = dailyTitle(unit, currency);
    const std::string span =
        unit.days.empty() ? std::string() : dayText(unit.days.front().from) + " to " + dayText(unit.days.back().from);
    figure.subtitle = dotted({"Cost per " + unit.name + " by day", currency, span});
    figure.yTitle = currency + " per " + unit.name;
    FigureSeries days;
    days.name = "Day";
    days.role = SeriesRole::Actual;
    std::optional<std::int64_t> previous;
    for (const UnitActuals::Step &step : unit.days) {
        // Days without any row are gaps too; one missing point is enough to cut the line.
        if (previous && dayOf(step.from) > *previous + 1)
            days.points.push_back(missingPoint(timeOf(Instant{(*previous + 1) * microsPerDay}), "no " + unit.name));
        days.points.push_back(stepPoint(timeOf(step.from), step, unit, currency));
        previous = dayOf(step.from);
    }
    figure.series.push_back(std::move(days));
    if (unit.months.size() > 1) {
        FigureSeries months;
        months.name = "Month";
        months.role = SeriesRole::Total;
        for (const UnitActuals::Step &step : unit.months) {
            // The mean of a month stands in its middle, where its days are.
            const Month month = monthOf(step.from);
            const double middle = (timeOf(month) + timeOf(month.plus(1))) / 2;
            months.points.push_back(stepPoint(middle, step, unit, currency));
        }
        figure.series.push_back(std::move(months));
    }
    figure.notes = notesOf(unit);
    figure.summary = figure.title + ".";
    return figure;
}

Figure unitDistribution(const UnitActuals &unit, const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::Histogram;
    figure.format = ValueFormat::Count;
    figure.currency = currency;
    figure.emptyText = unit.problem.empty() && unit.count > 0
                           ? "The cost of single units is known only for units counted by distinct values."
                           : emptyTextOf(unit);
    figure.subtitle =
        dotted({"Number of units by the cost of one " + unit.name, currency, exactCountText(unit.count) + " in all"});
    figure.xTitle = "Cost of one " + unit.name + ", " + currency;
    figure.yTitle = "Number of units";
    FigureSeries series;
    series.name = "Number of units";
    series.role = SeriesRole::Actual;
    Femto lower;
    for (std::size_t i = 0; i < unit.histogram.size(); ++i) {
        const UnitActuals::Bin &bin = unit.histogram[i];
        const bool open = i + 1 == unit.histogram.size();
        FigurePoint point;
        point.x = static_cast<double>(i);
        point.y = static_cast<double>(bin.count);
        const std::string range = open ? "more than " + perUnitText(lower, currency)
                                       : perUnitText(lower, currency) + " to " + perUnitText(bin.upTo, currency);
        point.label = countText(bin.count);
        point.exact = exactCountText(bin.count) + " (" + shareOfText(bin.count, unit.count) + ")\n" + range;
        series.points.push_back(point);
        figure.categories.push_back(open ? "> " + perUnitText(lower, currency)
                                         : "\u2264 " + perUnitText(bin.upTo, currency));
        lower = bin.upTo;
    }
    figure.series.push_back(std::move(series));
    struct Quantile {
        const char *name;
        const std::optional<Femto> *value;
    };
    for (const Quantile &quantile :
         {Quantile{"P50", &unit.p50}, Quantile{"P90", &unit.p90}, Quantile{"P99", &unit.p99}}) {
        if (*quantile.value && !unit.histogram.empty())
            figure.marks.push_back({true, histogramPosition(unit, **quantile.value),
                                    std::string(quantile.name) + " " + perUnitText(**quantile.value, currency)});
    }
    if (unit.p50 && unit.p99)
        figure.title = "Half of all cases of \u201c" + unit.name + "\u201d cost at most "
                       + perUnitText(*unit.p50, currency) + ", one in a hundred more than "
                       + perUnitText(*unit.p99, currency);
    else
        figure.title = "What one " + unit.name + " costs";
    figure.notes = notesOf(unit);
    figure.summary = figure.title + ".";
    return figure;
}

Figure unitComposition(const UnitActuals &unit, const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::GroupedBars;
    figure.format = ValueFormat::MoneyPerUnit;
    figure.currency = currency;
    figure.emptyText = emptyTextOf(unit);
    figure.subtitle = dotted({"Average cost of one " + unit.name + " by component", currency});
    figure.yTitle = currency + " per " + unit.name;
    figure.title = "The cost of one " + unit.name + " is not known";
    if (unit.count <= 0)
        return figure;
    const Millionths count = static_cast<Millionths>(unit.count) * oneMillion;
    FigureSeries series;
    series.name = "Cost of one " + unit.name;
    series.role = SeriesRole::Actual;
    std::size_t largest = 0;
    for (std::size_t c = 0; c < componentCount; ++c) {
        const Femto amount = unit.components.amounts[c];
        if (amount > unit.components.amounts[largest])
            largest = c;
        if (amount.isZero())
            continue;
        series.points.push_back(
            averagePoint(static_cast<double>(figure.categories.size()), dividedBy(amount, count), currency));
        series.points.back().exact += " \u00b7 " + shareText(amount, unit.components.total());
        figure.categories.emplace_back(componentLabels[c]);
    }
    figure.series.push_back(std::move(series));
    const Femto total = unit.components.total();
    figure.title = std::string(componentLabels[largest]) + " is " + shareText(unit.components.amounts[largest], total)
                   + " of the " + perUnitText(dividedBy(total, count), currency) + " that one " + unit.name + " costs";
    figure.notes = notesOf(unit);
    figure.summary = figure.title + ".";
    return figure;
}

Figure spendOverDays(const DailySpend &spend, const std::string &currency)
{
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.timeAxis = true;
    figure.currency = currency;
    figure.emptyText = "No day has a cost yet.";
    figure.yTitle = currency + " a day";
    FigureSeries cost;
    cost.name = "Spend";
    cost.role = SeriesRole::Actual;
    FigureSeries usual;
    usual.name = "Usual (median of the 28 days before)";
    usual.role = SeriesRole::Baseline;
    const DailySpend::Day *oddest = nullptr;
    std::int64_t unusual = 0;
    for (const DailySpend::Day &day : spend.days) {
        FigurePoint point = moneyPoint(timeOf(day.day), day.cost, currency);
        point.exact += "\n" + exactCountText(day.requests) + " requests";
        if (day.unusual) {
            ++unusual;
            point.exact += "\nUnusual: " + moneyText(day.usual, currency) + " is usual"
                           + (day.driver.empty() ? "" : "; most of it from " + day.driver);
            figure.marks.push_back({true, point.x, dayText(day.day)});
            if (!oddest || day.cost - day.usual > oddest->cost - oddest->usual)
                oddest = &day;
        }
        cost.points.push_back(std::move(point));
        usual.points.push_back(day.usual.isZero() ? missingPoint(timeOf(day.day), "too few days before")
                                                  : moneyPoint(timeOf(day.day), day.usual, currency));
    }
    const bool anyUsual =
        std::any_of(usual.points.begin(), usual.points.end(), [](const FigurePoint &point) { return !point.missing; });
    figure.series.push_back(std::move(cost));
    if (anyUsual)
        figure.series.push_back(std::move(usual));
    if (spend.days.empty())
        return figure;
    figure.subtitle =
        dotted({"Spend by day", currency, dayText(spend.days.front().day) + " to " + dayText(spend.days.back().day)});
    if (oddest) {
        figure.title = dayText(oddest->day) + " cost " + shortMoneyText(oddest->cost, currency) + ", "
                       + shortMoneyText(oddest->cost - oddest->usual, currency) + " more than usual"
                       + (oddest->driver.empty() ? "" : ", mostly from " + oddest->driver);
        if (unusual > 1)
            figure.notes.push_back(std::to_string(unusual) + " days cost more than twice the usual amount.");
    } else {
        const auto [low, high] = std::minmax_element(spend.days.begin(), spend.days.end(),
                                                     [](const auto &a, const auto &b) { return a.cost < b.cost; });
        figure.title = "No day stands out: between " + shortMoneyText(low->cost, currency) + " and "
                       + shortMoneyText(high->cost, currency) + " a day";
    }
    figure.summary = figure.title + ".";
    return figure;
}

} // namespace perunit
