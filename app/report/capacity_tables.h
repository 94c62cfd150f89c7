// SPDX-License-Identifier: GPL-3.0-or-later
// Key figures, tables and the week of one size, as they are printed.
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "model/report/report_document.h"

#include <optional>

namespace perunit {

/// The size in the scenario, the cheapest one, cost, saving, use and spill.
ReportKeyFigures sizeKeyFigures(const CapacityAnswer &answer, const SizeFigures &size, bool sized,
                                const CostSpan &span);
/// The size in the scenario beside the rules of thumb, each with what it costs too much. Units and spill add up to the
/// cost as printed.
ReportTable sizesTable(const CapacityAnswer &answer, const SizeFigures &size, const CostSpan &span);
/// Three questions, each with its own answer.
ReportTable breakEvenTable(const CapacityAnswer &answer);
/// Money that serves nothing, where as many units are reserved as are deployed.
ReportTable wasteTable(const CapacityAnswer &answer, const SizeFigures &size, const CostSpan &span);
/// What each lever of the scenario leaves to reserve; no rows where there are none.
ReportTable stepsTable(const CapacityAnswer &answer, const CostSpan &span);

/// Mean load of the hours of a week; nothing where the period covers less than a day of them or holds no load.
std::optional<ReportHeatMap> weekMap(const CapacityAnswer &answer);

} // namespace perunit
