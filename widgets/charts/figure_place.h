// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace perunit {

/// A value of a figure: which series, and which of its points.
struct FigurePlace {
    int series = 0;
    int point = 0;
    bool operator==(const FigurePlace &) const = default;
};

} // namespace perunit
