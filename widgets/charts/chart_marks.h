// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/figure_layout.h"

#include <memory>

class QChart;

namespace perunit {

/// The lines and bars of a figure as series of a Qt chart. Updates them in place while their number stays the same.
class ChartMarks
{
public:
    explicit ChartMarks(QChart *chart);
    ~ChartMarks();
    ChartMarks(const ChartMarks &) = delete;
    ChartMarks &operator=(const ChartMarks &) = delete;

    void update(const Figure &figure, const FigureLayout &layout, const Theme &theme);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace perunit
