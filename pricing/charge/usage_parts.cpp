// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/usage_parts.h"

#include <algorithm>

namespace perunit {

namespace {

using enum UsageClass;

void note(UsageBlock &block, std::string text)
{
    block.notes.push_back(std::move(text));
}

void putWrites(const PromptParts &parts, Usage &usage)
{
    usage[CacheWrite5m] += parts.written5m;
    usage[CacheWrite1h] += parts.written1h;
}

} // namespace

void putExclusivePrompt(const PromptParts &parts, UsageCounts &counts, UsageBlock &block)
{
    Usage &usage = block.usage;
    const std::int64_t audio = parts.audio - parts.cachedAudio;
    const std::int64_t image = parts.image - parts.cachedImage;
    const std::int64_t cached = parts.cached - parts.cachedAudio - parts.cachedImage;
    const std::int64_t text = parts.total - std::max<std::int64_t>(audio, 0) - std::max<std::int64_t>(image, 0);
    if (cached < 0)
        return counts.fail("more cached audio and images than cached tokens", "cached");
    if (text < 0)
        return counts.fail("audio and images are more than the whole prompt", "input");
    usage[Input] += text;
    usage[CacheRead] += cached;
    usage[AudioIn] += std::max<std::int64_t>(audio, 0);
    usage[ImageIn] += std::max<std::int64_t>(image, 0);
    usage[CacheReadAudio] += parts.cachedAudio;
    usage[CacheReadImage] += parts.cachedImage;
    putWrites(parts, usage);
}

void putInclusivePrompt(const PromptParts &parts, UsageCounts &counts, UsageBlock &block)
{
    const std::int64_t written = parts.written5m + parts.written1h;
    if (parts.cached + written > parts.total) {
        note(block, "cached tokens are more than the prompt, so the prompt does not contain them");
        return putExclusivePrompt(parts, counts, block);
    }
    Usage &usage = block.usage;
    std::int64_t cachedAudio = parts.cachedAudio;
    std::int64_t cachedImage = parts.cachedImage;
    // What is too much must be counted twice: cached, and as audio or as images.
    std::int64_t overlap = parts.cached + written + parts.audio + parts.image - parts.total - cachedAudio - cachedImage;
    if (overlap > 0) {
        note(block, "cached tokens and audio or images overlap; what overlaps is counted as cached audio or images");
        const std::int64_t asAudio = std::min(overlap, parts.audio - cachedAudio);
        cachedAudio += std::max<std::int64_t>(asAudio, 0);
        overlap -= std::max<std::int64_t>(asAudio, 0);
        cachedImage += std::min(overlap, std::max<std::int64_t>(parts.image - cachedImage, 0));
    } else if (parts.cached > 0 && parts.audio + parts.image > 0 && cachedAudio + cachedImage == 0) {
        note(block, "whether any cached token was audio or an image is not said; all are counted as text");
    }
    const std::int64_t cachedText = parts.cached - cachedAudio - cachedImage;
    const std::int64_t audio = std::max<std::int64_t>(parts.audio - cachedAudio, 0);
    const std::int64_t image = std::max<std::int64_t>(parts.image - cachedImage, 0);
    const std::int64_t text = parts.total - parts.cached - written - audio - image;
    if (cachedText < 0 || text < 0)
        return counts.fail("the parts of the prompt are more than the whole of it", "input");
    usage[Input] += text;
    usage[CacheRead] += cachedText;
    usage[AudioIn] += audio;
    usage[ImageIn] += image;
    usage[CacheReadAudio] += cachedAudio;
    usage[CacheReadImage] += cachedImage;
    putWrites(parts, usage);
}

void putOutput(const OutputParts &parts, UsageCounts &counts, UsageBlock &block)
{
    std::int64_t total = parts.total;
    if (total < 0)
        return counts.fail("the parts of the output are more than the whole of it", "output");
    bool outside = parts.reasoningOutside;
    if (!outside && parts.reasoning > total) {
        note(block, "more reasoning than output, so the output does not contain it");
        outside = true;
    }
    if (outside)
        total += parts.reasoning;
    const std::int64_t text = total - parts.audio - parts.image;
    if (text < 0)
        return counts.fail("audio and images are more than the whole output", "output");
    block.usage[Output] += text;
    block.usage[AudioOut] += parts.audio;
    block.usage[ImageOut] += parts.image;
    block.usage.reasoning += std::min(parts.reasoning, text);
}

Result<UsageBlock> finished(const UsageCounts &counts, UsageBlock block)
{
    if (counts.error())
        return *counts.error();
    return block;
}

} // namespace perunit
