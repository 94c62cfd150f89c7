// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/cell_reader.h"
#include "model/import/meter_text.h"
#include "model/import/row_collector.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace perunit {

/// Weighs what a bill charges for models against everything else (taxes aside): the greater part, by the larger of
/// billed and effective cost, decides the role of the source.
class BillWeight
{
public:
    void add(const ChargeRow &row, bool isModelService);
    /// Service category of a line in the words of FOCUS where the bill has none, and its harness class (harnessClassOf)
    /// as the tag "harness". `words` are service, meter and description.
    void classify(ChargeRow &row, bool isModelService, const std::string &words);
    /// Takes over what a clone of the converter weighed.
    void absorb(const BillWeight &other);
    /// Sets the role; a bill that mixes both says so.
    void finish(RowCollector &rows) const;

private:
    Money m_modelMoney;
    Money m_otherMoney;
    std::unordered_map<std::string, std::string_view> m_classes; ///< bills repeat their words
    std::int64_t m_modelRows = 0;
    std::int64_t m_otherRows = 0;
};

/// The clone of a converter (RecordConverter::clone) with cells and a weight of its own that count from nothing.
template <typename Converter>
std::unique_ptr<RecordConverter> cloneOfBill(const Converter &converter)
{
    auto clone = std::make_unique<Converter>(converter);
    clone->m_cells.forgetCounts();
    clone->m_weight = {};
    return clone;
}

/// The tags of a bill: one cell with all of them ("Tags", JSON), or a column for each ("resourceTags/user:team").
class TagColumns
{
public:
    /// `cells` by normalised name; `prefixes` of headers as written, in any case. The text behind the prefix is the
    /// key.
    TagColumns(const TableShape &shape, std::initializer_list<std::string_view> cells,
               std::initializer_list<std::string_view> prefixes);
    /// Puts all tags into the row. A cell that is no JSON is left out with a remark.
    void read(const CsvRecord &record, ChargeRow &row, RowCollector &rows) const;

private:
    const TableShape &m_shape;
    std::vector<int> m_cells;
    std::vector<std::pair<int, std::string>> m_columns;
};

/// Adds one tag and fills the dimension that its key names ("user:env", "iamPrincipal/team"). Tags that name prompts,
/// keys or e-mail addresses, and values that are an e-mail address, are left out.
void addTag(ChargeRow &row, std::string_view key, std::string_view value);

/// Python's way of writing nested values ("[{'name': None}]") as JSON; other text comes back as it is.
std::string jsonOfPython(std::string_view text);

/// Members of a JSON file that lie below one path ("SkuPriceDetails.ModelId") as the JSON object they were, for
/// readers that know the object as one cell; the cell itself where there is one. Empty when there is nothing.
class NestedCell
{
public:
    NestedCell(const TableShape &shape, std::string_view name);
    [[nodiscard]] std::string text(const CsvRecord &record) const;

private:
    int m_cell;
    std::vector<std::pair<int, std::string>> m_members;
};

/// Quantity × factor as whole tokens; nothing when it is no number or too large. `rounded` is set when there was a
/// fraction.
std::optional<std::int64_t> wholeTokens(const std::string &quantity, std::int64_t factor, bool &rounded);

/// Makes a line with a token class re-priceable: tokens = consumed quantity × factor. Without a usable quantity, and
/// with a factor of 0, the line stays a plain charge with a remark. A price per token that no model has is remarked.
void takeTokens(ChargeRow &row, UsageClass usageClass, std::int64_t factor, RowCollector &rows);

/// What a line beside the models is for: "vector database", "data transfer", "observability", "document reading",
/// "gpu compute", "training", "model hosting", "guardrails", "speech", "cache", "orchestration", "web search"; empty
/// when the table knows nothing about it. `words` are service, meter and description.
std::string_view harnessClassOf(std::string_view words);

/// The name of the tier for ChargeRow::pricingCategory: "Batch", "Flex", "Priority", "Provisioned"; of the standard
/// tier nothing.
std::string_view pricingCategoryOf(ServiceTier tier);

/// Half-open period from the first moment of one day to the end of another; many bills name the last day itself.
Period daysThrough(Instant first, Instant last);

} // namespace perunit
