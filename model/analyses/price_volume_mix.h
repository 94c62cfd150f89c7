// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"

#include <array>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Why cost differs between two periods, in the order in which one period's figures are put in place of the other's.
enum class MixEffect : std::uint8_t {
    Volume,       ///< more or fewer requests, or units where a unit is given
    Mix,          ///< other shares of the groups in the requests
    CallsPerUnit, ///< requests for one unit; nothing where no unit is given
    InputTokens,  ///< prompt tokens of one request
    OutputTokens, ///< answered tokens of one request, reasoning included
    Cache,        ///< which part of the prompt is input, read from and written to the cache
    OtherUsage,   ///< audio, images, embeddings and events of one request, at their prices
    Rate,         ///< price of a token: catalogue, tier, contract, prompt-length band
    New,          ///< groups that the first period does not have
    Ended         ///< groups that the second period does not have
};
inline constexpr std::size_t mixEffectCount = 10;
inline constexpr std::array<std::string_view, mixEffectCount> mixEffectNames{
    "volume", "mix", "calls_per_unit", "input_tokens", "output_tokens", "cache", "other_usage", "rate", "new", "ended"};
inline constexpr std::array<std::string_view, mixEffectCount> mixEffectLabels{
    "Volume",      "Mix",  "Calls per unit", "Input tokens per call", "Output tokens per call", "Cache share",
    "Other usage", "Rate", "New groups",     "Ended groups"};

/// Amount per effect.
struct MixEffects {
    std::array<Femto, mixEffectCount> amounts;
    Femto &operator[](MixEffect effect) { return amounts[static_cast<std::size_t>(effect)]; }
    Femto operator[](MixEffect effect) const { return amounts[static_cast<std::size_t>(effect)]; }
    [[nodiscard]] Femto total() const;
    MixEffects &operator+=(const MixEffects &other);
};

/// What one group did in one period. Priced at each request's own time.
struct MixTraffic {
    std::int64_t rows = 0;
    std::int64_t requests = 0; ///< a row that counts none is one
    Components cost;           ///< input, reads, writes, output, other
    std::int64_t input = 0;    ///< tokens
    std::int64_t cacheRead = 0;
    std::int64_t cacheWrite = 0;
    std::int64_t output = 0;
    std::int64_t unpricedTokens = 0; ///< in no amount
    [[nodiscard]] std::int64_t prompt() const { return input + cacheRead + cacheWrite; }
    MixTraffic &operator+=(const MixTraffic &other);
};

/// One value of each dimension. Models are those of the catalogues: "provider/model".
struct MixGroup {
    std::vector<std::string> key;
    MixTraffic before;
    MixTraffic after;
    MixEffects effects; ///< sum to the difference of the group exactly
};

struct PriceVolumeMix {
    Period before;
    Period after;
    std::string currency;
    std::vector<std::string> dimensions;
    std::string unit; ///< empty: volume is counted in requests
    std::int64_t unitsBefore = 0;
    std::int64_t unitsAfter = 0;
    MixTraffic trafficBefore;
    MixTraffic trafficAfter;
    MixEffects effects;           ///< sum to the difference of both costs exactly
    std::vector<MixGroup> groups; ///< largest difference first
    [[nodiscard]] Femto difference() const { return trafficAfter.cost.total() - trafficBefore.cost.total(); }
};

/// Explains the cost of requests in the period of one baseline by that of another over the same ledger; harness charges
/// take no part. With a unit only the requests in its scope count. Errors: NotFound when a period has none of the unit;
/// Conflict when the currencies differ; Overflow; Cancelled.
Result<PriceVolumeMix> priceVolumeMix(const Baseline &before, const Baseline &after,
                                      const std::vector<std::string> &dimensions, const EconomicUnit *unit,
                                      std::stop_token stop);

/// The arithmetic for groups whose traffic is known; `groups` come with `before` and `after` filled. Errors: Overflow.
Status fillMixEffects(PriceVolumeMix &mix);

} // namespace perunit
