// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/own_parts.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

namespace perunit {

Error wrongJson(std::string what, std::string_view path, std::string remedy)
{
    return {ErrorCode::BadInput, std::move(what), std::string(path.empty() ? "/" : path), std::move(remedy)};
}

JsonMembers::JsonMembers(const JsonValue &object, std::string path, std::initializer_list<std::string_view> known)
    : m_object(object)
    , m_path(std::move(path))
{
    if (!object.is(Kind::Object)) {
        fail("expected an object, found " + std::string(nameOf(object.kind)), m_path);
        return;
    }
    std::set<std::string_view> seen;
    for (const std::string &name : object.names) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            fail("'" + name + "' is not a member of this object", joinPath(m_path, name), "correct its spelling");
        else if (!seen.insert(name).second)
            fail("'" + name + "' stands here twice", joinPath(m_path, name));
    }
}

void JsonMembers::fail(std::string what, std::string_view path, std::string remedy)
{
    if (m_status.ok())
        m_status = wrongJson(std::move(what), path, std::move(remedy));
}

void JsonMembers::fail(const Error &error)
{
    if (m_status.ok())
        m_status = error;
}

bool JsonMembers::has(std::string_view name) const
{
    return m_object.is(Kind::Object) && m_object.find(name) != nullptr;
}

const JsonValue *JsonMembers::optional(std::string_view name, Kind kind)
{
    const JsonValue *value = m_object.is(Kind::Object) ? m_object.find(name) : nullptr;
    if (!value || value->is(Kind::Null))
        return nullptr;
    if (value->is(kind))
        return value;
    fail("expected " + std::string(nameOf(kind)) + ", found " + std::string(nameOf(value->kind)), pathOf(name));
    return nullptr;
}

std::string JsonMembers::text(std::string_view name, std::string otherwise)
{
    const JsonValue *value = optional(name, Kind::String);
    return value ? value->text : otherwise;
}

std::string JsonMembers::requiredText(std::string_view name)
{
    std::string value = text(name);
    if (value.empty())
        fail("'" + std::string(name) + "' is missing or empty", pathOf(name));
    return value;
}

std::int64_t JsonMembers::count(std::string_view name, std::int64_t otherwise)
{
    const JsonValue *value = optional(name, Kind::Number);
    return value ? wholeNumber(*value, name) : otherwise;
}

Instant JsonMembers::instant(std::string_view name, Instant otherwise)
{
    const JsonValue *value = optional(name, Kind::String);
    if (!value)
        return otherwise;
    const auto at = parseInstant(value->text);
    if (at)
        return *at;
    fail(at.error().what, pathOf(name), "write it like 2026-10-03 or 2026-10-03T12:00:00Z");
    return otherwise;
}

Period JsonMembers::validity()
{
    const Period period{instant("valid_from", alwaysBefore), instant("valid_to", alwaysAfter)};
    if (period.isEmpty())
        fail("valid_to is not after valid_from", m_path);
    return period;
}

std::optional<ScaledDecimal> JsonMembers::decimal(std::string_view name, int scale)
{
    const JsonValue *value = optional(name, Kind::String);
    if (!value)
        return std::nullopt;
    const auto number = parseDecimal(value->text, scale);
    if (!number)
        fail(number.error().what, pathOf(name));
    else if (number->units < 0)
        fail("'" + value->text + "' is less than 0", pathOf(name));
    else
        return *number;
    return std::nullopt;
}

std::optional<UnitPrice> JsonMembers::price(std::string_view name, Int128 divisor)
{
    const auto number = decimal(name, Femto::scale);
    if (!number)
        return std::nullopt;
    const auto femto = fittingFemto(divideHalfEven(number->units, divisor), *this, pathOf(name));
    if (!femto)
        return std::nullopt;
    return UnitPrice{*femto, number->rounded || number->units % divisor != 0};
}

std::int64_t JsonMembers::wholeNumber(const JsonValue &value, std::string_view name)
{
    std::int64_t number = 0;
    const char *end = value.text.data() + value.text.size();
    const auto [stop, failure] = std::from_chars(value.text.data(), end, number);
    if (failure != std::errc{} || stop != end || number < 0)
        fail("'" + value.text + "' is not a whole number of at least 0", pathOf(name));
    return number;
}

FactOrigin FactOrigin::readFrom(JsonMembers &members, const FactOrigin &outer)
{
    FactOrigin origin;
    origin.source = members.text("source", outer.source);
    origin.checked = members.text("checked", outer.checked);
    origin.grade = members.text("grade", outer.grade);
    return origin;
}

std::optional<std::int64_t> fittingFemto(Int128 units, JsonMembers &members, std::string_view path)
{
    if (units <= std::numeric_limits<std::int64_t>::max())
        return static_cast<std::int64_t>(units);
    members.fail("the price is larger than a price can be", path);
    return std::nullopt;
}

std::optional<ContextThreshold> readThreshold(const JsonValue *object, JsonMembers &outer)
{
    if (!object)
        return std::nullopt;
    JsonMembers members(*object, outer.pathOf("context"), {"gt", "gte"});
    const bool above = members.optional("gt", JsonValue::Kind::Number) != nullptr;
    const bool from = members.optional("gte", JsonValue::Kind::Number) != nullptr;
    if (members.ok() && above == from)
        members.fail("a threshold has either gt or gte", members.path());
    const ContextThreshold threshold{members.count(from ? "gte" : "gt"), from};
    if (!members.ok())
        outer.fail(members.status().error());
    return threshold;
}

} // namespace perunit
