// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"
#include "model/figures/figure_plane.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace perunit {

/// A table as plain text cells; the first row is the header.
struct ReportTable {
    std::string title;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
    std::vector<bool> rightAligned; ///< per column
    std::vector<bool> emphasised;   ///< per row; may be empty
};

struct ReportHeading {
    std::string text;
    bool minor = false; ///< of a part of a section
};

struct ReportParagraph {
    std::string text;
    bool secondary = false;
};

struct ReportKeyFigure {
    std::string label;
    std::string value;
    std::string detail;
    int direction = 0; ///< -1 favourable, 1 unfavourable, 0 neither
};

struct ReportKeyFigures {
    std::vector<ReportKeyFigure> figures;
};

/// A chart; with a plane its lines stand over numbers. Nothing can be dragged on paper: a plane has no handles here.
struct ReportFigure {
    // NOLINTNEXTLINE(google-explicit-constructor): most figures are nothing but that.
    ReportFigure(Figure shown)
        : figure(std::move(shown))
    {}
    ReportFigure(Figure shown, FigurePlane over)
        : figure(std::move(shown))
        , plane(std::move(over))
    {}
    Figure figure;
    std::optional<FigurePlane> plane;
};

/// Rows × columns of cells, darker the more they hold.
struct ReportHeatMap {
    struct Cell {
        double level = 0; ///< 0 to 1 of the scale
        std::string text; ///< written inside where all texts have room
        bool missing = false;
    };
    std::string title;    ///< the message
    std::string subtitle; ///< measure and unit
    std::vector<std::string> rows;
    std::vector<std::string> columns;
    std::vector<Cell> cells; ///< row by row
    std::string lowest;      ///< at the ends of the scale
    std::string highest;
};

using ReportBlock =
    std::variant<ReportHeading, ReportParagraph, ReportKeyFigures, ReportFigure, ReportHeatMap, ReportTable>;

/// What is printed, before anybody knows about pages.
struct ReportDocument {
    std::string title;
    std::string subtitle;
    std::string footer; ///< digests, data period, catalogue date, engine version
    std::vector<ReportBlock> blocks;
};

} // namespace perunit
