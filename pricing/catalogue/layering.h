// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue.h"

namespace perunit {

/// Whether a rate can decide a price at all: not one that was cancelled.
bool decidesPrices(const Rate &rate);

/// One catalogue's entry for a model laid over an earlier one's. What the upper one states (a class under the same
/// tier, region, prompt-length band and hours) counts from the day on which it first states it; before that, and for
/// all that it does not speak of, the lower one goes on. So a new catalogue neither changes what the past cost nor
/// takes away batch or cache prices that it does not know. Bands whose thresholds agree to a thousand tokens are one.
CatalogueModel laidOver(const CatalogueModel &upper, const CatalogueModel &lower);

} // namespace perunit
