// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"

#include <algorithm>

namespace perunit {

std::vector<std::unique_ptr<LedgerFormat>> ledgerFormats()
{
    std::vector<std::unique_ptr<LedgerFormat>> formats;
    formats.push_back(refusedFormat());
    formats.push_back(focusFormat());
    formats.push_back(langfuseTraceFormat());
    formats.push_back(otelFormat());
    formats.push_back(claudeCodeFormat());
    formats.push_back(codexFormat());
    formats.push_back(opencodeFormat());
    formats.push_back(mlflowFormat());
    formats.push_back(awsCurFormat());
    formats.push_back(azureCostFormat());
    formats.push_back(googleBillingFormat());
    formats.push_back(ociCostFormat());
    formats.push_back(cloudZeroFormat());
    formats.push_back(openCostFormat());
    formats.push_back(azureTraceFormat());
    formats.push_back(burstGptFormat());
    formats.push_back(mooncakeFormat());
    formats.push_back(vidurFormat());
    formats.push_back(documentLengthsFormat());
    formats.push_back(arrivalRatesFormat());
    formats.push_back(outcomeEventsFormat());
    formats.push_back(anthropicCostFormat());
    formats.push_back(anthropicUsageFormat());
    formats.push_back(bedrockLogFormat());
    formats.push_back(claudeCodeReportFormat());
    formats.push_back(copilotFormat());
    formats.push_back(cursorFormat());
    formats.push_back(deepSeekAmountFormat());
    formats.push_back(deepSeekCostFormat());
    formats.push_back(heliconeFormat());
    formats.push_back(liteLlmDailyFormat());
    formats.push_back(liteLlmLogFormat());
    formats.push_back(openAiActivityFormat());
    formats.push_back(openAiCostFormat());
    formats.push_back(openAiUsageFormat());
    formats.push_back(openRouterActivityFormat());
    formats.push_back(portkeyFormat());
    formats.push_back(vercelGatewayFormat());
    formats.push_back(budgetFormat());
    formats.push_back(outcomeSeriesFormat());
    formats.push_back(requestLogFormat());
    return formats;
}

bool isKnownLedger(const TableShape &shape)
{
    const auto formats = ledgerFormats();
    return std::any_of(formats.begin(), formats.end(),
                       [&shape](const auto &format) { return format->match(shape).score == 100; });
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
