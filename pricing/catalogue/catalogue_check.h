// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

enum class FindingSeverity : std::uint8_t {
    Warning, ///< may be right; somebody has to look, and say so in the note of the rate
    Error    ///< contradicts itself, or cannot be right
};

/// Something in a catalogue that is wrong or strange.
struct CatalogueFinding {
    FindingSeverity severity = FindingSeverity::Error;
    std::string kind;     ///< "overlap", "price-jump", …: stable, for scripts
    std::string path;     ///< into the JSON of our own form ("/models/3/rates/1"), else empty
    std::string model;    ///< "openai/gpt-5"; empty when it is about the whole file
    std::string rate;     ///< id; empty when it is about the whole model
    std::string sentence; ///< without a full stop
};

/// Looks at a catalogue that could be read. A note on a rate says that somebody looked: it silences what may be right
/// (an output price below the input price, a jump, a missing class), never what contradicts itself.
std::vector<CatalogueFinding> checkCatalogue(const Catalogue &catalogue);

/// Reads a file of any JSON format and looks at it. A file in our own form is also held against the schema; what a
/// reader of another form left out is a warning. A file that cannot be read is one error with the place in it.
std::vector<CatalogueFinding> checkCatalogueText(std::string_view json, std::string_view fileName);

/// What looks at a catalogue read from elsewhere (a price sheet) has to say about what was left out.
std::vector<CatalogueFinding> findingsOf(const CatalogueImport &import);

/// Everything in which a JSON text differs from pricing/catalogue.schema.json, as findings of kind "schema" with the
/// path.
std::vector<CatalogueFinding> checkAgainstSchema(std::string_view json);

bool hasErrors(const std::vector<CatalogueFinding> &findings);

} // namespace perunit
