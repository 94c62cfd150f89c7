// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/table_file.h"
#include "pricing/catalogue/catalogue_file.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Which column of a price sheet says what. Written as JSON in `--mapping` files and in the workspace.
struct PriceSheetMapping {
    /// Field -> header name. A row is one model; its prices stand in columns of their own (fields named after the usage
    /// classes: "input", "cache_read", …; "batch:input" for another tier), or in one column "price" beside a column
    /// "class" that names the meter. Other fields: "provider", "model", "display_name", "unit", "currency",
    /// "valid_from", "valid_to", "tier", "region", "threshold" (prompt tokens above which the row holds), "source",
    /// "checked", "note".
    std::map<std::string, std::string> columns;
    /// Price field -> unit ("1M tokens", "page"); "*" is for every price. Goes before units in the file.
    std::map<std::string, std::string> units;
    /// For fields that no column feeds: "provider", "currency", "tier", "region", "source", "valid_from", …
    std::map<std::string, std::string> constants;
    bool thresholdInclusive = false; ///< the row holds from the threshold on instead of above it
    /// Whether the day in "valid_to" is the last one of the price; empty: decided from the dates in the sheet.
    std::optional<bool> validToInclusive;
    bool operator==(const PriceSheetMapping &) const = default;
};

/// Errors: BadInput for what is no mapping, with the member.
Result<PriceSheetMapping> parsePriceSheetMapping(std::string_view json);
std::string writePriceSheetMapping(const PriceSheetMapping &mapping);

/// What the header names suggest.
PriceSheetMapping suggestPriceSheetMapping(const TableShape &shape);

/// What the mapping lacks before a row can become a price, for people; empty when it can be used.
std::vector<std::string> missingForPriceSheet(const PriceSheetMapping &mapping);

/// A price sheet as people see it while they say what its columns are.
struct PriceSheetLook {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> sample; ///< its first rows
    PriceSheetMapping mapping;                    ///< the one asked for, else what the header suggests
    std::vector<std::string> missing;             ///< missingForPriceSheet()
    /// Some price has no unit: neither the mapping nor the sheet says for how much it is.
    bool unitMissing = false;
};

/// Whether some price of the first rows has no unit, from the mapping, its header, a column of units or its meter.
bool unitIsMissing(const PriceSheetMapping &mapping, const TableShape &shape);

/// Looks at the text of a sheet without reading its prices. Errors: BadInput for what is no table.
Result<PriceSheetLook> lookAtPriceSheet(std::string_view bytes,
                                        const std::optional<PriceSheetMapping> &mapping = std::nullopt);

/// True when every column of the mapping is in the header, so that it can be used for another sheet.
bool fitsHeader(const PriceSheetMapping &mapping, const std::vector<std::string> &header);

/// True when the beginning of a file looks like a table of models with prices: a ledger has a time in every row and
/// counts of tokens, a price sheet has neither. The bytes may be in any encoding that ledgers may have.
bool looksLikePriceSheet(std::string_view beginning);

/// The text of a sheet as UTF-8 (UTF-16 and Windows-1252 are understood).
Result<std::string> priceSheetText(std::string_view bytes);

/// Reads a price sheet: delimited text with a header. Rows that cannot be read, and prices without a unit, are issues
/// with line and column; the others are kept. Errors: BadInput when the text is no table, when the mapping is
/// incomplete or names columns that are not there, or when no row can be used.
Result<CatalogueImport> readPriceSheet(std::string_view bytes, std::string_view fileName,
                                       const CatalogueOptions &options = {},
                                       const std::optional<PriceSheetMapping> &mapping = std::nullopt);

} // namespace perunit
