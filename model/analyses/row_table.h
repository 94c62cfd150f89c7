// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/row_filter.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace perunit {

/// What the values of a field are.
enum class FieldKind : std::uint8_t { Text, Time, Count, Money };

/// A column of ledger rows: "time", "cost", "tag:contract". The id is also the header of exported files.
struct RowField {
    std::string id;
    FieldKind kind = FieldKind::Text;
    bool operator==(const RowField &) const = default;
};

/// One value, by the kind of its field.
struct FieldValue {
    std::string text;                ///< of a Text
    std::int64_t number = 0;         ///< of a Count; of a Time microseconds UTC
    std::optional<Money> money;      ///< of a Money; no value: not recorded, or nothing of it has a price
    std::int64_t unpricedTokens = 0; ///< beside the money of a price
};

/// Requests or charges of a ledger as one table: fields, values made when they are asked for, filter and order as work
/// for jobs. Immutable, shared between threads; nothing is kept per row.
class RowTable
{
public:
    virtual ~RowTable() = default;

    [[nodiscard]] const std::vector<RowField> &fields() const { return m_fields; }
    /// Index of a field; no value where this ledger has none.
    [[nodiscard]] std::optional<std::size_t> fieldNamed(std::string_view id) const;
    /// Currency of the amounts of a field.
    [[nodiscard]] virtual const std::string &currency(std::size_t field) const = 0;
    [[nodiscard]] virtual FieldValue value(std::size_t row, std::size_t field) const = 0;
    [[nodiscard]] virtual Result<FilteredRows> filter(const RowFilter &filter, RowProgress *progress,
                                                      std::stop_token stop) const = 0;
    /// The rows by a field: names as people sort them, equal rows as they were, what is unknown last in both
    /// directions. Errors: Cancelled.
    [[nodiscard]] virtual Result<RowSelection> sorted(const RowSelection &rows, std::size_t field, bool falling,
                                                      RowProgress *progress, std::stop_token stop) const = 0;

    /// All digits of a value, as files and the clipboard get it; empty when unknown.
    [[nodiscard]] std::string exactText(std::size_t row, std::size_t field) const;

protected:
    std::vector<RowField> m_fields;
};

/// The requests of a baseline. `sourceNames`: file names by id.
std::shared_ptr<const RowTable> requestTable(std::shared_ptr<const RequestCosts> costs,
                                             std::map<std::int64_t, std::string> sourceNames);

/// Charges of one role.
std::shared_ptr<const RowTable> chargeTable(std::shared_ptr<const std::vector<ChargeRow>> charges, std::string currency,
                                            std::map<std::int64_t, std::string> sourceNames = {});

/// Lines of a CSV file with some fields of some rows: from place `first` on, so many as there are up to `count`.
std::string csvLines(const RowTable &table, const RowSelection &rows, const std::vector<std::size_t> &fields,
                     std::size_t first, std::size_t count);

/// The header of that file.
std::string csvHeader(const RowTable &table, const std::vector<std::size_t> &fields);

} // namespace perunit
