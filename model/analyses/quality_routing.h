// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// A model that could serve a class of requests.
struct RoutingOption {
    std::string model; ///< "provider/model"
    Femto cost;        ///< of all requests of the class there
    PartsPerMillion accuracy = 0;
};

/// Requests for which accuracies are known together: a value of a dimension.
struct RoutingClass {
    std::string name;
    std::int64_t requests = 0;
    std::vector<RoutingOption> options;
    /// The option that serves all of them today; none when several do, or a model without an accuracy.
    std::optional<std::size_t> present;
};

/// Which models serve a class: `share` of its requests `to`, the rest `from`.
struct RoutingChoice {
    std::size_t from = 0;
    std::size_t to = 0;
    PartsPerMillion share = onePpm;
    [[nodiscard]] bool isWhole() const { return share == onePpm || from == to; }
};

/// The cheapest routing whose accuracy over all requests is at least the floor.
struct QualityRouting {
    bool reached = false;               ///< false: the floor is above the best that any routing reaches, which is given
    std::vector<RoutingChoice> choices; ///< one per class; at most one of them is split
    Femto cost;                         ///< rounded once, half to even
    Femto lowerBound;                   ///< of the linear programme, in which shares may be any fraction; rounded once
    Femto gap;                          ///< what rounding up the one share to a millionth costs; rounded once
    bool isOptimal = false;             ///< nothing was rounded: the cost is the lower bound exactly
    std::int64_t requests = 0;
    /// Expected right answers in units of 10^-12 requests; divided by the requests the accuracy.
    Int128 rightAnswers = 0;
    /// Accuracy in parts per million, rounded down: never shown as more than it is.
    [[nodiscard]] PartsPerMillion accuracy() const;
};

/// Minimises cost over the classes subject to Σ requests × accuracy ≥ floor × Σ requests: the lower convex hull of
/// (right answers, cost) of each class, and of all edges the cheapest per right answer first. Errors: BadInput for a
/// class without options, Overflow.
Result<QualityRouting> qualityRouting(const std::vector<RoutingClass> &classes, PartsPerMillion floor);

/// A line of a table of accuracies.
struct ModelAccuracy {
    std::string value; ///< of the dimension; "*": every value without a line of its own for the model
    std::string model; ///< "provider/model" or any name that the catalogues know
    PartsPerMillion accuracy = 0;
};

/// The classes of a ledger, with what their own requests would cost on every model that has an accuracy.
struct QualityRoutingProblem {
    std::string dimension;
    std::vector<RoutingClass> classes;
    /// Values for which no accuracy is stated, with their requests: they stay as they are, outside the floor.
    std::vector<std::pair<std::string, std::int64_t>> leftOut;
    /// What could not take part and why: models without a price for some tokens, prompts that are too long.
    std::vector<std::string> notes;
    Instant at; ///< whose prices
};

/// Prices the requests of each value of a dimension on every model of the table, as compareModels() does: each by
/// itself, in its band, at its tier, at the prices of the instant (the period's end, or the first month ahead).
/// Errors: NotFound for models and values that do not exist, Conflict for two lines about the same, BadInput for
/// dimensions that name single units, Cancelled.
Result<QualityRoutingProblem> qualityRoutingProblem(const Baseline &baseline, const std::string &dimension,
                                                    const std::vector<ModelAccuracy> &accuracies, std::stop_token stop);

/// An answer as levers of a scenario.
struct RoutingLevers {
    std::vector<EffectiveLever> levers; ///< one per class that does not stay where it is
    /// Classes whose split cannot be said by one lever, because neither of their two models serves them today: all of
    /// their requests go to the more accurate one, which costs more.
    std::vector<std::string> movedAsAWhole;
};
RoutingLevers routingLevers(const QualityRoutingProblem &problem, const QualityRouting &answer);

} // namespace perunit
