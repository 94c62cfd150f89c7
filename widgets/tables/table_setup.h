// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QTableView;

namespace perunit {

/// What all tables of values have in common: whole rows are selected, headers stay where they are, no grid, no drops.
/// `name` is the accessible name. The model must be set already.
void setUpTable(QTableView *view, const QString &name);

} // namespace perunit
