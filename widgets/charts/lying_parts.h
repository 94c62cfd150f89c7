// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_layout.h"

namespace perunit {

/// Pieces of charts whose bars lie on their side, one a row.

/// Grid, zero line and ticks below the plot for values that go along `values` from left to right; ticks whose labels
/// would cover each other go without. `width` is that of the whole chart.
void placeLyingAxis(FigureLayout &out, const ValueRange &values, const QVector<AxisTick> &ticks, const Theme &theme,
                    const QFont &font, qreal width);

/// A name at the left of its row, in as many lines as the height of the row has room for; the rest is shortened, since
/// tool tip and table have it whole.
void placeRowName(FigureLayout &out, const QString &name, qreal room, qreal rowHeight, qreal middle,
                  const QColor &colour, const QFont &font);

/// Adds a level label.
void addLevelLabel(FigureLayout &out, QPointF centre, const QString &text, const QColor &colour, const QFont &font,
                   Qt::Alignment alignment = Qt::AlignCenter);

} // namespace perunit
