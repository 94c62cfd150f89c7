// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "pricing/base/result.h"

#include <cstdint>

namespace perunit {

class RequestBatch;

/// Takes the rows of a source one by one; `rowNumber` counts from 1. An error ends the reading.
class RowVisitor
{
public:
    virtual ~RowVisitor() = default;
    virtual Status add(const RequestRow &row, std::int64_t rowNumber) = 0;
    virtual Status add(const ChargeRow &row, std::int64_t rowNumber) = 0;
    virtual Status add(const OutcomeRow &row, std::int64_t rowNumber) = 0;
    /// Many requests at once; unless this is overridden, they come one by one.
    virtual Status add(const RequestBatch &batch);
};

} // namespace perunit
