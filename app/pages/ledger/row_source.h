// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/row_table.h"
#include "widgets/tables/value_table_model.h"

#include <memory>
#include <vector>

namespace perunit {

/// Name of a field of ledger rows as people say it.
QString fieldLabel(const std::string &id);
/// The field as a column of a table.
ValueColumn fieldColumn(const RowTable &table, std::size_t field);

/// Rows of a ledger in some order, as cells that are made when they are looked at.
class RowSource : public ValueSource
{
public:
    RowSource(std::shared_ptr<const RowTable> table, std::shared_ptr<const RowSelection> rows,
              std::vector<std::size_t> fields);

    [[nodiscard]] int rowCount() const override;
    [[nodiscard]] QString key(int row) const override;
    [[nodiscard]] ValueCell cell(int row, int column) const override;
    /// Row of the ledger at a place of the table.
    [[nodiscard]] std::size_t ledgerRow(int row) const { return m_rows->row(static_cast<std::size_t>(row)); }

private:
    std::shared_ptr<const RowTable> m_table;
    std::shared_ptr<const RowSelection> m_rows;
    std::vector<std::size_t> m_fields;
};

/// One value as a cell.
ValueCell fieldCell(const RowTable &table, std::size_t row, std::size_t field);

} // namespace perunit
