// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_layout.h"

#include "widgets/charts/figure_placement.h"

#include "pricing/base/instant.h"
#include "widgets/charts/label_fit.h"
#include "widgets/text/text.h"

#include <QFontMetricsF>
#include <QTransform>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perunit {

namespace {

constexpr qreal tickGap = 6;
constexpr qreal swatchWidth = 14;
constexpr int mostMarkRows = 3;
constexpr double halfMonth = 15 * 86'400;

/// True when all points of a time axis stand at the start of a month.
bool isMonthly(const Figure &figure)
{
    for (const FigureSeries &series : figure.series) {
        for (const FigurePoint &point : series.points) {
            const Instant at{static_cast<std::int64_t>(std::llround(point.x)) * microsPerSecond};
            if (monthOf(at).start() != at)
                return false;
        }
    }
    return true;
}

} // namespace

void FigurePlacement::addLabel(QPointF centre, const QString &text, const QColor &colour, const QFont &font,
                               qreal angle, Qt::Alignment alignment)
{
    m_out.labels.append({centre, textSize(text, font), angle, text, colour, font, alignment});
}

const FigurePoint *FigurePlacement::lastPoint(const FigureSeries &series) const
{
    for (auto point = series.points.rbegin(); point != series.points.rend(); ++point) {
        if (!point->missing)
            return &*point;
    }
    return nullptr;
}

/// Names at the ends of lines replace the legend when all lines end at the right and their names have room.
bool FigurePlacement::endLabelsFit() const
{
    if (!isLines(m_figure) || m_figure.series.size() < 2)
        return false;
    qreal width = 0;
    for (const FigureSeries &series : m_figure.series) {
        const FigurePoint *last = lastPoint(series);
        if (!last || last->x < m_out.x.high - 0.06 * m_out.x.span())
            return false;
        width = std::max(width, textSize(toQt(series.name), m_font).width());
    }
    const qreal height = static_cast<qreal>(m_figure.series.size()) * m_line;
    return width <= 0.26 * m_options.size.width() && height <= 0.6 * m_options.size.height();
}

void FigurePlacement::addLegendEntry(qreal &x, const std::string &text, FigureLayout::Swatch swatch)
{
    const QString name =
        wrappedAnywhere(toQt(text), m_font, m_options.size.width() - swatchWidth - 8).join(QLatin1Char('\n'));
    const QSizeF size = textSize(name, m_font);
    if (x > 0 && x + swatchWidth + 6 + size.width() > m_options.size.width()) {
        x = 0;
        m_top += m_line + 4;
    }
    const qreal middle = m_top + m_line / 2;
    swatch.box = swatch.asLine ? QRectF(x, middle - 1, swatchWidth, 2) : QRectF(x + 2, middle - 5, 10, 10);
    m_out.swatches.append(swatch);
    addLabel({x + swatchWidth + 6 + size.width() / 2, m_top + size.height() / 2}, name, m_options.theme.text, m_font);
    x += swatchWidth + 6 + size.width() + 18;
    m_top += size.height() - m_line;
}

void FigurePlacement::placeLegend()
{
    m_endLabels = endLabelsFit();
    const bool series = m_figure.series.size() > 1 && !m_endLabels && m_figure.kind != FigureKind::Waterfall
                        && m_figure.kind != FigureKind::Histogram;
    const bool areas = isPlane() && !m_options.plane->areas.empty();
    if (!series && !areas)
        return;
    qreal x = 0;
    for (std::size_t i = 0; areas && i < m_options.plane->areas.size(); ++i) {
        const FigureArea &area = m_options.plane->areas[i];
        const AreaColours colours = areaColours(area, m_options.theme);
        addLegendEntry(x, area.name, {{}, colours.fill, false, area.hatched, colours.line});
    }
    for (std::size_t i = 0; (series || areas) && !m_endLabels && i < m_figure.series.size(); ++i)
        addLegendEntry(
            x, m_figure.series[i].name,
            {{}, colourOf(m_figure.series[i], m_options.theme), isLines(m_figure), m_figure.series[i].forecast, {}});
    m_top += m_line + 8;
}

