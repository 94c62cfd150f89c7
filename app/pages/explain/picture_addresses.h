// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/figure_address.h"
#include "model/engine/evaluate.h"
#include "model/figures/figure.h"
#include "widgets/charts/figure_place.h"

#include <QString>

#include <optional>
#include <vector>

namespace perunit {

/// Which figure the mark of a picture stands for, so that a click on it can explain it; nothing where it stands for
/// none. `outcomes` are those from which the figure was built, in the same order.

/// What a click does, for the tool tip of a picture.
QString explainHint();

/// Of componentBars().
std::optional<FigureAddress> componentBarAddress(const Figure &figure, const std::vector<Outcome> &outcomes,
                                                 FigurePlace place);
/// Of totalOverMonths() with an empty `unit`, else of unitOverMonths().
std::optional<FigureAddress> monthAddress(const Figure &figure, const std::vector<Outcome> &outcomes,
                                          const std::string &unit, FigurePlace place);
/// Of componentsOverMonths().
std::optional<FigureAddress> componentMonthAddress(const Figure &figure, const Outcome &outcome, FigurePlace place);
/// Of bridgeWaterfall(): its ends are totals, its parts steps of levers.
std::optional<FigureAddress> bridgeAddress(const Bridge &bridge, const std::string &fromId, const std::string &toId,
                                           FigurePlace place);

} // namespace perunit
