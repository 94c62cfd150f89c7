// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/session.h"
#include "app/pages/capacity/capacity_pictures.h"
#include "app/shell/capacity_choice.h"

#include <optional>
#include <string>

namespace perunit {

/// What `chart --page capacity` draws.
struct CapacityChartWish {
    std::string figure; ///< "load" or "cost"
    std::string scenario;
    CapacityChoice choice; ///< what is left open is filled in as on the page
};

/// Errors: those of studyCapacity(), and NotFound where nothing can be sized.
Result<PlaneFigure> capacityChart(const Session &session, const CapacityChartWish &wish);

} // namespace perunit
