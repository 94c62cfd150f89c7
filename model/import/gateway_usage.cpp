// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/gateway_usage.h"

#include "model/import/column_format.h"

#include "pricing/catalogue/provider_names.h"
#include "pricing/charge/usage_block.h"

#include <algorithm>

namespace perunit {

bool readLoggedUsage(const JsonValue &usage, int column, RequestRow &row, RowCollector &rows)
{
    const auto block = readUsageBlock(usage, row.provider);
    if (!block) {
        rows.reject(column, block.error().where, block.error().what);
        return false;
    }
    const std::int64_t requests = row.usage[UsageClass::Request];
    row.usage = block->usage;
    row.usage[UsageClass::Request] = std::max(requests, row.usage[UsageClass::Request]);
    if (block->tier)
        row.tier = *block->tier;
    if (row.region.empty())
        row.region = block->region;
    for (const std::string &note : block->notes)
        rows.count(note.starts_with("the total has ") ? "the total has more tokens than prompt and output" : note);
    return true;
}

void moveEmbeddings(const std::string &operation, RequestRow &row)
{
    const bool embedding = lowered(operation).find("embedding") != std::string::npos
                           || (operation.empty() && lowered(row.model).find("embedding") != std::string::npos);
    if (!embedding)
        return;
    row.usage[UsageClass::Embedding] += row.usage[UsageClass::Input];
    row.usage[UsageClass::Input] = 0;
}

void CachedAnswers::take(RequestRow &row)
{
    ++m_requests;
    m_prompt += row.usage.sentTokens() + row.usage[UsageClass::Embedding];
    m_output += row.usage[UsageClass::Output];
    const std::int64_t requests = row.usage[UsageClass::Request];
    row.usage = {};
    row.usage[UsageClass::Request] = requests;
    row.tags.emplace_back("gateway_cache", "hit");
}

void CachedAnswers::finish(RowCollector &rows) const
{
    if (m_requests > 0)
        rows.warn(std::to_string(m_requests) + (m_requests == 1 ? " request was" : " requests were")
                  + " answered from the gateway's own cache: " + std::to_string(m_prompt) + " prompt and "
                  + std::to_string(m_output) + " output tokens are demand and no consumption, and are not counted");
}

RequestStatus statusOf(const std::string &word, RowCollector &rows)
{
    if (word.empty())
        return RequestStatus::Ok;
    const std::string name = normalisedName(word);
    if (name.size() == 3 && name.find_first_not_of("0123456789") == std::string::npos) {
        if (name == "429")
            return RequestStatus::RateLimited;
        if (name == "499")
            return RequestStatus::Cancelled;
        return name[0] >= '4' ? RequestStatus::Error : RequestStatus::Ok;
    }
    const auto among = [&name](std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), name) != words.end();
    };
    if (among({"success", "ok", "succeeded", "completed", "true", "1"}))
        return RequestStatus::Ok;
    if (among({"failure", "failed", "error", "timeout", "false", "0"}))
        return RequestStatus::Error;
    if (among({"cancelled", "canceled", "aborted"}))
        return RequestStatus::Cancelled;
    if (among({"ratelimited", "ratelimit", "throttled"}))
        return RequestStatus::RateLimited;
    rows.count("status '" + quotable(word) + "' is not known and was taken as success");
    return RequestStatus::Ok;
}

} // namespace perunit
