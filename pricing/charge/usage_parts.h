// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/charge/usage_block.h"
#include "pricing/charge/usage_counts.h"

#include <cstdint>
#include <string>

namespace perunit {

/// Prompt tokens as somebody reports them: a whole and its parts, which may overlap.
struct PromptParts {
    std::int64_t total = 0; ///< what is called input
    std::int64_t cached = 0;
    std::int64_t written5m = 0;
    std::int64_t written1h = 0;
    std::int64_t audio = 0;
    std::int64_t image = 0;
    std::int64_t cachedAudio = 0; ///< counted in `cached` and in `audio`
    std::int64_t cachedImage = 0;
};

/// Fills the prompt classes where `total` contains the cached tokens and the ones written to the cache. Where these are
/// more than the total it cannot contain them: they are then counted beside it, and a note says so.
void putInclusivePrompt(const PromptParts &parts, UsageCounts &counts, UsageBlock &block);
/// The same where `total` contains neither.
void putExclusivePrompt(const PromptParts &parts, UsageCounts &counts, UsageBlock &block);

/// Generated tokens as somebody reports them.
struct OutputParts {
    std::int64_t total = 0; ///< what is called output
    std::int64_t reasoning = 0;
    bool reasoningOutside = false; ///< `reasoning` is not contained in `total`
    std::int64_t audio = 0;
    std::int64_t image = 0;
};
/// Fills the output classes. More reasoning than output cannot be inside; a note says so.
void putOutput(const OutputParts &parts, UsageCounts &counts, UsageBlock &block);

/// The error of the counts, else the block.
Result<UsageBlock> finished(const UsageCounts &counts, UsageBlock block);

} // namespace perunit
