// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_chart.h"

#include "widgets/charts/chart_marks.h"
#include "widgets/charts/figure_overlay.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <QPointer>
#include <QValueAxis>

namespace perunit {

struct FigureChart::Impl {
    QPointer<QChart> chart;
    FigureOverlay *behind = nullptr;
    FigureOverlay *inFront = nullptr;
    std::unique_ptr<ChartMarks> marks;
    Figure figure;
    std::optional<FigurePlane> plane;
    FigureLayout layout;
    Theme theme;
    QSizeF size;
    bool forPrint = false;
    bool held = false;
    std::optional<ValueRange> heldRange;
    std::optional<bool> heldLying;

    /// What is shown stays as it is placed until it is let go.
    void hold()
    {
        heldRange = layout.y;
        heldLying = layout.lying;
    }
    void release()
    {
        heldRange.reset();
        heldLying.reset();
    }
};

FigureChart::FigureChart(QObject *parent)
    : QObject(parent)
    , m_impl(std::make_unique<Impl>())
{
    m_impl->theme = currentTheme();
    auto *chart = new QChart;
    m_impl->chart = chart;
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setMargins({});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->setBackgroundVisible(false);
    chart->setPlotAreaBackgroundVisible(false);
    chart->legend()->hide();
    // Behind everything that Qt Charts draws, and above all of it.
    m_impl->behind = new FigureOverlay(FigureOverlay::Part::Behind, chart);
    m_impl->behind->setZValue(-10);
    m_impl->inFront = new FigureOverlay(FigureOverlay::Part::InFront, chart);
    m_impl->inFront->setZValue(1000);
    m_impl->marks = std::make_unique<ChartMarks>(chart);
    connect(chart, &QChart::geometryChanged, this, [this] { setSize(m_impl->chart->size()); });
}

FigureChart::~FigureChart()
{
    if (!m_impl->chart)
        return;
    m_impl->chart->disconnect(this);
    if (!m_impl->chart->scene())
        delete m_impl->chart;
}

QChart *FigureChart::chart() const
{
    return m_impl->chart;
}

const FigureLayout &FigureChart::layout() const
{
    return m_impl->layout;
}

const Figure &FigureChart::figure() const
{
    return m_impl->figure;
}

const std::optional<FigurePlane> &FigureChart::plane() const
{
    return m_impl->plane;
}

void FigureChart::setFigure(const Figure &figure, const std::optional<FigurePlane> &plane)
{
    const bool same = figure.kind == m_impl->figure.kind && figure.format == m_impl->figure.format;
    m_impl->figure = withFewSeries(figure);
    m_impl->plane = plane;
    if (!same)
        m_impl->release();
    setHighlight(std::nullopt);
    relayout();
}

void FigureChart::setTheme(const Theme &theme)
{
    m_impl->theme = theme;
    relayout();
}

void FigureChart::setForPrint(bool forPrint)
{
    m_impl->forPrint = forPrint;
    relayout();
}

void FigureChart::setSize(const QSizeF &size)
{
    if (m_impl->size == size)
        return;
    m_impl->size = size;
    if (m_impl->chart->size() != size)
        m_impl->chart->resize(size);
    relayout();
}

void FigureChart::setAxesHeld(bool held)
{
    if (m_impl->held == held)
        return;
    m_impl->held = held;
    m_impl->release();
    if (held && !m_impl->layout.plot.isEmpty())
        m_impl->hold();
    if (!held)
        relayout();
}

void FigureChart::setHighlight(const std::optional<FigureLayout::Spot> &spot)
{
    m_impl->inFront->setHighlight(spot);
}

void FigureChart::relayout()
{
    if (m_impl->size.isEmpty() || !m_impl->chart)
        return;
    FigureLayoutOptions options;
    options.size = m_impl->size;
    options.theme = m_impl->theme;
    options.forPrint = m_impl->forPrint;
    options.heldY = m_impl->heldRange;
    options.heldLying = m_impl->heldLying;
    options.plane = m_impl->plane;
    m_impl->layout = layOut(m_impl->figure, options);
    if (m_impl->held && !m_impl->layout.plot.isEmpty())
        m_impl->hold();
    m_impl->chart->setPlotArea(m_impl->layout.plot);
    m_impl->marks->update(m_impl->figure, m_impl->layout, m_impl->theme);
    // The layout of a chart in a scene without a view would wait for an event loop that may not run.
    m_impl->chart->layout()->activate();
    m_impl->behind->setContent(m_impl->layout, m_impl->figure, m_impl->theme, m_impl->size);
    m_impl->inFront->setContent(m_impl->layout, m_impl->figure, m_impl->theme, m_impl->size);
}

} // namespace perunit
