// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_chart.h"
#include "widgets/charts/figure_place.h"

#include <QChartView>

#include <functional>
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
    /// The line that the user moves, if the figure has one.
    [[nodiscard]] const FigureHandle *handle() const;
    /// What a click on a value does, in words; empty where it does nothing. Places are those of the figure as drawn.
    using Hint = std::function<QString(FigurePlace place)>;
    void setHint(Hint hint) { m_hint = std::move(hint); }

signals:
    /// A click on a value, or Return while the keyboard stands on it; only where there is a hint.
    void activated(FigurePlace place);
    /// The mouse drags the line to this number.
    void handleMoved(double at);
    /// Keys: so many steps up or to the right.
    void handleStepped(int steps);
    void handleSentTo(double end);
    void handleHeld(bool held);

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] std::optional<qsizetype> spotNear(QPointF position) const;
    [[nodiscard]] QString textOf(const FigureLayout::Spot &spot) const;
    [[nodiscard]] QString hintAt(qsizetype spot) const;
    void moveCursor(qsizetype spot, QPoint globalPosition);
    bool activate(qsizetype spot);
    [[nodiscard]] bool isOnHandle(QPointF position) const;
    void dragTo(QPointF position);
    bool handleKeyPressed(const QKeyEvent *event);
    void setHeld(bool held);

    FigureChart *m_chart;
    Hint m_hint;
    std::optional<qsizetype> m_cursor;  ///< index into the spots of the layout
    std::optional<qsizetype> m_pressed; ///< where the mouse button went down
    qsizetype m_keyboard = -1;          ///< where the keyboard stood last; -1: nowhere
    bool m_held = false;                ///< the line is being dragged
};

} // namespace perunit
