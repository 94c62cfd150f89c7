// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/sample_files.h"

#include "resources/sample/calendar.h"
#include "resources/sample/harness.h"
#include "resources/sample/request.h"

#include <cstdio>
#include <string_view>

namespace perunit::sample {

namespace {

/// A field as RFC 4180 wants it: in quotes when it holds a separator or a quote.
void appendField(std::string &line, std::string_view field)
{
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        line += field;
        return;
    }
    line += '"';
    for (const char c : field) {
        if (c == '"')
            line += '"';
        line += c;
    }
    line += '"';
}

void appendLine(std::string &text, std::initializer_list<std::string_view> fields)
{
    bool first = true;
    for (const std::string_view field : fields) {
        if (!first)
            text += ',';
        first = false;
        appendField(text, field);
    }
    text += '\n';
}

std::string requestsText(const std::vector<Request> &requests)
{
    std::string text =
        "time,duration_ms,provider,model,region,deployment,tier,status,workload,environment,team,feature,"
        "customer,session_id,document_id,prompt_template,input_tokens,cache_read_tokens,"
        "cache_write_5m_tokens,output_tokens\n";
    text.reserve(requests.size() * 240);
    for (const Request &request : requests)
        appendLine(text, {timeText(request.time),
                          std::to_string(request.duration),
                          request.model.provider,
                          request.model.model,
                          request.model.region,
                          request.model.deployment,
                          request.tier,
                          request.status,
                          request.workload,
                          request.environment,
                          request.team,
                          request.feature,
                          request.customer,
                          request.session,
                          request.document,
                          request.promptTemplate,
                          std::to_string(request.input),
                          std::to_string(request.cacheRead),
                          std::to_string(request.cacheWrite),
                          std::to_string(request.output)});
    return text;
}

std::string harnessText(const std::vector<FocusRow> &rows)
{
    std::string text;
    for (const std::string_view column : focusColumns)
        text += (text.empty() ? "" : ",") + std::string(column);
    text += '\n';
    for (const FocusRow &row : rows) {
        bool first = true;
        for (const std::string_view column : focusColumns) {
            if (!first)
                text += ',';
            first = false;
            const auto field = row.find(column);
            if (field != row.end())
                appendField(text, field->second);
        }
        text += '\n';
    }
    return text;
}

std::string outcomesText(const FinishedWork &finished)
{
    std::string text = "date,metric,label,amount\n";
    for (int day = 0; day < dayCount; ++day) {
        const auto index = static_cast<std::size_t>(day);
        const std::string date = dateText(day);
        const auto line = [&](std::string_view metric, std::string_view label, std::int64_t amount) {
            appendLine(text, {date, metric, label, std::to_string(amount)});
        };
        line("conversations_resolved", "europe", finished.conversationsEurope[index]);
        line("conversations_resolved", "america", finished.conversationsAmerica[index]);
        line("documents_processed", "all", finished.documents[index]);
        line("contracts_reviewed", "all", finished.contracts[index]);
    }
    return text;
}

std::string writeFile(const std::string &path, const std::string &text)
{
    std::FILE *file = std::fopen(path.c_str(), "wb");
    if (!file)
        return "cannot create " + path;
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const bool closed = std::fclose(file) == 0;
    return written && closed ? std::string{} : "cannot write " + path;
}

} // namespace

std::string writeSample(const std::string &folder, std::uint64_t seed)
{
    const Traffic traffic = makeTraffic(seed);
    std::string problem = writeFile(folder + "/" + requestsFile, requestsText(traffic.requests));
    if (problem.empty())
        problem = writeFile(folder + "/" + harnessFile, harnessText(makeHarnessCharges(seed)));
    if (problem.empty())
        problem = writeFile(folder + "/" + outcomesFile, outcomesText(traffic.finished));
    return problem;
}

} // namespace perunit::sample
