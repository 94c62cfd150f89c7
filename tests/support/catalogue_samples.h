// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/price_book.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

/// A catalogue in our own form around the given models ("[…]") and offers.
inline std::string catalogueText(const std::string &models, const std::string &offers = "[]",
                                 const std::string &currency = "USD")
{
    return R"({"format":"perunit/catalogue","version":1,"id":"sample","name":"Sample","currency":")" + currency
           + R"(","as_of":"2026-01-01","models":)" + models + R"(,"offers":)" + offers + "}";
}

/// A model with the given rates ("[…]") and aliases ("[…]").
inline std::string modelText(const std::string &provider, const std::string &model, const std::string &rates,
                             const std::string &aliases = "[]")
{
    return R"({"provider":")" + provider + R"(","model":")" + model + R"(","aliases":)" + aliases + R"(,"rates":)"
           + rates + "}";
}

inline std::shared_ptr<const perunit::Catalogue> catalogueOf(const std::string &text)
{
    auto read = perunit::readCatalogue(text, "sample.json");
    if (!read) {
        std::fprintf(stderr, "%s\n", read.error().text().c_str());
        std::abort();
    }
    return std::make_shared<const perunit::Catalogue>(std::move(read->catalogue));
}

inline perunit::PriceBook bookOf(const std::string &models)
{
    return perunit::PriceBook({catalogueOf(catalogueText(models))}, {});
}
