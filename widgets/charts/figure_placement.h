// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_layout.h"
#include "widgets/charts/label_fit.h"

#include <QFontMetricsF>

namespace perunit {

/// Room at the right of the plot for the line that leads to a name.
inline constexpr qreal endLabelLeader = 14;

/// Only for the sources of figure_layout.h.
inline bool isLines(const Figure &figure)
{
    return figure.kind == FigureKind::Lines;
}

/// Places the parts of one figure, from the outside in.
class FigurePlacement
{
public:
    FigurePlacement(const Figure &figure, const FigureLayoutOptions &options)
        : m_figure(figure)
        , m_options(options)
        , m_font(drawingFont(Theme::TextRole::Caption, options.forPrint))
        , m_line(QFontMetricsF(m_font).height())
    {}

    FigureLayout run();
    /// True when the names and values of bars that stand do not fit beside each other.
    [[nodiscard]] bool isCrowded() const { return m_categories.angle < 0 || m_valuesCrowded; }

private:
    void placeLegend();
    void placeAxisTitles();
    void chooseRanges();
    void chooseMargins();
    void placeValueAxis();
    void placeTimeAxis();
    void placeCategories();
    void placeMarks();
    void placeLevelMark(const FigureMark &mark, QVector<QRectF> &taken);
    void placePlane();
    void placeHandle(const FigureHandle &handle);
    void addLegendEntry(qreal &x, const std::string &text, FigureLayout::Swatch swatch);
    [[nodiscard]] QVector<AxisTick> fittingNumberTicks() const;
    [[nodiscard]] bool isPlane() const { return m_options.plane.has_value() && isLines(m_figure); }
    [[nodiscard]] const FigureHandle *handle() const;
    void placeBars();
    void placeWaterfall();
    void addWhisker(double category, double from, double to);
    void placePoints();
    void placeEndLabels();
    /// A text beside the plot, with a line to what it names.
    struct EndLabel {
        QString text;
        QPointF at;
        QColor line;
        qreal y = 0; ///< of its middle, once all of them stand free of each other
    };
    void placeBesidePlot(QVector<EndLabel> ends);
    /// Horizontal marks of a plane carry their labels beside the plot, where nothing crosses them, unless a line that
    /// can be moved has its own there or they are too long.
    [[nodiscard]] bool marksStandBeside() const;
    [[nodiscard]] qreal widestLevelMark() const;
    void addLabel(QPointF centre, const QString &text, const QColor &colour, const QFont &font, qreal angle = 0,
                  Qt::Alignment alignment = Qt::AlignCenter);
    void addValueLabel(const QRectF &bar, bool upwards, const QString &text, const QFont &font);
    [[nodiscard]] bool endLabelsFit() const;
    [[nodiscard]] QStringList categoryTexts() const;
    [[nodiscard]] int wantedSteps() const;
    [[nodiscard]] qreal widestTick() const;
    /// Room that the label of the handle needs beside or above the plot.
    [[nodiscard]] QSizeF handleRoom() const;
    [[nodiscard]] int markRows(qreal left, qreal width) const;
    [[nodiscard]] bool labelsFit(qreal room) const;
    [[nodiscard]] bool totalsFit(qreal room) const;
    [[nodiscard]] QVector<AxisTick> fittingTimeTicks() const;
    [[nodiscard]] const FigurePoint *lastPoint(const FigureSeries &series) const;

    const Figure &m_figure;
    const FigureLayoutOptions &m_options;
    QFont m_font;
    qreal m_line;
    FigureLayout m_out;
    ValueScale m_scale;
    CategoryLabels m_categories;
    QVector<AxisTick> m_timeTicks;
    qreal m_top = 0;
    qreal m_bottom = 0; ///< height below the plot
    int m_markRows = 0;
    bool m_endLabels = false;
    bool m_negative = false;
    bool m_valuesCrowded = false;
};

} // namespace perunit
