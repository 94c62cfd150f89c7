// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"

#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// What a billing line says about tokens.
struct TokenQuestion {
    std::string skuPriceDetails; ///< JSON, may be empty
    std::string meter;           ///< SkuMeter, may be empty
    const ChargeRow &row;        ///< unit, quantity, description, service
};

struct TokenReading {
    std::optional<UsageClass> tokenClass;
    std::int64_t tokens = 0; ///< negative in corrections
    std::string model;
    std::string problem; ///< a remark; empty when nothing is odd
};

/// Which model and token class a line is for, and how many tokens it bills. "Token" as the unit of a vendor's
/// own credit is none of these: tokens count only where the consumed unit is tokens and the line names a model,
/// a direction, or belongs to a generative AI service.
TokenReading readTokens(const TokenQuestion &question);

/// How many tokens one unit stands for ("1K tokens": 1000); 0 when the unit is no count of tokens.
std::int64_t tokensPerUnit(std::string_view unit);

/// True for charges of AI model services: token lines, Generative AI, known model providers.
bool isModelService(const ChargeRow &row, std::string_view subcategory, std::string_view publisher);

} // namespace perunit
