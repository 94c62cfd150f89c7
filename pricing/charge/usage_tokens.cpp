// SPDX-License-Identifier: GPL-3.0-or-later
// input_tokens and output_tokens: Anthropic leaves cached tokens out of the input, OpenAI's Responses, realtime and
// images put them in, and so do normalised counts (cache_read_tokens, …).
#include "pricing/charge/usage_parts.h"
#include "pricing/charge/usage_shapes.h"

#include <array>

namespace perunit {

namespace {

bool hasAny(const JsonValue &usage, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        const JsonValue *value = usage.find(name);
        if (value && !value->is(JsonValue::Kind::Null))
            return true;
    }
    return false;
}

/// The members that only Anthropic's counting has.
bool isAnthropic(const JsonValue &usage)
{
    return hasAny(usage, {"cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation"});
}

bool isNormalised(const JsonValue &usage)
{
    return hasAny(usage,
                  {"cache_read_tokens", "cache_write_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens",
                   "input_audio_tokens", "cache_audio_read_tokens", "output_audio_tokens", "output_reasoning_tokens",
                   "output_citation_tokens", "input_document_pages", "web_searches", "audio_seconds",
                   "storage_searches", "input_image_tokens", "output_image_tokens", "requests"});
}

bool isTokens(const JsonValue &usage)
{
    return hasAny(usage, {"input_tokens", "output_tokens", "billable_audio_seconds"}) || isAnthropic(usage)
           || isNormalised(usage);
}

void readAnthropic(UsageCounts &counts, UsageBlock &block)
{
    block.convention = "Anthropic: input_tokens leave out what was read from and written to the cache";
    PromptParts parts;
    parts.total = counts.count({"input_tokens"});
    parts.cached = counts.count({"cache_read_input_tokens"});
    parts.written1h = counts.count({"cache_creation", "ephemeral_1h_input_tokens"});
    const std::int64_t shortLived = counts.count({"cache_creation", "ephemeral_5m_input_tokens"});
    const auto written = counts.find({"cache_creation_input_tokens"});
    if (written && *written > 0 && *written < parts.written1h + shortLived)
        counts.fail("the parts written to the cache are more than what was written", "cache_creation");
    // What is not said to live an hour lives for the default five minutes.
    parts.written5m = written && *written > 0 ? *written - parts.written1h : shortLived;
    if (written && *written > 0 && !counts.has({"cache_creation"}))
        block.notes.emplace_back("how long written tokens live is not said; taken as five minutes");
    putExclusivePrompt(parts, counts, block);

    OutputParts output;
    output.total = counts.count({"output_tokens"});
    output.reasoning =
        counts.firstOf({{"output_tokens_details", "thinking_tokens"}, {"output_tokens_details", "reasoning_tokens"}});
    putOutput(output, counts, block);
    block.usage[UsageClass::WebSearch] = counts.count({"server_tool_use", "web_search_requests"});
}

/// The details under the spelling of the interface: input_tokens_details of Responses, input_token_details of realtime.
void readResponses(UsageCounts &counts, UsageBlock &block)
{
    block.convention = "OpenAI: input_tokens contain cached and written tokens";
    PromptParts parts;
    OutputParts output;
    parts.total = counts.count({"input_tokens"});
    output.total = counts.count({"output_tokens"});
    for (const std::string_view details : {"input_tokens_details", "input_token_details"}) {
        parts.cached += counts.count({details, "cached_tokens"});
        parts.written5m += counts.count({details, "cache_write_tokens"});
        parts.audio += counts.count({details, "audio_tokens"});
        parts.image += counts.count({details, "image_tokens"});
        parts.cachedAudio += counts.count({details, "cached_tokens_details", "audio_tokens"});
        parts.cachedImage += counts.count({details, "cached_tokens_details", "image_tokens"});
    }
    for (const std::string_view details : {"output_tokens_details", "output_token_details"}) {
        output.reasoning += counts.count({details, "reasoning_tokens"});
        output.audio += counts.count({details, "audio_tokens"});
        output.image += counts.count({details, "image_tokens"});
    }
    const std::int64_t total = counts.count({"total_tokens"});
    output.reasoningOutside = output.reasoning > 0 && total == parts.total + output.total + output.reasoning;
    if (output.reasoningOutside)
        block.convention += ", the total says that output_tokens leave out reasoning";
    putInclusivePrompt(parts, counts, block);
    putOutput(output, counts, block);
    block.usage[UsageClass::WebSearch] = counts.firstOf({{"server_tool_use", "web_search_requests"},
                                                         {"server_side_tool_usage_details", "web_search_calls"},
                                                         {"num_search_queries"}});
    block.usage[UsageClass::AudioSeconds] = counts.count({"billable_audio_seconds"});
}

void readNormalised(UsageCounts &counts, UsageBlock &block)
{
    block.convention = "normalised counts: input_tokens contain cached and written tokens, cache_write_tokens those "
                       "that live an hour";
    PromptParts parts;
    parts.total = counts.count({"input_tokens"});
    parts.cached = counts.count({"cache_read_tokens"});
    parts.written1h = counts.count({"cache_write_1h_tokens"});
    const auto written = counts.find({"cache_write_tokens"});
    parts.written5m = written ? *written - parts.written1h : counts.count({"cache_write_5m_tokens"});
    if (parts.written5m < 0)
        counts.fail("more tokens written for an hour than written at all", "cache_write_1h_tokens");
    parts.audio = counts.count({"input_audio_tokens"});
    parts.image = counts.count({"input_image_tokens"});
    parts.cachedAudio = counts.firstOf({{"cache_audio_read_tokens"}, {"cache_read_audio_tokens"}});
    parts.cachedImage = counts.firstOf({{"cache_image_read_tokens"}, {"cache_read_image_tokens"}});
    putInclusivePrompt(parts, counts, block);
    OutputParts output;
    output.total = counts.count({"output_tokens"});
    output.reasoning = counts.count({"output_reasoning_tokens"});
    if (const std::int64_t citations = counts.count({"output_citation_tokens"}); citations > 0) {
        output.total -= citations;
        block.usage[UsageClass::Input] += citations;
        block.notes.emplace_back("citation tokens are counted as input, like which they are charged");
    }
    output.audio = counts.count({"output_audio_tokens"});
    output.image = counts.count({"output_image_tokens"});
    putOutput(output, counts, block);
    block.usage[UsageClass::WebSearch] = counts.count({"web_searches"});
    block.usage[UsageClass::FileSearch] = counts.firstOf({{"storage_searches"}, {"file_searches"}});
    block.usage[UsageClass::CodeExecution] = counts.count({"code_executions"});
    block.usage[UsageClass::Page] = counts.count({"input_document_pages"});
    block.usage[UsageClass::AudioSeconds] = counts.firstOf({{"audio_seconds"}, {"input_audio_seconds"}});
    block.usage[UsageClass::Characters] = counts.count({"input_characters"});
    block.usage[UsageClass::Request] = counts.count({"requests"});
    if (counts.count({"input_annotated_document_pages"}) > 0)
        block.notes.emplace_back("annotated pages are counted as pages");
}

Result<UsageBlock> readTokens(const JsonValue &usage, std::string_view /*provider*/)
{
    UsageCounts counts(usage);
    UsageBlock block;
    if (isAnthropic(usage))
        readAnthropic(counts, block);
    else if (isNormalised(usage))
        readNormalised(counts, block);
    else
        readResponses(counts, block);
    return finished(counts, std::move(block));
}

} // namespace

UsageShape tokensUsageShape()
{
    return {isTokens, readTokens};
}

} // namespace perunit
