// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"

namespace perunit {

std::vector<std::unique_ptr<LedgerFormat>> ledgerFormats()
{
    std::vector<std::unique_ptr<LedgerFormat>> formats;
    formats.push_back(refusedFormat());
    formats.push_back(focusFormat());
    formats.push_back(awsCurFormat());
    formats.push_back(azureCostFormat());
    formats.push_back(googleBillingFormat());
    formats.push_back(ociCostFormat());
    formats.push_back(cloudZeroFormat());
    formats.push_back(openCostFormat());
    formats.push_back(azureTraceFormat());
    formats.push_back(outcomeSeriesFormat());
    formats.push_back(requestLogFormat());
    return formats;
}

std::vector<FormatCandidate> knownFormats()
{
    std::vector<FormatCandidate> result;
    for (const auto &format : ledgerFormats()) {
        if (format->id() != refusedFormatId)
            result.push_back({std::string(format->id()), std::string(format->label())});
    }
    return result;
}

} // namespace perunit
