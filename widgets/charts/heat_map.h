// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include <vector>

namespace perunit {

/// One cell of a heat map.
struct HeatCell {
    double level = 0;     ///< 0 to 1 of the scale
    QString text;         ///< written inside where all texts have room
    QString toolTip;      ///< "Monday 14:00, mean 132 PTU"
    bool missing = false; ///< there is no such cell: drawn empty, crossed out
};

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
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] QRectF cellBox(int row, int column) const;
    [[nodiscard]] const HeatCell *cellAt(int row, int column) const;
    [[nodiscard]] std::pair<int, int> placeAt(const QPointF &position) const;
    [[nodiscard]] bool textsFit() const;
    void paintLabels(class QPainter &painter) const;
    void paintScale(class QPainter &painter) const;
    void setCurrent(int row, int column);

    QStringList m_rows;
    QStringList m_columns;
    std::vector<HeatCell> m_cells;
    QString m_lowest;
    QString m_highest;
    int m_row = -1;
    int m_column = -1;
};

} // namespace perunit
