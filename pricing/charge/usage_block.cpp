// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/usage_block.h"

#include "pricing/catalogue/langfuse_tiers.h"
#include "pricing/catalogue/provider_names.h"
#include "pricing/charge/usage_parts.h"
#include "pricing/charge/usage_shapes.h"

#include <array>
#include <initializer_list>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;
using Path = std::initializer_list<std::string_view>;

const JsonValue *at(const JsonValue &json, std::string_view name)
{
    const JsonValue *value = json.is(Kind::Object) ? json.find(name) : nullptr;
    return value && !value->is(Kind::Null) ? value : nullptr;
}

const JsonValue *at(const JsonValue &json, Path path)
{
    const JsonValue *value = &json;
    for (const std::string_view name : path) {
        value = value->is(Kind::Object) ? value->find(name) : nullptr;
        if (!value || value->is(Kind::Null))
            return nullptr;
    }
    return value;
}

std::string textAt(const JsonValue &json, std::initializer_list<Path> paths)
{
    for (const Path &path : paths) {
        const JsonValue *value = at(json, path);
        if (value && value->is(Kind::String) && !value->text.empty())
            return value->text;
    }
    return {};
}

// --- shapes that need no more than a few names ---------------------------------------------------------------------

/// Amazon's Converse and the metrics of its other calls; tools that copy Anthropic's way with other spellings.
Result<UsageBlock> readBedrock(const JsonValue &usage, std::string_view /*provider*/)
{
    UsageCounts counts(usage);
    UsageBlock block;
    PromptParts parts;
    OutputParts output;
    parts.total = counts.firstOf({{"inputTokens"}, {"inputTokenCount"}});
    output.total = counts.firstOf({{"outputTokens"}, {"outputTokenCount"}});
    output.reasoning = counts.count({"reasoningTokens"});
    if (counts.has({"cachedInputTokens"})) {
        block.convention = "AI SDK: inputTokens contain cached tokens";
        parts.cached = counts.count({"cachedInputTokens"});
        putInclusivePrompt(parts, counts, block);
        putOutput(output, counts, block);
        return finished(counts, std::move(block));
    }
    block.convention = "Bedrock: inputTokens leave out what was read from and written to the cache";
    parts.cached = counts.firstOf({{"cacheReadInputTokens"}, {"cacheReadInputTokenCount"}, {"cacheReadTokens"}});
    const std::int64_t written =
        counts.firstOf({{"cacheWriteInputTokens"}, {"cacheWriteInputTokenCount"}, {"cacheWriteTokens"}});
    if (const JsonValue *details = at(usage, {"cacheDetails"}); details && details->is(Kind::Array)) {
        for (const JsonValue &each : details->items) {
            UsageCounts one(each, "/usage/cacheDetails");
            if (textAt(each, {{"ttl"}}) == "1h")
                parts.written1h += one.count({"inputTokens"});
            if (one.error())
                return *one.error();
        }
    }
    parts.written5m = written - parts.written1h;
    if (parts.written5m < 0)
        counts.fail("more tokens written for an hour than written at all", "cacheDetails");
    if (written > 0 && !counts.has({"cacheDetails"}))
        block.notes.emplace_back("how long written tokens live is not said; taken as five minutes");
    putExclusivePrompt(parts, counts, block);
    putOutput(output, counts, block);
    return finished(counts, std::move(block));
}

bool isBedrock(const JsonValue &usage)
{
    for (const char *name : {"inputTokens", "outputTokens", "inputTokenCount", "outputTokenCount"}) {
        if (usage.find(name))
            return true;
    }
    return false;
}

/// Cohere tells what it bills beside what it counted.
Result<UsageBlock> readCohere(const JsonValue &usage, std::string_view /*provider*/)
{
    UsageCounts counts(usage);
    UsageBlock block;
    const bool billed = at(usage, {"billed_units"}) != nullptr;
    const std::string_view part = billed ? "billed_units" : "tokens";
    block.convention = billed ? "Cohere: billed_units" : "Cohere: tokens, as no billed units are given";
    PromptParts parts;
    parts.total = counts.count({part, "input_tokens"});
    parts.image = counts.count({part, "image_tokens"});
    if (!billed)
        parts.cached = counts.count({"cached_tokens"});
    else if (counts.count({"cached_tokens"}) > 0)
        block.notes.emplace_back("billed units do not say which tokens were cached");
    if (parts.image > 0 && billed)
        parts.total += parts.image; // billed beside the text
    putInclusivePrompt(parts, counts, block);
    OutputParts output;
    output.total = counts.count({part, "output_tokens"});
    putOutput(output, counts, block);
    block.usage[UsageClass::Request] = counts.count({part, "search_units"});
    return finished(counts, std::move(block));
}

