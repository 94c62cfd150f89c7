// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/quality_routing.h"
#include "pricing/base/result.h"

#include <string_view>
#include <vector>

namespace perunit {

/// Reads a table of accuracies: columns class, model and accuracy in any order, delimited by anything; "*" is every
/// class; accuracies are "0.92" or "92%", exact to six decimals. Errors: BadInput with line and column; a table is read
/// as a whole or not at all, because a model that is silently missing would change the answer.
Result<std::vector<ModelAccuracy>> readAccuracyTable(std::string_view text);

} // namespace perunit
