// SPDX-License-Identifier: GPL-3.0-or-later
// What lines over numbers have beside a Figure.
#pragma once

#include "model/figures/figure.h"

#include <string>
#include <vector>

namespace perunit {

/// A surface between two lines, drawn under the grid and the marks and named in the legend.
struct FigureArea {
    struct Edge {
        double x = 0;
        double low = 0;
        double high = 0;
    };
    std::string name;
    SeriesRole role = SeriesRole::Component;
    int roleIndex = 0;
    bool hatched = false;    ///< tells two areas apart without colour
    std::vector<Edge> edges; ///< in order of x
};

/// A line that the user moves with the mouse and the keys. It emits where it should go and never moves by itself.
struct FigureHandle {
    bool vertical = false; ///< moved to the left and right; else up and down
    double at = 0;
    double low = 0; ///< where it can go
    double high = 0;
    std::string label; ///< "180 PTU"
    std::string name;  ///< for people who cannot see it: "Units reserved"
};

/// The x axis of a figure of kind Lines as numbers instead of categories or time, with areas, and a line to move.
/// Vertical marks of the figure stand at numbers of this axis.
struct FigurePlane {
    double low = 0;
    double high = 1;
    ValueFormat format = ValueFormat::Count; ///< Count or Percent (0 to 100)
    std::string columnName;                  ///< of x in the table twin: "Units"
    std::vector<FigureArea> areas;
    std::vector<FigureHandle> handles; ///< none or one
};

} // namespace perunit
