// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/layering.h"

#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace perunit {

namespace {

/// What a price is stated for, apart from its dates.
using Meter = std::tuple<ServiceTier, std::string, std::int64_t, std::tuple<int, int, int>, std::size_t>;

Meter meterOf(const Rate &rate, std::size_t usageClass)
{
    const std::int64_t band = rate.context ? (rate.context->tokens + 500) / 1000 : -1;
    const auto hours =
        rate.daily ? std::tuple<int, int, int>{rate.daily->weekdays, rate.daily->fromMinute, rate.daily->toMinute}
                   : std::tuple<int, int, int>{-1, 0, 0};
    return {rate.tier, foldedRegion(rate.region), band, hours, usageClass};
}

/// When each price is first stated.
std::map<Meter, Instant> firstStatements(const CatalogueModel &model)
{
    std::map<Meter, Instant> result;
    for (const Rate &rate : model.rates) {
        if (!decidesPrices(rate) || rate.status == RateStatus::Announced)
            continue;
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (!rate.prices[i])
                continue;
            const auto [known, isNew] = result.emplace(meterOf(rate, i), rate.valid.from);
            if (!isNew)
                known->second = std::min(known->second, rate.valid.from);
        }
    }
    return result;
}

/// Appends what is left of a rate when each class ends where another catalogue begins to state it.
void appendRest(const Rate &rate, const std::map<Meter, Instant> &stated, std::vector<Rate> &rates)
{
    std::array<Instant, usageClassCount> ends{};
    std::vector<Instant> edges{rate.valid.from, rate.valid.to};
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto found = stated.find(meterOf(rate, i));
        ends[i] = found == stated.end() ? rate.valid.to : std::min(found->second, rate.valid.to);
        if (rate.prices[i] && ends[i] > rate.valid.from)
            edges.push_back(ends[i]);
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    for (std::size_t piece = 0; piece + 1 < edges.size(); ++piece) {
        Rate rest = rate;
        rest.valid = {edges[piece], edges[piece + 1]};
        bool any = false;
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (ends[i] < rest.valid.to)
                rest.prices[i].reset();
            any |= rest.prices[i].has_value();
        }
        if (any)
            rates.push_back(std::move(rest));
    }
}

} // namespace

bool decidesPrices(const Rate &rate)
{
    return rate.status != RateStatus::Cancelled;
}

CatalogueModel laidOver(const CatalogueModel &upper, const CatalogueModel &lower)
{
    CatalogueModel result = upper;
    const std::map<Meter, Instant> stated = firstStatements(upper);
    for (const Rate &rate : lower.rates)
        appendRest(rate, stated, result.rates);
    for (const std::string &alias : lower.aliases) {
        if (std::find(result.aliases.begin(), result.aliases.end(), alias) == result.aliases.end()
            && lowered(alias) != lowered(upper.key.model))
            result.aliases.push_back(alias);
    }
    if (result.displayName.empty())
        result.displayName = lower.displayName;
    if (result.family.empty())
        result.family = lower.family;
    if (result.contextWindow == 0)
        result.contextWindow = lower.contextWindow;
    if (result.cacheMinimumTokens == 0)
        result.cacheMinimumTokens = lower.cacheMinimumTokens;
    return result;
}

} // namespace perunit
