// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_state.h"
#include "model/analyses/price_effect.h"
#include "pricing/catalogue/catalogue_diff.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace perunit {

/// What a catalogue would change if it were added, before anybody says so.
struct CataloguePreview {
    AddedCatalogue catalogue; ///< as it would be added
    Instant at;         ///< whose prices are compared: today, or the day from which the new ones hold if that is later
    CatalogueDiff diff; ///< prices of the workspace as they are → with this catalogue on top, nothing held back
    /// All prices with this catalogue on top, without what is held back.
    std::shared_ptr<const PriceBook> book;
    /// Models of the catalogue with a price that would at least double or halve.
    std::vector<ModelKey> suspicious;
    /// Models on whose prices this catalogue and the layers below disagree.
    std::size_t conflicts = 0;
    /// The traffic of the ledger at the prices of `at`, before and after; no value without a ledger.
    std::optional<PriceEffect> effect;
    /// What requests of the past cost at the prices of their own time, before and after.
    std::optional<Femto> historyBefore;
    std::optional<Femto> historyAfter;
};

/// What happens to models with a suspicious change.
enum class SuspiciousPrices : std::uint8_t { HoldBack, Accept };

/// Lays the catalogue over the prices of the workspace. What it says about the bill is without the models that are held
/// back. `ledger` may be null. Errors: Cancelled, Overflow, and a catalogue in another currency than the prices.
Result<CataloguePreview> previewCatalogue(const WorkspaceState &state, AddedCatalogue catalogue,
                                          SuspiciousPrices suspicious, const Ledger *ledger, Instant today,
                                          const std::stop_token &stop);

} // namespace perunit
