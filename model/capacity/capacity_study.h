// SPDX-License-Identifier: GPL-3.0-or-later
// How many units of which offer, on which term: what the Capacity page and `perunit size` show.
#pragma once

#include "model/capacity/break_even.h"
#include "model/capacity/optimum.h"
#include "model/capacity/reservation.h"
#include "model/capacity/token_bucket.h"
#include "model/engine/evaluate.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// What is asked of the traffic of a baseline.
struct CapacityQuestion {
    std::string model; ///< "provider/model", or a model id of the offer's provider
    std::string offer; ///< id; "gpu-endpoint" is the one of `endpoint`
    std::string term;  ///< empty: the cheapest
    /// A size to look at beside the optimum.
    std::optional<std::int64_t> units;
    Scope scope;           ///< whose requests; everything when empty
    int binSeconds = 60;   ///< 1 … 3,600; 60 is how providers measure
    int depthSeconds = 60; ///< of the leaky bucket
    /// Output tokens that a request declares at most; 0: as many as it takes.
    std::int64_t declaredOutput = 0;
    int outputTokensPerSecond =
        50;               ///< of a running request, for when its estimate is replaced; only with declaredOutput
    bool simulate = true; ///< request by request, beside the minutes

    // What a catalogue does not know and the user has measured or was offered.
    std::int64_t tokensPerMinute = 0;       ///< of one unit; 0: as the offer says
    std::int64_t outputTokensPerMinute = 0; ///< of a unit for output, where these are sold apart
    std::optional<PartsPerMillion> outputWeight;
    std::optional<Femto> pricePerMonth; ///< of one unit
    std::optional<std::int64_t> minimumUnits;
    std::optional<std::int64_t> stepUnits;

    /// An endpoint of one's own (levers.md §8).
    struct Endpoint {
        std::int64_t outputTokensPerSecond = 0; ///< of one replica, at the lengths of this traffic
        Femto pricePerHour;                     ///< of one replica
        PartsPerMillion maximumUtilisation = onePpm;
        PartsPerMillion hoursPerDay = 24 * onePpm;
        int daysPerWeek = 7;
        int firstHour = 0; ///< UTC; days count from Monday
        Femto peoplePerMonth;
        std::int64_t minimumReplicas = 1;
    };
    std::optional<Endpoint> endpoint;
    /// Today, for the age of facts.
    std::optional<Instant> today;
};

/// Facts are looked at again after this many days.
inline constexpr int factsAgeAfterDays = 90;

/// One size with all that is shown of it.
struct SizeFigures {
    std::int64_t units = 0;
    Femto fixedCost;
    Femto spillCost;
    PartsPerMillion spillShare = 0;
    PartsPerMillion utilisation = 0;
    [[nodiscard]] Femto cost() const { return fixedCost + spillCost; }
    bool canBeBought = true; ///< on the steps of the offer
    /// Spill share by requests, in a bucket of the asked depth; no value where requests are not known one by one.
    std::optional<PartsPerMillion> bucketSpillShare;
    std::optional<Femto> bucketSpillCost;
};

/// A rule of thumb beside the optimum.
struct SizeByRule {
    std::string rule; ///< "p95", "peak", "mean"
    SizeFigures size;
    Femto regret; ///< cost above that of the optimum
};

/// What a message is about, for scripts; the text is for people.
struct CapacityFlag {
    std::string id; ///< "too-long", "size", "term", "old-facts", "coarse", "unpriced", "throughput", …
    std::string text;
};

/// How far the figures can be trusted in time.
struct ResolutionBounds {
    int seconds = 60;                 ///< of a bin
    bool spillIsLowerBound = true;    ///< finer bins can only show more spill (levers.md §2.6)
    std::int64_t coarserRows = 0;     ///< rows that stand for several requests: their moments are not known
    PartsPerMillion coarserShare = 0; ///< of the load
};

/// What the bucket makes of a size at several depths (levers.md §2.3).
struct BucketBand {
    std::int64_t units = 0;
    struct Depth {
        int seconds = 60;
        PartsPerMillion spillShare = 0;
        Femto spillCost;
    };
    std::vector<Depth> depths; ///< shortest first
};

/// The sizes after each lever of the pipeline, in its order: what caches, routes and batches leave to reserve.
struct CapacityStep {
    std::string leverId; ///< empty: before any lever
    std::string label;
    Femto payAsYouGo;
    SizeFigures optimum;
};

