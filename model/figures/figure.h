// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace perunit {

/// Which colour role a series plays; the theme decides the colour.
enum class SeriesRole : std::uint8_t { Baseline, Scenario, Component, Favourable, Unfavourable, Total, Actual };

struct FigurePoint {
    double x = 0;          ///< category index, or seconds since 1970 on a time axis
    double y = 0;          ///< in units of the currency, or as a count; Percent: 0 to 100
    std::string exact;     ///< exact text of y for the tooltip and the table twin
    std::string label;     ///< short text of y, written at bars where it fits; may be empty
    bool missing = false;  ///< draws as a gap
    bool subtotal = false; ///< Waterfall: stands on zero like start and end, and the parts go on from it
    /// Waterfall: between which values the part may lie, drawn as a whisker at its end.
    std::optional<std::pair<double, double>> between = {};
};

struct FigureSeries {
    std::string name;
    SeriesRole role = SeriesRole::Scenario;
    int roleIndex = 0; ///< number of the scenario, or index of the Component
    std::vector<FigurePoint> points;
    bool forecast = false; ///< dashed line, hatched bar
};

enum class FigureKind : std::uint8_t {
    Lines,       ///< one line per series over categories or time
    StackedBars, ///< series stacked per category
    GroupedBars, ///< series side by side per category
    Waterfall,   ///< first series only: start, parts and subtotals, end; roles by sign
    Histogram,   ///< first series only: bars without gaps; categories are bin labels
    Tornado      ///< one row per category: bars to the left and right of zero, one per series, one behind the other
};

/// A vertical or horizontal line with a label.
struct FigureMark {
    bool vertical = false;
    double at = 0;
    std::string label;
};

/// How the values of the y axis are written.
enum class ValueFormat : std::uint8_t { Money, MoneyPerUnit, Count, Percent };

/// A chart as a plain value: the same one is drawn in the window, on paper and as table twin.
struct Figure {
    FigureKind kind = FigureKind::Lines;
    std::string title;    ///< the message
    std::string subtitle; ///< measure, unit, period, scenario
    std::vector<std::string> categories;
    std::vector<std::string> totals; ///< StackedBars: text above the stack of each category; may be empty
    bool timeAxis = false;
    ValueFormat format = ValueFormat::Money;
    std::string currency;
    std::string xTitle;
    std::string yTitle;
    std::vector<FigureSeries> series;
    std::vector<FigureMark> marks;
    std::vector<std::string> notes; ///< "4 % of tokens have no price"
    std::string summary;            ///< for people who cannot see it
    std::string emptyText;          ///< sentence that stands in for a figure without numbers
    /// True when no series has a point that can be drawn.
    [[nodiscard]] bool isEmpty() const;
};

} // namespace perunit
