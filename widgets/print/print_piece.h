// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/report/report_document.h"
#include "widgets/theme/theme.h"

#include <QPointF>
#include <QVector>

#include <functional>

class QPainter;

namespace perunit {

/// A part of a report that is never cut: a heading, a row of a table, a chart.
struct PrintPiece {
    qreal height = 0;
    qreal gapBefore = 0; ///< left out at the top of a page
    bool keepWithNext = false;
    int repeatedHeader = -1; ///< index of the piece to paint again when this one begins a page
    std::function<void(QPainter &, QPointF)> paint;
};

/// The pieces of a report in order, for a column of the given width.
QVector<PrintPiece> printPieces(const ReportDocument &document, qreal width, qreal pageHeight);
/// Appends the title, the header row and the rows of a table.
void appendTable(QVector<PrintPiece> &pieces, const ReportTable &table, qreal width, qreal pageHeight);

} // namespace perunit
