// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"

#include <QString>
#include <QStringList>
#include <QVector>

namespace perunit {

/// The numbers of a figure as a table: one row per category or time, one column per series.
struct FigureTable {
    QStringList header;
    QVector<QStringList> rows;
};

FigureTable tableOf(const Figure &figure);
/// Tab-separated text with a header line, for spreadsheets. Line breaks inside cells become "; ".
QString tabSeparated(const FigureTable &table);

} // namespace perunit