void FigurePlacement::chooseRanges()
{
    double low = 0;
    double high = 0;
    double left = std::numeric_limits<double>::infinity();
    double right = -left;
    std::vector<double> up(m_figure.categories.size(), 0);
    std::vector<double> down(m_figure.categories.size(), 0);
    for (const FigureSeries &series : m_figure.series) {
        for (const FigurePoint &point : series.points) {
            left = std::min(left, point.x);
            right = std::max(right, point.x);
            if (point.missing || !std::isfinite(point.y))
                continue;
            low = std::min(low, point.y);
            high = std::max(high, point.y);
            const auto category = static_cast<std::size_t>(std::max(point.x, 0.0));
            if (m_figure.kind == FigureKind::StackedBars && category < up.size())
                (point.y < 0 ? down : up)[category] += point.y;
        }
    }
    for (std::size_t i = 0; i < up.size(); ++i) {
        low = std::min(low, down[i]);
        high = std::max(high, up[i]);
    }
    if (m_figure.kind == FigureKind::Waterfall) {
        low = high = 0;
        const QVector<std::pair<double, double>> spans = waterfallSpans(m_figure.series.front());
        for (qsizetype i = 0; i < spans.size(); ++i) {
            const auto [from, to] = spans[i];
            low = std::min({low, from, to});
            high = std::max({high, from, to});
            const auto index = static_cast<std::size_t>(i);
            const FigurePoint &point = m_figure.series.front().points[index];
            if (point.between && !isWholeBar(m_figure.series.front(), index)) {
                low = std::min({low, from + point.between->first, from + point.between->second});
                high = std::max({high, from + point.between->first, from + point.between->second});
            }
        }
    }
    for (const FigureMark &mark : m_figure.marks) {
        if (!mark.vertical) {
            low = std::min(low, mark.at);
            high = std::max(high, mark.at);
        }
    }
    if (isPlane()) {
        for (const FigureArea &area : m_options.plane->areas) {
            for (const FigureArea::Edge &edge : area.edges) {
                low = std::min(low, edge.low);
                high = std::max(high, edge.high);
            }
        }
        if (handle() && !handle()->vertical)
            high = std::max(high, handle()->at);
    }
    m_negative = low < 0;
    m_scale = valueScale(low, high, wantedSteps(), m_figure.format);
    if (m_options.heldY && m_options.heldY->span() > 0 && m_options.heldY->contains(low)
        && m_options.heldY->contains(high))
        m_scale = valueScaleWithin(*m_options.heldY, wantedSteps(), m_figure.format);
    else if (m_options.heldY && m_options.heldY->span() > 0)
        // The data has left the held range: it grows, and never shrinks before it is let go.
        m_scale = valueScale(std::min(low, m_options.heldY->low), std::max(high, m_options.heldY->high), wantedSteps(),
                             m_figure.format);
    m_out.y = m_scale.range;
    if (isPlane()) {
        m_out.x = {m_options.plane->low, std::max(m_options.plane->high, m_options.plane->low + 1e-9)};
        return;
    }
    if (!isLines(m_figure) || !m_figure.timeAxis) {
        const auto count = static_cast<double>(std::max<std::size_t>(m_figure.categories.size(), 1));
        m_out.x = {-0.5, std::max(count - 0.5, right + 0.5)};
        return;
    }
    const double pad = right > left ? (right - left) * 0.015 : halfMonth;
    m_out.x = {left - pad, right + pad};
}

int FigurePlacement::wantedSteps() const
{
    return std::clamp(static_cast<int>((m_options.size.height() - m_top) / 56), 2, 6);
}

qreal FigurePlacement::widestTick() const
{
    qreal width = 0;
    for (const AxisTick &tick : m_scale.ticks)
        width = std::max(width, textSize(tick.label, m_font).width());
    return width;
}

void FigurePlacement::placeAxisTitles()
{
    const Theme &theme = m_options.theme;
    if (!m_figure.yTitle.empty()) {
        const QString text =
            wrappedAnywhere(toQt(m_figure.yTitle), m_font, m_options.size.width()).join(QLatin1Char('\n'));
        const QSizeF size = textSize(text, m_font);
        addLabel({size.width() / 2, m_top + size.height() / 2}, text, theme.secondaryText, m_font, 0, Qt::AlignLeft);
        m_top += size.height() + 2;
    }
    if (!m_figure.xTitle.empty()) {
        const QString text =
            wrappedAnywhere(toQt(m_figure.xTitle), m_font, m_options.size.width()).join(QLatin1Char('\n'));
        const QSizeF size = textSize(text, m_font);
        addLabel({m_options.size.width() - size.width() / 2, m_options.size.height() - size.height() / 2}, text,
                 theme.secondaryText, m_font, 0, Qt::AlignRight);
        m_bottom += size.height() + 2;
    }
}

