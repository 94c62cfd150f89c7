// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/engine/outcome.h"
#include "model/units/economic_unit.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// What a cell says about its unit.
enum class CellFigure : std::uint8_t { Cost, Count, CostPerUnit };

/// Names one figure of an outcome: the total, narrowed by what is set.
struct Cell {
    std::optional<Component> component;
    std::optional<Month> month;
    std::string unit;                              ///< name; empty: all cost
    CellFigure figure = CellFigure::Cost;          ///< Cost unless there is a unit
    std::map<std::string, std::string> dimensions; ///< dimension and value; an empty value: what has none

    /// The form that parseCell() reads: "component:cache_read, month:2026-03, workload=search", "unit:conversation",
    /// "total". What holds commas, quotes or blanks at its ends stands in quotes.
    [[nodiscard]] std::string text() const;
    bool operator==(const Cell &) const = default;
};

/// What a cell can name.
struct CellChoices {
    std::vector<Month> months;
    std::map<std::string, std::set<std::string>> dimensions; ///< with the values that occur
    std::vector<std::string> units;
};
CellChoices cellChoices(const Baseline &baseline, const std::vector<EconomicUnit> &units);

/// Reads a cell. Parts are separated by commas: "total", "component:NAME", "month:YYYY-MM", "unit:NAME" (the cost of
/// one, unless "figure:cost" or "figure:count" says otherwise), "DIMENSION=VALUE". Errors: BadInput and NotFound, with
/// what there is.
Result<Cell> parseCell(std::string_view text, const CellChoices &choices);

} // namespace perunit
