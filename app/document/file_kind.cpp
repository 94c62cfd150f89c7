// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/file_kind.h"

#include "model/import/budget_file.h"
#include "model/import/price_sheet.h"
#include "model/import/table_file.h"
#include "pricing/catalogue/catalogue_file.h"

#include <fstream>
#include <string_view>

namespace perunit {

namespace {

/// Enough to see a file's shape without reading a ledger of gigabytes.
constexpr std::size_t lookedAt = 256 * 1024;

std::string beginningOf(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::string content(lookedAt, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return content;
}

/// By the rule of the importer; what is packed it will say itself.
bool isBudget(const std::string &content, const std::string &path)
{
    if (path.ends_with(".gz") || path.ends_with(".zip") || path.ends_with(".zst"))
        return false;
    const auto shape = shapeOfText(content, content.size() < lookedAt);
    return shape && looksLikeBudget(*shape);
}

} // namespace

FileKind kindOfFile(const std::string &path)
{
    const std::string_view name = path;
    if (name.ends_with(".perunit"))
        return FileKind::Workspace;
    if (name.ends_with(".perunit-scenario"))
        return FileKind::Scenario;
    const std::string content = beginningOf(path);
    constexpr std::string_view sqliteMagic("SQLite format 3\0", 16);
    if (std::string_view(content).starts_with(sqliteMagic))
        return FileKind::Workspace;
    const std::size_t first = content.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first == std::string::npos || (content[first] != '{' && content[first] != '['))
        return looksLikePriceSheet(content) ? FileKind::Catalogue
               : isBudget(content, path)    ? FileKind::Budget
                                            : FileKind::Ledger;
    if (content.find("\"perunit-scenario\"") != std::string::npos)
        return FileKind::Scenario;
    return looksLikeCatalogue(content) ? FileKind::Catalogue : FileKind::Ledger;
}

} // namespace perunit
