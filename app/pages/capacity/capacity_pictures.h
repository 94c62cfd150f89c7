// SPDX-License-Identifier: GPL-3.0-or-later
// The two curves of the Capacity page as figures, for the window and for paper.
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "widgets/charts/figure_plane.h"

namespace perunit {

/// A figure whose lines stand over numbers.
struct PlaneFigure {
    Figure figure;
    FigurePlane plane;
};

/// Loads of all bins, largest first, with the size as a line across: what is served, what spills, what is idle.
PlaneFigure loadDurationFigure(const CapacitySizing &sizing, const SizeFigures &shown, const CapacityWords &words);

/// Cost of every size: units and spill, with the optimum, the rules of thumb, pay-as-you-go and the size.
PlaneFigure costOfSizeFigure(const CapacitySizing &sizing, const SizeFigures &shown, const CapacityWords &words);

} // namespace perunit
