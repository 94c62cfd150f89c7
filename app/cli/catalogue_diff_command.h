// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"
#include "app/document/catalogue_preview.h"

#include <nlohmann/json_fwd.hpp>

namespace perunit {

/// `catalogue diff A B`, added to the catalogue command.
void addCatalogueDiff(CLI::App &catalogue, CommandOutcome &outcome);

/// What differs as JSON: new, gone and changed prices; prices are per million tokens or events.
nlohmann::ordered_json diffJson(const CatalogueDiff &diff);
/// What other prices make of a ledger's traffic as JSON.
nlohmann::ordered_json effectJson(const PriceEffect &effect);
/// The same for people, on standard output; at most `mostChanges` changed prices are listed.
void printDiff(const CatalogueDiff &diff, std::size_t mostChanges);
void printEffect(const PriceEffect &effect);

} // namespace perunit
