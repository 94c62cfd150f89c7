// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/overlap.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace perunit {

/// Collects what has to be known of one of two sources to compare them: of each row in the common period two numbers
/// that stand for it, and sums per scope.
class OverlapCollector : public RowVisitor
{
public:
    /// Whom a row speaks of: kind of row, provider, account and so on. An empty part says nothing.
    using Scope = std::array<std::string, 7>;
    struct ScopeSum {
        Scope scope;
        std::int64_t rows = 0;
        CostTotal cost;
        std::int64_t tokens = 0;
    };
    struct Entry {
        std::uint64_t event = 0; ///< stands for what the row is about
        std::uint64_t row = 0;   ///< stands for the row to the last field
        std::uint32_t scope = 0;
    };

    OverlapCollector(Period period, RequestCost cost)
        : m_period(period)
        , m_cost(std::move(cost))
    {}

    Status add(const RequestRow &row, std::int64_t rowNumber) override;
    Status add(const ChargeRow &row, std::int64_t rowNumber) override;
    Status add(const OutcomeRow &row, std::int64_t rowNumber) override;

    [[nodiscard]] const std::vector<ScopeSum> &scopes() const { return m_scopes; }
    [[nodiscard]] const std::vector<Entry> &entries() const { return m_entries; }
    [[nodiscard]] const CostTotal &wholeCost() const { return m_wholeCost; }

private:
    std::uint32_t scopeIndex(const Scope &scope);
    void put(const Scope &scope, std::uint64_t event, std::uint64_t row, const CostTotal &cost, std::int64_t tokens);

    Period m_period;
    RequestCost m_cost;
    std::vector<ScopeSum> m_scopes;
    std::map<Scope, std::uint32_t> m_scopeOf;
    Scope m_lastScope;
    std::uint32_t m_last = 0;
    std::vector<Entry> m_entries;
    CostTotal m_wholeCost;
};

} // namespace perunit
