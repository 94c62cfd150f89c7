// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/trace_layouts.h"

#include "model/import/table_file.h"
#include "model/import/tag_text.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// Attributes that a ledger needs; all others may hold prompts, answers, headers and addresses.
constexpr std::array<std::string_view, 29> wantedAttributes{"gen_ai.provider.name",
                                                            "gen_ai.system",
                                                            "gen_ai.operation.name",
                                                            "gen_ai.request.model",
                                                            "gen_ai.response.model",
                                                            "gen_ai.conversation.id",
                                                            "gen_ai.agent.name",
                                                            "gen_ai.workflow.name",
                                                            "gen_ai.request.service_tier",
                                                            "gen_ai.openai.request.service_tier",
                                                            "gen_ai.openai.response.service_tier",
                                                            "openai.response.service_tier",
                                                            "ai.operationId",
                                                            "ai.model.id",
                                                            "ai.model.provider",
                                                            "ai.response.model",
                                                            "ai.telemetry.functionId",
                                                            "llm.model_name",
                                                            "llm.provider",
                                                            "llm.system",
                                                            "llm.usage.total_tokens",
                                                            "embedding.model_name",
                                                            "openinference.span.kind",
                                                            "session.id",
                                                            "langfuse.session.id",
                                                            "service.name",
                                                            "deployment.environment",
                                                            "deployment.environment.name",
                                                            "error.type"};
constexpr std::array<std::string_view, 3> wantedBeginnings{"gen_ai.usage.", "ai.usage.", "llm.token_count."};
constexpr std::string_view metadata = "ai.telemetry.metadata.";

bool isWanted(std::string_view key)
{
    const auto begins = [key](std::string_view beginning) {
        return key.starts_with(beginning);
    };
    if (std::find(wantedAttributes.begin(), wantedAttributes.end(), key) != wantedAttributes.end()
        || std::any_of(wantedBeginnings.begin(), wantedBeginnings.end(), begins))
        return true;
    const std::string_view own = key.starts_with(metadata) ? key.substr(metadata.size()) : key;
    return !dimensionOfTag(own).empty() || (own != key && normalisedName(own) == "sessionid");
}

/// The text of an OTLP value: {"stringValue": "x"}, {"intValue": "7"}; a plain value is itself.
const JsonValue *plainValue(const JsonValue &value)
{
    if (!value.is(JsonValue::Kind::Object))
        return value.is(JsonValue::Kind::Array) ? nullptr : &value;
    for (const std::string_view name : {"stringValue", "intValue", "doubleValue", "boolValue"}) {
        if (const JsonValue *plain = value.find(name))
            return plain;
    }
    return nullptr;
}

void addAttribute(JsonRecord &record, const std::string &key, const JsonValue &value)
{
    const JsonValue *plain = plainValue(value);
    if (!plain || !isWanted(key))
        return;
    const bool known =
        std::any_of(record.cells.begin(), record.cells.end(), [&key](const auto &cell) { return cell.first == key; });
    if (!known)
        addCell(record, key, plain);
}

void addAttributes(JsonRecord &record, const JsonValue *attributes)
{
    if (!attributes)
        return;
    for (std::size_t i = 0; i < attributes->items.size(); ++i) {
        const JsonValue &item = attributes->items[i];
        if (attributes->is(JsonValue::Kind::Object)) {
            addAttribute(record, attributes->names[i], item);
            continue;
        }
        const JsonValue *key = memberAt(item, {"key"});
        const JsonValue *value = memberAt(item, {"value"});
        if (key && value)
            addAttribute(record, key->text, *value);
    }
}

const JsonValue *firstMember(const JsonValue &value, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const JsonValue *member = memberAt(value, {name}))
            return member;
    }
    return nullptr;
}

/// Seconds and nanoseconds ([1770131992, 242000000]) become one number of seconds.
void addTime(JsonRecord &record, const std::string &name, const JsonValue *time)
{
    if (time && time->is(JsonValue::Kind::Array) && time->items.size() == 2) {
        const std::string &nanos = time->items[1].text;
        const std::string padding(nanos.size() < 9 ? 9 - nanos.size() : 0, '0');
        record.addText(name, time->items[0].text + '.' + padding + nanos);
        return;
    }
    addCell(record, name, time);
}

void addSpan(JsonRecord &record, const JsonValue &span)
{
    const JsonValue *context = firstMember(span, {"spanContext", "context"});
    const JsonValue &ids = context ? *context : span;
    addCell(record, "traceId", firstMember(ids, {"traceId", "trace_id"}));
    addCell(record, "spanId", firstMember(ids, {"spanId", "span_id"}));
    const JsonValue *parent = firstMember(span, {"parentSpanId", "parent_span_id", "parent_id"});
    addCell(record, "parentSpanId", parent ? parent : memberAt(span, {"parentSpanContext", "spanId"}));
    addCell(record, "name", memberAt(span, {"name"}));
    addTime(record, "startTime",
            firstMember(span, {"startTimeUnixNano", "start_time_unix_nano", "startTime", "start_time"}));
    addTime(record, "endTime", firstMember(span, {"endTimeUnixNano", "end_time_unix_nano", "endTime", "end_time"}));
    const JsonValue *status = memberAt(span, {"status"});
    if (status)
        addCell(record, "status",
                status->is(JsonValue::Kind::Object) ? firstMember(*status, {"code", "status_code"}) : status);
    addAttributes(record, memberAt(span, {"attributes"}));
    addAttributes(record, memberAt(span, {"resource", "attributes"}));
}

} // namespace

/// One element of resourceSpans: a resource around scopes around spans.
bool isOtlpResource(const JsonUnit &unit)
{
    const JsonValue *scopes = firstMember(unit.value, {"scopeSpans", "scope_spans", "instrumentationLibrarySpans"});
    return scopes && scopes->is(JsonValue::Kind::Array);
}

Status expandOtlpResource(const JsonUnit &unit, const JsonRecordSink &sink)
{
    const JsonValue *resource = memberAt(unit.value, {"resource", "attributes"});
    for (const JsonValue &scope :
         firstMember(unit.value, {"scopeSpans", "scope_spans", "instrumentationLibrarySpans"})->items) {
        const JsonValue *spans = memberAt(scope, {"spans"});
        if (!spans)
            continue;
        for (const JsonValue &span : spans->items) {
            JsonRecord record;
            addSpan(record, span);
            addAttributes(record, resource);
            if (auto status = sink(record); !status)
                return status;
        }
    }
    return {};
}

bool isSpan(const JsonUnit &unit)
{
    const JsonValue *context = firstMember(unit.value, {"spanContext", "context"});
    return firstMember(context ? *context : unit.value, {"spanId", "span_id"}) && memberAt(unit.value, {"attributes"})
           && firstMember(unit.value, {"startTime", "start_time", "startTimeUnixNano", "start_time_unix_nano"});
}

Status expandSpan(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord record;
    addSpan(record, unit.value);
    return sink(record);
}

} // namespace perunit
