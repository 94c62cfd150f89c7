// SPDX-License-Identifier: GPL-3.0-or-later
// What provisioned units would have to serve, for the study of their number (model/capacity).
#pragma once

#include "model/capacity/load_curve.h"
#include "model/capacity/token_bucket.h"
#include "model/capacity/unit_cost.h"
#include "model/engine/baseline.h"
#include "model/engine/outcome.h"
#include "model/scenario/scenario.h"

#include <array>
#include <memory>
#include <stop_token>
#include <vector>

namespace perunit {

/// Load parts of a dollar, where units are bought as dollars a minute: dollars can then be divided into seconds.
inline constexpr std::int64_t loadPartsPerDollar = 300'000'000'000;

/// How the load of a pool is wanted.
struct TrafficWanted {
    int binSeconds = 60;
    /// The cost of a request is its load; else its weighed tokens are.
    bool moneyIsLoad = false;
    /// Whose cost counts: input with all that is no text, reads, writes, output.
    std::array<bool, 4> charged{true, true, true, true};
    bool requests = false; ///< one by one as well
    /// Output tokens that every request declares; 0: what it takes.
    std::int64_t declaredOutput = 0;
    int outputTokensPerSecond = 50; ///< of a request, for when it finishes
};

/// What requests use of a class to which the offer gives no weight: pay-as-you-go beside any number of units.
struct BesideUnits {
    UsageClass usageClass = UsageClass::AudioIn;
    Int128 cost = 0; ///< after all levers, in 10^-24; 0 where the class has no price
};

/// The load of a pool over all months of a baseline, after all levers.
struct PoolTraffic {
    LoadOfHorizon load;
    std::vector<std::int64_t>
        binStarts; ///< microseconds, by bin of `load`; months that repeat the baseline repeat its times
    std::vector<ArrivingRequest> requests;
    std::int64_t rows = 0;        ///< that the model serves at least in part, months that repeat counted once
    std::int64_t addedUpRows = 0; ///< of them stand for several requests
    Int128 addedUpLoad = 0;
    std::int64_t tooLongRows = 0;
    std::int64_t unpricedTokens = 0; ///< recorded tokens of classes without a price
    std::int64_t outputTokens = 0;   ///< recorded
    std::vector<BesideUnits> beside; ///< by class
};

/// One model of a baseline in front of one offer, as if a provisioned lever were the last of the levers.
class PoolStudy
{
public:
    /// `levers` must hold no provisioned ones. `offer` and `throughput` are what the lever would name, or what the user
    /// knows better. Errors: those of evaluate().
    static Result<std::unique_ptr<PoolStudy>> make(const Baseline &baseline, std::vector<EffectiveLever> levers,
                                                   ModelIndex model, const Scope &scope, ProvisionedOffer offer,
                                                   ProvisionedThroughput throughput, std::string term,
                                                   std::stop_token stop);
    ~PoolStudy();
    PoolStudy(const PoolStudy &) = delete;
    PoolStudy &operator=(const PoolStudy &) = delete;

    Result<PoolTraffic> traffic(const TrafficWanted &wanted);
    Result<UnitCost> unitCost() const;
    /// The same on a term of another offer whose units serve alike: nothing else depends on either.
    Result<UnitCost> unitCost(const ProvisionedOffer &offer, const std::string &term) const;
    /// Exactly what a provisioned lever of so many units of this price comes to; of 0 the spill is the cost without
    /// any. What a size spills is worked out once.
    Result<Outcome::Pool> at(std::int64_t units, const UnitCost &price);

private:
    struct Impl;
    explicit PoolStudy(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Bins that lie above zero with what a unit serves, for pools that measure by the minute.
std::int64_t loadPartsPerUnit(std::int64_t tokensPerMinute, int binSeconds);

} // namespace perunit
