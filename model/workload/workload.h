// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "model/workload/amount_column.h"
#include "model/workload/dictionary.h"
#include "model/workload/packed_numbers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace perunit {

/// One dimension of all requests. Names: "provider", "service", "model", "region", "deployment", "workload",
/// "environment", "team", "feature", "customer", "session", "document", "prompt_template", "status", "tier",
/// and "tag:KEY" for free tags.
struct DimensionColumn {
    std::string name;
    Dictionary dictionary;
    PackedColumn<std::uint32_t> ids;
};

/// All requests of the active usage sources as columns of equal length, in order of time.
/// Immutable once built; shared between threads.
struct Workload {
    PackedColumn<std::int64_t> time; ///< microseconds UTC
    /// Counts per class; a class that never occurs has an empty column.
    std::array<PackedColumn<std::int64_t>, usageClassCount> usage;
    PackedColumn<ServiceTier> tier;
    PackedColumn<std::uint32_t> source; ///< index into sourceIds
    std::vector<std::int64_t> sourceIds;
    PackedColumn<std::int64_t> sourceRow; ///< 1-based row number in the source, for drill-down
    AmountColumn recorded;                ///< cost as the source recorded it; empty when none ever did
    std::vector<DimensionColumn> dimensions;

    [[nodiscard]] std::size_t size() const { return time.size(); }
    [[nodiscard]] std::int64_t count(UsageClass usageClass, std::size_t row) const
    {
        const auto &column = usage[static_cast<std::size_t>(usageClass)];
        return column.empty() ? 0 : column[row];
    }
    /// Prompt length that decides the price band of a row. A row that stands for several requests has their average
    /// prompt, rounded up: many short prompts added up are no long one. 0 where nobody knows how many requests a row
    /// stands for (a line of a bill): then the lowest band counts.
    [[nodiscard]] std::int64_t promptTokens(std::size_t row) const
    {
        std::int64_t prompt = 0;
        for (const UsageClass usageClass : sentClasses)
            prompt += count(usageClass, row);
        const std::int64_t requests = count(UsageClass::Request, row);
        return requests > 1 ? (prompt + requests - 1) / requests : requests == 1 ? prompt : 0;
    }
    /// Whether a row counts tokens of an unknown number of requests.
    [[nodiscard]] bool isUncounted(std::size_t row) const
    {
        return count(UsageClass::Request, row) == 0
               && std::any_of(tokenClasses.begin(), tokenClasses.end(),
                              [&](UsageClass usageClass) { return count(usageClass, row) != 0; });
    }
    [[nodiscard]] const DimensionColumn *dimension(std::string_view name) const;
    /// Text of a dimension at a row; empty when the dimension does not exist.
    [[nodiscard]] std::string text(std::string_view dimensionName, std::size_t row) const;
    [[nodiscard]] Usage usageAt(std::size_t row) const;
    /// Whether the source recorded a cost for a row.
    [[nodiscard]] bool isBilled(std::size_t row) const { return recorded.at(row).has_value(); }
    /// Cost that the source recorded for a row; zero where it recorded none.
    [[nodiscard]] Money billed(std::size_t row) const { return recorded.at(row).value_or(Money()); }
    [[nodiscard]] Period period() const; ///< from the first to just after the last request
};

/// Requests of one source as columns of equal length, in order of the source: the fast way into a Workload.
struct RequestColumns {
    std::int64_t sourceId = 0;
    PackedColumn<std::int64_t> time;                               ///< microseconds UTC
    PackedColumn<std::int64_t> sourceRow;                          ///< 1-based, rising
    std::array<PackedColumn<std::int64_t>, usageClassCount> usage; ///< empty: never occurs
    PackedColumn<ServiceTier> tier;
    PackedColumn<RequestStatus> status;
    AmountColumn billed;                     ///< empty: never recorded
    std::vector<DimensionColumn> dimensions; ///< without "tier" and "status"; ids in order of first appearance
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
    void putDimension(DimensionColumn from, std::size_t rowsBefore);
    /// A dimension with one text for each value of an enumeration.
    void putNames(const char *name, const PackedNumbers &values, std::string_view (*nameOf)(std::int64_t),
                  std::size_t rowsBefore);
    void putBilled(AmountColumn billed, std::size_t rowsBefore, std::size_t rows);
    void fillColumns();
    /// Rows in order of time, source and row; empty when they stand like that already.
    [[nodiscard]] std::vector<std::uint32_t> orderOfRows() const;
    void noteRows(std::int64_t sourceId, std::int64_t firstRow, std::int64_t lastRow);
    Workload m_workload;
    bool m_sourcesInOrder = true; ///< rows were added in order of source and row
    std::pair<std::int64_t, std::int64_t> m_lastRow{INT64_MIN, INT64_MIN};
    std::unordered_map<std::string, std::size_t> m_columnOf;
    std::unordered_map<std::int64_t, std::uint32_t> m_sourceOf;
};

/// Names of the dimensions that identify single units; they never take part in grouping for prices.
bool isUnitDimension(std::string_view name);

/// What became of a bill that plays usage.
struct BillAsUsage {
    std::int64_t sourceId = 0;
    std::string file;
    Period period;           ///< of the lines that are priced; empty when there are none
    std::int64_t priced = 0; ///< token lines that are requests now
    /// When the periods of these lines end, by their row in the source, rising. Requests know only where theirs begin.
    std::vector<std::pair<std::int64_t, Instant>> lineEnds;
    /// Lines about models, of a time and provider that requests record as well: compared with those, never added.
    std::int64_t compared = 0;
    Money comparedMoney;
    /// Token lines that a commitment or capacity pays: they keep their amount, because other prices would not change
    /// it.
    std::int64_t covered = 0;
    Money coveredMoney;
};

struct DimensionReport;
struct SharedBaseline;

/// Everything the analyses read: requests as columns, charges and outcomes as rows.
struct Ledger {
    std::shared_ptr<const Workload> workload;
    std::shared_ptr<const std::vector<ChargeRow>> harness;  ///< charges of active harness sources
    std::shared_ptr<const std::vector<ChargeRow>> invoices; ///< charges of active invoice sources
    std::shared_ptr<const std::vector<OutcomeRow>> outcomes;
    std::string currency;                                ///< of the priced and billed amounts
    std::string digest;                                  ///< hex, over the active sources' SHA-256, roles and mappings
    std::vector<std::string> notConvertible;             ///< sources left out because their currency differs
    std::vector<BillAsUsage> bills;                      ///< those that play usage
    std::shared_ptr<const DimensionReport> dimensions{}; ///< how tags were put in order; null: they were not
    std::shared_ptr<const SharedBaseline>
        shared{}; ///< what stands for the ledger that a colleague has; null: it is here
};

} // namespace perunit
