// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/price_sheet.h"
#include "model/scenario/scenario_file.h"

#include "pricing/catalogue/catalogue_file.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace perunit;

/// Price catalogues of every format, price sheets and scenario files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    (void)looksLikeCatalogue(text);
    (void)readCatalogue(text, "fuzz.json").ok();
    CatalogueOptions asItsLibrary;
    asItsLibrary.reading = CatalogueReading::AsItsLibrary;
    (void)readCatalogue(text, "fuzz.json", asItsLibrary).ok();
    (void)looksLikePriceSheet(text);
    (void)lookAtPriceSheet(text).ok();
    (void)readPriceSheet(text, "fuzz.csv").ok();
    (void)parsePriceSheetMapping(text).ok();
    if (const auto file = readScenarioFile(text, "fuzz.perunit-scenario")) {
        // What was read is written so that it reads again.
        if (!readScenarioFile(writeScenarioFile(*file), "fuzz.perunit-scenario"))
            std::abort();
    }
    return 0;
}
