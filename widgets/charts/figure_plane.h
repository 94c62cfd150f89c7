// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure_plane.h"

#include <QString>

namespace perunit {

/// "1,250" or "16.2 %".
QString planeText(const FigurePlane &plane, double x);

} // namespace perunit
