// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace perunit {

/// A file of pricing/data as it was when the program was built.
struct BundledFile {
    std::string_view name;
    std::string_view content;
};

/// All of them, in order of name.
std::vector<BundledFile> bundledCatalogueFiles();

/// pricing/catalogue.schema.json as it was when the program was built.
std::string_view catalogueSchema();

} // namespace perunit
