// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_pictures.h"

#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace perunit {

namespace {

/// Below so many bins each is drawn as a step: a line between few of them would tell loads that never were.
constexpr std::size_t fewBins = 200;
constexpr double ppmPerPercent = 10'000;
constexpr double perThousand = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("Capacity", text);
}

/// "gpt-4.1 · 1 year · over 12 months · Baseline".
QString context(const CapacityAnswer &answer, const CapacityWords &words)
{
    return QStringList{toQt(answer.model), toQt(answer.offerName), termText(answer.term), words.span.whole,
                       words.scenario}
        .join(QStringLiteral(" · "));
}

QString ruleName(const std::string &rule)
{
    if (rule == "p95")
        return tr("P95");
    if (rule == "peak")
        return tr("peak");
    return rule == "mean" ? tr("mean") : toQt(rule);
}

/// Optimum, P95 and peak, each size once.
std::vector<FigureMark> sizeMarks(const CapacityAnswer &answer, const CapacityWords &words, bool vertical)
{
    std::vector<std::pair<std::int64_t, QString>> sizes;
    const auto add = [&sizes](std::int64_t units, const QString &name) {
        const auto found =
            std::find_if(sizes.begin(), sizes.end(), [&](const auto &each) { return each.first == units; });
        if (found != sizes.end())
            found->second += QStringLiteral(", ") + name;
        else if (units > 0)
            sizes.emplace_back(units, name);
    };
    add(answer.optimum.units, tr("optimum"));
    for (const SizeByRule &rule : answer.rules) {
        if (rule.rule != "mean")
            add(rule.size.units, ruleName(rule.rule));
    }
    if (words.inScenario)
        add(*words.inScenario, tr("in the scenario"));
    std::vector<FigureMark> marks;
    for (const auto &[units, name] : sizes) {
        FigureMark mark;
        mark.vertical = vertical;
        mark.at = static_cast<double>(units);
        mark.label = fromQt(QStringLiteral("%1 %2").arg(name, toQt(exactCountText(units))));
        marks.push_back(std::move(mark));
    }
    return marks;
}

FigureHandle handleAt(const CapacitySizing &sizing, const SizeFigures &shown, bool vertical)
{
    FigureHandle handle;
    handle.vertical = vertical;
    handle.at = static_cast<double>(shown.units);
    handle.high = static_cast<double>(std::max(sizing.largestSize(), shown.units));
    handle.label = shown.units == 0 ? "0" : fromQt(unitsText(shown.units, sizing.answer.unitName));
    handle.name = fromQt(tr("Size"));
    return handle;
}

struct LoadPoint {
    double percent = 0;
    double units = 0;
};

/// The curve down to zero at its right end.
std::vector<LoadPoint> loadPoints(const CapacitySizing &sizing)
{
    const auto &duration = sizing.answer.duration;
    const bool steps = duration.size() <= fewBins;
    const double bin = 100.0 / static_cast<double>(std::max<std::int64_t>(sizing.bins, 1));
    std::vector<LoadPoint> points;
    for (std::size_t i = 0; i < duration.size(); ++i) {
        const LoadPoint point{static_cast<double>(duration[i].share) / ppmPerPercent,
                              static_cast<double>(duration[i].thousandths) / perThousand};
        points.push_back(point);
        const double end = i + 1 < duration.size() ? static_cast<double>(duration[i + 1].share) / ppmPerPercent
                                                   : std::min(point.percent + bin, 100.0);
        if (steps || i + 1 == duration.size())
            points.push_back({end, point.units});
    }
    const double last = points.empty() ? 0 : points.back().percent;
    points.push_back({last, 0});
    if (last < 100)
        points.push_back({100, 0});
    return points;
}

/// Served below the smaller of load and size, idle between load and size, spilled above the size.
std::vector<FigureArea> loadAreas(const std::vector<LoadPoint> &points, double size)
{
    FigureArea served{fromQt(tr("served")), SeriesRole::Component, static_cast<int>(Component::Provisioned), false, {}};
    FigureArea spilled{fromQt(tr("spilled")), SeriesRole::Component, static_cast<int>(Component::Spill), true, {}};
    FigureArea idle{fromQt(tr("idle")), SeriesRole::Baseline, 0, true, {}};
    const auto add = [&](double percent, double load) {
        served.edges.push_back({percent, 0, std::min(load, size)});
        if (load >= size)
            spilled.edges.push_back({percent, size, load});
        if (load <= size)
            idle.edges.push_back({percent, load, size});
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        add(points[i].percent, points[i].units);
        if (i + 1 == points.size())
            break;
        const LoadPoint &next = points[i + 1];
        if (points[i].units > size && next.units < size)
            add(points[i].percent
                    + (points[i].units - size) / (points[i].units - next.units) * (next.percent - points[i].percent),
                size);
    }
    if (size <= 0)
        return {std::move(spilled)};
    return {std::move(served), std::move(spilled), std::move(idle)};
}

FigurePoint costPoint(const SizeCost &size, const std::string &currency)
{
    FigurePoint point;
    point.x = static_cast<double>(size.units);
    point.y = size.cost().approximate();
    point.exact =
        fromQt(tr("%1\nunits %2\nspill %3")
                   .arg(toQt(exactMoneyText(size.cost(), currency)), toQt(exactMoneyText(size.fixedCost, currency)),
                        toQt(exactMoneyText(size.spillCost, currency))));
    return point;
}

