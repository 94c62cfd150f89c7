// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_file.h"

#include "pricing/catalogue/bundled_data.h"
#include "pricing/catalogue/catalogue_formats.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace perunit {

namespace {

std::string_view withoutMark(std::string_view text)
{
    if (text.substr(0, 3) == "\xef\xbb\xbf")
        text.remove_prefix(3);
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

Catalogue mergedBundle()
{
    Catalogue result;
    result.id = "bundled";
    result.name = "Bundled catalogue";
    for (const BundledFile &file : bundledCatalogueFiles()) {
        auto read = readCatalogue(file.content, file.name);
        if (!read) {
            // Compiled in and covered by a test: a program with broken prices must not run.
            std::fprintf(stderr, "perunit: %s\n", read.error().in(file.name).text().c_str());
            std::abort();
        }
        Catalogue &part = read->catalogue;
        result.asOf = std::max(result.asOf, part.asOf);
        std::move(part.models.begin(), part.models.end(), std::back_inserter(result.models));
        std::move(part.offers.begin(), part.offers.end(), std::back_inserter(result.offers));
        std::move(part.harness.begin(), part.harness.end(), std::back_inserter(result.harness));
    }
    return result;
}

} // namespace

std::string dateIn(std::string_view fileName)
{
    for (std::size_t i = 0; i + 10 <= fileName.size(); ++i) {
        const std::string_view part = fileName.substr(i, 10);
        if (part[4] == '-' && part[7] == '-' && part.substr(0, 2) == "20" && parseInstant(part).ok())
            return std::string(part);
    }
    return {};
}

std::string asOfDate(std::string_view fileName, Instant effectiveFrom)
{
    const std::string named = dateIn(fileName);
    if (!named.empty() || effectiveFrom == alwaysBefore)
        return named;
    return formatDate(effectiveFrom);
}

const std::vector<CatalogueFormat> &catalogueFormats()
{
    static const std::vector<CatalogueFormat> formats{
        ownFormat(),        liteLlmFormat(),   genaiPricesFormat(),      langfuseFormat(),
        openRouterFormat(), llmPricesFormat(), currentLlmPricesFormat(), modelsDevFormat()};
    return formats;
}

bool looksLikeCatalogue(std::string_view beginning)
{
    const std::string_view text = withoutMark(beginning);
    if (text.empty() || (text.front() != '{' && text.front() != '['))
        return false;
    const JsonValue root = parseJsonBeginning(text);
    return std::any_of(catalogueFormats().begin(), catalogueFormats().end(),
                       [&root](const CatalogueFormat &format) { return !format.recognise(root).empty(); });
}

Result<CatalogueImport> readCatalogue(std::string_view json, std::string_view fileName, const CatalogueOptions &options)
{
    const auto root = parseJson(withoutMark(json));
    if (!root)
        return root.error();
    std::string known;
    for (const CatalogueFormat &format : catalogueFormats()) {
        known += (known.empty() ? "" : ", ") + std::string(format.title);
        const std::string why = format.recognise(*root);
        if (why.empty())
            continue;
        auto read = format.read(*root, fileName, options);
        if (!read)
            return read;
        read->format = format.name;
        read->why = why;
        read->dated = format.dated;
        return read;
    }
    return Error{ErrorCode::Unsupported, "this JSON is not a price catalogue of a known kind", "",
                 "known are " + known};
}

const Catalogue &bundledCatalogue()
{
    static const Catalogue catalogue = mergedBundle();
    return catalogue;
}

} // namespace perunit
