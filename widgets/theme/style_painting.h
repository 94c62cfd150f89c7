// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPainter>
#include <QRect>

namespace perunit {

/// Box with rounded corners whose border lies inside the rectangle; an invalid colour leaves that part out.
void paintBox(QPainter &painter, const QRectF &rectangle, qreal radius, const QColor &fill, const QColor &border = {},
              qreal borderWidth = 1.0);
/// Chevron in the middle of a rectangle.
void paintChevron(QPainter &painter, const QRectF &rectangle, Qt::ArrowType direction, const QColor &colour);
/// An icon of one colour, in another one.
void paintTintedIcon(QPainter &painter, const QRect &rectangle, const QIcon &icon, const QColor &colour);

} // namespace perunit
