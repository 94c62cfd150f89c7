// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_placement.h"
#include "widgets/text/text.h"

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr int smallestValueFont = 10;

} // namespace

/// Values stand at all bars or at none: some of them would look like a choice that somebody made.
bool FigurePlacement::labelsFit(qreal room) const
{
    for (const FigureSeries &series : m_figure.series) {
        for (const FigurePoint &point : series.points) {
            if (!point.missing && textSize(toQt(point.label), m_font).width() > room)
                return false;
        }
    }
    return true;
}

bool FigurePlacement::totalsFit(qreal room) const
{
    return std::all_of(m_figure.totals.begin(), m_figure.totals.end(),
                       [&](const std::string &text) { return textSize(toQt(text), m_font).width() <= room; });
}

void FigurePlacement::addValueLabel(const QRectF &bar, bool upwards, const QString &text, const QFont &font)
{
    if (text.isEmpty())
        return;
    const QSizeF size = textSize(text, font);
    const qreal y = upwards ? bar.top() - size.height() / 2 - 1 : bar.bottom() + size.height() / 2 + 1;
    addLabel({bar.center().x(), y}, text, m_options.theme.text, font);
}

/// Between which ends the bar may lie, beside its middle so that the label stays readable.
void FigurePlacement::addWhisker(double category, double from, double to)
{
    constexpr qreal capWidth = 4;
    const qreal at = category + m_out.barWidth / 2 - m_out.barWidth / 8;
    const QPointF low = m_out.position(at, from);
    const QPointF high = m_out.position(at, to);
    const QColor colour = m_options.theme.text;
    m_out.inFront.append({QLineF(low, high), colour, 1, Qt::SolidLine});
    for (const QPointF &end : {low, high})
        m_out.inFront.append(
            {QLineF(end.x() - capWidth, end.y(), end.x() + capWidth, end.y()), colour, 1, Qt::SolidLine});
}

void FigurePlacement::placeWaterfall()
{
    const FigureSeries &series = m_figure.series.front();
    const QVector<std::pair<double, double>> spans = waterfallSpans(series);
    m_out.barWidth = 0.62;
    const qreal slot = m_out.plot.width() / std::max<qreal>(static_cast<qreal>(spans.size()), 1);
    const QStringList texts = waterfallTexts(series);
    QFont font = m_font;
    const auto tooWide = [&](const QString &text) {
        return textSize(text, font).width() > slot - 2;
    };
    while (font.pixelSize() > smallestValueFont && std::any_of(texts.begin(), texts.end(), tooWide))
        font.setPixelSize(font.pixelSize() - 1);
    m_valuesCrowded = std::any_of(texts.begin(), texts.end(), tooWide);
    for (qsizetype i = 0; i < spans.size(); ++i) {
        const auto index = static_cast<std::size_t>(i);
        const auto [from, to] = spans[i];
        const double centre = static_cast<double>(i);
        const QRectF bar =
            QRectF(m_out.position(centre - m_out.barWidth / 2, from), m_out.position(centre + m_out.barWidth / 2, to))
                .normalized();
        m_out.spots.append({0, static_cast<int>(i), bar.center(), bar});
        const FigurePoint &point = series.points[index];
        const bool whole = isWholeBar(series, index);
        if (point.between && !whole)
            addWhisker(centre, from + point.between->first, from + point.between->second);
        addValueLabel(bar, point.y >= 0 || (!whole && std::max(from, to) > 0), texts[i], font);
        if (i + 1 < spans.size())
            m_out.inFront.append({QLineF(m_out.position(centre + m_out.barWidth / 2, to),
                                         m_out.position(centre + 1 - m_out.barWidth / 2, to)),
                                  m_options.theme.strongBorder, 1, Qt::SolidLine});
    }
}

