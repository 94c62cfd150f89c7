// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/charge/price_request.h"
#include "pricing/charge/usage_block.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// What a request is taken to be where it does not say so itself.
struct RequestDefaults {
    std::string provider;
    std::string model;
    std::string region;
    std::optional<ServiceTier> tier; ///< goes before the tier that a response body names when it was asked for
    Instant at;
};

/// A request as somebody wrote it down, ready to be priced.
struct RequestLine {
    RequestToPrice request;
    std::string convention;         ///< UsageBlock::convention; empty for counts under our own names
    std::vector<std::string> notes; ///< UsageBlock::notes
};

/// Reads {provider, model, at | timestamp, tier | service_tier, batch, region, usage | raw_response | response}. Usage
/// is under our own names or a provider's block; a whole body also gives model, tier and region where the request names
/// none. What is absent comes from the defaults. Errors: BadInput with the member or the column.
Result<RequestLine> readRequestLine(std::string_view json, const RequestDefaults &defaults);

/// The same for a request whose usage alone is given as JSON.
Result<RequestLine> readUsageRequest(std::string_view usageJson, const RequestDefaults &defaults);

} // namespace perunit
