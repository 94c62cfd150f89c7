// SPDX-License-Identifier: GPL-3.0-or-later
// Google's usageMetadata: thoughts stand beside the candidates, tool prompts beside the prompt.
#include "pricing/charge/usage_parts.h"
#include "pricing/charge/usage_shapes.h"

namespace perunit {

namespace {

bool isGemini(const JsonValue &usage)
{
    for (const char *name : {"promptTokenCount", "candidatesTokenCount", "totalTokenCount", "prompt_token_count",
                             "candidates_token_count", "total_token_count"}) {
        if (usage.find(name))
            return true;
    }
    return false;
}

PromptParts promptOf(UsageCounts &counts)
{
    PromptParts parts;
    parts.total = counts.firstOf({{"promptTokenCount"}, {"prompt_token_count"}})
                  + counts.firstOf({{"toolUsePromptTokenCount"}, {"tool_use_prompt_token_count"}});
    parts.cached = counts.firstOf({{"cachedContentTokenCount"}, {"cached_content_token_count"}});
    // Pages of documents are counted as the pictures that they are read as.
    for (const char *kind : {"image", "document"}) {
        parts.image += counts.modality({"promptTokensDetails", "prompt_tokens_details", "toolUsePromptTokensDetails",
                                        "tool_use_prompt_tokens_details"},
                                       kind);
        parts.cachedImage += counts.modality({"cacheTokensDetails", "cache_tokens_details"}, kind);
    }
    parts.audio = counts.modality({"promptTokensDetails", "prompt_tokens_details", "toolUsePromptTokensDetails",
                                   "tool_use_prompt_tokens_details"},
                                  "audio");
    parts.cachedAudio = counts.modality({"cacheTokensDetails", "cache_tokens_details"}, "audio");
    return parts;
}

Result<UsageBlock> readGemini(const JsonValue &usage, std::string_view /*provider*/)
{
    UsageCounts counts(usage, "/usageMetadata");
    UsageBlock block;
    block.convention = "Gemini: promptTokenCount contains cached tokens, thoughts stand beside the candidates";
    const PromptParts prompt = promptOf(counts);
    putInclusivePrompt(prompt, counts, block);
    if (counts.modality({"promptTokensDetails", "prompt_tokens_details"}, "video") > 0)
        block.notes.emplace_back("video tokens of the prompt are counted as text");

    OutputParts output;
    output.total = counts.firstOf(
        {{"candidatesTokenCount"}, {"candidates_token_count"}, {"responseTokenCount"}, {"response_token_count"}});
    output.reasoning = counts.firstOf({{"thoughtsTokenCount"}, {"thoughts_token_count"}});
    const std::int64_t total = counts.firstOf({{"totalTokenCount"}, {"total_token_count"}});
    output.reasoningOutside = output.reasoning > 0 && total != prompt.total + output.total;
    if (output.reasoning > 0 && !output.reasoningOutside)
        block.convention = "Gemini: promptTokenCount contains cached tokens, the total says that the candidates "
                           "contain the thoughts";
    const auto generated = {"candidatesTokensDetails", "candidates_tokens_details", "responseTokensDetails",
                            "response_tokens_details"};
    for (const char *list : generated) {
        output.audio += counts.modality({list}, "audio");
        output.image += counts.modality({list}, "image");
    }
    putOutput(output, counts, block);
    return finished(counts, std::move(block));
}

} // namespace

UsageShape geminiUsageShape()
{
    return {isGemini, readGemini};
}

} // namespace perunit
