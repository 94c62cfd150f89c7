// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/request_log_fields.h"

#include "model/import/mapping_suggestion.h"
#include "model/store/row_columns.h"

#include <algorithm>

namespace perunit {

namespace {

int *plainField(RequestLogFields &fields, std::string_view name)
{
    const std::map<std::string_view, int *> table{
        {"time", &fields.time},
        {"duration_ms", &fields.duration},
        {"tier", &fields.tier},
        {"status", &fields.status},
        {"attempts", &fields.attempts},
        {"billed_cost", &fields.billed},
        {"currency", &fields.currency},
        {"prompt_tokens", &fields.promptTokens},
        {"reasoning", &fields.reasoning},
        {"tags", &fields.tags},
        {"request_id", &fields.requestId},
        {"requests", &fields.usage[static_cast<std::size_t>(UsageClass::Request)]}};
    if (const auto found = table.find(name); found != table.end())
        return found->second;
    if (const auto usageClass = usageClassNamed(name))
        return &fields.usage[static_cast<std::size_t>(*usageClass)];
    return nullptr;
}

int columnNamed(const TableShape &shape, const std::string &name)
{
    const auto exact = std::find(shape.header.begin(), shape.header.end(), name);
    if (exact != shape.header.end())
        return static_cast<int>(exact - shape.header.begin());
    return shape.indexOf(normalisedName(name));
}

} // namespace

std::optional<std::size_t> textPlace(std::string_view field)
{
    const auto &texts = requestTexts();
    const auto found =
        std::find_if(texts.begin(), texts.end(), [field](const auto &text) { return text.name == field; });
    if (found == texts.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - texts.begin());
}

Result<RequestLogFields> resolveFields(const TableShape &shape, const ColumnMapping &mapping)
{
    RequestLogFields fields;
    for (const auto &[field, column] : mapping.columns) {
        const auto where = "mapping of '" + field + "'";
        const int index = columnNamed(shape, column);
        if (index < 0)
            return Error{ErrorCode::BadInput, "the file has no column '" + column + "'", where,
                         "name a column of the header"};
        if (int *target = plainField(fields, field)) {
            *target = index;
            continue;
        }
        const bool tag = field.starts_with("tag:") && field.size() > 4;
        const auto text = textPlace(field);
        if (!tag && !text)
            return Error{ErrorCode::BadInput, "'" + field + "' is not a field of a request", where,
                         "use time, model, input, output, session, tag:NAME and the other documented fields"};
        const std::string &header = shape.header[static_cast<std::size_t>(index)];
        const bool hashed = std::find(mapping.hashed.begin(), mapping.hashed.end(), header) != mapping.hashed.end();
        if (isSensitiveColumn(shape, index) && !hashed)
            return Error{ErrorCode::Unsupported,
                         "the column '" + column + "' may hold prompts, keys or addresses, which are never stored",
                         where, "leave it out, or keep it as tokens: put it under \"hash\""};
        if (tag)
            fields.freeTags.emplace_back(index, field.substr(4));
        else
            fields.texts.emplace_back(index, *text);
    }
    fields.gatewayCacheHit = shape.firstOf({"cachehit", "gatewaycachehit"});
    return fields;
}

RequestStatus statusFromText(std::string_view text, bool &known)
{
    known = true;
    if (isNullWord(text))
        return RequestStatus::Ok;
    const std::string word = normalisedName(text);
    const auto among = [&word](std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (word.size() == 3 && word.find_first_not_of("0123456789") == std::string::npos) {
        if (word == "429")
            return RequestStatus::RateLimited;
        if (word == "499")
            return RequestStatus::Cancelled;
        return word[0] >= '4' ? RequestStatus::Error : RequestStatus::Ok;
    }
    if (among({"ok", "success", "succeeded", "completed", "complete", "done", "true", "stop", "0"}))
        return RequestStatus::Ok;
    if (among({"ratelimited", "ratelimit", "throttled", "toomanyrequests"}))
        return RequestStatus::RateLimited;
    if (among({"cancelled", "canceled", "aborted"}))
        return RequestStatus::Cancelled;
    if (among({"error", "failed", "failure", "timeout", "timedout", "false", "1", "2"}))
        return RequestStatus::Error;
    known = false;
    return RequestStatus::Ok;
}

std::string_view textOf(std::string_view cell)
{
    constexpr std::size_t longestNullWord = 6;
    const auto isEdge = [](char c) {
        return c > ' ' && static_cast<unsigned char>(c) < 0x80;
    };
    if (cell.empty())
        return cell;
    if (!isEdge(cell.front()) || !isEdge(cell.back()))
        cell = trimmed(cell);
    return cell.size() <= longestNullWord && isNullWord(cell) ? std::string_view() : cell;
}

} // namespace perunit
