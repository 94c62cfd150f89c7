// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"
#include "widgets/charts/figure_place.h"
#include "widgets/charts/figure_plane.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

class QImage;

namespace perunit {

/// Shows a Figure: message, subtitle, chart or table twin, notes. Follows the theme of the window.
/// Pages know this class and Figure only, never Qt Charts.
class FigureView : public QWidget
{
    Q_OBJECT
public:
    explicit FigureView(QWidget *parent = nullptr);
    ~FigureView() override;

    /// Shows another figure in place of the one before, without flicker.
    void setFigure(const Figure &figure);
    /// The same with its lines over numbers, and perhaps with a line to move: what the user wants of that is emitted.
    void setFigure(const Figure &figure, const std::optional<FigurePlane> &plane);
    [[nodiscard]] const std::optional<FigurePlane> &plane() const;
    [[nodiscard]] const Figure &figure() const;

    /// While held (a slider is being dragged) the value axis keeps its range unless the data leaves it.
    void setAxesHeld(bool held);
    /// Range of the value axis as shown; 0 and 0 without a chart.
    [[nodiscard]] std::pair<double, double> valueRange() const;

    /// Height below which the view never goes; the texts and the marks of the figure may need more than that.
    void setLeastHeight(int height);
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// What it needs at least: it takes what its place has beyond that.
    [[nodiscard]] QSize sizeHint() const override;

    /// The chart takes the height that its place has, whatever the texts above it need.
    [[nodiscard]] bool hasHeightForWidth() const override { return false; }

    /// What happens when a value is activated, in words ("Click or press Return to explain it"), and for which values
    /// of figure() that is so. Without it values lead nowhere.
    void setActivation(const QString &hint, std::function<bool(FigurePlace place)> leads);

    void setTableShown(bool shown);
    [[nodiscard]] bool isTableShown() const;

    /// The figure at twice the size of the screen, with title and notes.
    [[nodiscard]] QImage image() const;
    /// The numbers as tab-separated text.
    [[nodiscard]] QString tableText() const;

public slots:
    void copyImage() const;
    void copyTable() const;

signals:
    /// The user asked to save the figure as a file.
    void exportRequested();
    /// The user chose a value that leads somewhere, with mouse or keyboard, in the chart or in its table twin.
    void figureActivated(FigurePlace place);
    /// The line is dragged to this number; it stands there when the next figure says so.
    void handleMoved(double at);
    /// Keys: so many steps up or to the right. A page is ten steps.
    void handleStepped(int steps);
    /// Home and End: to the lowest or highest number that the line can go to.
    void handleSentTo(double end);
    /// A drag begins or ends.
    void handleHeld(bool held);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void applyTheme();
    void showTexts();
    void fillTable();
    void tableCellChosen(int row, int column);
    [[nodiscard]] std::optional<FigurePlace> placeOf(FigurePlace drawn) const;
    [[nodiscard]] bool leads(FigurePlace place) const;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace perunit