/// Everything about one model, offer and term. A plain value.
struct CapacityAnswer {
    std::string model; ///< catalogue id
    std::string provider;
    std::string offer;
    std::string offerName;
    std::string unitName; ///< "PTU"
    std::string term;
    std::string currency;
    Period period;                 ///< that the costs speak of
    std::int64_t requests = 0;     ///< rows that the model serves
    Femto pricePerUnit;            ///< of one unit over the period
    Int128 loadPerMinutePeak = 0;  ///< load parts
    Int128 partsPerUnitMinute = 0; ///< load parts that a unit serves in a minute
    /// Units that the largest bin needs, to a millionth, and the size that can be bought for it.
    Millionths rawUnits = 0;
    std::int64_t peakUnits = 0;
    SizeGrid grid;
    Femto payAsYouGo;
    SizeFigures optimum;
    std::optional<SizeFigures> at; ///< the size asked for
    std::vector<SizeByRule> rules;
    std::vector<SizeCost> curve;
    BreakEvens breakEvens;
    std::vector<PriceCut> stress; ///< of the optimum, or of the size asked for; only for terms of a year
    ResolutionBounds bounds;
    std::vector<BucketBand> bands; ///< of the optimum, the size asked for and the neighbours of the optimum
    Waste waste;                   ///< of the size asked for, else of the optimum
    std::vector<CapacityStep> steps;
    std::vector<CapacityFlag> flags;
    PartsPerMillion tooLongShare = 0; ///< of requests that no size can serve
    std::int64_t tooLongRequests = 0;
    std::int64_t unpricedTokens = 0;
    /// What the same requests use of classes to which the offer gives no weight: pay-as-you-go beside any number of
    /// units, in none of the figures above. The share is of what the requests cost pay-as-you-go in all.
    std::vector<UsageClass> besideClasses;
    Femto besideCost;
    PartsPerMillion besideShare = 0;
    std::string source; ///< of the facts
    std::string checked;
    /// Units for output, where they are sold apart from those for input. Sizes above are then those for input, money is
    /// that of both together.
    std::optional<SizeFigures> outputOptimum;
    Millionths outputRawUnits = 0;
    std::int64_t outputPeakUnits = 0;
    /// Money comes from the engine: exactly what a provisioned lever of that size evaluates to. Else from the load
    /// curve.
    bool exact = false;
    /// What a million output tokens cost in own replicas of the optimal number; only of endpoints.
    std::optional<Femto> perMillionOutput;

    // For pictures.
    /// Units that would serve the load of a bin, largest first, at most about 2,000 points: (share of bins, units in
    /// thousandths).
    struct DurationPoint {
        PartsPerMillion share = 0;
        std::int64_t thousandths = 0;
    };
    std::vector<DurationPoint> duration;
    /// Mean load of the 168 hours of a week (Monday first, UTC) in thousandths of a unit; -1 where the period has no
    /// such hour.
    std::vector<std::int64_t> week;
};

/// Sizes one offer and term for what a model serves after all levers but the provisioned ones. Errors: NotFound for
/// unknown models, offers and terms, Unsupported with the reason where an offer cannot be calculated, BadInput for
/// impossible parameters.
Result<CapacityAnswer> studyCapacity(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                     const CapacityQuestion &question, std::stop_token stop);

/// The same without any traffic: `perMinute` requests of one shape, evenly, for a month.
struct TrafficShape {
    Millionths perMinute = 0;
    Usage usage;
    Instant at; ///< whose prices hold
    std::string region;
};
Result<CapacityAnswer> studyCapacity(const PriceBook &book, const TrafficShape &shape,
                                     const CapacityQuestion &question);

/// One line of a comparison of offers and terms; a reason where it cannot be calculated.
struct OfferComparison {
    std::string offer;
    std::string term;
    std::optional<CapacityAnswer> answer;
    std::string whyNot;
};
/// All offers and terms that speak of the model, cheapest first, refused ones last.
std::vector<OfferComparison> compareOffers(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                           const CapacityQuestion &question, std::stop_token stop);
std::vector<OfferComparison> compareOffers(const PriceBook &book, const TrafficShape &shape,
                                           const CapacityQuestion &question);
/// A trace in front of all of them, each with the prices that its own provider and region charge at `at`.
std::vector<OfferComparison> compareOffers(const Workload &trace, const std::shared_ptr<const PriceBook> &book,
                                           Instant at, const CapacityQuestion &question, std::stop_token stop);
/// The model of a question as an offer's provider calls it; a provider in the name of the model stands. Not found:
/// nobody has such a model.
ModelIndex modelForOffer(const PriceBook &book, std::string_view model, std::string_view offer);

/// Several models in front of one reservation of the offer and term of the question (levers.md §2.9).
struct PortfolioAnswer {
    Portfolio best;
    /// With a given number of reserved units, and hourly units where they save more than they cost.
    std::optional<Portfolio> given;
    Femto payAsYouGo; ///< of all models together
    std::string currency;
    std::string unitName;
};
/// Figures come from load curves. Errors: those of studyCapacity() and splitReservation().
Result<PortfolioAnswer> studyPortfolio(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                       const CapacityQuestion &question, const std::vector<std::string> &models,
                                       std::optional<std::int64_t> reserved, std::stop_token stop);

/// One deployment for all against one for every value of a dimension.
struct PoolingAnswer {
    struct Silo {
        std::string key; ///< value of the dimension; empty: rows without one
        SizeCost optimum;
    };
    std::vector<Silo> silos;
    SizeCost pooled;
    Femto saving; ///< of all silos' costs; never below 0
    std::string currency;
};
Result<PoolingAnswer> studyPooling(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                   const CapacityQuestion &question, const std::string &dimension,
                                   std::stop_token stop);

/// A workload that was recorded somewhere else, as if `model` had served it from `at` on, at the prices of then:
/// minutes count from its first request, and the period ends with its last.
Result<std::shared_ptr<const Baseline>> traceBaseline(const Workload &trace, std::shared_ptr<const PriceBook> book,
                                                      ModelIndex model, const std::string &region, Instant at,
                                                      std::stop_token stop);

} // namespace perunit
