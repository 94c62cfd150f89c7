// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/price_volume_mix.h"
#include "model/figures/figure.h"

#include <string>

namespace perunit {

// What a comparison of two periods looks like: chart and sentences. Nothing is computed here.

/// Waterfall from the cost of the first period to that of the second, a bar for every effect that is not zero. `before`
/// and `after` name the periods: "Sep 2026".
Figure mixWaterfall(const PriceVolumeMix &mix, const std::string &before, const std::string &after);
/// "support-chatbot · openai/gpt-4.1": the values of a group, "(none)" where it has none.
std::string mixGroupName(const MixGroup &group);
/// What an effect means, in one sentence.
std::string mixEffectHelp(MixEffect effect);
/// The effect that moves a group most.
MixEffect largestEffect(const MixEffects &effects);
/// Nothing in the traffic has a price: its cost is unknown, not zero.
bool isUnknown(const MixTraffic &traffic);

} // namespace perunit
