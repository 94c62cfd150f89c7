// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/explain.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <vector>

namespace perunit {

/// Name of the file that a source was read from.
using FileOfSource = std::function<std::string(std::int64_t sourceId)>;

/// `explain --json`: {cell, amount, lines, levers, sum, …}. `rows` holds the ledger rows of each line; empty: none were
/// asked for.
nlohmann::ordered_json explanationJson(const Explanation &explanation,
                                       const std::vector<std::vector<ExplainedRow>> &rows, const FileOfSource &fileOf);

} // namespace perunit
