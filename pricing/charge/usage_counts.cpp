// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/usage_counts.h"

#include "pricing/base/decimal.h"
#include "pricing/catalogue/provider_names.h"

#include <set>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

/// More tokens than any request has; sums of many such counts still fit.
constexpr std::int64_t largestCount = 1'000'000'000'000'000;

} // namespace

Result<std::int64_t> wholeCount(const JsonValue &value, const std::string &where)
{
    const bool readable = value.is(Kind::Number) || (value.is(Kind::String) && !value.text.empty());
    const auto number = readable ? parseDecimal(value.text, 0) : Result<ScaledDecimal>(Error{});
    if (!number || number->rounded)
        return Error{ErrorCode::BadInput, "a count must be a whole number", where, ""};
    if (number->units < 0)
        return Error{ErrorCode::BadInput, "a count cannot be negative", where, ""};
    if (number->units > largestCount)
        return Error{ErrorCode::Overflow, "a count is larger than any request", where, ""};
    return static_cast<std::int64_t>(number->units);
}

Status refuseTwice(const JsonValue &json, const std::string &path)
{
    std::set<std::string_view> names;
    for (const std::string &name : json.names) {
        if (!names.insert(name).second)
            return Error{ErrorCode::BadInput, "the member '" + name + "' stands twice", joinPath(path, name), ""};
    }
    for (std::size_t i = 0; i < json.items.size(); ++i) {
        const std::string inner = json.is(Kind::Object) ? json.names[i] : std::to_string(i);
        if (const Status status = refuseTwice(json.items[i], joinPath(path, inner)); !status)
            return status;
    }
    return {};
}

const JsonValue *UsageCounts::at(Path path) const
{
    const JsonValue *value = &m_object;
    for (const std::string_view name : path) {
        value = value->is(Kind::Object) ? value->find(name) : nullptr;
        if (!value || value->is(Kind::Null))
            return nullptr;
    }
    return value;
}

std::optional<std::int64_t> UsageCounts::read(const JsonValue &value, const std::string &where)
{
    auto count = wholeCount(value, where);
    if (!count) {
        if (!m_error)
            m_error = count.error();
        return std::nullopt;
    }
    return *count;
}

std::optional<std::int64_t> UsageCounts::find(Path path)
{
    const JsonValue *value = at(path);
    if (!value)
        return std::nullopt;
    std::string where = m_path;
    for (const std::string_view name : path)
        where = joinPath(where, name);
    return read(*value, where);
}

std::int64_t UsageCounts::firstOf(std::initializer_list<Path> paths)
{
    for (const Path &path : paths) {
        if (const std::int64_t found = count(path); found != 0)
            return found;
    }
    return 0;
}

std::int64_t UsageCounts::modality(std::initializer_list<std::string_view> lists, std::string_view name)
{
    std::int64_t sum = 0;
    for (const std::string_view listName : lists) {
        const JsonValue *list = at({listName});
        if (!list || !list->is(Kind::Array))
            continue;
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const JsonValue &each = list->items[i];
            const JsonValue *kind = each.is(Kind::Object) ? each.find("modality") : nullptr;
            if (!kind || !kind->is(Kind::String) || lowered(kind->text) != name)
                continue;
            const JsonValue *tokens = each.find("tokenCount");
            if (!tokens)
                tokens = each.find("token_count");
            if (tokens && !tokens->is(Kind::Null))
                sum += read(*tokens, joinPath(joinPath(m_path, listName), std::to_string(i))).value_or(0);
        }
    }
    return sum;
}

void UsageCounts::fail(std::string what, const std::string &member)
{
    if (!m_error)
        m_error = Error{ErrorCode::BadInput, std::move(what), joinPath(m_path, member), ""};
}

} // namespace perunit
