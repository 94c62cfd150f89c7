// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"

namespace perunit {

std::vector<std::unique_ptr<LedgerFormat>> ledgerFormats()
{
    std::vector<std::unique_ptr<LedgerFormat>> formats;
    formats.push_back(focusFormat());
    formats.push_back(langfuseFormat());
    formats.push_back(otelFormat());
    formats.push_back(claudeCodeFormat());
    formats.push_back(codexFormat());
    formats.push_back(opencodeFormat());
    formats.push_back(mlflowFormat());
    formats.push_back(azureTraceFormat());
    formats.push_back(burstGptFormat());
    formats.push_back(mooncakeFormat());
    formats.push_back(vidurFormat());
    formats.push_back(documentLengthsFormat());
    formats.push_back(arrivalRatesFormat());
    formats.push_back(outcomeEventsFormat());
    formats.push_back(budgetFormat());
    formats.push_back(outcomeSeriesFormat());
    formats.push_back(requestLogFormat());
    return formats;
}

std::vector<FormatCandidate> knownFormats()
{
    std::vector<FormatCandidate> result;
    for (const auto &format : ledgerFormats())
        result.push_back({std::string(format->id()), std::string(format->label())});
    return result;
}

} // namespace perunit
