// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_chart.h"

#include <QChartView>

#include <optional>

namespace perunit {

/// The chart of a FigureView: shows the exact value under the mouse, and walks from value to value with the keys.
class ChartPane : public QChartView
{
    Q_OBJECT
public:
    explicit ChartPane(QWidget *parent = nullptr);
    ~ChartPane() override;

    [[nodiscard]] FigureChart &content() { return *m_chart; }
    [[nodiscard]] const FigureChart &content() const { return *m_chart; }
    /// Text of the value that is pointed at; empty when there is none.
    [[nodiscard]] QString currentText() const;
    void clearCursor();

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] std::optional<qsizetype> spotNear(QPointF position) const;
    [[nodiscard]] QString textOf(const FigureLayout::Spot &spot) const;
    void moveCursor(qsizetype spot, QPoint globalPosition);

    FigureChart *m_chart;
    std::optional<qsizetype> m_cursor; ///< index into the spots of the layout
};

} // namespace perunit