/// Pages and seconds: text recognition and transcription.
Result<UsageBlock> readEvents(const JsonValue &usage, std::string_view /*provider*/)
{
    UsageCounts counts(usage);
    UsageBlock block;
    block.convention = "counted events: pages, seconds";
    block.usage[UsageClass::Page] = counts.count({"pages_processed"});
    if (const JsonValue *seconds = at(usage, {"seconds"})) {
        // A part of a second is billed as one.
        const auto value = parseDecimal(seconds->text, 6);
        if (!value || value->units < 0 || value->units > Int128{1'000'000'000} * 1'000'000)
            counts.fail("seconds must be a number of at least 0", "seconds");
        else
            block.usage[UsageClass::AudioSeconds] = static_cast<std::int64_t>((value->units + 999'999) / 1'000'000);
    }
    return finished(counts, std::move(block));
}

bool isEvents(const JsonValue &usage)
{
    return usage.find("pages_processed") || (usage.find("seconds") && textAt(usage, {{"type"}}) == "duration");
}

constexpr std::string_view otelStart = "gen_ai.usage.";

bool isOpenTelemetry(const JsonValue &usage)
{
    for (const std::string &name : usage.names) {
        if (name.compare(0, otelStart.size(), otelStart) == 0)
            return true;
    }
    return false;
}

/// Span attributes; by convention the input contains cached tokens, and instrumentations that leave them out give
/// themselves away when the cached tokens are more.
Result<UsageBlock> readOpenTelemetry(const JsonValue &attributes, std::string_view /*provider*/)
{
    UsageCounts counts(attributes, {});
    UsageBlock block;
    block.convention = "OpenTelemetry: input_tokens contain cached and written tokens";
    PromptParts parts;
    parts.total = counts.firstOf({{"gen_ai.usage.input_tokens"}, {"gen_ai.usage.prompt_tokens"}});
    parts.cached = counts.firstOf({{"gen_ai.usage.cache_read.input_tokens"},
                                   {"gen_ai.usage.cache_read_input_tokens"},
                                   {"gen_ai.usage.input_tokens.cached"},
                                   {"gen_ai.usage.details.cache_read_tokens"},
                                   {"gen_ai.usage.details.cached_tokens"}});
    parts.written5m = counts.firstOf({{"gen_ai.usage.cache_creation.input_tokens"},
                                      {"gen_ai.usage.cache_creation_input_tokens"},
                                      {"gen_ai.usage.input_tokens.cache_write"},
                                      {"gen_ai.usage.details.cache_write_tokens"}});
    OutputParts output;
    output.total = counts.firstOf({{"gen_ai.usage.output_tokens"}, {"gen_ai.usage.completion_tokens"}});
    output.reasoning = counts.firstOf({{"gen_ai.usage.reasoning.output_tokens"},
                                       {"gen_ai.usage.output_tokens.reasoning"},
                                       {"gen_ai.usage.reasoning_tokens"},
                                       {"gen_ai.usage.details.reasoning_tokens"}});
    putInclusivePrompt(parts, counts, block);
    putOutput(output, counts, block);
    return finished(counts, std::move(block));
}

/// Langfuse's usage_details: buckets that never overlap, under names of many providers.
bool isLangfuse(const JsonValue &usage)
{
    for (const std::string &name : usage.names) {
        if (name != "total" && !langfuseClassOf(name))
            return false;
    }
    return !usage.names.empty();
}

/// The names that nobody else writes; "input_tokens" beside them is a bucket like the others.
bool isSurelyLangfuse(const JsonValue &usage)
{
    for (const char *name :
         {"input_cached_tokens", "input_cache_read", "input_cache_creation", "input_cache_creation_5m",
          "input_cache_creation_1h", "input_cached_text_tokens", "input_cached_audio_tokens", "output_reasoning"}) {
        if (usage.find(name))
            return isLangfuse(usage);
    }
    return !usage.find("input_tokens") && isLangfuse(usage);
}

Result<UsageBlock> readLangfuse(const JsonValue &usage, std::string_view /*provider*/)
{
    UsageBlock block;
    block.convention = "Langfuse: every bucket is counted once";
    for (std::size_t i = 0; i < usage.names.size(); ++i) {
        if (usage.names[i] == "total" || usage.items[i].is(Kind::Null))
            continue;
        const auto count = wholeCount(usage.items[i], joinPath("/usage", usage.names[i]));
        if (!count)
            return count.error();
        const UsageClass usageClass = *langfuseClassOf(usage.names[i]);
        if (usageClass != UsageClass::Reasoning) {
            block.usage[usageClass] += *count;
            continue;
        }
        block.usage[UsageClass::Output] += *count;
        block.usage.reasoning += *count;
    }
    // A total alone is all that is known.
    if (const JsonValue *total = usage.find("total"); total && usage.names.size() == 1) {
        const auto count = wholeCount(*total, "/usage/total");
        if (!count)
            return count.error();
        block.usage[UsageClass::Input] = *count;
        block.notes.emplace_back("only a total is given; counted as input");
    }
    return block;
}

// --- a body --------------------------------------------------------------------------------------------------------

/// The usage object inside a body, or the value itself.
const JsonValue &usageIn(const JsonValue &json)
{
    static const std::vector<std::vector<std::string_view>> places{{"usage"},
                                                                   {"usageMetadata"},
                                                                   {"usage_metadata"},
                                                                   {"usage_info"},
                                                                   {"usage_details"},
                                                                   {"usageDetails"},
                                                                   {"response", "usage"},
                                                                   {"response", "usageMetadata"},
                                                                   {"result", "usage"},
                                                                   {"message", "usage"},
                                                                   {"x_groq", "usage"},
                                                                   {"tokenUsage"},
                                                                   {"amazon-bedrock-invocationMetrics"},
                                                                   {"attributes"}};
    for (const auto &path : places) {
        const JsonValue *usage = at(json, path.front());
        if (usage && path.size() > 1)
            usage = at(*usage, path.back());
        if (usage && usage->is(Kind::Object))
            return *usage;
    }
    // Cohere keeps its counts under "meta", a member that others use for anything.
    const JsonValue *meta = at(json, {"meta"});
    return meta && meta->is(Kind::Object) && (meta->find("billed_units") || meta->find("tokens")) ? *meta : json;
}

void readSurroundings(const JsonValue &json, const JsonValue &usage, UsageBlock &block)
{
    block.model = textAt(json, {{"model"},
                                {"modelVersion"},
                                {"model_version"},
                                {"response", "model"},
                                {"response", "modelVersion"},
                                {"result", "model"},
                                {"message", "model"},
                                {"gen_ai.response.model"},
                                {"gen_ai.request.model"},
                                {"attributes", "gen_ai.response.model"},
                                {"attributes", "gen_ai.request.model"}});
    std::string tier = textAt(json, {{"service_tier"},
                                     {"response", "service_tier"},
                                     {"message", "service_tier"},
                                     {"serviceTier", "type"},
                                     {"serviceTier"}});
    if (tier.empty())
        tier = textAt(usage, {{"service_tier"}, {"serviceTier"}, {"trafficType"}, {"traffic_type"}});
    if (!tier.empty()) {
        block.tier = recordedTier(tier);
        if (!block.tier)
            block.notes.push_back("the service tier '" + tier + "' is not known here");
    }
    if (lowered(textAt(usage, {{"speed"}})) == "fast")
        block.tier = ServiceTier::Fast;
    const std::string place = lowered(textAt(usage, {{"inference_geo"}}));
    if (place != "not_available" && place != "global")
        block.region = place;
}

/// Searches stand among the output of OpenAI's Responses, not in the usage.
void countToolCalls(const JsonValue &json, Usage &usage)
{
    const JsonValue *output = at(json, {"output"});
    if (!output)
        output = at(json, {"response", "output"});
    if (!output || !output->is(Kind::Array))
        return;
    std::int64_t searches = 0;
    std::int64_t fileSearches = 0;
    for (const JsonValue &item : output->items) {
        const std::string type = textAt(item, {{"type"}});
        const std::string action = textAt(item, {{"action", "type"}});
        searches += type == "web_search_call" && (action.empty() || action == "search") ? 1 : 0;
        fileSearches += type == "file_search_call" ? 1 : 0;
    }
    if (usage[UsageClass::WebSearch] == 0)
        usage[UsageClass::WebSearch] = searches;
    if (usage[UsageClass::FileSearch] == 0)
        usage[UsageClass::FileSearch] = fileSearches;
}

} // namespace

const std::vector<UsageShape> &usageShapes()
{
    static const std::vector<UsageShape> shapes{
        {isOpenTelemetry, readOpenTelemetry},
        geminiUsageShape(),
        {isBedrock, readBedrock},
        {[](const JsonValue &usage) {
             return at(usage, {"billed_units"}) || (at(usage, {"tokens", "input_tokens"}) != nullptr);
         },
         readCohere},
        {isEvents, readEvents},
        chatUsageShape(),
        {isSurelyLangfuse, readLangfuse},
        tokensUsageShape(),
    };
    return shapes;
}

std::optional<ServiceTier> recordedTier(std::string_view name)
{
    const std::string tier = lowered(name);
    for (const char *standard : {"default", "auto", "on_demand", "standard_only", "regular", "not_available"}) {
        if (tier == standard)
            return ServiceTier::Standard;
    }
    if (tier == "on_demand_priority")
        return ServiceTier::Priority;
    if (tier == "on_demand_flex")
        return ServiceTier::Flex;
    if (tier == "provisioned_throughput" || tier == "reserved")
        return ServiceTier::Provisioned;
    return serviceTierNamed(tier);
}

Result<UsageBlock> readUsageBlock(const JsonValue &json, std::string_view provider)
{
    const JsonValue &usage = usageIn(json);
    if (!usage.is(Kind::Object))
        return Error{ErrorCode::BadInput, "a usage block is an object of counts", "/usage", ""};
    if (const Status status = refuseTwice(usage, "/usage"); !status)
        return status.error();
    for (const UsageShape &shape : usageShapes()) {
        if (!shape.recognise(usage))
            continue;
        auto block = shape.read(usage, provider);
        if (!block)
            return block;
        readSurroundings(json, usage, *block);
        countToolCalls(json, block->usage);
        return block;
    }
    return Error{ErrorCode::Unsupported, "these counts are of no known shape", "/usage",
                 "give them under our own names (input, cache_read, output, …) or as a provider reports them"};
}

bool isOwnUsage(const JsonValue &json)
{
    if (!json.is(Kind::Object))
        return false;
    for (const std::string &name : json.names) {
        if (name != "reasoning" && !usageClassNamed(name))
            return false;
    }
    return true;
}

Result<Usage> readOwnUsage(const JsonValue &json)
{
    if (!json.is(Kind::Object))
        return Error{ErrorCode::BadInput, "usage must be an object of class and count", "/usage", ""};
    if (const Status status = refuseTwice(json, "/usage"); !status)
        return status.error();
    Usage usage;
    for (std::size_t i = 0; i < json.names.size(); ++i) {
        const std::string &name = json.names[i];
        const std::string where = joinPath("/usage", name);
        const auto usageClass = usageClassNamed(name);
        if (!usageClass) {
            std::string known;
            for (const std::string_view each : usageClassNames)
                known += (known.empty() ? "" : ", ") + std::string(each);
            return Error{ErrorCode::BadInput, "'" + name + "' is not a usage class", where, "known are " + known};
        }
        const bool number = json.items[i].is(Kind::Number);
        const auto count = number ? wholeCount(json.items[i], where) : Result<std::int64_t>(Error{});
        if (!count)
            return Error{ErrorCode::BadInput, "a count must be a whole number of at least 0", where, ""};
        (name == "reasoning" ? usage.reasoning : usage[*usageClass]) = *count;
    }
    if (usage.reasoning > usage[UsageClass::Output])
        return Error{ErrorCode::BadInput, "reasoning is a part of output and cannot be more", "/usage/reasoning", ""};
    return usage;
}

} // namespace perunit
