// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue.h"

#include <string_view>

namespace perunit {

/// Whether a rate can decide a price at all: not one that was cancelled.
bool decidesPrices(const Rate &rate);

/// One catalogue's entry for a model laid over an earlier one's. What the upper one states (a class under the same
/// tier, region, prompt-length band and hours) counts while it states it; before and after that, and for all that it
/// does not speak of, the lower one goes on. So a new catalogue neither changes what the past cost nor takes away batch
/// or cache prices that it does not know. Bands whose thresholds agree to a thousand tokens are one, written as the
/// upper one writes it. Aliases of the lower one are taken over when both have the same id, not when the upper one is
/// a snapshot that the lower one names.
CatalogueModel laidOver(const CatalogueModel &upper, const CatalogueModel &lower);

/// A model as it is charged in one region, for an entry whose id names that region: what is stated for the region holds
/// everywhere, over what is stated for none; other regions are gone.
CatalogueModel inPlace(const CatalogueModel &model, std::string_view region);

} // namespace perunit
