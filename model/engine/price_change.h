// SPDX-License-Identifier: GPL-3.0-or-later
// New prices of a model.
#pragma once

#include "model/engine/profile.h"
#include "model/scenario/scenario.h"

namespace perunit {

/// A card in which a price change lever has set new prices per million tokens. They are those of short prompts at the
/// standard tier; longer prompts, other tiers and the longer cache lifetime move in proportion to `standard`, each
/// rounded once half to even. Where nothing was known before, the new price holds throughout.
PricedCard withNewPrices(const PricedCard &card, const PricedCard &standard, ServiceTier tier, const Lever &lever);

} // namespace perunit
