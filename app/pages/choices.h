// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"
#include "model/engine/baseline.h"
#include "pricing/catalogue/price_book.h"
#include "widgets/inputs/choices.h"

#include <map>
#include <string>
#include <vector>

namespace perunit {

// What editors offer to choose from, taken from the ledger and the price book.

/// All models, those of the ledger first, each with its prices in words. `ledger` may be null.
std::vector<ChoiceItem> modelChoices(const PriceBook &book, const Baseline *ledger);

/// All offers of provisioned throughput with the prices of their terms.
std::vector<OfferChoice> offerChoices(const PriceBook &book);

/// Texts of the parameters that have a fixed list, by name of the parameter.
std::map<std::string, std::vector<ChoiceItem>> listedChoices();

/// Codes of currencies: that of the ledger first, then the usual ones. `ledger` may be null.
std::vector<ChoiceItem> currencyChoices(const Ledger *ledger);

/// Values of every dimension of the ledger with their share of the requests.
ScopeValues scopeValues(const WorkspaceDocument &document);

} // namespace perunit
