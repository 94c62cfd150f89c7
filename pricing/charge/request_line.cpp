// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/request_line.h"

#include "pricing/charge/usage_counts.h"

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

const JsonValue *memberOf(const JsonValue &object, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        const JsonValue *value = object.find(name);
        if (value && !value->is(Kind::Null))
            return value;
    }
    return nullptr;
}

/// Text of the first member that is there; empty when none is.
Result<std::string> textOf(const JsonValue &object, std::initializer_list<std::string_view> names)
{
    const JsonValue *value = memberOf(object, names);
    if (value && !value->is(Kind::String))
        return Error{ErrorCode::BadInput, "must be a text, not " + std::string(nameOf(value->kind)),
                     "/" + std::string(*names.begin()), ""};
    return value ? value->text : std::string();
}

Result<ServiceTier> tierNamed(const std::string &name)
{
    if (const auto tier = recordedTier(name))
        return *tier;
    std::string known;
    for (const std::string_view each : serviceTierNames)
        known += (known.empty() ? "" : ", ") + std::string(each);
    return Error{ErrorCode::BadInput, "'" + name + "' is not a service tier", "/tier", "known are " + known};
}

/// The tier that the request itself names, batch included; no value when it names none.
Result<std::optional<ServiceTier>> ownTier(const JsonValue &object)
{
    const auto name = textOf(object, {"tier", "service_tier"});
    if (!name)
        return name.error();
    std::optional<ServiceTier> tier;
    if (!name->empty()) {
        const auto named = tierNamed(*name);
        if (!named)
            return named.error();
        tier = *named;
    }
    const JsonValue *batch = memberOf(object, {"batch"});
    if (batch && !batch->is(Kind::Boolean))
        return Error{ErrorCode::BadInput, "must be true or false, not " + std::string(nameOf(batch->kind)), "/batch",
                     ""};
    if (!batch || !batch->boolean)
        return tier;
    if (tier && *tier != ServiceTier::Standard && *tier != ServiceTier::Batch)
        return Error{ErrorCode::BadInput, "a request cannot be batch and " + std::string(nameOf(*tier)) + " at once",
                     "/batch", ""};
    return std::optional(ServiceTier::Batch);
}

Result<UsageBlock> usageOf(const JsonValue &json, std::string_view provider)
{
    if (!isOwnUsage(json))
        return readUsageBlock(json, provider);
    auto usage = readOwnUsage(json);
    if (!usage)
        return usage.error();
    UsageBlock block;
    block.usage = *usage;
    return block;
}

/// What is wrong with counts of no known shape: a name that was meant to be ours, when most of them are.
Error explained(const Error &error, const JsonValue &json)
{
    if (error.code != ErrorCode::Unsupported || !json.is(Kind::Object))
        return error;
    const auto own = readOwnUsage(json);
    return own ? error : own.error();
}

Result<JsonValue> parsedLine(std::string_view json)
{
    auto object = parseJson(json);
    if (object)
        return object;
    // The JSON is one line, so that only the column tells anything.
    Error error = object.error();
    if (const std::size_t column = error.where.find("column"); column != std::string::npos)
        error.where.erase(0, column);
    return error;
}

} // namespace

Result<RequestLine> readRequestLine(std::string_view json, const RequestDefaults &defaults)
{
    const auto object = parsedLine(json);
    if (!object)
        return object.error();
    if (!object->is(Kind::Object))
        return Error{ErrorCode::BadInput, "a request is an object with provider, model and usage", "", ""};
    // Inside a body anything may stand twice; what decides the request may not.
    for (std::size_t i = 0; i < object->names.size(); ++i) {
        if (object->find(object->names[i]) != &object->items[i])
            return Error{ErrorCode::BadInput, "the member '" + object->names[i] + "' stands twice",
                         joinPath("", object->names[i]), ""};
    }
    const auto provider = textOf(*object, {"provider"});
    const auto model = textOf(*object, {"model"});
    const auto region = textOf(*object, {"region"});
    const auto at = textOf(*object, {"at", "timestamp"});
    const auto tier = ownTier(*object);
    for (const auto *text : {&provider, &model, &region, &at}) {
        if (!*text)
            return text->error();
    }
    if (!tier)
        return tier.error();

    RequestLine line;
    RequestToPrice &request = line.request;
    request.provider = provider->empty() ? defaults.provider : *provider;
    const JsonValue *body = memberOf(*object, {"raw_response", "response"});
    const JsonValue *usage = body ? body : memberOf(*object, {"usage"});
    auto block = usageOf(usage ? *usage : *object, request.provider);
    if (!block)
        return explained(block.error(), usage && !body ? *usage : JsonValue{});
    request.usage = block->usage;
    request.model = !model->empty() ? *model : !block->model.empty() ? block->model : defaults.model;
    request.region = !region->empty() ? *region : !block->region.empty() ? block->region : defaults.region;
    request.tier = tier->value_or(block->tier.value_or(defaults.tier.value_or(ServiceTier::Standard)));
    request.at = defaults.at;
    if (!at->empty()) {
        const auto instant = parseInstant(*at);
        if (!instant)
            return instant.error().in("/at");
        request.at = *instant;
    }
    line.convention = std::move(block->convention);
    line.notes = std::move(block->notes);
    return line;
}

Result<RequestLine> readUsageRequest(std::string_view usageJson, const RequestDefaults &defaults)
{
    const auto json = parsedLine(usageJson);
    if (!json)
        return json.error();
    auto block = usageOf(*json, defaults.provider);
    if (!block)
        return explained(block.error(), *json);
    RequestLine line;
    line.request = {defaults.provider,
                    defaults.model.empty() ? block->model : defaults.model,
                    defaults.region.empty() ? block->region : defaults.region,
                    defaults.at,
                    defaults.tier.value_or(block->tier.value_or(ServiceTier::Standard)),
                    block->usage};
    line.convention = std::move(block->convention);
    line.notes = std::move(block->notes);
    return line;
}

} // namespace perunit
