// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "widgets/tables/value_table.h"

#include <memory>
#include <vector>

namespace perunit {

/// Columns of the table of requests.
std::vector<ValueColumn> requestColumns();

/// The requests of a baseline as table rows, made when they are looked at.
class RequestRows : public ValueSource
{
public:
    explicit RequestRows(std::shared_ptr<const Baseline> baseline);

    [[nodiscard]] int rowCount() const override;
    [[nodiscard]] QString key(int row) const override;
    [[nodiscard]] ValueCell cell(int row, int column) const override;

private:
    [[nodiscard]] ValueCell dimensionCell(std::size_t row, const char *name) const;
    [[nodiscard]] ValueCell costCell(std::size_t row) const;

    std::shared_ptr<const Baseline> m_baseline;
    std::size_t m_first = 0;
    std::size_t m_last = 0;
};

} // namespace perunit
