// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluation.h"

namespace perunit {

/// Money that levers add by the month, not by the request: training runs and rented cache storage. It belongs to the
/// segments in scope by their requests, by largest remainder; where there are none, to nobody.
class FixedAmounts
{
public:
    explicit FixedAmounts(Evaluation &evaluation);
    Status add();

private:
    Status addOf(const LeverPlan::Entry &entry, int month);
    [[nodiscard]] bool isInCharge(const LeverPlan::Entry &entry, std::size_t segment) const;
    /// False for a lever that deeper layers have replaced everywhere.
    [[nodiscard]] bool isInCharge(const LeverPlan::Entry &entry) const;
    [[nodiscard]] Result<Femto> training(const Lever &lever, int month) const;
    [[nodiscard]] Result<Femto> storage(const Lever &lever, int month) const;
    void attribute(const LeverPlan::Entry &entry, int month, Component component, Femto amount);

    Evaluation &m_evaluation;
    Month m_firstMonth;
};

/// Parts of an amount in proportion to weights, none negative, that sum to it exactly: rounded down, what is left goes
/// to the largest remainders, the first of equals first. Empty when all weights are zero.
std::vector<Int128> partsOf(Int128 amount, const std::vector<Wide> &weights);

} // namespace perunit
