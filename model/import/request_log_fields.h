// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/ledger_format.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perunit {

/// Columns that feed the fields of a request, -1 where there is none.
struct RequestLogFields {
    int time = -1, duration = -1, tier = -1, status = -1, attempts = -1, billed = -1, currency = -1, promptTokens = -1,
        reasoning = -1, tags = -1, gatewayCacheHit = -1, requestId = -1;
    std::array<int, usageClassCount> usage{};
    std::vector<std::pair<int, std::size_t>> texts; ///< with their place among the texts of a request
    std::vector<std::pair<int, std::string>> freeTags;

    RequestLogFields() { usage.fill(-1); }
};

/// Errors: BadInput for a mapping that names unknown fields or columns; Unsupported for columns that are never stored.
Result<RequestLogFields> resolveFields(const TableShape &shape, const ColumnMapping &mapping);

/// Place of a field among the texts of a request.
std::optional<std::size_t> textPlace(std::string_view field);

/// How a request ended, in the words of any tool; `known` is false for other words.
RequestStatus statusFromText(std::string_view text, bool &known);

/// A cell without blanks around it; empty when it says that there is no value.
std::string_view textOf(std::string_view cell);

} // namespace perunit