QStringList FigurePlacement::categoryTexts() const
{
    QStringList texts;
    for (const std::string &category : m_figure.categories)
        texts.append(toQt(category));
    return texts;
}

QVector<AxisTick> FigurePlacement::fittingTimeTicks() const
{
    const QVector<QVector<AxisTick>> choices = timeTickChoices(m_out.x.low, m_out.x.high, isMonthly(m_figure));
    const QFontMetricsF metrics(m_font);
    for (const QVector<AxisTick> &ticks : choices) {
        qreal end = -std::numeric_limits<qreal>::infinity();
        bool fits = true;
        for (const AxisTick &tick : ticks) {
            const qreal centre = m_out.position(tick.at, 0).x();
            const qreal half = metrics.horizontalAdvance(tick.label) / 2;
            fits = fits && centre - half >= end + 10;
            end = centre + half;
        }
        if (fits)
            return ticks;
    }
    return choices.isEmpty() ? QVector<AxisTick>() : choices.back().mid(0, 1);
}

/// Rows that the labels of vertical marks need above the plot to stand free of each other, up to a limit.
int FigurePlacement::markRows(qreal left, qreal width) const
{
    std::vector<FigureMark> marks = m_figure.marks;
    std::stable_sort(marks.begin(), marks.end(), [](const FigureMark &a, const FigureMark &b) { return a.at < b.at; });
    QVector<qreal> ends;
    for (const FigureMark &mark : marks) {
        if (!mark.vertical)
            continue;
        const qreal size = textSize(toQt(mark.label), m_font).width();
        const qreal x = left + (mark.at - m_out.x.low) / m_out.x.span() * width;
        const qreal start = std::clamp(x - size / 2, left, std::max(left, left + width - size));
        qsizetype row = 0;
        while (row < ends.size() && start < ends[row] + 8)
            ++row;
        if (row == ends.size())
            ends.append(0);
        ends[row] = start + size;
    }
    return std::min(static_cast<int>(ends.size()), mostMarkRows);
}

void FigurePlacement::chooseMargins()
{
    const QSizeF size = m_options.size;
    qreal left = widestTick() + tickGap;
    qreal right = 6;
    if (m_endLabels) {
        for (const FigureSeries &series : m_figure.series)
            right = std::max(right, textSize(toQt(series.name), m_font).width() + endLabelLeader + 4);
    }
    if (marksStandBeside() && widestLevelMark() > 0)
        right = std::max(right, widestLevelMark() + endLabelLeader + 4);
    const QSizeF beside = handleRoom();
    right = std::max(right, beside.width());
    qreal top = m_top + m_line / 2;
    if (!isLines(m_figure))
        top = m_top + m_line + 4;
    m_markRows = markRows(left, size.width() - left - right);
    top += m_markRows * m_line + beside.height();
    const bool lowLabels = m_negative && !isLines(m_figure);
    if (isPlane() || (m_figure.timeAxis && isLines(m_figure))) {
        m_bottom += m_line + tickGap;
    } else {
        const auto count = std::max<qreal>(static_cast<qreal>(m_figure.categories.size()), 1);
        // Slanted labels reach to the left of their bars; a second pass makes the room that they need.
        for (int pass = 0; pass < 2; ++pass) {
            const qreal slot = (size.width() - left - right) / count;
            m_categories = fitCategories(categoryTexts(), m_font, slot, (size.height() - top - m_bottom) * 0.5,
                                         !m_options.forPrint);
            if (m_categories.angle > -1)
                break;
            left = std::max(left, m_categories.overhang - slot / 2 + 2);
        }
        m_bottom += m_categories.height + tickGap + (lowLabels ? m_line : 0);
    }
    const qreal height = std::max<qreal>(size.height() - top - m_bottom, 20);
    m_out.plot = QRectF(left, top, std::max<qreal>(size.width() - left - right, 20), height);
    if (isPlane())
        m_timeTicks = fittingNumberTicks();
    else if (m_figure.timeAxis && isLines(m_figure))
        m_timeTicks = fittingTimeTicks();
}

