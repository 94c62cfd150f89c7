// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"

#include <string>
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

struct ReportPageBreak {
};

using ReportBlock =
    std::variant<ReportHeading, ReportParagraph, ReportKeyFigures, Figure, ReportTable, ReportPageBreak>;

/// What is printed, before anybody knows about pages.
struct ReportDocument {
    std::string title;
    std::string subtitle;
    std::string footer; ///< digests, data period, catalogue date, engine version
    std::vector<ReportBlock> blocks;
};

} // namespace perunit