void FigurePlacement::placeBars()
{
    const bool stacked = m_figure.kind == FigureKind::StackedBars;
    const bool histogram = m_figure.kind == FigureKind::Histogram;
    const auto seriesCount = static_cast<qreal>(histogram ? 1 : m_figure.series.size());
    m_out.barWidth = histogram ? 0.96 : stacked || seriesCount < 2 ? 0.62 : 0.76;
    const double width = stacked ? m_out.barWidth : m_out.barWidth / seriesCount;
    std::vector<double> up(m_figure.categories.size(), 0);
    std::vector<double> down(m_figure.categories.size(), 0);
    const qreal slot = m_out.plot.width() / std::max<qreal>(static_cast<qreal>(m_figure.categories.size()), 1);
    const qreal room = seriesCount < 2 ? slot - 4 : slot * width - 2;
    const bool labelled = stacked ? totalsFit(slot - 4) : labelsFit(room);
    for (std::size_t s = 0; s < m_figure.series.size() && (s == 0 || !histogram); ++s) {
        const FigureSeries &series = m_figure.series[s];
        for (std::size_t p = 0; p < series.points.size(); ++p) {
            const FigurePoint &point = series.points[p];
            const auto category = static_cast<std::size_t>(std::max(point.x, 0.0));
            if (point.missing || category >= up.size())
                continue;
            double &base = (point.y < 0 ? down : up)[category];
            const double from = stacked ? base : 0;
            const double left =
                stacked ? point.x - width / 2 : point.x - m_out.barWidth / 2 + static_cast<double>(s) * width;
            const QRectF bar =
                QRectF(m_out.position(left, from), m_out.position(left + width, from + point.y)).normalized();
            base += stacked ? point.y : 0;
            m_out.spots.append({static_cast<int>(s), static_cast<int>(p), bar.center(), bar});
            if (!stacked && labelled)
                addValueLabel(bar, point.y >= 0, toQt(point.label), m_font);
        }
    }
    for (std::size_t c = 0; stacked && labelled && c < std::min(m_figure.totals.size(), up.size()); ++c) {
        const QPointF top = m_out.position(static_cast<double>(c), up[c]);
        addValueLabel(QRectF(top, top), true, toQt(m_figure.totals[c]), m_font);
    }
}

void FigurePlacement::placePoints()
{
    for (std::size_t s = 0; s < m_figure.series.size(); ++s) {
        const std::vector<FigurePoint> &points = m_figure.series[s].points;
        const auto drawn = [&](std::size_t p) {
            return p < points.size() && !points[p].missing && std::isfinite(points[p].y);
        };
        for (std::size_t p = 0; p < points.size(); ++p) {
            if (!drawn(p))
                continue;
            const FigureLayout::Spot spot{
                static_cast<int>(s), static_cast<int>(p), m_out.position(points[p].x, points[p].y), {}};
            m_out.spots.append(spot);
            const bool alone = !(p > 0 && drawn(p - 1)) && !drawn(p + 1);
            if (alone)
                m_out.dots.append(spot);
        }
    }
}

void FigurePlacement::placeEndLabels()
{
    if (!m_endLabels)
        return;
    QVector<EndLabel> ends;
    for (const FigureSeries &series : m_figure.series) {
        const FigurePoint *last = lastPoint(series);
        ends.append({toQt(series.name), m_out.position(last->x, last->y), colourOf(series, m_options.theme)});
    }
    placeBesidePlot(std::move(ends));
}

void FigurePlacement::placeBesidePlot(QVector<EndLabel> ends)
{
    std::stable_sort(ends.begin(), ends.end(),
                     [](const EndLabel &a, const EndLabel &b) { return a.at.y() < b.at.y(); });
    for (qsizetype i = 0; i < ends.size(); ++i)
        ends[i].y = i == 0 ? ends[i].at.y() : std::max(ends[i].at.y(), ends[i - 1].y + m_line);
    qreal limit = m_out.plot.bottom();
    for (qsizetype i = ends.size() - 1; i >= 0; --i) {
        ends[i].y = std::min(ends[i].y, limit);
        limit = ends[i].y - m_line;
    }
    for (const EndLabel &end : ends) {
        const QSizeF size = textSize(end.text, m_font);
        const qreal left = m_out.plot.right() + endLabelLeader;
        m_out.inFront.append({QLineF(end.at.x() + 2, end.at.y(), left - 3, end.y), end.line, 1, Qt::SolidLine});
        addLabel({left + size.width() / 2, end.y}, end.text, m_options.theme.text, m_font, 0, Qt::AlignLeft);
    }
}

qreal FigurePlacement::widestLevelMark() const
{
    qreal width = 0;
    for (const FigureMark &mark : m_figure.marks)
        width = mark.vertical ? width : std::max(width, textSize(toQt(mark.label), m_font).width());
    return width;
}

bool FigurePlacement::marksStandBeside() const
{
    constexpr qreal mostShare = 0.3;
    return isPlane() && !handle() && !m_endLabels && widestLevelMark() <= mostShare * m_options.size.width();
}

} // namespace perunit