QString servedTitle(const CapacityAnswer &answer, const SizeFigures &shown)
{
    if (shown.units == 0)
        return tr("Nothing is reserved: all of the load is pay-as-you-go");
    const QString sentence = answer.outputOptimum ? tr("%1 serve %2 of the input and are %3 full")
                                                  : tr("%1 serve %2 of the load and are %3 full");
    return sentence.arg(unitsText(shown.units, answer.unitName), ppmText(onePpm - shown.spillShare),
                        ppmText(shown.utilisation));
}

} // namespace

PlaneFigure loadDurationFigure(const CapacitySizing &sizing, const SizeFigures &shown, const CapacityWords &words)
{
    const CapacityAnswer &answer = sizing.answer;
    const std::vector<LoadPoint> points = loadPoints(sizing);
    PlaneFigure result;
    Figure &figure = result.figure;
    figure.kind = FigureKind::Lines;
    figure.format = ValueFormat::Count;
    figure.title = fromQt(servedTitle(answer, shown));
    figure.subtitle = fromQt(
        (words.output ? tr("Load of input by the %1, largest first · %2") : tr("Load by the %1, largest first · %2"))
            .arg(binText(answer.bounds.seconds), context(answer, words)));
    figure.yTitle = answer.unitName;
    figure.xTitle = fromQt(tr("Share of the time"));
    FigureSeries load;
    load.name = fromQt(tr("load"));
    load.role = SeriesRole::Total;
    for (const LoadPoint &point : points) {
        FigurePoint drawn;
        drawn.x = point.percent;
        drawn.y = point.units;
        drawn.exact = fromQt(QStringLiteral("%1 %2").arg(point.units, 0, 'f', 1).arg(toQt(answer.unitName)));
        load.points.push_back(std::move(drawn));
    }
    figure.series.push_back(std::move(load));
    figure.marks = sizeMarks(answer, words, false);
    figure.summary = fromQt(tr("The largest load needs %1 %2. %3. %4 of the load spills.")
                                .arg(decimalText(static_cast<PartsPerMillion>(answer.rawUnits), 1),
                                     toQt(answer.unitName), toQt(figure.title), ppmText(shown.spillShare)));
    result.plane.high = 100;
    result.plane.format = ValueFormat::Percent;
    result.plane.columnName = fromQt(tr("Share of the time"));
    result.plane.areas = loadAreas(points, static_cast<double>(shown.units));
    result.plane.handles.push_back(handleAt(sizing, shown, false));
    return result;
}

PlaneFigure costOfSizeFigure(const CapacitySizing &sizing, const SizeFigures &shown, const CapacityWords &words)
{
    const CapacityAnswer &answer = sizing.answer;
    PlaneFigure result;
    Figure &figure = result.figure;
    figure.kind = FigureKind::Lines;
    figure.format = ValueFormat::Money;
    figure.currency = answer.currency;
    figure.title = fromQt(regretSentence(answer, shown, words.span));
    figure.title.pop_back(); // a title ends without a full stop
    const QString output =
        words.output ? tr(" · %1 for output").arg(unitsText(words.output->units, answer.unitName)) : QString();
    figure.subtitle = fromQt(tr("Cost against size · %1%2").arg(context(answer, words), output));
    figure.yTitle = answer.currency;
    figure.xTitle = answer.unitName;
    FigureSeries total{fromQt(tr("cost")), SeriesRole::Total, 0, {}, false};
    FigureArea fixed{fromQt(tr("units")), SeriesRole::Component, static_cast<int>(Component::Provisioned), false, {}};
    FigureArea spill{fromQt(tr("spill")), SeriesRole::Component, static_cast<int>(Component::Spill), true, {}};
    const Femto moreUnits = words.output ? words.output->fixedCost - answer.outputOptimum->fixedCost : Femto();
    const Femto moreSpill = words.output ? words.output->spillCost - answer.outputOptimum->spillCost : Femto();
    for (SizeCost size : answer.curve) {
        // No units at all is another contract, not the left end of this curve.
        if (size.units == 0)
            continue;
        // The curve holds the cheapest units for output beside each size; those that are shown may be others.
        size.fixedCost += moreUnits;
        size.spillCost += moreSpill;
        total.points.push_back(costPoint(size, answer.currency));
        const double x = static_cast<double>(size.units);
        const double low = size.fixedCost.approximate();
        fixed.edges.push_back({x, 0, low});
        spill.edges.push_back({x, low, size.cost().approximate()});
    }
    figure.series.push_back(std::move(total));
    figure.marks = sizeMarks(answer, words, true);
    FigureMark payAsYouGo;
    payAsYouGo.at = answer.payAsYouGo.approximate();
    payAsYouGo.label = fromQt(tr("pay-as-you-go %1").arg(toQt(moneyText(answer.payAsYouGo, answer.currency))));
    figure.marks.push_back(std::move(payAsYouGo));
    figure.summary =
        fromQt(tr("%1 Pay-as-you-go costs %2 %3; the cheapest size is %4.")
                   .arg(regretSentence(answer, shown, words.span), toQt(moneyText(answer.payAsYouGo, answer.currency)),
                        words.span.whole, optimumText(answer)));
    result.plane.high = static_cast<double>(std::max(sizing.largestSize(), shown.units)) * 1.02;
    // Room for the line at its left end.
    result.plane.low = -0.02 * result.plane.high;
    result.plane.columnName = answer.unitName;
    result.plane.areas = {std::move(fixed), std::move(spill)};
    result.plane.handles.push_back(handleAt(sizing, shown, true));
    return result;
}

} // namespace perunit
