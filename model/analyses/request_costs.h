// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/row_progress.h"
#include "model/engine/baseline.h"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace perunit {

/// What every single request of a baseline costs at its own time, kept so that sorting, filtering and adding up need
/// not price again. Nine bytes a request; immutable, shared between threads.
class RequestCosts
{
public:
    /// Errors: Cancelled.
    static Result<std::shared_ptr<const RequestCosts>> build(std::shared_ptr<const Baseline> baseline,
                                                             RowProgress *progress, std::stop_token stop);

    [[nodiscard]] const Baseline &baseline() const { return *m_baseline; }
    [[nodiscard]] const Workload &workload() const { return *m_baseline->ledger().workload; }
    /// Rows of the workload that have a cost here: [first, end).
    [[nodiscard]] std::size_t first() const { return m_first; }
    [[nodiscard]] std::size_t end() const { return m_first + m_femto.size(); }

    /// Cost of what has a price.
    [[nodiscard]] Femto cost(std::size_t row) const;
    /// Some of its tokens have no price.
    [[nodiscard]] bool isPartlyUnpriced(std::size_t row) const { return m_unpriced[row - m_first] != 0; }
    /// Nothing of it has a price: its cost is unknown, not zero.
    [[nodiscard]] bool isUnknown(std::size_t row) const { return m_unpriced[row - m_first] == nothingPriced; }
    [[nodiscard]] std::int64_t unpricedTokens(std::size_t row) const;

    /// What a request costs in one class: count × price.
    struct Line {
        UsageClass usageClass = UsageClass::Input;
        std::int64_t count = 0;
        std::optional<Femto> price; ///< of one token or event; no value: none is known
        [[nodiscard]] std::optional<Femto> cost() const
        {
            return price ? std::optional(Femto::ofUnits(price->units() * count)) : std::nullopt;
        }
    };
    /// The lines of a request; they sum to its cost. Covered requests have prices of 0.
    [[nodiscard]] std::vector<Line> lines(std::size_t row) const;

    /// True when what sources recorded is in the currency of the prices, so that both may be added.
    [[nodiscard]] bool recordedCounts() const { return m_recordedCounts; }
    /// What attribution weighs a request with: its recorded cost, else its price.
    [[nodiscard]] Money money(std::size_t row) const;
    /// Neither recorded nor priced.
    [[nodiscard]] bool isWithoutMoney(std::size_t row) const;
    [[nodiscard]] bool isRecorded(std::size_t row) const { return workload().isBilled(row); }

private:
    static constexpr std::uint8_t partPriced = 1;
    static constexpr std::uint8_t nothingPriced = 2;
    /// Stands for an amount that 64 bits do not hold.
    static constexpr std::int64_t elsewhere = INT64_MIN;

    std::shared_ptr<const Baseline> m_baseline;
    std::size_t m_first = 0;
    bool m_recordedCounts = true;
    std::vector<std::int64_t> m_femto;
    std::unordered_map<std::size_t, Femto> m_large; ///< rows that add up many requests can cost more than 9,223
    std::vector<std::uint8_t> m_unpriced;
};

} // namespace perunit