void FigurePlacement::placeValueAxis()
{
    const Theme &theme = m_options.theme;
    const QRectF plot = m_out.plot;
    for (const AxisTick &tick : m_scale.ticks) {
        const qreal y = m_out.position(m_out.x.low, tick.at).y();
        const bool zero = tick.at == 0.0;
        const FigureLayout::Line line{QLineF(plot.left(), y, plot.right(), y), zero ? theme.strongBorder : theme.grid,
                                      1, Qt::SolidLine};
        (zero ? m_out.inFront : m_out.behind).append(line);
        const qreal width = textSize(tick.label, m_font).width();
        addLabel({plot.left() - tickGap - width / 2, y}, tick.label, theme.secondaryText, m_font, 0, Qt::AlignRight);
    }
}

void FigurePlacement::placeTimeAxis()
{
    const Theme &theme = m_options.theme;
    for (const AxisTick &tick : m_timeTicks) {
        const qreal x = m_out.position(tick.at, 0).x();
        m_out.inFront.append(
            {QLineF(x, m_out.plot.bottom(), x, m_out.plot.bottom() + 4), theme.strongBorder, 1, Qt::SolidLine});
        const QSizeF size = textSize(tick.label, m_font);
        const qreal centre = std::clamp(x, size.width() / 2, m_options.size.width() - size.width() / 2);
        addLabel({centre, m_out.plot.bottom() + tickGap + size.height() / 2}, tick.label, theme.secondaryText, m_font);
    }
}

void FigurePlacement::placeCategories()
{
    const qreal bottom = m_out.plot.bottom() + tickGap + (m_negative && !isLines(m_figure) ? m_line : 0);
    const qreal radians = -m_categories.angle * M_PI / 180;
    for (qsizetype i = 0; i < m_categories.texts.size(); ++i) {
        const QString &text = m_categories.texts[i];
        const QSizeF size = textSize(text, m_categories.font);
        const qreal x = m_out.position(static_cast<double>(i), 0).x();
        QPointF centre(x, bottom + size.height() / 2);
        Qt::Alignment alignment = Qt::AlignHCenter;
        if (m_categories.angle < 0) {
            // The end of a turned label stands below the middle of its bars.
            centre = QPointF(x - std::cos(radians) * size.width() / 2,
                             bottom + std::sin(radians) * size.width() / 2 + std::cos(radians) * size.height() / 2);
            alignment = Qt::AlignRight;
        }
        addLabel(centre, text, m_options.theme.text, m_categories.font, m_categories.angle, alignment);
    }
}

/// The line of a horizontal mark, with its label at the right end, or as far to the left as others leave it room.
void FigurePlacement::placeLevelMark(const FigureMark &mark, QVector<QRectF> &taken)
{
    const QRectF plot = m_out.plot;
    const QString text = toQt(mark.label);
    const QSizeF size = textSize(text, m_font);
    const qreal y = m_out.position(m_out.x.low, mark.at).y();
    m_out.inFront.append({QLineF(plot.left(), y, plot.right(), y), m_options.theme.secondaryText, 1, Qt::DashLine});
    const bool below = y - size.height() < plot.top();
    QRectF box(QPointF(plot.right() - size.width() - 2, below ? y : y - size.height()), size);
    const auto isTaken = [&box](const QRectF &other) {
        return other.adjusted(-8, 0, 8, 0).intersects(box);
    };
    for (auto found = std::find_if(taken.begin(), taken.end(), isTaken);
         found != taken.end() && found->left() - 8 - size.width() > plot.left();
         found = std::find_if(taken.begin(), taken.end(), isTaken))
        box.moveRight(found->left() - 8.5);
    taken.append(box);
    if (isPlane())
        m_out.areas.append({QPolygonF(box.adjusted(-2, 0, 2, 0)), m_options.theme.surface, {}, false});
    addLabel(box.center(), text, m_options.theme.text, m_font, 0, Qt::AlignRight);
}

