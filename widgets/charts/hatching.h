// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QLineF>
#include <QPolygonF>
#include <QVector>

class QPainter;

namespace perunit {

/// The slanted lines that fill an outline, cut at its edges; where it crosses itself, by the even-odd rule. The
/// pattern brushes of Qt are as fine as the pixels of a printer, where nobody sees them.
QVector<QLineF> hatchingOf(const QPolygonF &outline);

/// Draws them.
void drawHatching(QPainter &painter, const QPolygonF &outline, const QColor &colour);

} // namespace perunit
