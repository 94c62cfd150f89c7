// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_layout.h"

#include <QObject>

#include <memory>
#include <optional>

class QChart;

namespace perunit {

/// A Qt chart that shows a Figure: Qt Charts draws the marks, two items of our own draw all else under and over
/// them. Works in a chart view and in a scene that nobody sees. The only place that knows Qt Charts.
class FigureChart : public QObject
{
    Q_OBJECT
public:
    explicit FigureChart(QObject *parent = nullptr);
    ~FigureChart() override;

    /// Belongs to this object unless it stands in a scene, which then owns it.
    [[nodiscard]] QChart *chart() const;
    [[nodiscard]] const FigureLayout &layout() const;
    [[nodiscard]] const Figure &figure() const; ///< as drawn: at most six series

    /// With a plane, lines stand over numbers.
    void setFigure(const Figure &figure, const std::optional<FigurePlane> &plane = {});
    [[nodiscard]] const std::optional<FigurePlane> &plane() const;
    void setTheme(const Theme &theme);
    void setForPrint(bool forPrint);
    /// Also called when the chart item is resized from outside.
    void setSize(const QSizeF &size);
    /// While held, the value axis keeps its range unless the data leaves it.
    void setAxesHeld(bool held);
    /// Draws a ring or an outline at one value; nothing takes it away.
    void setHighlight(const std::optional<FigureLayout::Spot> &spot);

private:
    void relayout();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace perunit
