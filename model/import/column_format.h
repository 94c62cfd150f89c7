// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/cell_reader.h"
#include "pricing/catalogue/json_value.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Base of the converters of files whose columns are known: reads cells, keeps the constants of the mapping.
class ColumnConverter : public RecordConverter
{
public:
    /// `currency` is that of a source that names none and always uses the same one; empty when there is no such.
    ColumnConverter(const TableShape &shape, ColumnMapping mapping, std::string currency = {});

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override;
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

protected:
    /// Constants of the mapping, then the row to the collector.
    template <typename Row>
    Status give(Row &row, RowCollector &rows) const
    {
        applyConstants(m_mapping.constants, row);
        return rows.add(row);
    }
    /// A count as it stands, for comparisons that decide how a file is read before its columns are known: numbers have
    /// points, or commas where semicolons divide the columns. 0 for what is none.
    [[nodiscard]] std::int64_t plainCount(const CsvRecord &record, int column) const;
    /// How numbers are written as far as the dialect tells.
    [[nodiscard]] NumberStyle plainStyle() const
    {
        return m_shape.dialect.delimiter == ';' ? NumberStyle::CommaDecimal : NumberStyle::PointDecimal;
    }
    /// The text of a column as a tag; nothing when it is empty or names a person by an e-mail address.
    void tag(Tags &tags, const char *name, const CsvRecord &record, int column) const;

    const TableShape &m_shape;
    ColumnMapping m_mapping;
    CellReader m_cells;
    std::string m_currency;
};

/// A format that a few facts describe.
struct ColumnFormat {
    std::string_view id;
    std::string_view label;
    FormatMatch (*match)(const TableShape &shape);
    std::unique_ptr<RecordConverter> (*converter)(const TableShape &shape, const ColumnMapping &mapping);
    bool comesInManyFiles = false; ///< as of a LedgerFormat
};
std::unique_ptr<LedgerFormat> ledgerFormatOf(const ColumnFormat &format);

/// Makes a converter of the type; for ColumnFormat::converter.
template <typename Converter>
std::unique_ptr<RecordConverter> makeConverter(const TableShape &shape, const ColumnMapping &mapping)
{
    return std::make_unique<Converter>(shape, mapping);
}

/// True when all these normalised names are columns.
bool hasColumns(const TableShape &shape, std::initializer_list<std::string_view> names);

/// One column that counts one class of usage.
struct CountColumn {
    int column = -1;
    UsageClass usageClass = UsageClass::Input;
};
/// Adds what the columns count; false when a cell rejected the record.
bool addCounts(const CellReader &cells, const CsvRecord &record, const std::vector<CountColumn> &columns, Usage &usage,
               RowCollector &rows);

/// The tier of a word; a word that is not known is remarked and taken as standard.
ServiceTier tierOrStandard(const std::string &word, RowCollector &rows);

/// Puts the reasoning tokens beside the output that contains them; what is more than the output is remarked.
void putReasoning(std::int64_t reasoning, Usage &usage, RowCollector &rows);

/// The beginning of a text of a file, for a remark: at most 60 bytes, cut between characters.
std::string quotable(std::string_view text);

/// Whether a text is an e-mail address, which is never stored.
bool isAddress(std::string_view text);

/// An amount in hundredths of its currency as an amount of it; nothing stays nothing.
std::optional<Money> fromCents(const std::optional<Money> &cents);

/// price × count, exact; nothing when it is larger than an amount can be.
std::optional<Money> timesCount(Money price, std::int64_t count);

/// The object whose members are the columns below a path ("usage" for "usage.prompt_tokens") of one record of JSON;
/// an object without members when there is none.
JsonValue objectBelow(const TableShape &shape, const CsvRecord &record, std::string_view path);

/// A property that a user gave a request, by name: it fills the dimension that it names, or becomes a tag. Names of
/// secrets and prompts, and values that are e-mail addresses, are left out.
void putProperty(const std::string &name, const std::string &value, RequestRow &row);

} // namespace perunit
