// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/charge/usage_block.h"

#include <string_view>

namespace perunit {

/// One way to report usage. `recognise` looks at the usage object alone; `read` fills usage, convention and notes.
struct UsageShape {
    bool (*recognise)(const JsonValue &usage) = nullptr;
    Result<UsageBlock> (*read)(const JsonValue &usage, std::string_view provider) = nullptr;
};

/// Every known shape, the ones that are easiest to tell first.
const std::vector<UsageShape> &usageShapes();

/// OpenAI's chat completions and all who took over their shape: prompt_tokens, completion_tokens.
UsageShape chatUsageShape();
/// Google's usageMetadata, in either spelling.
UsageShape geminiUsageShape();
/// Everything around input_tokens: OpenAI's Responses and realtime, Anthropic, and normalised counts.
UsageShape tokensUsageShape();

} // namespace perunit
