// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"
#include "pricing/catalogue/catalogue.h"

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Something in a catalogue file that was left out or read with a reservation.
struct CatalogueIssue {
    std::string path; ///< into the JSON: "/claude-sonnet-4-5/input_cost_per_token"; of a sheet: "line 12, column price"
    std::string reason;
};

/// What to make of a catalogue.
enum class CatalogueReading : std::uint8_t {
    /// What the file states. What cannot be right is left out with an issue, what it does not say stays unknown.
    Stated,
    /// What the library that the format belongs to would charge, wrong rows and its own way with missing prices
    /// included (catalogue-formats.md §2–4): to compare with that library.
    AsItsLibrary
};

struct CatalogueOptions {
    Instant effectiveFrom = alwaysBefore; ///< from when prices without a date hold
    CatalogueReading reading = CatalogueReading::Stated;
};

struct CatalogueImport {
    Catalogue catalogue;
    std::string format; ///< CatalogueFormat::name
    std::string why;    ///< what gave the format away
    bool dated = false; ///< its prices carry dates of their own
    std::vector<CatalogueIssue> issues;
};

/// True when the text looks like a price catalogue of any format that readCatalogue() knows; looks only at the
/// beginning of a file. Used to tell a dropped catalogue from a ledger.
bool looksLikeCatalogue(std::string_view beginning);

/// Reads a catalogue of any known JSON format. Errors name the path into the JSON.
Result<CatalogueImport> readCatalogue(std::string_view json, std::string_view fileName,
                                      const CatalogueOptions &options = {});

/// The catalogue that ships with the program.
const Catalogue &bundledCatalogue();

} // namespace perunit
