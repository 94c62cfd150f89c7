// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"

#include <stop_token>

namespace perunit {

/// Bridge from one set of levers to another: exact shares of all orders, or in pipeline order when there are too
/// many levers for that.
Result<Bridge> bestBridge(const Baseline &baseline, const EvaluationRequest &from, const EvaluationRequest &to,
                          std::stop_token stop);

} // namespace perunit
