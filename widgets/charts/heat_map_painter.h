// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include <vector>

class QPainter;

namespace perunit {

/// One cell of a heat map.
struct HeatCell {
    double level = 0;     ///< 0 to 1 of the scale
    QString text;         ///< written inside where all texts have room
    QString toolTip;      ///< "Monday 14:00, mean 132 PTU"
    bool missing = false; ///< there is no such cell: drawn empty, crossed out
};

/// What a heat map shows: cells row by row, and what stands at the ends of its scale.
struct HeatMapContent {
    QStringList rows;
    QStringList columns;
    std::vector<HeatCell> cells;
    QString lowest;
    QString highest;
    /// The cell at a place; null when there is none.
    [[nodiscard]] const HeatCell *at(int row, int column) const;
};

/// Places and draws a heat map on any paint device, with its corner at the origin. Lengths in pixels of 1/96 inch.
class HeatMapPainter
{
public:
    HeatMapPainter(const HeatMapContent &content, qreal width, const QFont &font);

    /// Room for the names of the rows.
    [[nodiscard]] qreal labelWidth() const;
    [[nodiscard]] QRectF cellBox(int row, int column) const;
    void paint(QPainter &painter, const Theme &theme) const;
    [[nodiscard]] static qreal heightFor(qsizetype rows);

private:
    [[nodiscard]] qreal widthOf(const QString &text) const;
    [[nodiscard]] bool textsFit() const;
    void paintLabels(QPainter &painter, const Theme &theme) const;
    void paintCells(QPainter &painter, const Theme &theme) const;
    void paintScale(QPainter &painter, const Theme &theme) const;

    const HeatMapContent &m_content;
    qreal m_width;
    QFont m_font;
};

} // namespace perunit
