// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"
#include "widgets/charts/axis_scale.h"
#include "widgets/charts/figure_plane.h"
#include "widgets/theme/theme.h"

#include <QColor>
#include <QFont>
#include <QLineF>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QString>
#include <QStringList>
#include <QVector>

#include <optional>

namespace perunit {

/// Everything of a chart except its marks, placed: axes, grid, labels, legend, connectors. The marks are drawn by
/// Qt Charts inside `plot`, on the ranges given here. All lengths in device-independent pixels.
struct FigureLayout {
    /// A text; turned by `angle` degrees around its centre.
    struct Label {
        QPointF centre;
        QSizeF size; ///< before turning
        qreal angle = 0;
        QString text;
        QColor colour;
        QFont font;
        Qt::Alignment alignment = Qt::AlignCenter;
        [[nodiscard]] QRectF bounds() const; ///< after turning
    };
    struct Line {
        QLineF line;
        QColor colour;
        qreal width = 1;
        Qt::PenStyle style = Qt::SolidLine;
    };
    struct Swatch {
        QRectF box;
        QColor colour;
        bool asLine = false;
        bool forecast = false;
        QColor line = {}; ///< of the hatching of an area; none: the colour itself
    };
    /// A bar that lies on its side; those that stand are drawn by Qt Charts.
    struct Bar {
        QRectF box;
        QColor colour;
        bool hatched = false; ///< tells two bars apart without colour
    };
    /// A surface between two lines.
    struct Area {
        QPolygonF outline;
        QColor fill;
        QColor line; ///< of the hatching
        bool hatched = false;
    };
    /// A line that the user moves, with the grip at its end.
    struct Handle {
        QLineF line;
        QRectF grip;
        bool vertical = false;
    };
    /// A drawn value: where it is and which point it belongs to.
    struct Spot {
        int series = 0;
        int point = 0;
        QPointF at;
        QRectF bar; ///< empty for points of lines
    };

    QRectF plot;
    ValueRange x;
    ValueRange y;
    QVector<Line> behind;  ///< grid, under the marks
    QVector<Line> inFront; ///< connectors, mark lines, zero line
    QVector<Label> labels;
    QVector<Swatch> swatches;
    QVector<Bar> bars;
    QVector<Area> areas; ///< under everything else
    std::optional<Handle> handle;
    QVector<Spot> spots;
    QVector<Spot> dots;   ///< points of lines that need a dot to be seen
    qreal barWidth = 0.7; ///< share of a category that its bars take
    /// The bars lie on their side, one a row, and are all in `bars`; values go along `y` from left to right.
    bool lying = false;

    [[nodiscard]] QPointF position(double xValue, double yValue) const;
    /// The numbers at a place: the inverse of position().
    [[nodiscard]] QPointF valueAt(QPointF place) const;
};

struct FigureLayoutOptions {
    QSizeF size;
    Theme theme;
    /// Range of y to keep unless the data leaves it.
    std::optional<ValueRange> heldY;
    /// Whether a waterfall lies, to keep while a slider is held; nothing: as its labels need.
    std::optional<bool> heldLying;
    /// The x axis as numbers, for figures of kind Lines.
    std::optional<FigurePlane> plane = {};
    /// For paper: letters one by one and without hinting, so that text can be found in the file.
    bool forPrint = false;
};

FigureLayout layOut(const Figure &figure, const FigureLayoutOptions &options);

/// The layout of a tornado: names at the left, bars that lie on their side, values below.
FigureLayout layOutTornado(const Figure &figure, const FigureLayoutOptions &options);

/// The layout of a waterfall in rows: for names and values that have no room beside each other. `position()` does not
/// hold for it.
FigureLayout layOutLyingWaterfall(const Figure &figure, const FigureLayoutOptions &options);

/// Height below which the marks and names of a figure get in each other's way.
qreal leastChartHeight(const Figure &figure);

/// The figure with at most six series; the others are added up as "other" (bars) or left to a note (lines).
Figure withFewSeries(const Figure &figure);
/// Colour of a series in a figure.
QColor colourOf(const FigureSeries &series, const Theme &theme);
/// Colours of an area: pale enough for lines and texts on it, and its hatching.
struct AreaColours {
    QColor fill;
    QColor line;
};
AreaColours areaColours(const FigureArea &area, const Theme &theme);
/// Colour of one bar of a waterfall.
QColor waterfallColour(const Figure &figure, std::size_t point, const Theme &theme);
/// A bar of a waterfall that stands on zero: start, end or subtotal.
bool isWholeBar(const FigureSeries &series, std::size_t point);
/// Values of the bars of a waterfall, changes with an arrow so that their sign does not hang on colour.
QStringList waterfallTexts(const FigureSeries &series);
/// Lower and upper end of each bar of a waterfall.
QVector<std::pair<double, double>> waterfallSpans(const FigureSeries &series);
/// A font of the theme for drawing on any device: sized in pixels.
QFont drawingFont(Theme::TextRole role, bool forPrint);

} // namespace perunit
