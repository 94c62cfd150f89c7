// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/price_sheet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace perunit {

/// One price of a sheet with everything that its row says about it.
struct SheetPrice {
    UsageClass usageClass = UsageClass::Input;
    UnitPrice price;
    ServiceTier tier = ServiceTier::Standard;
    std::int64_t line = 0;
    std::string column;   ///< header of the column that the price stands in
    std::string currency; ///< ISO code as far as anything beside the price says one
};

/// One row of a sheet that could be read.
struct SheetRow {
    std::int64_t line = 0;
    ModelKey model; ///< provider canonical
    std::string displayName;
    std::string recordedModel; ///< as it stands in the sheet
    std::string region;
    std::optional<ContextThreshold> threshold;
    std::optional<Instant> validFrom;
    std::optional<Instant> validTo; ///< as written: the last day, or the day after
    std::string source;
    std::string checked;
    std::string note;
    std::vector<SheetPrice> prices;
};

struct SheetRows {
    std::vector<SheetRow> rows;
    std::string currency; ///< of all prices that are left
    std::vector<CatalogueIssue> issues;
};

/// Where something stands in a sheet: "line 12, column Input".
std::string sheetPlace(std::int64_t line, const std::string &column = {});

/// Reads all rows. Errors: BadInput when the text is no table; a column of the mapping that is not there.
Result<SheetRows> readSheetRows(const std::string &text, const TableShape &shape, const PriceSheetMapping &mapping,
                                CatalogueReading reading);

} // namespace perunit
