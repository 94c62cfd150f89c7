// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/chart_marks.h"

#include <QAbstractBarSeries>
#include <QBarSeries>
#include <QBarSet>
#include <QChart>
#include <QLineSeries>
#include <QPen>
#include <QStackedBarSeries>
#include <QValueAxis>

#include <cmath>

namespace perunit {

namespace {

constexpr qreal lineWidth = 2;

/// One set of bars: a value per category, in one colour.
struct BarLayer {
    QList<qreal> values;
    QColor colour;
    bool visible = true; ///< false: carries the bars above it
    bool forecast = false;
};

struct LinePiece {
    QList<QPointF> points;
    QColor colour;
    bool forecast = false;
};

QVector<LinePiece> piecesOf(const Figure &figure, const Theme &theme)
{
    QVector<LinePiece> pieces;
    for (const FigureSeries &series : figure.series) {
        LinePiece piece{{}, colourOf(series, theme), series.forecast};
        const auto finish = [&] {
            // A piece of one point is a dot, which the overlay draws.
            if (piece.points.size() > 1)
                pieces.append(piece);
            piece.points.clear();
        };
        for (const FigurePoint &point : series.points) {
            if (point.missing || !std::isfinite(point.y) || !std::isfinite(point.x))
                finish();
            else
                piece.points.append({point.x, point.y});
        }
        finish();
    }
    return pieces;
}

/// A waterfall as a stack: an invisible foot and the bar on it, above and below zero apart, per colour.
QVector<BarLayer> waterfallLayers(const Figure &figure, const Theme &theme)
{
    const QVector<std::pair<double, double>> spans = waterfallSpans(figure.series.front());
    const QList<qreal> zeros(spans.size(), 0);
    QVector<BarLayer> layers{{zeros, {}, false, false}, {zeros, {}, false, false}};
    QVector<QColor> colours;
    for (qsizetype i = 0; i < spans.size(); ++i) {
        const QColor colour = waterfallColour(figure, static_cast<std::size_t>(i), theme);
        if (!colours.contains(colour)) {
            colours.append(colour);
            layers.append({zeros, colour, true, false});
            layers.append({zeros, colour, true, false});
        }
        const qsizetype first = 2 + 2 * colours.indexOf(colour);
        const double low = std::min(spans[i].first, spans[i].second);
        const double high = std::max(spans[i].first, spans[i].second);
        layers[0].values[i] = std::max(low, 0.0);
        layers[1].values[i] = std::min(high, 0.0);
        layers[first].values[i] = std::max(high, 0.0) - std::max(low, 0.0);
        layers[first + 1].values[i] = std::min(low, 0.0) - std::min(high, 0.0);
    }
    return layers;
}

QVector<BarLayer> barLayers(const Figure &figure, const Theme &theme)
{
    if (figure.kind == FigureKind::Waterfall)
        return waterfallLayers(figure, theme);
    QVector<BarLayer> layers;
    const auto count = static_cast<qsizetype>(figure.categories.size());
    for (const FigureSeries &series : figure.series) {
        BarLayer layer{QList<qreal>(count, 0), colourOf(series, theme), true, series.forecast};
        for (const FigurePoint &point : series.points) {
            const auto category = static_cast<qsizetype>(point.x);
            if (!point.missing && std::isfinite(point.y) && category >= 0 && category < count)
                layer.values[category] = point.y;
        }
        layers.append(layer);
        if (figure.kind == FigureKind::Histogram)
            break;
    }
    return layers;
}

} // namespace

struct ChartMarks::Impl {
    QChart *chart;
    QValueAxis *x;
    QValueAxis *y;
    QVector<QLineSeries *> lines;
    QAbstractBarSeries *bars = nullptr;
    FigureKind kind = FigureKind::Lines;

    void attach(QAbstractSeries *series)
    {
        chart->addSeries(series);
        series->attachAxis(x);
        series->attachAxis(y);
    }

    void clear()
    {
        chart->removeAllSeries();
        lines.clear();
        bars = nullptr;
    }

    void showLines(const QVector<LinePiece> &pieces)
    {
        if (bars || lines.size() != pieces.size())
            clear();
        for (qsizetype i = 0; i < pieces.size(); ++i) {
            if (i >= lines.size()) {
                lines.append(new QLineSeries);
                lines[i]->replace(pieces[i].points);
                attach(lines[i]);
            } else if (lines[i]->points() != pieces[i].points) {
                lines[i]->replace(pieces[i].points);
            }
            QPen pen(pieces[i].colour, lineWidth);
            pen.setJoinStyle(Qt::RoundJoin);
            pen.setCapStyle(Qt::RoundCap);
            if (pieces[i].forecast)
                pen.setDashPattern({4, 3});
            lines[i]->setPen(pen);
        }
    }

    void showBars(const QVector<BarLayer> &layers, FigureKind wanted, qreal width, const QColor &surface)
    {
        const bool fits = bars && kind == wanted && bars->count() == layers.size()
                          && (layers.isEmpty() || bars->barSets().first()->count() == layers.first().values.size());
        if (!fits)
            clear();
        if (!bars) {
            const bool stacked = wanted == FigureKind::StackedBars || wanted == FigureKind::Waterfall;
            bars = stacked ? static_cast<QAbstractBarSeries *>(new QStackedBarSeries) : new QBarSeries;
            for (const BarLayer &layer : layers) {
                auto *set = new QBarSet(QString());
                set->append(layer.values);
                bars->append(set);
            }
            kind = wanted;
            attach(bars);
        }
        bars->setBarWidth(width);
        for (qsizetype i = 0; i < layers.size(); ++i) {
            QBarSet *set = bars->barSets().at(i);
            for (qsizetype v = 0; v < layers[i].values.size(); ++v) {
                if (set->at(static_cast<int>(v)) != layers[i].values[v])
                    set->replace(static_cast<int>(v), layers[i].values[v]);
            }
            style(set, layers[i], surface);
        }
    }

    static void style(QBarSet *set, const BarLayer &layer, const QColor &surface)
    {
        if (!layer.visible) {
            set->setBrush(Qt::NoBrush);
            set->setPen(Qt::NoPen);
            return;
        }
        // A forecast is hatched with an outline, so that it differs without colour too; the others are set apart
        // by a hairline of the ground.
        set->setBrush(QBrush(layer.colour, layer.forecast ? Qt::BDiagPattern : Qt::SolidPattern));
        set->setPen(layer.forecast ? QPen(layer.colour, 1) : QPen(surface, 1));
    }
};

ChartMarks::ChartMarks(QChart *chart)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->chart = chart;
    m_impl->x = new QValueAxis;
    m_impl->y = new QValueAxis;
    chart->addAxis(m_impl->x, Qt::AlignBottom);
    chart->addAxis(m_impl->y, Qt::AlignLeft);
    for (QValueAxis *axis : {m_impl->x, m_impl->y})
        axis->setVisible(false);
}

ChartMarks::~ChartMarks() = default;

void ChartMarks::update(const Figure &figure, const FigureLayout &layout, const Theme &theme)
{
    if (layout.plot.isEmpty() || figure.kind == FigureKind::Tornado || layout.lying) {
        m_impl->clear();
        return;
    }
    m_impl->x->setRange(layout.x.low, layout.x.high);
    m_impl->y->setRange(layout.y.low, layout.y.high);
    if (figure.kind == FigureKind::Lines)
        m_impl->showLines(piecesOf(figure, theme));
    else
        m_impl->showBars(barLayers(figure, theme), figure.kind, layout.barWidth, theme.surface);
}

} // namespace perunit
