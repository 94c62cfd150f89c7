// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_layout.h"
#include "widgets/text/text.h"

#include <algorithm>
#include <numeric>

namespace perunit {

namespace {

constexpr std::size_t mostSeries = 6;

double sizeOf(const FigureSeries &series)
{
    return std::accumulate(series.points.begin(), series.points.end(), 0.0, [](double sum, const FigurePoint &point) {
        return point.missing ? sum : sum + std::abs(point.y);
    });
}

const FigurePoint *pointAt(const FigureSeries &series, double x)
{
    const auto found = std::find_if(series.points.begin(), series.points.end(),
                                    [x](const FigurePoint &point) { return !point.missing && point.x == x; });
    return found == series.points.end() ? nullptr : &*found;
}

/// The small series together. Their exact texts stand one below the other: nothing exact is added up here.
FigureSeries othersOf(const std::vector<const FigureSeries *> &small, std::size_t categories)
{
    FigureSeries other;
    other.name = "Other (" + std::to_string(small.size()) + ")";
    other.role = SeriesRole::Total;
    for (std::size_t category = 0; category < categories; ++category) {
        FigurePoint sum;
        sum.x = static_cast<double>(category);
        sum.missing = true;
        for (const FigureSeries *series : small) {
            const FigurePoint *point = pointAt(*series, sum.x);
            if (!point)
                continue;
            sum.missing = false;
            sum.y += point->y;
            sum.exact += (sum.exact.empty() ? "" : "\n") + series->name + ": " + point->exact;
        }
        other.points.push_back(std::move(sum));
    }
    return other;
}

} // namespace

Figure withFewSeries(const Figure &figure)
{
    if (figure.series.size() <= mostSeries)
        return figure;
    Figure few = figure;
    if (figure.kind != FigureKind::StackedBars) {
        // Lines and bars side by side do not add up to anything: the rest is named instead of drawn.
        few.series.resize(mostSeries);
        const std::size_t left = figure.series.size() - mostSeries;
        few.notes.push_back(left == 1 ? "One more is in the table." : std::to_string(left) + " more are in the table.");
        return few;
    }
    std::vector<std::size_t> order(figure.series.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sizeOf(figure.series[a]) > sizeOf(figure.series[b]); });
    std::vector<std::size_t> kept(order.begin(), order.begin() + mostSeries - 1);
    std::sort(kept.begin(), kept.end());
    few.series.clear();
    for (const std::size_t index : kept)
        few.series.push_back(figure.series[index]);
    std::vector<const FigureSeries *> small;
    for (std::size_t i = mostSeries - 1; i < order.size(); ++i)
        small.push_back(&figure.series[order[i]]);
    few.series.push_back(othersOf(small, figure.categories.size()));
    return few;
}

QColor colourOf(const FigureSeries &series, const Theme &theme)
{
    return theme.seriesColour(series.role, series.roleIndex);
}

bool isWholeBar(const FigureSeries &series, std::size_t point)
{
    return point == 0 || point + 1 == series.points.size() || series.points[point].subtotal;
}

QStringList waterfallTexts(const FigureSeries &series)
{
    QStringList texts;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const FigurePoint &point = series.points[i];
        QString arrow;
        if (!isWholeBar(series, i) && point.y != 0.0)
            arrow = point.y < 0 ? QStringLiteral("\u25bc ") : QStringLiteral("\u25b2 ");
        texts.append(arrow + toQt(point.label));
    }
    return texts;
}

QVector<std::pair<double, double>> waterfallSpans(const FigureSeries &series)
{
    QVector<std::pair<double, double>> spans;
    double level = 0;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const double value = series.points[i].missing ? 0 : series.points[i].y;
        const bool whole = isWholeBar(series, i);
        const double from = whole ? 0 : level;
        const double to = whole ? value : level + value;
        spans.append({from, to});
        level = to;
    }
    return spans;
}

QColor waterfallColour(const Figure &figure, std::size_t point, const Theme &theme)
{
    const FigureSeries &series = figure.series.front();
    if (point == 0)
        return theme.baseline;
    if (isWholeBar(series, point))
        return theme.seriesColour(SeriesRole::Total, 0);
    return series.points[point].y < 0 ? theme.favourable : theme.unfavourable;
}

QFont drawingFont(Theme::TextRole role, bool forPrint)
{
    QFont font = Theme::font(role);
    if (font.pixelSize() <= 0)
        font.setPixelSize(qRound(font.pointSizeF() * 96 / 72));
    if (forPrint) {
        // Shaped text leaves ligatures in a PDF that no search finds.
        font.setStyleStrategy(QFont::PreferNoShaping);
        font.setHintingPreference(QFont::PreferNoHinting);
    }
    return font;
}

} // namespace perunit
