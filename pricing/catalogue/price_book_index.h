// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/library_names.h"
#include "pricing/catalogue/price_book.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace perunit {

/// The look-up tables of a PriceBook, built once.
struct PriceBook::Index {
    std::vector<std::unique_ptr<const CatalogueModel>> merged; ///< models put together from several layers
    std::unordered_map<std::string, std::int32_t> exact;       ///< keyOf(provider, id)
    std::unordered_map<std::string, std::int32_t> aliases;     ///< of the last layer that knows the alias
    std::vector<std::vector<std::string>> otherNames;          ///< aliases of each model that lead to it
    std::unordered_map<std::string, ModelKey> mappings;
    std::vector<std::string> leftOut;
    /// Of the layers that are read as their library would, the upper one first.
    std::vector<LibraryNames> libraries;

    /// Providers are canonical and ids compared without letter case.
    static std::string keyOf(std::string_view provider, std::string_view model);
};

} // namespace perunit
