// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_pictures.h"

#include <QWidget>

#include <array>

class QBoxLayout;

namespace perunit {

class FigureView;
class KeyFigureCard;

/// One size: key figures, the load under it and its cost among all others. The line in either picture can be moved;
/// what the user wants of it is emitted.
class SizeView : public QWidget
{
    Q_OBJECT
public:
    explicit SizeView(QWidget *parent = nullptr);

    void show(const CapacitySizing &sizing, const SizeFigures &size, const CapacityWords &words);
    /// While the answer is older than the question.
    void setStale(bool stale);

signals:
    void sizeDragged(double units);
    void sizeStepped(int steps);
    void sizeSentTo(double units);
    void held(bool held);
    void exportRequested(const perunit::Figure &figure, const std::optional<perunit::FigurePlane> &plane);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    FigureView *addPicture();
    void showFigures(const CapacitySizing &sizing, const SizeFigures &size, const CapacityWords &words);

    std::array<KeyFigureCard *, 5> m_figures{};
    QBoxLayout *m_pictures = nullptr;
    FigureView *m_load = nullptr;
    FigureView *m_cost = nullptr;
};

} // namespace perunit
