// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/model/engine_world.h"

#include <algorithm>

/// A small catalogue and short ways to evaluate over it, for outcomes that can be checked by hand.
namespace simple {

using namespace perunit;
using enum UsageClass;

/// Models a (all classes, batch), b (input and output) and cliff (dearer above 200,000), and an offer for a.
inline std::shared_ptr<const PriceBook> simpleBook()
{
    using world::rate;
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.terms = {world::term("1-month", "260", false),
                   world::term("hourly", "1", true),
                   {"1-year",
                    static_cast<std::int64_t>(world::exact("221", Femto::scale)),
                    false,
                    {instantOf(2026, 2, 1), alwaysAfter}}};
    offer.throughput = {world::throughput("a", 1000)};
    return world::book(
        {world::model(
             "p", "a",
             {rate("a",
                   {{Input, "3"}, {CacheRead, "0.3"}, {CacheWrite5m, "3.75"}, {CacheWrite1h, "6"}, {Output, "15"}}),
              rate("a/batch", {{Input, "1.5"}, {CacheRead, "0.15"}, {CacheWrite5m, "1.875"}, {Output, "7.5"}},
                   ServiceTier::Batch)}),
         world::model("p", "b", {rate("b", {{Input, "0.25"}, {Output, "1.25"}})}),
         world::model("p", "cliff",
                      {rate("cliff", {{Input, "2"}, {Output, "10"}}),
                       world::above(200'000, false, rate("cliff", {{Input, "4"}, {Output, "15"}}))})},
        {offer});
}

inline Outcome evaluated(const Ledger &ledger, const BaselineSettings &settings,
                         std::vector<EffectiveLever> levers = {}, std::vector<EconomicUnit> units = {},
                         std::vector<std::string> groupBy = {}, std::shared_ptr<const PriceBook> book = simpleBook())
{
    auto baseline = Baseline::build(ledger, std::move(book), settings, {});
    EvaluationRequest request;
    request.name = "test";
    request.levers = std::move(levers);
    request.units = std::move(units);
    request.groupBy = std::move(groupBy);
    return evaluate(**baseline, request, {}).value();
}

/// The error of an evaluation that must fail.
inline std::string errorOf(const Ledger &ledger, const BaselineSettings &settings, std::vector<EffectiveLever> levers)
{
    auto baseline = Baseline::build(ledger, simpleBook(), settings, {});
    EvaluationRequest request;
    request.levers = std::move(levers);
    const auto outcome = evaluate(**baseline, request, {});
    return outcome.ok() ? std::string("no error") : outcome.error().text();
}

/// Whether the outcome has a check of that name and state whose detail contains the part.
inline bool hasCheck(const Outcome &outcome, const std::string &name, const char *part, bool ok)
{
    return std::any_of(outcome.checks.begin(), outcome.checks.end(), [&](const OutcomeCheck &check) {
        return check.name == name && check.ok == ok && check.detail.find(part) != std::string::npos;
    });
}

inline RequestRow inWorkload(RequestRow row, const std::string &workload)
{
    row.workload = workload;
    return row;
}

inline const Period march = world::months(2026, 3, 1);
inline const Instant someDay = instantOf(2026, 3, 9, 12);

} // namespace simple
