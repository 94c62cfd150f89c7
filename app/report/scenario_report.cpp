// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/scenario_report.h"

#include "app/document/clock.h"
#include "app/document/comparison_input.h"
#include "app/report/capacity_section.h"

namespace perunit {

Result<ReportDocument> scenarioReport(const std::string &workspaceName, const std::shared_ptr<const Baseline> &baseline,
                                      const std::vector<ComparedScenario> &compared, const std::string &unitName,
                                      const std::stop_token &stop)
{
    auto input = comparisonInput(workspaceName, *baseline, compared, unitName, stop);
    if (!input)
        return input.error();
    auto capacity = capacitySection(baseline, compared, startOfToday(), stop);
    if (!capacity)
        return capacity.error();
    input->capacity = std::move(*capacity);
    return comparisonReport(*input);
}

} // namespace perunit
