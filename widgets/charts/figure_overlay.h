// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_layout.h"

#include <QGraphicsObject>

#include <optional>

namespace perunit {

/// Draws what Qt Charts would shorten or leave out: grid, axis labels, legend, connectors, value labels.
/// Part of the scene, so that it is on paper too.
class FigureOverlay : public QGraphicsObject
{
    Q_OBJECT
public:
    enum class Part { Behind, InFront };

    FigureOverlay(Part part, QGraphicsItem *parent);

    void setContent(const FigureLayout &layout, const Figure &figure, const Theme &theme, const QSizeF &size);
    void setHighlight(const std::optional<FigureLayout::Spot> &spot);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintHighlight(QPainter &painter) const;

    Part m_part;
    FigureLayout m_layout;
    Theme m_theme;
    QVector<QColor> m_colours; ///< per series
    QSizeF m_size;
    std::optional<FigureLayout::Spot> m_highlight;
};

} // namespace perunit
