// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/heat_map_painter.h"

#include <QWidget>

#include <utility>
#include <vector>

namespace perunit {

/// Rows × columns of cells, darker the more they hold, with a scale below. Walked with the arrow keys.
class HeatMap : public QWidget
{
    Q_OBJECT
public:
    /// `name` is the accessible name: "Load by hour and weekday".
    explicit HeatMap(const QString &name, QWidget *parent = nullptr);

    /// `cells` row by row; `lowest` and `highest` stand at the ends of the scale.
    void setCells(const QStringList &rows, const QStringList &columns, std::vector<HeatCell> cells,
                  const QString &lowest, const QString &highest);
    /// Row and column of the current cell; -1: none.
    [[nodiscard]] std::pair<int, int> current() const { return {m_row, m_column}; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] HeatMapPainter drawing() const;
    [[nodiscard]] std::pair<int, int> placeAt(const QPointF &position) const;
    void setCurrent(int row, int column);

    HeatMapContent m_content;
    int m_row = -1;
    int m_column = -1;
};

} // namespace perunit
