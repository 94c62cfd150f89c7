// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"

namespace perunit {

/// Whether the tree is a catalogue of our own arrangement (pricing/catalogue.schema.json).
bool isOwnCatalogue(const JsonValue &root);
/// Strict: an unknown member is an error, so that a misspelt price is never a missing one.
Result<CatalogueImport> readOwnCatalogue(const JsonValue &root);

/// Whether the tree is LiteLLM's model_prices_and_context_window.json.
bool isLiteLlmCatalogue(const JsonValue &root);
/// Lenient: what has no place in our catalogue, or cannot be right, becomes an issue.
Result<CatalogueImport> readLiteLlmCatalogue(const JsonValue &root, std::string_view fileName, Instant effectiveFrom);

} // namespace perunit