void FigurePlacement::placeMarks()
{
    const Theme &theme = m_options.theme;
    const QRectF plot = m_out.plot;
    QVector<qreal> rowEnd(std::max(m_markRows, 1), -std::numeric_limits<qreal>::infinity());
    QVector<QRectF> taken;
    QVector<EndLabel> levels;
    std::vector<FigureMark> marks = m_figure.marks;
    std::stable_sort(marks.begin(), marks.end(), [](const FigureMark &a, const FigureMark &b) { return a.at < b.at; });
    for (const FigureMark &mark : marks) {
        if (!mark.vertical && marksStandBeside()) {
            const qreal y = m_out.position(m_out.x.low, mark.at).y();
            m_out.inFront.append({QLineF(plot.left(), y, plot.right(), y), theme.secondaryText, 1, Qt::DashLine});
            levels.append({toQt(mark.label), {plot.right(), y}, theme.secondaryText});
            continue;
        }
        if (!mark.vertical) {
            placeLevelMark(mark, taken);
            continue;
        }
        const QString text = toQt(mark.label);
        const QSizeF size = textSize(text, m_font);
        const qreal x = m_out.position(mark.at, 0).x();
        const qreal centre = std::clamp(x, plot.left() + size.width() / 2,
                                        std::max(plot.right() - size.width() / 2, plot.left() + size.width() / 2));
        for (qsizetype row = 0; row < rowEnd.size(); ++row) {
            if (centre - size.width() / 2 < rowEnd[row] + 8)
                continue;
            rowEnd[row] = centre + size.width() / 2;
            const qreal extra = isLines(m_figure) ? 0 : m_line;
            const qreal top =
                plot.top() - extra - handleRoom().height() - m_line * static_cast<qreal>(rowEnd.size() - row) - 2;
            addLabel({centre, top + m_line / 2}, text, theme.text, m_font);
            break;
        }
        m_out.inFront.append({QLineF(x, plot.top(), x, plot.bottom()), theme.secondaryText, 1, Qt::DashLine});
    }
    placeBesidePlot(std::move(levels));
}

FigureLayout FigurePlacement::run()
{
    chooseRanges();
    placeLegend();
    placeAxisTitles();
    chooseMargins();
    placeValueAxis();
    if (isPlane() || (m_figure.timeAxis && isLines(m_figure)))
        placeTimeAxis();
    else
        placeCategories();
    // Areas first: the labels of marks stand on a ground of their own above them.
    if (isPlane())
        placePlane();
    placeMarks();
    if (m_figure.kind == FigureKind::Waterfall)
        placeWaterfall();
    else if (isLines(m_figure))
        placePoints();
    else
        placeBars();
    placeEndLabels();
    return m_out;
}

QRectF FigureLayout::Label::bounds() const
{
    QTransform transform;
    transform.translate(centre.x(), centre.y());
    transform.rotate(angle);
    return transform.mapRect(QRectF(-size.width() / 2, -size.height() / 2, size.width(), size.height()));
}

QPointF FigureLayout::position(double xValue, double yValue) const
{
    return {plot.left() + (xValue - x.low) / x.span() * plot.width(),
            plot.bottom() - (yValue - y.low) / y.span() * plot.height()};
}

QPointF FigureLayout::valueAt(QPointF place) const
{
    return {x.low + (place.x() - plot.left()) / plot.width() * x.span(),
            y.low + (plot.bottom() - place.y()) / plot.height() * y.span()};
}

FigureLayout layOut(const Figure &figure, const FigureLayoutOptions &options)
{
    if (figure.isEmpty() || figure.series.empty())
        return {};
    if (figure.kind == FigureKind::Tornado)
        return layOutTornado(figure, options);
    FigurePlacement placement(figure, options);
    const FigureLayout layout = placement.run();
    const bool lies = options.heldLying.value_or(placement.isCrowded());
    return figure.kind == FigureKind::Waterfall && lies ? layOutLyingWaterfall(figure, options) : layout;
}

qreal leastChartHeight(const Figure &figure)
{
    constexpr qreal least = 150;
    constexpr qreal besideRows = 64;
    constexpr qreal rowHeight = 33; // two lines of a name
    const bool rows = figure.kind == FigureKind::Waterfall || figure.kind == FigureKind::Tornado;
    return rows ? std::max(least, besideRows + rowHeight * static_cast<qreal>(figure.categories.size())) : least;
}

} // namespace perunit
