// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace perunit {

/// Distinct texts of one dimension; ids are given in order of first appearance, 0 is always the empty text.
class Dictionary
{
public:
    Dictionary();
    std::uint32_t idOf(std::string_view text);
    /// Id of a text that is already there, or `missing`.
    [[nodiscard]] std::uint32_t find(std::string_view text) const;
    [[nodiscard]] const std::string &text(std::uint32_t id) const { return m_texts[id]; }
    [[nodiscard]] std::size_t size() const { return m_texts.size(); }

    static constexpr std::uint32_t missing = 0xffffffffU;

private:
    /// Place in m_slots where a text stands or belongs.
    [[nodiscard]] std::size_t slotOf(std::string_view text, std::uint32_t hash) const;
    void grow();

    std::vector<std::string> m_texts;
    std::vector<std::uint32_t> m_hashes; ///< of m_texts
    std::vector<std::uint32_t> m_slots;  ///< ids by hash, open addressing; at most half full
};

/// One dimension of all requests. Names: "provider", "service", "model", "region", "deployment", "workload",
/// "environment", "team", "feature", "customer", "session", "document", "prompt_template", "status", "tier",
/// and "tag:KEY" for free tags.
struct DimensionColumn {
    std::string name;
    Dictionary dictionary;
    std::vector<std::uint32_t> ids;
};

/// All requests of the active usage sources as columns of equal length, in order of time.
/// Immutable once built; shared between threads.
struct Workload {
    std::vector<std::int64_t> time; ///< microseconds UTC
    /// Counts per class; a class that never occurs has an empty column.
    std::array<std::vector<std::int64_t>, usageClassCount> usage;
    std::vector<ServiceTier> tier;
    std::vector<std::uint32_t> source; ///< index into sourceIds
    std::vector<std::int64_t> sourceIds;
    std::vector<std::int64_t> sourceRow; ///< 1-based row number in the source, for drill-down
    std::vector<std::int64_t>
        billedHigh; ///< recorded cost in money units, upper and lower half; empty when never recorded
    std::vector<std::uint64_t> billedLow;
    std::vector<std::uint8_t> billedKnown;
    std::vector<DimensionColumn> dimensions;

    [[nodiscard]] std::size_t size() const { return time.size(); }
    [[nodiscard]] std::int64_t count(UsageClass usageClass, std::size_t row) const
    {
        const auto &column = usage[static_cast<std::size_t>(usageClass)];
        return column.empty() ? 0 : column[row];
    }
    /// Prompt length that decides the price band of a row. A row that stands for several requests has their average
    /// prompt, rounded up: many short prompts added up are no long one.
    [[nodiscard]] std::int64_t promptTokens(std::size_t row) const
    {
        std::int64_t prompt = 0;
        for (const UsageClass usageClass : sentClasses)
            prompt += count(usageClass, row);
        const std::int64_t requests = count(UsageClass::Request, row);
        return requests > 1 ? (prompt + requests - 1) / requests : prompt;
    }
    [[nodiscard]] const DimensionColumn *dimension(std::string_view name) const;
    /// Text of a dimension at a row; empty when the dimension does not exist.
    [[nodiscard]] const std::string &text(std::string_view dimensionName, std::size_t row) const;
    [[nodiscard]] Usage usageAt(std::size_t row) const;
    /// Cost that the source recorded for a row; zero where it recorded none.
    [[nodiscard]] Money billed(std::size_t row) const
    {
        if (billedKnown.empty() || billedKnown[row] == 0)
            return {};
        return Money::ofUnits(static_cast<Int128>(billedHigh[row]) * (static_cast<Int128>(1) << 64)
                              + static_cast<Int128>(billedLow[row]));
    }
    [[nodiscard]] Period period() const; ///< from the first to just after the last request
};

/// Requests of one source as columns of equal length, in order of the source: the fast way into a Workload.
struct RequestColumns {
    /// Texts of one dimension; texts[0] is the empty text.
    struct Texts {
        std::string name;
        std::vector<std::string> texts;
        std::vector<std::uint32_t> ids;
    };
    std::int64_t sourceId = 0;
    std::vector<std::int64_t> time;                               ///< microseconds UTC
    std::vector<std::int64_t> sourceRow;                          ///< 1-based
    std::array<std::vector<std::int64_t>, usageClassCount> usage; ///< empty: never occurs
    std::vector<ServiceTier> tier;
    std::vector<RequestStatus> status;
    std::vector<std::optional<Money>> billed; ///< empty: never recorded
    std::vector<Texts> dimensions;            ///< without "tier" and "status"
};

/// Collects requests in any order and turns them into a Workload.
class WorkloadBuilder
{
public:
    /// Appends a request of a source. Tags become "tag:KEY" dimensions.
    void add(const RequestRow &row, std::int64_t sourceId, std::int64_t sourceRow);
    /// Appends all requests of a source; the same as adding its rows one by one.
    void add(RequestColumns columns);
    /// Sorts by time (ties: source, row) and hands the result over. The builder is empty afterwards.
    std::shared_ptr<const Workload> build();

private:
    DimensionColumn &column(std::string_view name);
    void put(std::string_view name, std::string_view text);
    std::uint32_t sourceIndex(std::int64_t sourceId);
    void putTexts(const RequestColumns::Texts &texts, std::size_t rowsBefore);
    void putBilled(const std::vector<std::optional<Money>> &billed, std::size_t rowsBefore);
    Workload m_workload;
    std::unordered_map<std::string, std::size_t> m_columnOf;
    std::unordered_map<std::int64_t, std::uint32_t> m_sourceOf;
};

/// Names of the dimensions that identify single units; they never take part in grouping for prices.
bool isUnitDimension(std::string_view name);

/// Everything the analyses read: requests as columns, charges and outcomes as rows.
struct Ledger {
    std::shared_ptr<const Workload> workload;
    std::shared_ptr<const std::vector<ChargeRow>> harness;  ///< charges of active harness sources
    std::shared_ptr<const std::vector<ChargeRow>> invoices; ///< charges of active invoice sources
    std::shared_ptr<const std::vector<OutcomeRow>> outcomes;
    std::string currency;                    ///< of the priced and billed amounts
    std::string digest;                      ///< hex, over the active sources' SHA-256, roles and mappings
    std::vector<std::string> notConvertible; ///< sources left out because their currency differs
};

} // namespace perunit
