// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/month_plan.h"
#include "model/engine/profile.h"
#include "pricing/money/money.h"

#include <cstdint>
#include <vector>

namespace perunit {

/// What an evaluation knows about its amounts and nobody needs but who asks why: kept on request only.
struct EvaluationTrace {
    struct Share {
        std::uint32_t segment = 0;
        Femto amount;
    };
    /// An amount of a month that segments share.
    struct Fixed {
        const Lever *lever = nullptr;
        int pool = -1; ///< index into LeverPlan::pools(); -1: training or cache storage
        int month = 0;
        Component component = Component::Provisioned;
        Femto amount;
        std::vector<Share> shares; ///< only those above zero; empty: it belongs to nobody
    };
    std::vector<Fixed> fixed;

    /// Tokens of one class and price band that a pool could not serve. They count with share / 10^12.
    struct Spill {
        std::uint32_t block = 0;
        const MonthPlan *plan = nullptr;
        const SlicePlan *slice = nullptr;
        Route route = Route::Stays;
        Serving serving = Serving::Whole;
        const PricedCard *card = nullptr;
        int band = -1; ///< index into the bands of the card; -1: the card has none
        UsageClass usageClass = UsageClass::Input;
        std::int64_t rows = 0;
        Int128 tokens = 0;
        Int128 shares = 0;                    ///< sum of tokens × share
        std::vector<std::uint32_t> firstRows; ///< of the workload, at most mostRows
    };
    /// The spill of a pool in one outcome line, with the pieces [first, end) that it is made of.
    struct SpillLine {
        int pool = 0;
        int month = 0;
        std::uint32_t segment = 0;
        Femto amount;
        std::size_t first = 0;
        std::size_t end = 0;
    };
    std::vector<Spill> spills;
    std::vector<SpillLine> spillLines;

    /// The minutes of a pool in a month that asked for more than it serves.
    struct PoolMonth {
        int pool = 0;
        int month = 0;
        std::int64_t minutes = 0; ///< with more load than capacity
        Int128 load = 0;          ///< in those minutes, in load tokens
        Int128 capacity = 0;      ///< of one minute, in load tokens
    };
    std::vector<PoolMonth> poolMonths;

    static constexpr std::size_t mostRows = 1000;
};

} // namespace perunit
