// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"
#include "widgets/charts/figure_place.h"
#include "widgets/charts/figure_plane.h"

#include <QString>
#include <QStringList>
#include <QVector>

#include <optional>

namespace perunit {

/// The numbers of a figure as a table: one row per category or time, one column per series.
struct FigureTable {
    QStringList header;
    QVector<QStringList> rows;
    /// Of each row, which value stands in the column of each series; nothing where there is none.
    QVector<QVector<std::optional<FigurePlace>>> places;
};

/// With a plane, the rows are named by their numbers.
FigureTable tableOf(const Figure &figure, const std::optional<FigurePlane> &plane = {});
/// Tab-separated text with a header line, for spreadsheets. Line breaks inside cells become "; ".
QString tabSeparated(const FigureTable &table);

} // namespace perunit
