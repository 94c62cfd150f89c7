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
    std::string path; ///< into the JSON: "/claude-sonnet-4-5/input_cost_per_token"
    std::string reason;
};

struct CatalogueImport {
    Catalogue catalogue;
    std::string format; ///< "perunit" or "litellm"
    std::string why;    ///< what gave the format away
    std::vector<CatalogueIssue> issues;
};

/// True when the text looks like a price catalogue of any format that readCatalogue() knows;
/// cheap, looks only at the beginning. Used to tell a dropped catalogue from a ledger.
bool looksLikeCatalogue(std::string_view beginning);

/// Reads a catalogue of any known format. `effectiveFrom` is the date from which prices of a source
/// without dates hold. Errors name the path into the JSON.
Result<CatalogueImport> readCatalogue(std::string_view json, std::string_view fileName, Instant effectiveFrom);

/// The catalogue that ships with the program.
const Catalogue &bundledCatalogue();

} // namespace perunit
