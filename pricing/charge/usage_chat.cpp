// SPDX-License-Identifier: GPL-3.0-or-later
// prompt_tokens and completion_tokens: OpenAI's chat completions, and DeepSeek, Mistral, Groq, Together, OpenRouter,
// Perplexity, xAI, LiteLLM and many more that took over the shape.
#include "pricing/catalogue/provider_names.h"
#include "pricing/charge/usage_parts.h"
#include "pricing/charge/usage_shapes.h"

namespace perunit {

namespace {

PromptParts promptOf(UsageCounts &counts)
{
    PromptParts parts;
    parts.total = counts.count({"prompt_tokens"});
    parts.cached = counts.firstOf({{"prompt_tokens_details", "cached_tokens"},
                                   {"prompt_cache_hit_tokens"},
                                   {"cached_prompt_text_tokens"},
                                   {"cached_tokens"},
                                   {"num_cached_tokens"},
                                   {"cache_read_input_tokens"}});
    const std::int64_t written = counts.firstOf({{"prompt_tokens_details", "cache_write_tokens"},
                                                 {"prompt_tokens_details", "cache_creation_tokens"},
                                                 {"cache_creation_input_tokens"}});
    parts.written1h =
        counts.firstOf({{"prompt_tokens_details", "cache_creation_token_details", "ephemeral_1h_input_tokens"},
                        {"cache_creation", "ephemeral_1h_input_tokens"}});
    parts.written5m = written - parts.written1h;
    if (parts.written5m < 0)
        counts.fail("more tokens written for an hour than written at all", "cache_creation_input_tokens");
    parts.audio = counts.count({"prompt_tokens_details", "audio_tokens"});
    parts.image = counts.count({"prompt_tokens_details", "image_tokens"});
    parts.cachedAudio = counts.count({"prompt_tokens_details", "cached_tokens_details", "audio_tokens"});
    parts.cachedImage = counts.count({"prompt_tokens_details", "cached_tokens_details", "image_tokens"});
    return parts;
}

/// Whether the completion tokens leave the reasoning out: by the total where there is one, else by who it is.
bool reasoningIsOutside(UsageCounts &counts, std::int64_t reasoning, std::string_view provider, UsageBlock &block)
{
    if (reasoning == 0)
        return false;
    // Perplexity's total leaves both out.
    if (provider == "perplexity" || counts.has({"num_search_queries"}) || counts.has({"citation_tokens"}))
        return true;
    const std::int64_t seen = counts.count({"prompt_tokens"}) + counts.count({"completion_tokens"});
    const auto total = counts.find({"total_tokens"});
    if (total && *total == seen)
        return false;
    if (total && *total == seen + reasoning)
        return true;
    const bool xai = provider == "xai" || counts.has({"cost_in_usd_ticks"}) || counts.has({"num_sources_used"})
                     || counts.has({"cached_prompt_text_tokens"});
    block.notes.push_back(std::string("no total tells whether the output contains the reasoning; ")
                          + (xai ? "xAI leaves it out" : "taken as contained"));
    return xai;
}

Result<UsageBlock> readChat(const JsonValue &usage, std::string_view recorded)
{
    const std::string provider = canonicalProvider(recorded);
    UsageCounts counts(usage);
    UsageBlock block;
    block.convention = "chat completions: prompt_tokens contain cached and written tokens";
    putInclusivePrompt(promptOf(counts), counts, block);

    OutputParts output;
    output.total = counts.count({"completion_tokens"});
    output.reasoning = counts.firstOf({{"completion_tokens_details", "reasoning_tokens"}, {"reasoning_tokens"}});
    output.reasoningOutside = reasoningIsOutside(counts, output.reasoning, provider, block);
    output.audio = counts.count({"completion_tokens_details", "audio_tokens"});
    output.image = counts.count({"completion_tokens_details", "image_tokens"});
    if (output.reasoningOutside)
        block.convention += ", completion_tokens leave out reasoning";
    putOutput(output, counts, block);

    const std::int64_t seen = counts.count({"prompt_tokens"}) + counts.count({"completion_tokens"}) + output.reasoning;
    if (const auto total = counts.find({"total_tokens"}); total && *total > seen)
        block.notes.push_back("the total has " + std::to_string(*total - seen)
                              + " tokens more than prompt and output; what they are is not said");
    if (counts.has({"prompt_audio_seconds"}) && counts.count({"prompt_audio_seconds"}) > 0)
        block.notes.emplace_back("seconds of audio stand beside their tokens and are not counted again");

    if (const std::int64_t citations = counts.count({"citation_tokens"}); citations > 0) {
        block.usage[UsageClass::Input] += citations;
        block.notes.emplace_back("citation tokens are counted as input, like which they are charged");
    }
    block.usage[UsageClass::WebSearch] = counts.firstOf({{"server_tool_use", "web_search_requests"},
                                                         {"server_tool_use_details", "web_search_requests"},
                                                         {"prompt_tokens_details", "web_search_requests"},
                                                         {"num_search_queries"},
                                                         {"web_search_requests"}});
    if (block.usage[UsageClass::WebSearch] == 0 && counts.count({"num_sources_used"}) > 0)
        block.notes.emplace_back("sources used by a live search are not counted: they are no searches");
    return finished(counts, std::move(block));
}

} // namespace

UsageShape chatUsageShape()
{
    return {[](const JsonValue &usage) {
                return usage.find("prompt_tokens") != nullptr || usage.find("completion_tokens") != nullptr;
            },
            readChat};
}

} // namespace perunit
