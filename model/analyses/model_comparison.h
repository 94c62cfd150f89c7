// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/traffic.h"
#include "model/scenario/scenario.h"

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What the same requests would cost on other models: every request by itself, with its own prompt length, tier and
/// hour, at the prices of one instant. Token counts stay as recorded; another tokenizer may count differently.
struct ModelComparison {
    struct Candidate {
        ModelIndex model;
        TrafficCost cost;
        /// The same with no token served from or stored in a prompt cache.
        TrafficCost withoutCache;
        /// Requests whose prompt is longer than the model takes; they are priced all the same. 0 when unknown.
        std::int64_t tooLong = 0;
    };
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    TrafficCost recorded; ///< on the models that served them, at the same instant
    TrafficCost recordedWithoutCache;
    std::vector<Candidate> candidates; ///< in the order asked for
    /// The model that served all of them; none when several did, or one that no catalogue knows.
    std::optional<ModelIndex> onlyModel;
};

/// Requests on provisioned capacity cost nothing where they are and the standard price elsewhere. Prices are those
/// without a region, since a region of one seller says nothing about another's. Errors: Cancelled, Overflow.
Result<ModelComparison> compareModels(const Workload &workload, const PriceBook &book, Period period,
                                      const Scope &scope, const std::vector<ModelIndex> &candidates, Instant at,
                                      std::stop_token stop);

/// The same for the requests of each value of a dimension that does not name single units, in one pass.
Result<std::map<std::string, ModelComparison>> compareModelsBy(const Workload &workload, const PriceBook &book,
                                                               Period period, const std::string &dimension,
                                                               const std::vector<ModelIndex> &candidates, Instant at,
                                                               std::stop_token stop);

} // namespace perunit
