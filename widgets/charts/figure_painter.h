// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_plane.h"
#include "widgets/theme/theme.h"

#include <QRectF>
#include <QSizeF>

#include <optional>

class QPainter;

namespace perunit {

/// Draws a figure with its title, subtitle, legend and notes into `target` of any paint device; vectors stay vectors.
/// The units of the painter are taken as pixels of 1/96 inch: scale the painter for other devices.
/// Needs a QApplication. `forPrint` writes letters one by one, so that text can be found in a PDF. With a
/// plane, lines stand over numbers.
void paintFigure(QPainter &painter, const QRectF &target, const Figure &figure, const Theme &theme,
                 bool forPrint = false, const std::optional<FigurePlane> &plane = {});

/// Height that a figure of this width wants, title and notes included.
qreal figureHeight(const Figure &figure, qreal width, bool forPrint = false);

} // namespace perunit
