// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/best_bridge.h"

namespace perunit {

Result<Bridge> bestBridge(const Baseline &baseline, const EvaluationRequest &from, const EvaluationRequest &to,
                          std::stop_token stop)
{
    auto result = bridge(baseline, from, to, BridgeMethod::Shapley, stop);
    if (!result && result.error().code == ErrorCode::Unsupported)
        return bridge(baseline, from, to, BridgeMethod::Sequential, stop);
    return result;
}

} // namespace perunit
