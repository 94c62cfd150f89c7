// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Small catalogues, ledgers and levers for the tests of the engine.
namespace world {

using namespace perunit;

using Prices = std::initializer_list<std::pair<UsageClass, const char *>>;

/// Decimal text as an integer of 10^-scale; for literals that are known to be right.
inline Int128 exact(const char *text, int scale)
{
    return parseDecimal(text, scale).value().units;
}

/// Femto-units of a price per million tokens.
inline std::int64_t perMillion(const char *text)
{
    return static_cast<std::int64_t>(exact(text, Femto::scale) / 1'000'000);
}

/// A rate with prices per million tokens.
inline Rate rate(const std::string &id, Prices prices, ServiceTier tier = ServiceTier::Standard)
{
    Rate result;
    result.id = id;
    result.tier = tier;
    for (const auto &[usageClass, text] : prices)
        result.prices[static_cast<std::size_t>(usageClass)] = UnitPrice{perMillion(text), false};
    return result;
}

inline Rate above(std::int64_t tokens, bool inclusive, Rate base)
{
    base.context = ContextThreshold{tokens, inclusive};
    base.id += "/long";
    return base;
}

inline Rate during(Instant from, Instant to, Rate base)
{
    base.valid = {from, to};
    return base;
}

inline CatalogueModel model(const std::string &provider, const std::string &name, std::vector<Rate> rates)
{
    CatalogueModel result;
    result.key = {provider, name};
    result.displayName = name;
    result.rates = std::move(rates);
    return result;
}

inline ProvisionedThroughput throughput(const std::string &name, std::int64_t tokensPerMinute, std::int64_t minimum = 1,
                                        std::int64_t step = 1, PartsPerMillion outputWeight = 4 * onePpm)
{
    ProvisionedThroughput result;
    result.model = name;
    result.inputTokensPerMinute = tokensPerMinute;
    result.outputWeight = outputWeight;
    result.minimumUnits = minimum;
    result.stepUnits = step;
    return result;
}

inline ProvisionedTerm term(const std::string &name, const char *price, bool perHour)
{
    return {name, static_cast<std::int64_t>(exact(price, Femto::scale)), perHour, {alwaysBefore, alwaysAfter}};
}

inline std::shared_ptr<const PriceBook> book(std::vector<CatalogueModel> models,
                                             std::vector<ProvisionedOffer> offers = {},
                                             std::vector<PriceOverlay> overlays = {})
{
    auto catalogue = std::make_shared<Catalogue>();
    catalogue->id = "test";
    catalogue->asOf = "2026-01-01";
    catalogue->models = std::move(models);
    catalogue->offers = std::move(offers);
    return std::make_shared<const PriceBook>(std::vector<std::shared_ptr<const Catalogue>>{catalogue},
                                             std::vector<ModelMapping>{}, std::move(overlays));
}

inline RequestRow request(Instant at, const std::string &modelName, std::int64_t input, std::int64_t output)
{
    RequestRow row;
    row.time = at;
    row.provider = "p";
    row.model = modelName;
    row.usage[UsageClass::Input] = input;
    row.usage[UsageClass::Output] = output;
    row.usage[UsageClass::Request] = 1;
    return row;
}

inline Ledger ledger(const std::vector<RequestRow> &rows, std::vector<ChargeRow> harness = {},
                     std::vector<OutcomeRow> outcomes = {})
{
    WorkloadBuilder builder;
    std::int64_t number = 0;
    for (const RequestRow &row : rows)
        builder.add(row, 1, ++number);
    Ledger result;
    result.workload = builder.build();
    result.harness = std::make_shared<const std::vector<ChargeRow>>(std::move(harness));
    result.invoices = std::make_shared<const std::vector<ChargeRow>>();
    result.outcomes = std::make_shared<const std::vector<OutcomeRow>>(std::move(outcomes));
    result.currency = "USD";
    result.digest = "ledger";
    return result;
}

inline BaselineSettings settings(Period period, int horizonMonths = 0, bool conventionalMonth = true)
{
    BaselineSettings result;
    result.period = period;
    result.horizonMonths = horizonMonths;
    result.conventionalMonth = conventionalMonth;
    return result;
}

inline Period months(int year, int month, int count)
{
    const Month first = Month::of(year, month);
    return {first.start(), first.plus(count).start()};
}

inline EffectiveLever lever(const std::string &id, LeverKind kind,
                            std::initializer_list<std::pair<const std::string, std::int64_t>> numbers,
                            std::initializer_list<std::pair<const std::string, std::string>> texts = {})
{
    EffectiveLever result;
    result.lever.id = id;
    result.lever.kind = kind;
    result.lever.numbers = numbers;
    result.lever.texts = texts;
    result.setBy = "scenario-1";
    return result;
}

inline ChargeRow charge(Instant from, Instant to, const char *amount)
{
    ChargeRow row;
    row.period = {from, to};
    row.effective = Money::ofUnits(exact(amount, Money::scale));
    return row;
}

} // namespace world
